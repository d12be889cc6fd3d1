/** Words of the desk: ledger table, search, case page, what is kept and on its way, in Chinese. */
export const deskZh = {
  "draft.restored": "已恢复未保存的内容",
  "draft.discard": "清除",
  "draft.begun": "有未发送的内容：{what}",
  "draft.continue": "继续填写",
  "draft.drop": "放弃",
  "draft.dated": "日期和说明",
  "draft.impossible": "该事项现在不能办理，已填内容：{what}",
  "act.sending": "正在发送",
} as const;

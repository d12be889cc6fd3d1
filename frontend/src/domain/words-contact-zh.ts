/** Words of contacts, which are personal data, in Chinese. */
export const contactZh = {
  "contact.name": "联系人",
  "contact.person": "姓名",
  "contact.phone": "联系电话",
  "contact.identity": "身份证号码（确需时填写）",
  "contact.none": "未登记",
  "contact.erased": "已清除",
  "contact.show": "显示",
  "contact.call": "拨打",
  "contact.hide": "隐藏",
  "contact.put": "登记",
  "contact.change": "修改",
  "contact.erase": "清除",
  "contact.show_title": "显示联系方式（记录查看人和原因）",
  "contact.put_title": "登记联系方式",
  "contact.put_hint": "加密保存，默认遮挡显示；每次查看都有记录。修改时须重新填写全部内容。",
  "contact.erase_title": "清除联系方式（不能撤销）",
} as const;

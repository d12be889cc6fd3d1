/** Words of the PIN of an enrolled phone in Chinese. */
export const pinZh = {
  "pin.new": "设置 6 位 PIN",
  "pin.again": "再输一次",
  "pin.what_for": "打开本页和离开一段时间后须输入",
  "pin.enrolling": "设好后这台手机即完成登记",
  "pin.enter": "请输入 PIN",
  "pin.old": "请输入现在的 PIN",
  "pin.entered": "已输 {n} 位，共 {all} 位",
  "pin.erase": "退格",
  "pin.looking": "正在核对",
  "pin.trivial": "太容易猜到，请换一个",
  "pin.differs": "两次不一致，请重新设置",
  "pin.wrong": "PIN 不对，还可以试 {n} 次",
  "pin.spent":
    "PIN 输错 5 次，已退出登录，本机清单已清除，未送达的内容还在；请重新扫码登记，或用账号登录",
  "pin.forgotten": "忘记 PIN",
  "pin.forgotten_means":
    "须退出登录，再用电脑上的二维码重新登记。本机清单清除，未送达的内容留在手机上，您重新登记后发送。",
  "pin.enrol_anew": "已退出登录；请在电脑“令牌与设备”生成二维码重新登记，或用账号登录",
  "pin.gone": "这台手机的 PIN 已被浏览器清除，登记随之失效；请重新扫码登记，或用账号登录",
  "pin.not_here": "这个浏览器不能保存 PIN，不能登记；请换一个浏览器，或用账号登录",
  "pin.untold": "服务器还没有收到退出，请联网后再登录",
  "pin.back": "返回",
  "pin.change": "修改 PIN",
  "pin.changed": "PIN 已修改",
  "pin.idle": "多久没有操作后要输 PIN",
  "pin.minutes": "{n} 分钟",
} as const;

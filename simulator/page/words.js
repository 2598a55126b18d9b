// The page's own words in English, 简体 and 繁體. What bots and people write is never translated here.

export const LANGUAGES = [
  { code: "zh-Hans", chip: "简", name: "简体中文" },
  { code: "zh-Hant", chip: "繁", name: "繁體中文" },
  { code: "en", chip: "EN", name: "English" },
];

const WORDS = {
  tagline: ["A chain, its people, one chat", "一家连锁店，一群老朋友", "一家連鎖店，一群老朋友"],
  people: ["People", "人物", "人物"],
  members: ["Members", "会员", "會員"],
  staff: ["Staff", "店员", "店員"],
  groups: ["Groups", "群组", "群組"],
  switch_person: ["Switch person", "换人", "換人"],
  language: ["Language", "语言", "語言"],
  theme: ["Appearance", "外观", "外觀"],
  theme_auto: ["automatic", "跟随系统", "跟隨系統"],
  theme_light: ["light", "浅色", "淺色"],
  theme_dark: ["dark", "深色", "深色"],
  chats: ["Chats", "聊天", "聊天"],
  chat: ["Chat", "聊天", "聊天"],
  messages: ["Messages", "消息", "訊息"],
  message: ["Message", "消息", "訊息"],
  back: ["Back to chats", "返回聊天列表", "返回聊天列表"],
  more: ["More", "更多", "更多"],
  close: ["Close", "关闭", "關閉"],
  cancel: ["Cancel", "取消", "取消"],
  ok: ["OK", "好", "好"],
  bot: ["bot", "机器人", "機器人"],
  group: ["group", "群组", "群組"],
  you: ["You", "我", "我"],
  typing: ["typing", "正在输入", "正在輸入"],
  today: ["Today", "今天", "今天"],
  yesterday: ["Yesterday", "昨天", "昨天"],
  edited: ["edited", "已编辑", "已編輯"],
  unread: ["{n} unread", "{n} 条未读", "{n} 則未讀"],
  blocked: ["Blocked", "已屏蔽", "已封鎖"],
  tap_to_start: ["Tap to begin", "点按开始", "點按開始"],
  write: ["Message", "输入消息", "輸入訊息"],
  send: ["Send", "发送", "傳送"],
  attach: ["Attach", "添加附件", "加入附件"],
  attachment: ["Attachment", "附件", "附件"],
  commands: ["Commands", "命令", "指令"],
  keyboard: ["Keyboard", "按钮键盘", "按鈕鍵盤"],
  reply: ["Reply", "回复", "回覆"],
  copy: ["Copy text", "复制文字", "複製文字"],
  forwarded: ["Forwarded from {name}", "转发自 {name}", "轉寄自 {name}"],
  copied: ["Copied", "已复制", "已複製"],
  edit: ["Edit", "编辑", "編輯"],
  editing: ["Editing", "正在编辑", "正在編輯"],
  replying: ["Reply to {name}", "回复 {name}", "回覆 {name}"],
  photo: ["Photo", "照片", "照片"],
  file: ["File", "文件", "檔案"],
  voice: ["Voice message", "语音", "語音訊息"],
  sticker: ["Sticker", "贴纸", "貼圖"],
  my_number: ["My phone number", "我的手机号", "我的手機號碼"],
  caption: ["Caption", "说明文字", "說明文字"],
  as_file: ["Send as file, uncompressed", "以文件发送，不压缩", "以檔案傳送，不壓縮"],
  send_files: ["Send {n} file(s)", "发送 {n} 个文件", "傳送 {n} 個檔案"],
  save_photo: ["Save photo", "保存照片", "儲存照片"],
  save_file: ["Save file", "保存文件", "儲存檔案"],
  play: ["Play", "播放", "播放"],
  show_spoiler: ["Show hidden text", "显示隐藏文字", "顯示隱藏文字"],
  to_newest: ["To the newest message", "回到最新消息", "回到最新訊息"],
  topics: ["Topics", "话题", "話題"],
  all: ["All", "全部", "全部"],
  what_can_it_do: ["What can this bot do?", "这个机器人能做什么？", "這個機器人能做什麼？"],
  start: ["Start", "开始", "開始"],
  block: ["Block", "屏蔽", "封鎖"],
  unblock: ["Unblock", "解除屏蔽", "解除封鎖"],
  block_sure: [
    "The bot will not be able to write to this person.",
    "屏蔽后，机器人无法再给此人发消息。",
    "封鎖後，機器人無法再傳訊息給此人。",
  ],
  share_phone: ["Share your phone number?", "分享手机号？", "分享手機號碼？"],
  share: ["Share", "分享", "分享"],
  share_phone_sure: [
    "The bot will receive the number of this phone.",
    "机器人将收到这部手机的号码。",
    "機器人將收到這支手機的號碼。",
  ],
  open_link: ["Open link", "打开链接", "開啟連結"],
  no_link: ["This link cannot be opened here.", "这个链接无法在此打开。", "這個連結無法在此開啟。"],
  use_code: ["Type", "输入", "輸入"],
  scan: ["Scan a member’s code", "扫会员码", "掃描會員碼"],
  scan_hint: [
    "Point the camera at a code on somebody else’s screen.",
    "将镜头对准别人屏幕上的二维码。",
    "將鏡頭對準別人螢幕上的 QR 碼。",
  ],
  looking_for_codes: ["Looking for codes…", "正在寻找二维码……", "正在尋找 QR 碼……"],
  no_codes: [
    "Nobody is showing a code. Open a member card on another phone first.",
    "现在没人出示二维码。先在另一部手机上打开会员卡。",
    "現在沒人出示 QR 碼。先在另一支手機上開啟會員卡。",
  ],
  offline: [
    "The simulator is not answering. Trying again…",
    "模拟器没有回应，正在重试……",
    "模擬器沒有回應，正在重試……",
  ],
  workbench: ["Workbench", "工作台", "工作台"],
  clock: ["Clock", "时钟", "時鐘"],
  faults: ["Faults", "故障", "故障"],
  log: ["Requests", "请求记录", "請求記錄"],
  hour: ["1 hour", "1 小时", "1 小時"],
  day: ["1 day", "1 天", "1 天"],
  week: ["1 week", "1 周", "1 週"],
  set: ["Set", "设定", "設定"],
  set_clock: ["Set date and time", "设定日期和时间", "設定日期和時間"],
  reset_clock: ["Back to real time", "回到真实时间", "回到真實時間"],
  real_time: ["Real time", "真实时间", "真實時間"],
  ahead: ["{span} ahead", "快 {span}", "快 {span}"],
  behind: ["{span} behind", "慢 {span}", "慢 {span}"],
  days: ["{n} d", "{n} 天", "{n} 天"],
  hours: ["{n} h", "{n} 小时", "{n} 小時"],
  minutes: ["{n} min", "{n} 分钟", "{n} 分鐘"],
  fault_kind: ["What goes wrong", "出什么错", "出什麼錯"],
  method: ["Method", "方法", "方法"],
  any_method: ["Any method", "任何方法", "任何方法"],
  times: ["Times", "次数", "次數"],
  seconds: ["Seconds", "秒", "秒"],
  add_fault: ["Add", "添加", "加入"],
  clear_faults: ["Clear all faults", "清除全部故障", "清除全部故障"],
  show_polls: ["Show getUpdates", "显示 getUpdates", "顯示 getUpdates"],
  too_many_requests: ["429 Too many requests", "429 请求太多", "429 請求太多"],
  forbidden: ["403 Blocked by the person", "403 被对方屏蔽", "403 被對方封鎖"],
  chat_not_found: ["400 Chat not found", "400 找不到聊天", "400 找不到聊天"],
  server_error: ["500 Server error", "500 服务器错误", "500 伺服器錯誤"],
  slow: ["A slow answer", "回答很慢", "回答很慢"],
  no_requests: ["The bot has asked for nothing yet.", "机器人还没有发出请求。", "機器人還沒有發出請求。"],
  hang: ["No answer, then the line drops", "不回答，随后断线", "不回答，隨後斷線"],
  answer_lost: ["Done, but the answer is lost", "已完成，但回应丢失", "已完成，但回應遺失"],
};

function preferred() {
  const saved = localStorage.getItem("regulars-language");
  if (LANGUAGES.some(({ code }) => code === saved)) return saved;
  const own = (navigator.language || "en").toLowerCase();
  if (!own.startsWith("zh")) return "en";
  return /hant|tw|hk|mo/.test(own) ? "zh-Hant" : "zh-Hans";
}

const current = preferred();
const column = { en: 0, "zh-Hans": 1, "zh-Hant": 2 }[current];

export const language = () => current;

/** The word for `key` with its {fields} filled in. */
export function t(key, fields = {}) {
  const text = WORDS[key]?.[column] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(fields[name] ?? ""));
}

export function setLanguage(code) {
  localStorage.setItem("regulars-language", code);
  location.reload();
}

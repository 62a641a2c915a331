// The console's words in English and Thai. `t(key, values)` and `apply(root)`.
const words = {
  en: {
    title: "Simulator", notTikTok: "not TikTok, nothing leaves this machine", speed: "Speed of the clock", pause: "Pause", jump: "Move the clock",
    plusMinute: "+1 min", plusHour: "+1 h", plusHalfDay: "+12 h", toClosing: "To next closing", language: "ภาษาไทย", theme: "Switch theme", panes: "Parts of the console",
    customers: "Customers", businesses: "Businesses", phone: "Phone", webhooks: "Webhooks", peopleAndFaults: "People and faults", faults: "Faults", new: "New", clear: "Clear {n}",
    phoneOf: "The customer’s phone", writeTo: "Write to", conversation: "Conversation", cancel: "Cancel", picture: "Send a picture or video", message: "Message", placeholder: "Message…",
    sticker: "Send a sticker", send: "Send", play: "Play the customer", clickAd: "Click an ad", openLink: "Open tiktok.me", sharePost: "Share a post", react: "React", read: "Read", past: "Write in the past…",
    appReply: "Reply in TikTok’s app, as the business", source: "Where it is typed", sourceApp: "App", sourceWeb: "Web", sourceWelcome: "Welcome message", sourceKeyword: "Keyword reply",
    deliveries: "Deliveries", details: "Details", payload: "Payload", headers: "Headers", answer: "Answer", sendAgain: "Send again", ledger: "What TikTok’s rules say now", ledgerHint: "the simulator’s own ledger",
    newCustomer: "New customer", newBusiness: "New business", username: "Username", displayName: "Shown name", country: "Country (two letters)", follower: "Follows the business", businessAccount: "Business account (a personal one cannot use messaging)",
    create: "Create", pastTitle: "Write in the past", hoursAgo: "Hours ago",
    withheld: "text is withheld", connected: "connected", notConnected: "not connected", personal: "personal account", noCustomers: "Nobody yet. Create a customer to write as.", noBusinesses: "None yet. Create one to connect and to write to.",
    noHooks: "Nothing yet. Write as a customer and the webhook shows up here.", pick: "Choose a customer and a business.", stranger: "not answered yet", single: "answered before",
    counts: "{sent} sent, {retried} retried, {givenUp} given up", retry: "retry {n}", waiting: "waiting", noCallback: "no callback", givenUp: "given up", inTime: "in {s} s", failed: "failed",
    signed: "signed", notSent: "not sent yet", opened: "text holding JSON, opened here", tryLine: "Try {n}, {time}: {answer}",
    window: "Window", quota: "Quota", pictures: "Pictures", attempts: "Attempts", windowNone: "the customer has not written yet", windowOpen: "closes {time}", windowClosed: "closed {time}", quotaLeft: "{n} of {of} left",
    picturesYes: "allowed, both countries have them", picturesNo: "not available between these countries", attemptLine: "{time}, answer {status} after {ms} ms", attemptLost: "{time}, {answer}",
    cameFrom: "You came from: {name}", seen: "Seen", readHere: "Read", reply: "Reply", reactTo: "React with a heart", sharedPost: "Shared post {id}", unknownType: "Something new: {type}", automatic: "automatic message", fromApp: "typed in TikTok’s app", fromWeb: "typed on TikTok’s web",
    video: "Video", photo: "Picture", typing: "typing…", copied: "Copied", noClosing: "No open window to move to.", asked: "Reply to: {text}", offline: "The simulator does not answer.",
    f_lose: "Lose the answer", fh_lose: "message arrives, the caller times out", f_twice: "Deliver twice", fh_twice: "every webhook, 0.2 s apart", f_late: "Late echo", fh_late: "im_send_msg 5 s after the answer", f_early: "Early echo", fh_early: "im_send_msg before the answer",
    f_order: "Out of order", fh_order: "three events, last one first", f_rate: "Rate limit", fh_rate: "40100 on every call", f_system: "System error", fh_system: "51065, one send in five", f_cut: "Cut the line", fh_cut: "before the message arrives", f_revoked: "Sign-in revoked", fh_revoked: "40105 until reconnected", timesLeft: "{n} more",
    openToEveryone: "Messages from everyone", openToEveryoneHint: "else strangers wait to be accepted", accept: "Accept as the business", held: "waiting to be accepted",
    settings: "Account’s settings", newAuto: "Automatic", newAutoTitle: "New automatic message", kind: "Kind", autoWelcome: "Welcome message", autoQuestion: "Suggested questions", autoPrompt: "Chat prompts", autoKeyword: "Keyword replies",
    autoHint: "Set here as in TikTok’s app. The API can do the same, but for keywords.", autoOn: "on", autoOff: "off", content: "Text", question: "Question", answerText: "Answer", promptTitle: "Button", promptText: "What it writes", keywords: "Keywords, with commas between",
    rules: "Rules", rulesStrict: "Send page: 10 in 48 h", rulesGuide: "Guide: free on reply", reviews: "Reviews", reviewApprove: "approve by themselves", reviewReject: "reject by themselves", reviewManual: "I decide",
    commentToMessage: "Comment-to-Message", commentToMessageHint: "flagged comments may be answered", reviewing: "in review", approved: "approved", rejected: "rejected", approve: "Approve", reject: "Reject", remove: "Remove",
    chips: "Suggested questions and chat prompts", comment: "Comment…", commentTitle: "Comment under the newest post", commentText: "Comment", highIntent: "TikTok finds it worth a direct message", prefilled: "May I see the menu?",
    dropped: "dropped", f_drop: "Lose webhooks", fh_drop: "never sent, never tried again", quotaFree: "no limit while the window is open", windowSilent: "silent since {time}",
    respondioHint: "What stands in Respond.io’s settings. The token goes into Accounts, Through Respond.io.", accessToken: "Access token", copy: "Copy", replace: "Replace", connectChannel: "Connect a channel", noSpaces: "No workspace yet.",
  },
  th: {
    title: "ตัวจำลอง", notTikTok: "ไม่ใช่ TikTok ไม่มีอะไรออกจากเครื่องนี้", speed: "ความเร็วนาฬิกา", pause: "หยุดเวลา", jump: "เลื่อนเวลา",
    plusMinute: "+1 นาที", plusHour: "+1 ชม.", plusHalfDay: "+12 ชม.", toClosing: "ไปเวลาปิดถัดไป", language: "English", theme: "สลับธีม", panes: "ส่วนของหน้านี้",
    customers: "ลูกค้า", businesses: "ธุรกิจ", phone: "โทรศัพท์", webhooks: "เว็บฮุก", peopleAndFaults: "ผู้คนและความผิดพลาด", faults: "ความผิดพลาด", new: "เพิ่ม", clear: "ล้าง {n}",
    phoneOf: "โทรศัพท์ของลูกค้า", writeTo: "เขียนถึง", conversation: "บทสนทนา", cancel: "ยกเลิก", picture: "ส่งรูปหรือวิดีโอ", message: "ข้อความ", placeholder: "ส่งข้อความ…",
    sticker: "ส่งสติกเกอร์", send: "ส่ง", play: "ทำแทนลูกค้า", clickAd: "กดโฆษณา", openLink: "เปิด tiktok.me", sharePost: "แชร์โพสต์", react: "กดหัวใจ", read: "อ่าน", past: "เขียนย้อนเวลา…",
    appReply: "ตอบในแอป TikTok ในนามธุรกิจ", source: "พิมพ์จากที่ใด", sourceApp: "แอป", sourceWeb: "เว็บ", sourceWelcome: "ข้อความต้อนรับ", sourceKeyword: "ตอบตามคำสำคัญ",
    deliveries: "การส่ง", details: "รายละเอียด", payload: "เนื้อหา", headers: "ส่วนหัว", answer: "คำตอบ", sendAgain: "ส่งอีกครั้ง", ledger: "กติกาของ TikTok ตอนนี้", ledgerHint: "บัญชีของตัวจำลองเอง",
    newCustomer: "ลูกค้าใหม่", newBusiness: "ธุรกิจใหม่", username: "ชื่อผู้ใช้", displayName: "ชื่อที่แสดง", country: "ประเทศ (สองตัวอักษร)", follower: "ติดตามธุรกิจ", businessAccount: "บัญชีธุรกิจ (บัญชีส่วนตัวใช้ข้อความไม่ได้)",
    create: "สร้าง", pastTitle: "เขียนย้อนเวลา", hoursAgo: "กี่ชั่วโมงก่อน",
    withheld: "ไม่ส่งเนื้อหาให้", connected: "เชื่อมต่อแล้ว", notConnected: "ยังไม่เชื่อมต่อ", personal: "บัญชีส่วนตัว", noCustomers: "ยังไม่มีใคร สร้างลูกค้าเพื่อเริ่มเขียน", noBusinesses: "ยังไม่มี สร้างธุรกิจเพื่อเชื่อมต่อและรับข้อความ",
    noHooks: "ยังไม่มี เขียนในนามลูกค้าแล้วเว็บฮุกจะแสดงที่นี่", pick: "เลือกลูกค้าและธุรกิจ", stranger: "ยังไม่เคยตอบ", single: "เคยตอบแล้ว",
    counts: "ส่ง {sent} ลองใหม่ {retried} เลิก {givenUp}", retry: "ลองใหม่ {n}", waiting: "รอ", noCallback: "ไม่มีปลายทาง", givenUp: "เลิกแล้ว", inTime: "อีก {s} วิ", failed: "ไม่สำเร็จ",
    signed: "ลงลายเซ็น", notSent: "ยังไม่ได้ส่ง", opened: "ข้อความที่เป็น JSON เปิดให้ดูที่นี่", tryLine: "ครั้งที่ {n} {time}: {answer}",
    window: "ช่วงเวลา", quota: "โควตา", pictures: "รูปภาพ", attempts: "ความพยายาม", windowNone: "ลูกค้ายังไม่ได้เขียน", windowOpen: "ปิด {time}", windowClosed: "ปิดแล้ว {time}", quotaLeft: "เหลือ {n} จาก {of}",
    picturesYes: "ส่งได้ ทั้งสองประเทศรองรับ", picturesNo: "สองประเทศนี้ส่งรูปถึงกันไม่ได้", attemptLine: "{time} ตอบ {status} ใน {ms} มิลลิวินาที", attemptLost: "{time} {answer}",
    cameFrom: "คุณมาจาก: {name}", seen: "เห็นแล้ว", readHere: "อ่านแล้ว", reply: "ตอบกลับ", reactTo: "กดหัวใจ", sharedPost: "โพสต์ที่แชร์ {id}", unknownType: "ชนิดใหม่: {type}", automatic: "ข้อความอัตโนมัติ", fromApp: "พิมพ์ในแอป TikTok", fromWeb: "พิมพ์บนเว็บ TikTok",
    video: "วิดีโอ", photo: "รูปภาพ", typing: "กำลังพิมพ์…", copied: "คัดลอกแล้ว", noClosing: "ไม่มีช่วงเวลาที่เปิดอยู่", asked: "ตอบกลับ: {text}", offline: "ตัวจำลองไม่ตอบ",
    f_lose: "คำตอบหาย", fh_lose: "ข้อความถึง แต่ผู้เรียกรอจนหมดเวลา", f_twice: "ส่งซ้ำ", fh_twice: "ทุกเว็บฮุก ห่างกัน 0.2 วิ", f_late: "เสียงสะท้อนช้า", fh_late: "im_send_msg หลังคำตอบ 5 วิ", f_early: "เสียงสะท้อนก่อน", fh_early: "im_send_msg ก่อนคำตอบ",
    f_order: "สลับลำดับ", fh_order: "สามเหตุการณ์ ท้ายมาก่อน", f_rate: "จำกัดความถี่", fh_rate: "40100 ทุกครั้ง", f_system: "ระบบขัดข้อง", fh_system: "51065 หนึ่งในห้าครั้งที่ส่ง", f_cut: "ตัดสาย", fh_cut: "ก่อนข้อความถึง", f_revoked: "ถอนสิทธิ์", fh_revoked: "40105 จนกว่าจะเชื่อมใหม่", timesLeft: "อีก {n} ครั้ง",
    openToEveryone: "รับข้อความจากทุกคน", openToEveryoneHint: "มิฉะนั้นคนแปลกหน้าต้องรอรับคำขอ", accept: "รับคำขอในนามธุรกิจ", held: "รอรับคำขอ",
    settings: "การตั้งค่าบัญชี", newAuto: "อัตโนมัติ", newAutoTitle: "ข้อความอัตโนมัติใหม่", kind: "ชนิด", autoWelcome: "ข้อความต้อนรับ", autoQuestion: "คำถามแนะนำ", autoPrompt: "ปุ่มเริ่มแชต", autoKeyword: "ตอบตามคำสำคัญ",
    autoHint: "ตั้งที่นี่เหมือนในแอป TikTok ส่วน API ทำได้เหมือนกัน ยกเว้นคำสำคัญ", autoOn: "เปิดอยู่", autoOff: "ปิดอยู่", content: "ข้อความ", question: "คำถาม", answerText: "คำตอบ", promptTitle: "ชื่อปุ่ม", promptText: "ข้อความที่ปุ่มเขียน", keywords: "คำสำคัญ คั่นด้วยจุลภาค",
    rules: "กติกา", rulesStrict: "หน้าส่ง: 10 ใน 48 ชม.", rulesGuide: "คู่มือ: ไม่จำกัดหลังตอบ", reviews: "การตรวจ", reviewApprove: "อนุมัติเอง", reviewReject: "ปฏิเสธเอง", reviewManual: "ฉันตัดสินเอง",
    commentToMessage: "ตอบคอมเมนต์ด้วยข้อความ", commentToMessageHint: "ตอบคอมเมนต์ที่ถูกคัดได้", reviewing: "กำลังตรวจ", approved: "อนุมัติแล้ว", rejected: "ไม่ผ่าน", approve: "อนุมัติ", reject: "ปฏิเสธ", remove: "ลบ",
    chips: "คำถามแนะนำและปุ่มเริ่มแชต", comment: "คอมเมนต์…", commentTitle: "คอมเมนต์ใต้โพสต์ล่าสุด", commentText: "คอมเมนต์", highIntent: "TikTok เห็นว่าควรตอบด้วยข้อความ", prefilled: "ขอดูเมนูค่ะ",
    dropped: "ไม่ส่ง", f_drop: "เว็บฮุกหาย", fh_drop: "ไม่ส่งและไม่ลองใหม่", quotaFree: "ไม่จำกัดขณะช่วงเวลายังเปิด", windowSilent: "เงียบตั้งแต่ {time}",
    respondioHint: "สิ่งที่อยู่ในการตั้งค่าของ Respond.io นำโทเค็นไปใส่ที่ บัญชี › ผ่าน Respond.io", accessToken: "โทเค็น", copy: "คัดลอก", replace: "เปลี่ยนใหม่", connectChannel: "เชื่อมต่อช่องทาง", noSpaces: "ยังไม่มีเวิร์กสเปซ",
  },
};

const kept = (() => { try { return localStorage.getItem("language"); } catch { return null; } })();
const asked = new URLSearchParams(location.search).get("lang");
let language = [asked, kept, navigator.language.slice(0, 2)].find((one) => one in words) || "en";

export const locale = () => (language === "th" ? "th-TH-u-ca-gregory" : "en-GB");

export function t(key, values = {}) {
  const text = words[language][key] ?? words.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Puts the words into everything marked with data-i18n, -label or -placeholder. */
export function apply(root = document) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-i18n]")) node.textContent = t(node.dataset.i18n);
  for (const node of root.querySelectorAll("[data-i18n-label]")) node.setAttribute("aria-label", t(node.dataset.i18nLabel));
  for (const node of root.querySelectorAll("[data-i18n-placeholder]")) node.placeholder = t(node.dataset.i18nPlaceholder);
}

export function switchLanguage() {
  language = language === "th" ? "en" : "th";
  try { localStorage.setItem("language", language); } catch { /* not kept */ }
  apply();
}

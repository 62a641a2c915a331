//! The invented people of `message-gateway dev` and `simulator`: a cast to begin with, and what they have said so far.

use bytes::Bytes;

use super::{AppReply, CustomerMessage};
use crate::simulator::Simulator;
use crate::state::businesses::NewBusiness;
use crate::state::customers::NewCustomer;

/// Handle, name, whether it is a business account.
const BUSINESSES: [(&str, &str, bool); 4] = [
    ("doimok.cotton", "ดอยหมอกคอตตอน", true),
    ("krok.coffee", "Krok Coffee ☕", true),
    ("sailom.swim", "Sailom Swim", true),
    ("somchai.demo", "สมชาย", false),
];

/// The businesses that are connected from the start; the third is left for whoever tries the consent page.
pub const DEMO_CONNECTED: [&str; 2] = ["doimok.cotton", "krok.coffee"];

/// Handle, name, region.
const CUSTOMERS: [(&str, &str, &str); 9] = [
    ("mint.warunya", "มิ้นท์ วรัญญา", "TH"),
    ("art.s", "Art Sirichai", "TH"),
    ("jwhitfield", "James Whitfield", "SG"),
    ("lena.v", "Lena Vogt", "DE"),
    ("padaeng", "ป้าแดง ขนมไทย", "TH"),
    ("beam.nattaya", "Beam Nattaya", "TH"),
    ("nongsom", "น้องส้มจี๊ด 🍊", "TH"),
    ("thanapon.j", "ธนพล ใจดี", "TH"),
    ("kanya.p", "กัญญา ผิวแพ้ง่าย", "TH"),
];

/// One line of the past.
struct Line {
    minutes_ago: i64,
    business: &'static str,
    customer: &'static str,
    what: What,
}

enum What {
    /// The customer writes.
    Says(&'static str),
    /// The customer sends the demo picture.
    Shows,
    /// The customer shares a post.
    Shares,
    /// The customer sends a sticker.
    Sticks,
    /// The business answers in TikTok's app.
    Answers(&'static str),
    /// TikTok's welcome message.
    Welcomes(&'static str),
}

const fn line(minutes_ago: i64, business: &'static str, customer: &'static str, what: What) -> Line {
    Line { minutes_ago, business, customer, what }
}

use What::{Answers, Says, Shares, Shows, Sticks, Welcomes};

const COTTON: &str = "doimok.cotton";
const COFFEE: &str = "krok.coffee";

/// What was said, oldest first within a conversation: windows that are open, soon over, nearly over and closed.
const TALK: [Line; 33] = [
    line(4_100, COTTON, "padaeng", Says("ยังมีผ้าถุงสีครามไหมจ๊ะ")),
    line(4_090, COTTON, "padaeng", Answers("มีค่ะป้า เหลือ 3 ผืน ผืนละ 450 บาทค่ะ")),
    line(4_080, COTTON, "padaeng", Says("ขอบคุณนะลูก อร่อยมาก 🙏")),
    line(2_836, COTTON, "nongsom", Says("ชุดเดรสย้อมครามยังมีไหมคะ")),
    line(2_820, COTTON, "nongsom", Says("อยากได้ก่อนวันเสาร์ค่ะ 🥺")),
    line(2_410, COFFEE, "thanapon.j", Says("เมล็ดคั่วกลางมีขนาด 500 กรัมไหมครับ")),
    line(2_400, COFFEE, "thanapon.j", Answers("มีครับ ถุงละ 320 บาท")),
    line(2_395, COFFEE, "thanapon.j", Says("ขอ 2 ถุงครับ ส่งขอนแก่น")),
    line(1_500, COFFEE, "beam.nattaya", Welcomes("Welcome to Krok Coffee! Ask us anything ☕")),
    line(1_499, COFFEE, "beam.nattaya", Says("Do you do wholesale for a small office?")),
    line(1_490, COFFEE, "beam.nattaya", Answers("We do, from 5 kg a month.")),
    line(1_489, COFFEE, "beam.nattaya", Answers("Tell me your address and I will send a price list.")),
    line(1_480, COFFEE, "beam.nattaya", Says("ได้เลยค่ะ เดี๋ยวถามแอดมินก่อนนะคะ")),
    line(1_470, COFFEE, "beam.nattaya", Answers("ได้ค่ะ รอได้เลย")),
    line(1_469, COFFEE, "beam.nattaya", Answers("ราคาส่งปรับทุกเดือนนะคะ")),
    line(1_468, COFFEE, "beam.nattaya", Answers("เดือนนี้กิโลละ 480 ค่ะ")),
    line(1_467, COFFEE, "beam.nattaya", Answers("ค่าส่งฟรีถ้าเกิน 10 กิโล")),
    line(1_466, COFFEE, "beam.nattaya", Answers("ส่งทุกวันจันทร์กับพฤหัสค่ะ")),
    line(1_465, COFFEE, "beam.nattaya", Answers("มีใบกำกับภาษีให้นะคะ")),
    line(1_464, COFFEE, "beam.nattaya", Answers("สนใจทักได้เลยค่ะ 😊")),
    line(700, COTTON, "kanya.p", Says("ผ้าย้อมแบบนี้แพ้ง่ายไหมคะ")),
    line(690, COTTON, "kanya.p", Sticks),
    line(190, COTTON, "mint.warunya", Says("สนใจชุดเดรสย้อมครามค่ะ มีไซซ์ M ไหมคะ")),
    line(189, COTTON, "mint.warunya", Shows),
    line(180, COTTON, "mint.warunya", Answers("สวัสดีค่ะ ขอบคุณที่ทักดอยหมอกนะคะ 🌿")),
    line(179, COTTON, "mint.warunya", Answers("มีไซซ์ M เหลือ 2 ตัวค่ะ 890 บาท ส่งฟรีเลย 💙")),
    line(170, COTTON, "mint.warunya", Says("เอาสีนี้เลยค่ะ ส่งเชียงใหม่กี่วันถึงคะ")),
    line(40, COFFEE, "jwhitfield", Says("Do you ship to Singapore? Saw this in your video:")),
    line(39, COFFEE, "jwhitfield", Shares),
    line(12, COFFEE, "art.s", Says("ขอเมล็ดคั่วกลาง 2 ถุงครับ ส่งวันนี้ทันไหม")),
    line(6, COFFEE, "art.s", Says("โอนแล้วนะครับ 👍")),
    line(3, COTTON, "art.s", Says("เสื้อม่อฮ่อมไซซ์ XL มีไหมครับ")),
    line(2, COTTON, "mint.warunya", Says("แล้วเก็บปลายทางได้ไหมคะ")),
];

const PICTURE: &[u8] = include_bytes!("../../assets/dress.png");

impl Simulator {
    /// Adds the demo cast: three businesses, a personal account, nine customers. Those that exist stay as they are.
    pub fn seed_demo(&self) {
        for (username, name, business) in BUSINESSES {
            let new = NewBusiness { is_business_account: Some(business), ..NewBusiness::new(username, name) };
            // Already there: nothing to do.
            _ = self.create_business(new);
        }
        for (username, name, region) in CUSTOMERS {
            let new = NewCustomer { region: Some(region.to_owned()), ..NewCustomer::new(username, name) };
            _ = self.create_customer(new);
        }
    }

    /// Lets the cast say what it has said so far, back-dated. Connect the businesses first, or nobody hears it.
    pub fn tell_demo(&self) {
        let picture = self.put_media(Bytes::from_static(PICTURE));
        let now = self.now_ms();
        for Line { minutes_ago, business, customer, what } in &TALK {
            let at = Some(now - minutes_ago * 60_000);
            let writes = |kind: &str| CustomerMessage { at, ..CustomerMessage::of(customer, business, kind) };
            // The cast and the picture exist, so nothing of this can be refused.
            _ = match what {
                Says(text) => {
                    self.customer_writes(&CustomerMessage { text: Some((*text).to_owned()), ..writes("text") })
                }
                Shows => self.customer_writes(&CustomerMessage { media_id: Some(picture.clone()), ..writes("image") }),
                Shares => self.customer_writes(&writes("share_post")),
                Sticks => self.customer_writes(&writes("sticker")),
                Answers(text) => self.app_reply(&AppReply { at, ..AppReply::text(business, customer, text) }),
                Welcomes(text) => self.app_reply(&AppReply {
                    at,
                    auto_message_type: Some("WELCOME_MESSAGE".to_owned()),
                    ..AppReply::text(business, customer, text)
                }),
            };
        }
    }
}

//! From Respond.io to TikTok itself and back, while customers write and agents answer: each message once, in order, without a gap; and what
//! only one side tells is listed.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    account::ProviderKind,
    history::HistoryState,
    media::MediaState,
    message::{Direction, MessageState},
    store::MessageRecord,
};
use serde_json::{Value, json};
use simulator::{CustomerMessage, FaultKind, NewFault};

use crate::{
    desk::Desk,
    harness::{SHOP, answer},
    stage::slug,
};

const MINUTE: Duration = Duration::from_mins(1);

/// A desk with three customers, and everything that was said at it.
struct Move {
    desk: Desk,
    customers: Vec<String>,
    cookie: String,
    /// In order, by conversation: the customer's name.
    said: BTreeMap<String, Vec<String>>,
}

impl Move {
    async fn begin() -> Self {
        let desk = Desk::open().await;
        let customers = desk.customers(3);
        let cookie = desk.world.sign_in().await;
        Self { desk, customers, cookie, said: BTreeMap::new() }
    }

    fn account(&self) -> String {
        self.desk.account.id.to_string()
    }

    /// Every customer writes, and is answered once that is here.
    async fn round(&mut self, name: &str) {
        for customer in self.customers.clone() {
            let (asked, given) = (format!("{name} {customer}?"), format!("{name} {customer}!"));
            self.desk.says(&customer, &asked);
            let here = self.desk.message(&asked).await;
            self.reply(&here, &given).await;
            self.desk.state(&given, MessageState::Sent).await;
            self.said.entry(customer).or_default().extend([asked, given]);
        }
    }

    async fn reply(&self, to: &MessageRecord, text: &str) {
        let path = format!("/api/v1/conversations/{}/messages", to.message.conversation_id);
        let body = json!({"content": {"type": "text", "body": text}});
        let (status, queued) = answer(self.desk.world.api("POST", &path).json(&body)).await;
        assert_eq!(status, 202, "{queued}");
    }

    /// TikTok's own side joins the account.
    async fn join_tiktok(&self) {
        let world = &self.desk.world;
        let page =
            world.begin_at(&self.cookie, &format!("/auth/connect?kind=business&account={}", self.account())).await;
        let back = world.agree(&self.cookie, &page, SHOP, |_| true).await;
        assert_eq!(back, format!("/accounts?connected={}", self.account()));
        // TikTok's calls take their own time, and their turns the clock's.
        let filed = || async {
            world.clock.advance(Duration::from_millis(100));
            let account = world.store().account(&world.scope().await, self.desk.account.id).await.unwrap().unwrap();
            (account.history?.state == HistoryState::Filed).then_some(())
        };
        world.until("what TikTok lists is filed", filed).await;
    }

    async fn send_through(&self, provider: &str) {
        let path = format!("/api/v1/accounts/{}/sender", self.account());
        let (status, account) = answer(self.desk.world.api("PUT", &path).json(&json!({"provider": provider}))).await;
        assert_eq!((status, account["provider"].as_str()), (200, Some(provider)), "{account}");
    }

    async fn get(&self, what: &str) -> Value {
        let path = format!("/api/v1/accounts/{}/{what}", self.account());
        let (status, body) = answer(self.desk.world.api("GET", &path)).await;
        assert_eq!(status, 200, "{body}");
        body["items"].clone()
    }

    /// How many replies left through TikTok, and through Respond.io.
    fn sent(&self) -> (usize, usize) {
        let calls = self.desk.world.sim.calls();
        let count = |name: &str| calls.iter().filter(|call| call.status == 200 && call.endpoint == name).count();
        (count("business/message/send"), count("respondio/contact/send"))
    }

    /// Everything that was said is here once, in order, and at TikTok once.
    async fn is_whole(&self) {
        let all = self.desk.all().await;
        let mut threads: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for one in &all {
            threads.entry(one.message.conversation_id).or_default().push(one.message.content.words().to_owned());
        }
        let mut here: Vec<_> = threads.into_values().collect();
        let mut said: Vec<_> = self.said.values().cloned().collect();
        here.sort();
        said.sort();
        assert_eq!(here, said);
        let conversations = self.desk.world.sim.state().conversations;
        let there = conversations
            .iter()
            .flat_map(|one| self.desk.world.sim.conversation(&one.id).unwrap().conversation.messages)
            .filter(|one| one.from_business)
            .count();
        let replies = all.iter().filter(|one| one.message.direction == Direction::Outgoing).count();
        assert_eq!(there, replies, "TikTok has every reply once");
    }
}

#[tokio::test]
async fn from_respondio_to_both_to_tiktok_and_back() {
    let mut moving = Move::begin().await;
    moving.round("alone").await;
    moving.join_tiktok().await;
    moving.round("both").await;
    let sides = moving.get("sides").await;
    let told: Vec<_> =
        sides.as_array().unwrap().iter().map(|side| (side["provider"].clone(), side["sends"].clone())).collect();
    assert_eq!(told, [(json!("respondio"), json!(true)), (json!("official"), json!(false))]);
    let (tiktok, respondio) = moving.sent();
    assert_eq!((tiktok, respondio), (0, 6));

    moving.send_through("official").await;
    moving.round("direct").await;
    assert_eq!(moving.sent(), (3, 6));
    moving.send_through("respondio").await;
    moving.round("back").await;
    assert_eq!(moving.sent(), (3, 9));

    moving.desk.pass(5 * MINUTE).await;
    moving.is_whole().await;
    assert_eq!(moving.get("shadows").await, json!([]), "both sides told everything");
    let (_, accounts) = answer(moving.desk.world.api("GET", "/api/v1/accounts")).await;
    assert_eq!(accounts["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_wrote_once_before_tiktok_joined_is_one_customer() {
    let mut moving = Move::begin().await;
    for customer in moving.customers.clone() {
        let once = format!("once {customer}");
        moving.desk.says(&customer, &once);
        moving.desk.message(&once).await;
        moving.said.insert(customer, vec![once]);
    }
    moving.join_tiktok().await;
    moving.is_whole().await;
    let (_, page) = answer(moving.desk.world.api("GET", "/api/v1/conversations?view=all")).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 3, "{page}");
}

#[tokio::test]
async fn replies_that_wait_at_a_switch_leave_once_through_the_new_side() {
    let mut moving = Move::begin().await;
    moving.round("alone").await;
    moving.join_tiktok().await;
    moving.round("both").await;
    let before = moving.sent();
    // Respond.io takes none for a while, so that they wait at the switch.
    moving.desk.world.sim.set_fault(NewFault::new("respondio/contact/send", FaultKind::RateLimit).times(100));
    for customer in moving.customers.clone() {
        let asked = format!("both {customer}?");
        let to = moving.desk.message(&asked).await;
        let text = format!("waited {customer}");
        moving.reply(&to, &text).await;
        moving.said.get_mut(&customer).unwrap().push(text);
    }
    moving.send_through("official").await;
    for customer in moving.customers.clone() {
        moving.desk.state(&format!("waited {customer}"), MessageState::Sent).await;
    }
    assert_eq!(moving.sent(), (before.0 + 3, before.1));
    moving.desk.pass(5 * MINUTE).await;
    moving.is_whole().await;
}

#[tokio::test]
async fn one_conversation_may_go_ahead_and_a_side_that_sends_stays() {
    let mut moving = Move::begin().await;
    moving.round("alone").await;
    moving.join_tiktok().await;
    moving.round("both").await;
    let (tiktok, respondio) = moving.sent();
    let first = moving.desk.message("both customer.0?").await.message.conversation_id;
    let path = format!("/api/v1/conversations/{first}/sender");
    let (status, chosen) = answer(moving.desk.world.api("PUT", &path).json(&json!({"provider": "official"}))).await;
    assert_eq!(status, 200, "{chosen}");
    moving.round("ahead").await;
    assert_eq!(moving.sent(), (tiktok + 1, respondio + 2));

    let remove = format!("/api/v1/accounts/{}/sides/respondio", moving.account());
    let (status, refused) = answer(moving.desk.world.api("DELETE", &remove)).await;
    assert_eq!((status, slug(&refused)), (409, "conflict"), "{refused}");
    moving.send_through("official").await;
    assert_eq!(answer(moving.desk.world.api("DELETE", &remove)).await.0, 200);
    assert_eq!(moving.get("sides").await.as_array().unwrap().len(), 1);
    moving.round("direct").await;
    moving.is_whole().await;
}

#[tokio::test]
async fn a_large_video_that_only_respondio_tells_of_is_copied_where_tiktok_named_the_conversation() {
    let moving = Move::begin().await;
    moving.join_tiktok().await;
    let (desk, sim) = (&moving.desk, &moving.desk.world.sim);
    desk.says("customer.0", "ดูนะคะ");
    let first = desk.message("ดูนะคะ").await;
    let (scope, id) = (desk.world.scope().await, first.message.conversation_id);
    desk.pass(Duration::from_secs(10)).await;
    let conversation = desk.world.store().conversation(&scope, id).await.unwrap().unwrap().conversation;
    assert_eq!(conversation.provider, ProviderKind::Official);

    // Larger than any picture may be.
    let mut video = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    video.resize(21 * 1024 * 1024, 0);
    let media_id = Some(sim.put_media(video.into()));
    sim.set_fault(NewFault::new("webhook", FaultKind::Drop).times(1));
    desk.world.tick();
    sim.customer_writes(&CustomerMessage { media_id, ..CustomerMessage::of("customer.0", SHOP, "video") }).unwrap();
    let told = async || desk.all().await.into_iter().find(|one| one.message.content.type_name() == "video");
    let video = desk.until("Respond.io tells of it", MINUTE, told).await;
    assert_eq!((video.message.conversation_id, video.message.provider), (id, ProviderKind::Respondio));
    let copied = || async {
        let video = desk.all().await.into_iter().find(|one| one.message.content.type_name() == "video")?;
        video.media.filter(|media| media.state != MediaState::Pending)
    };
    let media = desk.world.until("the video is copied", copied).await;
    assert_eq!(
        (media.state, media.mime.as_deref(), media.size),
        (MediaState::Ready, Some("video/mp4"), Some(21 * 1024 * 1024))
    );
}

//! Ads and links that lead customers here: kept before the first message, once, told live, and found again.

use std::collections::BTreeSet;

use domain::{Id, conversation::Conversation};
use serde_json::{Value, json};
use simulator::{CustomerMessage, NewCustomer, ReferralRequest};

use crate::{
    harness::{API_SECRET, FIXTURE_ACCOUNT, MALI, SHOP, World, answer},
    socket::Socket,
    stage::Stage,
};

fn ad(ad_id: &str) -> ReferralRequest {
    ReferralRequest {
        customer: MALI.to_owned(),
        business: SHOP.to_owned(),
        ad_id: Some(ad_id.to_owned()),
        ad_name: Some(format!("โฆษณา {ad_id}")),
        ..ReferralRequest::default()
    }
}

fn link(address: &str) -> ReferralRequest {
    ReferralRequest { customer: MALI.to_owned(), link: Some(address.to_owned()), ..ReferralRequest::default() }
}

/// Whoever is told of a referral before anything was said: the conversation that TikTok calls so.
async fn known(world: &World, external: &str) -> Id<Conversation> {
    let look = || async { world.store().conversation_by_external_id(&world.scope().await, external).await.unwrap() };
    world.until("the conversation is known", look).await
}

async fn get(world: &World, path: &str) -> Value {
    let (status, body) = answer(world.api("GET", path)).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

async fn referrals(world: &World, conversation: Id<Conversation>) -> Value {
    get(world, &format!("/api/v1/conversations/{conversation}/referrals")).await
}

/// Waits until `count` ways into the conversation are shown.
async fn ways(world: &World, conversation: Id<Conversation>, count: usize) -> Vec<Value> {
    let look = || async {
        let items = referrals(world, conversation).await["items"].as_array().unwrap().clone();
        (items.len() == count).then_some(items)
    };
    world.until("the referral is shown", look).await
}

fn ids(page: &Value) -> BTreeSet<String> {
    page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_ad_click_is_kept_before_the_customer_writes() {
    let world = World::connected().await;
    world.tick();
    let clicked = world.clock.now();
    let external = world.sim.refer(&ad("1800000000000042")).unwrap();
    let conversation = known(&world, &external).await;
    let way = ways(&world, conversation, 1).await.remove(0);
    assert_eq!(way["key"], "ad:1800000000000042");
    assert_eq!(way["source"]["type"], "ad");
    assert_eq!(way["source"]["name"], "โฆษณา 1800000000000042");
    assert_eq!(way["source"]["adId"], "1800000000000042");
    assert!(way["source"]["embedUrl"].as_str().unwrap().starts_with("https://"), "{way}");
    assert_eq!((&way["at"], &way["firstAt"]), (&json!(clicked), &json!(clicked)));
    assert_eq!(way["dated"], true);
    assert_eq!(get(&world, "/api/v1/conversations").await["items"], json!([]), "nobody has written: nothing is listed");
    world.customer_says("สนใจค่ะ");
    world.message_that("the first text arrives", |one| one.message.conversation_id == conversation).await;
    let of_ad = get(&world, "/api/v1/conversations?referral=ad:1800000000000042").await;
    assert_eq!(ids(&of_ad), [conversation.to_string()].into());
}

#[tokio::test]
async fn a_short_link_is_kept_with_its_words_and_their_review() {
    let world = World::connected().await;
    let opened = link(
        "https://tiktok.me/baan.kafe.demo?ref=bio_link-2026&message=%E0%B8%82%E0%B8%AD%E0%B9%80%E0%B8%A1%E0%B8%99%E0%B8%B9",
    );
    let refused = ReferralRequest { prefilled_message_audit_status: Some("REJECT".to_owned()), ..opened };
    let external = world.sim.refer(&refused).unwrap();
    let conversation = known(&world, &external).await;
    let way = ways(&world, conversation, 1).await.remove(0);
    assert_eq!(way["key"], "link:bio_link-2026");
    let told = json!({"type": "short_link", "ref": "bio_link-2026", "prefilledMessage": "ขอเมนู", "audit": "reject"});
    assert_eq!(way["source"], told);
}

#[tokio::test]
async fn a_repeated_report_is_one_referral_and_no_event() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "สวัสดีค่ะ").await;
    // From the head on, so that the first message's own events aren't taken for the referral's.
    let head = stage.world.store().head_seq().await.unwrap();
    let mut socket = stage.socket(Some(head)).await;
    socket.wait_for("resume").await;
    let clicked = stage.world.clock.now().as_millis();
    let report = |told_at: i64| {
        json!({
            "from": "nong.mali.demo", "to": "baan.kafe.demo", "unique_identifier": "uid+of/c1", "conversation_id": "c1",
            "from_user": {"id": "uid+of/c1", "role": "personal_account"},
            "to_user": {"id": FIXTURE_ACCOUNT, "role": "business_account"}, "timestamp": told_at,
            "referral": {"source": "ad", "ad": {"ad_id": "42", "timestamp": clicked}},
        })
    };
    stage.webhook("im_referral_msg", &report(clicked)).await;
    let told = socket.wait_for("conversation").await;
    // The same click: the same words in other bytes, and then something else, so that silence is seen.
    stage.webhook("im_referral_msg", &report(clicked + 7)).await;
    stage.webhook("im_referral_msg", &report(clicked)).await;
    stage.customer_writes("c1", "m2", "ยังอยู่ไหมคะ").await;
    let (event, next) = socket.event().await;
    assert_eq!((event.as_str(), &next["message"]["content"]), ("message", &json!("ยังอยู่ไหมคะ")));
    assert!(next["seq"].as_i64() > told["seq"].as_i64());
    let conversation = stage.conversation("c1").await;
    let shown = stage.get(&format!("/api/v1/conversations/{conversation}/referrals")).await;
    assert_eq!(shown["items"].as_array().unwrap().len(), 1);
    stage.strike().await;
}

#[tokio::test]
async fn a_new_referral_is_told_live() {
    let (world, conversation) = World::in_conversation().await;
    let after = world.store().head_seq().await.unwrap();
    let auth = json!({"token": API_SECRET, "after": after});
    let mut socket = Socket::open(&world.base, auth, &[]).await.unwrap_or_else(|refused| panic!("{refused:?}"));
    world.tick();
    world.sim.refer(&ad("7")).unwrap();
    ways(&world, conversation, 1).await;
    let told = socket.wait_for("conversation").await;
    assert_eq!(told["id"], conversation.to_string());
    assert!(told["seq"].as_i64().unwrap() > after);
}

#[tokio::test]
async fn all_conversations_from_an_ad_are_found() {
    let world = World::connected().await;
    let mut from_ad = BTreeSet::new();
    for (number, ad_id) in [Some("7"), Some("8"), None, Some("7")].into_iter().enumerate() {
        let customer = format!("customer.{number}");
        world.sim.create_customer(NewCustomer::new(&customer, "ลูกค้า")).unwrap();
        world.tick();
        if let Some(ad_id) = ad_id {
            world.sim.refer(&ReferralRequest { customer: customer.clone(), ..ad(ad_id) }).unwrap();
        }
        world.sim.customer_writes(&CustomerMessage::text(&customer, SHOP, &customer)).unwrap();
        let first = world.message_that("the text arrives", |one| one.message.content.words() == customer).await;
        if let Some(ad_id) = ad_id {
            ways(&world, first.message.conversation_id, 1).await;
            from_ad.extend((ad_id == "7").then(|| first.message.conversation_id.to_string()));
        }
    }
    assert_eq!(ids(&get(&world, "/api/v1/conversations?referral=ad:7").await), from_ad);
    assert_eq!(ids(&get(&world, "/api/v1/conversations?referral=ad%3A7&status=open&sort=waiting").await), from_ad);
    assert_eq!(ids(&get(&world, "/api/v1/conversations?referral=ad:7&status=closed").await), BTreeSet::new());
    assert_eq!(ids(&get(&world, "/api/v1/conversations?referral=ad:none").await), BTreeSet::new());
    assert_eq!(ids(&get(&world, "/api/v1/conversations").await).len(), 4);
}

#[tokio::test]
async fn a_way_we_do_not_know_is_shown_as_another_one() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "สวัสดีค่ะ").await;
    let content = json!({
        "from": "nong.mali.demo", "to": "baan.kafe.demo", "unique_identifier": "uid+of/c1", "conversation_id": "c1",
        "from_user": {"id": "uid+of/c1", "role": "personal_account"},
        "to_user": {"id": FIXTURE_ACCOUNT, "role": "business_account"}, "timestamp": stage.world.clock.now().as_millis(),
        "referral": {"source": "qr_code", "qr_code": {"shelf": 3}},
    });
    stage.webhook("im_referral_msg", &content).await;
    let conversation = stage.conversation("c1").await;
    let shown = stage.get(&format!("/api/v1/conversations/{conversation}/referrals")).await;
    let way = &shown["items"][0];
    assert_eq!((&way["key"], &way["source"]), (&json!("other:qr_code"), &json!({"type": "other", "name": "qr_code"})));
    stage.strike().await;
}

#[tokio::test]
async fn referrals_of_others_are_not_found() {
    let stage = Stage::set().await;
    let (status, body) = answer(stage.world.api("GET", "/api/v1/conversations/conv_nobody/referrals")).await;
    assert_eq!(status, 404, "{body}");
    let (status, _) = answer(stage.anonymous(reqwest::Method::GET, "/api/v1/conversations/c1/referrals")).await;
    assert_eq!(status, 401);
    stage.strike().await;
}

//! Sends: what reaches the phone, what TikTok refuses, and what is refused before.

use serde_json::{Value, json};
use simulator::CustomerMessage;
use simulator::respondio::Settings;
use tokio::task::JoinSet;

use crate::respondio::Desk;
use crate::support::{BUSINESS, CUSTOMER, HOUR, START, png, serve};

fn phone(desk: &Desk, conversation: &str) -> Vec<Value> {
    let view = desk.world.sim.conversation(conversation).unwrap();
    view.conversation.messages.iter().map(|one| serde_json::to_value(one).unwrap()).collect()
}

#[tokio::test]
async fn a_send_reaches_the_phone_and_comes_back_as_our_own() {
    let desk = Desk::new();
    let written = desk.write("hi");
    let sent = desk.send("มีค่ะ 💐 <&>").await;
    let phone = phone(&desk, &written.conversation_id);
    assert_eq!((phone.len(), &phone[1]["content"]["body"]), (2, &json!("มีค่ะ 💐 <&>")));
    assert_eq!((&phone[1]["source"], &phone[1]["from_business"]), (&json!("API"), &json!(true)));
    let messages = desk.messages().await;
    assert_eq!(messages.len(), 2, "once, not once more as an echo");
    assert_eq!((&messages[0]["messageId"], &messages[0]["sender"]), (&sent["messageId"], &json!({"source": "api"})));
    assert_eq!(messages[0]["channelMessageId"], phone[1]["message_id"], "TikTok's id is the one thing shared");
    assert_ne!(messages[0]["messageId"], phone[1]["message_id"]);
    assert_eq!(desk.status(&sent).await, [("pending".to_owned(), None), ("sent".to_owned(), None)]);
}

#[tokio::test]
async fn window_and_quota_fail_in_the_history_not_in_the_answer() {
    let desk = Desk::new();
    let written = desk.write("hi");
    for _ in 0..10 {
        desk.send("x").await;
    }
    let eleventh = desk.send("ข้อความที่ 11").await;
    let why = "[40064] The message is blocked due to direct message rules.".to_owned();
    let failed = [("pending".to_owned(), None), ("failed".to_owned(), Some(why))];
    assert_eq!(desk.status(&eleventh).await, failed);
    assert_eq!(phone(&desk, &written.conversation_id).len(), 11);

    // A new message of the customer renews both; two days later it is over.
    desk.write("still there?");
    assert_eq!(desk.status(&desk.send("yes").await).await[1].0, "sent");
    desk.world.sim.advance(48 * HOUR).await;
    assert_eq!(desk.status(&desk.send("too late").await).await, failed);
    assert_eq!(phone(&desk, &written.conversation_id).len(), 13);
}

#[tokio::test]
async fn held_sends_stay_pending_until_released() {
    let settings = Settings { hold_sends: true, ..Settings::default() };
    let desk = Desk::with(settings);
    let written = desk.write("hi");
    let sent = [desk.send("one").await, desk.send("two").await];
    assert_eq!(desk.status(&sent[0]).await, [("pending".to_owned(), None)]);
    assert_eq!(desk.messages().await[0]["channelMessageId"], Value::Null);
    assert_eq!(phone(&desk, &written.conversation_id).len(), 1);
    desk.world.sim.advance(2000).await;
    assert_eq!(desk.world.sim.settle_respondio(desk.workspace.id).unwrap(), 2);
    let phone = phone(&desk, &written.conversation_id);
    let texts: Vec<_> = phone.iter().map(|one| one["content"]["body"].clone()).collect();
    assert_eq!(texts, ["hi", "one", "two"]);
    let message = desk.messages().await.remove(1);
    assert_eq!(message["status"][1], json!({"value": "sent", "timestamp": (START + 2000) / 1000}));
    assert_eq!(desk.world.sim.settle_respondio(desk.workspace.id).unwrap(), 0);
}

#[tokio::test]
async fn files_of_customers_may_be_copied_later() {
    let settings = Settings { hold_files: true, ..Settings::default() };
    let desk = Desk::with(settings);
    let media_id = Some(desk.world.sim.put_media(png(200).into()));
    let picture = CustomerMessage { media_id, ..CustomerMessage::of(CUSTOMER, BUSINESS, "image") };
    desk.world.sim.customer_writes(&picture).unwrap();
    let pending = json!({"type": "attachment", "attachment": {"type": "image", "isPending": true}});
    assert_eq!(desk.messages().await[0]["message"], pending);
    assert_eq!(desk.world.sim.settle_respondio(desk.workspace.id).unwrap(), 1);
    let file = desk.messages().await[0]["message"]["attachment"].clone();
    assert_eq!((&file["isPending"], file["url"].is_string()), (&json!(false), true), "{file}");
    assert_eq!(desk.world.sim.settle_respondio(desk.workspace.id).unwrap(), 0);
}

#[tokio::test]
async fn pictures_are_fetched() {
    let (desk, mut tasks) = (Desk::new(), JoinSet::new());
    let written = desk.write("hi");
    let file = |size: usize| axum::routing::get(move || async move { png(size) });
    let files = axum::Router::new()
        .route("/rose.png", file(100))
        .route("/huge.png", file(3 * 1024 * 1024 + 1))
        .route("/text.png", axum::routing::get(async || "not a picture"));
    let address = serve(files, &mut tasks).await;
    let send = async |kind: &str, file: &str| {
        let attachment = json!({"type": kind, "url": format!("http://{address}/{file}")});
        let body = json!({"channelId": desk.channel, "message": {"type": "attachment", "attachment": attachment}});
        let sent = desk.ok("POST", &format!("contact/id:{}/message", desk.contact()), body).await;
        desk.status(&sent).await[1].clone()
    };
    assert_eq!(send("image", "rose.png").await, ("sent".to_owned(), None));
    let picture = phone(&desk, &written.conversation_id).remove(1);
    assert_eq!(picture["content"]["type"], "image");
    for (kind, file, why) in [
        ("image", "huge.png", "[40907]"),
        ("image", "text.png", "[40908]"),
        ("image", "none.png", "could not be fetched"),
        ("video", "rose.png", "do not support"),
        ("file", "rose.png", "do not support"),
    ] {
        let (state, words) = send(kind, file).await;
        assert_eq!((state.as_str(), words.as_deref().unwrap_or_default().contains(why)), ("failed", true), "{words:?}");
    }
    assert_eq!(phone(&desk, &written.conversation_id).len(), 2);
}

#[tokio::test]
async fn what_tiktok_does_not_know_fails_and_what_nobody_knows_is_refused() {
    let desk = Desk::new();
    desk.write("hi");
    let path = format!("contact/id:{}/message", desk.contact());
    let long = "x".repeat(6001);
    for message in [
        json!({"type": "text", "text": long}),
        json!({"type": "quick_reply", "title": "Size?", "replies": ["S", "M"]}),
        json!({"type": "custom_payload", "payload": {}}),
        json!({"type": "email", "text": "x"}),
        json!({"type": "email", "message": "x"}),
        json!({"type": "whatsapp_template", "template": {"name": "x", "languageCode": "th"}}),
        json!({"type": "facebook_template", "template": {"name": "x", "languageCode": "th"}}),
    ] {
        let sent = desk.ok("POST", &path, json!({"message": message})).await;
        let (state, why) = desk.status(&sent).await[1].clone();
        assert_eq!((state.as_str(), why.is_some()), ("failed", true), "{message}");
    }
    let count = desk.messages().await.len();
    for body in [
        Value::Null,
        json!({}),
        json!({"message": "x"}),
        json!({"message": {}}),
        json!({"message": {"type": "text", "text": ""}}),
        json!({"message": {"type": "text"}}),
        json!({"message": {"type": "hologram"}}),
        json!({"message": {"type": "quick_reply", "title": "x", "replies": []}}),
        json!({"message": {"type": "attachment", "attachment": {"type": "image", "url": "rose.jpg"}}}),
        json!({"message": {"type": "attachment", "attachment": {"type": "picture", "url": "https://x.test/"}}}),
        json!({"channelId": "54321", "message": {"type": "text", "text": "x"}}),
    ] {
        let (status, answer) = desk.call("POST", &path, body.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!(400)), "{body}: {answer}");
    }
    let stranger = json!({"channelId": 1, "message": {"type": "text", "text": "x"}});
    assert_eq!(desk.call("POST", &path, stranger).await.0, 404);
    let nobody = json!({"message": {"type": "text", "text": "x"}});
    assert_eq!(desk.call("POST", "contact/id:1/message", nobody).await.0, 404);
    assert_eq!(desk.messages().await.len(), count, "nothing of it was written down");
}

#[tokio::test]
async fn the_server_replaces_variables() {
    let desk = Desk::new();
    let written = desk.write("hi");
    desk.send("Dear {{$contact.name}}, {{$contact.nothing}}{{name}} {{$open").await;
    let sent = phone(&desk, &written.conversation_id).remove(1);
    assert_eq!(sent["content"]["body"], "Dear น้องมะลิ 🌼, {{name}} {{$open");
}

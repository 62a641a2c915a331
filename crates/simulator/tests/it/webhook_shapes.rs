//! Every webhook has the key paths and types of its fixture, envelope and content.

use serde_json::{Value, json};
use simulator::{AppReply, CommentRequest, CustomerMessage, DEFAULT_APP_ID, NewCustomer, ReferralRequest};

use crate::support::{BUSINESS, CUSTOMER, World, fixture, png, shape, world};

/// Envelope and opened content of the newest webhook.
fn newest(world: &World) -> (Value, Value) {
    open(&serde_json::from_str(&world.sim.webhook_log().last().unwrap().body).unwrap())
}

fn open(envelope: &Value) -> (Value, Value) {
    (envelope.clone(), serde_json::from_str(envelope["content"].as_str().unwrap()).unwrap())
}

fn same(world: &World, name: &str) {
    let (envelope, content) = newest(world);
    let (wanted_envelope, wanted_content) = open(&fixture(name));
    assert_eq!(shape(&envelope), shape(&wanted_envelope), "{name}");
    assert_eq!(shape(&content), shape(&wanted_content), "{name}: {content:#}");
    assert_eq!(envelope["event"], wanted_envelope["event"], "{name}");
    for key in ["type", "auto_message_type", "message_tag", "scene_type"] {
        assert_eq!(content[key], wanted_content[key], "{name}: {key}");
    }
    for key in ["from_user", "to_user"] {
        assert_eq!(content[key]["role"], wanted_content[key]["role"], "{name}: {key}");
    }
}

fn of(kind: &str) -> CustomerMessage {
    CustomerMessage::of(CUSTOMER, BUSINESS, kind)
}

fn template(world: &World, conversation: &str) -> Value {
    let mut body = fixture("api-message-send-request-template-button");
    body["business_id"] = json!(world.open_id);
    body["recipient"] = json!(conversation);
    body
}

#[tokio::test]
async fn what_customers_send() {
    let world = world();
    let first = world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "สวัสดีค่ะ 😊")).unwrap();
    same(&world, "webhook-im_receive_msg-text");
    for kind in ["image", "video", "share_post", "sticker", "emoji"] {
        let what = CustomerMessage { media_id: Some(world.sim.put_media(png(50).into())), ..of(kind) };
        world.sim.customer_writes(&what).unwrap();
        same(&world, &format!("webhook-im_receive_msg-{kind}"));
    }
    world.sim.customer_writes(&of("unknown")).unwrap();
    same(&world, "webhook-im_receive_msg-unknown-type");
    world
        .sim
        .customer_writes(&CustomerMessage {
            quote: Some(first.message_id.clone()),
            ..CustomerMessage::text(CUSTOMER, BUSINESS, "this")
        })
        .unwrap();
    same(&world, "webhook-im_receive_msg-text-quote");
    let on = |remove, url: Option<&str>| CustomerMessage {
        original_msg_id: Some(first.message_id.clone()),
        remove,
        ai_emoji_url: url.map(str::to_owned),
        ..of("reaction")
    };
    world.sim.customer_writes(&on(false, None)).unwrap();
    same(&world, "webhook-im_receive_msg-reaction-add");
    world.sim.customer_writes(&on(true, None)).unwrap();
    same(&world, "webhook-im_receive_msg-reaction-remove");
    assert_eq!(newest(&world).1["reaction"][0]["operation"], "REMOVE");
    world.sim.customer_writes(&on(false, Some("https://ai-emoji.example.invalid/a.webp"))).unwrap();
    same(&world, "webhook-im_receive_msg-reaction-ai_emoji");
    assert_eq!(world.post("business/message/send", &template(&world, &first.conversation_id)).await["code"], 0);
    same(&world, "webhook-im_send_msg-template-api-echo");
    assert_eq!(newest(&world).1["template"]["type"], "qa_button_card");
    world.sim.customer_writes(&CustomerMessage { button_id: Some("opt_book_table".to_owned()), ..of("") }).unwrap();
    same(&world, "webhook-im_receive_msg-text-button-tap");
    assert_eq!(newest(&world).1["text"]["body"], "จองโต๊ะ");
}

#[tokio::test]
async fn what_businesses_send() {
    let world = world();
    let conversation =
        world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap().conversation_id;
    world.send(&conversation, "เปิด 8 โมงเช้าค่ะ").await;
    same(&world, "webhook-im_send_msg-text-api-echo");
    world.sim.app_reply(&AppReply::text(BUSINESS, CUSTOMER, "typed in the app")).unwrap();
    same(&world, "webhook-im_send_msg-text-app");
    let picture = AppReply {
        kind: "image".to_owned(),
        media_id: Some(world.sim.put_media(png(50).into())),
        source: Some("WEB".to_owned()),
        ..AppReply::text(BUSINESS, CUSTOMER, "")
    };
    world.sim.app_reply(&picture).unwrap();
    same(&world, "webhook-im_send_msg-image-web");
    for (kind, name) in
        [("WELCOME_MESSAGE", "welcome"), ("SUGGESTED_QUESTION", "suggested_question"), ("AUTO_REPLY", "keyword")]
    {
        world
            .sim
            .app_reply(&AppReply {
                auto_message_type: Some(kind.to_owned()),
                ..AppReply::text(BUSINESS, CUSTOMER, "auto")
            })
            .unwrap();
        same(&world, &format!("webhook-im_send_msg-auto-{name}"));
    }
    world.sim.read(CUSTOMER, BUSINESS).unwrap();
    same(&world, "webhook-im_mark_read_msg");
}

#[tokio::test]
async fn everything_else() {
    let world = world();
    let referral = |source: &str| ReferralRequest {
        customer: CUSTOMER.to_owned(),
        business: BUSINESS.to_owned(),
        source: source.to_owned(),
        ..ReferralRequest::default()
    };
    world.sim.refer(&referral("ad")).unwrap();
    same(&world, "webhook-im_referral_msg-ad");
    world.sim.refer(&referral("short_link")).unwrap();
    same(&world, "webhook-im_referral_msg-short_link");
    world.comment_to_message();
    world
        .sim
        .comment(&CommentRequest {
            customer: CUSTOMER.to_owned(),
            business: BUSINESS.to_owned(),
            text: "ราคา?".to_owned(),
            ..CommentRequest::default()
        })
        .unwrap();
    same(&world, "webhook-im_receive_high_intent_comment");
    let log = world.sim.webhook_log();
    let update =
        open(&serde_json::from_str(&log.iter().find(|one| one.event == "comment.update").unwrap().body).unwrap());
    assert_eq!(shape(&update.1), shape(&open(&fixture("webhook-comment.update-insert-top_level")).1));
    assert!(update.1["comment_id"].as_u64().unwrap() > 1 << 53);

    world
        .sim
        .create_customer(NewCustomer { region: Some("DE".to_owned()), ..NewCustomer::new("lena.v", "Lena") })
        .unwrap();
    world.sim.customer_writes(&CustomerMessage::text("lena.v", BUSINESS, "Hallo")).unwrap();
    same(&world, "webhook-im_receive_msg_eu");
    for name in [
        "im_auto_message_config_update-chat_prompt",
        "im_auto_message_config_update-welcome",
        "im_auto_message_audit_update-rejected",
    ] {
        let (envelope, content) = open(&fixture(&format!("webhook-{name}")));
        world.sim.auto_message_event(BUSINESS, envelope["event"].as_str().unwrap(), &content).unwrap();
        same(&world, &format!("webhook-{name}"));
    }
    world.sim.emit_raw(BUSINESS, "im_receive_msg", "{not json").unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&world.sim.webhook_log().last().unwrap().body).unwrap()["content"],
        fixture("webhook-bad-content-not-json")["content"]
    );
    world.sim.revoke(BUSINESS, true).unwrap();
    same(&world, "webhook-authorization.removed");
    assert_eq!(newest(&world).0["client_key"], DEFAULT_APP_ID);
}

#[tokio::test]
async fn ids_hold_the_difficult_characters_and_the_body_is_escaped_as_go_does() {
    let world = world();
    let written = world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "A&B <3")).unwrap();
    for id in [&written.conversation_id, &written.message_id] {
        assert!(['+', '/', '='].iter().all(|c| id.contains(*c)), "{id}");
    }
    assert!(world.sim.webhook_log()[0].body.contains("A\\\\u0026B \\\\u003c3"));
    assert_eq!(newest(&world).1["text"]["body"], "A&B <3");
}

#[test]
fn signature_vectors() {
    for vector in fixture("signature-vectors")["vectors"].as_array().unwrap() {
        let text = |key: &str| vector[key].as_str().unwrap();
        let made = simulator::signature_header(text("secret"), vector["t"].as_i64().unwrap(), text("body").as_bytes());
        let genuine = text("expect") != "reject" && !text("name").contains("swapped");
        assert_eq!(made == text("header"), genuine, "{}", text("name"));
    }
}

//! TikTok's rules: window, quota, lengths, pictures, pages, pace.

use serde_json::json;
use simulator::{AppReply, BusinessSettings, Config, CustomerMessage, NewCustomer};

use crate::support::{BUSINESS, CUSTOMER, HOUR, START, World, fixture, png, world, world_with};

fn write(world: &World, at: Option<i64>) -> String {
    world
        .sim
        .customer_writes(&CustomerMessage { at, ..CustomerMessage::text(CUSTOMER, BUSINESS, "hi") })
        .unwrap()
        .conversation_id
}

#[tokio::test]
async fn ten_messages_then_the_customer_must_write() {
    let world = world();
    let conversation = write(&world, None);
    for left in (0..10).rev() {
        assert_eq!(world.send(&conversation, "x").await["code"], 0);
        assert_eq!(world.sim.conversation(&conversation).unwrap().ledger.quota_left, Some(left));
    }
    let refused = world.send(&conversation, "x").await;
    assert_eq!(
        (&refused["code"], &refused["message"]),
        (&json!(40064), &fixture("api-error-40064-generic")["message"])
    );
    let typing = json!({"business_id": world.open_id, "recipient_type": "CONVERSATION", "recipient": conversation, "message_type": "SENDER_ACTION", "sender_action": "TYPING"});
    assert_eq!(world.post("business/message/send", &typing).await["code"], 0, "free of the ledger");
    world.sim.advance(1).await;
    write(&world, None);
    assert_eq!(world.sim.conversation(&conversation).unwrap().ledger.quota_left, Some(10));
    assert_eq!(world.send(&conversation, "x").await["code"], 0);
}

#[tokio::test]
async fn replies_in_the_app_and_automatic_ones_count() {
    let world = world();
    let conversation = write(&world, None);
    world.sim.app_reply(&AppReply::text(BUSINESS, CUSTOMER, "app")).unwrap();
    world
        .sim
        .app_reply(&AppReply { source: Some("WEB".to_owned()), ..AppReply::text(BUSINESS, CUSTOMER, "web") })
        .unwrap();
    world
        .sim
        .app_reply(&AppReply {
            auto_message_type: Some("AUTO_REPLY".to_owned()),
            ..AppReply::text(BUSINESS, CUSTOMER, "auto")
        })
        .unwrap();
    assert_eq!(world.sim.conversation(&conversation).unwrap().ledger.quota_left, Some(7));
    world.sim.customer_writes(&CustomerMessage::of(CUSTOMER, BUSINESS, "reaction")).unwrap();
    assert_eq!(world.sim.conversation(&conversation).unwrap().ledger.quota_left, Some(7), "a reaction is no message");
}

#[tokio::test]
async fn the_window_is_48_hours_to_the_millisecond() {
    let mut world = world();
    let conversation = write(&world, None);
    world.sim.advance(48 * HOUR - 1).await;
    world.renew();
    assert_eq!(world.send(&conversation, "just in time").await["code"], 0);
    world.sim.advance(1).await;
    assert_eq!(world.send(&conversation, "too late").await["code"], 40064);
    let ledger = world.sim.conversation(&conversation).unwrap().ledger;
    assert_eq!((ledger.state, ledger.window_closes_at), ("closed", Some(START + 48 * HOUR)));
}

#[tokio::test]
async fn a_back_dated_message_is_a_closed_window() {
    let mut world = world();
    let conversation = write(&world, Some(START - 49 * HOUR));
    assert_eq!(world.send(&conversation, "x").await["code"], 40064);
    let open_id = world.open_id.clone();
    let list = [("business_id", open_id.as_str()), ("conversation_type", "STRANGER")];
    assert_eq!(
        world.get("business/message/conversation/list", &list).await["data"]["conversations"][0]["update_time"],
        START - 49 * HOUR
    );
    world
        .sim
        .customer_writes(&CustomerMessage {
            at: Some(START - 91 * 24 * HOUR),
            ..CustomerMessage::text(CUSTOMER, BUSINESS, "old")
        })
        .unwrap();
    world.sim.advance(89 * 24 * HOUR).await;
    world.renew();
    assert_eq!(
        world.get("business/message/conversation/list", &list).await["data"]["conversations"],
        json!([]),
        "90 days"
    );
}

#[tokio::test]
async fn a_stranger_becomes_single_with_the_first_answer() {
    let world = world();
    let conversation = write(&world, None);
    let count = async |kind: &str| {
        let list = [("business_id", world.open_id.as_str()), ("conversation_type", kind)];
        world.get("business/message/conversation/list", &list).await["data"]["conversations"].as_array().unwrap().len()
    };
    assert_eq!((count("STRANGER").await, count("SINGLE").await), (1, 0));
    world.send(&conversation, "hello").await;
    assert_eq!((count("STRANGER").await, count("SINGLE").await), (0, 1));
}

#[tokio::test]
async fn strangers_wait_where_not_everybody_may_write() {
    let world = world();
    world.settings(BusinessSettings { open_to_everyone: Some(false), ..BusinessSettings::default() });
    let conversation = write(&world, None);
    write(&world, None);
    let count = async |kind: &str| {
        let list = [("business_id", world.open_id.as_str()), ("conversation_type", kind)];
        world.get("business/message/conversation/list", &list).await["data"]["conversations"].as_array().unwrap().len()
    };
    assert_eq!((world.sim.webhook_log().len(), count("STRANGER").await), (0, 0));
    assert_eq!(world.send(&conversation, "x").await["message"], "Param recipient is invalid.");
    world.sim.accept(CUSTOMER, BUSINESS).unwrap();
    assert_eq!((world.sim.webhook_log().len(), count("SINGLE").await), (2, 1), "accepted is no stranger any more");
    write(&world, None);
    assert_eq!(world.sim.webhook_log().len(), 3, "once accepted, always");

    world.sim.create_customer(NewCustomer::new("art.s", "Art")).unwrap();
    world.sim.customer_writes(&CustomerMessage::text("art.s", BUSINESS, "hi")).unwrap();
    world.sim.app_reply(&AppReply::text(BUSINESS, "art.s", "hello")).unwrap();
    let events: Vec<String> = world.sim.webhook_log().into_iter().map(|one| one.event).collect();
    assert_eq!(events[3..], ["im_receive_msg", "im_send_msg"], "an answer accepts");
}

#[tokio::test]
async fn a_conversation_id_must_be_encoded_in_queries() {
    let world = world();
    let conversation = write(&world, None);
    assert!(conversation.contains('+'));
    let bare = format!("business_id={}&conversation_id={conversation}", world.open_id);
    let refused = world.get_raw("business/message/content/list", &bare).await;
    let wanted = fixture("api-error-40002-conversation");
    assert_eq!((&refused["code"], &refused["message"]), (&wanted["code"], &wanted["message"]));
    let list = [("business_id", world.open_id.as_str()), ("conversation_id", conversation.as_str())];
    assert_eq!(world.get("business/message/content/list", &list).await["code"], 0);
}

#[tokio::test]
async fn only_the_twenty_newest() {
    let world = world();
    let mut conversation = String::new();
    for at in 0..25 {
        conversation = world
            .sim
            .customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, &at.to_string()))
            .unwrap()
            .conversation_id;
        world.sim.advance(1).await;
    }
    let list = [("business_id", world.open_id.as_str()), ("conversation_id", conversation.as_str())];
    let answer = world.get("business/message/content/list", &list).await;
    let messages = answer["data"]["messages"].as_array().unwrap();
    assert_eq!(
        (messages.len(), &messages[0]["text"]["body"], &messages[19]["text"]["body"]),
        (20, &json!("24"), &json!("5"))
    );
}

#[tokio::test]
async fn at_most_a_hundred_conversations() {
    let world = world();
    for at in 0..105 {
        let name = format!("cust.{at}");
        world.sim.create_customer(NewCustomer::new(&name, &name)).unwrap();
        world.sim.customer_writes(&CustomerMessage::text(&name, BUSINESS, "hi")).unwrap();
    }
    let list = |cursor| {
        [
            ("business_id", world.open_id.clone()),
            ("conversation_type", "STRANGER".to_owned()),
            ("limit", "60".to_owned()),
            ("cursor", cursor),
        ]
    };
    let get = async |cursor: &str| {
        let pairs = list(cursor.to_owned());
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.get("business/message/conversation/list", &pairs).await["data"].clone()
    };
    let first = get("0").await;
    assert_eq!(
        (first["conversations"].as_array().unwrap().len(), &first["has_more"], &first["cursor"]),
        (60, &json!(true), &json!(60))
    );
    let second = get("60").await;
    assert_eq!((second["conversations"].as_array().unwrap().len(), &second["has_more"]), (40, &json!(false)));
}

#[tokio::test]
async fn what_a_send_may_not_contain() {
    let world = world();
    let conversation = write(&world, None);
    let send = async |changes: serde_json::Value| {
        let mut body = world.text(&conversation, "x");
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        let answer = world.post("business/message/send", &body).await;
        format!("{} {}", answer["code"], answer["message"].as_str().unwrap())
    };
    let wrong = |name: &str| format!("40002 Param {name} is invalid.");
    assert_eq!(send(json!({"text": {"body": "ก".repeat(6000)}})).await, "0 OK");
    assert_eq!(send(json!({"text": {"body": "ก".repeat(6001)}})).await, wrong("text.body"));
    assert_eq!(send(json!({"text": {"body": "😀".repeat(3001)}})).await, wrong("text.body"));
    assert_eq!(send(json!({"text": {"body": ""}})).await, wrong("text.body"));
    assert_eq!(send(json!({"recipient": "nobody"})).await, wrong("recipient"));
    assert_eq!(send(json!({"recipient_type": "USER"})).await, wrong("recipient_type"));
    assert_eq!(send(json!({"message_type": "VIDEO"})).await, wrong("message_type"));
    assert_eq!(send(json!({"business_id": "-000other"})).await, "40001 No permission to perform this operation.");
    assert_eq!(send(json!({"message_type": "IMAGE", "image": {"media_id": "nothing"}})).await, wrong("image.media_id"));
    assert_eq!(send(json!({"direct_reply": {"reply_type": "COMMENT_REPLY"}})).await, wrong("recipient"));
    let card = |style: &str, title: usize, button: usize, count: usize| {
        let buttons: Vec<_> = (0..count).map(|_| json!({"type": "REPLY", "title": "b".repeat(button)})).collect();
        json!({"message_type": "TEMPLATE", "template": {"type": style, "title": "t".repeat(title), "buttons": buttons}})
    };
    assert_eq!(send(card("QA_BUTTON_CARD", 40, 20, 3)).await, "0 OK");
    assert_eq!(send(card("QA_LINK_CARD", 40, 40, 1)).await, "0 OK");
    assert_eq!(send(card("QA_BUTTON_CARD", 41, 20, 3)).await, wrong("template.title"));
    assert_eq!(send(card("QA_BUTTON_CARD", 40, 21, 3)).await, wrong("template.buttons.title"));
    assert_eq!(send(card("QA_BUTTON_CARD", 40, 20, 4)).await, wrong("template.buttons"));
    assert_eq!(send(card("QA_BUTTON_CARD", 40, 20, 0)).await, wrong("template.buttons"));
    let sticker = world.sim.customer_writes(&CustomerMessage::of(CUSTOMER, BUSINESS, "sticker")).unwrap().message_id;
    let name = "referenced_message_info.referenced_message_id";
    assert_eq!(
        send(json!({"referenced_message_info": {"referenced_message_id": sticker}})).await,
        wrong(name),
        "a sticker cannot be quoted"
    );
}

#[tokio::test]
async fn cards_and_quotes_to_the_last_unit() {
    let world = world();
    let conversation = write(&world, None);
    let send = async |changes: serde_json::Value| {
        let mut body = world.text(&conversation, "x");
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        world.post("business/message/send", &body).await["message"].clone()
    };
    let wrong = |name: &str| format!("Param {name} is invalid.");
    let card = |style: &str, kind: &str, title: &str, id: &str| {
        let buttons = [json!({"type": kind, "title": title, "id": id})];
        json!({"message_type": "TEMPLATE", "template": {"type": style, "title": "?", "buttons": buttons}})
    };
    let (fits, id) = ("b".repeat(40), "i".repeat(40));
    assert_eq!(send(card("QA_LINK_CARD", "REPLY", &fits, &id)).await, "OK");
    for (style, kind, title, id, name) in [
        ("QA_LINK_CARD", "REPLY", "b".repeat(41), "i".to_owned(), "template.buttons.title"),
        ("QA_BUTTON_CARD", "REPLY", "😊".repeat(11), "i".to_owned(), "template.buttons.title"),
        ("QA_BUTTON_CARD", "REPLY", "b".to_owned(), "i".repeat(41), "template.buttons.id"),
        ("QA_BUTTON_CARD", "URL", "b".to_owned(), "i".to_owned(), "template.buttons.type"),
        ("QA_CARD", "REPLY", "b".to_owned(), "i".to_owned(), "template.type"),
    ] {
        assert_eq!(send(card(style, kind, &title, &id)).await, wrong(name).as_str(), "{style} {kind}");
    }

    let asked = world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "which?")).unwrap().message_id;
    let quoting = |mut what: serde_json::Value, id: &str| {
        what["referenced_message_info"] = json!({"referenced_message_id": id});
        what
    };
    assert_eq!(send(quoting(json!({}), &asked)).await, "OK");
    let post = world.sim.state().businesses[0].posts[0].item_id.clone();
    for (what, id) in [
        (json!({}), "unknown"),
        (json!({"message_type": "IMAGE", "image": {"media_id": "any"}}), asked.as_str()),
        (json!({"message_type": "SHARE_POST", "share_post": {"item_id": post}}), &asked),
        (card("QA_BUTTON_CARD", "REPLY", "b", "i"), &asked),
    ] {
        let refused = send(quoting(what, id)).await;
        assert_eq!(refused, wrong("referenced_message_info.referenced_message_id").as_str(), "only texts quote");
    }
}

#[tokio::test]
async fn pictures() {
    let world = world();
    let conversation = write(&world, None);
    assert_eq!(
        world.upload(b"GIF89a..........", "a.png", "image/png").await["code"],
        40908,
        "told by its bytes, not by its name"
    );
    assert_eq!(world.upload(b"", "a.png", "image/png").await["code"], 40906);
    assert_eq!(world.upload(&png(3 * 1024 * 1024 + 1), "a.png", "image/png").await["code"], 40907);
    let media = world.upload(&png(3 * 1024 * 1024), "a.png", "image/png").await["data"]["media_id"].clone();
    let image = |to: &str| json!({"business_id": world.open_id, "recipient_type": "CONVERSATION", "recipient": to, "message_type": "IMAGE", "image": {"media_id": media}});
    assert_eq!(world.post("business/message/send", &image(&conversation)).await["code"], 0);

    world
        .sim
        .create_customer(NewCustomer { region: Some("JP".to_owned()), ..NewCustomer::new("yuki.jp", "Yuki") })
        .unwrap();
    let japan = world.sim.customer_writes(&CustomerMessage::text("yuki.jp", BUSINESS, "hi")).unwrap().conversation_id;
    let ask = [
        ("business_id", world.open_id.as_str()),
        ("conversation_id", japan.as_str()),
        ("conversation_type", "SINGLE"),
        ("capability_types", "[\"IMAGE_SEND\"]"),
    ];
    let answer = world.get("business/message/capabilities/get", &ask).await;
    assert_eq!(answer["data"], fixture("api-capabilities-image-no")["data"]);
    assert_eq!(world.post("business/message/send", &image(&japan)).await["code"], 40001);
}

#[tokio::test]
async fn media_ids_end_after_thirty_days() {
    let mut world = world();
    let media = world.upload(&png(100), "a.png", "image/png").await["data"]["media_id"].clone();
    world.sim.advance(23 * HOUR).await;
    let conversation = write(&world, None);
    let image = json!({"business_id": world.open_id, "recipient_type": "CONVERSATION", "recipient": conversation, "message_type": "IMAGE", "image": {"media_id": media}});
    assert_eq!(world.post("business/message/send", &image).await["code"], 0);
    world.sim.advance(30 * 24 * HOUR).await;
    world.renew();
    write(&world, None);
    assert_eq!(world.post("business/message/send", &image).await["message"], "Param image.media_id is invalid.");
}

#[tokio::test]
async fn ten_calls_a_second() {
    let world = world_with(Config::default());
    let get = async || world.get("business/get", &[("business_id", &world.open_id)]).await["code"].as_i64().unwrap();
    for _ in 0..10 {
        assert_eq!(get().await, 0);
    }
    assert_eq!(get().await, 40100);
    world.sim.advance(999).await;
    assert_eq!(get().await, 40100);
    world.sim.advance(1).await;
    assert_eq!(get().await, 0);
}

//! Messages: paging, times, states, contents, and the oddities a reader must survive.

use axum::response::IntoResponse;
use respondio::model::{
    AttachmentKind, DeliveryState, Message, MessageContent, MessageTag, Page, SenderSource, Traffic, UserId,
};
use serde_json::{Value, json};

use crate::support::{AGENT, CHANNEL, CONTACT, Server, fixture, json_fixture, token};

/// Reads values as a message list would give them.
async fn listed(items: Vec<Value>) -> Page<Message> {
    let server = Server::answering(200, json!({"items": items}).to_string()).await;
    server.client().list_messages(&token(), CONTACT).await.unwrap().value
}

async fn one(value: Value) -> Message {
    let page = listed(vec![value]).await;
    assert!(page.unreadable.is_empty(), "{page:?}");
    page.items.into_iter().next().unwrap()
}

#[tokio::test]
async fn paging_yields_every_message_once_and_ends() {
    let server = Server::running(|seen| {
        let query = seen.uri.query().unwrap_or_default();
        let page = match query {
            "limit=4" => fixture("message-list.page1"),
            "limit=4&cursorId=1795170150000000" => fixture("message-list.page2-last"),
            other => panic!("{other}"),
        };
        page.into_response()
    })
    .await;
    let mut list = server.client().list_messages(&token(), CONTACT).limit(4).unwrap();
    let mut messages = Vec::new();
    loop {
        let page = list.clone().await.unwrap().value;
        assert!(page.unreadable.is_empty());
        let next = page.next_cursor().cloned();
        messages.extend(page.items);
        let Some(next) = next else { break };
        list = list.cursor(next);
    }
    assert_eq!(server.seen().len(), 2);
    assert_eq!(server.seen()[0].uri.path(), "/respondio/v2/contact/id:410000101/message/list");

    let ids: Vec<_> = messages.iter().map(|message| message.message_id).collect();
    assert_eq!(ids.len(), 7);
    assert!(ids.is_sorted_by(|newer, older| newer > older), "strictly falling: {ids:?}");
    let shown: Vec<_> = messages.iter().map(|message| (kind(&message.content), message.traffic.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("text", "outgoing"),
            ("unsupported", "incoming"),
            ("post", "incoming"),
            ("text", "outgoing"),
            ("text", "outgoing"),
            ("image", "incoming"),
            ("text", "incoming"),
        ]
    );
    assert_eq!(messages[6].sent_at_ms(), Some(1_795_170_000_000));
    assert_eq!(messages[5].sent_at_ms(), Some(1_795_170_000_000), "the second message of the same second");
    let offsets: Vec<_> = messages.iter().map(|message| message.sent_at_ms().unwrap() - 1_795_170_000_000).collect();
    assert_eq!(offsets, [300_000, 240_000, 200_000, 150_000, 120_000, 0, 0]);
    assert!(messages.iter().all(|message| message.timestamp_ms.is_none()), "lists hold no time");
}

fn kind(content: &MessageContent) -> &'static str {
    match content {
        MessageContent::Text { .. } => "text",
        MessageContent::Attachment(file) if file.kind == AttachmentKind::Image => "image",
        MessageContent::Post { .. } => "post",
        MessageContent::Unsupported => "unsupported",
        _ => "other",
    }
}

#[tokio::test]
async fn states_authors_and_contents() {
    let page = listed(json_fixture("message-list.page1")["items"].as_array().unwrap().clone()).await;
    let [failed, unsupported, post, delivered] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!(failed.state(), Some(&DeliveryState::Failed));
    assert_eq!(failed.failure(), Some("[placeholder] provider rejected the message"));
    assert_eq!((&failed.channel_message_id, failed.channel_id.unwrap().get()), (&None, CHANNEL));
    assert_eq!(failed.sender.as_ref().unwrap().source, SenderSource::Api);
    assert_eq!((unsupported.state(), unsupported.failure()), (None, None));
    assert_eq!(unsupported.sender.as_ref().unwrap().source, SenderSource::Contact);
    assert_eq!(unsupported.channel_message_id.as_ref().unwrap().as_str(), "tt-msg-0006");
    let MessageContent::Post { url, raw } = &post.content else { panic!("{post:?}") };
    assert_eq!(url.as_deref(), Some("https://www.tiktok.com/@example.shop/video/7000000000000000001"));
    assert_eq!(raw["type"], "post");
    assert_eq!((delivered.state(), delivered.failure()), (Some(&DeliveryState::Delivered), None));
    assert_eq!(delivered.content.text(), Some("มีค่ะ 💐 ราคา 590 บาท ส่งฟรี"));

    let server = Server::answering(200, fixture("message")).await;
    let single = server.client().message(&token(), CONTACT, 1_795_170_150_000_000).await.unwrap().value;
    assert_eq!(&single, delivered);
    assert_eq!(server.seen()[0].uri.path(), "/respondio/v2/contact/id:410000101/message/1795170150000000");

    let page = listed(json_fixture("message-list.page2-last")["items"].as_array().unwrap().clone()).await;
    let [user, image, text] = &page.items[..] else { panic!("{page:?}") };
    let sender = user.sender.as_ref().unwrap();
    assert_eq!((&sender.source, sender.user_id), (&SenderSource::User, Some(UserId::new(AGENT))));
    // Milliseconds here, seconds above.
    assert_eq!(user.status[1].timestamp_ms, Some(1_795_170_121_000));
    assert_eq!(delivered.status[1].timestamp_ms, Some(1_795_170_151_000));
    let MessageContent::Attachment(file) = &image.content else { panic!("{image:?}") };
    assert_eq!(file.url.as_deref(), Some("https://cdn.example.com/files/rose.jpg"));
    assert_eq!((file.file_name.as_deref(), file.extension.as_deref()), (Some("rose.jpg"), Some("jpg")));
    assert_eq!((file.size, file.mime.as_deref(), file.is_pending), (Some(204_800), Some("image/jpeg"), false));
    assert_eq!(text.content.text(), Some("มีดอกกุหลาบสีแดงไหมคะ? 🌹😊"));
}

#[tokio::test]
async fn the_lenient_variants() {
    let page = listed(json_fixture("message-lenient-variants").as_array().unwrap().clone()).await;
    let [strings, sample, unknown] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!(strings.message_id.get(), 1_795_170_400_000_000);
    assert_eq!(strings.contact_id.unwrap().get(), CONTACT);
    assert_eq!(strings.channel_message_id.as_ref().unwrap().as_str(), "123456");
    assert_eq!(strings.content, MessageContent::Text { text: String::new(), tag: None });
    assert_eq!(strings.sent_at_ms(), Some(1_795_170_400_000));

    assert_eq!(sample.sent_at_ms(), Some(1_662_965_213_000), "not the id read as microseconds");
    assert_eq!(sample.message_id.sent_at_ms(), Some(1_262_965_213_000));
    let MessageContent::Text { tag, .. } = &sample.content else { panic!() };
    assert_eq!(tag, &Some(MessageTag::AccountUpdate));
    assert_eq!(sample.failure(), Some("Failed reason"));

    let MessageContent::Other { type_name, raw } = &unknown.content else { panic!() };
    assert_eq!((type_name.as_str(), &raw["foo"]["bar"]), ("something_new", &json!(1)));
    assert_eq!(unknown.sender.as_ref().unwrap().source, SenderSource::AiAgent);
    assert_eq!((unknown.traffic.clone(), unknown.state()), (Traffic::Outgoing, None));
}

#[tokio::test]
async fn the_state_is_the_furthest_whatever_the_order() {
    let state = async |values: &[&str]| {
        let status: Vec<_> = values.iter().map(|value| json!({"value": value, "timestamp": 1})).collect();
        let message = one(json!({"messageId": 1, "traffic": "outgoing", "status": status})).await;
        message.state().map(ToString::to_string)
    };
    assert_eq!(state(&["read", "sent", "pending", "delivered"]).await.as_deref(), Some("read"));
    assert_eq!(state(&["failed", "sent", "read"]).await.as_deref(), Some("failed"));
    assert_eq!(state(&["pending", "teleported"]).await.as_deref(), Some("pending"));
    assert_eq!(state(&["SENT"]).await.as_deref(), Some("sent"));
    assert_eq!(state(&[]).await, None);
}

#[tokio::test]
async fn contents_in_an_odd_shape_are_kept_whole() {
    let odd = [
        json!({"type": "text"}),
        json!({"type": "attachment"}),
        json!({"type": "attachment", "attachment": {"type": "image"}}),
        json!({"type": "attachment", "attachment": {"url": "https://x.test/"}}),
        json!({"type": 7, "text": "x"}),
        json!({"type": "location", "latitude": 13.7}),
        json!({"type": "whatsapp_order"}),
        json!({}),
        json!("x"),
        json!(null),
    ];
    for content in odd {
        let message = one(json!({"messageId": 1, "traffic": "incoming", "message": content})).await;
        let MessageContent::Other { raw, .. } = message.content else { panic!("{content}: {message:?}") };
        assert_eq!(raw, content);
    }
    let pending = json!({"type": "attachment", "attachment": {"type": "video", "isPending": true}});
    let message = one(json!({"messageId": 1, "traffic": "incoming", "message": pending})).await;
    let MessageContent::Attachment(file) = message.content else { panic!() };
    assert!(file.is_pending && file.url.is_none() && file.kind == AttachmentKind::Video);
    let email = json!({"type": "email", "message": "hello", "subject": "s"});
    let message = one(json!({"messageId": 1, "traffic": "incoming", "message": email})).await;
    assert_eq!(message.content.text(), Some("hello"));
    let question = json!({"type": "quick_reply", "title": "size?", "replies": ["S", "M"]});
    let message = one(json!({"messageId": 1, "traffic": "outgoing", "message": question})).await;
    let replies = vec!["S".to_owned(), "M".to_owned()];
    assert_eq!(message.content, MessageContent::QuickReply { title: "size?".into(), replies });

    let page = listed(vec![json!({"traffic": "incoming"}), json!({"messageId": 1}), json!(7)]).await;
    assert_eq!((page.items.len(), page.unreadable.len()), (0, 3), "no id, no direction, no object");
}

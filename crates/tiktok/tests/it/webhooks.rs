//! Every webhook fixture decodes to what it is.

use serde_json::json;
use tiktok::{
    model::{
        AuditStatus, AutoMessageAction, AutoMessageContent, AutoMessageType, Direction, Message, MessageContent,
        MessageSource, PrefillAudit, ReactionOperation, ReactionType, ReferralSource, Role, TemplateStyle,
    },
    webhook::{CommentAction, DisconnectReason, Event, PublishState, decode},
};

use crate::support::{BUSINESS, CONVERSATION, USER, fixture, fixture_names, message_id};

fn event(name: &str) -> Event {
    decode(&fixture(&format!("webhook-{name}"))).unwrap().content
}

fn message(name: &str) -> Message {
    match event(name) {
        Event::MessageReceived(message) | Event::MessageSent(message) => *message,
        other => panic!("{name}: {other:?}"),
    }
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::MessageReceived(_) => "received",
        Event::MessageSent(_) => "sent",
        Event::MessageReceivedEu(_) => "eu",
        Event::MarkRead(_) => "read",
        Event::Referral(_) => "referral",
        Event::AutoMessageConfig(_) => "config",
        Event::AutoMessageAudit(_) => "audit",
        Event::HighIntentComment(_) => "high-intent",
        Event::Comment(_) => "comment",
        Event::AuthorizationRemoved(_) => "removed",
        Event::PostPublish(_) => "post",
        Event::VideoShare(_) => "video",
        Event::Unknown { .. } => "unknown",
        Event::Unreadable { .. } => "unreadable",
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_fixture_is_the_event_it_is() {
    let expected = |name: &str| match name {
        name if name.starts_with("im_receive_msg-") => "received",
        name if name.starts_with("im_send_msg-") => "sent",
        "foreign-account" => "received",
        "im_receive_msg_eu" => "eu",
        "im_mark_read_msg" => "read",
        "im_receive_high_intent_comment" => "high-intent",
        "authorization.removed" => "removed",
        "unknown-event" => "unknown",
        "bad-content-not-json" => "unreadable",
        name if name.starts_with("im_referral_msg-") => "referral",
        name if name.starts_with("im_auto_message_config_update-") => "config",
        name if name.starts_with("im_auto_message_audit_update-") => "audit",
        name if name.starts_with("comment.update-") => "comment",
        name if name.starts_with("loginkit-post.") => "post",
        name if name.starts_with("loginkit-video.") => "video",
        name => panic!("new fixture {name}"),
    };
    let names = fixture_names("webhook-");
    assert_eq!(names.len(), 39);
    for name in names {
        let envelope = decode(&fixture(&name)).unwrap();
        let name = name.trim_start_matches("webhook-");
        assert_eq!(kind(&envelope.content), expected(name), "{name}");
        assert!(envelope.client_key.is_some() && envelope.user_openid.is_some(), "{name}");
        let seconds = envelope.create_time.unwrap();
        assert!((1_789_999_000..1_790_001_000).contains(&seconds), "{name}: seconds");
    }
}

#[test]
fn the_envelope() {
    let envelope = decode(&fixture("webhook-im_receive_msg-text")).unwrap();
    assert_eq!(envelope.client_key.unwrap().as_str(), "7411000000000000042");
    assert_eq!(envelope.event, "im_receive_msg");
    assert_eq!(envelope.create_time, Some(1_790_000_000));
    assert_eq!(envelope.user_openid.unwrap().as_str(), BUSINESS);
    let foreign = decode(&fixture("webhook-foreign-account")).unwrap();
    assert_eq!(foreign.user_openid.unwrap().as_str(), "-000SomebodyElseInvented99");
}

#[test]
fn a_text_with_everything_around_it() {
    let text = message("im_receive_msg-text");
    assert_eq!(text.content, MessageContent::Text("สวัสดีค่ะ ร้านเปิดกี่โมงคะ 😊☕".into()));
    assert_eq!(text.conversation_id.as_str(), CONVERSATION);
    assert_eq!(text.message_id.as_str(), message_id(1));
    assert_eq!(text.timestamp_ms, 1_790_000_000_123);
    assert_eq!((text.parties.from.as_str(), text.parties.to.as_str()), ("nong.mali.demo", "baan.kafe.demo"));
    assert_eq!(text.parties.from_user.as_ref().unwrap().role, Some(Role::PersonalAccount));
    assert_eq!(text.parties.unique_identifier.as_ref().unwrap().as_str(), USER);
    assert_eq!(text.source, Some(MessageSource::App));
    assert_eq!((text.scene_type, text.is_follower), (Some(0), Some(true)));
    assert_eq!((&text.quoted_message_id, &text.reply, &text.auto_message_type), (&None, &None, &None));
    assert_eq!(text.direction(&BUSINESS.into()), Some(Direction::Incoming));
    assert_eq!(text, message("im_receive_msg-text-duplicate"));
}

#[test]
fn quote_and_button_tap() {
    let quote = message("im_receive_msg-text-quote");
    assert_eq!(quote.quoted_message_id.unwrap().as_str(), message_id(20));
    let tap = message("im_receive_msg-text-button-tap");
    assert_eq!(tap.content, MessageContent::Text("จองโต๊ะ".into()));
    let reply = tap.reply.unwrap();
    assert_eq!(reply.button_id.as_deref(), Some("opt_book_table"));
    assert_eq!(reply.message_id.unwrap().as_str(), message_id(22));
}

#[test]
fn a_sparse_message_is_enough() {
    let sparse = message("im_receive_msg-minimal");
    assert_eq!(sparse.timestamp_ms, 1_790_000_130_123, "from a numeric string");
    assert_eq!(sparse.direction(&BUSINESS.into()), Some(Direction::Incoming));
    let customer = sparse.customer(&BUSINESS.into()).unwrap();
    assert_eq!(customer.id.unwrap().as_str(), USER, "the sender's id when unique_identifier is missing");
    assert_eq!((sparse.source, sparse.scene_type, sparse.is_follower), (None, None, None));
}

#[test]
fn media_posts_stickers_and_emoji() {
    let content = |name: &str| message(&format!("im_receive_msg-{name}")).content;
    assert_eq!(content("image"), MessageContent::Image { media_id: "mediaInv3nted-IMG-0001".into() });
    assert!(matches!(content("video"), MessageContent::Video { .. }));
    let MessageContent::SharePost { embed_url, post_id } = content("share_post") else { panic!() };
    assert!(embed_url.unwrap().starts_with("https://www.tiktok.com/player/v1/7400000000000000101"));
    assert_eq!(post_id.unwrap().as_str(), "7400000000000000101");
    let MessageContent::Sticker { url } = content("sticker") else { panic!() };
    assert_eq!(tiktok::model::url_expiry(&url), Some(1_792_592_000));
    let url = "https://emoji.example.invalid/e/0001.webp".to_owned();
    assert_eq!(content("emoji"), MessageContent::Emoji { url });
}

#[test]
fn reactions() {
    let reaction = |name: &str| match message(&format!("im_receive_msg-reaction-{name}")).content {
        MessageContent::Reaction(mut reactions) => {
            assert_eq!(reactions.len(), 1);
            reactions.remove(0)
        }
        other => panic!("{name}: {other:?}"),
    };
    let added = reaction("add");
    assert_eq!((added.operation, added.kind), (ReactionOperation::Add, ReactionType::Emoji));
    assert_eq!((added.emoji.as_deref(), added.message_id.as_str()), (Some("❤️"), &*message_id(20)));
    assert_eq!((added.by.unwrap().as_str(), added.timestamp_ms), (USER, Some(1_790_000_115_123)));
    assert_eq!(reaction("remove").operation, ReactionOperation::Remove);
    let picture = reaction("ai_emoji");
    assert_eq!((picture.kind, picture.emoji), (ReactionType::AiEmoji, None));
    assert!(picture.image_url.unwrap().starts_with("https://ai-emoji."));
}

#[test]
fn what_has_no_variant_is_kept() {
    let MessageContent::Unsupported { type_name, raw } = message("im_receive_msg-unknown-type").content else {
        panic!()
    };
    assert_eq!((type_name.as_str(), &raw["hologram"]), ("hologram", &json!({"id": "x1"})));
    let Event::Unknown { event: name, raw } = event("unknown-event") else { panic!() };
    assert_eq!((name.as_str(), raw.as_str()), ("im_some_future_event", r#"{"anything":true}"#));
    let Event::Unreadable { event: name, raw, why } = event("bad-content-not-json") else { panic!() };
    assert_eq!((name.as_str(), raw.as_str()), ("im_receive_msg", "{not json"));
    assert!(!why.contains("not json"), "{why}");
}

#[test]
fn known_types_in_an_odd_shape_are_unsupported() {
    let odd = [
        json!({"type": "text"}),
        json!({"type": "text", "text": {"body": null}}),
        json!({"type": "image", "image": {"media_id": ""}}),
        json!({"type": "share_post", "share_post": {}}),
        json!({"type": "sticker", "sticker": "https://x.test"}),
        json!({"type": "reaction", "reaction": []}),
        json!({"type": "reaction", "reaction": [{"emoji": "x"}]}),
        json!({"type": "template", "template": {"type": "qa_button_card", "elements": [7]}}),
        json!({"type": 7}),
        json!({}),
    ];
    for mut content in odd {
        content["conversation_id"] = json!("c");
        content["message_id"] = json!(7_400_000_000_000_000_401_u64);
        content["timestamp"] = json!(1_790_000_000_123_i64);
        let body = json!({"event": "im_receive_msg", "content": content.to_string()});
        let Event::MessageReceived(message) = decode(body.to_string().as_bytes()).unwrap().content else {
            panic!("{content}")
        };
        assert_eq!(message.message_id.as_str(), "7400000000000000401");
        let MessageContent::Unsupported { raw, .. } = message.content else { panic!("{content}") };
        assert_eq!(raw, content);
    }
}

#[test]
fn echoes_of_every_source() {
    let expected = [
        ("text-api-echo", MessageSource::Api, None),
        ("template-api-echo", MessageSource::Api, None),
        ("text-app", MessageSource::App, None),
        ("image-web", MessageSource::Web, None),
        ("auto-welcome", MessageSource::Others, Some(AutoMessageType::WelcomeMessage)),
        ("auto-suggested_question", MessageSource::Others, Some(AutoMessageType::SuggestedQuestion)),
        ("auto-keyword", MessageSource::Others, Some(AutoMessageType::AutoReply)),
    ];
    for (name, source, auto) in expected {
        let echo = message(&format!("im_send_msg-{name}"));
        assert_eq!((echo.source.clone(), echo.auto_message_type.clone()), (Some(source), auto));
        assert_eq!(echo.direction(&BUSINESS.into()), Some(Direction::Outgoing));
        let customer = echo.customer(&BUSINESS.into()).unwrap();
        assert_eq!(customer.id.unwrap().as_str(), USER);
        assert_eq!(customer.username.as_deref(), Some("nong.mali.demo"));
    }
    let MessageContent::Template(card) = message("im_send_msg-template-api-echo").content else { panic!() };
    assert_eq!((card.style, card.title.as_str()), (TemplateStyle::ButtonCard, "ให้ช่วยเรื่องไหนดีคะ?"));
    let buttons: Vec<_> = card.buttons.iter().map(|button| (button.title.as_str(), button.id.as_deref())).collect();
    assert_eq!(buttons, [("จองโต๊ะ", Some("opt_book_table")), ("ดูเมนู", Some("opt_menu"))]);
}

#[test]
fn reads_and_referrals() {
    let Event::MarkRead(read) = event("im_mark_read_msg") else { panic!() };
    assert_eq!((read.conversation_id.as_str(), read.last_read_ms), (CONVERSATION, 1_790_000_040_456));
    assert_eq!(read.parties.direction(&BUSINESS.into()), Some(Direction::Incoming));

    let Event::Referral(entry) = event("im_referral_msg-ad") else { panic!() };
    let ad = entry.referral.ad.unwrap();
    assert_eq!((entry.referral.source, entry.is_follower), (ReferralSource::Ad, Some(false)));
    assert_eq!(ad.timestamp_ms, Some(1_789_999_995_000), "already milliseconds");
    assert_eq!(ad.message_material_id.as_deref(), Some("matInv3nted01"));
    let Event::Referral(entry) = event("im_referral_msg-short_link") else { panic!() };
    let link = entry.referral.short_link.unwrap();
    assert_eq!(link.prefilled_message_audit_status, Some(PrefillAudit::Pass));
    assert_eq!(link.prefilled_message.as_deref(), Some("ขอดูเมนูค่ะ"));
}

#[test]
fn europe_comments_and_automatic_messages() {
    let Event::MessageReceivedEu(notice) = event("im_receive_msg_eu") else { panic!() };
    assert_eq!(notice.to_user.unwrap().id, BUSINESS);
    assert_eq!(notice.timestamp_ms, Some(1_790_000_200_123));

    let Event::HighIntentComment(comment) = event("im_receive_high_intent_comment") else { panic!() };
    assert_eq!(comment.comment_id.as_str(), "7400000000000000401");
    let Event::Comment(comment) = event("comment.update-insert-top_level") else { panic!() };
    assert_eq!(comment.comment_id.as_str(), "7400000000000000401", "every digit");
    assert_eq!((comment.parent_comment_id, comment.action), (None, CommentAction::Insert));
    let Event::Comment(comment) = event("comment.update-delete-reply") else { panic!() };
    assert_eq!(comment.parent_comment_id.unwrap().as_str(), "7400000000000000401");
    assert_eq!((comment.action, comment.text), (CommentAction::Delete, None));

    let Event::AutoMessageConfig(prompt) = event("im_auto_message_config_update-chat_prompt") else { panic!() };
    assert_eq!(prompt.action, AutoMessageAction::Create);
    assert!(matches!(prompt.content, Some(AutoMessageContent::ChatPrompt { .. })));
    let Event::AutoMessageConfig(welcome) = event("im_auto_message_config_update-welcome") else { panic!() };
    assert_eq!((welcome.kind, welcome.action), (AutoMessageType::WelcomeMessage, AutoMessageAction::Enable));
    let Event::AutoMessageAudit(audit) = event("im_auto_message_audit_update-rejected") else { panic!() };
    assert_eq!(audit.status, AuditStatus::Rejected);
}

#[test]
fn disconnects_and_publications() {
    let Event::AuthorizationRemoved(removed) = event("authorization.removed") else { panic!() };
    assert_eq!(removed.reason, DisconnectReason::UserDisconnected);
    for content in ["", "{}", "null", "{not json", r#"{"reason":"x"}"#] {
        let body = json!({"event": "authorization.removed", "content": content}).to_string();
        let Event::AuthorizationRemoved(removed) = decode(body.as_bytes()).unwrap().content else {
            panic!("{content}")
        };
        assert_eq!(removed.reason, DisconnectReason::Unknown);
    }

    let Event::PostPublish(post) = event("loginkit-post.publish.failed") else { panic!() };
    assert_eq!((post.state, post.reason.as_deref()), (PublishState::Failed, Some("picture_size_check_failed")));
    for (name, state) in [
        ("no_longer_publicaly_available", PublishState::NoLongerPubliclyAvailable),
        ("no_longer_publicly_available", PublishState::NoLongerPubliclyAvailable),
        ("delayed", PublishState::Other("post.publish.delayed".into())),
    ] {
        let event = format!("post.publish.{name}");
        let content = r#"{"publish_id":"p","post_id":7400000000000000101}"#;
        let body = json!({"event": event, "content": content}).to_string();
        let Event::PostPublish(post) = decode(body.as_bytes()).unwrap().content else { panic!() };
        assert_eq!((post.state, post.post_id.unwrap().as_str()), (state, "7400000000000000101"));
    }
    let Event::VideoShare(share) = event("loginkit-video.upload.failed") else { panic!() };
    assert!(!share.completed);
}

#[test]
fn only_what_is_no_envelope_is_an_error() {
    for body in ["", "null", "[]", "{}", r#"{"event":""}"#, r#"{"event":{}}"#, "\u{feff}{}", "{"] {
        assert!(decode(body.as_bytes()).is_err(), "{body}");
    }
    assert!(decode(b"\xFF\xFE").is_err());
    let deep = format!(r#"{{"event":"x","content":{}}}"#, "[".repeat(100_000));
    assert!(decode(deep.as_bytes()).is_err());
    let deep = json!({"event": "im_receive_msg", "content": "[".repeat(100_000)}).to_string();
    assert_eq!(kind(&decode(deep.as_bytes()).unwrap().content), "unreadable");
    // Content as an object instead of a string, no content at all.
    let bare = decode(br#"{"event":"x","create_time":"1790000500","content":{"a":1}}"#).unwrap();
    assert_eq!(bare.create_time, Some(1_790_000_500));
    let Event::Unknown { raw, .. } = bare.content else { panic!() };
    assert_eq!(raw, r#"{"a":1}"#);
    let none = decode(br#"{"event":"im_receive_msg"}"#).unwrap();
    assert_eq!(kind(&none.content), "unreadable");
}

//! Every webhook fixture, and what becomes of bodies nobody has seen.

use respondio::{
    model::{ContactStatus, DeliveryState, MessageContent, SenderSource, Traffic},
    webhook::{Event, MessageReport, decode},
};
use serde_json::{Value, json};

use crate::support::{AGENT, CHANNEL, CONTACT, fixture, fixture_names, json_fixture};

fn event(name: &str) -> Event {
    decode(&fixture(&format!("webhook-{name}"))).unwrap().event
}

fn report(name: &str) -> MessageReport {
    match event(name) {
        Event::MessageReceived(report) | Event::MessageSent(report) => *report,
        other => panic!("{name}: {other:?}"),
    }
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::MessageReceived(_) => "received",
        Event::MessageSent(_) => "sent",
        Event::ContactCreated => "contact.created",
        Event::ContactUpdated => "contact.updated",
        Event::ContactAssigneeUpdated => "contact.assignee.updated",
        Event::ContactLifecycleUpdated(_) => "contact.lifecycle.updated",
        Event::ConversationOpened(_) => "conversation.opened",
        Event::ConversationClosed(_) => "conversation.closed",
        Event::Unknown { .. } => "unknown",
        Event::Unreadable { .. } => "unreadable",
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_fixture_is_the_event_it_is() {
    let mut names = fixture_names("webhook-");
    names.retain(|name| name != "webhook-signature-vectors");
    assert_eq!(names.len(), 11);
    for name in names {
        let envelope = decode(&fixture(&name)).unwrap();
        let name = name.trim_start_matches("webhook-");
        let expected = match name {
            name if name.starts_with("message.received.") => "received",
            name if name.starts_with("message.sent.") => "sent",
            name => name,
        };
        assert_eq!(kind(&envelope.event), expected, "{name}");
        assert!(envelope.event_id.unwrap().starts_with("00000000-0000-4000-8000-"), "{name}");
        assert!(name.starts_with(&envelope.event_type), "{name}");
        assert_eq!(envelope.contact.unwrap().id.get(), CONTACT, "{name}");
    }
}

#[test]
fn received_messages() {
    let text = report("message.received.text");
    assert_eq!(text.message.content.text(), Some("มีดอกกุหลาบสีแดงไหมคะ? 🌹😊"));
    assert_eq!((text.message.message_id.get(), &text.message.traffic), (1_795_170_000_000_000, &Traffic::Incoming));
    assert_eq!(text.message.timestamp_ms, Some(1_795_170_000_000));
    assert_eq!((text.contact_id.unwrap().get(), text.message.channel_id.unwrap().get()), (CONTACT, CHANNEL));
    let channel = text.channel.unwrap();
    assert_eq!((channel.id.get(), channel.meta), (CHANNEL, Some(json!("{}"))));
    assert!(channel.source.unwrap().is_tiktok());

    let image = report("message.received.image");
    assert!(matches!(image.message.content, MessageContent::Attachment(_)));
    assert_eq!(image.message.message_id.get(), 1_795_170_000_000_001);
    let post = report("message.received.post");
    assert!(matches!(post.message.content, MessageContent::Post { url: Some(_), .. }));
    assert_eq!(post.message.timestamp_ms, Some(1_795_170_200_000), "milliseconds this time");
}

#[test]
fn sent_messages_are_never_incoming() {
    let user = report("message.sent.user");
    assert_eq!(user.message.traffic, Traffic::Outgoing);
    let sender = user.message.sender.as_ref().unwrap();
    assert_eq!((&sender.source, sender.user_id.unwrap().get()), (&SenderSource::User, AGENT));
    assert_eq!(user.channel.unwrap().last_incoming_ms, Some(1_795_170_000_000));
    let failed = report("message.sent.failed");
    assert_eq!((failed.message.state(), &failed.message.traffic), (Some(&DeliveryState::Failed), &Traffic::Outgoing));
    assert_eq!(failed.message.failure(), Some("[placeholder] provider rejected the message"));
    // Without a word about the direction, the event's name says it.
    let mut body = json_fixture("webhook-message.sent.user");
    body["message"].as_object_mut().unwrap().remove("traffic");
    let Event::MessageSent(report) = decode(body.to_string().as_bytes()).unwrap().event else { panic!() };
    assert_eq!(report.message.traffic, Traffic::Outgoing);
}

/// A webhook and a list tell the same message: contact and message id are the key.
#[test]
fn webhook_and_list_agree() {
    let listed = json_fixture("message-list.page2-last");
    for (name, index) in [("message.received.text", 2), ("message.received.image", 1), ("message.sent.user", 0)] {
        let report = report(name);
        let item: &Value = &listed["items"][index];
        assert_eq!(json!(report.message.message_id), item["messageId"]);
        assert_eq!(json!(report.contact_id), item["contactId"]);
        assert_eq!(report.message.sent_at_ms().unwrap() * 1000, item["messageId"].as_i64().unwrap() / 1000 * 1000);
    }
}

#[test]
fn contacts_and_conversations() {
    let envelope = decode(&fixture("webhook-contact.created")).unwrap();
    let contact = envelope.contact.unwrap();
    assert_eq!((&contact.assignee, contact.custom_fields.len()), (&None, 0), "an empty object is nobody");
    let assigned = decode(&fixture("webhook-contact.assignee.updated")).unwrap().contact.unwrap();
    assert_eq!(assigned.assignee.unwrap().id.unwrap().get(), AGENT);

    let Event::ContactLifecycleUpdated(change) = event("contact.lifecycle.updated") else { panic!() };
    assert_eq!((change.lifecycle.as_deref(), change.old_lifecycle.as_deref()), (Some("Customer"), Some("New Lead")));
    let body = json!({"event_type": "contact.lifecycle.updated", "lifecycle": {"id": 3}, "oldLifecycle": null});
    let Event::ContactLifecycleUpdated(change) = decode(body.to_string().as_bytes()).unwrap().event else { panic!() };
    assert_eq!((change.lifecycle.as_deref(), change.old_lifecycle), (Some("3"), None));

    let Event::ConversationOpened(opened) = event("conversation.opened") else { panic!() };
    assert_eq!((opened.opened_by, opened.opened_ms), (Some(SenderSource::Contact), Some(1_795_170_000_000)));
    assert_eq!((opened.closed_ms, opened.closed_by), (None, None));
    let envelope = decode(&fixture("webhook-conversation.closed")).unwrap();
    assert_eq!(envelope.contact.unwrap().status, Some(ContactStatus::Closed));
    let Event::ConversationClosed(closed) = envelope.event else { panic!() };
    assert_eq!((closed.category.as_deref(), closed.summary.as_deref()), (Some("ปิดการขาย"), Some("ลูกค้าโอนแล้ว ✅")));
    assert_eq!((closed.closed_by, closed.closed_by_source), (None, Some(SenderSource::Api)));
    assert_eq!((closed.first_response_time, closed.resolution_time), (Some(120), Some(3600)));
    assert_eq!((closed.incoming_count, closed.outgoing_count), (Some(4), Some(3)));
    assert_eq!((closed.assignee_team.as_deref(), closed.last_assignment_ms), (Some("ทีมขาย"), Some(1_795_170_060_000)));
    // Nothing inside is promised.
    let Event::ConversationOpened(bare) = decode(br#"{"event_type":"conversation.opened"}"#).unwrap().event else {
        panic!()
    };
    assert_eq!(bare.opened_ms, None);
}

#[test]
fn unknown_events_and_aliases() {
    for name in ["call.ended", "contact.tag.updated", "comment.created", "MESSAGE.RECEIVED"] {
        let body = json!({"event_type": name, "x": [1]});
        let envelope = decode(body.to_string().as_bytes()).unwrap();
        let Event::Unknown { raw } = envelope.event else { panic!("{name}") };
        assert_eq!((raw, envelope.event_type.as_str(), envelope.event_id), (body, name, None));
    }
    for (alias, expected) in [("new_incoming_message", "received"), ("new_outgoing_message", "sent")] {
        let mut body = json_fixture("webhook-message.received.text");
        body["event_type"] = json!(alias);
        assert_eq!(kind(&decode(body.to_string().as_bytes()).unwrap().event), expected);
    }
}

#[test]
fn a_body_that_cannot_be_read_is_kept() {
    for message in [json!(null), json!(7), json!({}), json!({"messageId": "x"}), json!([])] {
        let body = json!({"event_type": "message.received", "event_id": "e", "message": message});
        let envelope = decode(body.to_string().as_bytes()).unwrap();
        let Event::Unreadable { raw, why } = envelope.event else { panic!("{message}") };
        assert_eq!((raw, envelope.event_id.as_deref()), (body, Some("e")));
        assert!(why.contains("message"), "{why}");
    }
    // A contact or channel that cannot be read does not cost the message.
    let mut body = json_fixture("webhook-message.received.text");
    body["contact"] = json!({"id": "410000101", "firstName": 7});
    body["channel"] = json!("odd");
    body["message"].as_object_mut().unwrap().remove("contactId");
    let Event::MessageReceived(report) = decode(body.to_string().as_bytes()).unwrap().event else { panic!() };
    assert_eq!((report.contact_id.unwrap().get(), report.channel), (CONTACT, None), "the contact beside it");
}

#[test]
fn only_what_is_no_webhook_is_an_error() {
    for body in ["", "null", "[]", "{}", r#"{"event_type":""}"#, r#"{"event_type":{}}"#, "\u{feff}{}", "{"] {
        assert!(decode(body.as_bytes()).is_err(), "{body}");
    }
    assert!(decode(b"\xFF\xFE").is_err());
    let deep = format!(r#"{{"event_type":"x","message":{}}}"#, "[".repeat(100_000));
    assert!(decode(deep.as_bytes()).is_err());
}

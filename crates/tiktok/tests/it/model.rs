//! Enums and ids accept whatever arrives.

use serde_json::{Value, json};
use tiktok::model::{ConversationId, Direction, MessageSource, Role, TemplateStyle, UserId, url_expiry};

#[test]
fn enums_read_any_case_and_keep_the_unknown() {
    for text in ["QA_LINK_CARD", "qa_link_card", "Qa_Link_Card"] {
        assert_eq!(TemplateStyle::from(text), TemplateStyle::LinkCard);
    }
    let role: Role = serde_json::from_value(json!("personal_account")).unwrap();
    assert_eq!((role.as_str(), serde_json::to_value(&role).unwrap()), ("PERSONAL_ACCOUNT", json!("PERSONAL_ACCOUNT")));
    for value in [json!("Hologram"), json!(""), json!(7), json!(null), json!({"a": []})] {
        let source: MessageSource = serde_json::from_value(value.clone()).unwrap();
        assert!(matches!(source, MessageSource::Other(_)), "{value}");
        let back: MessageSource = serde_json::from_value(serde_json::to_value(&source).unwrap()).unwrap();
        assert_eq!(back, source);
    }
    assert_eq!(MessageSource::Other("Hologram".into()).to_string(), "Hologram");
}

#[test]
fn ids_are_strings_or_whole_numbers() {
    let id: UserId = serde_json::from_value(json!(7_400_000_000_000_000_401_u64)).unwrap();
    assert_eq!(id.as_str(), "7400000000000000401");
    let id: ConversationId = serde_json::from_str(r#""a+b/c==""#).unwrap();
    assert_eq!((id.to_string(), serde_json::to_value(&id).unwrap()), ("a+b/c==".into(), json!("a+b/c==")));
    for value in [json!(1.5), json!(null), json!([])] {
        assert!(serde_json::from_value::<UserId>(value).is_err());
    }
}

#[test]
fn direction_is_told_by_ids_then_roles_then_the_event() {
    use Direction::{Incoming, Outgoing};
    let business = json!({"id": "b", "role": "business_account"});
    let user = json!({"id": "u", "role": "personal_account"});
    let bare = |id: &str| json!({ "id": id });
    let stranger = |role: &str| json!({"id": "x", "role": role});
    let cases = [
        // The ids win over the event name.
        ("im_receive_msg", business.clone(), user.clone(), Outgoing),
        ("im_send_msg", user, business, Incoming),
        ("im_send_msg", bare("u"), bare("b"), Incoming),
        ("im_receive_msg", bare("b"), Value::Null, Outgoing),
        // Ids of another account: the roles tell.
        ("im_send_msg", stranger("personal_account"), stranger("business_account"), Incoming),
        ("im_receive_msg", stranger("BUSINESS_ACCOUNT"), stranger("x"), Outgoing),
        ("im_receive_msg", Value::Null, stranger("personal_account"), Outgoing),
        ("im_send_msg", Value::Null, stranger("business_account"), Incoming),
        // Nothing else: the event name.
        ("im_receive_msg", Value::Null, Value::Null, Incoming),
        ("im_send_msg", bare("x"), bare("y"), Outgoing),
        ("im_send_msg", stranger("business_account"), stranger("business_account"), Outgoing),
    ];
    for (event, from_user, to_user, expected) in cases {
        let content = json!({
            "conversation_id": "c", "message_id": "m", "timestamp": 1_790_000_000_123_i64,
            "from_user": from_user, "to_user": to_user, "type": "text", "text": {"body": ""},
        });
        let body = json!({"event": event, "user_openid": "b", "content": content.to_string()});
        let envelope = tiktok::webhook::decode(body.to_string().as_bytes()).unwrap();
        let (tiktok::webhook::Event::MessageReceived(message) | tiktok::webhook::Event::MessageSent(message)) =
            envelope.content
        else {
            panic!("{body}")
        };
        let business = envelope.user_openid.unwrap();
        assert_eq!(message.direction(&business), Some(expected), "{body}");
    }
}

#[test]
fn picture_addresses_tell_their_expiry() {
    assert_eq!(url_expiry("https://x.test/a?b=1&x-expires=1792592000"), Some(1_792_592_000));
    for url in ["https://x.test/a", "https://x.test/a?x-expires=soon", "nowhere", ""] {
        assert_eq!(url_expiry(url), None, "{url}");
    }
}

//! Nothing that arrives makes the decoder panic, and a known message survives odd neighbours.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tiktok::webhook::{Event, Verifier, decode};

use crate::support::{fixture, fixture_names};

/// Any JSON, three levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Paths of every value inside a content.
fn paths(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| paths(value, &format!("{here}/{key}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| paths(value, &format!("{here}/{index}"), found));
        }
        _ => {}
    }
}

fn any_fixture() -> impl Strategy<Value = Vec<u8>> {
    let bodies: Vec<_> = fixture_names("webhook-").iter().map(|name| fixture(name)).collect();
    prop::sample::select(bodies)
}

fn any_event() -> impl Strategy<Value = String> {
    let names = fixture_names("webhook-").into_iter().filter_map(|name| Some(decode(&fixture(&name)).ok()?.event));
    let others = ["brand.mention.event", "portability.download.ready", "post.publish.complete"].map(str::to_owned);
    prop::sample::select(names.chain(others).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        drop(decode(&bytes));
        drop(tiktok::login::decode_webhook(&bytes));
    }

    /// Any event TikTok names, with any bytes as its content.
    #[test]
    fn any_content(name in any_event(), content in any::<String>()) {
        let body = json!({"event": name, "content": content}).to_string();
        let decoded = decode(body.as_bytes()).unwrap();
        prop_assert_eq!(decoded.event, name);
    }

    #[test]
    fn any_code(number: i64) {
        let code = tiktok::ErrorCode::from(number);
        prop_assert_eq!(code.number(), number);
        let class = code.class();
        // Nobody is told to slow down and to look for what went out at once.
        prop_assert!(!(class.is_uncertain() && class == tiktok::ErrorClass::RateLimited));
        prop_assert!(!code.advice().action.is_empty());
    }

    #[test]
    fn a_fixture_with_changed_bytes(
        mut body in any_fixture(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut: prop::sample::Index,
        truncate: bool,
    ) {
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if truncate {
            body.truncate(cut.index(body.len()));
        }
        drop(decode(&body));
    }

    /// Well-formed but wrong: any value of the content replaced by any other.
    #[test]
    fn a_fixture_with_a_changed_value(
        body in any_fixture(),
        at: prop::sample::Index,
        value in any_json(),
    ) {
        let mut envelope: Value = serde_json::from_slice(&body).unwrap();
        let event = envelope["event"].as_str().unwrap().to_owned();
        let content = envelope["content"].as_str().unwrap();
        let Ok(mut content) = serde_json::from_str::<Value>(content) else { return Ok(()) };
        let mut found = Vec::new();
        paths(&content, "", &mut found);
        *content.pointer_mut(&found[at.index(found.len())]).unwrap() = value;
        envelope["content"] = Value::from(content.to_string());
        let decoded = decode(envelope.to_string().as_bytes()).unwrap();
        prop_assert_eq!(&decoded.event, &event);
        // Whatever could not be read is kept word for word.
        if let Event::Unknown { raw, .. } | Event::Unreadable { raw, .. } = decoded.content {
            prop_assert_eq!(raw, content.to_string());
        }
    }

    /// Fields TikTok may add tomorrow change nothing.
    #[test]
    fn a_fixture_with_an_added_field(body in any_fixture(), name in "new_[a-z]{1,8}", value in any_json()) {
        let before = decode(&body).unwrap();
        let mut envelope: Value = serde_json::from_slice(&body).unwrap();
        let content = envelope["content"].as_str().unwrap();
        let Ok(mut content) = serde_json::from_str::<Value>(content) else { return Ok(()) };
        content[&name] = value.clone();
        envelope[&name] = value;
        envelope["content"] = Value::from(content.to_string());
        let after = decode(envelope.to_string().as_bytes()).unwrap();
        let kind = std::mem::discriminant(&after.content);
        prop_assert_eq!(kind, std::mem::discriminant(&before.content));
    }

    #[test]
    fn any_text_arrives_unchanged(text in any::<String>()) {
        let content = json!({
            "conversation_id": "c", "message_id": "m", "timestamp": 1_790_000_000_123_i64,
            "type": "text", "text": {"body": text},
        });
        let body = json!({"event": "im_receive_msg", "content": content.to_string()});
        let decoded = decode(body.to_string().as_bytes()).unwrap();
        let Event::MessageReceived(message) = decoded.content else { panic!("{body}") };
        prop_assert_eq!(message.content, tiktok::model::MessageContent::Text(text));
    }

    #[test]
    fn any_signature_header(header in ".{0,100}", body: Vec<u8>, now: i64) {
        let tolerance = std::time::Duration::from_mins(5);
        prop_assert!(Verifier::new("s").verify(Some(&header), &body, now, tolerance).is_err());
    }

    #[test]
    fn what_is_signed_verifies(secret in ".{1,40}", body: Vec<u8>, time in 0..4_000_000_000_i64) {
        let header = tiktok::webhook::sign(&secret.as_str().into(), time, &body);
        let tolerance = std::time::Duration::from_mins(5);
        let verifier = Verifier::new(secret);
        prop_assert!(verifier.verify(Some(&header), &body, time, tolerance).is_ok());
        let mut other = body;
        other.push(0);
        prop_assert!(verifier.verify(Some(&header), &other, time, tolerance).is_err());
    }
}

//! Nothing that arrives makes a reader panic, and a known message survives odd neighbours.

use proptest::prelude::*;
use respondio::{
    model::{ContactId, MessageId},
    webhook::{Event, Verifier, decode, sign},
};
use serde_json::{Map, Value, json};

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
            prop::collection::hash_map("[a-zA-Z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Paths of every value inside a body.
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
    let names = fixture_names("webhook-").into_iter().filter(|name| name != "webhook-signature-vectors");
    prop::sample::select(names.map(|name| fixture(&name)).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        drop(decode(&bytes));
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

    /// Well-formed but wrong: any value inside the body replaced by any other.
    #[test]
    fn a_fixture_with_a_changed_value(body in any_fixture(), at: prop::sample::Index, value in any_json()) {
        let mut body: Value = serde_json::from_slice(&body).unwrap();
        let mut found = Vec::new();
        paths(&body, "", &mut found);
        found.retain(|path| !path.is_empty() && path != "/event_type");
        *body.pointer_mut(&found[at.index(found.len())]).unwrap() = value;
        let decoded = decode(body.to_string().as_bytes()).unwrap();
        prop_assert_eq!(Some(decoded.event_type.as_str()), body["event_type"].as_str());
        // Whatever could not be read is kept whole.
        if let Event::Unknown { raw } | Event::Unreadable { raw, .. } = decoded.event {
            prop_assert_eq!(raw.to_string(), serde_json::from_str::<Value>(&body.to_string()).unwrap().to_string());
        }
    }

    /// Fields Respond.io may add tomorrow change nothing.
    #[test]
    fn a_fixture_with_an_added_field(body in any_fixture(), name in "new_[a-z]{1,8}", value in any_json()) {
        let before = decode(&body).unwrap();
        let mut body: Value = serde_json::from_slice(&body).unwrap();
        body[&name] = value.clone();
        body["contact"][&name] = value.clone();
        if body["message"].is_object() {
            body["message"][&name] = value;
        }
        let after = decode(body.to_string().as_bytes()).unwrap();
        prop_assert_eq!(after, before);
    }

    #[test]
    fn any_text_arrives_unchanged(text in any::<String>()) {
        let message = json!({"messageId": 1, "message": {"type": "text", "text": text}});
        let body = json!({"event_type": "message.received", "message": message});
        let Event::MessageReceived(report) = decode(body.to_string().as_bytes()).unwrap().event else {
            panic!("{body}")
        };
        prop_assert_eq!(report.message.content.text(), Some(text.as_str()));
    }

    /// Ids keep every digit, as numbers and as strings, through JSON and text.
    #[test]
    fn ids_are_lossless(id: u64) {
        let message = MessageId::new(id);
        let written = serde_json::to_string(&message).unwrap();
        prop_assert_eq!(&written, &id.to_string());
        prop_assert_eq!(serde_json::from_str::<MessageId>(&written).unwrap(), message);
        prop_assert_eq!(serde_json::from_str::<MessageId>(&format!("\"{id}\"")).unwrap(), message);
        prop_assert_eq!(message.to_string().parse::<MessageId>().unwrap(), message);
        prop_assert_eq!(serde_json::from_value::<ContactId>(json!(id)).unwrap().get(), id);
        let body = json!({"event_type": "message.sent", "message": {"messageId": id}});
        let Event::MessageSent(report) = decode(body.to_string().as_bytes()).unwrap().event else { panic!("{body}") };
        prop_assert_eq!(report.message.message_id, message);
    }

    /// Order of ids is order of time, to the microsecond.
    #[test]
    fn time_grows_with_the_id(micros in 1_000_000_000_000_000_u64..4_000_000_000_000_000) {
        let at = |id| MessageId::new(id).sent_at_ms().unwrap();
        prop_assert_eq!(at(micros), i64::try_from(micros / 1000).unwrap());
        prop_assert!(at(micros + 1) >= at(micros));
    }

    #[test]
    fn any_signature_header(header in ".{0,100}", body: Vec<u8>) {
        prop_assert!(Verifier::new(["s"]).verify(Some(&header), &body).is_err());
    }

    #[test]
    fn what_is_signed_verifies(key in ".{1,40}", body: Vec<u8>) {
        let header = sign(&key.as_str().into(), &body);
        let verifier = Verifier::new([key]);
        prop_assert!(verifier.verify(Some(&header), &body).is_ok());
        let mut other = body;
        other.push(0);
        prop_assert!(verifier.verify(Some(&header), &other).is_err());
    }
}

//! Signature vectors and the reasons for refusal.

use respondio::webhook::{SignatureError, Verifier, sign};

use crate::support::{fixture, json_fixture};

#[test]
fn every_vector_gets_its_verdict() {
    use SignatureError::{Malformed, Mismatch, Missing};

    let file = json_fixture("webhook-signature-vectors");
    let verify = |vector: &serde_json::Value| {
        let text = |name: &str| vector[name].as_str().unwrap();
        let body = text("body").as_bytes();
        let verdict = Verifier::new([text("signing_key")]).verify(Some(text("x_webhook_signature")), body);
        (verdict, sign(&text("signing_key").into(), body) == text("x_webhook_signature"))
    };
    let valid: Vec<_> = file["valid"].as_array().unwrap().iter().map(verify).collect();
    assert_eq!(valid.len(), 3);
    for (verdict, same) in valid {
        assert!(same);
        assert_eq!(verdict.unwrap().key, 0);
    }
    let invalid: Vec<_> = file["invalid"].as_array().unwrap().iter().map(|vector| verify(vector).0).collect();
    // Key decoded first, hex in place of base64, a newline too many, an empty header.
    assert_eq!(invalid, [Err(Mismatch), Err(Malformed), Err(Mismatch), Err(Missing)]);
}

/// The long vector is the compact form of a fixture: the two stay in step.
#[test]
fn the_first_vector_is_the_text_fixture() {
    let vectors = json_fixture("webhook-signature-vectors");
    let body: serde_json::Value = serde_json::from_str(vectors["valid"][0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body, json_fixture("webhook-message.received.text"));
}

#[test]
fn each_webhook_has_its_own_key() {
    let body = fixture("webhook-message.received.text");
    let verifier = Verifier::new(["key-a", "key-b", "key-c"]);
    for (index, key) in ["key-a", "key-b", "key-c"].into_iter().enumerate() {
        assert_eq!(verifier.verify(Some(&sign(&key.into(), &body)), &body).unwrap().key, index);
    }
    let other = sign(&"key-d".into(), &body);
    assert_eq!(verifier.verify(Some(&other), &body), Err(SignatureError::Mismatch));
    let nobody = Verifier::new(Vec::<String>::new());
    assert_eq!(nobody.verify(Some(&other), &body), Err(SignatureError::Mismatch));
    assert!(!format!("{verifier:?}").contains("key-a"));
}

#[test]
fn odd_headers() {
    let body = b"{}";
    let good = sign(&"plain-key".into(), body);
    let verify = |header: Option<&str>| Verifier::new(["plain-key"]).verify(header, body);
    verify(Some(&good)).unwrap();
    verify(Some(&format!(" {good}\t"))).unwrap();
    for missing in [None, Some(""), Some("  ")] {
        assert_eq!(verify(missing), Err(SignatureError::Missing));
    }
    let odd = [
        good.trim_end_matches('=').to_owned(),
        format!("sha256={good}"),
        format!("{good}{good}"),
        good.replace('/', "_"),
        "AAAA".to_owned(),
        "ลายเซ็น".to_owned(),
    ];
    for header in odd {
        assert_eq!(verify(Some(&header)), Err(SignatureError::Malformed), "{header}");
    }
}

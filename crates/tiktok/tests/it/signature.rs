//! Signature vectors and the reasons for refusal.

use serde_json::Value;
use tiktok::{
    AppSecret,
    limits::SIGNATURE_TOLERANCE,
    webhook::{SignatureError, Verified, Verifier, sign},
};

use crate::support::fixture;

const SIGNED_AT: i64 = 1_790_000_000;

#[test]
fn every_vector_gets_its_verdict() {
    use SignatureError::{Malformed, Mismatch, Missing, TooOld};

    let file: Value = serde_json::from_slice(&fixture("signature-vectors")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    let verdicts = vectors.iter().map(|vector| {
        let text = |name: &str| vector[name].as_str().unwrap();
        let (body, now) = (text("body").as_bytes(), vector["now"].as_i64().unwrap());
        let verifier = Verifier::new(text("secret"));
        let verdict =
            verifier.verify(Some(text("header")), body, now, SIGNATURE_TOLERANCE).and_then(Verified::require_fresh);
        assert_eq!(verdict.is_ok(), text("expect") == "accept", "{}", text("name"));
        if text("name") == "valid" {
            let header = sign(&AppSecret::new(text("secret")), SIGNED_AT, body);
            assert_eq!(header, text("header"));
        }
        (text("name"), verdict.err())
    });
    assert_eq!(
        verdicts.collect::<Vec<_>>(),
        [
            ("valid", None),
            ("valid, parts swapped and spaced", None),
            ("valid but 301 s old", Some(TooOld { age_secs: 301 })),
            ("re-serialized body (escape lost)", Some(Mismatch)),
            ("timestamp changed", Some(Mismatch)),
            ("wrong secret", Some(Mismatch)),
            ("missing s", Some(Malformed)),
            ("non-hex s", Some(Malformed)),
            ("empty header", Some(Missing)),
        ]
    );
}

fn verify(header: Option<&str>, now: i64) -> Result<Verified, SignatureError> {
    Verifier::new("secret").verify(header, b"body", now, SIGNATURE_TOLERANCE)
}

#[test]
fn late_is_not_forged() {
    let header = sign(&"secret".into(), SIGNED_AT, b"body");
    let at = |age: i64| verify(Some(&header), SIGNED_AT + age);
    assert_eq!(at(300), Ok(Verified { age_secs: 300, late: false }));
    assert_eq!(at(301), Ok(Verified { age_secs: 301, late: true }));
    assert_eq!(at(72 * 3600).unwrap().require_fresh(), Err(SignatureError::TooOld { age_secs: 259_200 }));
    assert_eq!(at(-60), Ok(Verified { age_secs: -60, late: false }));
    assert_eq!(at(-61), Err(SignatureError::FromFuture { ahead_secs: 61 }));
    assert!(verify(Some(&header), i64::MAX).unwrap().late);
    assert!(verify(Some(&header), i64::MIN).is_err());
}

#[test]
fn odd_headers_are_malformed() {
    let good = sign(&"secret".into(), SIGNED_AT, b"body");
    let hex = good.split_once("s=").unwrap().1.to_owned();
    let odd = [
        "nonsense".to_owned(),
        format!("t=,s={hex}"),
        format!("t=-1,s={hex}"),
        format!("t=+1,s={hex}"),
        format!("t=99999999999999999999,s={hex}"),
        format!("t=1790000000,t=1790000000,s={hex}"),
        format!("t=1790000000,s={hex},s={hex}"),
        format!("t=1790000000,s={hex}0"),
        format!("t=1790000000,s={}", &hex[..62]),
        format!("t=1790000000,s={}ก", &hex[..61]),
        format!("{good},"),
    ];
    for header in odd {
        assert_eq!(verify(Some(&header), SIGNED_AT), Err(SignatureError::Malformed), "{header}");
    }
    for missing in [None, Some(""), Some("  ")] {
        assert_eq!(verify(missing, SIGNED_AT), Err(SignatureError::Missing));
    }
    assert!(verify(Some(&format!("{good},v=2")), SIGNED_AT).is_ok(), "a new part is ignored");
    let upper = format!("t=1790000000,s={}", hex.to_uppercase());
    assert!(verify(Some(&upper), SIGNED_AT).is_ok());
}

#[test]
fn the_time_is_signed_as_written() {
    let header = sign(&"secret".into(), SIGNED_AT, b"body").replace("t=", "t=0");
    assert_eq!(verify(Some(&header), SIGNED_AT), Err(SignatureError::Mismatch));
}

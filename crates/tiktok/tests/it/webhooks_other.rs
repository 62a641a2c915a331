//! Events of the other categories and of Login Kit apps.

use serde_json::{Value, json};
use tiktok::{
    limits::SIGNATURE_TOLERANCE,
    login::{ClientSecret, OpenId, decode_webhook},
    webhook::{CommentKind, DisconnectReason, Event, MentionAction, MentionKind, PublishState, decode, sign},
};

use crate::support::{fixture, fixture_names};

fn event(name: &str, content: &Value) -> Event {
    decode(json!({"event": name, "content": content.to_string()}).to_string().as_bytes()).unwrap().content
}

#[test]
fn mentions() {
    let content = |kind: &str, comment: Value| {
        json!({
            "type_of_event": "CREATE", "mention_type": kind, "video_id": 7_400_000_000_000_000_101_u64,
            "video_create_time": 1_789_999_000, "open_id_of_mentioned_user": "-000Shop",
            "unique_name_of_mentioned_user": "baan.kafe.demo", "unique_identifier": "Zk7+User==",
            "share_url": "https://www.tiktok.com/x", "video_caption": "@baan.kafe.demo ☕", "comment_id": comment,
        })
    };
    // The field table and the sample of TikTok's page spell it differently.
    for spelling in ["VIDEO_MENTION", "VIDEO MENTION", "video_mention"] {
        let Event::BrandMention(mention) = event("brand.mention.event", &content(spelling, json!("0"))) else {
            panic!()
        };
        assert_eq!((mention.kind, mention.comment_id), (Some(MentionKind::Caption), None), "{spelling}");
        assert_eq!((mention.action, mention.video_id.as_str()), (Some(MentionAction::Create), "7400000000000000101"));
        assert_eq!(mention.video_create_time_ms, Some(1_789_999_000_000));
        assert_eq!(mention.business_id.unwrap().as_str(), "-000Shop");
    }
    let comment = content("COMMENT", json!("7400000000000000401"));
    let Event::BrandMention(mention) = event("brand.mention.event", &comment) else { panic!() };
    assert_eq!(mention.comment_id.unwrap().as_str(), "7400000000000000401");
    assert_eq!(mention.unique_identifier.unwrap().as_str(), "Zk7+User==");

    assert!(matches!(event("brand.mention.event", &json!({"video_id": "1"})), Event::BrandMention(_)));
    assert!(matches!(event("brand.mention.event", &json!({})), Event::Unreadable { .. }));
}

#[test]
fn publications_of_every_state() {
    for (name, state) in [
        ("failed", PublishState::Failed),
        ("complete", PublishState::Complete),
        ("inbox_delivered", PublishState::InboxDelivered),
        ("publicly_available", PublishState::PubliclyAvailable),
        ("no_longer_publicly_available", PublishState::NoLongerPubliclyAvailable),
        ("no_longer_publicaly_available", PublishState::NoLongerPubliclyAvailable),
    ] {
        let content = json!({"publish_id": "v_pub_url~v1.1", "publish_type": "DIRECT_PUBLISH", "reason": "internal"});
        let Event::PostPublish(post) = event(&format!("post.publish.{name}"), &content) else { panic!("{name}") };
        assert_eq!((post.state, post.publish_id.as_str()), (state, "v_pub_url~v1.1"));
        assert_eq!(post.publish_type.as_deref(), Some("DIRECT_PUBLISH"));
    }
}

#[test]
fn comments_tell_their_kind() {
    let kind = |fixture_name: &str| match decode(&fixture(fixture_name)).unwrap().content {
        Event::Comment(comment) => comment.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind("webhook-comment.update-insert-top_level"), Some(CommentKind::Comment));
    assert_eq!(kind("webhook-comment.update-delete-reply"), Some(CommentKind::Reply));
}

#[test]
fn disconnects_of_every_reason() {
    let reasons = [
        (0, DisconnectReason::Unknown),
        (1, DisconnectReason::UserDisconnected),
        (2, DisconnectReason::AccountDeleted),
        (3, DisconnectReason::AgeChanged),
        (4, DisconnectReason::Banned),
        (5, DisconnectReason::DeveloperRevoked),
        (6, DisconnectReason::Other(6)),
    ];
    for (number, reason) in reasons {
        let Event::AuthorizationRemoved(removed) = event("authorization.removed", &json!({"reason": number})) else {
            panic!("{number}")
        };
        assert_eq!(removed.reason, reason);
    }
}

#[test]
fn a_data_export_names_no_user() {
    let content = json!({"request_id": 7_400_000_000_000_000_701_u64}).to_string();
    let body = json!({"client_key": "lk", "event": "portability.download.ready", "create_time": 1_790_000_000, "content": content});
    let envelope = decode_webhook(body.to_string().as_bytes()).unwrap();
    assert_eq!((envelope.user_openid, envelope.client_key.unwrap().as_str()), (None, "lk"));
    let Event::PortabilityReady(ready) = envelope.content else { panic!("{body}") };
    assert_eq!(ready.request_id, "7400000000000000701");
}

#[test]
fn login_kit_fixtures_carry_ids_of_login_kit() {
    let names = fixture_names("webhook-loginkit-");
    assert_eq!(names.len(), 4);
    for name in names {
        let envelope = decode_webhook(&fixture(&name)).unwrap();
        assert_eq!(envelope.user_openid, Some(OpenId::new("act-user-invented-01")), "{name}");
        assert_eq!(envelope.client_key.unwrap().as_str(), "lkinventedclientkey01");
        assert!(matches!(envelope.content, Event::PostPublish(_) | Event::VideoShare(_)), "{name}");
        assert!(name.contains(&envelope.event));
    }
    assert!(decode_webhook(b"{}").is_err());
}

#[test]
fn the_client_secret_is_the_key_of_the_signature() {
    let body = fixture("webhook-loginkit-post.publish.failed");
    let header = sign(&"client-secret".into(), 1_790_000_000, &body);
    let verify = |secret: &str| {
        let verifier = ClientSecret::new(secret).verifier();
        verifier.verify(Some(&header), &body, 1_790_000_001, SIGNATURE_TOLERANCE).is_ok()
    };
    assert!(verify("client-secret"));
    assert!(!verify("portal-secret"));
}

#[test]
fn the_envelope_counts_seconds() {
    for time in [json!(1_790_000_500), json!("1790000500"), json!(1_790_000_500_622_i64)] {
        let body = json!({"event": "tiktok.ping", "create_time": time, "content": "{\"reason\":\"test\"}"}).to_string();
        assert_eq!(decode(body.as_bytes()).unwrap().create_time, Some(1_790_000_500), "{body}");
    }
}

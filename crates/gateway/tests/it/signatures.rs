//! Who may deliver: signatures over the raw bytes, on time, and the unsigned door that opens in `dev` only.

use std::time::Duration;

use domain::{Timestamp, store::DeliveryFilter};
use serde_json::{Value, json};

use crate::harness::{FIXTURE_ACCOUNT, START, World, answer, fixture, sign};

const FLAT: &str = r#"{"contact":{"id":"1","first_name":"Test"},"conversation_id":"conv_1","message_content":"Hello!","message_type":"text","message_timestamp":"2026-02-27T10:00:00Z"}"#;

#[tokio::test]
async fn wrong_or_missing_is_401_and_leaves_no_row() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let body = fixture("webhook-im_receive_msg-text.json");
    let good = sign(world.clock.now(), &body);
    let (time, _) = good.split_once(",s=").unwrap();
    let zeros = format!("{time},s={}", "0".repeat(64));
    for bad in ["", "t=1,s=", "nonsense", &zeros, time, &sign(world.clock.now(), b"other bytes")] {
        assert_eq!(world.deliver_signed(&body, bad).await, 401, "{bad}");
    }
    let unsigned = world.http.post(format!("{}/webhook/tiktok", world.base)).json(&json!({"event": "im_receive_msg"}));
    let (status, problem) = answer(unsigned).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (401, "https://message-gateway.dev/problems/signature-missing")
    );
    let mut changed = body.clone();
    changed.push(b' ');
    assert_eq!(world.deliver_signed(&changed, &good).await, 401, "signed before it was changed");
    let ahead = sign(world.clock.now().plus(Duration::from_secs(61)), &body);
    assert_eq!(world.deliver_signed(&body, &ahead).await, 401, "signed in the future");

    let filter = DeliveryFilter { unsupported: false, before: None, limit: 200 };
    assert!(world.store().deliveries(world.workspace().await, filter).await.unwrap().is_empty());
    assert!(world.messages().await.is_empty());
}

#[tokio::test]
async fn right_but_late_is_taken_once_and_marked() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let on_time = fixture("webhook-im_receive_msg-text-quote.json");
    assert_eq!(world.deliver_signed(&on_time, &sign(START, &on_time)).await, 200);

    let body = fixture("webhook-im_receive_msg-text.json");
    let signature = sign(START, &body);
    world.clock.advance(Duration::from_secs(301));
    assert_eq!(world.deliver_signed(&body, &signature).await, 200);
    assert_eq!(world.deliver_signed(&body, &signature).await, 200);

    let filter = DeliveryFilter { unsupported: false, before: None, limit: 200 };
    let kept = world.store().deliveries(world.workspace().await, filter).await.unwrap();
    let seen: Vec<_> = kept.iter().map(|one| (one.late, one.copies)).collect();
    assert_eq!(seen, [(true, 2), (false, 1)], "newest first");
    assert_eq!(world.messages().await.len(), 2);
}

#[tokio::test]
async fn the_published_vectors_are_judged_as_they_should() {
    let vectors: Value = serde_json::from_slice(&fixture("signature-vectors.json")).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 5);
    for vector in vectors {
        let secret = vector["secret"].as_str().unwrap().to_owned();
        let world = World::with(|config| config.tiktok.app_secret = Some(secret.clone().into())).await;
        world.clock.set(Timestamp::from_secs(vector["now"].as_i64().unwrap()));
        let body = vector["body"].as_str().unwrap();
        let status = world.deliver_signed(body.as_bytes(), vector["header"].as_str().unwrap()).await;
        let expect = vector["expect"].as_str().unwrap();
        // Too old is late, not forged: TikTok does not say whether it signs a retry anew.
        let taken = expect == "accept" || expect == "reject when tolerance is 300";
        assert_eq!(status, if taken { 200 } else { 401 }, "{}: {expect}", vector["name"]);
    }
}

#[tokio::test]
async fn a_login_kit_apps_secret_verifies_as_well() {
    let world = World::with(|config| {
        config.tiktok.client_key = Some("awlogin".to_owned());
        config.tiktok.client_secret = Some("login-kit-secret".to_owned().into());
    })
    .await;
    let body = fixture("webhook-loginkit-video.publish.completed.json");
    let signature = simulator::signature_header("login-kit-secret", world.clock.now().as_secs(), &body);
    assert_eq!(world.deliver_signed(&body, &signature).await, 200);
    assert_eq!(world.deliver(&body).await, 200);
}

#[tokio::test]
async fn the_local_test_works_in_dev_and_nowhere_else() {
    let serve = World::new().await;
    let post = |world: &World| {
        world.http.post(format!("{}/webhook/tiktok", world.base)).header("content-type", "application/json")
    };
    assert_eq!(answer(post(&serve).body(FLAT)).await.0, 401);

    let dev = World::with(|config| config.dev = true).await;
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("via", "1.1 proxy"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("tiktok-signature", "t=1,s=00"),
    ] {
        let status = answer(post(&dev).header(name, value).body(FLAT)).await.0;
        assert!(status == 401 || status == 403, "{name}: {status}");
    }
    let plain = dev.http.post(format!("{}/webhook/tiktok", dev.base)).header("content-type", "text/plain");
    assert_eq!(answer(plain.body(FLAT)).await.0, 401);
    let foreign_host = post(&dev).header("host", "gateway.example.com").body(FLAT);
    assert!(matches!(answer(foreign_host).await.0, 401 | 421));
    assert!(dev.messages().await.is_empty());

    let (status, problem) = answer(post(&dev).body(r#"{"hello":"world"}"#)).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (400, "https://message-gateway.dev/problems/invalid-parameter")
    );
    assert_eq!(answer(post(&dev).body(FLAT)).await.0, 200);
    let [message] = &dev.messages().await[..] else { panic!("one message") };
    assert_eq!(message.message.content.words(), "Hello!");
    assert_eq!(message.contact.display_name.as_deref(), Some("Test"));
}

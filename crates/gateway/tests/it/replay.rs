//! Kept webhooks, read again by a version that knows more, or after their account was connected.

use domain::{
    Id,
    account::{AccountState, ProviderKind},
    content::Content,
    delivery::{Delivery, NewDelivery},
    inbound::{Inbound, InboundContent, InboundMessage},
    store::{DeliveryFilter, KeptFilter},
};
use message_gateway::{
    providers::Official,
    replay::{Report, replay},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    harness::{FIXTURE_ACCOUNT, World, fixture},
    stage::Stage,
};

/// Stores a webhook as a version did that could not read it.
async fn kept_by_yesterday(world: &World, body: Vec<u8>, account: &str, items: Vec<Inbound>) -> Id<Delivery> {
    let mut digest = [0; 16];
    digest.copy_from_slice(&Sha256::digest(&body)[..16]);
    let delivery = NewDelivery {
        provider: ProviderKind::Official,
        account_external_id: Some(account.to_owned()),
        event: "im_receive_msg".to_owned(),
        body: body.into(),
        digest,
        received_at: world.clock.now(),
        late: false,
        items,
        unsupported: Some("unknown event `im_receive_msg`".to_owned()),
    };
    world.store().ingest(delivery).await.unwrap().delivery
}

/// TikTok's envelope around an event of the fixtures' account.
fn envelope(event: &str, content: &Value) -> Vec<u8> {
    let body = json!({
        "client_key": simulator::DEFAULT_APP_ID, "event": event, "create_time": 1_790_000_000,
        "user_openid": FIXTURE_ACCOUNT, "content": content.to_string(),
    });
    body.to_string().into_bytes()
}

async fn run(world: &World, dry_run: bool) -> Report {
    replay(&**world.store(), &KeptFilter::default(), dry_run, |_| {}).await.unwrap()
}

async fn unsupported(world: &World) -> usize {
    let filter = DeliveryFilter { unsupported: true, before: None, limit: 200 };
    world.store().deliveries(world.workspace().await, filter).await.unwrap().len()
}

#[tokio::test]
async fn what_yesterday_did_not_know_is_read_today_and_told_to_dashboards() {
    let stage = Stage::set().await;
    let world = &stage.world;
    kept_by_yesterday(world, fixture("webhook-im_receive_msg-text.json"), FIXTURE_ACCOUNT, Vec::new()).await;
    kept_by_yesterday(world, envelope("im_not_invented_yet", &json!({})), FIXTURE_ACCOUNT, Vec::new()).await;
    let head = world.store().head_seq().await.unwrap();

    let dry = run(world, true).await;
    assert_eq!((dry.read, dry.understood, dry.not_understood, dry.changed), (2, 1, 1, None), "{dry:?}");
    assert_eq!(dry.reasons.keys().collect::<Vec<_>>(), ["unknown event `im_not_invented_yet`"]);
    assert_eq!((world.messages().await.len(), unsupported(world).await), (0, 2), "a dry run changes nothing");
    assert_eq!(world.store().head_seq().await.unwrap(), head);

    let mut socket = stage.socket(Some(head)).await;
    let real = run(world, false).await;
    assert_eq!(real, Report { dry_run: false, changed: Some(1), ..dry });
    let message = socket.wait_for("message").await;
    let [stored] = &world.messages().await[..] else { panic!("one message") };
    assert_eq!(message["id"], stored.message.id.to_string());
    assert_eq!(unsupported(world).await, 1);

    let head = world.store().head_seq().await.unwrap();
    let again = run(world, false).await;
    let counts = (again.understood, again.not_understood, again.unchanged, again.changed);
    assert_eq!(counts, (0, 1, 1, Some(0)), "{again:?}");
    assert_eq!((world.messages().await.len(), world.store().head_seq().await.unwrap()), (1, head));
    stage.strike().await;
}

#[tokio::test]
async fn a_message_kept_without_its_content_gets_it() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let body = fixture("webhook-im_receive_msg-text.json");
    let [Inbound::Message(today)] = &Official::translate(&body).items[..] else { panic!("a message") };
    let content = InboundContent::Unsupported { type_name: "text".to_owned() };
    let yesterday = Inbound::Message(InboundMessage { content, ..today.clone() });
    kept_by_yesterday(&world, body, FIXTURE_ACCOUNT, vec![yesterday]).await;
    let before = world.messages().await.remove(0).message;
    assert!(matches!(before.content, Content::Unsupported { .. }));
    let report = run(&world, false).await;
    assert_eq!((report.understood, report.changed), (1, Some(1)), "{report:?}");
    let [after] = &world.messages().await[..] else { panic!("still one message") };
    assert_eq!(after.message.id, before.id);
    assert!(matches!(after.message.content, Content::Text { .. }), "{:?}", after.message.content);
}

#[tokio::test]
async fn a_webhook_of_an_unknown_account_is_applied_once_it_is_connected() {
    let world = World::new().await;
    assert_eq!(world.deliver(&fixture("webhook-im_receive_msg-text.json")).await, 200);
    let before = run(&world, false).await;
    assert_eq!((before.unchanged, before.foreign, before.attributed), (1, 1, 0), "{before:?}");
    assert!(world.messages().await.is_empty());

    let account = world.adopt(FIXTURE_ACCOUNT).await;
    let dry = run(&world, true).await;
    assert_eq!((dry.attributed, dry.foreign, world.messages().await.len()), (1, 0, 0), "{dry:?}");
    let after = run(&world, false).await;
    assert_eq!((after.attributed, after.foreign, after.changed), (1, 0, Some(1)), "{after:?}");
    let [message] = &world.messages().await[..] else { panic!("one message") };
    assert_eq!(message.message.account_id, account.id);
    let again = run(&world, false).await;
    assert_eq!((again.attributed, again.unchanged, again.changed), (0, 1, Some(0)), "{again:?}");
}

#[tokio::test]
async fn one_that_is_refused_is_named_and_the_others_go_on() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let mut text: Value = serde_json::from_slice(&fixture("webhook-im_receive_msg-text.json")).unwrap();
    let mut content: Value = serde_json::from_str(text["content"].as_str().unwrap()).unwrap();
    content["message_id"] = json!("x".repeat(600));
    text["content"] = json!(content.to_string());
    // The database refuses it for what it says, so it is kept raw.
    assert_eq!(world.deliver(text.to_string().as_bytes()).await, 200);
    for number in 0..70 {
        content["message_id"] = json!(format!("message-{number}"));
        let body = envelope("im_receive_msg", &content);
        kept_by_yesterday(&world, body, FIXTURE_ACCOUNT, Vec::new()).await;
    }
    let mut steps = Vec::new();
    let filter = KeptFilter { unsupported: true, ..KeptFilter::default() };
    let report = replay(&**world.store(), &filter, false, |step| steps.push((step.done, step.of))).await.unwrap();
    assert_eq!((report.read, report.understood, report.refused), (71, 70, 1), "{report:?}");
    assert_eq!((report.refusals.len(), world.messages().await.len(), unsupported(&world).await), (1, 70, 1));
    assert_eq!(steps, [(64, 71), (71, 71)], "more than one batch");
}

#[tokio::test]
async fn an_old_farewell_does_not_end_a_new_authorization() {
    let world = World::new().await;
    let farewell = envelope("authorization.removed", &json!({"reason": 1}));
    world.adopt(FIXTURE_ACCOUNT).await;
    assert_eq!(world.deliver(&farewell).await, 200);
    assert_eq!(world.account().await.state, AccountState::Reconnect);
    world.tick();
    world.adopt(FIXTURE_ACCOUNT).await;
    assert_eq!(run(&world, false).await.changed, Some(0));
    assert_eq!(world.account().await.state, AccountState::Active);
}

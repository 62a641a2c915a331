//! Pictures both ways: what a customer sent is copied and served safely; what an agent sends is checked, stored, uploaded, sent.

use bytes::Bytes;
use domain::{
    Id,
    account::ProviderKind,
    content::Content as Ours,
    media::MediaState,
    message::{Message, MessageState},
};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use simulator::{Content, CustomerMessage, FaultKind, NewCustomer, NewFault};

use crate::harness::{MALI, SHOP, World, answer};

/// A whole PNG of one pixel.
pub(crate) const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
    0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0,
    0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

async fn upload(world: &World, bytes: Vec<u8>) -> (u16, Value) {
    let form = Form::new().part("file", Part::bytes(bytes).file_name("menu.png").mime_str("image/png").unwrap());
    answer(world.api("POST", "/api/v1/media").multipart(form)).await
}

#[tokio::test]
async fn a_customers_picture_is_copied_and_served_safely() {
    let (world, _) = World::in_conversation().await;
    let media_id = world.sim.put_media(Bytes::from_static(PNG));
    world.tick();
    world
        .sim
        .customer_writes(&CustomerMessage { media_id: Some(media_id), ..CustomerMessage::of(MALI, SHOP, "image") })
        .unwrap();
    let ready = world
        .message_that("the picture is here", |one| {
            one.media.as_ref().is_some_and(|media| media.state == MediaState::Ready)
        })
        .await;
    let media = ready.media.unwrap();
    assert!(matches!(ready.message.content, Ours::Image { media: id } if id == media.id));
    assert_eq!(
        (media.mime.as_deref(), media.width, media.height, media.size),
        (Some("image/png"), Some(1), Some(1), Some(PNG.len() as u64))
    );

    let url = format!("/api/v1/media/{}", media.id);
    let served = world.api("GET", &url).send().await.unwrap();
    assert_eq!(served.status(), 200);
    let header = |name: &str| served.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").starts_with("sandbox"), "{}", header("content-security-policy"));
    assert!(header("cache-control").contains("private"));
    assert_eq!(served.bytes().await.unwrap(), PNG);

    let nobody = world.http.get(format!("{}{url}", world.base)).send().await.unwrap();
    assert_eq!(nobody.status(), 401);
}

#[tokio::test]
async fn what_claims_to_be_a_picture_and_is_not_fails() {
    let (world, _) = World::in_conversation().await;
    let media_id = world.sim.put_media(Bytes::from_static(b"<html><script>alert(1)</script></html>"));
    world.tick();
    world
        .sim
        .customer_writes(&CustomerMessage { media_id: Some(media_id), ..CustomerMessage::of(MALI, SHOP, "image") })
        .unwrap();
    let failed = world
        .message_that("the picture is given up", |one| {
            one.media.as_ref().is_some_and(|media| media.state == MediaState::Failed)
        })
        .await;
    let (status, _) = answer(world.api("GET", &format!("/api/v1/media/{}", failed.media.unwrap().id))).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn an_agents_picture_is_uploaded_and_sent() {
    let (world, conversation) = World::in_conversation().await;
    let (status, stored) = upload(&world, PNG.to_vec()).await;
    assert_eq!(status, 201, "{stored}");
    assert_eq!((stored["mime"].as_str(), stored["width"].as_u64()), (Some("image/png"), Some(1)));
    let (status, queued) =
        world.try_reply(conversation, json!({"type": "image", "mediaId": stored["id"]}), false).await;
    assert_eq!(status, 202, "{queued}");
    let id = queued["id"].as_str().unwrap().parse().unwrap();
    world.state_of(id, MessageState::Sent).await;
    world.message_that("the echo is taken for it", |one| one.message.id == id && one.message.reported).await;

    let theirs = world.sim.conversation(&world.sim.state().conversations[0].id).unwrap().conversation.messages;
    assert!(matches!(theirs.last().unwrap().content, Content::Image { .. }), "{theirs:?}");
    assert_eq!(world.messages().await.len(), 2);
}

#[tokio::test]
async fn where_tiktok_allows_no_pictures_none_is_queued() {
    let world = World::connected().await;
    let far = NewCustomer { region: Some("US".to_owned()), ..NewCustomer::new("far.away", "Far away") };
    world.sim.create_customer(far).unwrap();
    world.tick();
    world.sim.customer_writes(&CustomerMessage::text("far.away", SHOP, "Hello")).unwrap();
    let first = world.message_that("it arrives", |one| one.message.content.words() == "Hello").await;
    let (scope, conversation) = (world.scope().await, first.message.conversation_id);
    let told = || async {
        let record = world.store().conversation(&scope, conversation).await.unwrap().unwrap();
        (record.conversation.image_send == Some(false)).then_some(())
    };
    world.until("TikTok says that pictures are not allowed", told).await;
    let (status, stored) = upload(&world, PNG.to_vec()).await;
    assert_eq!(status, 201, "{stored}");
    let picture = json!({"type": "image", "mediaId": stored["id"]});
    let (status, problem) = world.try_reply(conversation, picture, false).await;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(problem["type"], "https://message-gateway.dev/problems/image-not-allowed");
    assert_eq!(world.messages().await.len(), 1, "nothing was queued");
    let id = world.reply(conversation, "Words do").await;
    world.state_of(id, MessageState::Sent).await;
}

#[tokio::test]
async fn uploads_are_pictures_of_at_most_3_mb() {
    let world = World::new().await;
    let mut large = PNG.to_vec();
    large.resize(3 * 1024 * 1024 + 1, 0);
    for (bytes, expected) in [
        (large, 413),
        (vec![0; 4 * 1024 * 1024], 413),
        (b"GIF89a\x01\x00\x01\x00".to_vec(), 415),
        (b"<svg/>".to_vec(), 415),
        (Vec::new(), 415),
    ] {
        let size = bytes.len();
        let (status, problem) = upload(&world, bytes).await;
        assert_eq!(status, expected, "{size} bytes: {problem}");
    }
    let (status, _) = answer(world.api("POST", "/api/v1/media").multipart(Form::new().text("other", "x"))).await;
    assert_eq!(status, 400);
    let (status, _) = answer(world.api("GET", "/api/v1/media/med_0000000000001")).await;
    assert_eq!(status, 404);
    let unsigned = world.http.post(format!("{}/api/v1/media", world.base)).multipart(Form::new().text("file", "x"));
    assert_eq!(answer(unsigned).await.0, 401);
}

#[tokio::test]
async fn a_sticker_is_copied_before_its_address_ends() {
    let (world, _) = World::in_conversation().await;
    world.tick();
    world.sim.customer_writes(&CustomerMessage::of(MALI, SHOP, "sticker")).unwrap();
    let here =
        |one: &domain::store::MessageRecord| one.media.as_ref().is_some_and(|media| media.state == MediaState::Ready);
    let sticker = world.message_that("the sticker is here", here).await;
    let served = world.api("GET", &format!("/api/v1/media/{}", sticker.media.unwrap().id)).send().await.unwrap();
    assert_eq!(served.status(), 200);
    let policy = served.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"), "{policy}");
}

#[tokio::test]
async fn a_picture_that_respondio_cant_fetch_is_refused_when_it_is_queued() {
    // Not a simulator on this machine, and this gateway is at http://localhost.
    let world =
        World::with(|config| config.messages.respondio_api_url = "http://respondio.invalid/v2/".parse().unwrap());
    let world = world.await.with_shop().await;
    world.customer_says("มีเมนูไหมคะ");
    let asked = world.message_that("it arrives", |one| one.message.content.words() == "มีเมนูไหมคะ").await;
    let (conversation, account) = (asked.message.conversation_id, world.account().await.id);
    let (_, stored) = upload(&world, PNG.to_vec()).await;
    let picture = json!({"type": "image", "mediaId": stored["id"]});
    let added = world.store().add_side(&world.scope().await, account, ProviderKind::Respondio, "54321").await;
    added.unwrap().unwrap();
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40002).times(1));
    let (status, queued) = world.try_reply(conversation, picture.clone(), false).await;
    assert_eq!(status, 202, "TikTok sends: {queued}");
    let failed: Id<Message> = queued["id"].as_str().unwrap().parse().unwrap();
    world.state_of(failed, MessageState::Failed).await;

    let path = format!("/api/v1/accounts/{account}/sender");
    assert_eq!(answer(world.api("PUT", &path).json(&json!({"provider": "respondio"}))).await.0, 200);
    let before = world.messages().await.len();
    let retry = answer(world.api("POST", &format!("/api/v1/messages/{failed}/retry")).json(&json!({}))).await;
    for (status, problem) in [world.try_reply(conversation, picture.clone(), true).await, retry] {
        assert_eq!(status, 409, "{problem}");
        assert_eq!(problem["type"], "https://message-gateway.dev/problems/picture-unreachable");
        assert!(problem["detail"].as_str().unwrap().contains("set PUBLIC_URL"), "{problem}");
    }
    assert_eq!(world.messages().await.len(), before, "nothing was queued");
    let request = world.http.get(format!("{}/api/v1/session", world.base)).header("cookie", world.sign_in().await);
    assert_eq!(answer(request).await.1["respondioPictures"], false);

    // One conversation may go the other way.
    let path = format!("/api/v1/conversations/{conversation}/sender");
    let (status, chosen) = answer(world.api("PUT", &path).json(&json!({"provider": "official"}))).await;
    assert_eq!((status, chosen["sender"].as_str()), (200, Some("official")), "{chosen}");
    assert_eq!(world.try_reply(conversation, picture, false).await.0, 202);
}

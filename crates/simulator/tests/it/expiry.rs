//! What ends by itself: download links, stickers, avatars, history.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use simulator::{CustomerMessage, DEFAULT_APP_ID, NewBusiness, SCOPES};

use crate::support::{BUSINESS, CUSTOMER, HOUR, World, png, raw, world};

const DAY: i64 = 24 * HOUR;

/// Status of a link of ours.
async fn fetch(world: &World, link: &Value, token: &str) -> u16 {
    let path = link.as_str().unwrap().strip_prefix("http://localhost:4000").unwrap();
    let request =
        Request::get(path).header("host", "localhost:4000").header("x-user", token).body(Body::empty()).unwrap();
    raw(&world.sim, request).await.0.as_u16()
}

#[tokio::test]
async fn a_download_link_lives_a_day_and_belongs_to_one_account() {
    let mut world = world();
    let media = world.sim.put_media(png(50).into());
    let what = CustomerMessage { media_id: Some(media.clone()), ..CustomerMessage::of(CUSTOMER, BUSINESS, "image") };
    let written = world.sim.customer_writes(&what).unwrap();
    let ask = |kind: &str| {
        json!({
            "business_id": world.open_id, "conversation_id": written.conversation_id, "message_id": written.message_id,
            "media_id": media, "media_type": kind,
        })
    };
    let (image, video) = (ask("IMAGE"), ask("VIDEO"));
    let link = world.post("business/message/media/download", &image).await["data"]["download_url"].clone();
    assert_eq!(world.post("business/message/media/download", &video).await["message"], "Param media_id is invalid.");
    world.sim.create_business(NewBusiness::new("krok.coffee", "Krok")).unwrap();
    let other = world.sim.grant("krok.coffee", DEFAULT_APP_ID, &SCOPES).unwrap().access_token;
    assert_eq!((fetch(&world, &link, &world.token).await, fetch(&world, &link, &other).await), (200, 403));
    world.sim.advance(DAY - 1).await;
    world.renew();
    assert_eq!(fetch(&world, &link, &world.token).await, 200);
    world.sim.advance(1).await;
    assert_eq!(fetch(&world, &link, &world.token).await, 403);
    world.sim.advance(29 * DAY).await;
    world.renew();
    assert_eq!(world.post("business/message/media/download", &image).await["code"], 40007, "the media itself: 30 days");
}

#[tokio::test]
async fn stickers_live_thirty_days_emoji_do_not_end_history_is_ninety_days() {
    let mut world = world();
    let conversation =
        world.sim.customer_writes(&CustomerMessage::of(CUSTOMER, BUSINESS, "sticker")).unwrap().conversation_id;
    world.sim.customer_writes(&CustomerMessage::of(CUSTOMER, BUSINESS, "emoji")).unwrap();
    let list = async |world: &World| {
        let query = [("business_id", world.open_id.as_str()), ("conversation_id", conversation.as_str())];
        world.get("business/message/content/list", &query).await["data"].clone()
    };
    let messages = list(&world).await["messages"].clone();
    let (emoji, sticker) = (messages[0]["emoji"]["url"].clone(), messages[1]["sticker"]["url"].clone());
    let avatar = list(&world).await["participants"][1]["profile_image"].clone();
    assert!(sticker.as_str().unwrap().contains("x-expires=") && !emoji.as_str().unwrap().contains("x-expires="));
    assert_eq!((fetch(&world, &sticker, "").await, fetch(&world, &avatar, "").await), (200, 200));
    world.sim.advance(DAY).await;
    assert_eq!(fetch(&world, &avatar, "").await, 403);
    world.sim.advance(29 * DAY).await;
    assert_eq!((fetch(&world, &sticker, "").await, fetch(&world, &emoji, "").await), (403, 200));
    world.sim.advance(60 * DAY).await;
    world.renew();
    assert_eq!(list(&world).await["messages"].as_array().unwrap().len(), 2, "90 days to the millisecond");
    world.sim.advance(1).await;
    assert_eq!(list(&world).await["messages"], json!([]));
}

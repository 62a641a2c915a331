//! Answers of the platform side have the shapes of the fixtures, and the fixtures' requests are accepted.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use simulator::{AppReply, CommentRequest, CustomerMessage, DEFAULT_APP_ID, DEFAULT_APP_SECRET, ReferralRequest};

use crate::support::{BUSINESS, CUSTOMER, World, credentials, fixture, png, query, raw, shape, world};

fn same(answer: &Value, name: &str) {
    assert_eq!(shape(answer), shape(&fixture(name)), "{name}: {answer:#}");
}

fn write(world: &World, text: &str) -> String {
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, text)).unwrap().conversation_id
}

/// A request fixture with our own ids in place of the invented ones.
fn request(world: &World, name: &str, conversation: &str) -> Value {
    let mut body = fixture(name);
    for (key, value) in
        [("business_id", world.open_id.as_str()), ("recipient", conversation), ("conversation_id", conversation)]
    {
        if body.get(key).is_some() {
            body[key] = json!(value);
        }
    }
    body
}

#[tokio::test]
async fn tokens() {
    let world = world();
    let url = format!(
        "/v2/auth/authorize/?{}",
        query(&[
            ("client_key", DEFAULT_APP_ID),
            ("response_type", "code"),
            ("scope", "user.info.basic"),
            ("redirect_uri", "http://localhost:3000/auth/callback")
        ])
    );
    let (_, headers, _) = raw(&world.sim, Request::get(url).body(Body::empty()).unwrap()).await;
    let back = url::Url::parse(headers["location"].to_str().unwrap()).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();

    let mut body = fixture("api-tt_user-token-request");
    body["client_secret"] = json!(DEFAULT_APP_SECRET);
    same(&world.post("tt_user/oauth2/token", &body).await, "api-tt_user-token-error-code");
    body["auth_code"] = json!(code);
    body["redirect_uri"] = json!("http://localhost:3000/auth/callback");
    let token = world.post("tt_user/oauth2/token", &body).await;
    same(&token, "api-tt_user-token-success");

    let mut body = fixture("api-tt_user-refresh-request");
    body["client_secret"] = json!(DEFAULT_APP_SECRET);
    body["refresh_token"] = token["data"]["refresh_token"].clone();
    world.sim.advance(86_400_000).await;
    let fresh = world.post("tt_user/oauth2/refresh_token", &body).await;
    same(&fresh, "api-tt_user-refresh-success-rotated");
    assert_eq!(fresh["data"]["refresh_token_expires_in"], 31_536_000 - 86_400, "the time left");

    let access = fresh["data"]["access_token"].clone();
    same(
        &world.post("tt_user/token_info/get", &json!({"app_id": DEFAULT_APP_ID, "access_token": access})).await,
        "api-tt_user-token_info-success",
    );
    let mut body = fixture("api-tt_user-revoke-request");
    body["client_secret"] = json!(DEFAULT_APP_SECRET);
    body["access_token"] = access;
    same(&world.post("tt_user/oauth2/revoke", &body).await, "api-tt_user-revoke-success");
    assert!(credentials().is_object());
}

#[tokio::test]
async fn profile() {
    let world = world();
    let fields =
        "[\"username\",\"display_name\",\"profile_image\",\"is_business_account\",\"is_verified\",\"followers_count\"]";
    let answer = world.get("business/get", &[("business_id", &world.open_id), ("fields", fields)]).await;
    same(&answer, "api-business-get-success");
    let fields = "[\"username\",\"display_name\",\"profile_image\",\"is_business_account\"]";
    same(
        &world.get("business/get", &[("business_id", &world.open_id), ("fields", fields)]).await,
        "api-business-get-personal-account",
    );
    let picture =
        answer["data"]["profile_image"].as_str().unwrap().strip_prefix("http://localhost:4000").unwrap().to_owned();
    let (status, headers, _) =
        raw(&world.sim, Request::get(picture).header("host", "localhost:4000").body(Body::empty()).unwrap()).await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
}

#[tokio::test]
async fn every_send_request_is_accepted() {
    let world = world();
    let conversation = write(&world, "hi");
    let media = world.upload(&png(100), "a.png", "image/png").await;
    same(&media, "api-media-upload-success");
    for name in ["text", "share_post", "template-button", "template-link"] {
        let answer = world
            .post("business/message/send", &request(&world, &format!("api-message-send-request-{name}"), &conversation))
            .await;
        same(&answer, "api-message-send-success");
        assert_eq!(answer["code"], 0, "{name}: {answer}");
    }
    let mut image = request(&world, "api-message-send-request-image", &conversation);
    image["image"]["media_id"] = media["data"]["media_id"].clone();
    let sent = world.post("business/message/send", &image).await;
    same(&sent, "api-message-send-success");
    let mut quote = request(&world, "api-message-send-request-text-quote", &conversation);
    quote["referenced_message_info"]["referenced_message_id"] = sent["data"]["message"]["message_id"].clone();
    same(&world.post("business/message/send", &quote).await, "api-message-send-success");
    for name in ["typing", "mark_read"] {
        let answer = world
            .post("business/message/send", &request(&world, &format!("api-message-send-request-{name}"), &conversation))
            .await;
        assert_eq!((&answer["code"], &answer["data"]["message"]["message_id"]), (&json!(0), &json!("")));
        same(&answer, "api-message-send-success-sender_action");
    }
}

#[tokio::test]
async fn a_comment_may_be_answered_once() {
    let world = world();
    world.comment_to_message();
    let asked = CommentRequest {
        customer: CUSTOMER.to_owned(),
        business: BUSINESS.to_owned(),
        text: "ราคาเท่าไหร่คะ".to_owned(),
        ..CommentRequest::default()
    };
    let comment = world.sim.comment(&asked).unwrap();
    let mut body = request(&world, "api-message-send-request-comment_reply", "");
    body["direct_reply"]["comment_reply"]["comment_id"] = json!(comment.message_id);
    same(&world.post("business/message/send", &body).await, "api-message-send-success");
    assert_eq!(world.post("business/message/send", &body).await["code"], 40064);
}

#[tokio::test]
async fn conversation_list() {
    let world = world();
    let list = [("business_id", world.open_id.as_str()), ("conversation_type", "SINGLE"), ("limit", "3")];
    same(&world.get("business/message/conversation/list", &list).await, "api-conversation-list-empty");
    for (at, name) in ["cust.a", "cust.b", "cust.c", "cust.d"].into_iter().enumerate() {
        world.sim.create_customer(simulator::NewCustomer::new(name, name)).unwrap();
        world.sim.customer_writes(&CustomerMessage::text(name, BUSINESS, "hi")).unwrap();
        let source = ["ad", "short_link"][at % 2].to_owned();
        if at > 0 {
            world
                .sim
                .refer(&ReferralRequest {
                    customer: name.to_owned(),
                    business: BUSINESS.to_owned(),
                    source,
                    ..ReferralRequest::default()
                })
                .unwrap();
        }
        world.sim.app_reply(&AppReply::text(BUSINESS, name, "hello")).unwrap();
        world.sim.advance(1000).await;
    }
    let answer = world.get("business/message/conversation/list", &list).await;
    let mut wanted = shape(&fixture("api-conversation-list-single"));
    // Ours adds the optional field of an ad.
    wanted.insert(".data.conversations[].referral.ad[].message_material_id".to_owned(), "string");
    assert_eq!(shape(&answer), wanted);
    assert_eq!((&answer["data"]["has_more"], &answer["data"]["cursor"]), (&json!(true), &json!(3)));
    let seconds = answer["data"]["conversations"][1]["referral"]["ad"][0]["timestamp"].as_i64().unwrap();
    assert!(seconds < 10_000_000_000, "seconds in the list");
    let rest = world.get("business/message/conversation/list", &[list[0], list[1], list[2], ("cursor", "3")]).await;
    assert_eq!(
        (rest["data"]["conversations"].as_array().unwrap().len(), &rest["data"]["has_more"]),
        (1, &json!(false))
    );
}

#[tokio::test]
async fn content_list_of_every_type() {
    let world = world();
    let conversation = write(&world, "สวัสดีค่ะ");
    let mut auto = AppReply::text(BUSINESS, CUSTOMER, "ยินดีต้อนรับ");
    auto.auto_message_type = Some("WELCOME_MESSAGE".to_owned());
    world.sim.app_reply(&auto).unwrap();
    let sent =
        world.send(&conversation, "เปิด 8 โมง").await["data"]["message"]["message_id"].as_str().unwrap().to_owned();
    let mut reaction = CustomerMessage::of(CUSTOMER, BUSINESS, "reaction");
    reaction.original_msg_id = Some(sent.clone());
    world.sim.customer_writes(&reaction).unwrap();
    let mut quote = CustomerMessage::text(CUSTOMER, BUSINESS, "This one");
    quote.quote = Some(sent);
    world.sim.customer_writes(&quote).unwrap();
    for kind in ["image", "video", "share_post", "emoji", "sticker", "unknown"] {
        let mut what = CustomerMessage::of(CUSTOMER, BUSINESS, kind);
        what.media_id = Some(world.sim.put_media(png(50).into()));
        world.sim.customer_writes(&what).unwrap();
    }
    world
        .post("business/message/send", &request(&world, "api-message-send-request-template-button", &conversation))
        .await;
    let list = [("business_id", world.open_id.as_str()), ("conversation_id", conversation.as_str())];
    let answer = world.get("business/message/content/list", &list).await;
    same(&answer, "api-content-list-all-types");

    let by_type = |answer: &Value| -> std::collections::BTreeSet<String> {
        answer["data"]["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["message_type"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(by_type(&answer), by_type(&fixture("api-content-list-all-types")));
}

#[tokio::test]
async fn media_capabilities_and_webhook_configuration() {
    let world = world();
    let conversation = write(&world, "hi");
    let mut picture = CustomerMessage::of(CUSTOMER, BUSINESS, "image");
    picture.media_id = Some(world.sim.put_media(png(300).into()));
    let message = world.sim.customer_writes(&picture).unwrap().message_id;
    let mut body = request(&world, "api-media-download-request", &conversation);
    body["message_id"] = json!(message);
    body["media_id"] = json!(picture.media_id);
    let answer = world.post("business/message/media/download", &body).await;
    same(&answer, "api-media-download-success");
    let url =
        answer["data"]["download_url"].as_str().unwrap().strip_prefix("http://localhost:4000").unwrap().to_owned();
    let fetch = |name: &'static str| Request::get(&url).header(name, &world.token).body(Body::empty()).unwrap();
    assert_eq!(raw(&world.sim, fetch("access-token")).await.0.as_u16(), 401);
    let (status, headers, bytes) = raw(&world.sim, fetch("x-user")).await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap(), bytes.len()), (200, "image/png", 300));

    let ask = [
        ("business_id", world.open_id.as_str()),
        ("conversation_id", conversation.as_str()),
        ("conversation_type", "SINGLE"),
        ("capability_types", "[\"IMAGE_SEND\"]"),
    ];
    let answer = world.get("business/message/capabilities/get", &ask).await;
    same(&answer, "api-capabilities-image-yes");
    assert_eq!(answer, {
        let mut wanted = fixture("api-capabilities-image-yes");
        wanted["request_id"] = answer["request_id"].clone();
        wanted
    });

    let mut body = fixture("api-webhook-update-request");
    body["secret"] = json!(DEFAULT_APP_SECRET);
    let list = [("app_id", DEFAULT_APP_ID), ("secret", DEFAULT_APP_SECRET), ("event_type", "DIRECT_MESSAGE")];
    same(&world.get("business/webhook/list", &list).await, "api-webhook-list-empty");
    same(&world.post("business/webhook/update", &body).await, "api-webhook-update-success");
    same(&world.get("business/webhook/list", &list).await, "api-webhook-list-configured");
    same(&world.post("business/webhook/delete", &body).await, "api-webhook-delete-success");
    body["event_type"] = json!("im_receive_msg");
    assert_eq!(world.post("business/webhook/update", &body).await["code"], 40002);
}

#[tokio::test]
async fn unknown_paths() {
    let world = world();
    let answer = world.post("business/message/nothing", &json!({})).await;
    assert_eq!((&answer["code"], &answer["message"]), (&json!(40006), &json!("no schema found")));
    let request = Request::get("/open_api/v1.3/business/get").body(Body::empty()).unwrap();
    assert_eq!(raw(&world.sim, request).await.0.as_u16(), 404, "without the closing slash");
}

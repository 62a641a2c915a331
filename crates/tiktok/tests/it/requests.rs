//! Every request fixture is reproduced by the builders; paths, queries and headers are right.

use serde_json::Value;
use tiktok::{
    AccessToken, ErrorKind, RefreshToken,
    model::{
        AutoMessageContent, AutoMessageType, BusinessField, ConversationType, MediaType, OperationStatus, PostField,
        Template, TemplateButton, WebhookCategory,
    },
    oauth::AppCredentials,
    request::{Body, ConversationDraft, Method, SendMessage, TryIntoRequest},
};

use crate::support::{BUSINESS, CONVERSATION, Server, fixture, fixture_names, json_body, message_id, offline, token};

fn draft() -> ConversationDraft {
    offline().send_message(&token(), BUSINESS).conversation(CONVERSATION)
}

fn app() -> AppCredentials {
    AppCredentials::new("7411000000000000042", "INVENTED")
}

/// The builder call behind each request fixture.
fn built(fixture: &str) -> Value {
    let client = offline();
    match fixture {
        "api-message-send-request-text" => json_body(draft().text("เปิด 8 โมงเช้าค่ะ 🌞").unwrap()),
        "api-message-send-request-text-quote" => {
            json_body(draft().text("Yes, this one ✅").unwrap().quote(message_id(4)))
        }
        "api-message-send-request-image" => json_body(draft().image("mediaInv3nted-UP-0001")),
        "api-message-send-request-share_post" => json_body(draft().share_post("7400000000000000101")),
        "api-message-send-request-template-button" => {
            let buttons =
                [TemplateButton::new("จองโต๊ะ").id("opt_book_table"), TemplateButton::new("ดูเมนู").id("opt_menu")];
            json_body(draft().template(Template::button_card("ให้ช่วยเรื่องไหนดีคะ?", buttons).unwrap()))
        }
        "api-message-send-request-template-link" => {
            let button = TemplateButton::new("Opening hours and holidays 📅").id("opt_hours");
            let card = Template::link_card("What would you like to know?", [button]).unwrap();
            json_body(draft().template(card))
        }
        "api-message-send-request-typing" => json_body(draft().typing()),
        "api-message-send-request-mark_read" => json_body(draft().mark_read()),
        "api-message-send-request-comment_reply" => {
            let draft = client.send_message(&token(), BUSINESS).comment_reply("7400000000000000401");
            json_body(draft.text("ขอบคุณที่สนใจค่ะ ราคา 95 บาทค่ะ 🙏").unwrap())
        }
        "api-media-download-request" => json_body(client.download_media(
            &token(),
            BUSINESS,
            CONVERSATION,
            message_id(4),
            "mediaInv3nted-IMG-0001",
            MediaType::Image,
        )),
        "api-tt_user-token-request" => json_body(client.exchange_code(
            &app(),
            "inventedCode*1!4321.s1",
            "https://gw.example.invalid/oauth/tiktok/callback/",
        )),
        "api-tt_user-refresh-request" => {
            json_body(client.refresh_tokens(&app(), &RefreshToken::new("inv-refresh-0001")))
        }
        "api-tt_user-revoke-request" => json_body(client.revoke_token(&app(), &token())),
        "api-webhook-update-request" => json_body(client.update_webhook(
            &app(),
            WebhookCategory::DirectMessage,
            "https://gw.example.invalid/webhooks/tiktok",
        )),
        "api-auto_message-create-request-welcome" => {
            let words = AutoMessageContent::welcome("ยินดีต้อนรับค่ะ 🙏\nฝากข้อความไว้ได้เลย").unwrap();
            json_body(client.create_auto_message(&token(), BUSINESS, words))
        }
        "api-auto_message-create-request-suggested_question" => {
            let words = AutoMessageContent::suggested_question("ร้านอยู่ที่ไหน?", "ถนนนิมมานฯ ซอย 7 ค่ะ 📍").unwrap();
            json_body(client.create_auto_message(&token(), BUSINESS, words))
        }
        "api-auto_message-create-request-chat_prompt" => {
            let words = AutoMessageContent::chat_prompt("เมนูวันนี้ ☕", "วันนี้มีเมนูอะไรแนะนำบ้างคะ").unwrap();
            json_body(client.create_auto_message(&token(), BUSINESS, words))
        }
        name => panic!("no builder for {name}"),
    }
}

#[test]
fn every_request_fixture_is_reproduced() {
    let names: Vec<_> = fixture_names("api-").into_iter().filter(|name| name.contains("-request")).collect();
    for name in &names {
        let expected: Value = serde_json::from_slice(&fixture(name)).unwrap();
        assert_eq!(built(name), expected, "{name}");
    }
    assert_eq!(names.len(), 17);
}

#[test]
fn every_endpoint_has_its_method_path_and_credentials() {
    let client = offline();
    let (token, app) = (token(), app());
    let refresh = RefreshToken::new("r");
    let kind = ConversationType::Single;
    let category = WebhookCategory::DirectMessage;
    let png = b"\x89PNG\r\n\x1A\n".as_slice();
    let (prompt, on) = (AutoMessageType::ChatPrompt, OperationStatus::Enable);
    let words = AutoMessageContent::welcome("hello").unwrap();
    let requests = [
        draft().typing().try_into_request(),
        client.list_conversations(&token, BUSINESS, kind.clone()).try_into_request(),
        client.list_messages(&token, BUSINESS, CONVERSATION).try_into_request(),
        client.upload_image(&token, BUSINESS, "a.png", png).unwrap().try_into_request(),
        client.download_media(&token, BUSINESS, CONVERSATION, "m", "x", MediaType::Video).try_into_request(),
        client.capabilities(&token, BUSINESS, CONVERSATION, kind).try_into_request(),
        client.list_posts(&token, BUSINESS).try_into_request(),
        client.create_auto_message(&token, BUSINESS, words.clone()).try_into_request(),
        client.update_auto_message(&token, BUSINESS, "1", words).try_into_request(),
        client.set_auto_message_status(&token, BUSINESS, prompt.clone(), on.clone()).try_into_request(),
        client.auto_messages(&token, BUSINESS, prompt.clone()).try_into_request(),
        client.delete_auto_message(&token, BUSINESS, prompt, "1").try_into_request(),
        client.sort_chat_prompts(&token, BUSINESS, ["1"]).unwrap().try_into_request(),
        client.set_comment_to_message(&token, BUSINESS, on).try_into_request(),
        client.comment_to_message(&token, BUSINESS).try_into_request(),
        client.business(&token, BUSINESS).try_into_request(),
        client.update_webhook(&app, category.clone(), "https://x.test/").try_into_request(),
        client.webhook(&app, category.clone()).try_into_request(),
        client.delete_webhook(&app, category).try_into_request(),
        client.exchange_code(&app, "code", "https://x.test/").try_into_request(),
        client.refresh_tokens(&app, &refresh).try_into_request(),
        client.revoke_token(&app, &token).try_into_request(),
        client.token_info("1", &token).try_into_request(),
    ];
    let shown = requests.map(|request| {
        let request = request.unwrap();
        assert!(request.path().starts_with('/') && request.path().ends_with('/'), "{}", request.path());
        assert!(request.bearer_token().is_none(), "a token of the other platform");
        (request.method(), request.path(), request.access_token().is_some())
    });
    assert_eq!(
        shown,
        [
            (Method::Post, "/business/message/send/", true),
            (Method::Get, "/business/message/conversation/list/", true),
            (Method::Get, "/business/message/content/list/", true),
            (Method::Post, "/business/message/media/upload/", true),
            (Method::Post, "/business/message/media/download/", true),
            (Method::Get, "/business/message/capabilities/get/", true),
            (Method::Get, "/business/video/list/", true),
            (Method::Post, "/business/message/auto_message/create/", true),
            (Method::Post, "/business/message/auto_message/update/", true),
            (Method::Post, "/business/message/auto_message/status/update/", true),
            (Method::Get, "/business/message/auto_message/get/", true),
            (Method::Post, "/business/message/auto_message/delete/", true),
            (Method::Post, "/business/message/auto_message/sort/", true),
            (Method::Post, "/business/message/direct_reply/update/", true),
            (Method::Get, "/business/message/direct_reply/get/", true),
            (Method::Get, "/business/get/", true),
            (Method::Post, "/business/webhook/update/", false),
            (Method::Get, "/business/webhook/list/", false),
            (Method::Post, "/business/webhook/delete/", false),
            (Method::Post, "/tt_user/oauth2/token/", false),
            (Method::Post, "/tt_user/oauth2/refresh_token/", false),
            (Method::Post, "/tt_user/oauth2/revoke/", false),
            (Method::Post, "/tt_user/token_info/get/", false),
        ]
    );
}

#[test]
fn ids_are_encoded_in_queries() {
    let request = offline().list_messages(&token(), BUSINESS, "a+b/c==").try_into_request().unwrap();
    assert_eq!(request.query()[1], ("conversation_id", "a+b/c==".to_owned()));
    assert_eq!(request.query_string(), "business_id=-000ShopBizOpenIdInvented42a&conversation_id=a%2Bb%2Fc%3D%3D");
}

#[test]
fn queries_carry_what_was_asked() {
    let client = offline();
    let conversations = client.list_conversations(&token(), "b", ConversationType::Stranger).limit(20).unwrap();
    let query = conversations.cursor(40).try_into_request().unwrap().query_string();
    assert_eq!(query, "business_id=b&conversation_type=STRANGER&limit=20&cursor=40");

    let business = client.business(&token(), "b").try_into_request().unwrap();
    let fields = r#"["username","display_name","profile_image","is_business_account"]"#;
    assert_eq!(business.query()[1], ("fields", fields.to_owned()));
    let business = client.business(&token(), "b").fields([BusinessField::FollowersCount]);
    let business = business.try_into_request().unwrap();
    assert_eq!(business.query()[1], ("fields", r#"["followers_count"]"#.to_owned()));

    let capabilities = client.capabilities(&token(), "b", "c", ConversationType::Single);
    let capabilities = capabilities.try_into_request().unwrap();
    assert_eq!(
        capabilities.query().to_vec(),
        [
            ("business_id", "b".to_owned()),
            ("capability_types", r#"["IMAGE_SEND"]"#.to_owned()),
            ("conversation_id", "c".to_owned()),
            ("conversation_type", "SINGLE".to_owned()),
        ]
    );

    let posts = client.list_posts(&token(), "b").try_into_request().unwrap();
    let fields = r#"["item_id","create_time","thumbnail_url","share_url","embed_url","caption"]"#;
    assert_eq!(posts.query(), [("business_id", "b".to_owned()), ("fields", fields.to_owned())]);
    let posts = client.list_posts(&token(), "b").fields([PostField::Likes]).posts(["7", "8"]).cursor(1_790_000_000_000);
    let posts = posts.limit(20).unwrap().try_into_request().unwrap();
    assert_eq!(
        posts.query()[1..],
        [
            ("fields", r#"["item_id","likes"]"#.to_owned()),
            ("filters", r#"{"video_ids":["7","8"]}"#.to_owned()),
            ("cursor", "1790000000000".to_owned()),
            ("max_count", "20".to_owned()),
        ]
    );

    let webhook = client.webhook(&app(), WebhookCategory::Comment).try_into_request().unwrap();
    let query = "app_id=7411000000000000042&secret=INVENTED&event_type=COMMENT";
    assert_eq!(webhook.query_string(), query);
}

#[test]
fn a_comment_subscription_can_name_posts() {
    let update = |category| offline().update_webhook(&app(), category, "https://x.test/");
    let body = json_body(update(WebhookCategory::Comment).posts(["7400000000000000101"]));
    assert_eq!(body["item_list"], serde_json::json!(["7400000000000000101"]));
    assert_eq!(json_body(update(WebhookCategory::Comment)).get("item_list"), None);
    for refused in
        [update(WebhookCategory::DirectMessage).posts(["1"]), update(WebhookCategory::Comment).posts(["1"; 101])]
    {
        let error = refused.try_into_request().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Validation(_)), "{error:?}");
    }
}

#[test]
fn an_upload_is_a_form_with_name_and_true_type() {
    let client = offline();
    let jpg = b"\xFF\xD8\xFF\xE0rest".as_slice();
    let upload = client.upload_image(&token(), BUSINESS, "named.png", jpg).unwrap();
    let request = upload.try_into_request().unwrap();
    let Body::Multipart(form) = request.body() else { panic!("{request:?}") };
    let fields = [("business_id", BUSINESS.to_owned()), ("media_type", "IMAGE".to_owned())].to_vec();
    assert_eq!(form.fields, fields);
    assert_eq!((form.file_field, form.file_name.as_str()), ("file", "named.png"));
    assert_eq!((form.content_type, &form.bytes[..]), ("image/jpeg", jpg));
}

#[tokio::test]
async fn the_wire_carries_headers_and_forms() {
    let server = Server::answering(200, fixture("api-media-upload-success")).await;
    let png = b"\x89PNG\r\n\x1A\n-pixels".as_slice();
    let client = server.client();
    let media = client.upload_image(&token(), BUSINESS, "เมนู.png", png).unwrap().await.unwrap();
    assert_eq!(media.media_id.as_str(), "mediaInv3nted-UP-0001");

    let seen = &server.seen()[0];
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.uri.path(), "/open_api/v1.3/business/message/media/upload/");
    assert_eq!(seen.headers["access-token"], "inv-access-0001");
    assert!(!seen.headers.contains_key("authorization"));
    let agent = seen.headers["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("tiktok-business-messages/"), "{agent}");
    let kind = seen.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
    let form = String::from_utf8_lossy(&seen.body);
    for part in ["name=\"business_id\"", "name=\"media_type\"", "Content-Type: image/png", "-pixels"] {
        assert!(form.contains(part), "{part} in {form}");
    }
    assert!(form.contains("name=\"file\"; filename"), "{form}");
}

#[tokio::test]
async fn a_send_goes_out_as_json_with_the_bare_token() {
    let server = Server::answering(200, fixture("api-message-send-success")).await;
    let client = server.client();
    let draft = client.send_message(&token(), BUSINESS).conversation(CONVERSATION);
    let message: SendMessage = draft.text("เปิด 8 โมงเช้าค่ะ 🌞").unwrap().into();
    let sent = message.await.unwrap();
    assert_eq!(sent.message_id.unwrap().as_str(), message_id(20));

    let seen = &server.seen()[0];
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(seen.headers["access-token"], "inv-access-0001");
    let body: Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(body, built("api-message-send-request-text"));
}

#[tokio::test]
async fn oauth_and_configuration_calls_carry_no_token() {
    let server = Server::answering(200, fixture("api-webhook-list-empty")).await;
    let config = server.client().webhook(&app(), WebhookCategory::DirectMessage).await.unwrap();
    assert_eq!(config.callback_url, None);
    assert!(!server.seen()[0].headers.contains_key("access-token"));
}

#[test]
fn nothing_shown_holds_a_secret_or_a_text() {
    let client = offline();
    let token = AccessToken::new("token-value");
    let app = AppCredentials::new("1", "secret-value");
    let text = client.send_message(&token, "b").conversation("c").text("text-value").unwrap();
    let shown = [
        format!("{text:?}"),
        format!("{:?}", text.try_into_request().unwrap()),
        format!("{:?}", client.webhook(&app, WebhookCategory::Video)),
        format!("{:?}", client.webhook(&app, WebhookCategory::Video).try_into_request().unwrap()),
        format!("{:?}", client.exchange_code(&app, "code-value", "https://x.test/")),
        format!("{:?}", client.refresh_tokens(&app, &RefreshToken::new("refresh-value"))),
        format!("{:?}", client.fetch_media(&token, "https://x.test/address-value")),
        format!("{:?}", tiktok::webhook::Verifier::new("secret-value")),
    ];
    for shown in shown {
        assert!(!shown.contains("-value"), "{shown}");
    }
}

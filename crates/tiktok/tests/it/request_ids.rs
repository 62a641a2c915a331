//! TikTok's id of a request comes back from every call, whether it went well or not.

use axum::{http::StatusCode, response::IntoResponse};
use serde_json::json;
use tiktok::{
    Client, Error, RefreshToken, login,
    model::{AutoMessageContent, AutoMessageType, ConversationType, MediaType, OperationStatus, WebhookCategory},
    oauth::AppCredentials,
};

use crate::support::{BUSINESS, CONVERSATION, REQUEST_ID, Server, fixture, token};

/// Calls every endpoint and answers with the failures by name.
async fn fail_everywhere(client: &Client) -> Vec<(&'static str, Error)> {
    let (token, app) = (token(), AppCredentials::new("1", "s"));
    let (single, on) = (ConversationType::Single, OperationStatus::Enable);
    let category = || WebhookCategory::DirectMessage;
    let prompt = || AutoMessageType::ChatPrompt;
    let words = || AutoMessageContent::welcome("hello").unwrap();
    let png = b"\x89PNG\r\n\x1A\n".as_slice();
    let draft = || client.send_message(&token, BUSINESS).conversation(CONVERSATION);
    macro_rules! failures {
        ($($name:ident: $call:expr,)*) => { vec![$((stringify!($name), $call.await.map(drop).unwrap_err()),)*] };
    }
    failures! {
        text: draft().text("x").unwrap(),
        image: draft().image("m"),
        share_post: draft().share_post("1"),
        typing: draft().typing(),
        mark_read: draft().mark_read(),
        comment_reply: client.send_message(&token, BUSINESS).comment_reply("1").text("x").unwrap(),
        conversations: client.list_conversations(&token, BUSINESS, single.clone()),
        messages: client.list_messages(&token, BUSINESS, CONVERSATION),
        upload: client.upload_image(&token, BUSINESS, "a.png", png).unwrap(),
        download: client.download_media(&token, BUSINESS, CONVERSATION, "m", "x", MediaType::Image),
        capabilities: client.capabilities(&token, BUSINESS, CONVERSATION, single),
        posts: client.list_posts(&token, BUSINESS),
        create: client.create_auto_message(&token, BUSINESS, words()),
        update: client.update_auto_message(&token, BUSINESS, "1", words()),
        status: client.set_auto_message_status(&token, BUSINESS, prompt(), on.clone()),
        list: client.auto_messages(&token, BUSINESS, prompt()),
        delete: client.delete_auto_message(&token, BUSINESS, prompt(), "1"),
        sort: client.sort_chat_prompts(&token, BUSINESS, ["1"]).unwrap(),
        set_comment_to_message: client.set_comment_to_message(&token, BUSINESS, on),
        get_comment_to_message: client.comment_to_message(&token, BUSINESS),
        business: client.business(&token, BUSINESS),
        update_webhook: client.update_webhook(&app, category(), "https://x.test/"),
        webhook: client.webhook(&app, category()),
        delete_webhook: client.delete_webhook(&app, category()),
        exchange: client.exchange_code(&app, "c", "https://x.test/"),
        refresh: client.refresh_tokens(&app, &RefreshToken::new("r")),
        revoke: client.revoke_token(&app, &token),
        token_info: client.token_info("1", &token),
    }
}

#[tokio::test]
async fn every_refusal_names_its_request() {
    let body = json!({"code": 40002, "message": "x", "request_id": "r-1"}).to_string();
    let server = Server::answering(200, body).await;
    let failures = fail_everywhere(&server.client()).await;
    assert_eq!(failures.len(), server.seen().len());
    for (name, error) in failures {
        assert_eq!(error.request_id(), Some("r-1"), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn every_bare_http_failure_names_its_request_by_header() {
    let bad = |_: &_| (StatusCode::BAD_GATEWAY, [("x-tt-logid", "log-1")], "busy").into_response();
    let server = Server::running(bad).await;
    for (name, error) in fail_everywhere(&server.client()).await {
        assert_eq!(error.request_id(), Some("log-1"), "{name}: {error:?}");
    }
    let fetched = server.client().fetch_media(&token(), &server.address).await.unwrap_err();
    assert_eq!(fetched.request_id(), Some("log-1"));
}

#[tokio::test]
async fn a_success_names_its_request_to_who_asks() {
    let client = Server::answering(200, fixture("api-message-send-success")).await.client();
    let draft = client.send_message(&token(), BUSINESS).conversation(CONVERSATION);
    let answer = draft.text("x").unwrap().with_request_id().await.unwrap();
    assert!(answer.value.message_id.is_some());
    assert_eq!(answer.request_id.as_deref(), Some(REQUEST_ID));

    let good = |_: &_| ([("x-tt-logid", "log-2")], r#"{"code":0,"data":{}}"#).into_response();
    let client = Server::running(good).await.client();
    let answer = client.comment_to_message(&token(), BUSINESS).with_request_id().await;
    assert_eq!(answer.unwrap_err().request_id(), Some("log-2"), "an unreadable success too");
    let answer = client.business(&token(), BUSINESS).with_request_id().await.unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("log-2"));

    let login = Server::answering(200, fixture("loginkit-user-info-success")).await.login_client();
    let answer = login.user_info(&login::AccessToken::new("act")).with_request_id().await.unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("20261120INVENTEDLOG02"));
}

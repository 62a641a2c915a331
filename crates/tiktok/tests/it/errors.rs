//! What each failure says: repeat, refresh, authorize, wait, and whether the send went out.

use std::{error::Error as _, time::Duration};

use axum::{Router, http::StatusCode, response::IntoResponse};
use serde_json::json;
use tiktok::{Client, Error, ErrorKind, TransportKind, model::WebhookCategory};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

use crate::support::{BUSINESS, CONVERSATION, Server, serve, token, verdict};

async fn send(client: &Client) -> Error {
    let draft = client.send_message(&token(), BUSINESS).conversation(CONVERSATION);
    draft.text("hello").unwrap().await.unwrap_err()
}

async fn answered(status: u16, body: impl Into<axum::body::Bytes>) -> Error {
    let server = Server::answering(status, body).await;
    let error = send(&server.client()).await;
    assert_eq!(server.seen().len(), 1, "a send is never repeated");
    error
}

async fn coded(code: i64, message: &str) -> Error {
    answered(200, json!({"code": code, "message": message, "data": {}}).to_string()).await
}

#[tokio::test]
async fn http_statuses_without_a_code() {
    let expected = [
        (201, "uncertain"),
        (302, ""),
        (400, ""),
        (401, ""),
        (404, ""),
        (408, "retryable uncertain"),
        (413, ""),
        (429, "retryable slow-down"),
        (500, "retryable uncertain"),
        (502, "retryable uncertain"),
        (503, "retryable uncertain"),
        (504, "retryable uncertain"),
    ];
    for (status, words) in expected {
        for body in ["<html>busy</html>", "", r#"{"code":0,"message":"OK"}"#, "[]"] {
            let error = answered(status, body).await;
            assert!(
                matches!(error.kind(), ErrorKind::Http { status: seen, .. } if *seen == status),
                "{status} {body}: {error:?}"
            );
            assert_eq!(verdict(&error), words, "{status}");
        }
    }
}

#[tokio::test]
async fn a_code_counts_whatever_the_status_but_5xx_stays_uncertain() {
    let body = json!({"code": 40105, "message": "revoked", "request_id": "r1"}).to_string();
    let error = answered(401, body).await;
    assert_eq!((verdict(&error).as_str(), error.request_id()), ("refresh", Some("r1")));
    let error = answered(500, json!({"code": 40002, "message": "x"}).to_string()).await;
    assert_eq!(verdict(&error), "uncertain");
}

#[tokio::test]
async fn an_unreadable_success_is_uncertain() {
    let bodies = [
        "",
        "not json",
        "[]",
        "{}",
        r#"{"code":"x"}"#,
        r#"{"code":0}"#,
        r#"{"code":0,"data":null}"#,
        r#"{"code":0,"data":{}}"#,
        r#"{"code":0,"data":{"message":{}}}"#,
        r#"{"code":0,"data":{"message":{"message_id":[]}}}"#,
    ];
    for body in bodies {
        let error = answered(200, body).await;
        assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{body}: {error:?}");
        assert_eq!(verdict(&error), "uncertain", "{body}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_not_swallowed() {
    let body = vec![b' '; tiktok::limits::ANSWER_MAX_BYTES + 1];
    let error = answered(200, body).await;
    assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{error:?}");
}

#[tokio::test]
async fn waiting_times() {
    let seconds = |error: Error| error.retry_after().map(|wait| wait.as_secs());
    assert_eq!(seconds(coded(40100, "App reaches the QPS limit.").await), Some(1));
    assert_eq!(seconds(coded(40100, "App reaches the QPM limit.").await), Some(300));
    assert_eq!(seconds(coded(40100, "App reaches the QPD limit.").await), None);
    assert_eq!(seconds(coded(40002, "QPS is not a field").await), None);

    for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE] {
        let server =
            Server::running(move |_| (status, [("retry-after", "7"), ("x-tt-logid", "log-1")], "busy").into_response());
        let error = send(&server.await.client()).await;
        assert_eq!(error.request_id(), Some("log-1"));
        assert_eq!(seconds(error), Some(7));
    }
}

#[tokio::test]
async fn a_timeout_after_the_request_was_taken_is_uncertain() {
    let (taken, mut arrivals) = mpsc::unbounded_channel();
    let handler = move || async move {
        taken.send(()).unwrap();
        std::future::pending::<()>().await;
    };
    let address = serve(Router::new().fallback(handler)).await;
    let client = Client::builder().base_url(address).timeout(Duration::from_secs(1)).build().unwrap();
    let error = send(&client).await;
    arrivals.recv().await.expect("the server took the request");
    assert!(arrivals.try_recv().is_err(), "and took it once");
    assert_eq!(error.kind(), &ErrorKind::Transport(TransportKind::Timeout));
    assert_eq!(verdict(&error), "retryable uncertain");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn no_connection_is_certain() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder().base_url(address).build().unwrap();
    let error = send(&client).await;
    assert_eq!(error.kind(), &ErrorKind::Transport(TransportKind::Connect));
    assert_eq!(verdict(&error), "retryable");
}

/// Accepts one connection, reads a request, writes `answer` and closes.
async fn closing_after(answer: &'static [u8], call: impl AsyncFnOnce(&Client) -> Error) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder().base_url(address).build().unwrap();
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        assert!(socket.read(&mut request).await.unwrap() > 0);
        socket.write_all(answer).await.unwrap();
        drop(socket);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        error = call(&client) => error,
        () = server => unreachable!("the server waits for ever"),
    }
}

#[tokio::test]
async fn a_broken_connection_is_uncertain() {
    let error = closing_after(b"", send).await;
    assert_eq!(error.kind(), &ErrorKind::Transport(TransportKind::Interrupted));
    assert_eq!(verdict(&error), "retryable uncertain");

    let error = closing_after(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":0", send).await;
    assert_eq!(error.kind(), &ErrorKind::Transport(TransportKind::Body));
    assert_eq!(verdict(&error), "retryable uncertain");

    let error = closing_after(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 100\r\n\r\n<", send).await;
    assert!(matches!(error.kind(), ErrorKind::Http { status: 502, .. }), "{error:?}");
}

#[tokio::test]
async fn redirects_of_api_calls_are_not_followed() {
    let other = Server::answering(200, "{}").await;
    let target = other.address.clone();
    let server =
        Server::running(move |_| (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())], "").into_response());
    let error = send(&server.await.client()).await;
    assert!(matches!(error.kind(), ErrorKind::Http { status: 307, .. }), "{error:?}");
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn errors_show_no_secret() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder().base_url(address).build().unwrap();
    let app = tiktok::oauth::AppCredentials::new("1", "secret-value");
    let list = async |client: &Client| client.webhook(&app, WebhookCategory::Video).await.unwrap_err();
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    for error in [list(&client).await, closing_after(b"", list).await, closing_after(cut, list).await] {
        assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error:?}");
        assert!(!format!("{error:?}").contains("secret-value"), "{error:?}");
    }

    let bad = tiktok::AccessToken::new("token-value\n");
    let error = client.business(&bad, BUSINESS).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("token-value"), "{error:?}");
    assert_eq!(verdict(&error), "");
}

#[test]
fn unusable_settings_are_named() {
    for base in ["", "not a url", "ftp://x.test/"] {
        let error = Client::builder().base_url(base).build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{base}: {error:?}");
    }
    let error = Client::builder().proxy("::").build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error:?}");
    let client = Client::builder().base_url("http://localhost:4000/open_api/v1.3/").build().unwrap();
    assert_eq!(client.base_url(), "http://localhost:4000/open_api/v1.3");
}

//! What each failure says: repeat, new token, wait, and whether the send went out.

use std::{error::Error as _, time::Duration};

use axum::{Router, http::StatusCode, response::IntoResponse};
use respondio::{Client, Error, ErrorClass, ErrorKind, TransportKind, model::Identifier};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

use crate::support::{CONTACT, Server, fixture, fixture_names, serve, token};

async fn send(client: &Client) -> Error {
    client.send_message(&token(), CONTACT).text("hello").unwrap().await.unwrap_err()
}

async fn answered(status: u16, body: impl Into<axum::body::Bytes>) -> Error {
    let server = Server::answering(status, body).await;
    let error = send(&server.client()).await;
    assert_eq!(server.seen().len(), 1, "a send is never repeated");
    error
}

/// What the caller learns, in one line.
fn verdict(error: &Error) -> String {
    let answers = [
        ("retryable", error.is_retryable()),
        ("reauthorize", error.needs_reauthorization()),
        ("forbidden", error.is_forbidden()),
        ("blocked", error.is_blocked()),
        ("slow-down", error.is_rate_limited()),
        ("pending", error.is_pending()),
        ("gone", error.is_not_found()),
        ("conflict", error.is_conflict()),
        ("uncertain", error.outcome_uncertain()),
    ];
    let words: Vec<_> = answers.into_iter().filter_map(|(word, answer)| answer.then_some(word)).collect();
    words.join(" ")
}

const EXPECTED: [(u16, &str); 16] = [
    (302, ""),
    (400, ""),
    (401, "reauthorize"),
    (403, "forbidden"),
    (404, "gone"),
    (408, "retryable uncertain"),
    (409, "conflict"),
    (413, ""),
    (422, ""),
    (425, "retryable uncertain"),
    (429, "retryable slow-down"),
    (449, "retryable pending"),
    (500, "retryable uncertain"),
    (502, "retryable uncertain"),
    (503, "retryable uncertain"),
    (504, "retryable uncertain"),
];

#[tokio::test]
async fn every_error_fixture() {
    let names = fixture_names("error-");
    assert_eq!(names.len(), 7);
    for name in names {
        let status: u16 = name.trim_start_matches("error-").parse().unwrap();
        let error = answered(status, fixture(&name)).await;
        let ErrorKind::Api(api) = error.kind() else { panic!("{name}: {error:?}") };
        assert_eq!((api.status, api.code, api.class), (status, Some(i64::from(status)), ErrorClass::of(status)));
        assert!(api.message.starts_with("[placeholder]"), "{name}: {api:?}");
        let expected = EXPECTED.iter().find(|(one, _)| *one == status).unwrap().1;
        assert_eq!((verdict(&error).as_str(), error.status()), (expected, Some(status)));
    }
}

#[tokio::test]
async fn a_status_counts_whatever_the_body() {
    for (status, words) in EXPECTED {
        for body in ["busy", "", "[]", "{}", r#"{"code":"x","message":{"why":["y"]}}"#] {
            let error = answered(status, body).await;
            assert!(matches!(error.kind(), ErrorKind::Api(_) | ErrorKind::Http { .. }), "{status} {body}: {error:?}");
            assert_eq!((verdict(&error).as_str(), error.status()), (words, Some(status)), "{body}");
        }
    }
    let error = answered(400, r#"{"code":400,"message":{"field":"search"}}"#).await;
    assert!(error.to_string().contains(r#"{"field":"search"}"#), "{error}");
}

#[tokio::test]
async fn web_pages_are_not_json() {
    let page = "\n<html><body>Request blocked (cloudfront)</body></html>";
    for (status, words) in [
        (200, "retryable uncertain"),
        (302, ""),
        (401, "retryable blocked"),
        (403, "retryable blocked"),
        (429, "retryable slow-down"),
        (502, "retryable uncertain"),
    ] {
        let error = answered(status, page).await;
        assert!(matches!(error.kind(), ErrorKind::WebPage { status: seen, .. } if *seen == status), "{error:?}");
        assert_eq!(verdict(&error), words, "{status}");
    }
    // Said to be a page though it looks like an answer.
    let server =
        Server::running(|_| ([("content-type", "text/HTML; charset=utf-8")], "{\"messageId\":1}").into_response());
    let error = send(&server.await.client()).await;
    assert!(matches!(error.kind(), ErrorKind::WebPage { status: 200, .. }), "{error:?}");
}

#[tokio::test]
async fn an_error_in_a_success_is_an_error() {
    let error = answered(200, fixture("error-404")).await;
    assert_eq!((verdict(&error).as_str(), error.status()), ("gone", Some(200)));
    let error = answered(200, fixture("error-500")).await;
    assert_eq!(verdict(&error), "retryable uncertain");
}

#[tokio::test]
async fn an_unreadable_success_is_uncertain() {
    let bodies =
        ["", " ", "not json", "[]", "{}", "null", r#"{"messageId":[]}"#, r#"{"messageId":-1}"#, r#"{"code":200}"#];
    for body in bodies {
        let error = answered(200, body).await;
        assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{body}: {error:?}");
        assert_eq!(verdict(&error), "uncertain", "{body}");
    }
    let body = vec![b' '; respondio::limits::ANSWER_MAX_BYTES + 1];
    let error = answered(200, body).await;
    assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "endless: {error:?}");
}

#[tokio::test]
async fn waiting_times() {
    for (header, seconds) in [("7", Some(7)), (" 2 ", Some(2)), ("soon", None), ("-1", None), ("1.5", None)] {
        for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::from_u16(449).unwrap(), StatusCode::BAD_GATEWAY] {
            let server = Server::running(move |_| (status, [("retry-after", header)], "{}").into_response());
            let error = send(&server.await.client()).await;
            assert_eq!(error.retry_after().map(|wait| wait.as_secs()), seconds, "{header}");
        }
    }
    let server = Server::running(|_| (StatusCode::FORBIDDEN, [("retry-after", "90")], "<html>").into_response());
    assert_eq!(send(&server.await.client()).await.retry_after(), Some(Duration::from_secs(90)));
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
    assert_eq!((verdict(&error).as_str(), error.rate_limit()), ("retryable uncertain", None));
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

    let error = closing_after(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"messageId\":1", send).await;
    assert_eq!(error.kind(), &ErrorKind::Transport(TransportKind::Body));
    assert_eq!(verdict(&error), "retryable uncertain");

    let error = closing_after(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 100\r\n\r\n<", send).await;
    assert!(matches!(error.kind(), ErrorKind::Http { status: 502, .. }), "{error:?}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::answering(200, "{}").await;
    let target = other.address.clone();
    let server =
        Server::running(move |_| (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())], "").into_response());
    let error = send(&server.await.client()).await;
    assert!(matches!(error.kind(), ErrorKind::Http { status: 307, .. }), "{error:?}");
    assert_eq!(verdict(&error), "");
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn errors_show_neither_token_nor_address() {
    let who = || Identifier::email("somebody@example.com");
    let read = async |client: &Client| client.contact(&token(), who()).await.unwrap_err();
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    for error in [closing_after(b"", read).await, closing_after(cut, read).await] {
        assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error:?}");
        assert!(!format!("{error:?}").contains("somebody"), "{error:?}");
    }
    assert!(!format!("{:?}", who()).contains("somebody"));

    let client = Client::builder().build().unwrap();
    let bad = respondio::AccessToken::new("token-value\n");
    let error = client.contact(&bad, CONTACT).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("token-value"), "{error:?}");
    assert_eq!((verdict(&error).as_str(), error.status()), ("", None));
}

#[test]
fn unusable_settings_are_named() {
    for base in ["", "not a url", "ftp://x.test/"] {
        let error = Client::builder().base_url(base).build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{base}: {error:?}");
    }
    let error = Client::builder().proxy("::").build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error:?}");
    let client = Client::builder().base_url("http://localhost:4000/respondio/v2/").build().unwrap();
    assert_eq!(client.base_url(), "http://localhost:4000/respondio/v2");
}

//! Every Login Kit answer: flat tokens, wrapped users, words for errors.

use axum::{http::StatusCode, response::IntoResponse};
use serde_json::json;
use tiktok::{
    Error, ErrorClass, ErrorKind, FixedBy, TransportKind,
    login::{AccessToken, Client, Credentials, LoginErrorCode, Scope},
};

use crate::support::{Server, fixture, fixture_names, verdict};

fn app() -> Credentials {
    Credentials::new("key", "secret")
}

fn token() -> AccessToken {
    AccessToken::new("act.invented01")
}

async fn answering(name: &str) -> Client {
    Server::answering(200, fixture(name)).await.login_client()
}

#[test]
fn no_fixture_is_left_out() {
    let read_here = [
        "loginkit-posting-inbox-init-success",
        "loginkit-posting-status-failed",
        "loginkit-posting-status-inbox",
        "loginkit-revoke-success",
        "loginkit-token-error-invalid_grant",
        "loginkit-token-success-24h",
        "loginkit-token-success-2h",
        "loginkit-user-info-error-scope",
        "loginkit-user-info-success",
    ];
    assert_eq!(fixture_names("loginkit-"), read_here);
}

#[tokio::test]
async fn tokens_live_as_long_as_the_answer_says() {
    for (name, access, refresh, number) in [("24h", 86_400, 31_536_000, "01"), ("2h", 7_200, 15_552_000, "02")] {
        let client = answering(&format!("loginkit-token-success-{name}")).await;
        let tokens = client.exchange_code(&app(), "code", "https://x.test/").await.unwrap();
        assert_eq!(tokens.access_token.expose(), format!("act.invented{number}"));
        assert_eq!(tokens.refresh_token.expose(), format!("rft.invented{number}"));
        assert_eq!((tokens.expires_in.as_secs(), tokens.refresh_token_expires_in.as_secs()), (access, refresh));
        assert_eq!(tokens.open_id.as_str(), "act-user-invented-01");
        assert!(tokens.scopes.contains(&Scope::UserInfoBasic));
    }
    let client = answering("loginkit-token-success-2h").await;
    let tokens = client.refresh_tokens(&app(), &"rft.invented01".into()).await.unwrap();
    assert_eq!(tokens.refresh_token.expose(), "rft.invented02", "rotated");
}

#[tokio::test]
async fn a_revocation_answers_with_nothing() {
    for body in [fixture("loginkit-revoke-success"), Vec::new(), b" \n".to_vec()] {
        let client = Server::answering(200, body).await.login_client();
        client.revoke_token(&app(), &token()).await.unwrap();
    }
    let client = Server::answering(204, "").await.login_client();
    client.revoke_token(&app(), &token()).await.unwrap();
}

#[tokio::test]
async fn a_user() {
    let user = answering("loginkit-user-info-success").await.user_info(&token()).await.unwrap();
    assert_eq!(user.open_id.unwrap().as_str(), "act-user-invented-01");
    assert_eq!(user.union_id.unwrap().as_str(), "union-invented-01");
    assert_eq!(user.display_name.as_deref(), Some("บ้านกาแฟ ☕"));
    assert_eq!((user.username, user.follower_count, user.is_verified), (None, None, None));
}

#[tokio::test]
async fn errors_of_both_shapes() {
    let client = answering("loginkit-token-error-invalid_grant").await;
    let error = client.exchange_code(&app(), "code", "https://x.test/").await.unwrap_err();
    assert_eq!(error.login_code(), Some(&LoginErrorCode::InvalidGrant));
    assert_eq!((verdict(&error).as_str(), error.request_id()), ("reauthorize", Some("20261120INVENTEDLOG01")));
    assert!(error.to_string().contains("Authorization code is expired."), "{error}");
    assert_eq!((error.code(), error.class()), (None, Some(ErrorClass::Reauthorize)));

    let server = Server::answering(401, fixture("loginkit-user-info-error-scope")).await;
    let error = server.login_client().user_info(&token()).await.unwrap_err();
    assert_eq!(error.login_code(), Some(&LoginErrorCode::ScopeNotAuthorized));
    assert_eq!((verdict(&error).as_str(), error.request_id()), ("reauthorize", Some("20261120INVENTEDLOG03")));
    let ErrorKind::Login(login) = error.kind() else { panic!("{error:?}") };
    assert_eq!(login.http_status, 401);
}

/// Every word TikTok documents, with the status it comes with, what the caller learns, who can act.
#[tokio::test]
async fn words_say_what_to_do() {
    use FixedBy::{AccountHolder, AppOwner, Developer, Program, Sender};
    let oauth = [
        ("access_denied", "reauthorize", AccountHolder),
        ("invalid_client", "", AppOwner),
        ("invalid_grant", "reauthorize", AccountHolder),
        ("invalid_request", "", Developer),
        ("invalid_scope", "", AppOwner),
        ("unauthorized_client", "", AppOwner),
        ("unsupported_grant_type", "", Developer),
        ("unsupported_response_type", "", Developer),
        ("server_error", "retryable uncertain", Program),
        ("temporarily_unavailable", "retryable", Program),
        ("word_of_tomorrow", "", Developer),
    ];
    // The status of OAuth errors is not documented: the word counts.
    for status in [200, 400, 401] {
        for (word, expected, who) in oauth {
            let body = json!({"error": word, "error_description": "x", "log_id": "l"}).to_string();
            let client = Server::answering(status, body).await.login_client();
            let error = client.refresh_tokens(&app(), &"rft".into()).await.unwrap_err();
            assert_eq!(verdict(&error), expected, "{word} {status}");
            let advice = error.advice().unwrap();
            assert_eq!(advice.who, who, "{word}");
            assert!(!advice.cause.is_empty() && !advice.action.is_empty(), "{word}");
        }
    }
    let api = [
        ("access_token_invalid", 401, "refresh", Program),
        ("scope_not_authorized", 401, "reauthorize", AccountHolder),
        ("scope_permission_missed", 400, "", Developer),
        ("invalid_params", 400, "", Developer),
        ("invalid_file_upload", 400, "", Sender),
        ("rate_limit_exceeded", 429, "retryable slow-down", Program),
        ("internal_error", 500, "retryable uncertain", Program),
        ("spam_risk_too_many_pending_share", 403, "", AccountHolder),
        ("word_of_tomorrow", 403, "", Developer),
        ("word_of_tomorrow", 429, "retryable slow-down", Program),
        ("word_of_tomorrow", 503, "retryable uncertain", Program),
    ];
    for (word, status, expected, who) in api {
        let body = json!({"data": {}, "error": {"code": word, "message": "x", "log_id": "l"}}).to_string();
        let client = Server::answering(status, body).await.login_client();
        let error = client.user_info(&token()).await.unwrap_err();
        assert_eq!((verdict(&error).as_str(), error.request_id()), (expected, Some("l")), "{word}");
        assert_eq!(error.advice().unwrap().who, who, "{word}");
    }
}

async fn user_info(status: u16, body: impl Into<axum::body::Bytes>) -> Error {
    Server::answering(status, body).await.login_client().user_info(&token()).await.unwrap_err()
}

#[tokio::test]
async fn a_status_without_a_word_is_an_http_failure() {
    for (status, expected) in [(400, ""), (404, ""), (429, "retryable slow-down"), (502, "retryable uncertain")] {
        for body in ["", "<html>", "{}", r#"{"error":{"code":"ok"}}"#] {
            let error = user_info(status, body).await;
            assert!(matches!(error.kind(), ErrorKind::Http { status: seen, .. } if *seen == status), "{error:?}");
            assert_eq!(verdict(&error), expected, "{status} {body}");
        }
    }
}

#[tokio::test]
async fn an_unreadable_success_is_uncertain() {
    let bodies =
        ["", "[]", "not json", r#"{"error":{"code":"ok"}}"#, r#"{"data":{},"error":{"code":"ok","log_id":"l"}}"#];
    for body in bodies {
        let error = user_info(200, body).await;
        assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{body}: {error:?}");
        assert_eq!(verdict(&error), "uncertain", "{body}");
    }
    let client = Server::answering(200, r#"{"access_token":"a"}"#).await.login_client();
    let error = client.refresh_tokens(&app(), &"rft".into()).await.unwrap_err();
    assert_eq!(verdict(&error), "uncertain", "the old refresh token may be dead");
}

#[tokio::test]
async fn waiting_times_and_redirects() {
    let busy = |_: &_| {
        let body = json!({"error": {"code": "rate_limit_exceeded", "message": "", "log_id": ""}}).to_string();
        (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7"), ("x-tt-logid", "log-1")], body).into_response()
    };
    let error = Server::running(busy).await.login_client().user_info(&token()).await.unwrap_err();
    assert_eq!((error.retry_after().map(|wait| wait.as_secs()), error.request_id()), (Some(7), Some("log-1")));

    let other = Server::answering(200, "{}").await;
    let target = other.address.clone();
    let server =
        Server::running(move |_| (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())], "").into_response());
    let error = server.await.login_client().user_info(&token()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Http { status: 307, .. }), "{error:?}");
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn no_connection_is_certain_and_shows_no_secret() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder().base_url(address).build().unwrap();
    let app = Credentials::new("key", "secret-value");
    let error = client.refresh_tokens(&app, &"refresh-value".into()).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Transport(TransportKind::Connect));
    assert_eq!(verdict(&error), "retryable");
    let bad = AccessToken::new("token-value\n");
    for error in [error, client.user_info(&bad).await.unwrap_err()] {
        assert!(!format!("{error:?}").contains("-value"), "{error:?}");
    }
    for base in ["", "not a url", "ftp://x.test/"] {
        assert!(Client::builder().base_url(base).build().is_err(), "{base}");
    }
}

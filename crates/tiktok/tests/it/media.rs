//! Fetching a file: the right header, bounded, and no token for strangers.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tiktok::{Client, ErrorKind, MediaError};

use crate::support::{Seen, Server, token};

fn redirect(to: &str) -> Response {
    (StatusCode::FOUND, [("location", to.to_owned())], "").into_response()
}

fn media_error(error: &tiktok::Error) -> &MediaError {
    let ErrorKind::Media(error) = error.kind() else { panic!("{error:?}") };
    error
}

#[tokio::test]
async fn a_file_is_fetched_with_x_user() {
    let server = Server::running(|_| ([("content-type", "image/png")], "pixels").into_response());
    let server = server.await;
    let address = format!("{}/im/download?id=1", server.address);
    let file = server.client().fetch_media(&token(), address).await.unwrap();
    assert_eq!((&file.bytes[..], file.content_type.as_deref()), (&b"pixels"[..], Some("image/png")));
    let seen = &server.seen()[0];
    assert_eq!(seen.headers["x-user"], "inv-access-0001");
    assert!(!seen.headers.contains_key("access-token"));
    assert_eq!(seen.uri, "/im/download?id=1");
}

#[tokio::test]
async fn the_token_stays_with_the_first_host() {
    let other = Server::answering(200, "pixels").await;
    let target = format!("{}/file", other.address);
    let first = Server::running(move |seen: &Seen| match seen.uri.path() {
        "/a" => redirect("/b"),
        _ => redirect(&target),
    })
    .await;
    let file = first.client().fetch_media(&token(), format!("{}/a", first.address)).await.unwrap();
    assert_eq!(&file.bytes[..], b"pixels");
    assert!(first.seen().iter().all(|seen| seen.headers.contains_key("x-user")));
    assert_eq!(first.seen().len(), 2);
    let elsewhere = &other.seen()[0].headers;
    for header in ["x-user", "access-token", "authorization", "cookie", "referer"] {
        assert!(!elsewhere.contains_key(header), "{header}");
    }
}

#[tokio::test]
async fn redirects_end() {
    let server = Server::running(|_| redirect("/again")).await;
    let error = server.client().fetch_media(&token(), &server.address).await.unwrap_err();
    assert_eq!(media_error(&error), &MediaError::TooManyRedirects);
    assert_eq!(server.seen().len(), tiktok::limits::FETCH_REDIRECTS_MAX + 1);
}

#[tokio::test]
async fn unsafe_addresses_are_not_opened() {
    let server = Server::answering(200, "pixels").await;
    let secure = Client::builder().build().unwrap();
    let error = secure.fetch_media(&token(), &server.address).await.unwrap_err();
    assert_eq!(media_error(&error), &MediaError::UnsafeAddress, "plain http, API over https");
    assert!(server.seen().is_empty());

    for address in ["", "file:///etc/passwd", "data:text/plain,x", "/relative"] {
        let error = server.client().fetch_media(&token(), address).await.unwrap_err();
        assert_eq!(media_error(&error), &MediaError::UnsafeAddress, "{address}");
    }
    for target in ["file:///etc/passwd", "", "http://"] {
        let server = Server::running(move |_| redirect(target)).await;
        let error = server.client().fetch_media(&token(), &server.address).await.unwrap_err();
        assert_eq!(media_error(&error), &MediaError::UnsafeAddress, "{target}");
        assert!(!error.outcome_uncertain());
    }
}

#[tokio::test]
async fn a_file_is_bounded_announced_or_not() {
    let announced = Server::answering(200, vec![0; 1000]).await;
    let chunked = Server::running(|_| {
        let chunks = (0..10).map(|_| Ok::<_, std::io::Error>(vec![0_u8; 100]));
        axum::body::Body::from_stream(futures_util::stream::iter(chunks)).into_response()
    })
    .await;
    for server in [announced, chunked] {
        let fetch = server.client().fetch_media(&token(), &server.address);
        let error = fetch.clone().max_bytes(999).await.unwrap_err();
        assert_eq!(media_error(&error), &MediaError::TooLarge { limit: 999 });
        assert_eq!(fetch.max_bytes(1000).await.unwrap().bytes.len(), 1000);
    }
}

#[tokio::test]
async fn a_missing_file_is_an_http_error() {
    let server = Server::answering(404, "gone").await;
    let error = server.client().fetch_media(&token(), &server.address).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Http { status: 404, .. }), "{error:?}");
    assert!(!error.is_retryable());
}

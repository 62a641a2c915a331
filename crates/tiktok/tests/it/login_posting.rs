//! Video drafts: how a file is cut, what goes out, what comes back.

use axum::{http::StatusCode, response::IntoResponse};
use proptest::prelude::*;
use serde_json::json;
use tiktok::{
    ErrorKind, ValidationError, limits,
    login::{AccessToken, UploadPlan, UploadState, UploadStatus, VideoSource, VideoType},
};

use crate::support::{Server, fixture, json_body, offline_login, verdict};

fn token() -> AccessToken {
    AccessToken::new("act.invented01")
}

#[test]
fn bodies() {
    let client = offline_login();
    let plan = UploadPlan::new(50_000_123, 10_000_000).unwrap();
    assert_eq!(
        json_body(client.init_inbox_upload(&token(), VideoSource::File(plan))),
        json!({"source_info": {
            "source": "FILE_UPLOAD", "video_size": 50_000_123, "chunk_size": 10_000_000, "total_chunk_count": 5,
        }})
    );
    let address = "https://cdn.example.invalid/v.mp4".to_owned();
    assert_eq!(
        json_body(client.init_inbox_upload(&token(), VideoSource::Url(address))),
        json!({"source_info": {"source": "PULL_FROM_URL", "video_url": "https://cdn.example.invalid/v.mp4"}})
    );
    assert_eq!(json_body(client.publish_status(&token(), "p~1")), json!({"publish_id": "p~1"}));
}

#[test]
fn plans_follow_the_rules() {
    assert!(UploadPlan::whole(limits::CHUNK_MAX_BYTES).is_ok());
    assert!(UploadPlan::whole(0).is_err());
    assert!(UploadPlan::whole(limits::CHUNK_MAX_BYTES + 1).is_err());
    let field = |size, chunk| match UploadPlan::new(size, chunk) {
        Err(ValidationError::OutOfRange { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(100_000_000, limits::CHUNK_MIN_BYTES - 1), "chunk_size");
    assert_eq!(field(100_000_000, limits::CHUNK_MAX_BYTES + 1), "chunk_size");
    assert_eq!(field(9_999_999, 10_000_000), "video_size");
    assert_eq!(field(limits::VIDEO_MAX_BYTES + 1, 10_000_000), "video_size");
    assert_eq!(UploadPlan::whole(3).unwrap().range(0), Some(0..3));
    assert_eq!(UploadPlan::whole(3).unwrap().range(1), None);
}

proptest! {
    /// The chunks cover the file once, in order, and keep TikTok's sizes.
    #[test]
    fn chunks_cover_the_file(
        chunk in limits::CHUNK_MIN_BYTES..=limits::CHUNK_MAX_BYTES,
        size in limits::CHUNK_MIN_BYTES..=limits::VIDEO_MAX_BYTES,
        beyond: u64,
    ) {
        prop_assume!(size >= chunk);
        let plan = UploadPlan::new(size, chunk).unwrap();
        let mut end = 0;
        for index in 0..plan.chunks() {
            let range = plan.range(index).unwrap();
            prop_assert_eq!(range.start, end);
            let length = range.end - range.start;
            prop_assert!(length == chunk || (index + 1 == plan.chunks() && length < 2 * chunk));
            end = range.end;
        }
        prop_assert_eq!(end, size);
        prop_assert_eq!(plan.range(plan.chunks().saturating_add(beyond)), None);
    }
}

#[tokio::test]
async fn answers() {
    let client = Server::answering(200, fixture("loginkit-posting-inbox-init-success")).await.login_client();
    let source = VideoSource::File(UploadPlan::whole(10).unwrap());
    let upload = client.init_inbox_upload(&token(), source).await.unwrap();
    assert_eq!(upload.publish_id.as_str(), "v_inbox_file~v2.740000000000000601");
    assert!(upload.upload_url.as_deref().unwrap().starts_with("https://upload.example.invalid/video/"));
    assert!(!format!("{upload:?}").contains("upload_token"));

    let client = Server::answering(200, fixture("loginkit-posting-status-inbox")).await.login_client();
    let status = client.publish_status(&token(), "p").await.unwrap();
    assert_eq!((status.status, status.uploaded_bytes), (UploadStatus::SendToUserInbox, Some(10_485_760)));
    let client = Server::answering(200, fixture("loginkit-posting-status-failed")).await.login_client();
    let status = client.publish_status(&token(), "p").await.unwrap();
    assert_eq!((status.status, status.post_ids.len()), (UploadStatus::Failed, 0));
    assert_eq!(status.fail_reason.as_deref(), Some("picture_size_check_failed"));

    for name in ["publicaly_available_post_id", "publicly_available_post_id"] {
        let body = json!({"data": {"status": "PUBLISH_COMPLETE", name: [7_400_000_000_000_000_101_u64]}}).to_string();
        let client = Server::answering(200, body).await.login_client();
        let status = client.publish_status(&token(), "p").await.unwrap();
        assert_eq!(status.post_ids[0].as_str(), "7400000000000000101", "{name}");
    }
}

#[tokio::test]
async fn chunks_are_put_with_their_range_and_no_token() {
    let server = Server::running(|seen| {
        let last = seen.headers["content-range"].to_str().unwrap().starts_with("bytes 0-2/");
        if last { StatusCode::CREATED } else { StatusCode::PARTIAL_CONTENT }.into_response()
    })
    .await;
    let address = format!("{}/video/?upload_id=1", server.address);
    let plan = UploadPlan::whole(3).unwrap();
    let chunk = server.login_client().upload_chunk(&address, plan, 0, VideoType::Mp4, "abc").unwrap();
    assert_eq!(chunk.content_range(), "bytes 0-2/3");
    assert_eq!(chunk.await.unwrap(), UploadState::Done);
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), &seen.body[..]), ("PUT", &b"abc"[..]));
    assert_eq!(seen.headers["content-type"], "video/mp4");
    assert_eq!(seen.headers["content-length"], "3");
    assert!(!seen.headers.contains_key("authorization"));

    let plan = UploadPlan::new(2 * limits::CHUNK_MIN_BYTES, limits::CHUNK_MIN_BYTES).unwrap();
    let bytes = vec![0; usize::try_from(limits::CHUNK_MIN_BYTES).unwrap()];
    let chunk = server.login_client().upload_chunk(&address, plan, 1, VideoType::WebM, bytes);
    assert_eq!(chunk.unwrap().content_range(), "bytes 5242880-10485759/10485760");
}

#[tokio::test]
async fn refused_chunks() {
    let plan = UploadPlan::whole(3).unwrap();
    for (status, expected) in [(403, ""), (416, ""), (500, "retryable uncertain"), (503, "retryable uncertain")] {
        let server = Server::answering(status, "").await;
        let chunk = server.login_client().upload_chunk(&server.address, plan, 0, VideoType::Mp4, "abc").unwrap();
        let error = chunk.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Http { status: seen, .. } if *seen == status), "{error:?}");
        assert_eq!(verdict(&error), expected, "{status}");
    }
    for (index, bytes) in [(0, "ab"), (0, "abcd"), (1, "abc")] {
        let refused = offline_login().upload_chunk("https://x.test/", plan, index, VideoType::Mp4, bytes);
        assert!(matches!(refused.unwrap_err().kind(), ErrorKind::Validation(_)), "{index} {bytes}");
    }
    for address in ["", "http://127.0.0.1:1/", "file:///etc/passwd"] {
        let error = offline_login().upload_chunk(address, plan, 0, VideoType::Mp4, "abc").unwrap().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{address}: {error:?}");
    }
}

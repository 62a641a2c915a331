//! Own posts: answers in the shapes that public clients report.

use serde_json::json;
use tiktok::{ErrorKind, ValidationError, model::PostKind};

use crate::support::{BUSINESS, Server, offline, token};

#[tokio::test]
async fn a_page_of_posts() {
    let body = json!({"code": 0, "request_id": "r", "data": {
        "videos": [
            {"item_id": "7400000000000000101", "create_time": "1789999000", "media_type": "VIDEO", "caption": "เมนูใหม่ ☕",
             "thumbnail_url": "https://p.example.invalid/t.jpeg?x-expires=1790086400",
             "share_url": "https://www.tiktok.com/@baan.kafe.demo/video/7400000000000000101",
             "embed_url": "https://www.tiktok.com/player/v1/7400000000000000101", "video_views": 603, "likes": 24},
            {"item_id": 7_400_000_000_000_000_102_u64, "create_time": 1_789_998_000},
            {"caption": "without an id"},
        ],
        "has_more": true, "cursor": 1_789_998_000_000_i64,
    }});
    let client = Server::answering(200, body.to_string()).await.client();
    let page = client.list_posts(&token(), BUSINESS).await.unwrap();
    assert_eq!((page.posts.len(), page.unreadable.len()), (2, 1));
    assert_eq!(page.next_cursor(), Some(1_789_998_000_000));
    let post = &page.posts[0];
    assert_eq!((post.id.as_str(), post.kind.clone()), ("7400000000000000101", Some(PostKind::Video)));
    assert_eq!(post.create_time_ms, Some(1_789_999_000_000), "seconds became milliseconds");
    assert_eq!((post.caption.as_deref(), post.views, post.likes), (Some("เมนูใหม่ ☕"), Some(603), Some(24)));
    assert_eq!(tiktok::model::url_expiry(post.thumbnail_url.as_deref().unwrap()), Some(1_790_086_400));
    assert_eq!(page.posts[1].id.as_str(), "7400000000000000102", "every digit");
    assert_eq!(page.posts[1].share_url, None);

    // The id goes straight into a message.
    let draft = offline().send_message(&token(), BUSINESS).conversation("c").share_post(&post.id);
    let body = crate::support::json_body(draft);
    assert_eq!(body["share_post"]["item_id"], "7400000000000000101");
}

#[tokio::test]
async fn the_last_page_has_no_next() {
    for data in
        [json!({"videos": [], "has_more": false, "cursor": 5}), json!({"has_more": "false", "cursor": 5}), json!({})]
    {
        let client = Server::answering(200, json!({"code": 0, "data": data}).to_string()).await.client();
        let page = client.list_posts(&token(), BUSINESS).await.unwrap();
        assert_eq!((page.posts.len(), page.next_cursor()), (0, None));
    }
}

#[test]
fn pages_are_bounded() {
    let list = |limit| offline().list_posts(&token(), "b").limit(limit).map(drop);
    list(1).unwrap();
    list(20).unwrap();
    for limit in [0, 21] {
        let error = list(limit).unwrap_err();
        let ErrorKind::Validation(error) = error.kind() else { panic!("{error:?}") };
        assert!(matches!(error, ValidationError::OutOfRange { field: "max_count", min: 1, max: 20, .. }), "{error}");
    }
}

//! Every code of TikTok's list, with what the caller learns and who is told to act.

use serde_json::json;
use tiktok::{ErrorCode, FixedBy};

use crate::support::{BUSINESS, CONVERSATION, Server, token, verdict};

const RETRY: &str = "retryable";
const SLOW: &str = "retryable slow-down";
const LOST: &str = "retryable uncertain";
const ANEW: &str = "reauthorize";

/// Code, verdict on a send, who can fix it.
fn table() -> Vec<(i64, &'static str, FixedBy)> {
    use FixedBy::{AccountHolder, AppOwner, Customer, Developer, Program, Sender, TikTok};
    let mut table = vec![
        (20_001, "uncertain", Program),
        (40_000, "", Developer),
        (40_001, "", AppOwner),
        (40_002, "", Developer),
        (40_003, "", AppOwner),
        (40_006, "", Developer),
        (40_007, "", Sender),
        (40_016, SLOW, Program),
        (40_050, "", Program),
        (40_064, "dm-rule", Customer),
        (40_100, SLOW, Program),
        (40_101, "", AppOwner),
        (40_102, "refresh", Program),
        (40_103, ANEW, AccountHolder),
        (40_104, "", Developer),
        (40_105, "refresh", Program),
        (40_107, ANEW, AccountHolder),
        (40_108, "", Developer),
        (40_110, ANEW, AccountHolder),
        (40_113, "", AppOwner),
        (40_117, "", AppOwner),
        (40_118, "", AppOwner),
        (40_120, ANEW, AccountHolder),
        (40_130, ANEW, AccountHolder),
        (40_131, ANEW, AccountHolder),
        (40_132, SLOW, Program),
        (40_133, SLOW, Program),
        (40_202, RETRY, Program),
        (40_400, "", Developer),
        (41_000, "", AccountHolder),
        (50_000, LOST, Program),
        (50_002, LOST, Program),
        (60_001, RETRY, Program),
        (61_000, SLOW, Program),
        // Not in the list: a refusal, and something nobody knows.
        (40_917, "", Developer),
        (49_999, "", Developer),
        (54_000, "uncertain", TikTok),
        (77_777, "uncertain", TikTok),
        (-1, "uncertain", TikTok),
    ];
    table.extend((40_900..=40_916).map(|file| (file, "", Sender)));
    table.extend((51_000..=51_099).map(|internal| (internal, LOST, Program)));
    table.extend([52_000, 52_999, 53_000, 53_999].map(|storage| (storage, LOST, Program)));
    table
}

#[tokio::test]
async fn every_code_says_what_to_do_and_who_can() {
    for (number, words, who) in table() {
        let body = json!({"code": number, "message": "x", "request_id": "r-1", "data": {}}).to_string();
        let server = Server::answering(200, body).await;
        let draft = server.client().send_message(&token(), BUSINESS).conversation(CONVERSATION);
        let error = draft.text("hello").unwrap().await.unwrap_err();
        assert_eq!(verdict(&error), words, "{number}");
        assert_eq!((error.code(), error.request_id()), (Some(ErrorCode::from(number)), Some("r-1")), "{number}");
        assert_eq!(server.seen().len(), 1, "{number}: a send is never repeated");

        let advice = error.advice().unwrap();
        assert_eq!(advice.who, who, "{number}");
        assert_eq!(advice.cause, ErrorCode::from(number).meaning(), "{number}");
        assert!(!advice.cause.is_empty() && !advice.action.is_empty(), "{number}");
    }
}

#[test]
fn the_table_above_leaves_no_named_code_out() {
    let told: Vec<_> = table().into_iter().map(|(number, ..)| number).collect();
    for code in ErrorCode::NAMED {
        assert!(told.contains(&code.number()), "{code:?}");
    }
}

#[tokio::test]
async fn only_the_known_text_means_too_fast() {
    for (code, message, too_fast) in [
        (40_064, "You are sending messages too fast. Take a rest.", true),
        (40_064, "TOO FAST", true),
        (40_064, "blocked", false),
        (40_100, "too fast", false),
    ] {
        let body = json!({"code": code, "message": message}).to_string();
        let client = Server::answering(200, body).await.client();
        let error = client.business(&token(), BUSINESS).await.unwrap_err();
        assert_eq!(error.is_too_fast(), too_fast, "{code} {message}");
    }
}

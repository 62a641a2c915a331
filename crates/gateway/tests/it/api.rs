//! The API over HTTP: lists and their cursors, replies, changes, the reference's addresses, and what is wrong with bad input.

use std::{collections::BTreeSet, time::Duration};

use domain::identity::KeyScope;
use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    harness::answer,
    stage::{Stage, slug},
};

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn lists_are_paged_without_gap_or_repetition() {
    let stage = Stage::set().await;
    for number in 0..7 {
        stage.customer_writes(&format!("c{number}"), &format!("m{number}"), "hello").await;
        stage.world.tick();
    }
    for sort in ["newest", "waiting", "closing"] {
        let whole = stage.get(&format!("/api/v1/conversations?sort={sort}")).await;
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let page = stage.get(&format!("/api/v1/conversations?sort={sort}&limit=3{next}")).await;
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&after={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen, ids(&whole), "{sort}");
        assert_eq!(seen.len(), 7);
    }
    let first = stage.get("/api/v1/conversations?sort=newest&limit=3").await;
    let path = format!("/api/v1/conversations?sort=waiting&after={}", first["next"].as_str().unwrap());
    let (status, problem) = answer(stage.world.api("GET", &path)).await;
    assert_eq!((status, slug(&problem), &problem["parameter"]), (400, "invalid-parameter", &json!("after")));
    stage.strike().await;
}

#[tokio::test]
async fn messages_come_newest_page_first_and_ascend_within_it() {
    let stage = Stage::set().await;
    for number in 0..5 {
        stage.customer_writes("c+1/=", &format!("m{number}"), &format!("{number}")).await;
        stage.world.tick();
    }
    let words = |page: &Value| {
        page["items"].as_array().unwrap().iter().map(|item| item["message"]["content"].clone()).collect::<Vec<_>>()
    };
    let newest = stage.get("/api/v1/conversations/c%2B1%2F%3D/messages?limit=3").await;
    assert_eq!(words(&newest), ["2", "3", "4"]);
    let path = format!(
        "/api/v1/conversations/{}/messages?limit=3&before={}",
        stage.conversation("c+1/=").await,
        newest["next"].as_str().unwrap()
    );
    let older = stage.get(&path).await;
    assert_eq!((words(&older), &older["next"]), (vec![json!("0"), json!("1")], &Value::Null));
    let one = stage.get(&format!("/api/v1/messages/{}", ids(&older)[0])).await;
    assert_eq!(one, older["items"][0]);
    stage.strike().await;
}

#[tokio::test]
async fn a_reply_is_queued_once_per_key() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "hello").await;
    let path = format!("/api/v1/conversations/{}/messages", stage.conversation("c1").await);
    let send = |words: &str| {
        let request = stage.world.api("POST", &path).header("idempotency-key", "order-42");
        answer(request.json(&json!({"content": {"type": "text", "body": words}})))
    };
    let (status, first) = send("ยินดีค่ะ").await;
    assert_eq!(
        (status, &first["author"]["kind"], &first["direction"]),
        (202, &json!("api_key"), &json!("outgoing")),
        "{first}"
    );
    let (status, again) = send("ยินดีค่ะ").await;
    assert_eq!((status, &again["id"]), (200, &first["id"]));
    let (status, problem) = send("something else").await;
    assert_eq!((status, slug(&problem)), (409, "idempotency-conflict"));
    stage.strike().await;
}

#[tokio::test]
async fn a_closed_window_says_when_it_closed() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "hello").await;
    let conversation = stage.get("/api/v1/conversations").await["items"][0].clone();
    assert_eq!(conversation["window"]["state"], "open");
    assert_eq!(conversation["window"]["quotaLeft"], 10);
    stage.world.clock.advance(Duration::from_hours(48));
    let path = format!("/api/v1/conversations/{}/messages", conversation["id"].as_str().unwrap());
    let (status, problem) = stage.post(&path, json!({"content": {"type": "text", "body": "late"}})).await;
    assert_eq!((status, slug(&problem)), (409, "window-closed"));
    assert_eq!(problem["closedAt"], conversation["window"]["closesAt"]);
    stage.strike().await;
}

#[tokio::test]
async fn bad_input_gets_a_problem_that_says_what_is_wrong() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "hello").await;
    let conversation = stage.conversation("c1").await;
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let raw = |body: &str| {
        answer(stage.world.api("POST", &path).header("content-type", "application/json").body(body.to_owned()))
    };
    for (body, expected) in [
        ("{", (400, "malformed-json")),
        (r#"{"content":{"type":"video"}}"#, (400, "invalid-parameter")),
        (r#"{"content":{"type":"text","body":1}}"#, (400, "invalid-parameter")),
        (r#"{"content":{"type":"text","body":"x"},"extra":1}"#, (400, "invalid-parameter")),
        (r#"{"content":{"type":"text","body":" "}}"#, (422, "invalid-content")),
        (r#"{"content":{"type":"image","mediaId":"med_0000000000001"}}"#, (422, "invalid-content")),
    ] {
        let (status, problem) = raw(body).await;
        assert_eq!((status, slug(&problem)), expected, "{body}");
    }
    let (status, problem) = stage.post(&path, json!({"content": {"type": "text", "body": "😊".repeat(3_001)}})).await;
    assert_eq!(
        (status, slug(&problem), &problem["limit"], &problem["length"]),
        (422, "text-too-long", &json!(6_000), &json!(6_002))
    );
    let plain = answer(stage.world.api("POST", &path).body("hello")).await;
    assert_eq!((plain.0, slug(&plain.1)), (415, "unsupported-media-type"));
    let large = raw(&format!(r#"{{"content":{{"type":"text","body":"{}"}}}}"#, "x".repeat(2_000_000))).await;
    assert_eq!((large.0, slug(&large.1)), (413, "payload-too-large"));
    for (path, expected) in [
        ("/api/v1/conversations/conv_0000000000001", (404, "not-found")),
        ("/api/v1/conversations/nobody%2Fknows", (404, "not-found")),
        ("/api/v1/conversations/conv_0000000000001/messages", (404, "not-found")),
        ("/api/v1/messages/rubbish", (404, "not-found")),
        ("/api/v1/accounts/acc_0000000000001", (404, "not-found")),
        ("/api/v1/conversations?limit=0", (400, "invalid-parameter")),
        ("/api/v1/conversations?limit=101", (400, "invalid-parameter")),
        ("/api/v1/conversations?view=theirs", (400, "invalid-parameter")),
        ("/api/v1/conversations?view=mine", (400, "invalid-parameter")),
        ("/api/v1/conversations?colour=red", (400, "invalid-parameter")),
        ("/api/v1/conversations?account=conv_1", (400, "invalid-parameter")),
        ("/api/v1/events?after=soon", (400, "invalid-parameter")),
        ("/api/chats?conversationId=conv_0000000000001", (404, "not-found")),
        ("/api/chats?since=yesterday", (400, "invalid-parameter")),
    ] {
        let (status, problem) = answer(stage.world.api("GET", path)).await;
        assert_eq!((status, slug(&problem)), expected, "{path}");
    }
    stage.strike().await;
}

#[tokio::test]
async fn rights_decide() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "hello").await;
    let conversation = stage.conversation("c1").await;
    stage.key("mgk_reader", KeyScope::Read).await;
    stage.key("mgk_sender", KeyScope::Send).await;
    let send = format!("/api/v1/conversations/{conversation}/messages");
    let disconnect = format!("/api/v1/accounts/{}/disconnect", stage.account.id);
    for (token, path, expected) in [
        ("mgk_reader", send.as_str(), (403, "forbidden")),
        ("mgk_reader", &disconnect, (403, "forbidden")),
        ("mgk_sender", &disconnect, (403, "forbidden")),
        ("mgk_nobody", &send, (401, "unauthenticated")),
    ] {
        let request = stage
            .anonymous(Method::POST, path)
            .bearer_auth(token)
            .json(&json!({"content": {"type": "text", "body": "x"}}));
        let (status, problem) = answer(request).await;
        assert_eq!((status, slug(&problem)), expected, "{token} {path}");
    }
    for path in
        ["/api/status", "/api/chats", "/api/accounts", "/api/v1/conversations", "/api/v1/events", "/api/v1/deliveries"]
    {
        let (status, problem) = answer(stage.anonymous(Method::GET, path)).await;
        assert_eq!((status, slug(&problem)), (401, "unauthenticated"), "{path}");
    }
    stage.strike().await;
}

#[tokio::test]
async fn a_click_changes_a_conversation() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "hello").await;
    let path = format!("/api/v1/conversations/{}", stage.conversation("c1").await);
    let change = |body: Value| answer(stage.by_owner(Method::PATCH, &path).json(&body));
    let owner = stage.owner.user.id.to_string();
    let (status, changed) = change(json!({"assignee": owner, "status": "snoozed", "mode": "bot"})).await;
    assert_eq!(
        (status, &changed["assignee"]["id"], &changed["status"], &changed["mode"]),
        (200, &json!(owner), &json!("snoozed"), &json!("bot"))
    );
    let (_, changed) = change(json!({"status": "open"})).await;
    assert_eq!(changed["assignee"]["name"], "Owner");
    let (_, mine) = answer(stage.by_owner(Method::GET, "/api/v1/conversations?view=mine&status=open")).await;
    assert_eq!(ids(&mine).len(), 1);
    let (_, counts) = answer(stage.by_owner(Method::GET, "/api/v1/conversations/counts")).await;
    assert_eq!((&counts["all"], &counts["mine"], &counts["unassigned"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(counts["accounts"][stage.account.id.to_string()], 1);
    assert_eq!(change(json!({"assignee": null})).await.1["assignee"], Value::Null);
    let (status, problem) = change(json!({"assignee": "usr_0000000000001"})).await;
    assert_eq!((status, slug(&problem)), (400, "invalid-parameter"));
    let (_, read) = answer(stage.by_owner(Method::POST, &format!("{path}/read"))).await;
    assert_eq!(read["unread"], 0);
    stage.strike().await;
}

#[tokio::test]
async fn all_chats_are_streamed_in_order() {
    const MESSAGES: usize = 1_100;
    let stage = Stage::set().await;
    let names: Vec<_> = (0..MESSAGES).map(|number| format!("m{number}")).collect();
    stream::iter(&names).for_each_concurrent(16, |name| stage.customer_writes("c+1/=", name, name)).await;
    let all = stage.get("/api/chats").await;
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), MESSAGES);
    let distinct: BTreeSet<_> = all.iter().map(|message| message["id"].as_str().unwrap()).collect();
    assert_eq!(distinct.len(), MESSAGES);
    assert!(all.is_sorted_by_key(|message| (message["timestamp"].to_string(), message["id"].to_string())));
    let some = stage.get("/api/chats?limit=501&conversationId=c%2B1%2F%3D").await;
    assert_eq!(some.as_array().unwrap()[..], all[..501]);
    assert_eq!(stage.get("/api/chats?limit=0").await, json!([]));
    assert_eq!(stage.get("/api/chats?since=2030-01-01T00:00:00Z").await, json!([]));
    let status = stage.get("/api/status").await;
    assert_eq!(
        status,
        json!({"provider": "official", "contacts": 1, "seenMessages": MESSAGES, "polling": false, "chatCount": 1, "seenMessageIds": MESSAGES})
    );
    stage.strike().await;
}

#[tokio::test]
async fn events_are_listed_after_a_cursor() {
    let stage = Stage::set().await;
    let start = stage.get("/api/v1/events").await;
    assert_eq!((&start["items"], &start["reset"]), (&json!([]), &json!(false)));
    stage.customer_writes("c1", "m1", "hello").await;
    let page = stage.get(&format!("/api/v1/events?after={}", start["next"])).await;
    let names: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert!(names.contains(&"message") && names.contains(&"conversation"), "{names:?}");
    assert!(page["items"].as_array().unwrap().iter().all(|event| event["data"]["seq"] == event["seq"]));
    let end = stage.get(&format!("/api/v1/events?after={}", page["next"])).await;
    assert_eq!((&end["items"], &end["next"]), (&json!([]), &page["next"]));
    assert_eq!(stage.get("/api/v1/events?after=9000000").await["reset"], true);
    stage.strike().await;
}

#[tokio::test]
async fn accounts_are_shown_and_disconnected_by_either_address() {
    let stage = Stage::set().await;
    let account = stage.get("/api/v1/accounts").await["items"][0].clone();
    assert_eq!(account["id"], stage.account.id.to_string());
    assert_eq!(
        (&account["provider"], &account["state"], &account["canSend"]),
        (&json!("official"), &json!("active"), &json!(true))
    );
    assert!(account["missingScopes"].as_array().unwrap().contains(&json!("message.list.send")));
    let reference = stage.get("/api/accounts").await;
    let names: BTreeSet<_> = reference[0].as_object().unwrap().keys().map(String::as_str).collect();
    let expected =
        ["id", "open_id", "username", "display_name", "avatar_url", "status", "token_expires_at", "connected_at"];
    assert_eq!(names, BTreeSet::from(expected));
    let (status, gone) = answer(stage.world.api("DELETE", &format!("/api/accounts/{}", stage.account.id))).await;
    assert_eq!((status, gone), (200, json!({"success": true})));
    let (status, again) = stage.post(&format!("/api/v1/accounts/{}/disconnect", stage.account.id), json!({})).await;
    assert_eq!((status, &again["state"], &again["canSend"]), (200, &json!("disconnected"), &json!(false)));
    stage.strike().await;
}

#[tokio::test]
async fn what_was_not_understood_is_listed() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "hello").await;
    stage.webhook("im_something_new", &json!({"conversation_id": "c1"})).await;
    let all = stage.get("/api/v1/deliveries?limit=1").await;
    assert_eq!(all["items"][0]["event"], "im_something_new");
    let older = stage.get(&format!("/api/v1/deliveries?before={}", all["next"].as_str().unwrap())).await;
    assert_eq!((ids(&older).len(), &older["items"][0]["unsupported"]), (1, &Value::Null));
    let unsupported = stage.get("/api/v1/deliveries?kind=unsupported").await;
    assert_eq!(ids(&unsupported), ids(&all));
    stage.strike().await;
}

#[tokio::test]
async fn the_document_is_served_and_kept() {
    let stage = Stage::set().await;
    let (status, served) = answer(stage.anonymous(Method::GET, "/api/openapi.json")).await;
    assert_eq!(status, 200);
    let kept =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/generated/openapi.json")).unwrap();
    assert_eq!(message_gateway::http::openapi::document_json(), kept, "run `make gen`");
    assert_eq!(served, serde_json::from_str::<Value>(&kept).unwrap());
    let page = stage.by_owner(Method::GET, "/api/docs").send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(stage.anonymous(Method::GET, "/api/docs").send().await.unwrap().status(), 401);
    stage.strike().await;
}

//! Comments that TikTok flags, and the one direct message that may answer each: told at once, sent at most once, never shown as what
//! it is not, and in the thread under the name of who wrote it.

use std::time::Duration;

use domain::{
    Id,
    comment::{AnswerDraft, Comment, CommentState},
    failure::FailureKind,
    identity::KeyScope,
    job::Task,
    message::{Author, MessageState},
};
use message_gateway::auth::hash_of;
use serde_json::{Value, json};
use simulator::{BusinessSettings, CommentRequest, CustomerMessage, FaultKind, NewCustomer, NewFault};

use crate::{
    commenting::{
        ASKED, BY_KEY, WORDS, all, answered, becomes, by_mali, calls, comments, flagged, give, one_answer, sent,
        settings, shop,
    },
    harness::{FIXTURE_ACCOUNT, MALI, SHOP, World, answer, fixture},
    socket::Socket,
    stage::slug,
};

#[tokio::test]
async fn a_flagged_comment_is_told_and_answered_in_the_agents_name() {
    let world = shop().await;
    let headers = [("cookie", world.sign_in().await), ("origin", world.base.clone())];
    let mut socket =
        Socket::open(&world.base, json!({}), &headers).await.unwrap_or_else(|refused| panic!("{refused:?}"));
    socket.wait_for("resume").await;
    let asked = comments(&world, MALI);
    world.sim.comment(&asked).unwrap();
    let told = socket.wait_for("comment").await;
    assert_eq!((&told["text"], &told["state"], &told["answer"]), (&json!(ASKED), &json!("open"), &Value::Null));
    assert_eq!(told["contact"]["username"], MALI);
    let (_, page) = answer(world.api("GET", "/api/v1/comments?state=open")).await;
    assert_eq!(page, json!({"items": [told], "next": null}));
    assert_eq!(answer(world.api("GET", "/api/v1/conversations")).await.1["items"], json!([]), "it is no conversation");
    let (_, events) = answer(world.api("GET", "/api/v1/events?after=0")).await;
    assert!(events["items"].as_array().unwrap().iter().any(|one| one["event"] == "comment" && one["data"] == told));

    let path = format!("{}/api/v1/comments/{}/answer", world.base, told["id"].as_str().unwrap());
    let mut request = world.http.post(path).json(&json!({"text": WORDS}));
    for (name, value) in &headers {
        request = request.header(*name, value);
    }
    let (status, taken) = answer(request).await;
    assert_eq!(
        (status, &taken["state"], &taken["answer"]["author"]["name"]),
        (202, &json!("answering"), &json!("Owner"))
    );
    let owner = world.store().members(world.workspace().await).await.unwrap().remove(0).user.id;
    let record = all(&world).await.remove(0);
    one_answer(&world, &record, &Author::Agent { id: owner }).await;

    let message = socket.wait_for("message").await;
    assert_eq!((&message["author"]["kind"], &message["author"]["name"]), (&json!("agent"), &json!("Owner")));
    assert_eq!(message["answersComment"], json!({"id": told["id"], "text": ASKED}));
    let (_, shown) = answer(world.api("GET", &format!("/api/v1/comments/{}", told["id"].as_str().unwrap()))).await;
    assert_eq!((&shown["state"], &shown["conversationId"]), (&json!("answered"), &message["conversationId"]));
    let (_, chats) = answer(world.api("GET", "/api/v1/conversations")).await;
    assert_eq!(chats["items"][0]["window"]["state"], "none", "the customer has not written");
    let (status, twice) = give(&world, &record, json!({"text": WORDS})).await;
    assert_eq!((status, slug(&twice)), (409, "comment-answered"), "{twice}");

    // From their answer on it is a conversation like any other.
    world.customer_says("สนใจค่ะ");
    let theirs = world.message_that("they write", |one| one.message.content.words() == "สนใจค่ะ").await;
    let id = world.reply(theirs.message.conversation_id, "ยินดีค่ะ").await;
    world.state_of(id, MessageState::Sent).await;
}

#[tokio::test]
async fn the_echo_may_come_before_the_answer() {
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::EarlyEcho));
    answered(&world, &record).await;
    one_answer(&world, &record, &BY_KEY).await;
}

#[tokio::test]
async fn the_echo_may_come_much_later_than_the_answer() {
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::LateEcho).value(5_000));
    answered(&world, &record).await;
    let done = becomes(&world, &record, CommentState::Answered).await;
    assert_eq!((done.conversation_id, world.messages().await.len()), (None, 0));
    world.clock.advance(Duration::from_secs(6));
    one_answer(&world, &record, &BY_KEY).await;
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_echo() {
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    answered(&world, &record).await;
    one_answer(&world, &record, &BY_KEY).await;
}

#[tokio::test]
async fn a_lost_answer_without_an_echo_is_unconfirmed_until_a_person_decides() {
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    let silence = world.sim.set_fault(NewFault::new("webhook", FaultKind::ResetBefore)).id;
    answered(&world, &record).await;
    let lost = becomes(&world, &record, CommentState::Unconfirmed).await;
    assert_eq!(lost.comment.answer.unwrap().failure.unwrap().kind, FailureKind::Timeout);
    world.clock.advance(Duration::from_mins(10));
    assert_eq!((calls(&world), all(&world).await[0].comment.state), (1, CommentState::Unconfirmed));
    let (status, problem) = give(&world, &record, json!({"text": WORDS})).await;
    assert_eq!((status, slug(&problem)), (409, "not-retryable"), "{problem}");

    // TikTok takes one message per comment, so sending it again does no harm; that it refuses proves nothing.
    let (status, _) = give(&world, &record, json!({"text": WORDS, "again": true})).await;
    assert_eq!(status, 202);
    let refused = || async {
        let answer = all(&world).await.remove(0).comment.answer?;
        answer.failure.filter(|failure| failure.code == Some(40064))
    };
    world.until("TikTok refuses", refused).await;
    assert_eq!(all(&world).await[0].comment.state, CommentState::Unconfirmed);
    assert_eq!((calls(&world), sent(&world)), (2, 1));

    // The webhook comes at last.
    world.sim.clear_fault(silence).unwrap();
    let heard = || async {
        world.clock.advance(Duration::from_secs(30));
        all(&world).await.into_iter().find(|one| one.comment.state == CommentState::Answered)
    };
    let done = world.until("the echo tells", heard).await;
    let message = world.message_that("it is in the thread", |one| one.comment.is_some()).await.message;
    assert_eq!((message.author, message.external_id), (BY_KEY, done.comment.message_external_id));
    assert_eq!((calls(&world), sent(&world)), (2, 1));
}

#[tokio::test]
async fn what_never_arrived_is_sent_when_a_person_says_so() {
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetBefore).times(1));
    answered(&world, &record).await;
    becomes(&world, &record, CommentState::Unconfirmed).await;
    assert_eq!(sent(&world), 0);
    let (status, _) = give(&world, &record, json!({"text": WORDS, "again": true})).await;
    assert_eq!(status, 202);
    becomes(&world, &record, CommentState::Answered).await;
    world.message_that("it is in the thread", |one| one.comment.is_some()).await;
    assert_eq!((calls(&world), sent(&world), world.messages().await.len()), (2, 1, 1));
}

/// Whom TikTok refuses, and what it says.
#[tokio::test]
async fn tiktoks_refusals_are_shown_and_never_repeated() {
    let world = shop().await;
    let mut refused = Vec::new();
    for (name, region, adult) in [("kid.th", "TH", false), ("joe.us", "US", true)] {
        let new =
            NewCustomer { region: Some(region.to_owned()), is_adult: Some(adult), ..NewCustomer::new(name, name) };
        world.sim.create_customer(new).unwrap();
        let asked = comments(&world, name);
        refused.push(flagged(&world, &asked).await);
    }
    world.customer_says("สวัสดีค่ะ");
    let asked = comments(&world, MALI);
    refused.push(flagged(&world, &asked).await);
    world.sim.create_customer(NewCustomer::new("nok.th", "นก")).unwrap();
    let elsewhere = CommentRequest { video_id: Some("7399999999999999999".to_owned()), ..comments(&world, "nok.th") };
    refused.push(flagged(&world, &elsewhere).await);
    for record in &refused {
        answered(&world, record).await;
        let failed = becomes(&world, record, CommentState::Failed).await;
        let failure = failed.comment.answer.unwrap().failure.unwrap();
        assert_eq!((failure.kind, failure.code), (FailureKind::Refused, Some(40064)));
        assert!(failure.request_id.is_some());
    }
    let asked = comments(&world, "nok.th");
    let open = flagged(&world, &asked).await;
    settings(&world, BusinessSettings { region: Some("MY".to_owned()), ..BusinessSettings::default() });
    answered(&world, &open).await;
    let failed = becomes(&world, &open, CommentState::Failed).await;
    let failure = failed.comment.answer.unwrap().failure.unwrap();
    assert_eq!((failure.kind, failure.code), (FailureKind::Refused, Some(40001)), "VN, ID and TH only");
    let (_, shown) = answer(world.api("GET", &format!("/api/v1/comments/{}", open.comment.id))).await;
    assert_eq!((&shown["state"], &shown["answer"]["failure"]["code"]), (&json!("failed"), &json!(40001)));
    world.clock.advance(Duration::from_hours(1));
    assert_eq!((calls(&world), sent(&world)), (5, 0));

    // A person may try again once the reason is gone, in other words if they like.
    settings(&world, BusinessSettings { region: Some("TH".to_owned()), ..BusinessSettings::default() });
    let (status, _) = give(&world, &open, json!({"text": "ลองใหม่ค่ะ"})).await;
    assert_eq!(status, 202);
    becomes(&world, &open, CommentState::Answered).await;
    assert_eq!(sent(&world), 1);
}

#[tokio::test]
async fn what_was_not_carried_out_is_made_again() {
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::RateLimit).times(1));
    answered(&world, &record).await;
    let waits = || async {
        world.clock.advance(Duration::from_secs(5));
        all(&world).await.into_iter().find(|one| one.comment.state == CommentState::Answered)
    };
    world.until("it is sent after a pause", waits).await;
    assert_eq!((calls(&world), sent(&world)), (2, 1));

    // A token that TikTok takes no more is renewed first.
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40105).times(1));
    answered(&world, &record).await;
    becomes(&world, &record, CommentState::Answered).await;
    assert_eq!((calls(&world), sent(&world)), (2, 1));
}

#[tokio::test]
async fn after_forty_eight_hours_nothing_is_sent() {
    let (world, record) = by_mali().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::RateLimit));
    answered(&world, &record).await;
    let waits = || async {
        let answer = all(&world).await.remove(0).comment.answer?;
        answer.failure.filter(|failure| failure.kind == FailureKind::RateLimited)
    };
    world.until("it waits", waits).await;
    world.clock.advance(Duration::from_hours(48));
    // A try that was under way when the clock moved comes again first.
    let failed = || async {
        world.clock.advance(Duration::from_mins(1));
        all(&world).await.into_iter().find(|one| one.comment.state == CommentState::Failed)
    };
    let failed = world.until("its time is over", failed).await;
    assert_eq!(failed.comment.answer.unwrap().failure.unwrap().kind, FailureKind::WindowClosed);
    assert_eq!(sent(&world), 0);
    let (status, problem) = give(&world, &record, json!({"text": WORDS})).await;
    assert_eq!((status, slug(&problem)), (409, "window-closed"), "{problem}");
    assert_eq!(problem["closedAt"], record.comment.answerable_until().to_string());
}

fn draft_of(comment_id: Id<Comment>) -> AnswerDraft {
    AnswerDraft { comment_id, text: WORDS.to_owned(), author: BY_KEY, idempotency_key: None, again: false }
}

#[tokio::test]
async fn a_crash_between_the_call_and_its_answer_leaves_it_unconfirmed() {
    let (world, record) = by_mali().await;
    let (id, scope) = (record.comment.id, world.scope().await);
    let draft = draft_of(id);
    // What the process had written when it died.
    let world = world
        .after_a_crash(async |store| {
            assert!(store.answer_comment(&scope, draft).await.unwrap().fresh);
            let jobs = store.claim_jobs_any_workspace(10).await.unwrap();
            let job = jobs.into_iter().find(|job| job.task == Task::AnswerComment { comment: id }).unwrap();
            assert!(store.begin_answer(&job, id).await.unwrap().is_some());
        })
        .await;
    assert_eq!(all(&world).await[0].comment.state, CommentState::Answering, "its lease lasts");
    world.clock.advance(Duration::from_mins(1));
    let lost = becomes(&world, &record, CommentState::Unconfirmed).await;
    assert_eq!(lost.comment.answer.unwrap().failure.unwrap().kind, FailureKind::Timeout);
    assert_eq!((calls(&world), sent(&world)), (0, 0), "nobody calls again");
}

#[tokio::test]
async fn a_crash_before_the_call_loses_nothing() {
    let (world, record) = by_mali().await;
    let (id, scope) = (record.comment.id, world.scope().await);
    let draft = draft_of(id);
    let world = world
        .after_a_crash(async |store| {
            store.answer_comment(&scope, draft).await.unwrap();
            assert!(!store.claim_jobs_any_workspace(10).await.unwrap().is_empty());
        })
        .await;
    world.clock.advance(Duration::from_mins(1));
    one_answer(&world, &record, &BY_KEY).await;
}

#[tokio::test]
async fn the_same_webhook_twice_is_one_comment() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let body = fixture("webhook-im_receive_high_intent_comment.json");
    for _ in 0..2 {
        assert_eq!(world.deliver(&body).await, 200);
    }
    // Other bytes, the same comment: a retry that was signed and written anew.
    let again = String::from_utf8(body).unwrap().replace("\"create_time\": 1790000320", "\"create_time\": 1790000399");
    assert_eq!(world.deliver(again.as_bytes()).await, 200);
    let all = all(&world).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].comment.external_id, "7400000000000000401");
    assert_eq!(all[0].contact.is_follower, Some(true));
}

#[tokio::test]
async fn one_key_is_one_answer_and_reading_is_not_answering() {
    let (world, record) = by_mali().await;
    let path = format!("/api/v1/comments/{}/answer", record.comment.id);
    let ask = |text: &str| {
        answer(world.api("POST", &path).header("idempotency-key", "answer-1").json(&json!({"text": text})))
    };
    let workspace = world.workspace().await;
    world.store().create_api_key(workspace, hash_of("mgk_reader"), "mgk_", "eye", KeyScope::Read, None).await.unwrap();
    let by_reader = |method: &str, path: &str| {
        world.http.request(method.parse().unwrap(), format!("{}{path}", world.base)).bearer_auth("mgk_reader")
    };
    let (status, problem) = answer(by_reader("POST", &path).json(&json!({"text": WORDS}))).await;
    assert_eq!((status, slug(&problem)), (403, "forbidden"));
    assert_eq!(answer(by_reader("GET", "/api/v1/comments")).await.1["items"].as_array().unwrap().len(), 1);

    for (text, wanted) in [(" ".to_owned(), "invalid-content"), ("ก".repeat(6_001), "text-too-long")] {
        let (status, problem) = ask(&text).await;
        assert_eq!((status, slug(&problem)), (422, wanted));
    }
    assert_eq!(ask(WORDS).await.0, 202);
    assert_eq!(ask(WORDS).await.0, 200);
    let (status, problem) = ask("something else").await;
    assert_eq!((status, slug(&problem)), (409, "idempotency-conflict"));
    one_answer(&world, &record, &BY_KEY).await;
    for (path, wanted) in [
        ("/api/v1/comments/cmt_0000000000001", 404),
        ("/api/v1/comments?state=gone", 400),
        ("/api/v1/comments?before=x", 400),
        ("/api/v1/comments?limit=101", 400),
    ] {
        assert_eq!(answer(world.api("GET", path)).await.0, wanted, "{path}");
    }
}

#[tokio::test]
async fn an_old_customer_is_answered_in_the_conversation_that_is_there() {
    let world = shop().await;
    let old = CustomerMessage {
        at: Some(world.clock.now().minus(Duration::from_hours(72)).as_millis()),
        ..CustomerMessage::text(MALI, SHOP, "เมื่อสามวันก่อน")
    };
    world.sim.customer_writes(&old).unwrap();
    let first = world.message_that("the old text is here", |_| true).await;
    let asked = comments(&world, MALI);
    let record = flagged(&world, &asked).await;
    answered(&world, &record).await;
    let message = world.message_that("the answer is in its thread", |one| one.comment.is_some()).await;
    assert_eq!(message.message.conversation_id, first.message.conversation_id);
    becomes(&world, &record, CommentState::Answered).await;
    let (_, shown) = answer(world.api("GET", &format!("/api/v1/comments/{}", record.comment.id))).await;
    assert_eq!(shown["conversationId"], first.message.conversation_id.to_string());
}

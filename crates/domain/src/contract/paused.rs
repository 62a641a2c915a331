//! A paused account: everything is received, nothing leaves, and what waits goes in order afterwards.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT, connect, failure, refusal, sent},
    comments::{draft, flagged, lease, only, try_answer},
    report::{at, incoming},
};
use crate::{
    account::AccountState,
    comment::{Comment, CommentState},
    failure::FailureKind,
    id::Id,
    inbound::Inbound,
    job::JobOutcome,
    message::MessageState,
    outbox::{Outcome, Phase},
    reply::Refusal,
    store::{Accounts, Comments, Jobs, Outbox},
};

const WORKS: &[AccountState] = &[AccountState::Active, AccountState::Expiring];

async fn pause<H: Harness>(bench: &Bench<H>) -> AccountState {
    let to = AccountState::Paused;
    let moved = bench.store().move_account_state(&bench.scope, bench.account.id, WORKS, to, None).await;
    moved.unwrap().unwrap().state
}

async fn resume<H: Harness>(bench: &Bench<H>) -> AccountState {
    let (from, to) = (&[AccountState::Paused], AccountState::Active);
    let moved = bench.store().move_account_state(&bench.scope, bench.account.id, from, to, None).await;
    moved.unwrap().unwrap().state
}

/// Nothing new is queued, what waits stays, nobody is told that work is due, and it leaves in order after a resume.
pub async fn what_waits_leaves_in_order_after_a_resume<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let (first, second) = (bench.reply("หนึ่ง").await, bench.reply("สอง").await);
    assert_eq!(pause(&bench).await, AccountState::Paused);
    assert_eq!(
        refusal(bench.store().queue_reply(&bench.scope, bench.draft(bench.chat_id(CHAT).await, "สาม")).await),
        Refusal::AccountPaused
    );
    assert_eq!(bench.store().claim_any_workspace(5).await.unwrap(), Vec::new());
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
    bench.ingest(incoming(CHAT, "in-2", "ยังอยู่ไหมคะ", at(1))).await;
    assert_eq!(bench.message(first).await.state, MessageState::Queued);
    assert_eq!(resume(&bench).await, AccountState::Active);
    for id in [first, second] {
        let claimed = bench.begin().await;
        assert_eq!(claimed.message.id, id);
        bench.settle(&claimed, sent(&format!("out-{id}"))).await;
    }
}

/// A pause between the claim and the call still holds; what is on its way settles, and lookups go on.
pub async fn a_pause_holds_up_to_the_call<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("หนึ่ง").await;
    let claimed = bench.store().claim_any_workspace(1).await.unwrap().remove(0);
    pause(&bench).await;
    assert!(!bench.store().begin(&claimed).await.unwrap());
    assert_eq!(bench.message(id).await.state, MessageState::Queued);
    resume(&bench).await;
    let claimed = bench.begin().await;
    pause(&bench).await;
    let failure = failure(FailureKind::Timeout);
    bench.settle(&claimed, Outcome::Unknown { failure }).await;
    assert_eq!(bench.message(id).await.state, MessageState::Unconfirmed);
    bench.advance(3_600);
    let lookup = bench.store().claim_any_workspace(1).await.unwrap().remove(0);
    assert_eq!(lookup.row.phase, Phase::Check);
    assert!(bench.store().begin(&lookup).await.unwrap());
}

/// Only what works is paused, only what is paused is resumed; a removed authorization asks for a new one, and connecting again
/// does not end a person's pause.
pub async fn a_pause_is_a_persons<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    pause(&bench).await;
    let again = bench.store().connect_account(bench.workspace, connect(BUSINESS)).await.unwrap();
    assert_eq!(again.state, AccountState::Paused);
    bench.ingest(Inbound::AuthorizationRemoved { reason: "removed in TikTok".to_owned() }).await;
    assert_eq!(resume(&bench).await, AccountState::Reconnect);
    assert_eq!(pause(&bench).await, AccountState::Reconnect);
}

/// Its job runs and may not call.
async fn waits<H: Harness>(bench: &Bench<H>, id: Id<Comment>) -> Comment {
    let job = lease(bench, id).await;
    assert_eq!(bench.store().begin_answer(&job, id).await.unwrap(), None);
    assert!(bench.store().settle_job(&job, JobOutcome::Done).await.unwrap());
    only(bench).await.comment
}

/// An answer to a comment is refused while paused; one that was taken before waits and leaves after a resume, or fails visibly when its
/// comment is too old by then.
pub async fn an_answer_to_a_comment_waits<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(flagged("c-1", 0)).await;
    let id = only(&bench).await.comment.id;
    pause(&bench).await;
    assert_eq!(refusal(try_answer(&bench, draft(&bench, id)).await), Refusal::AccountPaused);
    resume(&bench).await;
    assert!(try_answer(&bench, draft(&bench, id)).await.unwrap());
    pause(&bench).await;
    assert_eq!(waits(&bench, id).await.state, CommentState::Answering);
    assert_eq!(bench.store().claim_jobs_any_workspace(10).await.unwrap(), Vec::new(), "not before a minute is over");
    resume(&bench).await;
    bench.advance(60);
    let job = lease(&bench, id).await;
    assert!(bench.store().begin_answer(&job, id).await.unwrap().is_some());
    let outcome = Outcome::Retry { failure: failure(FailureKind::ProviderError), after: None };
    assert!(bench.store().settle_answer(&job, id, outcome).await.unwrap());
    let again = JobOutcome::Retry { due_at: at(120), error: "busy".to_owned() };
    assert!(bench.store().settle_job(&job, again).await.unwrap());

    pause(&bench).await;
    bench.advance(48 * 3_600);
    let comment = waits(&bench, id).await;
    assert_eq!(comment.state, CommentState::Failed);
    assert_eq!(comment.answer.unwrap().failure.unwrap().kind, FailureKind::WindowClosed);
}

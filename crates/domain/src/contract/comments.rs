//! Comments that TikTok flagged: here once, answered at most once, joined with the message that the answer becomes.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT, connect, failure, lost, refusal, sent},
    report::{T0, at, customer, incoming, outgoing},
};
use crate::{
    account::AccountState,
    comment::{AnswerDraft, Comment, CommentState},
    event::Subject,
    failure::FailureKind,
    id::Id,
    inbound::{Inbound, InboundComment, Source},
    job::{Job, JobOutcome, Task},
    message::{Author, MessageState},
    outbox::Outcome,
    reply::Refusal,
    store::{
        Accounts, AnsweredComment, CommentFilter, CommentRecord, Comments, Events, Inbox, Jobs, StoreError, StoreResult,
    },
    workspace::{Permitted, Scope},
};

const WORDS: &str = "ทักแชทมาได้เลยค่ะ";

/// The customer of [`CHAT`] commented; `secs` after the start.
pub(super) fn flagged(external_id: &str, secs: i64) -> Inbound {
    Inbound::Comment(InboundComment {
        external_id: external_id.to_owned(),
        customer: customer(&format!("of-{CHAT}")),
        text: Some("ราคาเท่าไหร่คะ".to_owned()),
        at: at(secs),
    })
}

const EVERY: CommentFilter = CommentFilter { account: None, state: None, before: None, limit: 50 };

async fn list<H: Harness>(bench: &Bench<H>, filter: CommentFilter) -> Vec<CommentRecord> {
    bench.store().comments(&bench.scope, filter).await.unwrap()
}

pub(super) async fn only<H: Harness>(bench: &Bench<H>) -> CommentRecord {
    let mut all = list(bench, EVERY).await;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

pub(super) fn draft<H: Harness>(bench: &Bench<H>, comment_id: Id<Comment>) -> AnswerDraft {
    let author = Author::Agent { id: bench.owner.user.id };
    AnswerDraft { comment_id, text: WORDS.to_owned(), author, idempotency_key: None, again: false }
}

pub(super) async fn try_answer<H: Harness>(bench: &Bench<H>, draft: AnswerDraft) -> StoreResult<bool> {
    bench.store().answer_comment(&bench.scope, draft).await.map(|answered| answered.fresh)
}

/// Leases the job that answers the comment.
pub(super) async fn lease<H: Harness>(bench: &Bench<H>, comment: Id<Comment>) -> Job {
    let jobs = bench.store().claim_jobs_any_workspace(10).await.unwrap();
    let ours = jobs.into_iter().find(|job| job.task == Task::AnswerComment { comment });
    ours.expect("a job answers the comment")
}

/// With a flagged comment whose answer has just left.
async fn in_flight<H: Harness>() -> (Bench<H>, Id<Comment>, Job) {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(flagged("c-1", 0)).await;
    let id = only(&bench).await.comment.id;
    assert!(try_answer(&bench, draft(&bench, id)).await.unwrap());
    let job = lease(&bench, id).await;
    let begun = bench.store().begin_answer(&job, id).await.unwrap();
    assert!(begun.is_some_and(|(comment, account)| comment.id == id && account.id == bench.account.id));
    (bench, id, job)
}

async fn settle<H: Harness>(bench: &Bench<H>, job: &Job, comment: Id<Comment>, outcome: Outcome) {
    assert!(bench.store().settle_answer(job, comment, outcome).await.unwrap());
    assert!(bench.store().settle_job(job, JobOutcome::Done).await.unwrap());
}

fn echo(external_id: &str, secs: i64) -> Inbound {
    outgoing(CHAT, external_id, Source::Api, WORDS, at(secs))
}

/// The thread's only message is the answer, under the name of who gave it, and names the comment.
async fn is_in_the_thread<H: Harness>(bench: &Bench<H>, external_id: &str) {
    let mut thread = bench.thread().await;
    assert_eq!(thread.len(), 1);
    let answer = thread.remove(0);
    assert_eq!(answer.message.external_id.as_deref(), Some(external_id));
    assert_eq!(answer.message.author, Author::Agent { id: bench.owner.user.id });
    assert_eq!((answer.message.state, answer.author_name), (MessageState::Sent, Some("Ploy".to_owned())));
    let record = only(bench).await;
    assert_eq!(answer.comment, Some(AnsweredComment { id: record.comment.id, text: record.comment.text }));
    assert_eq!(record.comment.state, CommentState::Answered);
    assert_eq!(record.conversation_id, Some(answer.message.conversation_id));
    assert_eq!(record.comment.answer.unwrap().failure, None);
}

/// A comment is stored once, makes a contact but no conversation, and is told.
pub async fn a_flagged_one_is_here_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let head = bench.store().head_seq().await.unwrap();
    for _ in 0..2 {
        bench.ingest(flagged("c-1", 5)).await;
    }
    bench.apply(vec![flagged("c-1", 5), flagged("c-1", 5)]).await;
    let record = only(&bench).await;
    assert_eq!(record.contact.external_id, format!("of-{CHAT}"));
    assert_eq!((record.comment.state, record.comment.commented_at), (CommentState::Open, at(5)));
    assert_eq!((&record.comment.answer, record.conversation_id), (&None, None));
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap().conversations, 0);
    let events = bench.store().events_after(Some(bench.workspace), head, 50).await.unwrap().events;
    assert_eq!(events.len(), 1);
    assert!(matches!(&events[0].subject, Subject::Comment(told) if **told == record));
    assert_eq!((events[0].seq, events[0].account_id), (record.comment.seq, bench.account.id));
}

/// Newest first by TikTok's time, in pages, by account and state.
pub async fn lists_are_paged<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let other = bench.store().connect_account(bench.workspace, connect("business-2")).await.unwrap();
    for (name, secs) in [("c-2", 20), ("c-1", 10), ("c-3", 30), ("c-4", 30)] {
        bench.ingest(flagged(name, secs)).await;
    }
    let names =
        |page: &[CommentRecord]| -> Vec<String> { page.iter().map(|one| one.comment.external_id.clone()).collect() };
    let first = list(&bench, CommentFilter { limit: 3, ..EVERY }).await;
    assert_eq!(names(&first)[2], "c-2");
    let last = &first[1].comment;
    let before = Some((last.commented_at, last.id));
    assert_eq!(names(&list(&bench, CommentFilter { before, ..EVERY }).await), ["c-2", "c-1"]);
    assert_eq!(list(&bench, CommentFilter { account: Some(other.id), ..EVERY }).await, Vec::new());
    assert!(try_answer(&bench, draft(&bench, first[2].comment.id)).await.unwrap());
    let state = |state| CommentFilter { state: Some(state), ..EVERY };
    assert_eq!(names(&list(&bench, state(CommentState::Answering)).await), ["c-2"]);
    assert_eq!(list(&bench, state(CommentState::Open)).await.len(), 3);
}

/// Another workspace, and a member without the account, see and answer nothing.
pub async fn they_need_sight<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(flagged("c-1", 0)).await;
    let id = only(&bench).await.comment.id;
    let foreign = Scope::all(bench.second_workspace(41).await);
    let blind = Scope { workspace: bench.workspace, accounts: Permitted::Only([Id::from_raw(1)].into()) };
    for scope in [foreign, blind] {
        assert_eq!(bench.store().comments(&scope, EVERY).await.unwrap(), Vec::new());
        assert_eq!(bench.store().comment(&scope, id).await.unwrap(), None);
        let answer = bench.store().answer_comment(&scope, draft(&bench, id)).await;
        assert_eq!(refusal(answer), Refusal::CommentNotFound);
    }
    let sees = Scope { workspace: bench.workspace, accounts: Permitted::Only([bench.account.id].into()) };
    assert_eq!(bench.store().comment(&sees, id).await.unwrap(), Some(only(&bench).await));
    assert_eq!(bench.store().comments(&sees, EVERY).await.unwrap().len(), 1);
}

/// What can be known is refused before anything is written; one key is one answer.
pub async fn the_guard_and_the_key<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(flagged("c-1", 0)).await;
    let id = only(&bench).await.comment.id;
    let with = |text: &str, key: &str| AnswerDraft {
        text: text.to_owned(),
        idempotency_key: Some(key.to_owned()),
        ..draft(&bench, id)
    };
    let try_it = async |draft| refusal(try_answer(&bench, draft).await);
    assert_eq!(try_it(with(" ", "k")).await, Refusal::InvalidContent("the text is empty"));
    assert_eq!(try_it(with(&"😊".repeat(3_001), "k")).await, Refusal::TextTooLong { length: 6_002 });
    let set = async |state| {
        bench.store().set_account_state(&bench.scope, bench.account.id, state, None).await.unwrap();
    };
    set(AccountState::Disconnected).await;
    assert_eq!(try_it(with(WORDS, "k")).await, Refusal::AccountDisconnected);
    set(AccountState::Active).await;
    bench.advance(48 * 3_600 - 1);
    assert_eq!(only(&bench).await.comment.state, CommentState::Open);
    assert!(try_answer(&bench, with(WORDS, "k")).await.unwrap());
    assert!(!try_answer(&bench, with(WORDS, "k")).await.unwrap());
    assert_eq!(try_it(with("other words", "k")).await, Refusal::IdempotencyConflict);
    assert!(matches!(try_it(with(WORDS, "k-2")).await, Refusal::NotRetryable(_)));

    // Its turn comes a second too late: it has failed, and nothing left.
    bench.advance(1);
    let job = lease(&bench, id).await;
    assert_eq!(bench.store().begin_answer(&job, id).await.unwrap(), None);
    let comment = only(&bench).await.comment;
    assert_eq!(comment.state, CommentState::Failed);
    assert_eq!(comment.answer.unwrap().failure.unwrap().kind, FailureKind::WindowClosed);
    assert_eq!(try_it(with(WORDS, "k-3")).await, Refusal::CommentTooOld { since: at(48 * 3_600) });
}

/// The usual order: answer, then echo. The comment points to the thread, the thread to the comment.
pub async fn the_answer_then_its_echo<H: Harness>() {
    let (bench, id, job) = in_flight::<H>().await;
    settle(&bench, &job, id, sent("m-1")).await;
    let record = only(&bench).await;
    assert_eq!((record.comment.state, record.conversation_id), (CommentState::Answered, None));
    assert_eq!(record.author_name.as_deref(), Some("Ploy"));
    assert_eq!(refusal(try_answer(&bench, draft(&bench, id)).await), Refusal::CommentAnswered);
    for _ in 0..2 {
        bench.ingest(echo("m-1", 1)).await;
    }
    is_in_the_thread(&bench, "m-1").await;
    let chat = bench.chat().await.conversation;
    assert_eq!((chat.request, chat.ledger.last_incoming_at, chat.unread), (false, None, 0));
}

/// The echo overtakes the answer to the call.
pub async fn the_echo_first<H: Harness>() {
    let (bench, id, job) = in_flight::<H>().await;
    bench.ingest(echo("m-1", 1)).await;
    let joined = only(&bench).await.comment;
    assert_eq!((joined.state, joined.message_external_id.as_deref()), (CommentState::Answering, Some("m-1")));
    settle(&bench, &job, id, sent("m-1")).await;
    is_in_the_thread(&bench, "m-1").await;
}

/// TikTok changed the words, so only the answer to the call tells whose the message is.
pub async fn an_echo_in_other_words<H: Harness>() {
    let (bench, id, job) = in_flight::<H>().await;
    bench.ingest(outgoing(CHAT, "m-1", Source::Api, "changed", at(1))).await;
    assert_eq!(bench.thread().await[0].message.author, Author::OtherApi);
    settle(&bench, &job, id, sent("m-1")).await;
    is_in_the_thread(&bench, "m-1").await;
}

/// Another program wrote the same words: the answer to the call names ours, and a refusal leaves theirs alone.
pub async fn another_program_is_not_us<H: Harness>() {
    let (bench, id, job) = in_flight::<H>().await;
    bench.ingest(echo("theirs", 1)).await;
    settle(&bench, &job, id, sent("ours")).await;
    assert_eq!(bench.thread().await[0].message.author, Author::OtherApi);
    assert_eq!(bench.thread().await[0].comment, None);
    bench.ingest(echo("ours", 2)).await;
    let thread = bench.thread().await;
    assert_eq!(thread[1].message.author, Author::Agent { id: bench.owner.user.id });
    assert!(thread[1].comment.is_some());

    let (bench, id, job) = in_flight::<H>().await;
    bench.ingest(echo("theirs", 1)).await;
    let refused = Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: true };
    settle(&bench, &job, id, refused).await;
    assert_eq!(bench.thread().await[0].message.author, Author::OtherApi);
    let comment = only(&bench).await.comment;
    assert_eq!((comment.state, comment.message_external_id), (CommentState::Failed, None));
    assert_eq!(comment.answer.unwrap().failure, Some(failure(FailureKind::Refused)));
}

/// The answer to the call was lost: an echo settles it, before or after; one of much later does not.
pub async fn a_lost_answer_is_settled_by_its_echo<H: Harness>() {
    let (bench, id, job) = in_flight::<H>().await;
    bench.ingest(echo("m-1", 1)).await;
    settle(&bench, &job, id, lost()).await;
    is_in_the_thread(&bench, "m-1").await;

    let (bench, id, job) = in_flight::<H>().await;
    settle(&bench, &job, id, lost()).await;
    assert_eq!(only(&bench).await.comment.state, CommentState::Unconfirmed);
    bench.ingest(echo("much-later", 700)).await;
    assert_eq!(only(&bench).await.comment.state, CommentState::Unconfirmed);
    assert_eq!(bench.thread().await[0].message.author, Author::OtherApi);

    let (bench, id, job) = in_flight::<H>().await;
    settle(&bench, &job, id, lost()).await;
    bench.ingest(outgoing(CHAT, "from-the-app", Source::App, WORDS, at(1))).await;
    assert_eq!(only(&bench).await.comment.state, CommentState::Unconfirmed);
    bench.ingest(echo("m-1", 2)).await;
    assert_eq!(only(&bench).await.comment.state, CommentState::Answered);
}

/// Without an echo a person decides: the same words again, and whichever call arrived is known.
pub async fn a_person_sends_it_again<H: Harness>() {
    let (bench, id, job) = in_flight::<H>().await;
    settle(&bench, &job, id, lost()).await;
    assert!(matches!(refusal(try_answer(&bench, draft(&bench, id)).await), Refusal::NotRetryable(_)));
    let again = AnswerDraft { again: true, ..draft(&bench, id) };
    let others = AnswerDraft { text: "other words".to_owned(), ..again.clone() };
    assert!(matches!(refusal(try_answer(&bench, others).await), Refusal::NotRetryable(_)));
    bench.advance(60);
    assert!(try_answer(&bench, again.clone()).await.unwrap());
    let job = lease(&bench, id).await;
    assert!(bench.store().begin_answer(&job, id).await.unwrap().is_some());
    let refused = || Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: true };
    settle(&bench, &job, id, refused()).await;
    let comment = only(&bench).await.comment;
    assert_eq!(comment.state, CommentState::Unconfirmed, "TikTok may refuse because the first one arrived");
    assert_eq!(comment.answer.unwrap().failure, Some(failure(FailureKind::Refused)));

    // The first call's echo comes while the third is out, which TikTok refuses for just that reason.
    assert!(try_answer(&bench, again).await.unwrap());
    let job = lease(&bench, id).await;
    assert!(bench.store().begin_answer(&job, id).await.unwrap().is_some());
    bench.ingest(echo("m-1", 1)).await;
    settle(&bench, &job, id, refused()).await;
    is_in_the_thread(&bench, "m-1").await;
}

/// Nothing was sent: the job comes again and begins anew.
pub async fn a_retry_begins_anew<H: Harness>() {
    let (bench, id, job) = in_flight::<H>().await;
    let retry = Outcome::Retry { failure: failure(FailureKind::RateLimited), after: None };
    assert!(bench.store().settle_answer(&job, id, retry).await.unwrap());
    let comment = only(&bench).await.comment;
    assert_eq!((comment.state, comment.is_in_flight()), (CommentState::Answering, false));
    let later = JobOutcome::Retry { due_at: at(5), error: "busy".to_owned() };
    assert!(bench.store().settle_job(&job, later).await.unwrap());
    bench.advance(5);
    let job = lease(&bench, id).await;
    assert!(bench.store().begin_answer(&job, id).await.unwrap().is_some());
    settle(&bench, &job, id, sent("m-1")).await;
    assert_eq!(only(&bench).await.comment.state, CommentState::Answered);
}

/// The worker died with a call out: whoever leases the job next makes none, and the old token settles nothing.
pub async fn a_dead_worker_leaves_it_unconfirmed<H: Harness>() {
    let (bench, id, dead) = in_flight::<H>().await;
    assert_eq!(bench.store().claim_jobs_any_workspace(10).await.unwrap(), Vec::new());
    bench.advance(60);
    let job = lease(&bench, id).await;
    assert_ne!(job.token, dead.token);
    assert_eq!(bench.store().begin_answer(&job, id).await.unwrap(), None);
    let comment = only(&bench).await.comment;
    assert_eq!(comment.state, CommentState::Unconfirmed);
    assert_eq!(comment.answer.unwrap().failure.unwrap().kind, FailureKind::Timeout);
    assert!(!bench.store().settle_answer(&dead, id, sent("m-1")).await.unwrap());
    assert!(!bench.store().settle_answer(&job, id, sent("m-1")).await.unwrap());
    bench.ingest(echo("m-1", 1)).await;
    assert_eq!(only(&bench).await.comment.state, CommentState::Answered);
}

/// Two callers at once: one answer is taken.
pub async fn of_two_callers_one_answers<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(flagged("c-1", 0)).await;
    let id = only(&bench).await.comment.id;
    let mine = || bench.store().answer_comment(&bench.scope, draft(&bench, id));
    let (one, two) = futures_util::future::join(mine(), mine()).await;
    assert_ne!(one.is_ok(), two.is_ok());
    let late = one.err().or(two.err()).unwrap();
    assert!(matches!(late, StoreError::Refused(Refusal::NotRetryable(_))), "{late:?}");
    assert_eq!(bench.store().claim_jobs_any_workspace(10).await.unwrap().len(), 1);
}

/// A conversation that is there is joined, and its own messages stay what they are.
pub async fn a_known_conversation_is_joined<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดีค่ะ", T0)).await;
    bench.advance(25 * 3_600);
    bench.ingest(flagged("c-1", 25 * 3_600)).await;
    let id = only(&bench).await.comment.id;
    assert!(try_answer(&bench, draft(&bench, id)).await.unwrap());
    let job = lease(&bench, id).await;
    assert!(bench.store().begin_answer(&job, id).await.unwrap().is_some());
    bench.ingest(echo("m-1", 25 * 3_600 + 1)).await;
    settle(&bench, &job, id, sent("m-1")).await;
    let thread = bench.thread().await;
    assert_eq!(thread.iter().map(|one| one.comment.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(only(&bench).await.conversation_id, Some(bench.chat_id(CHAT).await));
    assert_eq!(bench.account.external_id, BUSINESS);
}

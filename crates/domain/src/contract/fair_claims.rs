//! Workspaces take turns: what is due in one does not wait for everything that was due before it in another.

use super::{
    Harness,
    bench::{Bench, connect, delivery},
    report::{T0, incoming},
};
use crate::{
    account::Account,
    content::Content,
    id::Id,
    job::{Job, NewJob, Task},
    message::Author,
    reply::Draft,
    store::{Accounts, Inbox, Jobs, Journal, Outbox},
    workspace::{Scope, Workspace},
};

/// A second workspace with an account of its own.
async fn neighbour<H: Harness>(bench: &Bench<H>) -> (Id<Workspace>, Account) {
    let other = bench.second_workspace(41).await;
    (other, bench.store().connect_account(other, connect("business-2")).await.unwrap())
}

/// A customer writes to `business` in a conversation of that name, and is answered.
async fn answer_in<H: Harness>(bench: &Bench<H>, workspace: Id<Workspace>, business: &str, name: &str) {
    let report = incoming(name, &format!("in-{name}"), "สวัสดี", T0);
    bench.store().ingest(delivery(business, &format!("{{\"of\":\"{name}\"}}"), T0, vec![report])).await.unwrap();
    let scope = Scope::all(workspace);
    let conversation_id = bench.store().conversation_by_external_id(&scope, name).await.unwrap().unwrap();
    let draft = Draft {
        conversation_id,
        content: Content::Text { body: "ค่ะ".to_owned() },
        quoted_external_id: None,
        author: Author::ApiKey { id: None },
        idempotency_key: None,
        send_anyway: false,
        priority: crate::message::Priority::Normal,
    };
    bench.store().queue_reply(&scope, draft).await.unwrap();
}

/// However many replies of one workspace are due and on their way, the next claim has those of another.
pub async fn replies_of_workspaces_take_turns<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (other, _) = neighbour(&bench).await;
    for number in 0..12 {
        answer_in(&bench, bench.workspace, &bench.account.external_id, &format!("busy-{number}")).await;
    }
    let claim = async |limit| {
        let claimed = bench.store().claim_any_workspace(limit).await.unwrap();
        claimed.into_iter().map(|one| one.conversation_external_id).collect::<Vec<_>>()
    };
    assert_eq!(claim(4).await, ["busy-0", "busy-1", "busy-2", "busy-3"], "nobody else waits");
    for number in 0..6 {
        answer_in(&bench, other, "business-2", &format!("quiet-{number}")).await;
    }
    assert_eq!(claim(3).await, ["quiet-0", "quiet-1", "quiet-2"], "until both have as many on their way");
    let mut next = claim(4).await;
    next.sort_unstable();
    assert_eq!(next, ["busy-4", "busy-5", "quiet-3", "quiet-4"]);
    assert_eq!(claim(100).await.len(), 7, "nothing is left behind");
}

/// The same for jobs.
pub async fn jobs_of_workspaces_take_turns<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (other, account) = neighbour(&bench).await;
    let enqueue = async |workspace_id, task| {
        bench.store().enqueue(NewJob { workspace_id, task, due_at: T0, later: false }).await.unwrap();
    };
    for number in 1..=10 {
        enqueue(bench.workspace, Task::FetchMedia { media: Id::from_raw(number) }).await;
    }
    let claim = async |limit| bench.store().claim_jobs_any_workspace(limit).await.unwrap();
    let of = |jobs: &[Job], workspace| jobs.iter().filter(|job| job.workspace_id == workspace).count();
    assert_eq!(of(&claim(4).await, bench.workspace), 4);
    enqueue(other, Task::RefreshTokens { binding: account.binding }).await;
    let next = claim(1).await;
    assert_eq!(of(&next, other), 1, "{next:?}");
    assert_eq!(of(&claim(100).await, bench.workspace), 6, "nothing is left behind");
}

//! Small durable jobs, and the rows of pictures that they fetch.

use super::{
    Harness,
    bench::{Bench, CHAT},
    report::{T0, at, incoming_content},
};
use crate::{
    clock::Timestamp,
    content::Content,
    event::Subject,
    inbound::InboundContent,
    job::{Job, JobOutcome, NewJob, Task},
    media::{MediaFacts, MediaOrigin, MediaState},
    store::{Events, Jobs, MediaStore},
};

fn refresh<H: Harness>(bench: &Bench<H>, due_at: Timestamp) -> NewJob {
    NewJob {
        workspace_id: bench.workspace,
        task: Task::RefreshTokens { binding: bench.account.binding },
        due_at,
        later: false,
    }
}

async fn claim<H: Harness>(bench: &Bench<H>) -> Vec<Job> {
    bench.store().claim_jobs_any_workspace(10).await.unwrap()
}

/// Two equal jobs that wait are one; a running one does not count, because it may have looked already.
pub async fn equal_waiting_jobs_are_one<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    for _ in 0..3 {
        bench.store().enqueue(refresh(&bench, T0)).await.unwrap();
    }
    let running = claim(&bench).await;
    assert_eq!(running.len(), 1);
    bench.store().enqueue(refresh(&bench, T0)).await.unwrap();
    let second = claim(&bench).await;
    assert_eq!(second.len(), 1);
    assert_ne!(second[0].id, running[0].id);
}

/// A job is leased; when the lease ends it is due again, and the old token changes nothing.
pub async fn jobs_are_leased<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    assert_eq!(bench.store().next_job_due_any_workspace().await.unwrap(), None);
    bench.store().enqueue(refresh(&bench, at(10))).await.unwrap();
    assert_eq!(bench.store().next_job_due_any_workspace().await.unwrap(), Some(at(10)));
    assert_eq!(claim(&bench).await, Vec::new());
    bench.advance(10);
    let slow = claim(&bench).await.remove(0);
    assert_eq!((slow.attempts, &slow.task), (0, &Task::RefreshTokens { binding: bench.account.binding }));
    assert_eq!(claim(&bench).await, Vec::new());
    assert_eq!(bench.store().next_job_due_any_workspace().await.unwrap(), Some(at(70)));
    bench.advance(60);
    let quick = claim(&bench).await.remove(0);
    assert_eq!((quick.id, quick.attempts), (slow.id, 1));
    assert!(!bench.store().settle_job(&slow, JobOutcome::Done).await.unwrap());
    assert!(bench.store().settle_job(&quick, JobOutcome::Done).await.unwrap());
    assert!(!bench.store().settle_job(&quick, JobOutcome::Done).await.unwrap());
    assert_eq!(bench.store().next_job_due_any_workspace().await.unwrap(), None);
}

/// A job that is to be tried again and meets an equal one that waits becomes one with it.
pub async fn a_retried_job_meets_its_equal<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.store().enqueue(refresh(&bench, T0)).await.unwrap();
    let running = claim(&bench).await.remove(0);
    let later = JobOutcome::Retry { due_at: at(30), error: "busy".to_owned() };
    assert!(bench.store().settle_job(&running, later.clone()).await.unwrap());
    assert_eq!(bench.store().next_job_due_any_workspace().await.unwrap(), Some(at(30)));
    bench.advance(30);
    let running = claim(&bench).await.remove(0);
    bench.store().enqueue(refresh(&bench, at(40))).await.unwrap();
    assert!(bench.store().settle_job(&running, later).await.unwrap());
    bench.advance(100);
    assert_eq!(claim(&bench).await.len(), 1);
}

/// A job given up is not run again, and does not stand in the way of a new one.
pub async fn failed_jobs_stay<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.store().enqueue(refresh(&bench, T0)).await.unwrap();
    let running = claim(&bench).await.remove(0);
    assert!(bench.store().settle_job(&running, JobOutcome::Failed { error: "refused".to_owned() }).await.unwrap());
    bench.advance(1_000);
    assert_eq!(claim(&bench).await, Vec::new());
    assert_eq!(bench.store().next_job_due_any_workspace().await.unwrap(), None);
    bench.store().enqueue(refresh(&bench, T0)).await.unwrap();
    assert_eq!(claim(&bench).await.len(), 1);
}

fn facts() -> MediaFacts {
    MediaFacts { mime: "image/jpeg".to_owned(), width: Some(640), height: Some(480), size: 52_000 }
}

/// A received picture has a row and a job from the start; a new conversation asks for its names.
pub async fn received_media_are_fetched<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(incoming_content(CHAT, "in-1", InboundContent::Image { media_id: "tt-1".to_owned() }, T0)).await;
    let record = bench.thread().await.remove(0);
    let media = record.media.unwrap();
    assert_eq!(record.message.content, Content::Image { media: media.id });
    let origin = MediaOrigin::Provider { media_id: "tt-1".to_owned(), message_id: "in-1".to_owned() };
    assert_eq!(
        (media.state, &media.origin, media.conversation_id),
        (MediaState::Pending, &origin, Some(record.message.conversation_id))
    );
    let tasks: Vec<_> = claim(&bench).await.into_iter().map(|job| job.task).collect();
    assert_eq!(tasks.len(), 2);
    assert!(tasks.contains(&Task::FetchMedia { media: media.id }));
    assert!(tasks.contains(&Task::DescribeConversation { conversation: record.message.conversation_id }));
    bench.ingest(incoming_content(CHAT, "in-1", InboundContent::Image { media_id: "tt-1".to_owned() }, T0)).await;
    assert_eq!(claim(&bench).await, Vec::new(), "the same picture is fetched once");
}

/// An upload is ready at once.
pub async fn uploads<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let id = bench.store().new_media_id().await.unwrap();
    let made = bench.store().create_upload(bench.workspace, id, facts()).await.unwrap();
    assert_eq!(
        (made.id, made.state, &made.origin, made.size),
        (id, MediaState::Ready, &MediaOrigin::Upload, Some(52_000))
    );
    assert_eq!(bench.store().media(&bench.scope, id).await.unwrap(), Some(made));
}

/// When the bytes are here, or can't be had, the message says so.
pub async fn settled_media_tell<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(incoming_content(CHAT, "in-1", InboundContent::Video { media_id: "tt-1".to_owned() }, T0)).await;
    bench
        .ingest(incoming_content(
            CHAT,
            "in-2",
            InboundContent::Sticker { url: "https://example.com/s.webp".to_owned() },
            at(1),
        ))
        .await;
    let media: Vec<_> = bench.thread().await.into_iter().map(|one| one.media.unwrap().id).collect();
    let head = bench.store().head_seq().await.unwrap();
    bench.store().settle_media(bench.workspace, media[0], Some(facts())).await.unwrap();
    bench.store().settle_media(bench.workspace, media[1], None).await.unwrap();
    let events = bench.store().events_after(None, head, 10).await.unwrap().events;
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.subject {
            Subject::Status(record) => record.media.as_ref().map(|media| (media.id, media.state, media.size)),
            _ => None,
        })
        .collect();
    assert_eq!(told, [(media[0], MediaState::Ready, Some(52_000)), (media[1], MediaState::Failed, None)]);
    let other = bench.second_workspace(41).await;
    let head = bench.store().head_seq().await.unwrap();
    bench.store().settle_media(other, media[0], None).await.unwrap();
    assert_eq!(bench.store().media(&bench.scope, media[0]).await.unwrap().unwrap().state, MediaState::Ready);
    assert_eq!(bench.store().head_seq().await.unwrap(), head);
}

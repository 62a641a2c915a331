//! Our own replies come back as reports, before or after the answer to the call: one message, whichever comes first.

use super::{
    Harness,
    bench::{Bench, CHAT, failure, lost, sent},
    report::{T0, at, incoming, message, outgoing},
};
use crate::{
    content::Content,
    failure::FailureKind,
    inbound::{Inbound, InboundContent, InboundMessage, Source},
    media::MediaFacts,
    message::{Author, Direction, MessageState},
    outbox::Outcome,
    reply::Draft,
    store::{Inbox, MediaStore, MessageRecord, Outbox},
};

const WORDS: &str = "ได้เลยค่ะ";

fn external_ids(thread: &[MessageRecord]) -> Vec<Option<&str>> {
    thread.iter().map(|one| one.message.external_id.as_deref()).collect()
}

/// The usual order: answer, then report. The provider's time replaces ours.
pub async fn after_the_answer<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.advance(10);
    let id = bench.send(WORDS, "out-1").await;
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, WORDS, at(12))).await;
    let thread = bench.thread().await;
    assert_eq!(external_ids(&thread), [Some("in-1"), Some("out-1")]);
    let ours = &thread[1].message;
    assert_eq!(
        (ours.id, ours.state, ours.sent_at, ours.reported, ours.provisional),
        (id, MessageState::Sent, at(12), true, false)
    );
    assert_eq!(ours.author, Author::Agent { id: bench.owner.user.id });
    assert!(!bench.chat().await.conversation.request);
}

/// The report overtakes the answer: it joins the attempt, the answer confirms it.
pub async fn before_the_answer<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, &format!("{WORDS}\r\n"), at(1))).await;
    let joined = bench.message(id).await;
    assert_eq!(
        (joined.external_id.as_deref(), joined.provisional, joined.state),
        (Some("out-1"), true, MessageState::Sending)
    );
    bench.settle(&claimed, sent("out-1")).await;
    let thread = bench.thread().await;
    assert_eq!(external_ids(&thread), [Some("in-1"), Some("out-1")]);
    let ours = &thread[1].message;
    assert_eq!((ours.id, ours.state, ours.provisional, ours.sent_at), (id, MessageState::Sent, false, at(1)));
}

/// Another program sent the same words at the same time: the answer names another id, so both stand.
pub async fn of_another_program_is_split_off<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "theirs", Source::Api, WORDS, at(1))).await;
    bench.settle(&claimed, sent("ours")).await;
    let thread = bench.thread().await;
    assert_eq!(thread.len(), 3);
    let ours = bench.message(id).await;
    assert_eq!((ours.external_id.as_deref(), ours.state), (Some("ours"), MessageState::Sent));
    let theirs = thread.iter().find(|one| one.message.external_id.as_deref() == Some("theirs")).unwrap();
    assert_eq!((&theirs.message.author, theirs.message.sent_at), (&Author::OtherApi, at(1)));
    bench.ingest(outgoing(CHAT, "ours", Source::Api, WORDS, at(2))).await;
    assert_eq!(bench.thread().await.len(), 3);
    assert_eq!(bench.chat().await.conversation.ledger.spent, 2);
}

/// The other program's report was taken for ours and ours for theirs: they change places.
pub async fn swapped_reports_change_places<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "theirs", Source::Api, WORDS, at(1))).await;
    bench.ingest(outgoing(CHAT, "ours", Source::Api, WORDS, at(2))).await;
    assert_eq!(bench.thread().await.len(), 3);
    bench.settle(&claimed, sent("ours")).await;
    let thread = bench.thread().await;
    assert_eq!(external_ids(&thread), [Some("in-1"), Some("theirs"), Some("ours")]);
    assert_eq!((thread[2].message.id, thread[2].message.sent_at), (id, at(2)));
    assert_eq!((&thread[1].message.author, thread[1].message.sent_at), (&Author::OtherApi, at(1)));
}

/// TikTok changed the words, so the report could not be joined: the answer's id tells that both are one.
pub async fn with_changed_words_is_absorbed<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, "ได้เลยค่ะ (edited)", at(1))).await;
    assert_eq!(bench.thread().await.len(), 3);
    bench.settle(&claimed, sent("out-1")).await;
    let thread = bench.thread().await;
    assert_eq!(external_ids(&thread), [Some("in-1"), Some("out-1")]);
    assert_eq!((thread[1].message.id, thread[1].message.sent_at), (id, at(1)));
    let chat = bench.chat().await.conversation;
    assert_eq!((chat.last_message_id, chat.ledger.spent), (Some(id), 1));
}

/// The report came, the answer was lost: the message is sent, nothing is left to ask.
pub async fn before_a_lost_answer<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, WORDS, at(1))).await;
    bench.settle(&claimed, lost()).await;
    assert_eq!(bench.message(id).await.state, MessageState::Sent);
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
}

/// The answer was lost, the report comes later: unconfirmed becomes sent.
pub async fn after_a_lost_answer<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, lost()).await;
    assert_eq!(bench.message(id).await.state, MessageState::Unconfirmed);
    assert!(bench.chat().await.conversation.trouble);
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, WORDS, at(1))).await;
    let ours = bench.message(id).await;
    assert_eq!((ours.state, ours.external_id.as_deref(), ours.failure), (MessageState::Sent, Some("out-1"), None));
    let chat = bench.chat().await.conversation;
    assert!(!chat.trouble && !chat.request);
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
    assert_eq!(bench.thread().await.len(), 2);
}

/// The provider's list holds it.
pub async fn in_a_list_after_a_lost_answer<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, lost()).await;
    bench
        .apply(vec![incoming(CHAT, "in-1", "สวัสดีค่ะ", T0), outgoing(CHAT, "out-1", Source::Unknown, WORDS, at(1))])
        .await;
    assert_eq!(bench.message(id).await.state, MessageState::Sent);
    assert_eq!(bench.thread().await.len(), 2);
}

/// An equal report was joined, then the call turns out not to have arrived: the report was somebody else's.
pub async fn of_another_program_before_a_retry<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "theirs", Source::Api, WORDS, at(1))).await;
    bench.settle(&claimed, Outcome::Retry { failure: failure(FailureKind::RateLimited), after: None }).await;
    let ours = bench.message(id).await;
    assert_eq!((ours.state, ours.external_id, ours.provisional), (MessageState::Queued, None, false));
    assert_eq!(bench.thread().await.len(), 3);
    bench.advance(60);
    let claimed = bench.begin().await;
    bench.settle(&claimed, sent("ours")).await;
    assert_eq!(external_ids(&bench.thread().await), [Some("in-1"), Some("theirs"), Some("ours")]);
}

/// A person wrote the same words in TikTok's app.
pub async fn from_the_app_is_never_ours<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "theirs", Source::App, WORDS, at(1))).await;
    assert_eq!(bench.message(id).await.external_id, None);
    bench.settle(&claimed, sent("ours")).await;
    assert_eq!(bench.thread().await.len(), 3);
}

/// A report from before the attempt is of somebody else; the provider's clock may be a little behind.
pub async fn older_than_the_attempt_is_never_ours<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.advance(600);
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "theirs", Source::Api, WORDS, at(400))).await;
    assert_eq!(bench.message(id).await.external_id, None);
    bench.ingest(outgoing(CHAT, "ours", Source::Api, WORDS, at(590))).await;
    assert_eq!(bench.message(id).await.external_id.as_deref(), Some("ours"));
    bench.settle(&claimed, sent("ours")).await;
    assert_eq!(bench.thread().await.len(), 3);
}

/// Our clock is ahead: once the provider's time is known, the customer's message is the newest.
pub async fn moves_the_newest_message<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.advance(20);
    bench.send(WORDS, "out-1").await;
    bench.ingest(incoming(CHAT, "in-2", "ขอบคุณค่ะ", at(15))).await;
    assert_eq!(bench.chat().await.last_message.unwrap().external_id.as_deref(), Some("out-1"));
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, WORDS, at(10))).await;
    let chat = bench.chat().await;
    assert_eq!(chat.last_message.unwrap().external_id.as_deref(), Some("in-2"));
    assert_eq!((chat.conversation.last_activity_at, chat.conversation.ledger.spent), (at(15), 0));
}

/// A picture's report does not promise to repeat our media id: it is known by being a picture.
pub async fn of_a_picture<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let media = bench.store().new_media_id().await.unwrap();
    let facts = MediaFacts { mime: "image/png".to_owned(), width: Some(2), height: Some(2), size: 70 };
    bench.store().create_upload(bench.workspace, media, facts).await.unwrap();
    let draft = Draft { content: Content::Image { media }, ..bench.draft(bench.chat_id(CHAT).await, "") };
    let id = bench.store().queue_reply(&bench.scope, draft).await.unwrap().record.message.id;
    let claimed = bench.begin().await;
    let report = message(CHAT, "out-1", Direction::Outgoing, Source::Api, "", at(1));
    let content = InboundContent::Image { media_id: "tt-9".to_owned() };
    bench.ingest(Inbound::Message(InboundMessage { content, ..report })).await;
    bench.settle(&claimed, sent("out-1")).await;
    let thread = bench.thread().await;
    assert_eq!((thread.len(), thread[1].message.id), (2, id));
    assert_eq!(thread[1].media.as_ref().map(|row| row.id), Some(media));
    assert!(bench.store().message(&bench.scope, id).await.unwrap().is_some());
}

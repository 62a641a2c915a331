//! One account that two providers receive for: each message is stored once, whichever tells it first, and what only one of them told is
//! listed.

use super::{
    Harness,
    bench::{Bench, CHAT, delivery, sent},
    report::{T0, at, customer, incoming, message},
};
use crate::{
    Timestamp,
    account::ProviderKind,
    contact::Channel,
    event::Subject,
    history::PastConversation,
    id::Id,
    inbound::{Inbound, InboundCustomer, InboundMessage, Source},
    message::{Direction, Message},
    sides::{GRACE, Shadow, ShadowFilter, Why},
    store::{Events, Filing, Inbox, Journal, Outbox, Sides},
};

/// Respond.io's id of the account.
pub(super) const CHANNEL: &str = "channel-1";
/// Respond.io's id of the customer of [`CHAT`].
pub(super) const CONTACT: &str = "contact-1";
const WORDS: &str = "ได้เลยค่ะ";

/// The bench's account with Respond.io beside TikTok, which still sends.
pub(super) async fn two_sides<H: Harness>() -> Bench<H> {
    let bench: Bench<H> = Bench::open().await;
    let added = bench.store().add_side(&bench.scope, bench.account.id, ProviderKind::Respondio, CHANNEL).await;
    assert_eq!(added.unwrap().unwrap().both_since, Some(T0));
    bench
}

/// With one message of the customer that both sides told, and so with one conversation that both know.
pub(super) async fn linked<H: Harness>() -> Bench<H> {
    let bench = two_sides::<H>().await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดีค่ะ", T0)).await;
    tell(&bench, from(CONTACT, "r-1", "สวัสดีค่ะ", T0, Some("in-1"))).await;
    bench
}

/// Somebody as Respond.io names them; `called` as TikTok's handle says.
fn contact(id: &str, called: Option<&str>) -> InboundCustomer {
    InboundCustomer {
        channel: Channel::Respondio,
        external_id: id.to_owned(),
        username: None,
        display_name: called.map(str::to_owned),
        ..customer(id)
    }
}

/// Respond.io tells what the customer wrote, without saying how they are called.
pub(super) fn from(
    contact_id: &str,
    id: &str,
    text: &str,
    sent_at: Timestamp,
    platform: Option<&str>,
) -> InboundMessage {
    let report = message(contact_id, id, Direction::Incoming, Source::Unknown, text, sent_at);
    let platform_id = platform.map(str::to_owned);
    InboundMessage { customer: contact(contact_id, None), platform_id, ..report }
}

/// Respond.io tells what the business side wrote.
pub(super) fn to(contact_id: &str, id: &str, source: Source, text: &str, sent_at: Timestamp) -> InboundMessage {
    InboundMessage { direction: Direction::Outgoing, source, ..from(contact_id, id, text, sent_at, None) }
}

/// The same, of a customer who is called so.
pub(super) fn called(name: &str, report: InboundMessage) -> InboundMessage {
    let customer = contact(&report.customer.external_id, Some(name));
    InboundMessage { customer, ..report }
}

/// How TikTok calls the customer of a conversation, as the reports of these cases do.
pub(super) fn handle(chat: &str) -> String {
    format!("of-{chat}.demo")
}

pub(super) async fn tell<H: Harness>(bench: &Bench<H>, report: InboundMessage) {
    let body = format!("respondio {report:?}");
    let mut told = delivery(CHANNEL, &body, bench.clock.now(), vec![Inbound::Message(report)]);
    told.provider = ProviderKind::Respondio;
    bench.store().ingest(told).await.unwrap();
}

/// What one side only has told, once the other one has had its time.
pub(super) async fn shadows<H: Harness>(bench: &Bench<H>) -> Vec<Shadow> {
    let filter = ShadowFilter { limit: 200, now: bench.clock.now().plus(GRACE), ..ShadowFilter::default() };
    bench.store().shadows(&bench.scope, filter).await.unwrap()
}

async fn lines<H: Harness>(bench: &Bench<H>) -> Vec<(Option<String>, String)> {
    let line = |message: Message| (message.external_id, message.content.words().to_owned());
    bench.thread().await.into_iter().map(|one| line(one.message)).collect()
}

/// How many there are.
pub(super) async fn conversations<H: Harness>(bench: &Bench<H>) -> u64 {
    bench.store().totals(&bench.scope).await.unwrap().conversations
}

/// TikTok's id says that both are one, whatever is said of words and times.
pub async fn the_same_id<H: Harness>() {
    let bench = linked::<H>().await;
    tell(&bench, from(CONTACT, "r-2", "อีกแล้ว", at(30), Some("in-2"))).await;
    bench.ingest(incoming(CHAT, "in-2", "อีกแล้วค่ะ", at(5))).await;
    let told = |id: &str, words: &str| (Some(id.to_owned()), words.to_owned());
    assert_eq!(lines(&bench).await, [told("in-1", "สวัสดีค่ะ"), told("in-2", "อีกแล้วค่ะ")]);
    let chat = bench.chat().await.conversation;
    assert_eq!((chat.unread, chat.last_activity_at, chat.ledger.last_incoming_at), (2, at(5), Some(at(5))));
    assert_eq!((conversations(&bench).await, shadows(&bench).await), (1, Vec::new()));
    assert_eq!(bench.chat_id(CONTACT).await, chat.id, "either side's name finds it");
}

/// The side tells TikTok's id only when it tells the message again: two conversations become one.
pub async fn a_late_platform_id<H: Harness>() {
    let bench = two_sides::<H>().await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดีค่ะ", T0)).await;
    tell(&bench, from(CONTACT, "r-1", "สวัสดีค่ะ", T0, None)).await;
    assert_eq!(conversations(&bench).await, 2, "nothing says that it is the same customer");
    let gone = bench.chat_id(CONTACT).await;
    let listed = shadows(&bench).await;
    let why: Vec<_> = listed.iter().map(|one| (one.side, one.external_id.as_str(), &one.why)).collect();
    let id = |place: usize| listed[place].message_id;
    let expected = [
        (ProviderKind::Respondio, "r-1", &Why::Unproven { candidate: id(1) }),
        (ProviderKind::Official, "in-1", &Why::Unproven { candidate: id(0) }),
    ];
    assert_eq!(why, expected);
    let before = bench.store().events_after(Some(bench.workspace), 0, 100).await.unwrap().next;
    tell(&bench, from(CONTACT, "r-1", "สวัสดีค่ะ", T0, Some("in-1"))).await;
    assert_eq!((conversations(&bench).await, shadows(&bench).await), (1, Vec::new()));
    assert_eq!((bench.thread().await.len(), bench.chat().await.conversation.unread), (1, 1));
    let events = bench.store().events_after(Some(bench.workspace), before, 100).await.unwrap().events;
    let merged = |subject: &Subject| matches!(subject, Subject::Merged { conversation_id } if *conversation_id == gone);
    assert!(events.iter().any(|event| merged(&event.subject)), "whoever shows it learns that it is gone");
}

/// Without any id: the customer is called the same, and only one message says it then.
pub async fn one_candidate<H: Harness>() {
    let bench = two_sides::<H>().await;
    bench.ingest(incoming(CHAT, "in-1", "มีโต๊ะไหมคะ", T0)).await;
    tell(&bench, called(&handle(CHAT), from(CONTACT, "r-1", " มีโต๊ะไหมคะ\r\n", at(2), None))).await;
    assert_eq!((bench.thread().await.len(), conversations(&bench).await), (1, 1));
    tell(&bench, from(CONTACT, "r-2", "สองที่ค่ะ", at(60), None)).await;
    bench.ingest(incoming(CHAT, "in-2", "สองที่ค่ะ", at(58))).await;
    bench.ingest(incoming(CHAT, "in-3", "สองที่ค่ะ", at(90))).await;
    assert_eq!(bench.thread().await.len(), 3, "too late to be the same");
    let listed = shadows(&bench).await;
    assert_eq!(listed.iter().map(|one| (&*one.external_id, &one.why)).collect::<Vec<_>>(), [("in-3", &Why::NotTold)]);
}

/// Two messages that say something different prove a conversation where nobody tells how the customer is called.
pub async fn two_witnesses<H: Harness>() {
    let bench = two_sides::<H>().await;
    for (number, text) in ["สวัสดีค่ะ", "มีโต๊ะไหมคะ"].into_iter().enumerate() {
        let time = at(60 * i64::try_from(number).unwrap());
        bench.ingest(incoming(CHAT, &format!("in-{number}"), text, time)).await;
        tell(&bench, from(CONTACT, &format!("r-{number}"), text, time, None)).await;
    }
    assert_eq!((conversations(&bench).await, bench.thread().await.len()), (1, 2));
    assert_eq!((bench.chat().await.conversation.unread, shadows(&bench).await), (2, Vec::new()));
}

fn orders(left: &[usize]) -> Vec<Vec<usize>> {
    if left.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (place, first) in left.iter().enumerate() {
        let rest: Vec<usize> =
            left.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, one)| *one).collect();
        all.extend(orders(&rest).into_iter().map(|rest| [vec![*first], rest].concat()));
    }
    all
}

/// The customer says "ok" twice within a second: two messages, in whatever order the four reports come.
pub async fn two_equal_in_one_second_stay_two<H: Harness>() {
    let bench = two_sides::<H>().await;
    for (number, order) in orders(&[0, 1, 2, 3]).into_iter().enumerate() {
        let (chat, other) = (format!("chat-{number}"), format!("contact-{number}"));
        bench.ingest(incoming(&chat, &format!("{chat}-in"), "สวัสดี", T0)).await;
        tell(&bench, from(&other, &format!("{other}-r"), "สวัสดี", T0, Some(&format!("{chat}-in")))).await;
        for step in &order {
            let time = Timestamp::from_millis(at(60).as_millis() + 400 * i64::try_from(step % 2).unwrap());
            match step {
                0 | 1 => bench.ingest(incoming(&chat, &format!("{chat}-{step}"), "ok", time)).await.outcome,
                _ => {
                    tell(&bench, from(&other, &format!("{other}-{step}"), "ok", time, None)).await;
                    continue;
                }
            };
        }
        let thread = bench.thread_of(&chat).await;
        let ids: Vec<_> = thread.iter().filter_map(|one| one.message.external_id.as_deref()).collect();
        assert_eq!(ids, [format!("{chat}-in"), format!("{chat}-0"), format!("{chat}-1")], "order {order:?}");
        let unread = bench.store().conversation(&bench.scope, bench.chat_id(&chat).await).await.unwrap().unwrap();
        assert_eq!(unread.conversation.unread, 3, "order {order:?}");
        assert_eq!(shadows(&bench).await, Vec::new(), "order {order:?}");
    }
}

/// While one side is ahead nobody can tell which of the two it is: it stands apart, and is listed with both.
pub async fn what_is_ambiguous_stays_apart<H: Harness>() {
    let bench = linked::<H>().await;
    bench.ingest(incoming(CHAT, "in-2", "ok", at(60))).await;
    bench.ingest(incoming(CHAT, "in-3", "ok", at(61))).await;
    tell(&bench, from(CONTACT, "r-2", "ok", at(61), None)).await;
    assert_eq!(bench.thread().await.len(), 4);
    let listed = shadows(&bench).await;
    assert_eq!(listed.len(), 3);
    let theirs = listed.iter().find(|one| one.side == ProviderKind::Respondio).unwrap();
    assert!(matches!(&theirs.why, Why::Ambiguous { candidates } if candidates.len() == 2), "{theirs:?}");
    tell(&bench, from(CONTACT, "r-3", "ok", at(61), None)).await;
    assert_eq!((bench.thread().await.len(), shadows(&bench).await), (3, Vec::new()));
}

/// Two customers say the same at once. In no order are they taken for one another; what else they say tells who is who.
pub async fn two_customers_say_the_same_at_once<H: Harness>() {
    let bench = two_sides::<H>().await;
    for (number, order) in orders(&[0, 1, 2, 3]).into_iter().enumerate() {
        let (base, of) = (at(600 * i64::try_from(number).unwrap()), |who: usize| format!("n{number}-{who}"));
        for step in &order {
            let who = step % 2;
            match step {
                0 | 1 => drop(bench.ingest(incoming(&of(who), &format!("{}-ok", of(who)), "ok", base)).await),
                _ => tell(&bench, from(&format!("c{}", of(who)), &format!("r{}-ok", of(who)), "ok", base, None)).await,
            }
        }
        for who in 0..2 {
            let (text, time) = (format!("ฉันคือ {who}"), Timestamp::from_millis(base.as_millis() + 120_000));
            tell(&bench, from(&format!("c{}", of(who)), &format!("r{}-me", of(who)), &text, time, None)).await;
            bench.ingest(incoming(&of(who), &format!("{}-me", of(who)), &text, time)).await;
            let ids: Vec<_> =
                bench.thread_of(&of(who)).await.into_iter().filter_map(|one| one.message.external_id).collect();
            assert_eq!(ids, [format!("{}-ok", of(who)), format!("{}-me", of(who))], "order {order:?}");
            assert_eq!(bench.chat_id(&of(who)).await, bench.chat_id(&format!("c{}", of(who))).await, "order {order:?}");
        }
        assert_eq!(shadows(&bench).await, Vec::new(), "order {order:?}");
    }
}

/// A customer who is certainly called otherwise is another one, whatever they say.
pub async fn other_names_are_other_people<H: Harness>() {
    let bench = two_sides::<H>().await;
    for (number, text) in ["สวัสดีค่ะ", "มีโต๊ะไหมคะ"].into_iter().enumerate() {
        let time = at(60 * i64::try_from(number).unwrap());
        bench.ingest(incoming(CHAT, &format!("in-{number}"), text, time)).await;
        let report = from(CONTACT, &format!("r-{number}"), text, time, None);
        let customer = InboundCustomer { username: Some("somebody.else".to_owned()), ..contact(CONTACT, None) };
        tell(&bench, InboundMessage { customer, ..report }).await;
    }
    assert_eq!((conversations(&bench).await, shadows(&bench).await.len()), (2, 4));
}

/// The second side is faster: TikTok's name, time and words take the lead once they come.
pub async fn b_before_a<H: Harness>() {
    let bench = two_sides::<H>().await;
    tell(&bench, from(CONTACT, "r-1", "สวัสดีค่ะ", at(2), Some("in-1"))).await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดีค่ะ ", at(1))).await;
    let thread = bench.thread().await;
    assert_eq!(thread.len(), 1);
    let first = &thread[0].message;
    assert_eq!((first.provider, first.external_id.as_deref()), (ProviderKind::Official, Some("in-1")));
    assert_eq!((first.sent_at, first.content.words()), (at(1), "สวัสดีค่ะ "));
    let record = bench.chat().await;
    assert_eq!((record.conversation.unread, record.conversation.ledger.last_incoming_at), (1, Some(at(1))));
    assert_eq!(record.contact.username.as_deref(), Some(&*handle(CHAT)));
    assert!(record.conversation.request);
    assert_eq!((conversations(&bench).await, shadows(&bench).await), (1, Vec::new()));
}

/// What Respond.io's lists hold of before meets what TikTok told.
pub async fn history_of_b<H: Harness>() {
    let bench = two_sides::<H>().await;
    let past = |number: i64| at(-1_000 + 60 * number);
    for number in 0..3 {
        bench.ingest(incoming(CHAT, &format!("in-{number}"), &format!("ข้อความ {number}"), past(number))).await;
    }
    let told = |number: i64| {
        let report = from(CONTACT, &format!("r-{number}"), &format!("ข้อความ {number}"), past(number), None);
        Inbound::Message(called(&handle(CHAT), report))
    };
    let items = (-2..3).map(told).collect();
    let (provider, external_id) = (ProviderKind::Respondio, CONTACT.to_owned());
    let past = PastConversation { provider, external_id, request: true, image_send: None, items };
    let filed = bench.store().file_conversation(bench.workspace, bench.account.id, past.clone()).await.unwrap();
    assert_eq!(filed, Some(bench.chat_id(CHAT).await));
    bench.store().file_conversation(bench.workspace, bench.account.id, past).await.unwrap();
    assert_eq!((bench.thread().await.len(), conversations(&bench).await), (5, 1));
    assert_eq!(
        (bench.chat().await.conversation.unread, shadows(&bench).await),
        (3, Vec::new()),
        "the past is not compared"
    );
}

/// Everything in a conversation that turns out to be another one goes there: replies, what is unread, who takes care.
pub async fn a_merge_takes_everything_along<H: Harness>() {
    let bench = two_sides::<H>().await;
    tell(&bench, from(CONTACT, "r-1", "สวัสดีค่ะ", T0, None)).await;
    let apart = bench.chat_id(CONTACT).await;
    bench.store().set_sender(&bench.scope, bench.account.id, ProviderKind::Respondio).await.unwrap();
    let reply = bench.draft(apart, WORDS);
    let reply = bench.store().queue_reply(&bench.scope, reply).await.unwrap().record.message.id;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดีค่ะ", T0)).await;
    bench.ingest(incoming(CHAT, "in-2", "มีโต๊ะไหมคะ", at(60))).await;
    assert_eq!(conversations(&bench).await, 2);
    tell(&bench, from(CONTACT, "r-2", "มีโต๊ะไหมคะ", at(60), Some("in-2"))).await;
    let chat = bench.chat().await.conversation;
    assert_eq!((conversations(&bench).await, chat.unread, chat.ledger.spent), (1, 2, 1));
    assert_eq!(bench.thread().await.len(), 3);
    assert_eq!(bench.message(reply).await.conversation_id, chat.id);
    let claimed = bench.begin().await;
    assert_eq!((claimed.message.id, &*claimed.conversation_external_id), (reply, CONTACT));
    bench.settle(&claimed, sent("r-3")).await;
    assert_eq!(bench.store().conversation(&bench.scope, apart).await.unwrap(), None);
}

/// The list is paged, waits until a side has had its time, and shows nobody what is not theirs.
pub async fn the_list_is_paged<H: Harness>() {
    let bench = linked::<H>().await;
    for number in 0..5 {
        bench.ingest(incoming(CHAT, &format!("only-{number}"), &format!("ข้อความ {number}"), at(20 * number))).await;
    }
    let filter = |before, now| ShadowFilter { before, limit: 2, now, ..ShadowFilter::default() };
    let page = |filter| bench.store().shadows(&bench.scope, filter);
    let now = bench.clock.now();
    assert_eq!(page(filter(None, now)).await.unwrap(), Vec::new(), "it may still be on its way");
    let now = now.plus(GRACE);
    let (mut seen, mut before): (Vec<String>, Option<(Timestamp, Id<Message>)>) = (Vec::new(), None);
    loop {
        let found = page(filter(before, now)).await.unwrap();
        let Some(last) = found.last() else { break };
        before = Some((last.sent_at, last.message_id));
        seen.extend(found.into_iter().map(|one| one.external_id));
    }
    assert_eq!(seen, ["only-4", "only-3", "only-2", "only-1", "only-0"]);
    let nobody =
        crate::workspace::Scope { accounts: crate::workspace::Permitted::Only([].into()), ..bench.scope.clone() };
    assert_eq!(bench.store().shadows(&nobody, filter(None, now)).await.unwrap(), Vec::new());
}

/// TikTok's id says that a guess was wrong: what was joined by its words alone goes where it belongs.
pub async fn a_wrong_guess_is_put_right<H: Harness>() {
    let bench = linked::<H>().await;
    bench.ingest(incoming(CHAT, "in-2", "ok", at(60))).await;
    tell(&bench, from(CONTACT, "r-3", "ok", at(61), Some("in-3"))).await;
    assert_eq!(bench.thread().await.len(), 2, "it was the only one");
    bench.ingest(incoming(CHAT, "in-3", "ok", at(61))).await;
    assert_eq!(bench.thread().await.len(), 3);
    let listed: Vec<_> = shadows(&bench).await.into_iter().map(|one| one.external_id).collect();
    assert_eq!(listed, ["in-2"], "it is r-3 no more");
    tell(&bench, from(CONTACT, "r-2", "ok", at(60), Some("in-2"))).await;
    assert_eq!((bench.thread().await.len(), shadows(&bench).await), (3, Vec::new()));
}

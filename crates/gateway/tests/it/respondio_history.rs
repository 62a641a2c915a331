//! The whole history that Respond.io keeps, once a person asked for it: each message once and in order, nobody told, going on after a
//! restart where it was, and new messages as quickly as ever.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use domain::{event::Subject, message::Direction, space::UNREADABLE_AFTER};
use serde_json::{Value, json};
use simulator::{
    AppReply, CustomerMessage, FaultKind, NewCustomer, NewFault, Simulator,
    respondio::{IdUnit, Settings},
};

use crate::{
    desk::Desk,
    harness::{SHOP, START, World, answer},
    stage::slug,
};

const SECOND: Duration = Duration::from_secs(1);
/// The newest of each contact that are filed without asking.
const NEWEST: usize = 200;
/// Messages of a page.
const PAGE: usize = 50;
/// More than the window of an answer, so that nobody is asked often.
const LONG_AGO: i64 = 60 * 3_600_000;

/// What a customer and the shop said, oldest first.
fn said(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{name} {number:04}")).collect()
}

/// They said so many things to each other, one each half a minute, until long before `now_ms`; every third is the shop's.
pub(crate) fn talk(sim: &Simulator, name: &str, count: usize, now_ms: i64) {
    sim.create_customer(NewCustomer::new(name, name)).unwrap();
    for (number, text) in said(name, count).iter().enumerate() {
        let at = Some(now_ms - LONG_AGO - i64::try_from(count - number).unwrap() * 30_000);
        if number % 3 == 2 {
            sim.app_reply(&AppReply { at, ..AppReply::text(SHOP, name, text) }).unwrap();
        } else {
            sim.customer_writes(&CustomerMessage { at, ..CustomerMessage::text(name, SHOP, text) }).unwrap();
        }
    }
}

/// A shop whose customers have said so many things before it was connected; the newest are filed.
async fn long_standing(counts: &[usize]) -> Desk {
    let before = |world: &World| {
        for (number, count) in counts.iter().enumerate() {
            talk(&world.sim, &format!("customer.{number}"), *count, START.as_millis());
        }
    };
    let settings = Settings { id_unit: IdUnit::Milliseconds, ..Settings::default() };
    let desk = Desk::after(settings, |_| {}, before).await;
    let newest: usize = counts.iter().map(|count| (*count).min(NEWEST)).sum();
    let filed = async || (desk.all().await.len() == newest).then_some(());
    desk.in_strides(SECOND, "the newest are filed", Duration::from_mins(5), filed).await;
    desk
}

/// What the API shows of it.
async fn history(desk: &Desk) -> Value {
    let (status, page) = answer(desk.world.api("GET", "/api/v1/respondio/spaces")).await;
    assert_eq!(status, 200, "{page}");
    page["items"][0]["history"].clone()
}

async fn ask(desk: &Desk) -> Value {
    let path = format!("/api/v1/respondio/spaces/{}/history", desk.space);
    let (status, space) = answer(desk.world.api("POST", &path)).await;
    assert_eq!(status, 202, "{space}");
    space["history"].clone()
}

/// What the API shows once everything is here.
fn all_here(asked_at: &Value, contacts: u32) -> Value {
    json!({"askedAt": asked_at, "contacts": contacts, "whole": contacts, "unreadable": 0, "unreadableContacts": [], "done": true})
}

/// Respond.io answers so to whoever asks what this contact said.
fn spoil(desk: &Desk, contact: u64, kind: FaultKind, status: i64) {
    let fault = NewFault::new("respondio/contact/messages", kind).at(&format!("/contact/id:{contact}/"));
    desk.world.sim.set_fault(fault.value(status));
}

/// Respond.io's ids of the contacts, those first who spoke first.
fn contacts(desk: &Desk) -> Vec<u64> {
    let all = desk.world.sim.respondio_contacts(desk.workspace.id).unwrap();
    all.iter().map(|contact| contact["id"].as_u64().unwrap()).collect()
}

/// Lets time pass until so many can't be read, for two minutes at least; nothing is said to be done meanwhile.
async fn until_unreadable(desk: &Desk, count: usize) -> Value {
    let told = async || {
        let history = history(desk).await;
        assert_eq!(history["done"], false, "{history}");
        (history["unreadable"] == count).then_some(history)
    };
    desk.in_strides(SECOND, "who can't be read is told", Duration::from_mins(15), told).await
}

/// Lets time pass until everything is here. That is never said too early.
async fn until_done(desk: &Desk, expected: usize) -> Value {
    let done = async || {
        let history = history(desk).await;
        let here = desk.all().await.len();
        assert!(history["done"] == false || here >= expected, "{history} with {here} messages");
        (history["done"] == true).then_some(history)
    };
    desk.in_strides(SECOND, "everything is here", Duration::from_mins(10), done).await
}

/// The words of each conversation, in order, by who began it.
async fn threads(desk: &Desk) -> BTreeMap<String, Vec<String>> {
    let mut threads: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for one in desk.all().await {
        threads.entry(one.message.conversation_id).or_default().push(one.message.content.words().to_owned());
    }
    threads.into_values().map(|words| (words[0].split(' ').next().unwrap().to_owned(), words)).collect()
}

fn expected(counts: &[usize]) -> BTreeMap<String, Vec<String>> {
    let name = |number: usize| format!("customer.{number}");
    counts.iter().enumerate().map(|(number, count)| (name(number), said(&name(number), *count))).collect()
}

/// The pages that were asked for below another one, in order: the contact's path, and where the page begins.
fn further_pages(desk: &Desk) -> Vec<(String, String)> {
    let calls = desk.world.sim.calls().into_iter();
    let lists = calls.filter(|call| call.endpoint == "respondio/contact/messages" && call.query.contains("cursorId="));
    lists.map(|call| (call.path, call.query)).collect()
}

#[tokio::test]
async fn everything_is_here_once_and_in_order_and_nobody_is_told() {
    let counts = [450, 260, 5];
    let desk = long_standing(&counts).await;
    assert_eq!(history(&desk).await, Value::Null, "nobody asked");
    let store = desk.world.store();
    let head = store.head_seq().await.unwrap();
    let asked_at = ask(&desk).await["askedAt"].clone();
    assert_eq!(until_done(&desk, 715).await, all_here(&asked_at, 3));

    assert_eq!(threads(&desk).await, expected(&counts));
    let all = desk.all().await;
    assert!(all.iter().all(|one| one.message.filed), "as history");
    let outgoing = all.iter().filter(|one| one.message.direction == Direction::Outgoing).count();
    assert_eq!(outgoing, counts.iter().map(|count| count / 3).sum::<usize>());
    let news = store.events_after(None, head, 5_000).await.unwrap().events;
    let is_told = |subject: &Subject| matches!(subject, Subject::Message(_) | Subject::Status(_));
    assert!(news.iter().all(|event| !is_told(&event.subject)), "{news:#?}");
    let (_, page) = answer(desk.world.api("GET", "/api/v1/conversations?view=all")).await;
    let unread: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| one["unread"].clone()).collect();
    assert_eq!(unread, [json!(0), json!(0), json!(0)], "{page}");
    let calls = desk.calls("");
    let refused = calls.iter().filter(|status| **status == 429).count();
    assert!(refused * 100 < calls.len(), "{refused} of {} refused", calls.len());

    // Asking again changes nothing.
    let (pages, head) = (further_pages(&desk), store.head_seq().await.unwrap());
    assert_eq!(ask(&desk).await, all_here(&asked_at, 3));
    desk.pass(45 * SECOND).await;
    assert_eq!((further_pages(&desk), store.head_seq().await.unwrap()), (pages, head));
}

#[tokio::test]
async fn after_a_restart_it_goes_on_where_it_was() {
    let counts = [450, 260, 5];
    let desk = long_standing(&counts).await;
    ask(&desk).await;
    let some = async || (desk.all().await.len() >= 405 + 2 * PAGE).then_some(());
    desk.in_strides(SECOND, "two pages are filed", Duration::from_mins(5), some).await;
    assert_eq!(history(&desk).await["done"], false);
    let Desk { world, workspace, channel, space, account } = desk;
    let world = world.restart().await;
    let desk = Desk { world, workspace, channel, space, account };
    assert_eq!(until_done(&desk, 715).await["whole"], 3);
    assert_eq!(threads(&desk).await, expected(&counts), "none missed, none twice");
    let pages = further_pages(&desk);
    let different: BTreeSet<_> = pages.iter().collect();
    // Three and three below the newest of all, five and two of what was said before.
    assert_eq!(different.len(), 3 + 3 + 5 + 2, "{pages:#?}");
    assert!(pages.len() <= different.len() + 1, "at most the page that was in hand is read again: {pages:#?}");
}

#[tokio::test]
async fn new_messages_come_as_quickly_as_without() {
    let counts = [1_500, 1_500];
    let desk = long_standing(&counts).await;
    let lively = ["ann", "bee", "cat", "dan"];
    for name in lively {
        desk.world.sim.create_customer(NewCustomer::new(name, name)).unwrap();
        desk.says(name, &format!("{name} มาแล้ว"));
    }
    desk.message("dan มาแล้ว").await;
    let say_twenty = async |words: &str| {
        for number in 0..20 {
            desk.says(lively[number % 4], &format!("{words} {number}"));
            desk.pass(SECOND).await;
        }
    };
    let waits = async |words: &str| -> Vec<Duration> {
        desk.pass(10 * SECOND).await;
        let found: Vec<_> =
            desk.all().await.into_iter().filter(|one| one.message.content.words().starts_with(words)).collect();
        assert_eq!(found.len(), 20);
        assert!(found.iter().all(|one| !one.message.filed), "they are news");
        let mut waits: Vec<_> = found.iter().map(|one| one.message.created_at.since(one.message.sent_at)).collect();
        waits.sort();
        waits
    };
    say_twenty("ก่อน").await;
    let without = waits("ก่อน").await;
    ask(&desk).await;
    say_twenty("ระหว่าง").await;
    assert_eq!(history(&desk).await["done"], false, "it was under way while each of them came");
    let with = waits("ระหว่าง").await;
    assert!(with[10] <= 2 * SECOND, "as a rule: {with:?}");
    assert!(with[19] <= without[19] + SECOND, "at worst: {with:?}, without: {without:?}");
    until_done(&desk, 3_000 + 44).await;
    let told: Vec<_> = threads(&desk).await.into_iter().filter(|(name, _)| name.starts_with("customer")).collect();
    assert_eq!(told, expected(&counts).into_iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_lively_space_gets_its_history_too() {
    let desk = long_standing(&[300]).await;
    // More than calls may leave for.
    for number in 0..30 {
        let name = format!("lively.{number}");
        desk.world.sim.create_customer(NewCustomer::new(&name, &name)).unwrap();
        desk.says(&name, "ยุ่งมาก");
    }
    desk.pass(20 * SECOND).await;
    ask(&desk).await;
    let whole = async || {
        desk.says("lively.0", "ยังอยู่");
        (desk.all().await.iter().filter(|one| one.message.filed).count() == 300).then_some(())
    };
    desk.in_strides(SECOND, "the history is here", Duration::from_mins(2), whole).await;
}

#[tokio::test]
async fn a_contact_that_is_gone_keeps_nobody_waiting() {
    let counts = [300, 260];
    let desk = long_standing(&counts).await;
    let url = format!("{}/respondio/v2/contact/id:{}", desk.world.sim_base, desk.contact());
    let gone = answer(desk.world.http.delete(url).bearer_auth(&desk.workspace.tokens[0])).await;
    assert_eq!(gone.0, 200, "{gone:?}");
    ask(&desk).await;
    assert_eq!(until_done(&desk, 460).await["whole"], 2);
    assert_eq!(threads(&desk).await["customer.1"], said("customer.1", 260));
}

#[tokio::test]
async fn one_that_can_not_be_read_is_told_and_keeps_nobody_waiting() {
    let counts = [300, 260];
    let desk = long_standing(&counts).await;
    let first = contacts(&desk)[0];
    spoil(&desk, first, FaultKind::Code, 500);
    let spoilt_at = desk.world.clock.now();
    ask(&desk).await;
    let told = until_unreadable(&desk, 1).await;
    assert_eq!((&told["contacts"], &told["whole"]), (&json!(2), &json!(1)), "the other one is whole");
    let one = &told["unreadableContacts"][0];
    let since: domain::Timestamp = serde_json::from_value(one["since"].clone()).unwrap();
    let now = desk.world.clock.now();
    assert!(since >= spoilt_at && now.since(since) >= UNREADABLE_AFTER, "{one}");
    assert!(now.since(since) <= UNREADABLE_AFTER + Duration::from_mins(1), "tried again each minute: {one}");
    let why = json!({"contactId": first.to_string(), "problem": "status", "status": 500, "reason": "Respond.io answers 500", "since": one["since"]});
    assert_eq!(*one, why);

    // What is known outlives a restart, and the last reason counts.
    let Desk { world, workspace, channel, space, account } = desk;
    let desk = Desk { world: world.restart().await, workspace, channel, space, account };
    assert_eq!(history(&desk).await, told);
    desk.world.sim.clear_faults();
    spoil(&desk, first, FaultKind::Code, 403);
    let reason = async || {
        let history = history(&desk).await;
        (history["unreadableContacts"][0]["reason"] == "Respond.io answers 403").then_some(history)
    };
    let told = desk.in_strides(SECOND, "the last reason", Duration::from_mins(5), reason).await;
    assert_eq!(told["unreadableContacts"][0]["since"], one["since"]);
    let (_, page) = answer(desk.world.api("GET", "/api/v1/respondio/spaces")).await;
    assert_eq!(page["items"][0]["state"], "active", "one contact is not the whole space: {page}");

    desk.world.sim.clear_faults();
    assert_eq!(until_done(&desk, 560).await, all_here(&told["askedAt"], 2));
    assert_eq!(threads(&desk).await, expected(&counts));
}

#[tokio::test]
async fn one_that_could_never_be_read_counts_until_it_is_gone() {
    let desk = long_standing(&[260]).await;
    desk.world.sim.create_customer(NewCustomer::new("mute", "mute")).unwrap();
    let known = contacts(&desk);
    desk.says("mute", "ได้ยินไหม");
    let new = contacts(&desk).into_iter().find(|one| !known.contains(one)).unwrap();
    spoil(&desk, new, FaultKind::HttpStatus, 502);
    ask(&desk).await;
    let told = until_unreadable(&desk, 1).await;
    assert_eq!((&told["contacts"], &told["whole"]), (&json!(2), &json!(1)));
    assert_eq!(told["unreadableContacts"][0]["contactId"], new.to_string());
    assert_eq!(told["unreadableContacts"][0]["status"], 502);

    let url = format!("{}/respondio/v2/contact/id:{new}", desk.world.sim_base);
    assert_eq!(answer(desk.world.http.delete(url).bearer_auth(&desk.workspace.tokens[0])).await.0, 200);
    assert_eq!(until_done(&desk, 260).await, all_here(&told["askedAt"], 1));
}

#[tokio::test]
async fn only_admins_ask_and_of_their_own_workspace() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let other = world.sign_in_to(world.second_workspace().await).await;
    let path = format!("{}/api/v1/respondio/spaces/{}/history", world.base, desk.space);
    let request = world.http.post(&path).header("cookie", &other).header("origin", &world.base);
    let (status, problem) = answer(request).await;
    assert_eq!((status, slug(&problem)), (404, "not-found"));
    assert_eq!(answer(world.http.post(&path)).await.0, 401);
    assert_eq!(history(&desk).await, Value::Null);
}

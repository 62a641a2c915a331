//! Messages through Respond.io's lists: they come as they happen, once each, whatever the bursts, restarts and refusals.

use std::time::Duration;

use domain::message::{Direction, MessageState};
use simulator::{
    AppReply, CustomerMessage, FaultKind, NewCustomer, NewFault,
    respondio::{IdUnit, Settings},
};

use crate::{
    desk::Desk,
    harness::{SHOP, World},
};

/// One pixel, as small as PNG gets.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";
const SECOND: Duration = Duration::from_secs(1);

/// One message a second for a minute, in turn from each of `contacts`. Gives how long each took to be here, sorted.
async fn a_minute_of(contacts: usize) -> (Desk, Vec<Duration>) {
    let settings = Settings { id_unit: IdUnit::Milliseconds, ..Settings::default() };
    let before = |world: &World| {
        for number in 0..contacts {
            let name = format!("customer.{number}");
            world.sim.create_customer(NewCustomer::new(&name, &name)).unwrap();
            world.sim.customer_writes(&CustomerMessage::text(&name, SHOP, "ก่อนหน้านี้")).unwrap();
        }
    };
    let desk = Desk::after(settings, |_| {}, before).await;
    let all = async || (desk.all().await.len() == contacts).then_some(());
    desk.until("what was said before is filed", Duration::from_mins(5), all).await;
    let asked = desk.calls("").len();
    for number in 0..60_usize {
        // Neighbours are not next to each other.
        desk.says(&format!("customer.{}", number * 7 % contacts), &format!("ข้อความ {number}"));
        desk.pass(SECOND).await;
    }
    let said = |one: &domain::store::MessageRecord| one.message.content.words().starts_with("ข้อความ");
    let here = async || {
        let found: Vec<_> = desk.all().await.into_iter().filter(said).collect();
        (found.len() >= 60).then_some(found)
    };
    let found = desk.until("all sixty are here", Duration::from_mins(4), here).await;
    let mut words: Vec<_> = found.iter().map(|one| one.message.content.words().to_owned()).collect();
    words.sort();
    words.dedup();
    assert_eq!((found.len(), words.len()), (60, 60), "none missed, none twice");
    let calls = desk.calls("").split_off(asked);
    let refused = calls.iter().filter(|status| **status == 429).count();
    assert!(refused * 100 < calls.len(), "{refused} of {} refused", calls.len());
    let mut waits: Vec<_> = found.iter().map(|one| one.message.created_at.since(one.message.sent_at)).collect();
    waits.sort();
    (desk, waits)
}

#[tokio::test]
async fn with_ten_contacts_a_message_is_here_within_two_seconds_as_a_rule() {
    let (_, waits) = a_minute_of(10).await;
    assert!(waits[30] <= 2 * SECOND, "p50 {:?}, all {waits:?}", waits[30]);
}

#[tokio::test]
async fn with_fifty_contacts_none_is_missed() {
    let (_, waits) = a_minute_of(50).await;
    assert!(waits[59] <= 60 * SECOND, "{waits:?}");
}

#[tokio::test]
async fn with_two_hundred_contacts_none_is_missed() {
    let (_, waits) = a_minute_of(200).await;
    assert!(waits[59] <= 130 * SECOND, "{waits:?}");
}

#[tokio::test]
async fn a_burst_between_two_looks_is_whole_and_in_order() {
    let desk = Desk::open().await;
    desk.customers(1);
    desk.says("customer.0", "หนึ่ง");
    desk.message("หนึ่ง").await;
    for number in 0..25 {
        desk.says("customer.0", &format!("รัว {number:02}"));
    }
    desk.message("รัว 24").await;
    let burst: Vec<_> = desk.words().await.into_iter().filter(|words| words.starts_with("รัว")).collect();
    let expected: Vec<_> = (0..25).map(|number| format!("รัว {number:02} (Received)")).collect();
    assert_eq!(burst, expected);
}

#[tokio::test]
async fn what_was_said_before_is_history_and_what_is_said_since_is_news() {
    let before = |world: &World| {
        world.sim.create_customer(NewCustomer::new("customer.0", "คุณก่อน")).unwrap();
        for number in 0..70 {
            world.tick();
            let text = format!("ก่อน {number}");
            world.sim.customer_writes(&CustomerMessage::text("customer.0", SHOP, &text)).unwrap();
        }
    };
    let desk = Desk::after(Settings::default(), |_| {}, before).await;
    desk.message("ก่อน 0").await;
    let all = desk.world.messages().await;
    assert_eq!(all.len(), 70, "all of it");
    assert!(all.iter().all(|one| one.message.filed), "nobody is told");
    assert_eq!(all[0].contact.display_name.as_deref(), Some("คุณก่อน"));
    desk.says("customer.0", "เดี๋ยวนี้");
    assert!(!desk.message("เดี๋ยวนี้").await.message.filed);
}

#[tokio::test]
async fn a_restart_announces_nothing_again_and_misses_nothing() {
    let desk = Desk::open().await;
    desk.customers(3);
    for number in 0..9 {
        desk.says(&format!("customer.{}", number % 3), &format!("เช้า {number}"));
    }
    desk.message("เช้า 8").await;
    desk.pass(30 * SECOND).await;
    let head = desk.world.store().head_seq().await.unwrap();
    let Desk { world, workspace, channel, space, account } = desk;
    let world = world.restart().await;
    let desk = Desk { world, workspace, channel, space, account };
    desk.pass(Duration::from_mins(2)).await;
    let news = desk.world.store().events_after(None, head, 100).await.unwrap().events;
    assert!(news.is_empty(), "{news:#?}");
    desk.says("customer.1", "บ่าย");
    desk.message("บ่าย").await;
    assert_eq!(desk.world.messages().await.len(), 10);
}

#[tokio::test]
async fn a_page_of_the_network_cools_everything_down() {
    let desk = Desk::open().await;
    desk.customers(1);
    desk.says("customer.0", "ก่อน");
    desk.message("ก่อน").await;
    desk.world.sim.set_fault(NewFault::new("respondio/contact/messages", FaultKind::HttpStatus).value(403).times(1));
    let blocked = async || desk.calls("").contains(&403).then_some(());
    desk.until("the network refuses", Duration::from_mins(1), blocked).await;
    let calls = desk.calls("").len();
    desk.pass(28 * SECOND).await;
    assert!(desk.calls("").len() <= calls + 2, "what was in hand, and no more for half a minute");
    desk.says("customer.0", "หลัง");
    desk.pass(12 * SECOND).await;
    let slow = desk.calls("").len() - calls;
    assert!((1..=9).contains(&slow), "{slow}: one after the other");
    desk.message("หลัง").await;
}

#[tokio::test]
async fn messages_without_words_are_kept_and_pictures_are_copied() {
    let desk = Desk::open().await;
    let world = &desk.world;
    desk.customers(1);
    let media_id = Some(world.sim.put_media(bytes::Bytes::from_static(PNG)));
    let of = |kind: &str| CustomerMessage::of("customer.0", SHOP, kind);
    world.sim.customer_writes(&CustomerMessage { media_id, ..of("image") }).unwrap();
    world.tick();
    world.sim.customer_writes(&of("share_post")).unwrap();
    world.tick();
    world.sim.customer_writes(&of("sticker")).unwrap();
    let all = async || Some(world.messages().await).filter(|all| all.len() == 3);
    let all = desk.until("all three are here", Duration::from_mins(1), all).await;
    let types: Vec<_> = all.iter().map(|one| one.message.content.type_name()).collect();
    assert_eq!(types, ["image", "shared_post", "unsupported"]);
    let copied = || async {
        let first = world.messages().await.into_iter().next()?;
        first.media.filter(|media| media.state == domain::media::MediaState::Ready)
    };
    assert_eq!(world.until("the picture is copied", copied).await.mime.as_deref(), Some("image/png"));
}

#[tokio::test]
async fn a_picture_that_is_still_being_copied_there_is_shown_once_it_is() {
    let desk = Desk::with(Settings { hold_files: true, ..Settings::default() }, |_| {}).await;
    let world = &desk.world;
    desk.customers(1);
    desk.says("customer.0", "ดูรูปนี้นะคะ");
    desk.message("ดูรูปนี้นะคะ").await;
    world.tick();
    let media_id = Some(world.sim.put_media(bytes::Bytes::from_static(PNG)));
    let picture = CustomerMessage { media_id, ..CustomerMessage::of("customer.0", SHOP, "image") };
    world.sim.customer_writes(&picture).unwrap();
    let second = async || world.messages().await.into_iter().nth(1);
    let waits = desk.until("it is here without its file", Duration::from_mins(1), second).await;
    assert_eq!(waits.message.content.type_name(), "unsupported");
    desk.says("customer.0", "เห็นไหมคะ");
    desk.message("เห็นไหมคะ").await;
    // Others have spoken meanwhile, and it is looked at again all the same.
    desk.pass(Duration::from_mins(3)).await;
    assert_eq!(world.sim.settle_respondio(desk.workspace.id).unwrap(), 1);
    let shown = async || second().await.filter(|one| one.message.content.type_name() == "image");
    let shown = desk.until("its file is there", Duration::from_mins(1), shown).await;
    assert_eq!(shown.message.id, waits.message.id, "the same message");
    let copied = || async { second().await?.media.filter(|media| media.state == domain::media::MediaState::Ready) };
    assert_eq!(world.until("the picture is copied", copied).await.mime.as_deref(), Some("image/png"));
    assert_eq!(world.messages().await.len(), 3);
}

#[tokio::test]
async fn what_is_queued_there_is_asked_for_again() {
    let desk = Desk::open().await;
    desk.customers(1);
    for endpoint in ["respondio/contact/list", "respondio/contact/messages"] {
        desk.world.sim.set_fault(NewFault::new(endpoint, FaultKind::Code).value(449).times(3));
        desk.says("customer.0", endpoint);
        desk.message(endpoint).await;
        desk.world.tick();
    }
    assert_eq!(desk.calls("").iter().filter(|status| **status == 449).count(), 6);
    assert_eq!(desk.world.account().await.state, domain::account::AccountState::Active);
    assert_eq!(desk.world.messages().await.len(), 2);
}

#[tokio::test]
async fn what_others_answer_there_is_theirs() {
    let desk = Desk::open().await;
    desk.customers(1);
    desk.says("customer.0", "มีไหมคะ");
    desk.message("มีไหมคะ").await;
    let reply = simulator::respondio::Reply {
        contact: desk.contact(),
        text: "มีค่ะ จากในกล่อง".to_owned(),
        ..simulator::respondio::Reply::default()
    };
    desk.world.tick();
    desk.world.sim.respondio_reply(desk.workspace.id, &reply).unwrap();
    let inside = desk.message("มีค่ะ จากในกล่อง").await;
    assert_eq!(inside.message.author, domain::message::Author::OtherApi);
    desk.world.tick();
    desk.world.sim.app_reply(&AppReply::text(SHOP, "customer.0", "จากแอป")).unwrap();
    let app = desk.message("จากแอป").await;
    assert_eq!((app.message.author, app.message.direction), (domain::message::Author::TiktokApp, Direction::Outgoing));
    assert_eq!(app.message.state, MessageState::Sent);
}

#[tokio::test]
async fn a_closed_conversation_that_opens_is_seen_at_once() {
    let desk = Desk::open().await;
    desk.customers(1);
    desk.says("customer.0", "แรก");
    desk.message("แรก").await;
    desk.close().await;
    // Long enough for it to be closed, and to be asked about seldom.
    desk.world.clock.advance(Duration::from_hours(50));
    desk.pass(30 * SECOND).await;
    let said = desk.world.clock.now();
    desk.says("customer.0", "กลับมาแล้ว");
    let back = desk.message("กลับมาแล้ว").await;
    assert!(back.message.created_at.since(said) <= 4 * SECOND, "{:?}", back.message.created_at.since(said));
}

//! Messages of customers in Europe: TikTok tells only that they came. Each is looked for in the lists, and what is not certain is said.

use domain::{
    Timestamp,
    content::Content,
    message::Direction,
    withheld::{WITHHELD, WithheldMessage, WithheldState},
};
use serde_json::json;
use simulator::{BusinessSettings, CustomerMessage, European, NewCustomer, Written};

use crate::{
    doctor::finds,
    harness::{SHOP, World, answer},
};

const LENA: &str = "lena.demo";
const OTTO: &str = "otto.demo";

/// A connected shop with two customers in Germany; the lists show of them what `european` says.
async fn world_in_which(european: European) -> World {
    let world = World::connected().await;
    for name in [LENA, OTTO] {
        let customer = NewCustomer { region: Some("DE".to_owned()), ..NewCustomer::new(name, &format!("Frau {name}")) };
        world.sim.create_customer(customer).unwrap();
    }
    show(&world, european);
    world
}

fn show(world: &World, european: European) {
    let settings =
        BusinessSettings { business: SHOP.to_owned(), european: Some(european), ..BusinessSettings::default() };
    world.sim.change_business(settings).unwrap();
}

fn says(world: &World, name: &str, text: &str) -> Written {
    world.tick();
    says_at(world, name, text, world.clock.now())
}

fn says_at(world: &World, name: &str, text: &str, at: Timestamp) -> Written {
    let message = CustomerMessage { at: Some(at.as_millis()), ..CustomerMessage::text(name, SHOP, text) };
    world.sim.customer_writes(&message).unwrap()
}

async fn notices(world: &World) -> Vec<WithheldMessage> {
    world.store().withheld_messages(&world.scope().await, world.account().await.id, None, 50).await.unwrap()
}

/// Waits until so many are settled, moving the clock to each look that is planned. A job under way ends its lease in 60 s, which
/// is none of the pauses.
async fn settled(world: &World, count: usize) -> Vec<WithheldMessage> {
    let look = || async {
        if let Some(due) = world.store().next_job_due_any_workspace().await.unwrap()
            && [10, 90, 600].contains(&due.since(world.clock.now()).as_secs())
        {
            world.clock.set(due);
        }
        let all = notices(world).await;
        let done = all.iter().filter(|one| one.state != WithheldState::Looking).count();
        (all.len() == count && done == count).then_some(all)
    };
    world.until(&format!("{count} withheld messages are settled"), look).await
}

#[tokio::test]
async fn readable_content_is_found_and_alerts() {
    let world = world_in_which(European::Readable).await;
    let written = says(&world, LENA, "Guten Tag");
    let found = settled(&world, 1).await.remove(0);
    assert_eq!(found.state, WithheldState::Found);
    let message = world.message_that("her words are here", |one| one.message.content.words() == "Guten Tag").await;
    assert_eq!(message.message.external_id.as_deref(), Some(written.message_id.as_str()));
    assert_eq!(found.conversation_id, Some(message.message.conversation_id));
    assert_eq!(message.contact.display_name.as_deref(), Some("Frau lena.demo"));
    let scope = world.scope().await;
    let record = world.store().conversation(&scope, message.message.conversation_id).await.unwrap().unwrap();
    assert_eq!((record.conversation.unread, record.conversation.request), (1, true));

    says(&world, LENA, "Noch eine Frage");
    let all = settled(&world, 2).await;
    assert!(all.iter().all(|one| one.state == WithheldState::Found), "{all:?}");
    world.message_that("and so are the next", |one| one.message.content.words() == "Noch eine Frage").await;
}

#[tokio::test]
async fn withheld_content_gets_a_message_in_its_place() {
    let world = world_in_which(European::Listed).await;
    says(&world, LENA, "Guten Tag");
    let found = settled(&world, 1).await.remove(0);
    assert_eq!(found.state, WithheldState::Found);
    let stand_in = world.messages().await.remove(0);
    assert_eq!(stand_in.message.content, Content::Unsupported { type_name: WITHHELD.to_owned() });
    assert_eq!((stand_in.message.direction, stand_in.message.sent_at), (Direction::Incoming, found.at));
    assert_eq!(found.conversation_id, Some(stand_in.message.conversation_id));
    assert_eq!(stand_in.contact.display_name.as_deref(), Some("Frau lena.demo"));
    let (_, chat) =
        answer(world.api("GET", &format!("/api/v1/conversations/{}", stand_in.message.conversation_id))).await;
    assert_eq!((&chat["unread"], &chat["window"]["state"]), (&json!(1), &json!("open")), "it can be answered: {chat}");

    show(&world, European::Readable);
    let path = format!("/api/v1/accounts/{}/history", world.account().await.id);
    answer(world.api("POST", &path)).await;
    let told =
        world.message_that("its content shows after all", |one| one.message.content.words() == "Guten Tag").await;
    assert_eq!(told.message.id, stand_in.message.id);
    assert_eq!(world.messages().await.len(), 1);
}

#[tokio::test]
async fn two_that_may_hold_it_are_both_named() {
    let world = world_in_which(European::Listed).await;
    world.tick();
    let now = world.clock.now();
    says_at(&world, LENA, "Guten Tag", now);
    says_at(&world, OTTO, "Servus", now);
    let ambiguous = settled(&world, 1).await.remove(0);
    assert_eq!((ambiguous.state, ambiguous.conversation_id), (WithheldState::Ambiguous, None));
    assert_eq!(ambiguous.candidates.len(), 2);
    assert!(world.messages().await.is_empty(), "nothing is guessed");
    let account = world.account().await.id;
    let (_, page) = answer(world.api("GET", &format!("/api/v1/accounts/{account}/withheld-messages"))).await;
    assert_eq!((&page["items"][0]["state"], &page["next"]), (&json!("ambiguous"), &json!(null)));
    for candidate in &ambiguous.candidates {
        let (status, chat) = answer(world.api("GET", &format!("/api/v1/conversations/{candidate}"))).await;
        assert_eq!(status, 200, "{chat}");
        assert!(chat["contact"]["displayName"].as_str().is_some_and(|name| name.starts_with("Frau ")), "{chat}");
    }
    let finding = finds(&world, "messages-withheld", "warning", "TikTok app").await;
    assert!(finding["cause"].as_str().unwrap().contains("1 may be in more than one"), "{finding}");
}

#[tokio::test]
async fn what_no_list_shows_is_said_to_be_missing() {
    let world = world_in_which(European::Hidden).await;
    says(&world, LENA, "Guten Tag");
    let missing = settled(&world, 1).await.remove(0);
    assert_eq!((missing.state, missing.candidates.len()), (WithheldState::NotFound, 0));
    assert!(missing.settled_at.is_some_and(|at| at > missing.at));
    finds(&world, "messages-withheld", "warning", "TikTok app").await;
    let rests = || async { world.store().next_job_due_any_workspace().await.unwrap().is_none().then_some(()) };
    world.until("it is looked for no more", rests).await;
}

#[tokio::test]
async fn copies_of_a_notice_are_one() {
    let world = world_in_which(European::Readable).await;
    says(&world, LENA, "Guten Tag");
    settled(&world, 1).await;
    let sent = world.sim.webhook_log().into_iter().find(|one| one.event == "im_receive_msg_eu").unwrap();
    world.sim.resend(sent.id).unwrap();
    world.customer_says("สวัสดีค่ะ");
    world.message_that("what was sent later is here", |one| one.message.content.words() == "สวัสดีค่ะ").await;
    assert_eq!(settled(&world, 1).await.len(), 1);
    assert_eq!(world.messages().await.len(), 2, "nothing is doubled");
}

#[tokio::test]
async fn what_a_webhook_explains_is_no_candidate() {
    let world = world_in_which(European::Listed).await;
    world.customer_says("สวัสดีค่ะ");
    world.message_that("the webhook has come", |one| one.message.content.words() == "สวัสดีค่ะ").await;
    says(&world, LENA, "Guten Tag");
    let found = settled(&world, 1).await.remove(0);
    assert_eq!(found.state, WithheldState::Found, "a second after the other: {found:?}");
}

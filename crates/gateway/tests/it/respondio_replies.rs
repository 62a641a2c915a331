//! Replies through Respond.io: once each, in order, and their state is true, whatever gets lost.

use std::time::Duration;

use domain::{failure::FailureKind, message::MessageState};
use reqwest::multipart::{Form, Part};
use serde_json::json;
use simulator::{AppReply, FaultKind, NewFault, respondio::Settings};

use crate::{desk::Desk, harness::SHOP, stage::slug};

/// One pixel, as small as PNG gets.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";

async fn asked() -> (Desk, domain::Id<domain::conversation::Conversation>) {
    let desk = Desk::open().await;
    desk.customers(1);
    desk.says("customer.0", "เปิดกี่โมงคะ");
    let first = desk.message("เปิดกี่โมงคะ").await;
    let conversation = first.message.conversation_id;
    (desk, conversation)
}

#[tokio::test]
async fn a_reply_goes_out_through_its_channel_and_is_found_in_the_list() {
    let (desk, conversation) = asked().await;
    desk.world.reply(conversation, "เก้าโมงค่ะ {{$contact.name}}").await;
    let sent = desk.state("เก้าโมงค่ะ {{$contact.name}}", MessageState::Sent).await;
    assert!(sent.message.external_id.unwrap().starts_with(&format!("{}:", desk.contact())));
    let there = desk.at_respondio();
    assert_eq!(there.len(), 2, "{there:#?}");
    assert_eq!(there.iter().filter(|one| one["channelId"] == desk.channel).count(), 2);
    desk.pass(Duration::from_secs(30)).await;
    assert_eq!(desk.world.messages().await.len(), 2, "the list shows it, and it is the same");
    let sim = desk.world.sim.state().conversations[0].id.clone();
    let said = desk.world.sim.conversation(&sim).unwrap().conversation.messages;
    assert!(format!("{said:?}").contains("$contact.name"), "no variable was put in: {said:?}");
}

#[tokio::test]
async fn what_tiktok_refuses_fails_visibly_and_corrects_the_ledger() {
    let (desk, conversation) = asked().await;
    for number in 0..10 {
        desk.world.reply(conversation, &format!("ตอบ {number}")).await;
        desk.state(&format!("ตอบ {number}"), MessageState::Sent).await;
    }
    let text = json!({"type": "text", "body": "เกินโควตา"});
    let (status, problem) = desk.world.try_reply(conversation, text.clone(), false).await;
    assert_eq!((status, slug(&problem)), (409, "quota-spent"));
    let (status, problem) = desk.world.try_reply(conversation, text, true).await;
    assert_eq!(status, 202, "{problem}");
    let failed = desk.state("เกินโควตา", MessageState::Failed).await;
    let failure = failed.message.failure.unwrap();
    assert_eq!(failure.code, Some(40_064), "{failure:?}");
    assert!(failure.detail.contains("40064"), "{failure:?}");
    let record = desk.world.store().conversation(&desk.world.scope().await, conversation).await.unwrap().unwrap();
    assert!(record.conversation.trouble);

    let id = failed.message.id;
    // A second later: Respond.io's times have no more than seconds.
    desk.world.tick();
    desk.says("customer.0", "ว่าไงคะ");
    desk.message("ว่าไงคะ").await;
    let request = desk.world.api("POST", &format!("/api/v1/messages/{id}/retry")).json(&json!({}));
    assert_eq!(crate::harness::answer(request).await.0, 202);
    desk.state("เกินโควตา", MessageState::Sent).await;
    desk.pass(Duration::from_mins(2)).await;
    let tries: Vec<_> = desk.words().await.into_iter().filter(|words| words.starts_with("เกินโควตา")).collect();
    assert_eq!(tries.len(), 2, "the refused one stays where it was, and one was sent: {tries:?}");
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_list() {
    for (fault, ends) in [(FaultKind::ResetAfter, MessageState::Sent), (FaultKind::ResetBefore, MessageState::Failed)] {
        let (desk, conversation) = asked().await;
        desk.world.sim.set_fault(NewFault::new("respondio/contact/send", fault).times(1));
        desk.world.reply(conversation, "หายไปไหน").await;
        let lost = desk.state("หายไปไหน", MessageState::Unconfirmed).await;
        assert_eq!(lost.message.failure.unwrap().kind, FailureKind::Timeout);
        let ended = desk.state("หายไปไหน", ends).await;
        let there = desk.at_respondio().len();
        assert_eq!(there, if ends == MessageState::Sent { 2 } else { 1 });
        assert_eq!(ended.message.external_id.is_some(), ends == MessageState::Sent);
        assert_eq!(desk.world.messages().await.len(), 2);
    }
}

#[tokio::test]
async fn cards_posts_and_quotes_are_refused_in_clear_words() {
    let (desk, conversation) = asked().await;
    let card = json!({"type": "template", "style": "button", "title": "?", "buttons": [{"title": "ค่ะ"}]});
    let (status, problem) = desk.world.try_reply(conversation, card, true).await;
    assert_eq!((status, slug(&problem)), (422, "invalid-content"));
    assert!(problem["detail"].as_str().unwrap().contains("Respond.io"), "{problem}");
    let quoted = desk.world.messages().await[0].message.id;
    let body = json!({"content": {"type": "text", "body": "นี่ค่ะ"}, "quote": quoted});
    let request = desk.world.api("POST", &format!("/api/v1/conversations/{conversation}/messages")).json(&body);
    let (status, problem) = crate::harness::answer(request).await;
    assert_eq!((status, slug(&problem)), (422, "not-quotable"), "{problem}");
    let (_, status) = crate::harness::answer(desk.world.api("GET", "/api/status")).await;
    assert_eq!(status["polling"], true);
}

#[tokio::test]
async fn a_picture_is_fetched_by_respondio_from_an_address_that_ends() {
    let (desk, conversation) = asked().await;
    let part = Part::bytes(PNG).file_name("menu.png").mime_str("image/png").unwrap();
    let request = desk.world.api("POST", "/api/v1/media").multipart(Form::new().part("file", part));
    let (status, media) = crate::harness::answer(request).await;
    assert_eq!(status, 201, "{media}");
    let picture = json!({"type": "image", "mediaId": media["id"]});
    assert_eq!(desk.world.try_reply(conversation, picture, false).await.0, 202);
    let sent = async || {
        let all = desk.world.messages().await;
        all.into_iter()
            .find(|one| one.message.content.type_name() == "image" && one.message.state == MessageState::Sent)
    };
    desk.until("the picture is sent", Duration::from_mins(1), sent).await;
    desk.pass(Duration::from_secs(10)).await;
    assert_eq!(desk.world.messages().await.len(), 2, "it is not here twice, and did not fail");
    let there = desk.at_respondio().pop().unwrap();
    let address = there["message"]["attachment"]["url"].as_str().unwrap().to_owned();
    let open = || async { desk.world.http.get(&address).send().await.unwrap() };
    let answer = open().await;
    assert_eq!((answer.status().as_u16(), answer.bytes().await.unwrap().as_ref()), (200, PNG));
    let forged = address.replace("signature=", "signature=A");
    assert_eq!(desk.world.http.get(forged).send().await.unwrap().status(), 404);
    desk.world.clock.advance(Duration::from_hours(1));
    assert_eq!(open().await.status(), 404, "it has ended");
}

#[tokio::test]
async fn a_reply_that_is_queued_there_is_sent_again_and_arrives_once() {
    let (desk, conversation) = asked().await;
    desk.world.sim.set_fault(NewFault::new("respondio/contact/send", FaultKind::Code).value(449).times(2));
    desk.world.reply(conversation, "เปิดเก้าโมงค่ะ").await;
    let waits = async || {
        let all = desk.world.messages().await;
        all.into_iter().find_map(|one| (one.message.state == MessageState::Queued).then_some(one.message.failure?))
    };
    let failure = desk.until("it waits", Duration::from_mins(1), waits).await;
    assert_eq!((failure.kind, failure.code), (FailureKind::ProviderError, Some(449)), "{failure:?}");
    desk.state("เปิดเก้าโมงค่ะ", MessageState::Sent).await;
    assert_eq!(desk.calls("contact/send"), [449, 449, 200]);
    assert_eq!((desk.at_respondio().len(), desk.world.messages().await.len()), (2, 2));
}

#[tokio::test]
async fn a_failure_told_later_counts() {
    let settings = Settings { hold_sends: true, ..Settings::default() };
    let desk = Desk::with(settings, |_| {}).await;
    desk.customers(1);
    desk.says("customer.0", "สวัสดี");
    let conversation = desk.message("สวัสดี").await.message.conversation_id;
    desk.world.reply(conversation, "รอก่อน").await;
    desk.state("รอก่อน", MessageState::Sent).await;
    for number in 0..10 {
        let reply = AppReply::text(SHOP, "customer.0", &format!("จากแอป {number}"));
        desk.world.sim.app_reply(&reply).unwrap();
    }
    desk.pass(Duration::from_secs(5)).await;
    desk.world.sim.settle_respondio(desk.workspace.id).unwrap();
    let failed = desk.state("รอก่อน", MessageState::Failed).await;
    assert_eq!(failed.message.failure.unwrap().code, Some(40_064));
}

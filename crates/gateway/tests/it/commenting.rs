//! A shop with Comment-to-Message on, customers who comment, and what must come of an answer.

use domain::{
    comment::CommentState,
    message::{Author, MessageState},
    store::{CommentFilter, CommentRecord},
};
use serde_json::{Value, json};
use simulator::{BusinessSettings, CommentRequest};

use crate::harness::{MALI, SHOP, World, answer};

pub(crate) const ASKED: &str = "ราคาเท่าไหร่คะ";
pub(crate) const WORDS: &str = "ทักแชทมาได้เลยค่ะ มีโปรอยู่พอดี 😊";

/// A world with the shop connected and Comment-to-Message on.
pub(crate) async fn shop() -> World {
    let world = World::connected().await;
    settings(&world, BusinessSettings { comment_to_message: Some(true), ..BusinessSettings::default() });
    world
}

pub(crate) fn settings(world: &World, change: BusinessSettings) {
    world.sim.change_business(BusinessSettings { business: SHOP.to_owned(), ..change }).unwrap();
}

/// The customer comments under the shop's newest post.
pub(crate) fn comments(world: &World, customer: &str) -> CommentRequest {
    world.tick();
    CommentRequest {
        customer: customer.to_owned(),
        business: SHOP.to_owned(),
        text: ASKED.to_owned(),
        ..CommentRequest::default()
    }
}

pub(crate) async fn all(world: &World) -> Vec<CommentRecord> {
    let filter = CommentFilter { account: None, state: None, before: None, limit: 50 };
    world.store().comments(&world.scope().await, filter).await.unwrap()
}

/// Lets a comment be flagged, and waits until it is here.
pub(crate) async fn flagged(world: &World, asked: &CommentRequest) -> CommentRecord {
    let written = world.sim.comment(asked).unwrap();
    let here = || async { all(world).await.into_iter().find(|one| one.comment.external_id == written.message_id) };
    world.until("the comment is here", here).await
}

pub(crate) async fn by_mali() -> (World, CommentRecord) {
    let world = shop().await;
    let asked = comments(&world, MALI);
    let record = flagged(&world, &asked).await;
    (world, record)
}

/// Waits until the comment stands so.
pub(crate) async fn becomes(world: &World, record: &CommentRecord, state: CommentState) -> CommentRecord {
    let id = record.comment.id;
    let it_is =
        || async { all(world).await.into_iter().find(|one| one.comment.id == id && one.comment.state == state) };
    world.until(&format!("{id} becomes {state:?}"), it_is).await
}

pub(crate) async fn give(world: &World, record: &CommentRecord, body: Value) -> (u16, Value) {
    answer(world.api("POST", &format!("/api/v1/comments/{}/answer", record.comment.id)).json(&body)).await
}

/// Gives the answer, which is taken.
pub(crate) async fn answered(world: &World, record: &CommentRecord) {
    let (status, taken) = give(world, record, json!({"text": WORDS})).await;
    assert_eq!((status, taken["state"].as_str()), (202, Some("answering")), "{taken}");
}

/// How often TikTok was asked to answer a comment.
pub(crate) fn calls(world: &World) -> usize {
    world.sim.calls().iter().filter(|call| call.endpoint.ends_with("message/send")).count()
}

/// How many messages TikTok has of the shop.
pub(crate) fn sent(world: &World) -> usize {
    let of = |id: &str| world.sim.conversation(id).unwrap().conversation.messages;
    let conversations = world.sim.state().conversations;
    conversations.iter().flat_map(|one| of(&one.id)).filter(|one| one.from_business).count()
}

/// Everything must come to this: TikTok has the message once, and here it stands once, under its author's name and below the comment.
pub(crate) async fn one_answer(world: &World, record: &CommentRecord, author: &Author) {
    let done = becomes(world, record, CommentState::Answered).await;
    let reported = world.message_that("the answer is in its thread", |one| one.comment.is_some()).await;
    assert_eq!(world.messages().await.len(), 1);
    assert_eq!((reported.message.state, &reported.message.author), (MessageState::Sent, author));
    assert_eq!(reported.message.external_id, done.comment.message_external_id);
    let comment = reported.comment.unwrap();
    assert_eq!((comment.id, comment.text.as_deref()), (record.comment.id, Some(ASKED)));
    assert_eq!((calls(world), sent(world)), (1, 1));
}

pub(crate) const BY_KEY: Author = Author::ApiKey { id: None };

//! TikTok's own side joins an account of which Respond.io alone has told so far: what was said before is here once.

use super::{
    Harness,
    bench::{Bench, CHAT, sent},
    report::{T0, at, customer, incoming, outgoing},
    sides::{CHANNEL, CONTACT, called, conversations, from, tell, to},
    spaces::account,
};
use crate::{
    account::{Account, ProviderKind},
    history::PastConversation,
    inbound::{Inbound, InboundConversation, InboundCustomer, InboundMessage, Source},
    message::{Author, Message},
    store::{Filing, Outbox, Sides},
};

const NAME: &str = "คุณมะลิ";
const WORDS: &str = "สวัสดีค่ะ";

/// TikTok's side joins, and its history is filed, in which the customer is called so.
async fn join<H: Harness>(bench: &Bench<H>, account: &Account, name: Option<&str>, said: Vec<Inbound>) {
    let store = bench.store();
    store.add_side(&bench.scope, account.id, ProviderKind::Official, "business-2").await.unwrap().unwrap();
    let customer = InboundCustomer { display_name: name.map(str::to_owned), ..customer(&format!("of-{CHAT}")) };
    let first = InboundConversation { conversation_external_id: CHAT.to_owned(), customer };
    let items = std::iter::once(Inbound::Conversation(first)).chain(said).collect();
    let (provider, external_id) = (ProviderKind::Official, CHAT.to_owned());
    let past = PastConversation { provider, external_id, request: false, image_send: None, items };
    store.file_conversation(bench.workspace, account.id, past).await.unwrap().unwrap();
}

async fn thread<H: Harness>(bench: &Bench<H>) -> Vec<Message> {
    bench.thread_of(CHAT).await.into_iter().map(|one| one.message).collect()
}

/// What Respond.io said TikTok calls a message is kept, also while nobody else tells of the account.
pub async fn tiktoks_id_of_before<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let channel = account(&bench, CHANNEL).await;
    tell(&bench, from(CONTACT, "r-1", WORDS, T0, Some("in-1"))).await;
    let here = bench.chat_id(CONTACT).await;
    let reply = bench.store().queue_reply(&bench.scope, bench.draft(here, "ได้ค่ะ")).await.unwrap().record.message.id;
    let claimed = bench.begin().await;
    bench.settle(&claimed, sent("r-2")).await;
    let listed = to(CONTACT, "r-2", Source::Inside, "ได้ค่ะ", at(1));
    tell(&bench, InboundMessage { platform_id: Some("out-1".to_owned()), ..listed }).await;

    // Nobody is named, and TikTok's times and words are others.
    let answer = outgoing(CHAT, "out-1", Source::Api, "ได้ค่ะ!", at(40));
    join(&bench, &channel, None, vec![incoming(CHAT, "in-1", "สวัสดี", at(-40)), answer]).await;
    assert_eq!(conversations(&bench).await, 1);
    let thread = thread(&bench).await;
    let names: Vec<_> = thread.iter().map(|one| (one.provider, one.external_id.as_deref().unwrap())).collect();
    assert_eq!(names, [(ProviderKind::Official, "in-1"), (ProviderKind::Official, "out-1")]);
    assert!(thread[1].id == reply && matches!(thread[1].author, Author::Agent { .. }), "{:?}", thread[1]);
}

/// Without it one message and the customer's name are enough, also where TikTok tells the name of the conversation alone.
pub async fn one_message_and_a_name<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let channel = account(&bench, CHANNEL).await;
    tell(&bench, called(NAME, from(CONTACT, "r-1", WORDS, T0, None))).await;
    join(&bench, &channel, Some(NAME), vec![incoming(CHAT, "in-1", WORDS, at(1))]).await;
    assert_eq!((conversations(&bench).await, thread(&bench).await.len()), (1, 1));
}

/// Somebody who is called otherwise is another customer, whatever both said.
pub async fn one_message_of_somebody_else<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let channel = account(&bench, CHANNEL).await;
    tell(&bench, called(NAME, from(CONTACT, "r-1", WORDS, T0, None))).await;
    join(&bench, &channel, Some("คุณส้ม"), vec![incoming(CHAT, "in-1", WORDS, at(1))]).await;
    assert_eq!((conversations(&bench).await, thread(&bench).await.len()), (2, 1));
}

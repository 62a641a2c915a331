//! Tenancy: nobody sees or changes what is not theirs, by any finder.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT, connect, delivery, failure, refusal, tokens},
    report::{T0, ad, at, incoming, incoming_content, referred},
};
use crate::{
    Timestamp,
    account::{Account, AccountState, Binding, Connect, ProviderKind},
    conversation::{Conversation, ConversationStatus},
    failure::FailureKind,
    id::Id,
    inbound::InboundContent,
    ledger::WindowState,
    media::Media,
    message::{Message, MessageState},
    outbox::Outcome,
    referral::Referral,
    reply::Refusal,
    sides::ShadowFilter,
    store::{
        Accounts, Bindings as _, ChatFilter, ContactFacts, ConversationCounts, ConversationFilter, ConversationPatch,
        DeliveryFilter, Directory, Events, Inbox, Journal, MediaStore, Outbox, Secrets, Sides, Sort, Totals, View,
    },
    workspace::{Permitted, Scope},
};

/// Something of everything, of one account.
struct Holdings {
    account: Id<Account>,
    binding: Id<Binding>,
    conversation: Id<Conversation>,
    failed: Id<Message>,
    queued: Id<Message>,
    media: Id<Media>,
}

async fn holdings<H: Harness>(bench: &Bench<H>) -> Holdings {
    bench.store().add_side(&bench.scope, bench.account.id, ProviderKind::Respondio, "channel-1").await.unwrap();
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", T0)).await;
    bench.ingest(referred(CHAT, Referral::new(ad("7"), T0))).await;
    bench.ingest(incoming_content(CHAT, "in-2", InboundContent::Image { media_id: "tt-1".to_owned() }, at(1))).await;
    let failed = bench.reply("หนึ่ง").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
    let queued = bench.reply("สอง").await;
    let media = bench.thread().await.into_iter().find_map(|one| one.media).unwrap().id;
    Holdings {
        account: bench.account.id,
        binding: bench.account.binding,
        conversation: bench.chat_id(CHAT).await,
        failed,
        queued,
        media,
    }
}

fn everything(now: Timestamp) -> ConversationFilter {
    ConversationFilter {
        view: View::All,
        status: None,
        account: None,
        referral: None,
        sort: Sort::Newest,
        after: None,
        limit: 200,
        now,
    }
}

fn one_sided() -> ShadowFilter {
    ShadowFilter { limit: 50, now: Timestamp::MAX, ..ShadowFilter::default() }
}

/// Every finder that takes a scope, asked with one that must see nothing.
async fn sees_nothing<H: Harness>(bench: &Bench<H>, scope: &Scope, held: &Holdings) {
    let store = bench.store();
    assert_eq!(store.account(scope, held.account).await.unwrap(), None);
    assert!(store.accounts(scope).await.unwrap().iter().all(|account| account.id != held.account));
    assert_eq!(store.tokens(scope, held.binding).await.unwrap(), None);
    assert_eq!(store.binding(scope, held.binding).await.unwrap(), None);
    assert!(store.account_records(scope).await.unwrap().iter().all(|record| record.account.id != held.account));
    let of_account = ConversationFilter { account: Some(held.account), ..everything(bench.clock.now()) };
    let of_ad = ConversationFilter { referral: Some(ad("7").key()), ..everything(bench.clock.now()) };
    for filter in [everything(bench.clock.now()), of_account, of_ad] {
        assert_eq!(store.conversations(scope, &filter).await.unwrap(), Vec::new());
    }
    assert_eq!(
        store.conversation_counts(scope, Some(bench.owner.user.id), bench.clock.now()).await.unwrap(),
        ConversationCounts::default()
    );
    assert_eq!(store.conversation(scope, held.conversation).await.unwrap(), None);
    assert_eq!(store.conversation_by_external_id(scope, CHAT).await.unwrap(), None);
    assert_eq!(store.messages(scope, held.conversation, None, 50).await.unwrap(), None);
    assert_eq!(store.referrals(scope, held.conversation, 50).await.unwrap(), None);
    assert_eq!(store.message(scope, held.failed).await.unwrap(), None);
    let of_one = ChatFilter { conversation: Some(held.conversation), account: Some(held.account), since: None };
    for filter in [ChatFilter::default(), of_one] {
        assert_eq!(store.chats(scope, filter, None, 50).await.unwrap(), Vec::new());
    }
    assert_eq!(store.totals(scope).await.unwrap(), Totals::default());
    assert_eq!(store.attempts(scope, held.failed).await.unwrap(), Vec::new());
    assert_eq!(store.sides(scope, held.account).await.unwrap(), Vec::new());
    assert_eq!(store.shadows(scope, one_sided()).await.unwrap(), Vec::new());
    assert_eq!(store.media(scope, held.media).await.unwrap(), None);
}

/// The other workspace, with every right in its own, sees nothing; and ours sees all of it.
pub async fn two_workspaces_see_nothing_of_each_other<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let held = holdings(&bench).await;
    let other = bench.second_workspace(41).await;
    sees_nothing(&bench, &Scope::all(other), &held).await;
    let store = bench.store();
    assert_eq!(store.members(other).await.unwrap().iter().map(|one| one.user.id.raw()).collect::<Vec<_>>(), [41]);
    assert_eq!(store.api_keys(other).await.unwrap(), Vec::new());
    assert_eq!(store.events_after(Some(other), 0, 50).await.unwrap().events.len(), 0);
    let filter = DeliveryFilter { unsupported: false, before: None, limit: 50 };
    assert_eq!(store.deliveries(other, filter).await.unwrap(), Vec::new());
    // The same ids of a provider in both workspaces are two conversations of two people.
    store.connect_account(other, connect("business-2")).await.unwrap();
    let theirs = vec![incoming(CHAT, "in-1", "hello", T0)];
    store.ingest(delivery("business-2", "{\"theirs\":1}", T0, theirs)).await.unwrap();
    let found = store.conversation_by_external_id(&Scope::all(other), CHAT).await.unwrap().unwrap();
    assert_ne!(found, held.conversation);
    assert_eq!(store.totals(&Scope::all(other)).await.unwrap(), Totals { contacts: 1, messages: 1, conversations: 1 });
    assert_eq!(store.totals(&bench.scope).await.unwrap().contacts, 1);
    let record = bench.chat().await;
    assert_eq!(record.conversation.ledger.window(bench.clock.now(), record.rule_set).state, WindowState::Open);
}

/// A member with some accounts sees nothing of the others.
pub async fn permitted_accounts_are_respected<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let held = holdings(&bench).await;
    let second = bench.store().connect_account(bench.workspace, connect("business-2")).await.unwrap();
    let only = |accounts: &[Id<Account>]| Scope {
        workspace: bench.workspace,
        accounts: Permitted::Only(accounts.iter().copied().collect()),
    };
    sees_nothing(&bench, &only(&[second.id]), &held).await;
    sees_nothing(&bench, &only(&[]), &held).await;
    let mine = only(&[held.account]);
    let page = bench.store().conversations(&mine, &everything(bench.clock.now())).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(bench.store().chats(&mine, ChatFilter::default(), None, 50).await.unwrap().len(), 4);
    assert_eq!(bench.store().accounts(&mine).await.unwrap().len(), 1);
    assert_eq!(bench.store().sides(&mine, held.account).await.unwrap().len(), 2);
    assert_eq!(bench.store().shadows(&mine, one_sided()).await.unwrap().len(), 2);
    assert_eq!(bench.store().accounts(&bench.scope).await.unwrap().len(), 2);
    assert_eq!(bench.store().totals(&mine).await.unwrap(), bench.store().totals(&bench.scope).await.unwrap());
    let namesake =
        Connect { provider: ProviderKind::Login, username: connect(BUSINESS).username, ..connect("login-1") };
    let namesake = bench.store().connect_account(bench.workspace, namesake).await.unwrap();
    let of_mine = async |scope: &Scope| {
        let found = bench.store().account_records(scope).await.unwrap();
        found.into_iter().find(|record| record.account.id == held.account).unwrap().same_as
    };
    assert_eq!(of_mine(&bench.scope).await, Some(namesake.id));
    assert_eq!(of_mine(&mine).await, None, "not even its name");
}

/// Nothing is changed from out of sight either, and the answer does not tell that it exists.
pub async fn changes_need_sight<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let held = holdings(&bench).await;
    let other = bench.second_workspace(41).await;
    let nobody = Scope { workspace: bench.workspace, accounts: Permitted::Only([].into()) };
    let before = bench.store().head_seq().await.unwrap();
    for scope in [Scope::all(other), nobody] {
        let store = bench.store();
        let draft = bench.draft(held.conversation, "ค่ะ");
        assert_eq!(refusal(store.queue_reply(&scope, draft).await), Refusal::NotFound);
        assert_eq!(refusal(store.retry(&scope, held.failed, true).await), Refusal::NotFound);
        assert_eq!(refusal(store.recheck(&scope, held.failed).await), Refusal::NotFound);
        assert_eq!(refusal(store.discard(&scope, held.failed).await), Refusal::NotFound);
        assert_eq!(store.fail_queued(&scope, held.account).await.unwrap(), 0);
        let patch = ConversationPatch { status: Some(ConversationStatus::Closed), ..ConversationPatch::default() };
        assert_eq!(store.patch_conversation(&scope, held.conversation, patch).await.unwrap(), None);
        let facts = ContactFacts { display_name: Some("x".to_owned()), ..ContactFacts::default() };
        store.describe_conversation(&scope, held.conversation, facts, Some(false)).await.unwrap();
        assert_eq!(store.set_account_state(&scope, held.account, AccountState::Paused, None).await.unwrap(), None);
        let moved =
            store.move_account_state(&scope, held.account, &[AccountState::Active], AccountState::Paused, None).await;
        assert_eq!(moved.unwrap(), None);
        store.set_binding_trouble(&scope, held.binding, "x".to_owned()).await.unwrap();
        assert!(!store.remove_binding(&scope, held.binding).await.unwrap());
        assert_eq!(store.merge_accounts(&scope, held.account, Id::from_raw(1)).await.unwrap(), None);
        assert!(!store.keep_apart(&scope, held.account, Id::from_raw(1)).await.unwrap());
        assert!(!store.replace_tokens(&scope, held.binding, tokens(2)).await.unwrap());
        store.forget_tokens(&scope, held.binding).await.unwrap();
    }
    assert_eq!(bench.store().head_seq().await.unwrap(), before);
    assert_eq!(bench.store().tokens(&bench.scope, held.binding).await.unwrap(), Some(tokens(1)));
    assert_eq!(bench.message(held.queued).await.state, MessageState::Queued);
}

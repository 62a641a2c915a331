//! Lists of conversations against a plain-Rust model, on random data, over every combination.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    Harness,
    bench::{Bench, connect, delivery},
    dice::Dice,
    report::{T0, ad, at, incoming, link, outgoing, read, referred},
};
use crate::{
    account::{Account, Connect, ProviderKind},
    clock::Timestamp,
    conversation::{Conversation, ConversationStatus},
    delivery::NewDelivery,
    id::Id,
    inbound::Source,
    ledger::{RuleSet, WINDOW},
    referral::Referral,
    store::{
        Accounts, ConversationCounts, ConversationFilter, ConversationPatch, ConversationRecord, Inbox, Journal, Sort,
        View,
    },
    workspace::{Permitted, Scope},
};

const CHATS: usize = 48;
const ACCOUNTS: [&str; 3] = ["business-1", "business-2", "local"];
const HOUR: i64 = 3_600;

/// Conversations of every kind: times that collide, three accounts (one by each set of rules), all statuses.
struct World<H: Harness> {
    bench: Bench<H>,
    accounts: Vec<Account>,
    /// Every conversation that has a message.
    all: Vec<ConversationRecord>,
    /// What led to each.
    sources: BTreeMap<Id<Conversation>, BTreeSet<String>>,
    now: Timestamp,
}

async fn world<H: Harness>(seed: u64) -> World<H> {
    let bench: Bench<H> = Bench::open().await;
    bench.second_workspace(41).await;
    let mut dice = Dice::new(seed);
    let second = bench.store().connect_account(bench.workspace, connect(ACCOUNTS[1])).await.unwrap();
    let local = Connect { provider: ProviderKind::Thirdparty, ..connect(ACCOUNTS[2]) };
    let local = bench.store().connect_account(bench.workspace, local).await.unwrap();
    let second = bench.store().set_rule_set(&bench.scope, second.id, RuleSet::Guide).await.unwrap().unwrap();
    let accounts = vec![bench.account.clone(), second, local];
    let (mut all, mut sources) = (Vec::new(), BTreeMap::<_, BTreeSet<_>>::new());
    for number in 0..CHATS {
        let name = format!("chat-{number}");
        let account = dice.below(3);
        let mut items = Vec::new();
        // Hours that collide, on both sides of the 36 and 48 hours that count.
        let heard = at(i64::try_from(dice.below(60)).unwrap() * HOUR);
        match dice.below(8) {
            0 => items.push(read(&name, heard)),
            1 => items.push(outgoing(&name, &format!("out-{number}"), Source::App, "ค่ะ", heard)),
            _ => items.push(incoming(&name, &format!("in-{number}"), "สวัสดี", heard)),
        }
        if items.len() == 1 && dice.once_in(3) {
            let later = heard.plus(Duration::from_secs(60 * u64::try_from(dice.below(3)).unwrap()));
            items.push(outgoing(&name, &format!("reply-{number}"), Source::App, "ค่ะ", later));
        }
        // None, one of two, both, or one of them twice.
        let mut led = BTreeSet::new();
        for click in 0..dice.below(3) {
            let source = if dice.once_in(2) { ad("7") } else { link("bio") };
            led.insert(source.key());
            items.push(referred(&name, Referral::new(source, at(i64::try_from(click).unwrap()))));
        }
        let provider = if account == 2 { ProviderKind::Thirdparty } else { ProviderKind::Official };
        let kept = delivery(ACCOUNTS[account], &format!("{{\"chat\":{number}}}"), T0, items);
        bench.store().ingest(NewDelivery { provider, ..kept }).await.unwrap();
        let id = bench.chat_id(&name).await;
        sources.insert(id, led);
        let status = [
            ConversationStatus::Open,
            ConversationStatus::Open,
            ConversationStatus::Snoozed,
            ConversationStatus::Closed,
        ][dice.below(4)];
        let assignee = dice.once_in(3).then_some(Some(bench.owner.user.id));
        let patch = ConversationPatch { status: Some(status), assignee, ..ConversationPatch::default() };
        bench.store().patch_conversation(&bench.scope, id, patch).await.unwrap();
        if dice.once_in(4) {
            // A boolean on one side, a number on the other: this reads the same in both.
            bench.harness.execute(&format!("UPDATE conversation SET trouble = (1 = 1) WHERE id = {}", id.raw())).await;
        }
        let record = bench.store().conversation(&bench.scope, id).await.unwrap().unwrap();
        all.extend(record.last_message.is_some().then_some(record));
    }
    World { bench, accounts, all, sources, now: at(60 * HOUR) }
}

impl<H: Harness> World<H> {
    fn in_view(&self, record: &ConversationRecord, view: View) -> bool {
        let conversation = &record.conversation;
        match view {
            View::All => true,
            View::Mine(user) => conversation.assignee == Some(user),
            View::Unassigned => conversation.assignee.is_none(),
            View::ClosingSoon => conversation.ledger.last_incoming_at.is_some_and(|last| {
                let closes = last.plus(WINDOW);
                record.rule_set != RuleSet::Unlimited
                    && closes > self.now
                    && closes <= self.now.plus(Duration::from_hours(12))
            }),
            View::Requests => conversation.request,
            View::Failed => conversation.trouble,
        }
    }

    fn model(&self, scope: &Scope, filter: &ConversationFilter) -> Vec<Id<Conversation>> {
        let mut found: Vec<_> = self
            .all
            .iter()
            .filter(|record| scope.allows(record.conversation.workspace_id, record.conversation.account_id))
            .filter(|record| filter.status.is_none_or(|status| record.conversation.status == status))
            .filter(|record| filter.account.is_none_or(|account| record.conversation.account_id == account))
            .filter(|record| {
                filter.referral.as_ref().is_none_or(|source| self.sources[&record.conversation.id].contains(source))
            })
            .filter(|record| self.in_view(record, filter.view))
            .map(|record| (filter.sort_value(&record.conversation), record.conversation.id))
            .collect();
        found.sort_unstable();
        if filter.sort == Sort::Newest {
            found.reverse();
        }
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Every page of a list, one after the other.
    async fn pages(&self, scope: &Scope, filter: &ConversationFilter) -> Vec<Id<Conversation>> {
        let mut filter = filter.clone();
        let mut found = Vec::new();
        loop {
            let page = self.bench.store().conversations(scope, &filter).await.unwrap();
            assert!(page.len() <= filter.limit as usize);
            let Some(last) = page.last() else { return found };
            filter.after = Some((filter.sort_value(&last.conversation), last.conversation.id));
            found.extend(page.iter().map(|record| record.conversation.id));
            assert!(found.len() <= CHATS, "pages go round in circles");
        }
    }

    fn scopes(&self) -> [Scope; 3] {
        let only = |accounts: &[&Account]| Scope {
            workspace: self.bench.workspace,
            accounts: Permitted::Only(accounts.iter().map(|account| account.id).collect()),
        };
        [self.bench.scope.clone(), only(&[&self.accounts[0], &self.accounts[2]]), only(&[])]
    }

    fn views(&self) -> [View; 6] {
        [
            View::All,
            View::Mine(self.bench.owner.user.id),
            View::Unassigned,
            View::ClosingSoon,
            View::Requests,
            View::Failed,
        ]
    }
}

/// Every view, status, account, order and scope, page by page, gives what the model gives.
pub async fn every_combination_equals_the_model<H: Harness>() {
    let world: World<H> = world(1).await;
    let statuses =
        [None, Some(ConversationStatus::Open), Some(ConversationStatus::Snoozed), Some(ConversationStatus::Closed)];
    let accounts = [None, Some(world.accounts[0].id), Some(world.accounts[2].id)];
    let mut found = 0;
    for scope in world.scopes() {
        for view in world.views() {
            for status in statuses {
                for account in accounts {
                    for referral in [None, Some(ad("7").key())] {
                        for sort in [Sort::Newest, Sort::Waiting, Sort::ClosingFirst] {
                            let (referral, now) = (referral.clone(), world.now);
                            let filter = ConversationFilter {
                                view,
                                status,
                                account,
                                referral,
                                sort,
                                after: None,
                                limit: 7,
                                now,
                            };
                            let expected = world.model(&scope, &filter);
                            found += expected.len();
                            assert_eq!(world.pages(&scope, &filter).await, expected, "{filter:?} {:?}", scope.accounts);
                        }
                    }
                }
            }
        }
    }
    assert!(found > 500, "the data is too poor to tell anything: {found}");
}

/// Counts are those of the open ones.
pub async fn counts_equal_the_model<H: Harness>() {
    let world: World<H> = world(2).await;
    let me = world.bench.owner.user.id;
    for scope in world.scopes() {
        let count = |view, account| {
            let status = Some(ConversationStatus::Open);
            let filter = ConversationFilter {
                view,
                status,
                account,
                referral: None,
                sort: Sort::Newest,
                after: None,
                limit: 200,
                now: world.now,
            };
            u64::try_from(world.model(&scope, &filter).len()).unwrap()
        };
        let [all, mine, unassigned, closing, requests, failed] = world.views().map(|view| count(view, None));
        let per_account = world.accounts.iter().map(|account| (account.id, count(View::All, Some(account.id))));
        let accounts = per_account.filter(|(_, count)| *count > 0).collect();
        let expected = ConversationCounts { all, mine, unassigned, closing, requests, failed, accounts };
        assert_eq!(world.bench.store().conversation_counts(&scope, Some(me), world.now).await.unwrap(), expected);
        let nobody = world.bench.store().conversation_counts(&scope, None, world.now).await.unwrap();
        assert_eq!(nobody, ConversationCounts { mine: 0, ..expected });
    }
}

/// Whatever the size of a page: nothing is left out and nothing comes twice.
pub async fn pages_have_no_gaps<H: Harness>() {
    let world: World<H> = world(3).await;
    for sort in [Sort::Newest, Sort::Waiting, Sort::ClosingFirst] {
        for limit in [1, 2, 5, 200] {
            let filter = ConversationFilter {
                view: View::All,
                status: None,
                account: None,
                referral: None,
                sort,
                after: None,
                limit,
                now: world.now,
            };
            assert_eq!(
                world.pages(&world.bench.scope, &filter).await,
                world.model(&world.bench.scope, &filter),
                "{sort:?} {limit}"
            );
        }
    }
}

/// A conversation that only a receipt told of is not listed until somebody writes.
pub async fn without_messages_never_listed<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(read("chat-1", T0)).await;
    let filter = ConversationFilter {
        view: View::All,
        status: None,
        account: None,
        referral: None,
        sort: Sort::Newest,
        after: None,
        limit: 50,
        now: T0,
    };
    assert_eq!(bench.store().conversations(&bench.scope, &filter).await.unwrap(), Vec::new());
    assert_eq!(bench.store().conversation_counts(&bench.scope, None, T0).await.unwrap(), ConversationCounts::default());
    bench.ingest(incoming("chat-1", "in-1", "สวัสดี", T0)).await;
    let page = bench.store().conversations(&bench.scope, &filter).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].last_message.as_ref().map(|last| last.id), page[0].conversation.last_message_id);
    assert!(page[0].last_message.is_some());
}

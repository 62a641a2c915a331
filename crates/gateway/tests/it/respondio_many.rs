//! Twenty accounts on one access token: one budget for all, whatever happens on them.

use std::{collections::BTreeMap, time::Duration};

use domain::{Id, account::Account, conversation::Conversation, message::Direction};
use simulator::{
    CustomerMessage, NewBusiness, NewCustomer,
    respondio::{IdUnit, NewChannel, Settings},
};

use crate::{
    desk::{Desk, connect},
    harness::{SHOP, World},
};

const SHOPS: usize = 20;
const ROUNDS: usize = 6;
/// Calls a second and endpoint that Respond.io takes, as reported; the simulator refuses the next one.
const LIMIT: usize = 5;

fn shop(number: usize) -> String {
    if number == 0 { SHOP.to_owned() } else { format!("shop.{number}") }
}

/// The shops are channels before the token is put; the first one is the desk's.
fn shops(world: &World) {
    let workspace = world.sim.respondio_workspaces().remove(0).id;
    for number in 0..SHOPS {
        if number > 0 {
            world.sim.create_business(NewBusiness::new(&shop(number), &shop(number))).unwrap();
            let new = NewChannel { business: shop(number), name: None };
            world.sim.add_respondio_channel(workspace, &new).unwrap();
        }
        world.sim.create_customer(NewCustomer::new(&format!("customer.{number}"), "ลูกค้า")).unwrap();
    }
}

/// Most calls to one endpoint within a second, of all windows there are.
fn most_in_a_second(world: &World) -> BTreeMap<String, usize> {
    let mut times: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for call in world.sim.calls().into_iter().filter(|call| call.endpoint.starts_with("respondio/")) {
        times.entry(call.endpoint).or_default().push(call.at);
    }
    let most = |mut of: Vec<i64>| {
        of.sort_unstable();
        let within = |from: &i64| of.iter().filter(|at| (*from..*from + 1_000).contains(*at)).count();
        of.iter().map(within).max().unwrap_or_default()
    };
    times.into_iter().map(|(endpoint, of)| (endpoint, most(of))).collect()
}

#[tokio::test]
async fn twenty_accounts_on_one_token_share_one_budget() {
    let settings = Settings { id_unit: IdUnit::Milliseconds, ..Settings::default() };
    let desk = Desk::after(settings, |_| {}, shops).await;
    let world = &desk.world;
    let channels = world.sim.respondio_workspace(desk.workspace.id).unwrap().channels;
    let mut accounts: BTreeMap<String, Id<Account>> = BTreeMap::from([(shop(0), desk.account.id)]);
    for channel in &channels[1..] {
        accounts.insert(channel.business.clone(), connect(world, &desk.space, channel.id).await.id);
    }
    assert_eq!(accounts.len(), SHOPS);

    let mut said: BTreeMap<Id<Account>, Vec<String>> = BTreeMap::new();
    for round in 0..ROUNDS {
        for number in 0..SHOPS {
            let (customer, text) = (format!("customer.{number}"), format!("ร้าน {number} รอบ {round}"));
            world.sim.customer_writes(&CustomerMessage::text(&customer, &shop(number), &text)).unwrap();
            said.entry(accounts[&shop(number)]).or_default().push(text);
            desk.pass(Duration::from_millis(200)).await;
        }
    }
    let all_here = async || {
        let all = desk.all().await;
        (all.len() == SHOPS * ROUNDS).then_some(all)
    };
    let all = desk.until("every message is here", Duration::from_mins(5), all_here).await;
    let conversations: BTreeMap<Id<Account>, Id<Conversation>> =
        all.iter().map(|one| (one.message.account_id, one.message.conversation_id)).collect();
    for (account, conversation) in &conversations {
        let text = format!("ตอบ {account}");
        world.reply(*conversation, &text).await;
        said.get_mut(account).unwrap().push(text);
    }
    let answered = async || {
        let all = desk.all().await;
        let sent = |one: &&domain::store::MessageRecord| one.message.external_id.is_some();
        (all.iter().filter(sent).count() == SHOPS * (ROUNDS + 1)).then_some(all)
    };
    desk.until("every reply has left", Duration::from_mins(5), answered).await;
    desk.pass(Duration::from_mins(1)).await;

    let mut here: BTreeMap<Id<Account>, Vec<String>> = BTreeMap::new();
    let mut incoming = 0;
    for one in desk.all().await {
        incoming += usize::from(one.message.direction == Direction::Incoming);
        here.entry(one.message.account_id).or_default().push(one.message.content.words().to_owned());
    }
    assert_eq!((&here, incoming), (&said, SHOPS * ROUNDS), "each once, in order, at its own account");
    for (endpoint, most) in most_in_a_second(world) {
        assert!(most <= LIMIT, "{most} calls of {endpoint} within a second");
    }
    let calls = desk.calls("");
    let refused = calls.iter().filter(|status| **status == 429).count();
    assert!(refused * 100 < calls.len(), "{refused} of {} refused", calls.len());
}

//! A shop whose TikTok account is connected through Respond.io and nothing else; and the test's hand on the clock, by which everybody
//! counts: the gateway when to ask, Respond.io how often it is asked.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    account::Account,
    message::MessageState,
    store::{ChatFilter, MessageRecord},
};
use message_gateway::config::Config;
use serde_json::{Value, json};
use simulator::{
    CustomerMessage, NewBusiness, NewCustomer,
    respondio::{NewChannel, NewWorkspace, Settings, Workspace},
};

use crate::harness::{SHOP, World, answer};

/// How far the clock is moved at once.
const STEP: Duration = Duration::from_millis(100);

/// See the module.
pub(crate) struct Desk {
    pub(crate) world: World,
    /// Respond.io's side of the workspace.
    pub(crate) workspace: Workspace,
    /// The shop's channel there.
    pub(crate) channel: u64,
    /// Ours: `spc_…`.
    pub(crate) space: String,
    pub(crate) account: Account,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::with(Settings::default(), |_| {}).await
    }

    /// With a shop whose customers have written before it is connected here.
    pub(crate) async fn with(settings: Settings, change: impl FnOnce(&mut Config)) -> Self {
        Self::after(settings, change, |_| {}).await
    }

    /// The same, after `before` has happened at the shop.
    pub(crate) async fn after(
        settings: Settings,
        change: impl FnOnce(&mut Config),
        before: impl FnOnce(&World),
    ) -> Self {
        let world = World::by_hand(change).await;
        world.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
        let workspace = world.sim.create_respondio_workspace(NewWorkspace { settings, ..NewWorkspace::default() });
        let new = NewChannel { business: SHOP.to_owned(), name: Some("ร้านกาแฟ TikTok".to_owned()) };
        let channel = world.sim.add_respondio_channel(workspace.id, &new).unwrap().id;
        before(&world);
        world.tick();
        let space = put_token(&world, &workspace.tokens[0]).await;
        let account = connect(&world, &space, channel).await;
        Self { world, workspace, channel, space, account }
    }

    /// More customers, who have not written yet.
    pub(crate) fn customers(&self, count: usize) -> Vec<String> {
        let names: Vec<String> = (0..count).map(|number| format!("customer.{number}")).collect();
        for name in &names {
            self.world.sim.create_customer(NewCustomer::new(name, name)).unwrap();
        }
        names
    }

    pub(crate) fn says(&self, customer: &str, text: &str) {
        self.world.sim.customer_writes(&CustomerMessage::text(customer, SHOP, text)).unwrap();
    }

    /// Lets so much time pass, and everything happen in it that has to.
    pub(crate) async fn pass(&self, time: Duration) {
        let end = self.world.clock.now().plus(time);
        loop {
            self.settle().await;
            let left = end.since(self.world.clock.now());
            if left.is_zero() {
                return;
            }
            self.world.clock.advance(left.min(STEP));
        }
    }

    /// Waits until nobody does anything before the clock moves on.
    pub(crate) async fn settle(&self) {
        let respondio = self.world.app().lines.respondio();
        // Whoever the clock has woken takes a place first.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let mut quiet = 0;
        while quiet < 5 {
            quiet = if respondio.is_idle() { quiet + 1 } else { 0 };
            tokio::task::yield_now().await;
        }
    }

    /// Lets time pass until `look` gives something, at most so much.
    pub(crate) async fn until<T>(&self, what: &str, most: Duration, look: impl AsyncFn() -> Option<T>) -> T {
        let end = self.world.clock.now().plus(most);
        loop {
            self.settle().await;
            if let Some(found) = look().await {
                return found;
            }
            let in_time = self.world.clock.now() < end;
            assert!(in_time, "in vain: {what}; {:#?} {:#?}", self.words().await, self.traffic());
            self.world.clock.advance(STEP);
        }
    }

    /// The same for what takes long: in strides, of which each has room for one call to each endpoint.
    pub(crate) async fn in_strides<T>(
        &self,
        stride: Duration,
        what: &str,
        most: Duration,
        look: impl AsyncFn() -> Option<T>,
    ) -> T {
        let end = self.world.clock.now().plus(most);
        loop {
            self.world.clock.advance(stride);
            self.settle().await;
            if let Some(found) = look().await {
                return found;
            }
            assert!(self.world.clock.now() < end, "in vain: {what}; {:#?}", self.traffic());
        }
    }

    /// Lets time pass until a message is here.
    pub(crate) async fn message(&self, text: &str) -> MessageRecord {
        let here = async || self.all().await.into_iter().find(|one| one.message.content.words() == text);
        self.until(text, Duration::from_mins(5), here).await
    }

    /// Lets time pass until a message is in a state.
    pub(crate) async fn state(&self, text: &str, state: MessageState) -> MessageRecord {
        let is = |one: &MessageRecord| one.message.content.words() == text && one.message.state == state;
        let here = async || self.all().await.into_iter().find(is);
        self.until(&format!("{text} is {state:?}"), Duration::from_mins(10), here).await
    }

    /// What is here, oldest first.
    pub(crate) async fn words(&self) -> Vec<String> {
        let words = |one: MessageRecord| format!("{} ({:?})", one.message.content.words(), one.message.state);
        self.all().await.into_iter().map(words).collect()
    }

    /// Every message that is here, oldest first. One whose time is told anew between two pages may stand on both.
    pub(crate) async fn all(&self) -> Vec<MessageRecord> {
        let (scope, mut all, mut after) = (self.world.scope().await, BTreeMap::new(), None);
        loop {
            let page = self.world.store().chats(&scope, ChatFilter::default(), after, 200).await.unwrap();
            let place = |one: &MessageRecord| (one.message.sent_at, one.message.id);
            let Some(last) = page.last() else {
                let mut all: Vec<_> = all.into_values().collect();
                all.sort_by_key(place);
                return all;
            };
            after = Some(place(last));
            all.extend(page.into_iter().map(|one| (one.message.id, one)));
        }
    }

    /// Closes the first contact's conversation there.
    pub(crate) async fn close(&self) {
        let url = format!("{}/respondio/v2/contact/id:{}/conversation/status", self.world.sim_base, self.contact());
        let body = json!({"status": "close", "category": "Spam", "summary": ""});
        let request = self.world.http.post(url).bearer_auth(&self.workspace.tokens[0]).json(&body);
        assert_eq!(answer(request).await.0, 200);
    }

    /// The one contact's id there.
    pub(crate) fn contact(&self) -> u64 {
        self.world.sim.respondio_contacts(self.workspace.id).unwrap()[0]["id"].as_u64().unwrap()
    }

    /// What Respond.io has of the first contact.
    pub(crate) fn at_respondio(&self) -> Vec<Value> {
        let contacts = self.world.sim.respondio_contacts(self.workspace.id).unwrap();
        contacts.first().map(|contact| contact["messages"].as_array().unwrap().clone()).unwrap_or_default()
    }

    /// The newest calls, for a test that fails.
    fn traffic(&self) -> Vec<String> {
        let calls = self.world.sim.calls();
        let shown = calls.iter().rev().take(40).map(|call| format!("{} {} {}", call.at, call.path, call.status));
        shown.collect()
    }

    /// How often Respond.io was called, by status; of one endpoint or of all.
    pub(crate) fn calls(&self, endpoint: &str) -> Vec<u16> {
        let calls = self.world.sim.calls().into_iter();
        let ours = calls.filter(|call| call.endpoint.starts_with("respondio/") && call.endpoint.contains(endpoint));
        ours.map(|call| call.status).collect()
    }
}

/// Puts a token; gives `spc_…`.
pub(crate) async fn put_token(world: &World, token: &str) -> String {
    let request = world.api("POST", "/api/v1/respondio/spaces").json(&json!({"token": token}));
    let (status, space) = answer(request).await;
    assert_eq!(status, 201, "{space}");
    space["id"].as_str().unwrap().to_owned()
}

/// Makes a channel an account.
pub(crate) async fn connect(world: &World, space: &str, channel: u64) -> Account {
    let path = format!("/api/v1/respondio/spaces/{space}/accounts");
    let (status, account) = answer(world.api("POST", &path).json(&json!({"channelId": channel.to_string()}))).await;
    assert_eq!(status, 201, "{account}");
    let id = account["id"].as_str().unwrap().parse().unwrap();
    world.store().account(&world.scope().await, id).await.unwrap().unwrap()
}

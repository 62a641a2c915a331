//! Respond.io: TikTok accounts that are connected there as channels of a workspace, which is called a space here. Messages are read
//! from its lists and taken from its webhooks, replies leave through it. Used by `inbox`, `spaces` and `workers`.

mod budget;
mod failure;
mod lines;
mod lists;
mod send;
mod translate;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{Clock, Id, Timestamp, space::Space};
use respondio::{
    AccessToken, Client, Error,
    webhook::{SignatureError, Verified, Verifier, decode},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Notify, futures::Notified};
use url::Url;

pub use failure::{cause_of, outcome_of, words_of};
pub use lines::{LineError, Lines, refusal};
pub use lists::{ContactPage, MessagePage};
pub use send::Delivery;
pub use translate::{Pushed, Told, customer, told};

use self::budget::{Budget, Endpoint, InHand};
use super::{SetupError, Turn};
use crate::config::Server;

/// Longest one call may take, as on TikTok's side.
const CALL_TIMEOUT: Duration = Duration::from_secs(12);

/// What the provider needs to know.
#[derive(Debug, Clone)]
pub struct RespondioSettings {
    /// `RESPONDIO_API_URL`, or Respond.io's.
    pub api_url: Url,
    /// `RESPONDIO_WEBHOOK_SECRETS`: the last part of a webhook's path, and a key. Each event of Respond.io's has a key of its own.
    pub secrets: Vec<(String, SecretString)>,
}

/// Respond.io's Developer API.
#[derive(Debug)]
pub struct Respondio {
    client: Client,
    api_url: Url,
    clock: Clock,
    budgets: Mutex<HashMap<Id<Space>, Arc<Budget>>>,
    verifiers: HashMap<String, Verifier>,
    news: News,
    at_work: AtomicU64,
}

/// See [`Respondio::at_work`].
#[derive(Debug)]
pub struct AtWork<'r>(&'r AtomicU64);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What calling one space takes.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which.
    pub space: Id<Space>,
    token: AccessToken,
    budget: Arc<Budget>,
}

/// What whoever asks a space should look at first.
#[derive(Debug, Default)]
struct News {
    contacts: Mutex<HashSet<(Id<Space>, u64)>>,
    moved: Notify,
    /// How often spaces were changed.
    generation: AtomicU64,
}

/// An answer, with the call still in hand: the next careful one leaves when this is dropped.
#[derive(Debug)]
pub struct Held<T> {
    /// What was asked for.
    pub value: T,
    _call: InHand,
}

impl Respondio {
    /// The client for these settings.
    ///
    /// # Errors
    /// [`SetupError`] when an address is no address.
    pub(super) fn new(settings: RespondioSettings, clock: &Clock) -> Result<Self, SetupError> {
        let client = Client::builder()
            .base_url(settings.api_url.as_str())
            .timeout(CALL_TIMEOUT)
            .build()
            .map_err(|source| SetupError { what: "RESPONDIO_API_URL", source: Box::new(source) })?;
        let mut keys: HashMap<String, Vec<String>> = HashMap::new();
        for (account, secret) in settings.secrets {
            keys.entry(account).or_default().push(secret.expose_secret().to_owned());
        }
        Ok(Self {
            client,
            api_url: settings.api_url,
            clock: clock.clone(),
            budgets: Mutex::default(),
            verifiers: keys.into_iter().map(|(account, keys)| (account, Verifier::new(keys))).collect(),
            news: News::default(),
            at_work: AtomicU64::new(0),
        })
    }

    /// The address of the API: a simulator on this machine, or Respond.io.
    pub const fn api_url(&self) -> &Url {
        &self.api_url
    }

    /// Whether the API is a simulator on this machine.
    pub fn is_local(&self) -> bool {
        match self.api_url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Whether it can fetch a picture from us: it has no upload. A simulator on this machine fetches from anywhere here.
    pub fn fetches_from(&self, server: &Server) -> bool {
        self.is_local() || server.is_reachable()
    }

    /// The line to a space by its token. All lines of a space share one budget.
    pub fn line(&self, space: Id<Space>, token: AccessToken) -> Line {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budgets.entry(space).or_insert_with(|| Arc::new(Budget::new(&self.clock)));
        Line { space, token, budget: Arc::clone(budget) }
    }

    /// Forgets the budget of a space that is none.
    pub fn hang_up(&self, space: Id<Space>) {
        self.budgets.lock().unwrap_or_else(PoisonError::into_inner).remove(&space);
    }

    /// Whoever asks spaces is busy with the database, until this is dropped.
    pub fn at_work(&self) -> AtWork<'_> {
        self.at_work.fetch_add(1, Ordering::SeqCst);
        AtWork(&self.at_work)
    }

    /// Whether nothing is in hand and nothing could leave now: a test that turns the clock by hand waits for this.
    pub fn is_idle(&self) -> bool {
        if self.at_work.load(Ordering::SeqCst) > 0 {
            return false;
        }
        let budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        budgets.values().all(|budget| budget.is_idle())
    }

    /// Whether webhooks of an account (the last part of their path) can be verified.
    pub fn can_verify(&self, account: &str) -> bool {
        self.verifiers.contains_key(account)
    }

    /// Checks a webhook's signature over the raw bytes against each key of the account.
    ///
    /// # Errors
    /// Missing also where no key is configured.
    pub fn verify(&self, account: &str, header: Option<&str>, body: &[u8]) -> Result<Verified, SignatureError> {
        self.verifiers.get(account).ok_or(SignatureError::Missing)?.verify(header, body)
    }

    /// What a verified webhook says. Bytes that are no webhook come back with no items and the reason.
    pub fn translate(body: &[u8], now: Timestamp) -> Pushed {
        match decode(body) {
            Ok(envelope) => translate::pushed(&envelope, now),
            Err(error) => Pushed {
                channel: None,
                contact: None,
                event: String::new(),
                items: Vec::new(),
                unsupported: Some(error.to_string()),
            },
        }
    }

    /// Something happens with this contact: it is looked at first.
    pub fn look_at(&self, space: Id<Space>, contact: u64) {
        self.news.contacts.lock().unwrap_or_else(PoisonError::into_inner).insert((space, contact));
        self.news.moved.notify_waiters();
    }

    /// Spaces were added, changed or removed.
    pub fn spaces_changed(&self) {
        self.news.generation.fetch_add(1, Ordering::SeqCst);
        self.news.moved.notify_waiters();
    }

    /// How often spaces were changed so far, in this process.
    pub fn generation(&self) -> u64 {
        self.news.generation.load(Ordering::SeqCst)
    }

    /// Ends when one of the two was called since this future was made.
    pub fn news(&self) -> Notified<'_> {
        self.news.moved.notified()
    }

    /// The contacts of a space to look at first; they are told once.
    pub fn take_news(&self, space: Id<Space>) -> Vec<u64> {
        let mut contacts = self.news.contacts.lock().unwrap_or_else(PoisonError::into_inner);
        contacts.extract_if(|(of, _)| *of == space).map(|(_, contact)| contact).collect()
    }

    /// Makes one call in its turn. Every call goes this way, so that none is forgotten in the budget.
    async fn call<T>(
        &self,
        line: &Line,
        endpoint: Endpoint,
        turn: Turn,
        call: impl IntoFuture<Output = Result<respondio::Answer<T>, Error>>,
    ) -> Result<Held<T>, Error> {
        let in_hand = line.budget.turn(endpoint, turn).await;
        let outcome = call.into_future().await;
        in_hand.learn(&outcome);
        outcome.map(|answer| Held { value: answer.into_value(), _call: in_hand })
    }
}

impl Line {
    /// Whether calls are made one by one, because Respond.io's network did not want them faster.
    pub fn is_careful(&self) -> bool {
        self.budget.is_careful()
    }
}

impl<T> Held<T> {
    /// The answer alone.
    pub fn into_value(self) -> T {
        self.value
    }
}

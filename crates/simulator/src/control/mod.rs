//! What drives the simulator besides TikTok's own API: people, messages, faults, clock, views.
//! The methods here are the control API in process; `sim_api` offers the same over HTTP.

pub(crate) mod automatic;
mod business;
mod comments;
mod customer;
mod others;
mod views;

pub use automatic::NewAutoMessage;
pub use business::AppReply;
pub(crate) use business::send as echo;
pub use comments::{CommentAction, CommentRequest};
pub use customer::{CustomerMessage, Written};
pub use others::ReferralRequest;
pub use views::{ConversationView, Snapshot};

use bytes::Bytes;
use serde_json::json;

use crate::error::ControlError;
use crate::simulator::Simulator;
use crate::state::apps::{App, NewApp, Platform};
use crate::state::businesses::{Business, BusinessSettings, NewBusiness};
use crate::state::calls::Call;
use crate::state::customers::{Customer, NewCustomer};
use crate::state::faults::{Fault, NewFault};
use crate::state::go_json;
use crate::state::posts::Post;
use crate::state::tokens::{Consent, Grant, Lifetimes};
use crate::state::webhooks::{Event, Webhook};

/// TikTok handles: letters, digits, dot, underscore; they also stand in avatar addresses.
fn check_username(username: &str) -> Result<(), ControlError> {
    let fine = (2..=24).contains(&username.len())
        && username.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_');
    if fine {
        Ok(())
    } else {
        Err(ControlError::invalid("username: 2 to 24 letters, digits, dots or underscores, without @"))
    }
}

impl Simulator {
    /// Adds a business account.
    /// It has three posts from the start.
    pub fn create_business(&self, new: NewBusiness) -> Result<Business, ControlError> {
        check_username(&new.username)?;
        let now = self.now_ms();
        let made = self.with(|state| {
            if state.business(&new.username).is_ok() {
                return Err(ControlError::Exists { kind: "business", name: new.username });
            }
            let business = Business::from_new(new);
            state.businesses.push(business.clone());
            state.posts.begin(&business.username, now);
            Ok(business)
        });
        self.tell("state", "");
        made
    }

    /// Changes what an owner or TikTok can change about a business: rules, country, Comment-to-Message, reviews, keywords.
    pub fn change_business(&self, asked: BusinessSettings) -> Result<Business, ControlError> {
        let changed = self.with(|state| {
            let business = state.business_mut(&asked.business)?;
            business.change(asked);
            Ok(business.clone())
        });
        self.tell("state", "");
        changed
    }

    /// The business posts something.
    pub fn add_post(&self, business: &str, caption: &str) -> Result<Post, ControlError> {
        let now = self.now_ms();
        let posted = self.with(|state| {
            state.business(business)?;
            Ok(state.posts.add(business, caption, now))
        });
        self.tell("state", "");
        posted
    }

    /// Adds a customer.
    pub fn create_customer(&self, new: NewCustomer) -> Result<Customer, ControlError> {
        check_username(&new.username)?;
        let made = self.with(|state| {
            if state.customer(&new.username).is_ok() {
                return Err(ControlError::Exists { kind: "customer", name: new.username });
            }
            let customer = Customer::from_new(new);
            state.customers.push(customer.clone());
            Ok(customer)
        });
        self.tell("state", "");
        made
    }

    /// Registers a developer app, or replaces one; its webhook callbacks stay.
    pub fn register_app(&self, new: NewApp) -> App {
        self.with(|state| state.apps.put(new))
    }

    /// Stores a picture or video for a customer (or a reply in the app) to send. Answers its `media_id`.
    pub fn put_media(&self, bytes: Bytes) -> String {
        let now = self.now_ms();
        self.with(|state| state.media.put(&mut state.ids, bytes, None, now))
    }

    /// Authorizes an app for a business without the consent page, e.g. `grant("baan.kafe.demo", DEFAULT_APP_ID, &SCOPES)`.
    pub fn grant(&self, business: &str, app_id: &str, scopes: &[&str]) -> Result<Grant, ControlError> {
        let now = self.now_ms();
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        let granted = self.with(|state| {
            let app = state.apps.get(app_id).ok_or_else(|| ControlError::not_found("app", app_id))?;
            let open_id = app.platform.id_of(state.business(business)?);
            let lifetimes = match app.platform {
                Platform::Business => Lifetimes::BUSINESS,
                _ => Lifetimes::login(self.config().login_lifetimes),
            };
            state.faults.end_revocation();
            Ok(state.tokens.grant(&mut state.ids, app_id, &open_id, scopes, lifetimes, now))
        });
        self.tell("state", "");
        granted
    }

    /// Agrees on the consent page in the owner's place, with every scope; gives the code that the page would send back.
    pub fn consent(&self, business: &str, app_id: &str, redirect_uri: &str) -> Result<String, ControlError> {
        let now = self.now_ms();
        self.with(|state| {
            let app = state.apps.get(app_id).ok_or_else(|| ControlError::not_found("app", app_id))?;
            let consent = Consent {
                app_id: app_id.to_owned(),
                open_id: app.platform.id_of(state.business(business)?),
                redirect_uri: redirect_uri.to_owned(),
                scopes: app.approved_scopes,
                challenge: None,
            };
            Ok(state.tokens.issue_code(&mut state.ids, consent, now))
        })
    }

    /// Every living authorization with its tokens, for [`Simulator::restore_grants`] after a restart.
    pub fn grants(&self) -> Vec<Grant> {
        self.with(|state| state.tokens.all_live())
    }

    /// Takes over authorizations of an earlier run, so that connected gateways stay connected.
    /// `open_id`s depend on the handle alone: the businesses must have been created with the same ones.
    pub fn restore_grants(&self, grants: Vec<Grant>) {
        self.with(|state| grants.into_iter().for_each(|grant| state.tokens.restore(grant)));
        self.tell("state", "");
    }

    /// Points an app's webhooks of a category at an address, as `business/webhook/update/` does.
    pub fn set_callback(&self, app_id: &str, category: &str, url: &str) -> Result<(), ControlError> {
        self.with(|state| {
            let secret = state.apps.get(app_id).ok_or_else(|| ControlError::not_found("app", app_id))?.secret;
            let app = state.apps.authenticate(app_id, &secret).map_err(|_| ControlError::not_found("app", app_id))?;
            app.callbacks.insert(category.to_owned(), url.to_owned());
            Ok(())
        })
    }

    /// The person takes scopes away (or gives them back) for every app.
    pub fn set_scopes(&self, business: &str, scopes: &[String]) -> Result<(), ControlError> {
        self.with(|state| {
            let open_id = state.business(business)?.open_id.clone();
            state.tokens.set_scopes(&open_id, scopes);
            Ok(())
        })
    }

    /// The person disconnects every app. Login Kit apps are told by `authorization.removed`; with `notify` so are the portal's
    /// (not confirmed for those).
    pub fn revoke(&self, business: &str, notify: bool) -> Result<(), ControlError> {
        self.remove_authorization(business, notify, 1)
    }

    /// The same for another `reason`: 0 unknown, 1 disconnected in the app, 2 account deleted, 3 age changed, 4 banned,
    /// 5 revoked by the developer.
    pub fn remove_authorization(&self, business: &str, notify: bool, reason: u8) -> Result<(), ControlError> {
        if reason > 5 {
            return Err(ControlError::invalid("reason: 0 to 5"));
        }
        let now = self.now_ms();
        self.with(|state| {
            let account = state.business(business)?.clone();
            let event = Event {
                business,
                category: "DIRECT_MESSAGE",
                name: "authorization.removed",
                label: reason.to_string(),
                key: business.to_owned(),
                content: go_json(&json!({"reason": reason})),
                is_api_echo: false,
                item_id: None,
            };
            if notify {
                state.emit(&event, now);
            }
            state.emit_login(&event, now);
            state.tokens.revoke_account(None, &account.open_id);
            state.tokens.revoke_account(None, &account.login_id);
            Ok::<_, ControlError>(())
        })?;
        self.tell("state", "");
        Ok(())
    }

    /// Switches a fault on.
    pub fn set_fault(&self, new: NewFault) -> Fault {
        let fault = self.with(|state| state.faults.set(new));
        self.tell("faults", "");
        fault
    }

    /// Faults that are on.
    pub fn faults(&self) -> Vec<Fault> {
        self.with(|state| state.faults.all().to_vec())
    }

    /// Switches one fault off.
    pub fn clear_fault(&self, id: u64) -> Result<(), ControlError> {
        let found = self.with(|state| state.faults.remove(id));
        self.tell("faults", "");
        if found { Ok(()) } else { Err(ControlError::not_found("fault", id.to_string())) }
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.with(|state| state.faults.clear());
        self.tell("faults", "");
    }

    /// Every webhook so far, oldest first, with its tries.
    pub fn webhook_log(&self) -> Vec<Webhook> {
        self.with(|state| state.webhooks.all())
    }

    /// Queues the same webhook body once more. Answers the new id.
    pub fn resend(&self, id: u64) -> Result<u64, ControlError> {
        let now = self.now_ms();
        let made = self.with(|state| state.webhooks.resend(id, now));
        self.tell("webhooks", "");
        made
    }

    /// The clients' calls, oldest first, at most 500.
    pub fn calls(&self) -> Vec<Call> {
        self.with(|state| state.calls.all())
    }
}

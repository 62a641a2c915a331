//! Workspaces: tokens, channels, users, fields, webhooks, and how each answers what Respond.io does not document.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::contact::Contact;
use super::limits::Limits;
use crate::config::Config;
use crate::error::ControlError;
use crate::signing::Ids;

/// What an organization pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Neither API nor webhooks: every call is answered 403.
    Starter,
    /// The API, no webhooks.
    Growth,
    /// Both.
    #[default]
    Advanced,
}

/// Which way contact ids run in the list; Respond.io does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactOrder {
    /// Rising.
    #[default]
    Rising,
    /// Falling.
    Falling,
}

/// How the last page of a list names the page after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListEnd {
    /// `"next": ""`.
    #[default]
    Empty,
    /// `"next": null`.
    Null,
    /// No `next`.
    Absent,
}

/// Unit of the times of states and of webhooks; both have been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Seconds.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

/// How exact the time in a message id is. The last digits break ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdUnit {
    /// A whole second, as in every sample seen.
    #[default]
    Seconds,
    /// A millisecond.
    Milliseconds,
}

/// Choices where Respond.io's behaviour is not documented, and pace.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Order of the contact list.
    pub contact_order: ContactOrder,
    /// Last page of a list.
    pub list_end: ListEnd,
    /// Unit of times.
    pub time_unit: TimeUnit,
    /// Exactness of message ids.
    pub id_unit: IdUnit,
    /// Sends stay `pending` until released by `settle`.
    pub hold_sends: bool,
    /// Files of customers stay `isPending`, without an address, until released by `settle`.
    pub hold_files: bool,
    /// `message.sent` comes when a send is taken as well as when it ended.
    pub announce_pending: bool,
    /// Sends answer the contact's id beside the message's.
    pub answer_contact: bool,
}

/// What is needed to make a workspace.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct NewWorkspace {
    /// Its name, e.g. `ร้านดอกไม้`.
    #[serde(default)]
    pub name: String,
    /// Workspaces of one organization share the limits. Default 1.
    #[serde(default)]
    pub organization: Option<u64>,
    /// What it pays for. Default `advanced`.
    #[serde(default)]
    pub plan: Plan,
    /// Its first access token; default: a new one.
    #[serde(default)]
    pub token: Option<String>,
    /// Choices.
    #[serde(default)]
    pub settings: Settings,
}

/// A channel bound to a business of the simulator.
#[derive(Debug, Clone, Serialize)]
pub struct Channel {
    /// e.g. `54321`.
    pub id: u64,
    /// Its name in the workspace.
    pub name: String,
    /// Handle of the business.
    pub business: String,
    /// When it was connected, Unix ms. Earlier messages are not imported.
    pub created_at: i64,
}

/// One webhook: one event, one address, one key.
#[derive(Debug, Clone, Serialize)]
pub struct Webhook {
    /// e.g. `message.received`.
    pub event: String,
    /// Where it goes.
    pub url: String,
    /// Key of its signature, used as text.
    pub signing_key: String,
    /// The app id under which the log of webhooks names it.
    pub app_id: String,
}

/// What there is to see of a workspace.
#[derive(Debug, Clone, Serialize)]
pub struct Workspace {
    /// e.g. `9001`.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its organization.
    pub organization: u64,
    /// What it pays for.
    pub plan: Plan,
    /// Its access tokens.
    pub tokens: Vec<String>,
    /// Its channels.
    pub channels: Vec<Channel>,
    /// Its webhooks.
    pub webhooks: Vec<Webhook>,
    /// Choices.
    pub settings: Settings,
}

/// One workspace.
#[derive(Debug)]
pub(crate) struct Space {
    pub(super) about: Workspace,
    pub(super) contacts: Vec<Contact>,
    pub(super) users: Vec<Value>,
    pub(super) fields: Vec<Value>,
    pub(super) notes: Vec<Value>,
    pub(super) tags: Vec<Value>,
}

/// All workspaces.
#[derive(Debug)]
pub(crate) struct Respondio {
    pub(super) spaces: Vec<Space>,
    pub(super) limits: Limits,
    next: u64,
}

impl Space {
    pub(super) fn channel(&self, id: u64) -> Option<&Channel> {
        self.about.channels.iter().find(|one| one.id == id)
    }

    pub(super) fn contact(&self, id: u64) -> Option<&Contact> {
        self.contacts.iter().find(|one| one.id == id)
    }

    pub(super) fn contact_mut(&mut self, id: u64) -> Option<&mut Contact> {
        self.contacts.iter_mut().find(|one| one.id == id)
    }

    /// A user by id or email address.
    pub(super) fn user(&self, named: &Value) -> Option<&Value> {
        self.users.iter().find(|user| &user["id"] == named || (named.is_string() && &user["email"] == named))
    }
}

impl Respondio {
    pub(crate) fn new(config: &Config) -> Self {
        // The simulator's switch for clocks that stand still switches this limit off too.
        Self { spaces: Vec::new(), limits: Limits::new(config.qps_limit.is_some()), next: 0 }
    }

    /// A number that no other thing has; each kind counts from its own thousand, as real ids differ in size.
    pub(super) fn number(&mut self, from: u64) -> u64 {
        self.next += 1;
        from + self.next
    }

    pub(super) fn space(&self, id: u64) -> Result<&Space, ControlError> {
        self.spaces
            .iter()
            .find(|one| one.about.id == id)
            .ok_or_else(|| ControlError::not_found("Respond.io workspace", id.to_string()))
    }

    pub(super) fn space_mut(&mut self, id: u64) -> Result<&mut Space, ControlError> {
        self.spaces
            .iter_mut()
            .find(|one| one.about.id == id)
            .ok_or_else(|| ControlError::not_found("Respond.io workspace", id.to_string()))
    }

    /// The workspace of a token.
    pub(super) fn by_token(&self, token: &str) -> Option<&Space> {
        self.spaces.iter().find(|one| one.about.tokens.iter().any(|known| known == token))
    }

    pub(super) fn add(&mut self, ids: &mut Ids, new: NewWorkspace, now: i64) -> Workspace {
        let id = self.number(9_000);
        let organization = new.organization.unwrap_or(1);
        let token = new.token.unwrap_or_else(|| access_token(ids, id, organization, now));
        let about = Workspace {
            id,
            name: if new.name.is_empty() { format!("Workspace {id}") } else { new.name },
            organization,
            plan: new.plan,
            tokens: vec![token],
            channels: Vec::new(),
            webhooks: Vec::new(),
            settings: new.settings,
        };
        let field = json!({"id": 3001, "name": "order_no", "slug": "order_no", "description": null, "dataType": "text",
            "created_at": now.div_euclid(1000)});
        self.spaces.push(Space {
            about: about.clone(),
            contacts: Vec::new(),
            users: vec![
                json!({"id": 700_100, "firstName": "Owner", "lastName": "One", "email": "owner@example.com",
                    "role": "owner", "team": null, "restrictions": []}),
                json!({"id": 700_101, "firstName": "Ploy", "lastName": "Agent", "email": "ploy.agent@example.com",
                    "role": "agent", "team": {"id": 11, "name": "ทีมขาย"},
                    "restrictions": ["restrict_contact_deletion"]}),
            ],
            fields: vec![field],
            notes: vec![
                json!({"category": "ปิดการขาย", "description": "Sold"}),
                json!({"category": "Spam", "description": null}),
            ],
            tags: Vec::new(),
        });
        about
    }
}

/// A token that looks like the real one, a JWT, and is as opaque.
pub(super) fn access_token(ids: &mut Ids, space: u64, organization: u64, now: i64) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(json!({"alg": "HS256", "typ": "JWT"}));
    let body =
        json!({"iat": now.div_euclid(1000), "id": ids.count(), "spaceId": space, "type": "api", "orgId": organization});
    let tail = ids.token("respondio");
    format!("{head}.{}.{}", part(body), tail.rsplit('.').next().unwrap_or_default())
}

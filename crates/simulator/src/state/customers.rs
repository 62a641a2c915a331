//! The people who write to a business.

use serde::{Deserialize, Serialize};

use super::businesses::is_european;

/// What is needed to create a customer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// Handle without @, e.g. `nong.mali.demo`.
    pub username: String,
    /// Shown name, e.g. `น้องมะลิ 🌼`. Empty: the handle.
    #[serde(default)]
    pub display_name: String,
    /// Country, ISO 3166, e.g. `TH` (the default). In Europe the text of messages is withheld.
    #[serde(default)]
    pub region: Option<String>,
    /// Whether the customer follows the businesses written to. Default `true`.
    #[serde(default)]
    pub is_follower: Option<bool>,
    /// `false` for somebody under 18, whose comments cannot be answered by message. Default `true`.
    #[serde(default)]
    pub is_adult: Option<bool>,
}

/// A person with a TikTok account.
#[derive(Debug, Clone, Serialize)]
pub struct Customer {
    /// Handle without @.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// `unique_identifier` in webhooks, `id` in lists.
    pub id: String,
    /// Country.
    pub region: String,
    /// Whether the customer follows the businesses written to.
    pub is_follower: bool,
    /// False for somebody under 18.
    pub is_adult: bool,
}

impl NewCustomer {
    /// A customer in Thailand.
    pub fn new(username: &str, display_name: &str) -> Self {
        Self { username: username.to_owned(), display_name: display_name.to_owned(), ..Self::default() }
    }
}

impl Customer {
    pub(crate) fn from_new(new: NewCustomer) -> Self {
        Self {
            id: crate::signing::customer_id(&new.username),
            display_name: if new.display_name.is_empty() { new.username.clone() } else { new.display_name },
            username: new.username,
            region: new.region.unwrap_or_else(|| "TH".to_owned()).to_uppercase(),
            is_follower: new.is_follower.unwrap_or(true),
            is_adult: new.is_adult.unwrap_or(true),
        }
    }

    /// True where TikTok sends only the stripped `im_receive_msg_eu`.
    pub(crate) fn is_withheld(&self) -> bool {
        is_european(&self.region)
    }
}

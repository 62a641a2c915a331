//! Business (and personal) accounts that can authorize an app.

use serde::{Deserialize, Serialize};

/// Countries whose accounts may authorize but not use Business Messaging: EEA, Switzerland, United Kingdom.
pub(crate) const EUROPE: [&str; 32] = [
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Countries without pictures in direct messages besides Europe (a vendor's list, read 2026-11).
const NO_PICTURES: [&str; 14] = ["AU", "CO", "IN", "IR", "JP", "KP", "KR", "NG", "PH", "RU", "TR", "UA", "UK", "US"];

/// Whether people signed up in `region` (ISO 3166 code, e.g. `TH`) can exchange pictures.
pub(crate) fn pictures_allowed(region: &str) -> bool {
    !NO_PICTURES.contains(&region) && !EUROPE.contains(&region)
}

/// What is needed to create a business.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct NewBusiness {
    /// Handle without @, e.g. `baan.kafe.demo`.
    pub username: String,
    /// Shown name, e.g. `บ้านกาแฟ ☕`. Empty: the handle.
    #[serde(default)]
    pub display_name: String,
    /// Sign-up country, ISO 3166, e.g. `TH` (the default).
    #[serde(default)]
    pub region: Option<String>,
    /// `false` for a personal account, which cannot use messaging. Default `true`.
    #[serde(default)]
    pub is_business_account: Option<bool>,
}

/// A TikTok account of a business.
#[derive(Debug, Clone, Serialize)]
pub struct Business {
    /// Handle without @.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// `open_id` = `business_id` = `user_openid`, e.g. `-000Zk…`.
    pub open_id: String,
    /// Sign-up country.
    pub region: String,
    /// False for a personal account.
    pub is_business_account: bool,
    /// Followers shown in the profile.
    pub followers_count: u32,
}

impl NewBusiness {
    /// A business in Thailand.
    pub fn new(username: &str, display_name: &str) -> Self {
        Self { username: username.to_owned(), display_name: display_name.to_owned(), ..Self::default() }
    }
}

impl Business {
    pub(crate) fn from_new(new: NewBusiness) -> Self {
        Self {
            open_id: crate::signing::business_id(&new.username),
            display_name: if new.display_name.is_empty() { new.username.clone() } else { new.display_name },
            username: new.username,
            region: new.region.unwrap_or_else(|| "TH".to_owned()).to_uppercase(),
            is_business_account: new.is_business_account.unwrap_or(true),
            followers_count: 1234,
        }
    }

    /// Whether TikTok lets this account use Business Messaging at all.
    pub(crate) fn may_message(&self) -> bool {
        self.is_business_account && !EUROPE.contains(&self.region.as_str()) && self.region != "UK"
    }
}

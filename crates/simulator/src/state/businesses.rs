//! Business (and personal) accounts that can authorize an app.

use serde::{Deserialize, Serialize};

/// Countries whose accounts may authorize but not use Business Messaging: EEA, Switzerland, United Kingdom.
const EUROPE: [&str; 32] = [
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Countries without pictures in direct messages besides Europe (a vendor's list, read 2026-11).
const NO_PICTURES: [&str; 14] = ["AU", "CO", "IN", "IR", "JP", "KP", "KR", "NG", "PH", "RU", "TR", "UA", "UK", "US"];

/// EEA, Switzerland, United Kingdom.
pub(crate) fn is_european(region: &str) -> bool {
    EUROPE.contains(&region) || region == "UK"
}

/// Whether somebody signed up in `region` may be answered under a comment: APAC, LATAM, METAP.
pub(crate) fn answerable_comments(region: &str) -> bool {
    !is_european(region) && !matches!(region, "US" | "CA")
}

/// Whether people signed up in `region` (ISO 3166 code, e.g. `TH`) can exchange pictures.
pub(crate) fn pictures_allowed(region: &str) -> bool {
    !NO_PICTURES.contains(&region) && !is_european(region)
}

/// Countries where Comment-to-Message exists (portal page 1843697551083522, read 2026-11).
const COMMENT_TO_MESSAGE: [&str; 3] = ["VN", "ID", "TH"];

/// Which of TikTok's two readings of the sending window holds: its pages disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSet {
    /// The send page: 10 messages within 48 hours of each customer message.
    #[default]
    Strict,
    /// The messaging-limits guide: 10 at first, unlimited for 48 hours after each reply, then 3.
    Guide,
}

/// How the review of automatic messages ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Approved after `Config::review_ms`.
    #[default]
    Approve,
    /// Rejected after `Config::review_ms`.
    Reject,
    /// Stays under review until somebody decides.
    Manual,
}

/// A keyword reply, set in TikTok's app: the API cannot manage these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeywordReply {
    /// Any of these words in a text triggers it, whatever their case, e.g. `โปร`.
    pub keywords: Vec<String>,
    /// What TikTok sends.
    pub answer: String,
}

/// What the lists show of conversations with customers in Europe. What TikTok does is not known, so all can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum European {
    /// Nothing.
    #[default]
    Hidden,
    /// The conversation, without the customer's messages.
    Listed,
    /// The conversation and everything in it.
    Readable,
}

/// What is needed to create a business.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Sending rules. Default the strict send page.
    #[serde(default)]
    pub rules: Option<RuleSet>,
    /// Comment-to-Message. Default off.
    #[serde(default)]
    pub comment_to_message: Option<bool>,
    /// Whether everybody may write; `false`: messages of strangers wait for the owner. Default `true`.
    #[serde(default)]
    pub open_to_everyone: Option<bool>,
    /// What the lists show of European customers. Default nothing.
    #[serde(default)]
    pub european: Option<European>,
    /// How reviews end. Default approved.
    #[serde(default)]
    pub review: Option<Review>,
    /// Keyword replies.
    #[serde(default)]
    pub keyword_replies: Vec<KeywordReply>,
}

/// Changes to a business; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessSettings {
    /// Handle of the business, as it was made here.
    #[serde(default)]
    pub business: String,
    /// Another handle, which TikTok shows from now on.
    #[serde(default)]
    pub handle: Option<String>,
    /// Another shown name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Sending rules.
    #[serde(default)]
    pub rules: Option<RuleSet>,
    /// Sign-up country, ISO 3166.
    #[serde(default)]
    pub region: Option<String>,
    /// `false` for a personal account.
    #[serde(default)]
    pub is_business_account: Option<bool>,
    /// Comment-to-Message, as its owner switches it in TikTok's app.
    #[serde(default)]
    pub comment_to_message: Option<bool>,
    /// Whether everybody may write.
    #[serde(default)]
    pub open_to_everyone: Option<bool>,
    /// What the lists show of European customers.
    #[serde(default)]
    pub european: Option<European>,
    /// How reviews end.
    #[serde(default)]
    pub review: Option<Review>,
    /// All keyword replies.
    #[serde(default)]
    pub keyword_replies: Option<Vec<KeywordReply>>,
}

/// A TikTok account of a business.
#[derive(Debug, Clone, Serialize)]
pub struct Business {
    /// Handle without @, by which it is known here.
    pub username: String,
    /// The handle that TikTok shows: the same until it is changed.
    pub handle: String,
    /// Shown name.
    pub display_name: String,
    /// `open_id` = `business_id` = `user_openid`, e.g. `-000Zk…`.
    pub open_id: String,
    /// `open_id` of the same account on TikTok for Developers: the two platforms do not share ids.
    pub login_id: String,
    /// Sign-up country.
    pub region: String,
    /// False for a personal account.
    pub is_business_account: bool,
    /// Followers shown in the profile.
    pub followers_count: u32,
    /// Sending rules.
    pub rules: RuleSet,
    /// Comment-to-Message is on.
    pub comment_to_message: bool,
    /// Everybody may write. Otherwise messages of strangers are not delivered until the owner accepts them in TikTok's app.
    pub open_to_everyone: bool,
    /// What the lists show of European customers.
    pub european: European,
    /// How reviews of automatic messages end.
    pub review: Review,
    /// Keyword replies.
    pub keyword_replies: Vec<KeywordReply>,
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
            login_id: crate::signing::login_id(&new.username),
            display_name: if new.display_name.is_empty() { new.username.clone() } else { new.display_name },
            handle: new.username.clone(),
            username: new.username,
            region: new.region.unwrap_or_else(|| "TH".to_owned()).to_uppercase(),
            is_business_account: new.is_business_account.unwrap_or(true),
            followers_count: 1234,
            rules: new.rules.unwrap_or_default(),
            comment_to_message: new.comment_to_message.unwrap_or_default(),
            open_to_everyone: new.open_to_everyone.unwrap_or(true),
            european: new.european.unwrap_or_default(),
            review: new.review.unwrap_or_default(),
            keyword_replies: new.keyword_replies,
        }
    }

    pub(crate) fn change(&mut self, asked: BusinessSettings) {
        self.handle = asked.handle.unwrap_or_else(|| self.handle.clone());
        self.display_name = asked.display_name.unwrap_or_else(|| self.display_name.clone());
        self.rules = asked.rules.unwrap_or(self.rules);
        self.region = asked.region.map_or_else(|| self.region.clone(), |region| region.to_uppercase());
        self.is_business_account = asked.is_business_account.unwrap_or(self.is_business_account);
        self.comment_to_message = asked.comment_to_message.unwrap_or(self.comment_to_message);
        self.open_to_everyone = asked.open_to_everyone.unwrap_or(self.open_to_everyone);
        self.european = asked.european.unwrap_or(self.european);
        self.review = asked.review.unwrap_or(self.review);
        if let Some(replies) = asked.keyword_replies {
            self.keyword_replies = replies;
        }
    }

    /// True where TikTok lets the account authorize and then refuses every call.
    pub(crate) fn is_excluded(&self) -> bool {
        is_european(&self.region)
    }

    /// Whether Comment-to-Message exists where the account signed up.
    pub(crate) fn has_comment_to_message(&self) -> bool {
        COMMENT_TO_MESSAGE.contains(&self.region.as_str())
    }

    /// The answer of the first keyword reply that a text triggers.
    pub(crate) fn keyword_answer(&self, text: &str) -> Option<&str> {
        let text = text.to_lowercase();
        let triggered = |reply: &&KeywordReply| {
            reply.keywords.iter().any(|word| !word.is_empty() && text.contains(&word.to_lowercase()))
        };
        self.keyword_replies.iter().find(triggered).map(|reply| reply.answer.as_str())
    }

    /// Whether TikTok lets this account use Business Messaging at all.
    pub(crate) fn may_message(&self) -> bool {
        self.is_business_account && !self.is_excluded()
    }
}

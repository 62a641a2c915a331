//! How a user came into the conversation: through an ad or a short link.
//! The webhook sends one object, the conversation list sends arrays of the same objects.

use serde_json::Value;

use super::string_enum::string_enum;
use crate::wire::{FieldError, Fields};

string_enum! {
    /// Through what a user came.
    ReferralSource {
        /// A Click-to-Message ad.
        Ad = "ad",
        /// A tiktok.me link.
        ShortLink = "short_link",
    }
}

string_enum! {
    /// TikTok's review of the prefilled text of a short link.
    PrefillAudit {
        /// Shown to the user.
        Pass = "PASS",
        /// Not shown.
        Reject = "REJECT",
    }
}

/// How a user came into the conversation (`referral` of `im_referral_msg`).
///
/// Source: portal page 1832190670631937, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Referral {
    /// Ad or short link.
    pub source: ReferralSource,
    /// The ad.
    pub ad: Option<AdReferral>,
    /// The short link.
    pub short_link: Option<ShortLinkReferral>,
    /// Everything, as received: a source that is new is in here only.
    pub raw: Value,
}

/// The ad a user clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AdReferral {
    /// The advertiser account. Example `7400000000000000201`.
    pub advertiser_id: Option<String>,
    /// The ad. Example `1800000000000042`.
    pub ad_id: Option<String>,
    /// When it was clicked, in milliseconds since 1970 (TikTok sends seconds over REST and
    /// milliseconds in webhooks).
    pub timestamp_ms: Option<i64>,
    /// Name of the ad.
    pub ad_name: Option<String>,
    /// Address of the ad's player.
    pub embed_url: Option<String>,
    /// The message material of the ad.
    pub message_material_id: Option<String>,
}

/// The short link a user opened (`https://tiktok.me/{username}?ref=…`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShortLinkReferral {
    /// Your own marker. Example `bio_link-2026`.
    pub reference: Option<String>,
    /// The text put into the user's input field.
    pub prefilled_message: Option<String>,
    /// Whether that text passed TikTok's review.
    pub prefilled_message_audit_status: Option<PrefillAudit>,
}

impl Referral {
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "referral")?;
        let first = |name| {
            let found = fields.list(name).first();
            found.and_then(|value| Fields::of(value, "referral").ok())
        };
        let ad = first("ad").map(AdReferral::read);
        let short_link = first("short_link").map(ShortLinkReferral::read);
        // Where it does not name its source, what it holds does.
        let held = || match (&ad, &short_link) {
            (Some(_), _) => Some(ReferralSource::Ad),
            (None, Some(_)) => Some(ReferralSource::ShortLink),
            (None, None) => None,
        };
        Ok(Self {
            source: fields.filled("source").or_else(held).ok_or(FieldError("source"))?,
            ad,
            short_link,
            raw: value.clone(),
        })
    }
}

impl AdReferral {
    pub(crate) fn read(fields: Fields<'_>) -> Self {
        Self {
            advertiser_id: fields.filled("advertiser_id"),
            ad_id: fields.filled("ad_id"),
            timestamp_ms: fields.millis("timestamp"),
            ad_name: fields.filled("ad_name"),
            embed_url: fields.filled("embed_url"),
            message_material_id: fields.filled("message_material_id"),
        }
    }
}

impl ShortLinkReferral {
    pub(crate) fn read(fields: Fields<'_>) -> Self {
        Self {
            reference: fields.filled("ref"),
            prefilled_message: fields.filled("prefilled_message"),
            prefilled_message_audit_status: fields.filled("prefilled_message_audit_status"),
        }
    }
}

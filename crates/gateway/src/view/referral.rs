//! How a customer came, as JSON: through which ad or link, and when.

use domain::{
    Id, Timestamp, account, conversation,
    referral::{self as dr, PrefillAudit},
    store,
};
use serde::Serialize;
use utoipa::ToSchema;

/// How the customer of a conversation came to it, and elsewhere. At most 100 of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Referrals {
    /// To this conversation, newest first.
    pub items: Vec<Referral>,
    /// The same contact to other conversations that the caller may see, newest first.
    pub elsewhere: Vec<Referral>,
}

/// One way in, at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Referral {
    /// The conversation it led to, `conv_…`.
    #[schema(value_type = String)]
    pub conversation_id: Id<conversation::Conversation>,
    /// The account of that conversation, `acc_…`.
    #[schema(value_type = String)]
    pub account_id: Id<account::Account>,
    /// Names the source, such as `ad:1800000000000042` or `link:bio_link-2026`: what the list of conversations takes as `referral`.
    pub key: String,
    /// Through what.
    pub source: ReferralSource,
    /// When, in whole seconds.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// False where TikTok told no time: `at` is then the latest it can have been.
    pub dated: bool,
    /// When the same source led to the same conversation for the first time.
    #[schema(value_type = String, format = DateTime)]
    pub first_at: Timestamp,
}

/// Through what a customer came, such as `{"type":"ad","adId":"1800000000000042",…}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ReferralSource {
    /// A Click-to-Message ad.
    #[serde(rename_all = "camelCase")]
    Ad {
        /// The ad.
        #[schema(required)]
        ad_id: Option<String>,
        /// Its name, in the advertiser's words.
        #[schema(required)]
        name: Option<String>,
        /// The advertiser's account.
        #[schema(required)]
        advertiser_id: Option<String>,
        /// Address of its player.
        #[schema(required)]
        embed_url: Option<String>,
        /// Its message material.
        #[schema(required)]
        material_id: Option<String>,
    },
    /// A tiktok.me link.
    #[serde(rename_all = "camelCase")]
    ShortLink {
        /// The business's own marker.
        #[serde(rename = "ref")]
        #[schema(required)]
        reference: Option<String>,
        /// The words that the link put into the customer's field.
        #[schema(required)]
        prefilled_message: Option<String>,
        /// What TikTok's review said of those words; null where it said nothing.
        #[schema(required)]
        audit: Option<LinkAudit>,
    },
    /// A way we don't know yet.
    Other {
        /// TikTok's name for it.
        #[schema(required)]
        name: Option<String>,
    },
}

/// TikTok's review of prefilled words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkAudit {
    /// They were put into the field.
    Pass,
    /// They were not.
    Reject,
    /// A word we don't know.
    Unknown,
}

impl From<store::Referrals> for Referrals {
    fn from(found: store::Referrals) -> Self {
        let shown = |records: Vec<store::ReferralRecord>| records.into_iter().map(Into::into).collect();
        Self { items: shown(found.here), elsewhere: shown(found.elsewhere) }
    }
}

impl From<store::ReferralRecord> for Referral {
    fn from(record: store::ReferralRecord) -> Self {
        let store::ReferralRecord { conversation_id, account_id, referral, first_at } = record;
        let (key, source) = (referral.source.key(), referral.source.into());
        Self { conversation_id, account_id, key, source, at: referral.at, dated: referral.dated, first_at }
    }
}

impl From<dr::ReferralSource> for ReferralSource {
    fn from(source: dr::ReferralSource) -> Self {
        match source {
            dr::ReferralSource::Ad { ad } => Self::Ad {
                ad_id: ad.ad_id,
                name: ad.ad_name,
                advertiser_id: ad.advertiser_id,
                embed_url: ad.embed_url,
                material_id: ad.message_material_id,
            },
            dr::ReferralSource::ShortLink { short_link } => Self::ShortLink {
                reference: short_link.reference,
                prefilled_message: short_link.prefilled_message,
                audit: short_link.audit.map(|audit| match audit {
                    PrefillAudit::Pass => LinkAudit::Pass,
                    PrefillAudit::Reject => LinkAudit::Reject,
                    PrefillAudit::Unknown => LinkAudit::Unknown,
                }),
            },
            other @ dr::ReferralSource::Other(_) => Self::Other { name: other.other_name().map(str::to_owned) },
        }
    }
}

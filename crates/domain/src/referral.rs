//! How a customer came into a conversation: through an ad, through a tiktok.me link, or in a way we don't know yet.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;

/// Characters of a key. A `ref` may be 2,083 long; those that agree up to here count as one, because an index holds no more.
const KEY_MAX: usize = 512;

/// One way in, at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// Through what.
    pub source: ReferralSource,
    /// When, in whole seconds: TikTok's list tells no more than its webhook does, so one click is one row whoever tells of it.
    pub at: Timestamp,
    /// False where the report told no time (a link, in TikTok's list): `at` is then when something last happened there, and
    /// a report of the same source that tells its time takes its place.
    pub dated: bool,
}

/// Through what a customer came. Kept as JSON in the provider's words, such as
/// `{"source":"ad","ad":{"ad_id":"1800000000000042"}}`; whatever is not read as one of ours is kept raw.
///
/// Source: TikTok for Business portal pages 1832190670631937 (webhook) and 1832184415059970 (list), read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum ReferralSource {
    /// A Click-to-Message ad.
    Ad {
        /// What is told of it.
        #[serde(default)]
        ad: AdReferral,
    },
    /// A tiktok.me link.
    ShortLink {
        /// What is told of it.
        #[serde(default)]
        short_link: LinkReferral,
    },
    /// Another way, as reported.
    #[serde(untagged)]
    Other(Value),
}

/// The ad that was clicked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AdReferral {
    /// The advertiser's account. Example `7400000000000000201`.
    pub advertiser_id: Option<String>,
    /// The ad. Example `1800000000000042`.
    pub ad_id: Option<String>,
    /// Its name, in the advertiser's words.
    pub ad_name: Option<String>,
    /// Address of its player.
    pub embed_url: Option<String>,
    /// Its message material.
    pub message_material_id: Option<String>,
}

/// The link that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkReferral {
    /// The business's own marker. Example `bio_link-2026`.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// The words that the link put into the customer's field.
    pub prefilled_message: Option<String>,
    /// What TikTok's review said of those words.
    #[serde(rename = "prefilled_message_audit_status")]
    pub audit: Option<PrefillAudit>,
}

/// TikTok's review of prefilled words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PrefillAudit {
    /// They were put into the field.
    Pass,
    /// They were not.
    Reject,
    /// A word we don't know.
    #[serde(other)]
    Unknown,
}

impl Referral {
    /// One that tells its time.
    pub const fn new(source: ReferralSource, at: Timestamp) -> Self {
        Self { source, at: Timestamp::from_secs(at.as_secs()), dated: true }
    }

    /// One that does not; `by` is the latest it can be.
    pub const fn undated(source: ReferralSource, by: Timestamp) -> Self {
        Self { source, at: Timestamp::from_secs(by.as_secs()), dated: false }
    }
}

impl ReferralSource {
    /// Names the source whatever else is told of it: `ad:1800000000000042`, `link:bio_link-2026`, `other:qr_code`. At most 512
    /// characters, none of them a control character. The stores keep it in an indexed column; the migration that brought the column builds it the same
    /// way in SQL.
    pub fn key(&self) -> String {
        let (kind, name) = match self {
            Self::Ad { ad } => ("ad", ad.ad_id.as_deref()),
            Self::ShortLink { short_link } => ("link", short_link.reference.as_deref()),
            Self::Other(_) => ("other", self.other_name()),
        };
        let name = name.unwrap_or_default().chars().filter(|letter| !letter.is_control());
        kind.chars().chain([':']).chain(name).take(KEY_MAX).collect()
    }

    /// The provider's name of a way that we don't know.
    pub fn other_name(&self) -> Option<&str> {
        match self {
            Self::Other(raw) => raw.get("source").and_then(Value::as_str),
            Self::Ad { .. } | Self::ShortLink { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: Value) -> ReferralSource {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn sources_are_kept_in_the_providers_words() {
        let ad = json!({"source": "ad", "ad": {"advertiser_id": "7", "ad_id": "42", "ad_name": "กาแฟหน้าฝน 🌧️", "embed_url": "https://t/1", "message_material_id": null}});
        let link = json!({"source": "short_link", "short_link": {"ref": "bio", "prefilled_message": "ขอดูเมนูค่ะ", "prefilled_message_audit_status": "REJECT"}});
        let other = json!({"source": "qr_code", "qr_code": {"shelf": 3}});
        for (kept, key) in [(ad, "ad:42"), (link, "link:bio"), (other, "other:qr_code")] {
            let source = read(kept.clone());
            assert_eq!(source.key(), key);
            assert_eq!(serde_json::to_value(&source).unwrap(), kept);
        }
    }

    #[test]
    fn what_is_missing_or_strange_is_no_error() {
        assert_eq!(read(json!({"source": "ad"})).key(), "ad:");
        assert_eq!(read(json!({"source": "short_link", "short_link": {}})).key(), "link:");
        // What earlier versions wrote beside it is not read again: the time has a column.
        assert_eq!(read(json!({"source": "ad", "ad": {"ad_id": "42", "timestamp_ms": 5}})).key(), "ad:42");
        let strange = json!({"source": "short_link", "short_link": {"prefilled_message_audit_status": "LATER"}});
        let ReferralSource::ShortLink { short_link } = read(strange) else { panic!("a link") };
        assert_eq!(short_link.audit, Some(PrefillAudit::Unknown));
        for raw in [json!({"source": "ad", "ad": 5}), json!({}), json!({"source": 5})] {
            assert_eq!(read(raw.clone()), ReferralSource::Other(raw));
        }
        assert_eq!(read(json!({})).key(), "other:");
    }

    #[test]
    fn keys_fit_an_index() {
        let link = LinkReferral { reference: Some("ก".repeat(2083)), ..LinkReferral::default() };
        let key = ReferralSource::ShortLink { short_link: link }.key();
        assert_eq!((key.chars().count(), &key[..8]), (512, "link:ก"));
    }

    #[test]
    fn times_are_whole_seconds() {
        let source = || read(json!({"source": "ad"}));
        let webhook = Referral::new(source(), Timestamp::from_millis(1_789_999_995_123));
        assert_eq!(webhook, Referral::new(source(), Timestamp::from_secs(1_789_999_995)));
        assert!(!Referral::undated(source(), webhook.at).dated);
    }
}

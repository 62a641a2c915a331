//! Events that are not messages: referrals, and anything a test wants to put on the wire.

use serde::Deserialize;
use serde_json::{Value, json};

use super::customer::emit;
use crate::error::ControlError;
use crate::simulator::Simulator;
use crate::state::go_json;
use crate::state::webhooks::Event;
use crate::wire::events;

/// A customer comes in through an ad or a tiktok.me link.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ReferralRequest {
    /// Handle of the customer.
    pub customer: String,
    /// Handle of the business; may be left to `link`.
    #[serde(default)]
    pub business: String,
    /// The address opened, e.g. `https://tiktok.me/krok.coffee?ref=bio_link-2026&message=…`; says the rest.
    #[serde(default)]
    pub link: Option<String>,
    /// `ad` (default) or `short_link`.
    #[serde(default)]
    pub source: String,
    /// The ad, e.g. `1800000000000042`.
    #[serde(default)]
    pub ad_id: Option<String>,
    /// Name of the ad, e.g. `กาแฟหน้าฝน 🌧️`.
    #[serde(default)]
    pub ad_name: Option<String>,
    /// `ref` of the link, e.g. `bio_link-2026`.
    #[serde(default, rename = "ref")]
    pub reference: Option<String>,
    /// Text the link put into the customer's field.
    #[serde(default)]
    pub prefilled_message: Option<String>,
    /// What TikTok's review said about that text: `PASS` (default) or `REJECT`.
    #[serde(default)]
    pub prefilled_message_audit_status: Option<String>,
}

/// Longest `ref` of a link.
const MAX_REF: usize = 2083;

impl ReferralRequest {
    /// What a `tiktok.me` address says, in place of the fields.
    fn opened(&self) -> Result<Self, ControlError> {
        let mut asked = self.clone();
        if let Some(link) = &self.link {
            let url = url::Url::parse(link).ok().filter(|url| url.host_str() == Some("tiktok.me"));
            let url = url.ok_or_else(|| ControlError::invalid("link: https://tiktok.me/{username}?ref=…&message=…"))?;
            let value =
                |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            url.path().trim_matches('/').clone_into(&mut asked.business);
            "short_link".clone_into(&mut asked.source);
            asked.reference = Some(value("ref").unwrap_or_default());
            asked.prefilled_message = Some(value("message").unwrap_or_default());
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'=');
        if asked.reference.as_ref().is_some_and(|text| text.len() > MAX_REF || !text.bytes().all(plain)) {
            return Err(ControlError::invalid("ref: letters, digits, - _ =, at most 2083"));
        }
        let audit = asked.prefilled_message_audit_status.as_deref();
        if audit.is_some_and(|status| !matches!(status, "PASS" | "REJECT")) {
            return Err(ControlError::invalid("prefilled_message_audit_status: PASS or REJECT"));
        }
        Ok(asked)
    }
}

fn referral_object(asked: &ReferralRequest, now: i64) -> (&'static str, Value) {
    if asked.source == "short_link" {
        let link = json!({
            "ref": asked.reference.as_deref().unwrap_or("bio_link-2026"),
            "prefilled_message": asked.prefilled_message.as_deref().unwrap_or("ขอดูเมนูค่ะ"),
            "prefilled_message_audit_status": asked.prefilled_message_audit_status.as_deref().unwrap_or("PASS"),
        });
        return ("short_link", link);
    }
    let ad = json!({
        "advertiser_id": "7400000000000000201",
        "ad_id": asked.ad_id.as_deref().unwrap_or("1800000000000042"),
        "timestamp": now,
        "ad_name": asked.ad_name.as_deref().unwrap_or("กาแฟหน้าฝน 🌧️"),
        "embed_url": "https://www.tiktok.com/player/v1/7400000000000000102",
        "message_material_id": "matInv3nted01",
    });
    ("ad", ad)
}

impl Simulator {
    /// The customer clicks an ad or opens a tiktok.me link; no message comes with it. Answers the conversation id.
    pub fn refer(&self, asked: &ReferralRequest) -> Result<String, ControlError> {
        let now = self.now_ms();
        let asked = &asked.opened()?;
        let id = self.with(|state| {
            let id = state.open(&asked.business, &asked.customer, now)?;
            let (source, object) = referral_object(asked, now);
            let conversation =
                state.conversation_mut(&id).ok_or_else(|| ControlError::not_found("conversation", id.as_str()))?;
            conversation.updated_at = now;
            if source == "ad" {
                conversation.ads.push(object.clone());
            } else {
                conversation.short_links.push(object.clone());
            }
            let conversation = conversation.clone();
            let (business, customer) = state.pair(&conversation);
            let mut referral = json!({"source": source});
            referral[source] = object;
            let content = events::referral(&business, &customer, &id, &referral, now);
            if !customer.is_withheld() {
                emit(state, &business.username, "im_referral_msg", source.to_owned(), &id, &content, now);
            }
            Ok::<_, ControlError>(id)
        })?;
        self.tell("conversation", &id);
        Ok(id)
    }

    /// An automatic message was changed or reviewed: `event` is `im_auto_message_config_update` or `im_auto_message_audit_update`,
    /// `content` its object.
    pub fn auto_message_event(&self, business: &str, event: &str, content: &Value) -> Result<(), ControlError> {
        self.emit_raw(business, event, &go_json(content))
    }

    /// Sends any event with any `content` string, for what nobody has seen yet, to those who hear of direct messages.
    pub fn emit_raw(&self, business: &str, event: &str, content: &str) -> Result<(), ControlError> {
        self.emit_as("DIRECT_MESSAGE", business, event, content)
    }

    /// The same to those who hear of another category, e.g. `VIDEO`.
    pub fn emit_as(&self, category: &str, business: &str, event: &str, content: &str) -> Result<(), ControlError> {
        let now = self.now_ms();
        self.with(|state| {
            state.business(business)?;
            let event = Event {
                business,
                category,
                name: event,
                label: String::new(),
                key: business.to_owned(),
                content: content.to_owned(),
                is_api_echo: false,
                item_id: None,
            };
            state.emit(&event, now);
            Ok::<_, ControlError>(())
        })?;
        self.tell("webhooks", "");
        Ok(())
    }
}

//! Events that are not messages: referrals, comments, and anything a test wants to put on the wire.

use serde::Deserialize;
use serde_json::{Value, json};

use super::customer::{Written, emit};
use crate::error::ControlError;
use crate::simulator::Simulator;
use crate::state::comments::Comment;
use crate::state::go_json;
use crate::state::webhooks::Event;
use crate::wire::events;

/// A customer comes in through an ad or a tiktok.me link.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ReferralRequest {
    /// Handle of the customer.
    pub customer: String,
    /// Handle of the business.
    pub business: String,
    /// `ad` (default) or `short_link`.
    #[serde(default)]
    pub source: String,
    /// Name of the ad, e.g. `กาแฟหน้าฝน 🌧️`.
    #[serde(default)]
    pub ad_name: Option<String>,
    /// `ref` of the link, e.g. `bio_link-2026`.
    #[serde(default, rename = "ref")]
    pub reference: Option<String>,
    /// Text the link put into the customer's field.
    #[serde(default)]
    pub prefilled_message: Option<String>,
}

/// A comment TikTok's classifier found worth a direct message.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CommentRequest {
    /// Handle of the customer.
    pub customer: String,
    /// Handle of the business.
    pub business: String,
    /// The comment.
    pub text: String,
}

fn referral_object(asked: &ReferralRequest, now: i64) -> (&'static str, Value) {
    if asked.source == "short_link" {
        let link = json!({
            "ref": asked.reference.as_deref().unwrap_or("bio_link-2026"),
            "prefilled_message": asked.prefilled_message.as_deref().unwrap_or("ขอดูเมนูค่ะ"),
            "prefilled_message_audit_status": "PASS",
        });
        return ("short_link", link);
    }
    let ad = json!({
        "advertiser_id": "7400000000000000201",
        "ad_id": "1800000000000042",
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

    /// The customer comments; TikTok flags it (`im_receive_high_intent_comment`, and `comment.update` where subscribed).
    /// Answers the comment's id in `message_id`.
    pub fn comment(&self, asked: &CommentRequest) -> Result<Written, ControlError> {
        let now = self.now_ms();
        let written = self.with(|state| {
            let conversation_id = state.open(&asked.business, &asked.customer, now)?;
            let (business, customer) =
                (state.business(&asked.business)?.clone(), state.customer(&asked.customer)?.clone());
            let id = state.ids.number("comment");
            state.comments.push(Comment {
                id: id.clone(),
                business: business.username.clone(),
                customer: customer.username.clone(),
                created_at: now,
                answered: false,
            });
            let update = events::comment_update(&customer, &id, 7_400_000_000_000_000_101, &asked.text, now);
            let event = Event {
                business: &business.username,
                category: "COMMENT",
                name: "comment.update",
                label: "insert".to_owned(),
                key: id.clone(),
                content: go_json(&update),
                is_api_echo: false,
            };
            state.emit(&event, now);
            let content = events::high_intent_comment(&business, &customer, &id, &asked.text, now);
            emit(
                state,
                &business.username,
                "im_receive_high_intent_comment",
                String::new(),
                &conversation_id,
                &content,
                now,
            );
            Ok::<_, ControlError>(Written { conversation_id, message_id: id })
        })?;
        self.tell("state", "");
        Ok(written)
    }

    /// An automatic message was changed or reviewed: `event` is `im_auto_message_config_update` or `im_auto_message_audit_update`,
    /// `content` its object.
    pub fn auto_message_event(&self, business: &str, event: &str, content: &Value) -> Result<(), ControlError> {
        self.emit_raw(business, event, &go_json(content))
    }

    /// Sends any event with any `content` string, for what nobody has seen yet.
    pub fn emit_raw(&self, business: &str, event: &str, content: &str) -> Result<(), ControlError> {
        let now = self.now_ms();
        self.with(|state| {
            state.business(business)?;
            let event = Event {
                business,
                category: "DIRECT_MESSAGE",
                name: event,
                label: String::new(),
                key: business.to_owned(),
                content: content.to_owned(),
                is_api_echo: false,
            };
            state.emit(&event, now);
            Ok::<_, ControlError>(())
        })?;
        self.tell("webhooks", "");
        Ok(())
    }
}

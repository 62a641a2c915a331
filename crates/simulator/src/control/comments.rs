//! Comments under a business's posts: `comment.update` for apps that subscribed to comments, and
//! `im_receive_high_intent_comment` where TikTok's classifier flags one and Comment-to-Message is on.

use serde::Deserialize;

use super::customer::{Written, emit};
use crate::error::ControlError;
use crate::signing::conversation_id;
use crate::simulator::Simulator;
use crate::state::comments::Comment;
use crate::state::customers::Customer;
use crate::state::webhooks::Event;
use crate::state::{State, go_json};
use crate::wire::events;

/// A customer comments.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommentRequest {
    /// Handle of the customer.
    pub customer: String,
    /// Handle of the business.
    pub business: String,
    /// The comment.
    pub text: String,
    /// The post; default: the business's newest.
    #[serde(default)]
    pub video_id: Option<String>,
    /// The comment this one answers; absent at first level.
    #[serde(default)]
    pub parent_comment_id: Option<String>,
    /// Whether TikTok's classifier finds it worth a direct message. Default `true`.
    #[serde(default)]
    pub high_intent: Option<bool>,
}

/// Something happens to a comment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommentAction {
    /// 19 digits, as answered when it was made.
    pub comment_id: String,
    /// `delete`, `set_to_hidden`, `set_to_friends_only` or `set_to_public`.
    pub action: String,
}

const ACTIONS: [&str; 4] = ["delete", "set_to_hidden", "set_to_friends_only", "set_to_public"];

impl Simulator {
    /// The customer comments. Answers the comment's id in `message_id` and the id a conversation of the two has.
    pub fn comment(&self, asked: &CommentRequest) -> Result<Written, ControlError> {
        let now = self.now_ms();
        let written = self.with(|state| comment(state, asked, now));
        self.tell("state", "");
        written
    }

    /// A comment is deleted, hidden or shown again.
    pub fn comment_action(&self, asked: &CommentAction) -> Result<(), ControlError> {
        if !ACTIONS.contains(&asked.action.as_str()) {
            return Err(ControlError::invalid("action: delete, set_to_hidden, set_to_friends_only or set_to_public"));
        }
        let now = self.now_ms();
        self.with(|state| {
            let found = state.comments.iter().position(|one| one.id == asked.comment_id);
            let at = found.ok_or_else(|| ControlError::not_found("comment", asked.comment_id.as_str()))?;
            let comment = state.comments[at].clone();
            if asked.action == "delete" {
                state.comments.remove(at);
            }
            let customer = state.customer(&comment.customer)?.clone();
            tell(state, &comment, &customer, (&asked.action, None), now);
            Ok::<_, ControlError>(())
        })?;
        self.tell("webhooks", "");
        Ok(())
    }
}

fn comment(state: &mut State, asked: &CommentRequest, now: i64) -> Result<Written, ControlError> {
    let business = state.business(&asked.business)?.clone();
    let customer = state.customer(&asked.customer)?.clone();
    let newest = || state.posts.of(&business.username).first().map(|post| post.item_id.clone());
    let video_id =
        asked.video_id.clone().or_else(newest).ok_or_else(|| ControlError::invalid("video_id is missing"))?;
    let known = |id: &&String| state.comments.iter().any(|one| one.id == **id && one.business == business.username);
    if let Some(parent) = &asked.parent_comment_id {
        Some(parent).filter(known).ok_or_else(|| ControlError::not_found("comment", parent.as_str()))?;
    }
    let flagged = asked.high_intent.unwrap_or(true)
        && asked.parent_comment_id.is_none()
        && business.comment_to_message
        && !customer.is_withheld();
    let comment = Comment {
        id: state.ids.number("comment"),
        business: business.username.clone(),
        customer: customer.username.clone(),
        video_id,
        parent: asked.parent_comment_id.clone(),
        created_at: now,
        flagged,
        answered: false,
    };
    state.comments.push(comment.clone());
    tell(state, &comment, &customer, ("insert", Some(&asked.text)), now);
    let conversation_id = conversation_id(&business.username, &customer.username);
    if flagged {
        let content = events::high_intent_comment(&business, &customer, &comment.id, &asked.text, now);
        let event = "im_receive_high_intent_comment";
        emit(state, &business.username, event, String::new(), &conversation_id, &content, now);
    }
    Ok(Written { conversation_id, message_id: comment.id })
}

/// `comment.update` with an action, and the words of a new comment.
fn tell(state: &mut State, comment: &Comment, customer: &Customer, what: (&str, Option<&str>), now: i64) {
    let (action, text) = what;
    let content = events::comment_update(customer, comment, action, text, now);
    let event = Event {
        business: &comment.business,
        category: "COMMENT",
        name: "comment.update",
        label: action.to_owned(),
        key: comment.id.clone(),
        content: go_json(&content),
        is_api_echo: false,
        item_id: Some(comment.video_id.clone()),
    };
    state.emit(&event, now);
}

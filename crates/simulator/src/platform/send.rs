//! `business/message/send/`: text, picture, shared post, question card, sender action, comment reply.
//! Portal page 1832184403754242, read 2026-11. Checks of the content are in `send_checks`.

use serde_json::json;

use super::send_checks::{self, Target};
use super::{ApiCall, Done, lists};
use crate::control::echo;
use crate::error::ApiError;
use crate::signing::conversation_id;
use crate::state::State;
use crate::state::businesses::{answerable_comments, pictures_allowed};
use crate::state::ledger;
use crate::state::messages::{Content, Message};

/// The typing sign stands for five seconds.
const TYPING_MS: i64 = 5_000;
/// Comment replies: within 48 hours, and no message between both in the last 24.
const COMMENT_MS: i64 = 48 * 3_600_000;
const QUIET_MS: i64 = 24 * 3_600_000;

fn accepted(message_id: &str, deliver_first: Vec<u64>) -> Done {
    Done { data: json!({"message": {"message_id": message_id}}), deliver_first }
}

pub(super) fn send(state: &mut State, call: &ApiCall) -> Result<Done, ApiError> {
    let business_id = call.fields.text("business_id")?.to_owned();
    let kind = call.fields.text("message_type")?;
    match send_checks::target(&call.fields)? {
        Target::Comment(comment_id) => {
            let content = send_checks::content(&call.fields, kind)?;
            check_post(state, &business_id, &content)?;
            check_upload(state, call, &business_id, &content)?;
            let conversation_id = comment_reply(state, &business_id, &comment_id, call.now)?;
            Ok(write(state, call, &conversation_id, content, None))
        }
        Target::Conversation(id) => {
            lists::find(state, &business_id, &id).map_err(|_| ApiError::param("recipient"))?;
            if kind == "SENDER_ACTION" {
                return action(state, call, &id);
            }
            let content = send_checks::content(&call.fields, kind)?;
            let quoted = quote(state, call, &id, kind)?;
            check_upload(state, call, &business_id, &content)?;
            check_countries(state, &id, &content)?;
            check_post(state, &business_id, &content)?;
            let conversation = lists::find(state, &business_id, &id)?;
            let rules = state.pair(conversation).0.rules;
            if ledger::read(&conversation.messages, call.now, rules).state != "open" {
                return Err(ApiError::of(40064));
            }
            Ok(write(state, call, &id, content, quoted))
        }
    }
}

fn write(state: &mut State, call: &ApiCall, conversation_id: &str, content: Content, quoted: Option<String>) -> Done {
    let mut message = Message::new(&mut state.ids, call.now, true, "API", content);
    message.quoted_message_id = quoted;
    let message_id = message.message_id.clone();
    let early = echo(state, conversation_id, &message, call.now);
    accepted(&message_id, early)
}

/// Typing and read signs: free of the ledger, no echo, an empty `message_id`.
fn action(state: &mut State, call: &ApiCall, id: &str) -> Result<Done, ApiError> {
    let action = call.fields.text("sender_action")?;
    let conversation = state.conversation_mut(id).ok_or_else(|| ApiError::param("recipient"))?;
    match action {
        "TYPING" => conversation.typing_until = Some(call.now + TYPING_MS),
        "MARK_READ" => conversation.business_read_at = Some(call.now),
        _ => return Err(ApiError::param("sender_action")),
    }
    Ok(accepted("", Vec::new()))
}

/// Only a text may quote, and only a text, picture or shared post.
fn quote(state: &State, call: &ApiCall, id: &str, kind: &str) -> Result<Option<String>, ApiError> {
    if call.fields.get("referenced_message_info").is_none() {
        return Ok(None);
    }
    let wrong = || ApiError::param("referenced_message_info.referenced_message_id");
    let quoted = call.fields.nested(["referenced_message_info", "referenced_message_id"])?;
    let message = state.conversation(id).and_then(|one| one.message(quoted)).ok_or_else(wrong)?;
    let quotable = matches!(message.content, Content::Text { .. } | Content::Image { .. } | Content::SharePost { .. });
    if kind == "TEXT" && quotable { Ok(Some(quoted.to_owned())) } else { Err(wrong()) }
}

/// Only the account's own uploads, not older than 30 days.
fn check_upload(state: &State, call: &ApiCall, business_id: &str, content: &Content) -> Result<(), ApiError> {
    let Content::Image { media_id } = content else { return Ok(()) };
    let sendable = state.media.sendable(media_id, business_id, call.now);
    sendable.map(|_| ()).ok_or_else(|| ApiError::param("image.media_id"))
}

/// Pictures need a country that has them on both sides.
fn check_countries(state: &State, id: &str, content: &Content) -> Result<(), ApiError> {
    if !matches!(content, Content::Image { .. }) {
        return Ok(());
    }
    let conversation = state.conversation(id).ok_or_else(|| ApiError::param("recipient"))?;
    let (business, customer) = state.pair(conversation);
    if pictures_allowed(&business.region) && pictures_allowed(&customer.region) {
        Ok(())
    } else {
        Err(ApiError::of(40001))
    }
}

/// Only the account's own posts can be shared.
fn check_post(state: &State, business_id: &str, content: &Content) -> Result<(), ApiError> {
    let Content::SharePost { post_id } = content else { return Ok(()) };
    let owned = state.business_by_id(business_id).is_some_and(|one| state.posts.owns(&one.username, post_id));
    if owned { Ok(()) } else { Err(ApiError::param("share_post.item_id")) }
}

/// The one way to write first. Answers the conversation the reply opens.
fn comment_reply(state: &mut State, business_id: &str, comment_id: &str, now: i64) -> Result<String, ApiError> {
    let business = state.business_by_id(business_id).cloned().ok_or_else(|| ApiError::of(40001))?;
    let found = state.comments.iter().position(|one| one.id == comment_id && one.business == business.username);
    let at = found.ok_or_else(|| ApiError::param("direct_reply.comment_reply.comment_id"))?;
    let comment = state.comments[at].clone();
    if !business.has_comment_to_message() || !business.comment_to_message {
        return Err(ApiError::of(40001));
    }
    let customer = state.customer(&comment.customer).map_err(|_| ApiError::of(40007))?.clone();
    let id = conversation_id(&business.username, &customer.username);
    let recent = state
        .conversation(&id)
        .is_some_and(|one| one.messages.iter().any(|message| message.timestamp > now - QUIET_MS));
    let answerable = comment.flagged
        && !comment.answered
        && comment.parent.is_none()
        && state.posts.owns(&business.username, &comment.video_id)
        && now < comment.created_at + COMMENT_MS
        && customer.is_adult
        && answerable_comments(&customer.region);
    if !answerable || recent {
        return Err(ApiError::of(40064));
    }
    state.comments[at].answered = true;
    state.open(&business.username, &customer.username, now).map_err(|_| ApiError::of(40007))
}

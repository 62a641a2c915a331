//! `conversation/list/` and `content/list/`. Portal pages 1832184415059970 and 1832184425841170, read 2026-11.

use serde_json::{Value, json};

use super::ApiCall;
use crate::error::ApiError;
use crate::state::State;
use crate::state::businesses::European;
use crate::state::conversations::Conversation;
use crate::state::customers::Customer;
use crate::wire::lists;

/// Conversations older than 90 days are not listed.
const HISTORY_MS: i64 = 90 * 86_400_000;
/// Nor more than 100.
const MOST: usize = 100;
/// `content/list/` gives the newest 20.
const NEWEST: usize = 20;

fn mine<'a>(state: &'a State, business_id: &str) -> impl Iterator<Item = &'a Conversation> {
    let business = state.business_by_id(business_id);
    let european = business.map(|one| one.european).unwrap_or_default();
    let username = business.map(|one| one.username.clone()).unwrap_or_default();
    state.conversations.iter().filter(move |one| {
        let shown = |customer: &Customer| european != European::Hidden || !customer.is_withheld();
        one.business == username && !one.held && state.customer(&one.customer).is_ok_and(shown)
    })
}

/// The caller's conversation of that id, or 40002.
pub(super) fn find<'a>(state: &'a State, business_id: &str, id: &str) -> Result<&'a Conversation, ApiError> {
    mine(state, business_id).find(|one| one.id == id).ok_or_else(|| ApiError::param("conversation_id"))
}

pub(super) fn conversations(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let kind = call.fields.text("conversation_type")?;
    if !matches!(kind, "SINGLE" | "STRANGER") {
        return Err(ApiError::param("conversation_type"));
    }
    let limit = usize::try_from(call.fields.integer("limit", 100, 1..=100)?).unwrap_or(MOST);
    let cursor = usize::try_from(call.fields.integer("cursor", 0, 0..=i64::from(u32::MAX))?).unwrap_or(0);
    let business_id = call.fields.text("business_id")?;
    let since = call.now - HISTORY_MS;
    let mut all: Vec<&Conversation> =
        mine(state, business_id).filter(|one| one.kind() == kind && one.began() && one.updated_at >= since).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.updated_at));
    all.truncate(MOST);
    let page: Vec<Value> = all.iter().skip(cursor).take(limit).map(|one| lists::conversation(one)).collect();
    let next = cursor + page.len();
    Ok(json!({"conversations": page, "has_more": next < all.len(), "cursor": next}))
}

pub(super) fn contents(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let conversation = find(state, call.fields.text("business_id")?, call.fields.text("conversation_id")?)?;
    let (business, customer) = state.pair(conversation);
    let is_silent = customer.is_withheld() && business.european == European::Listed;
    let newest = conversation.messages.iter().rev().take_while(|one| one.timestamp >= call.now - HISTORY_MS);
    let newest = newest.filter(|one| one.from_business || !is_silent);
    let newest = newest.take(NEWEST);
    let messages: Vec<Value> =
        newest.map(|one| lists::message(&business, &customer, &conversation.id, one, &call.base_url)).collect();
    Ok(
        json!({"participants": lists::participants(&business, &customer, &call.base_url, call.now), "messages": messages}),
    )
}

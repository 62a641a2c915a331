//! `business/webhook/{update,list,delete}/`: where an app's events go. Pages 1832184470423554, 1832184488625234, 1832184497985537, read 2026-11.

use serde_json::{Value, json};

use super::ApiCall;
use crate::error::ApiError;
use crate::state::State;
use crate::state::apps::App;

/// Categories, not event names, can be subscribed to.
const CATEGORIES: [&str; 4] = ["DIRECT_MESSAGE", "COMMENT", "VIDEO", "BRAND_MENTION"];

fn subject<'a, 'b>(state: &'a mut State, call: &'b ApiCall) -> Result<(&'a mut App, &'b str), ApiError> {
    let app = state.apps.authenticate(call.fields.text("app_id")?, call.fields.text("secret")?)?;
    let category = call.fields.text("event_type")?;
    if CATEGORIES.contains(&category) { Ok((app, category)) } else { Err(ApiError::param("event_type")) }
}

/// Posts that one call may name.
const MOST_ITEMS: usize = 100;

fn answer(app: &App, category: &str) -> Value {
    let mut data = json!({"app_id": app.app_id, "event_type": category});
    if let Some(url) = app.callbacks.get(category) {
        data["callback_url"] = json!(url);
    }
    if category == "COMMENT" && !app.comment_items.is_empty() {
        data["item_list"] = json!(app.comment_items);
    }
    data
}

pub(super) fn update(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (app, category) = subject(state, call)?;
    let callback = call.fields.text("callback_url")?;
    let fine = url::Url::parse(callback).is_ok_and(|url| {
        let local = url.host_str().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"));
        url.scheme() == "https" || (url.scheme() == "http" && local)
    });
    if !fine {
        return Err(ApiError::param("callback_url"));
    }
    if category == "COMMENT" {
        // Cumulative and one-way: once there is a list, leaving it out no longer means "all posts".
        let more = call.fields.list("item_list")?.unwrap_or_default();
        if more.len() > MOST_ITEMS || more.iter().any(|id| id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit())) {
            return Err(ApiError::param("item_list"));
        }
        app.comment_items.extend(more);
    }
    app.callbacks.insert(category.to_owned(), callback.to_owned());
    Ok(answer(app, category))
}

pub(super) fn list(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (app, category) = subject(state, call)?;
    Ok(answer(app, category))
}

pub(super) fn delete(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (app, category) = subject(state, call)?;
    app.callbacks.remove(category);
    Ok(json!({"app_id": app.app_id, "event_type": category}))
}

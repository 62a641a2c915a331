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
    app.callbacks.insert(category.to_owned(), callback.to_owned());
    Ok(json!({"app_id": app.app_id, "event_type": category, "callback_url": callback}))
}

pub(super) fn list(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (app, category) = subject(state, call)?;
    let mut data = json!({"app_id": app.app_id, "event_type": category});
    if let Some(url) = app.callbacks.get(category) {
        data["callback_url"] = json!(url);
    }
    Ok(data)
}

pub(super) fn delete(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (app, category) = subject(state, call)?;
    app.callbacks.remove(category);
    Ok(json!({"app_id": app.app_id, "event_type": category}))
}

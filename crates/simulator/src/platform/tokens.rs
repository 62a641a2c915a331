//! `tt_user/oauth2/*` and `tt_user/token_info/get/`. Pages 1833997638479041, 1833997679342594, 1833997665030145, read 2026-11.

use serde_json::{Value, json};

use super::ApiCall;
use crate::error::ApiError;
use crate::state::State;
use crate::state::apps::Platform;
use crate::state::tokens::{Grant, Lifetimes};

fn answer(grant: &Grant, now: i64) -> Value {
    json!({
        "access_token": grant.access_token,
        "token_type": "Bearer",
        "scope": grant.scopes.join(","),
        "expires_in": (grant.access_expires_at - now).div_euclid(1000),
        "refresh_token": grant.refresh_token,
        "refresh_token_expires_in": (grant.refresh_expires_at - now).div_euclid(1000),
        "open_id": grant.open_id,
    })
}

fn client(state: &mut State, call: &ApiCall) -> Result<String, ApiError> {
    let (id, secret) = (call.fields.text("client_id")?, call.fields.text("client_secret")?);
    let app = state.apps.authenticate(id, secret)?;
    // The other platform's apps are unknown here.
    if app.platform == Platform::Business { Ok(app.app_id.clone()) } else { Err(ApiError::of(40101)) }
}

fn grant_type(call: &ApiCall, wanted: &str) -> Result<(), ApiError> {
    if call.fields.text("grant_type")? == wanted { Ok(()) } else { Err(ApiError::of(40108)) }
}

pub(super) fn exchange(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let app_id = client(state, call)?;
    grant_type(call, "authorization_code")?;
    let (code, redirect) = (call.fields.text("auth_code")?, call.fields.text("redirect_uri")?);
    let consent = state.tokens.redeem(&app_id, code, redirect, None, call.now)?;
    let grant =
        state.tokens.grant(&mut state.ids, &app_id, &consent.open_id, consent.scopes, Lifetimes::BUSINESS, call.now);
    state.faults.end_revocation();
    Ok(answer(&grant, call.now))
}

pub(super) fn refresh(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let app_id = client(state, call)?;
    grant_type(call, "refresh_token")?;
    let token = call.fields.text("refresh_token")?;
    let grant = state.tokens.refresh(&mut state.ids, &app_id, token, Lifetimes::BUSINESS, call.now)?;
    Ok(answer(&grant, call.now))
}

pub(super) fn revoke(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let app_id = client(state, call)?;
    if state.tokens.revoke_token(&app_id, call.fields.text("access_token")?) {
        Ok(json!({}))
    } else {
        Err(ApiError::of(40105))
    }
}

pub(super) fn info(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let app_id = call.fields.text("app_id")?;
    let grant = state.tokens.check(call.fields.text("access_token")?, call.now)?;
    if grant.app_id != app_id {
        return Err(ApiError::of(40105));
    }
    Ok(json!({"app_id": app_id, "creator_id": grant.open_id, "scope": grant.scopes.join(",")}))
}

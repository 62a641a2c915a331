//! Pictures and videos: upload, download links, the media host itself, and whether pictures are possible.
//! Portal pages 1832184437720193, 1832184455450626, 1836061597865986, read 2026-11.

use axum::extract::State as Extract;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::fields::Fields;
use super::{ApiCall, header_text, lists};
use crate::error::ApiError;
use crate::simulator::Simulator;
use crate::state::State;
use crate::state::businesses::pictures_allowed;
use crate::state::media::check_image;
use crate::state::messages::Content;

pub(super) fn upload(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    if call.fields.text("media_type")? != "IMAGE" {
        return Err(ApiError::param("media_type"));
    }
    let file = call.file.clone().ok_or_else(|| ApiError::param("file"))?;
    check_image(&file)?;
    let owner = call.fields.text("business_id")?.to_owned();
    let media_id = state.media.put(&mut state.ids, file, Some(owner), call.now);
    Ok(json!({"media_id": media_id}))
}

pub(super) fn download(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let business_id = call.fields.text("business_id")?;
    let conversation = lists::find(state, business_id, call.fields.text("conversation_id")?)?;
    let message = conversation.message(call.fields.text("message_id")?).ok_or_else(|| ApiError::param("message_id"))?;
    let wanted = call.fields.text("media_id")?;
    let kind = call.fields.text("media_type")?;
    let media_id = match (&message.content, kind) {
        (Content::Image { media_id }, "IMAGE") | (Content::Video { media_id }, "VIDEO") => media_id,
        (_, "IMAGE" | "VIDEO") => return Err(ApiError::param("media_id")),
        _ => return Err(ApiError::param("media_type")),
    };
    if media_id != wanted {
        return Err(ApiError::param("media_id"));
    }
    if !state.media.is_alive(wanted, call.now) {
        return Err(ApiError::of(40007));
    }
    let link = state.media.link(&mut state.ids, wanted, business_id, call.now);
    Ok(
        json!({"download_url": format!("{}/media/download?id={}&x-expires={}", call.base_url, link.id, link.expires_at.div_euclid(1000))}),
    )
}

pub(super) fn capabilities(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let conversation = lists::find(state, call.fields.text("business_id")?, call.fields.text("conversation_id")?)?;
    if !matches!(call.fields.text("conversation_type")?, "SINGLE" | "STRANGER") {
        return Err(ApiError::param("conversation_type"));
    }
    let kinds = call.fields.list("capability_types")?.ok_or_else(|| ApiError::param("capability_types"))?;
    if kinds.is_empty() || kinds.iter().any(|kind| kind != "IMAGE_SEND") {
        return Err(ApiError::param("capability_types"));
    }
    let (business, customer) = state.pair(conversation);
    let result = pictures_allowed(&business.region) && pictures_allowed(&customer.region);
    Ok(json!({"capability_infos": [{"capability_type": "IMAGE_SEND", "capability_result": result}]}))
}

/// The media host: wants the token in `x-user`, not in `Access-Token`.
pub(super) async fn fetch(Extract(sim): Extract<Simulator>, headers: HeaderMap, uri: Uri) -> Response {
    let query = Fields::from_query(uri.query().unwrap_or_default());
    let id = query.text("id").unwrap_or_default().to_owned();
    let now = sim.now_ms();
    let token = header_text(&headers, "x-user");
    sim.with(|state| {
        let Ok(grant) = state.tokens.check(&token, now) else { return StatusCode::UNAUTHORIZED.into_response() };
        let Some((link, file)) = state.media.by_link(&id) else { return StatusCode::NOT_FOUND.into_response() };
        if link.open_id != grant.open_id || now >= link.expires_at {
            return StatusCode::FORBIDDEN.into_response();
        }
        ([(header::CONTENT_TYPE, file.mime), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], file.bytes.clone())
            .into_response()
    })
}

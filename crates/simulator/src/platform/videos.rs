//! `business/video/list/`: the account's own posts, newest first, paged by time.
//! Shape as the public Go client `bububa/tiktok-business` (model/business/video) describes the portal page, read 2026-11.

use serde_json::{Map, Value, json};

use super::ApiCall;
use super::profile::has_scope;
use crate::error::ApiError;
use crate::state::State;
use crate::state::posts::Post;
use crate::wire::events::embed_url;

/// Counters of a post; the simulator's posts have none yet.
const COUNTERS: [&str; 17] = [
    "likes",
    "comments",
    "shares",
    "favorites",
    "reach",
    "video_views",
    "new_followers",
    "total_time_watched",
    "average_time_watched",
    "full_video_watched_rate",
    "profile_views",
    "website_clicks",
    "phone_number_clicks",
    "lead_submissions",
    "app_download_clicks",
    "email_clicks",
    "address_clicks",
];
/// Breakdowns of them, empty for the same reason.
const BREAKDOWNS: [&str; 7] = [
    "video_view_retention",
    "impression_sources",
    "audience_genders",
    "audience_countries",
    "audience_cities",
    "audience_types",
    "engagement_likes",
];

fn field(call: &ApiCall, post: &Post, name: &str) -> Result<Value, ApiError> {
    let expires = call.now.div_euclid(1000) + 86_400;
    Ok(match name {
        "item_id" => json!(post.item_id),
        "media_type" => json!("VIDEO"),
        "is_ad" => json!(false),
        "thumbnail_url" => json!(format!("{}/sim/avatars/{}.svg?x-expires={expires}", call.base_url, post.business)),
        "share_url" => json!(format!("https://www.tiktok.com/@{}/video/{}", post.business, post.item_id)),
        "embed_url" => json!(embed_url(&post.item_id)),
        "caption" => json!(post.caption),
        "video_duration" => json!(15.0),
        "create_time" => json!(post.created_at.div_euclid(1000).to_string()),
        counter if COUNTERS.contains(&counter) => json!(0),
        breakdown if BREAKDOWNS.contains(&breakdown) => json!([]),
        _ => return Err(ApiError::param("fields")),
    })
}

/// `fields` must name `item_id`; `cursor` is a time in ms, and posts before it are listed.
pub(super) fn list(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let business = state.business_by_id(call.fields.text("business_id")?).ok_or_else(|| ApiError::of(40001))?;
    let fields = call.fields.list("fields")?.unwrap_or_else(|| vec!["item_id".to_owned()]);
    if !fields.iter().any(|one| one == "item_id") {
        return Err(ApiError::param("fields"));
    }
    let counters = fields.iter().any(|one| COUNTERS.contains(&one.as_str()) || BREAKDOWNS.contains(&one.as_str()));
    if counters && !has_scope(state, call, "video.insights")? {
        return Err(ApiError::of(40001));
    }
    let most = usize::try_from(call.fields.integer("max_count", 10, 1..=20)?).unwrap_or(10);
    let before = call.fields.integer("cursor", call.now, 0..=i64::MAX)?;
    let wanted = wanted(call)?;
    let mut posts = state.posts.of(&business.username);
    posts.retain(|one| one.created_at < before && wanted.as_ref().is_none_or(|ids| ids.contains(&one.item_id)));
    let has_more = posts.len() > most;
    posts.truncate(most);
    let cursor = posts.last().map_or(before, |one| one.created_at);
    let videos = posts.iter().map(|post| {
        let named = fields.iter().map(|name| Ok((name.clone(), field(call, post, name)?)));
        named.collect::<Result<Map<String, Value>, ApiError>>()
    });
    Ok(json!({"videos": videos.collect::<Result<Vec<_>, _>>()?, "has_more": has_more, "cursor": cursor}))
}

/// `filters`: a JSON object with `video_ids`.
fn wanted(call: &ApiCall) -> Result<Option<Vec<String>>, ApiError> {
    let wrong = || ApiError::param("filters");
    let filters: Value = match call.fields.get("filters") {
        None => return Ok(None),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| wrong())?,
        Some(other) => other.clone(),
    };
    match &filters["video_ids"] {
        Value::Null => Ok(None),
        ids => serde_json::from_value(ids.clone()).map(Some).map_err(|_| wrong()),
    }
}

//! `business/get/`: the account's own profile. Portal page 1762228399168514, read 2026-11.

use serde_json::{Map, Value, json};

use super::ApiCall;
use crate::error::ApiError;
use crate::state::State;
use crate::wire::lists::avatar;

fn scope_of(field: &str) -> &'static str {
    match field {
        "username" => "user.info.username",
        "is_business_account" => "user.account.type",
        "bio_description" | "profile_deep_link" | "is_verified" => "user.info.profile",
        "followers_count" | "following_count" | "total_likes" | "videos_count" => "user.info.stats",
        "metrics" | "audience_countries" | "audience_genders" | "audience_ages" | "audience_cities" => "user.insights",
        daily if DAILY.contains(&daily) => "user.insights",
        _ => "user.info.basic",
    }
}

/// Whether the token of a call carries a scope.
pub(super) fn has_scope(state: &State, call: &ApiCall, scope: &str) -> Result<bool, ApiError> {
    Ok(state.tokens.check(&call.access_token, call.now)?.scopes.iter().any(|one| one == scope))
}

/// Daily numbers are listed under `metrics`, which is empty here: a simulated account has no past.
const DAILY: [&str; 18] = [
    "video_views",
    "unique_video_views",
    "profile_views",
    "likes",
    "comments",
    "shares",
    "reached_audience",
    "bio_link_clicks",
    "email_clicks",
    "phone_number_clicks",
    "lead_submissions",
    "app_download_clicks",
    "address_clicks",
    "engaged_audience",
    "daily_total_followers",
    "daily_new_followers",
    "daily_lost_followers",
    "audience_activity",
];

pub(super) fn get(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let grant = state.tokens.check(&call.access_token, call.now)?;
    let business = state.business_by_id(&grant.open_id).ok_or_else(|| ApiError::of(40007))?;
    let fields =
        call.fields.list("fields")?.unwrap_or_else(|| vec!["display_name".to_owned(), "profile_image".to_owned()]);
    let mut data = Map::new();
    for field in fields {
        let value = match field.as_str() {
            "username" => json!(business.handle),
            "display_name" => json!(business.display_name),
            "profile_image" => json!(avatar(&call.base_url, &business.username, call.now)),
            "is_business_account" => json!(business.is_business_account),
            "profile_deep_link" => json!(format!("https://www.tiktok.com/@{}", business.handle)),
            "bio_description" => json!(""),
            "is_verified" => json!(false),
            "followers_count" => json!(business.followers_count),
            "following_count" | "total_likes" => json!(0),
            "videos_count" => json!(state.posts.of(&business.username).len()),
            "metrics" | "audience_countries" | "audience_genders" | "audience_ages" | "audience_cities" => json!([]),
            daily if DAILY.contains(&daily) => json!([]),
            _ => return Err(ApiError::param("fields")),
        };
        if !grant.scopes.iter().any(|one| one == scope_of(&field)) {
            return Err(ApiError::of(40001));
        }
        data.insert(if DAILY.contains(&field.as_str()) { "metrics".to_owned() } else { field }, value);
    }
    Ok(Value::Object(data))
}

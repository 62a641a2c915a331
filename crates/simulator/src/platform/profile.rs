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
        _ => "user.info.basic",
    }
}

pub(super) fn get(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let grant = state.tokens.check(&call.access_token, call.now)?;
    let business = state.business_by_id(&grant.open_id).ok_or_else(|| ApiError::of(40007))?;
    let fields =
        call.fields.list("fields")?.unwrap_or_else(|| vec!["display_name".to_owned(), "profile_image".to_owned()]);
    let mut data = Map::new();
    for field in fields {
        let value = match field.as_str() {
            "username" => json!(business.username),
            "display_name" => json!(business.display_name),
            "profile_image" => json!(avatar(&call.base_url, &business.username, call.now)),
            "is_business_account" => json!(business.is_business_account),
            "profile_deep_link" => json!(format!("https://www.tiktok.com/@{}", business.username)),
            "bio_description" => json!(""),
            "is_verified" => json!(false),
            "followers_count" => json!(business.followers_count),
            "following_count" | "total_likes" | "videos_count" => json!(0),
            _ => return Err(ApiError::param("fields")),
        };
        if !grant.scopes.iter().any(|one| one == scope_of(&field)) {
            return Err(ApiError::of(40001));
        }
        data.insert(field, value);
    }
    Ok(Value::Object(data))
}

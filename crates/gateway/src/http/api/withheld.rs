//! Messages that TikTok does not tell, and how far the search for each came.

use axum::extract::State;
use domain::{Id, account::Account};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{cursor, list};
use crate::{
    app::App,
    http::{
        extract::{Auth, Json, Path, Query},
        problem::{Problem, Problems},
    },
    view::{WithheldMessage, WithheldMessagePage},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_withheld_messages))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WithheldQuery {
    /// `next` of the page before.
    before: Option<String>,
    /// 1 to 100; 50 by default.
    limit: Option<u32>,
}

/// Lists the messages of an account that TikTok does not tell (`im_receive_msg_eu`: customers in the EEA, Switzerland and the UK), newest
/// notice first.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/withheld-messages", tag = "accounts",
    params(("id" = String, Path, description = "`acc_…`"), WithheldQuery),
    responses((status = 200, description = "A page", body = WithheldMessagePage), Problems))]
async fn list_withheld_messages(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Account>>,
    Query(query): Query<WithheldQuery>,
) -> Result<Json<WithheldMessagePage>, Problem> {
    let limit = list::limit(query.limit)?;
    let before = query.before.as_deref().map(cursor::withheld).transpose()?;
    app.store.account(&caller.scope, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    let rows = app.store.withheld_messages(&caller.scope, id, before, limit + 1).await?;
    let page = list::page(rows, limit, |row| WithheldMessage::from(row), |row| cursor::of_withheld(row.id));
    Ok(Json(page.into()))
}

//! Kept webhooks, for whoever wants to know what could not be understood.

use axum::extract::State;
use domain::store::DeliveryFilter;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{cursor, list};
use crate::{
    app::App,
    http::{
        extract::{Auth, Json, Query},
        problem::{Problem, Problems},
    },
    view::{Delivery, DeliveryPage},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_deliveries))
}

/// Which webhooks: all, or those not understood whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeliveryKind {
    #[default]
    All,
    Unsupported,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeliveriesQuery {
    /// Which; all by default.
    #[serde(default)]
    #[param(inline, required = false)]
    kind: DeliveryKind,
    /// `next` of the page before.
    before: Option<String>,
    /// 1 to 100; 50 by default.
    limit: Option<u32>,
}

/// Lists kept webhooks, newest first. For admins who may see every account.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "deliveries", params(DeliveriesQuery),
    responses((status = 200, description = "A page", body = DeliveryPage), Problems))]
async fn list_deliveries(
    State(app): State<App>,
    Auth(caller): Auth,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<DeliveryPage>, Problem> {
    caller.require_admin()?;
    let limit = list::limit(query.limit)?;
    let before = query.before.as_deref().map(cursor::delivery).transpose()?;
    let filter = DeliveryFilter { unsupported: query.kind == DeliveryKind::Unsupported, before, limit: limit + 1 };
    let rows = app.store.deliveries(caller.scope.workspace, filter).await?;
    let mut page = list::page(rows, limit, |record| Delivery::from(record), |record| cursor::of_delivery(record.id));
    page.items.retain(|delivery| delivery.account_id.is_none_or(|account| caller.scope.accounts.allows(account)));
    Ok(Json(page.into()))
}

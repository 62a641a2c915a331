//! What answering costs at one's own volume.

use axum::extract::State;
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    costs,
    http::{
        extract::{Auth, Json, Query},
        problem::{Problem, Problems},
    },
    view::Costs,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_costs))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CostsQuery {
    /// Active contacts a month, in place of the counted ones.
    contacts: Option<u32>,
    /// Prices that you know better, in US dollars a month; `thb` is baht for a dollar. They go before `COST_PRICES`. Example:
    /// `respondio-growth=189,thb=34.5`.
    prices: Option<String>,
}

/// Counts the last twelve months of the accounts in sight and says what a year costs with this gateway and with what it replaces.
#[utoipa::path(get, path = "/api/v1/reports/costs", tag = "reports", params(CostsQuery),
    responses((status = 200, description = "Volume and costs", body = Costs), Problems))]
async fn get_costs(
    State(app): State<App>,
    Auth(caller): Auth,
    Query(query): Query<CostsQuery>,
) -> Result<Json<Costs>, Problem> {
    let configured = app.config.prices.clone();
    let prices = configured
        .overwritten(query.prices.as_deref().unwrap_or_default())
        .map_err(|error| Problem::invalid_parameter("prices", error.to_string()))?;
    let estimate =
        costs::estimate(costs::months(&*app.store, &caller.scope, app.clock.now()).await?, &prices, query.contacts);
    Ok(Json(Costs::new(&estimate, &prices)))
}

//! Accounts: what is connected, and disconnecting it. Connecting is a browser's round trip, see `http::connect`.

use axum::extract::State;
use domain::{Id, account as da};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    connect,
    http::{
        extract::{Auth, Json, Path},
        openapi::Problems,
        problem::{Problem, Slug},
    },
    view::{Account, AccountPage, Page, RuleSet},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts))
        .routes(routes!(get_account, patch_account))
        .routes(routes!(disconnect_account))
        .routes(routes!(file_history))
}

/// What to change of an account; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AccountPatch {
    /// Which reading of TikTok's window rules guards replies.
    #[schema(nullable = false)]
    rule_set: Option<RuleSet>,
}

/// Lists the accounts, oldest first, disconnected ones included.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts",
    responses((status = 200, description = "All of them", body = AccountPage), Problems))]
async fn list_accounts(State(app): State<App>, Auth(caller): Auth) -> Result<Json<AccountPage>, Problem> {
    let accounts = app.store.accounts(&caller.scope).await?;
    Ok(Json(Page::whole(accounts.iter().map(Account::from).collect()).into()))
}

/// Reads one account.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "The account", body = Account), Problems))]
async fn get_account(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<Account>, Problem> {
    shown(app.store.account(&caller.scope, id).await?.as_ref())
}

/// Changes an account. Only a TikTok account has rules to choose from: `strict` or `guide`.
#[utoipa::path(patch, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    request_body = AccountPatch,
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn patch_account(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
    Json(patch): Json<AccountPatch>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    let account = app.store.account(&caller.scope, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    let Some(rules) = patch.rule_set else { return shown(Some(&account)) };
    let without_rules = account.provider == da::ProviderKind::Thirdparty;
    if without_rules != (rules == RuleSet::Unlimited) {
        let detail = "ruleSet: strict or guide for a TikTok account, unlimited for one that is not TikTok's";
        return Err(Problem::new(Slug::InvalidParameter, detail));
    }
    shown(app.store.set_rule_set(&caller.scope, id, rules.into()).await?.as_ref())
}

/// Disconnects an account: its tokens are revoked and forgotten, replies that wait fail visibly, messages stay.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/disconnect", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn disconnect_account(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    let account = connect::disconnect(&*app.store, &app.providers, &app.keyring, &caller.scope, id).await?;
    shown(account.as_ref())
}

/// Files the history of an account again, such as after it failed: TikTok's lists are read and what is missing here is added, at rest and
/// without alerts. TikTok lists the last 90 days, at most 100 conversations of each of its two lists and the 20 newest messages of each.
/// Answers at once; `history` of the account tells how far it is.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/history", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn file_history(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    let account = app.store.account(&caller.scope, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    if account.provider != da::ProviderKind::Official {
        return Err(Problem::new(Slug::NotAtTiktok, "only TikTok's own lists hold what was said before"));
    }
    if account.state == da::AccountState::Disconnected {
        return Err(Problem::new(Slug::AccountDisconnected, "connect the account again to read TikTok's lists"));
    }
    shown(app.store.begin_history(&caller.scope, id).await?.as_ref())
}

fn shown(account: Option<&da::Account>) -> Result<Json<Account>, Problem> {
    account.map(|account| Json(account.into())).ok_or_else(|| Problem::not_found("account"))
}

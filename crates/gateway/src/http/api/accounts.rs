//! Accounts: what is connected, and disconnecting it. Connecting is a browser's round trip, see `http::connect`.

use axum::extract::State;
use domain::{Id, account as da, reply::Refusal, workspace::Scope};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    connect::{self, login},
    http::{
        extract::{Auth, Json, Path},
        problem::{Problem, Problems, Slug},
    },
    view::{Account, AccountPage, IdentityGone, Page, RuleSet},
};

/// States in which replies can leave.
const WORKING: &[da::AccountState] = &[da::AccountState::Active, da::AccountState::Expiring];

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts))
        .routes(routes!(get_account, patch_account))
        .routes(routes!(disconnect_account))
        .routes(routes!(file_history))
        .routes(routes!(pause_account))
        .routes(routes!(resume_account))
        .routes(routes!(merge_accounts))
        .routes(routes!(keep_accounts_apart))
        .routes(routes!(disconnect_identity))
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
    let accounts = app.store.account_records(&caller.scope).await?;
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
    shown(&app, &caller.scope, id).await
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
    let Some(rules) = patch.rule_set else { return shown(&app, &caller.scope, id).await };
    let without_rules = !account.provider.can_send();
    if without_rules != (rules == RuleSet::Unlimited) {
        let detail = "ruleSet: strict or guide for a TikTok account, unlimited for one that is not TikTok's";
        return Err(Problem::new(Slug::InvalidParameter, detail));
    }
    app.store.set_rule_set(&caller.scope, id, rules.into()).await?;
    shown(&app, &caller.scope, id).await
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
    connect::disconnect(&*app.store, &app.providers, &app.keyring, &app.tokens, &caller.scope, id).await?;
    shown(&app, &caller.scope, id).await
}

/// Pauses an account: everything is received and shown, nothing is sent. Replies that wait stay where they are and leave in order after a
/// resume; tokens stay fresh.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/pause", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn pause_account(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    let account = app.store.account(&caller.scope, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    match account.provider {
        da::ProviderKind::Login => return Err(Refusal::IdentityOnly.into()),
        da::ProviderKind::Thirdparty if !account.takes_replies() => return Err(Refusal::ProviderCannotSend.into()),
        da::ProviderKind::Official | da::ProviderKind::Respondio | da::ProviderKind::Thirdparty => {}
    }
    let reason = Some("Paused by a person: messages arrive, replies wait".to_owned());
    move_state(&app, &caller.scope, id, WORKING, (da::AccountState::Paused, reason)).await
}

/// Lets replies leave again.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/resume", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn resume_account(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    move_state(&app, &caller.scope, id, &[da::AccountState::Paused], (da::AccountState::Active, None)).await
}

/// The other account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct With {
    /// `acc_…`.
    #[schema(value_type = String)]
    with: Id<da::Account>,
}

/// Makes an identity and the account of the same person one: the one that carries messages stays, the other's Login Kit tokens move to
/// it. Doing it again answers the same.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/merge", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    request_body = With,
    responses((status = 200, description = "The account that both are now", body = Account), Problems))]
async fn merge_accounts(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
    Json(body): Json<With>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    let merged = app.store.merge_accounts(&caller.scope, id, body.with).await?;
    merged.map(|record| Json(Account::from(&record))).ok_or_else(|| Problem::not_found("account"))
}

/// Remembers that two accounts with the same username are not the same person's: nobody is asked again.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/keep-apart", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    request_body = With,
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn keep_accounts_apart(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
    Json(body): Json<With>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    if !app.store.keep_apart(&caller.scope, id, body.with).await? {
        return Err(Problem::not_found("account"));
    }
    shown(&app, &caller.scope, id).await
}

/// Takes the Login Kit identity off an account and gives that permission back. Messages are not affected; an account that is identity
/// only is disconnected instead.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/identity", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "It has none now", body = IdentityGone), Problems))]
async fn disconnect_identity(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<IdentityGone>, Problem> {
    caller.require_admin()?;
    let (store, scope) = (&*app.store, &caller.scope);
    let known = login::record(store, scope, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    if known.account.provider == da::ProviderKind::Login {
        return Err(Refusal::IdentityOnly.into());
    }
    let revoked = login::disconnect_identity(store, &app.providers, &app.keyring, &app.tokens, scope, &known).await?;
    let Json(account) = shown(&app, scope, id).await?;
    Ok(Json(IdentityGone { account, revoked }))
}

/// Only from one of these states; an account that is in the wanted one already stays as it is.
async fn move_state(
    app: &App,
    scope: &Scope,
    id: Id<da::Account>,
    from: &'static [da::AccountState],
    (to, reason): (da::AccountState, Option<String>),
) -> Result<Json<Account>, Problem> {
    let moved = app.store.move_account_state(scope, id, from, to, reason).await?;
    let state = moved.ok_or_else(|| Problem::not_found("account"))?.state;
    // What works can't be resumed, which is no error.
    if state == to || (to == da::AccountState::Active && state.can_send()) {
        return shown(app, scope, id).await;
    }
    Err(Refusal::AccountDisconnected.into())
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
    app.store.begin_history(&caller.scope, id).await?;
    shown(&app, &caller.scope, id).await
}

/// An account as it is now.
///
/// # Errors
/// 404 when there is none in sight.
pub(super) async fn shown(app: &App, scope: &Scope, id: Id<da::Account>) -> Result<Json<Account>, Problem> {
    let record = login::record(&*app.store, scope, id).await?;
    record.map(|record| Json(Account::from(&record))).ok_or_else(|| Problem::not_found("account"))
}

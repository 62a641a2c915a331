//! Authorization codes, access and refresh tokens of account holders.
//! Lifetimes: code 10 minutes single use; portal: access 1 day, refresh 1 year, rotating; Login Kit: [`Lifetimes::login`].

use serde::{Deserialize, Serialize};

use crate::config::LoginLifetimes;
use crate::error::ApiError;
use crate::signing::{Ids, sha256_hex};

const CODE_MS: i64 = 10 * 60_000;
const DAY_MS: i64 = 86_400_000;

/// How long the tokens of a grant live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetimes {
    access: i64,
    refresh: i64,
    /// A refresh starts the refresh token's life anew; the portal's tokens keep their end.
    renews: bool,
}

impl Lifetimes {
    /// Portal page 1833997638479041, read 2026-11.
    pub(crate) const BUSINESS: Self = Self { access: DAY_MS, refresh: 365 * DAY_MS, renews: false };

    /// TikTok for Developers, manage user access tokens; both texts exist.
    pub(crate) fn login(which: LoginLifetimes) -> Self {
        match which {
            LoginLifetimes::Current => Self { access: 2 * 3_600_000, refresh: 180 * DAY_MS, renews: true },
            LoginLifetimes::Former => Self { access: DAY_MS, refresh: 365 * DAY_MS, renews: true },
        }
    }
}

/// Scopes of TikTok for Developers.
pub const LOGIN_SCOPES: [&str; 6] =
    ["user.info.basic", "user.info.profile", "user.info.stats", "video.list", "video.upload", "video.publish"];

/// Every scope the portal knows and the simulator's apps are approved for: those of its example of a token answer.
pub const SCOPES: [&str; 21] = [
    "user.info.basic",
    "user.info.username",
    "user.info.profile",
    "user.info.stats",
    "user.account.type",
    "user.insights",
    "message.list.read",
    "message.list.send",
    "message.list.manage",
    "comment.list",
    "comment.list.manage",
    "video.list",
    "video.insights",
    "video.upload",
    "video.publish",
    "biz.spark.auth",
    "biz.brand.insights",
    "biz.ads.recommend",
    "biz.creator.info",
    "biz.creator.insights",
    "tcm.order.update",
];

/// What a person agreed to.
#[derive(Debug, Clone)]
pub(crate) struct Consent {
    pub(crate) app_id: String,
    pub(crate) open_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    /// PKCE: hexadecimal SHA-256 of the verifier.
    pub(crate) challenge: Option<String>,
}

#[derive(Debug, Clone)]
struct Code {
    value: String,
    consent: Consent,
    expires_at: i64,
    used: bool,
}

/// One authorization of one account for one app, with its live tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Grant {
    /// The app.
    pub app_id: String,
    /// The account.
    pub open_id: String,
    /// What the person left ticked.
    pub scopes: Vec<String>,
    /// Newest access token.
    pub access_token: String,
    /// When it ends, Unix ms.
    pub access_expires_at: i64,
    /// The one refresh token that works.
    pub refresh_token: String,
    /// When it ends, Unix ms; a refresh does not extend it.
    pub refresh_expires_at: i64,
    /// Revoked by the app, the person or a newer authorization.
    pub revoked: bool,
    /// Access tokens before the newest, still valid until their own end.
    #[serde(skip)]
    earlier: Vec<(String, i64)>,
}

/// 43 to 128 unreserved characters whose hexadecimal SHA-256 is the challenge.
fn fits(verifier: &str, challenge: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved) && sha256_hex(verifier) == challenge
}

/// All codes and grants.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    codes: Vec<Code>,
    grants: Vec<Grant>,
}

impl Tokens {
    pub(crate) fn issue_code(&mut self, ids: &mut Ids, consent: Consent, now: i64) -> String {
        let code = ids.code();
        self.codes.push(Code { value: code.clone(), consent, expires_at: now + CODE_MS, used: false });
        code
    }

    /// Trades a code for tokens. A new grant ends the account's former one for the same app.
    /// 40110: no such code, used, too old; 40002: another redirect address, a verifier that does not fit.
    pub(crate) fn redeem(
        &mut self,
        app_id: &str,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        now: i64,
    ) -> Result<Consent, ApiError> {
        let found = self
            .codes
            .iter_mut()
            .find(|one| one.value == code && one.consent.app_id == app_id && !one.used && now < one.expires_at);
        let found = found.ok_or_else(|| ApiError::of(40110))?;
        if found.consent.redirect_uri != redirect_uri {
            return Err(ApiError::param("redirect_uri"));
        }
        if let Some(challenge) = &found.consent.challenge
            && !verifier.is_some_and(|verifier| fits(verifier, challenge))
        {
            return Err(ApiError::param("code_verifier"));
        }
        found.used = true;
        Ok(found.consent.clone())
    }

    pub(crate) fn grant(
        &mut self,
        ids: &mut Ids,
        app_id: &str,
        open_id: &str,
        scopes: Vec<String>,
        lifetimes: Lifetimes,
        now: i64,
    ) -> Grant {
        self.revoke_account(Some(app_id), open_id);
        let grant = Grant {
            app_id: app_id.to_owned(),
            open_id: open_id.to_owned(),
            scopes,
            access_token: ids.token("act"),
            access_expires_at: now + lifetimes.access,
            refresh_token: ids.token("rft"),
            refresh_expires_at: now + lifetimes.refresh,
            revoked: false,
            earlier: Vec::new(),
        };
        self.grants.push(grant.clone());
        grant
    }

    pub(crate) fn refresh(
        &mut self,
        ids: &mut Ids,
        app_id: &str,
        refresh_token: &str,
        lifetimes: Lifetimes,
        now: i64,
    ) -> Result<Grant, ApiError> {
        let grant = self
            .grants
            .iter_mut()
            .find(|one| one.app_id == app_id && one.refresh_token == refresh_token && !one.revoked);
        let grant = grant.ok_or_else(|| ApiError::of(40107))?;
        if now >= grant.refresh_expires_at {
            return Err(ApiError::of(40103));
        }
        let before = std::mem::replace(&mut grant.access_token, ids.token("act"));
        grant.earlier.push((before, grant.access_expires_at));
        grant.earlier.retain(|(_, ends)| *ends > now);
        grant.access_expires_at = now + lifetimes.access;
        grant.refresh_token = ids.token("rft");
        if lifetimes.renews {
            grant.refresh_expires_at = now + lifetimes.refresh;
        }
        Ok(grant.clone())
    }

    /// The grant an access token belongs to: 40104 empty, 40105 unknown, revoked or expired
    /// (TikTok's list has 40102 for the last; what is reported is 40105).
    pub(crate) fn check(&self, access_token: &str, now: i64) -> Result<&Grant, ApiError> {
        if access_token.is_empty() {
            return Err(ApiError::of(40104));
        }
        let known = self.grants.iter().find_map(|grant| {
            let ends = if grant.access_token == access_token {
                Some(grant.access_expires_at)
            } else {
                grant.earlier.iter().find(|(token, _)| token == access_token).map(|(_, ends)| *ends)
            };
            ends.map(|ends| (grant, ends))
        });
        match known {
            Some((grant, _)) if grant.revoked => Err(ApiError::of(40105)),
            Some((_, ends)) if now >= ends => Err(ApiError::of(40105)),
            Some((grant, _)) => Ok(grant),
            None => Err(ApiError::of(40105)),
        }
    }

    /// Ends the grant of an access token. False when there is none.
    pub(crate) fn revoke_token(&mut self, app_id: &str, access_token: &str) -> bool {
        let grant = self.grants.iter_mut().find(|one| {
            one.app_id == app_id
                && (one.access_token == access_token || one.earlier.iter().any(|(token, _)| token == access_token))
        });
        grant.is_some_and(|grant| !std::mem::replace(&mut grant.revoked, true))
    }

    /// Ends every grant of an account, for one app or all.
    pub(crate) fn revoke_account(&mut self, app_id: Option<&str>, open_id: &str) {
        for grant in &mut self.grants {
            if grant.open_id == open_id && app_id.is_none_or(|app| app == grant.app_id) {
                grant.revoked = true;
            }
        }
    }

    /// Takes scopes away from (or gives them to) the live grants of an account.
    pub(crate) fn set_scopes(&mut self, open_id: &str, scopes: &[String]) {
        for grant in self.grants.iter_mut().filter(|one| one.open_id == open_id && !one.revoked) {
            grant.scopes = scopes.to_vec();
        }
    }

    /// Apps this account has authorized, where given with a scope among what was granted.
    pub(crate) fn apps_of(&self, open_id: &str, scope: Option<&str>) -> Vec<String> {
        let live = self.grants.iter().filter(|one| {
            one.open_id == open_id
                && !one.revoked
                && scope.is_none_or(|scope| one.scopes.iter().any(|granted| granted == scope))
        });
        live.map(|one| one.app_id.clone()).collect()
    }

    /// Accounts with a live grant for an app.
    pub(crate) fn accounts_of(&self, app_id: &str) -> Vec<String> {
        self.grants.iter().filter(|one| one.app_id == app_id && !one.revoked).map(|one| one.open_id.clone()).collect()
    }

    /// Every grant that still lives.
    pub(crate) fn all_live(&self) -> Vec<Grant> {
        self.grants.iter().filter(|one| !one.revoked).cloned().collect()
    }

    /// Takes over a grant of an earlier run.
    pub(crate) fn restore(&mut self, grant: Grant) {
        self.revoke_account(Some(&grant.app_id), &grant.open_id);
        self.grants.push(grant);
    }

    /// Live grants of an account.
    pub(crate) fn live(&self, open_id: &str) -> Vec<&Grant> {
        self.grants.iter().filter(|one| one.open_id == open_id && !one.revoked).collect()
    }
}

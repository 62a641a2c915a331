//! How a person gets a session: by a one-time link (which also sets up the first owner) or by password. Called by `http::session`
//! and the command line.

use std::{path::PathBuf, time::Duration};

use domain::{
    Clock, Id,
    identity::{LoginLink, Member, User},
    store::{Store, StoreError},
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{
    Secret, hash_of,
    password::{PASSWORD_MAX, PASSWORD_MIN, Passwords},
};
use crate::config::{Config, Server};

/// How long a browser stays signed in.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long a one-time link is good.
pub const LINK_LIFETIME: Duration = Duration::from_mins(30);
const NAME_MAX: usize = 100;
const EMAIL_MAX: usize = 254;

/// What the first owner tells of themselves.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Shown beside their replies, 1 to 100 characters.
    pub name: String,
    /// Signs in with it.
    pub email: String,
    /// 10 characters to 1,024 bytes.
    pub password: SecretString,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, spent or too old.
    #[error("this link is used up or too old; make another with `message-gateway user login-link`")]
    LinkInvalid,
    /// The link is good, but its user has no name and password yet. It was not spent.
    #[error("tell your name, e-mail address and a password")]
    SetupRequired,
    /// The link is good, but its user has a password already. It was not spent.
    #[error("this user is set up already")]
    AlreadySetUp,
    /// E-mail or password is wrong; which of the two is not told.
    #[error("the e-mail address or the password is wrong")]
    WrongPassword,
    /// A field of the set-up is not valid.
    #[error("{problem}")]
    Field {
        /// Which, such as `setup.email`.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new session: the cookie, and whose it is.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The cookie's value.
    pub cookie: Secret,
    /// The person.
    pub member: Member,
}

/// Signs people in over a store.
#[derive(Debug)]
pub struct SignIn<'a, S: Store + ?Sized> {
    /// Where users are.
    pub store: &'a S,
    /// What time it is.
    pub clock: &'a Clock,
    /// Hashes and checks.
    pub passwords: &'a Passwords,
}

impl<S: Store + ?Sized> SignIn<'_, S> {
    /// By a one-time link. The first owner must bring a set-up, unless `setup_optional` (a local trial).
    ///
    /// # Errors
    /// [`SignInError`]; the link is spent only by success.
    pub async fn by_link(
        &self,
        token: &str,
        setup: Option<Setup>,
        setup_optional: bool,
    ) -> Result<SignedIn, SignInError> {
        let hash = hash_of(token);
        let link = self.store.login_link(&hash, self.clock.now(), false).await?.ok_or(SignInError::LinkInvalid)?;
        let member = self.store.member_by_user_any_workspace(link.user_id).await?.ok_or(SignInError::LinkInvalid)?;
        let setup = match (setup, member.user.email.is_none()) {
            (Some(setup), true) => Some(self.checked(setup, link.user_id).await?),
            (Some(_), false) => return Err(SignInError::AlreadySetUp),
            (None, true) if !setup_optional => return Err(SignInError::SetupRequired),
            (None, _) => None,
        };
        let password_hash = match &setup {
            Some(setup) => Some(self.passwords.hash(setup.password.clone()).await),
            None => None,
        };
        self.store.login_link(&hash, self.clock.now(), true).await?.ok_or(SignInError::LinkInvalid)?;
        if let (Some(setup), Some(password_hash)) = (setup, password_hash) {
            self.store.update_user(link.user_id, &setup.name, &setup.email, &password_hash).await?;
        }
        self.begin(link.user_id).await
    }

    /// By password.
    ///
    /// # Errors
    /// [`SignInError::WrongPassword`], also for an address nobody has; the store's.
    pub async fn by_password(&self, email: &str, password: SecretString) -> Result<SignedIn, SignInError> {
        if password.expose_secret().len() > PASSWORD_MAX || email.len() > EMAIL_MAX {
            return Err(SignInError::WrongPassword);
        }
        let member = self.store.member_by_email_any_workspace(&normalised(email)).await?;
        let kept = member.as_ref().and_then(|member| member.user.password_hash.clone());
        if !self.passwords.verify(password, kept).await {
            return Err(SignInError::WrongPassword);
        }
        self.begin(member.ok_or(SignInError::WrongPassword)?.user.id).await
    }

    async fn begin(&self, user: Id<User>) -> Result<SignedIn, SignInError> {
        let member = self.store.member_by_user_any_workspace(user).await?.ok_or(SignInError::LinkInvalid)?;
        let cookie = Secret::generate("");
        let until = self.clock.now().plus(SESSION_LIFETIME);
        self.store.create_session(cookie.hash(), user, member.workspace.id, until).await?;
        Ok(SignedIn { cookie, member })
    }

    /// Checked before the link is spent, or a typing mistake would cost it.
    async fn checked(&self, setup: Setup, user: Id<User>) -> Result<Setup, SignInError> {
        let wrong = |field, problem| Err(SignInError::Field { field, problem });
        let name = setup.name.trim().to_owned();
        let email = normalised(&setup.email);
        if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            return wrong("setup.name", "1 to 100 characters");
        }
        if !is_email(&email) {
            return wrong("setup.email", "an e-mail address such as ploy@example.com");
        }
        if setup.password.expose_secret().chars().count() < PASSWORD_MIN
            || setup.password.expose_secret().len() > PASSWORD_MAX
        {
            return wrong("setup.password", "at least 10 characters, at most 1,024 bytes");
        }
        let taken =
            self.store.member_by_email_any_workspace(&email).await?.is_some_and(|member| member.user.id != user);
        if taken {
            return wrong("setup.email", "somebody else has this address");
        }
        Ok(Setup { name, email, password: setup.password })
    }
}

/// Makes a one-time link for a user; the secret is in the fragment, which no server and no log ever sees.
///
/// # Errors
/// The store's.
pub async fn make_link<S: Store + ?Sized>(
    store: &S,
    clock: &Clock,
    server: &Server,
    user: Id<User>,
) -> Result<Url, StoreError> {
    let secret = Secret::generate("");
    store
        .create_login_link(secret.hash(), LoginLink { user_id: user, expires_at: clock.now().plus(LINK_LIFETIME) })
        .await?;
    let mut address = server.public_address("link");
    address.set_fragment(Some(secret.expose()));
    Ok(address)
}

fn normalised(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Something before and after one `@`, without white space: the rest only a mail can tell.
fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let plain = !email.chars().any(|c| c.is_whitespace() || c.is_control()) && email.len() <= EMAIL_MAX;
    plain
        && !local.is_empty()
        && domain.contains('.')
        && !domain.contains('@')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}

/// Where the first owner's link is written when there is no terminal to show it on.
pub fn first_run_file(config: &Config) -> PathBuf {
    config.storage.data_dir.join("first-run-link")
}

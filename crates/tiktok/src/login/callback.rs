//! What TikTok puts into the query when it sends the user back.

use super::{AuthCode, LoginErrorCode, Scopes};
pub use crate::oauth::CallbackError;
use crate::oauth::query_value;

/// The outcome of the consent page. Compare `state` with yours before anything else.
///
/// TikTok may also show an error page of its own and send nobody back.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Callback {
    /// The user agreed.
    Granted {
        /// To be exchanged once, soon.
        code: AuthCode,
        /// What was granted, if the query says so; the token answer decides.
        scopes: Scopes,
        /// Your value.
        state: Option<String>,
    },
    /// The user or TikTok refused.
    Denied {
        /// Why. Example [`LoginErrorCode::AccessDenied`].
        error: LoginErrorCode,
        /// TikTok's words.
        description: Option<String>,
        /// Your value.
        state: Option<String>,
    },
}

impl Callback {
    /// Reads the raw query of the callback (without `?`), decoding it exactly once.
    ///
    /// ```
    /// use tiktok::login::Callback;
    ///
    /// let Callback::Granted { code, state, .. } = Callback::parse("code=a%2A1%214.s1&state=x")? else {
    ///     unreachable!("the query holds a code");
    /// };
    /// assert_eq!((code.expose(), state.as_deref()), ("a*1!4.s1", Some("x")));
    /// # Ok::<(), tiktok::login::CallbackError>(())
    /// ```
    ///
    /// # Errors
    /// [`CallbackError`] if the query is something else.
    pub fn parse(query: &str) -> Result<Self, CallbackError> {
        let state = query_value(query, "state");
        if let Some(error) = query_value(query, "error") {
            let description = query_value(query, "error_description");
            return Ok(Self::Denied { error: error.into(), description, state });
        }
        let code = query_value(query, "code").map(AuthCode::from).ok_or(CallbackError)?;
        let scopes = Scopes::parse(&query_value(query, "scopes").unwrap_or_default());
        Ok(Self::Granted { code, scopes, state })
    }
}

//! What TikTok puts into the query when it sends the account holder back.

use super::Scopes;
use crate::secret::AuthCode;

/// The outcome of the consent page. Compare `state` with yours before anything else.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Callback {
    /// The account holder agreed.
    Granted {
        /// To be exchanged once, within ten minutes.
        code: AuthCode,
        /// What was granted, if the query says so; the token answer decides.
        scopes: Scopes,
        /// Your value.
        state: Option<String>,
    },
    /// The account holder or TikTok refused.
    Denied {
        /// Machine-readable. Example `invalid_scope`, `access_denied`.
        error: String,
        /// TikTok's words.
        description: Option<String>,
        /// What the error is about. Example `scope`.
        error_type: Option<String>,
        /// Your value.
        state: Option<String>,
    },
}

/// The query holds neither a code nor an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the callback holds neither a code nor an error")]
pub struct CallbackError;

impl Callback {
    /// Reads the raw query of the callback (without `?`), decoding it exactly once.
    ///
    /// ```
    /// use tiktok::oauth::Callback;
    ///
    /// let Callback::Granted { code, state, .. } = Callback::parse("code=a%2A1%214.s1&state=x")? else {
    ///     unreachable!("the query holds a code");
    /// };
    /// assert_eq!((code.expose(), state.as_deref()), ("a*1!4.s1", Some("x")));
    /// # Ok::<(), tiktok::oauth::CallbackError>(())
    /// ```
    ///
    /// # Errors
    /// [`CallbackError`] if the query is something else.
    pub fn parse(query: &str) -> Result<Self, CallbackError> {
        let get = |wanted: &str| query_value(query, wanted);
        let state = get("state");
        if let Some(error) = get("error") {
            let (description, error_type) = (get("error_description"), get("error_type"));
            return Ok(Self::Denied { error, description, error_type, state });
        }
        let code = get("code").map(AuthCode::from).ok_or(CallbackError)?;
        let scopes = Scopes::parse(&get("scopes").unwrap_or_default());
        Ok(Self::Granted { code, scopes, state })
    }
}

/// The first filled value of a parameter in a raw query, decoded once.
pub(crate) fn query_value(query: &str, wanted: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(name, value)| name == wanted && !value.is_empty());
    found.map(|(_, value)| value.into_owned())
}

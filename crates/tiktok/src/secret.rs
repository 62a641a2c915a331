//! Tokens and app secrets: types whose `Debug` hides the value and whose memory is wiped on drop.
//! Every call that carries a credential takes one of these, never a plain string.

macro_rules! secret {
    // Made by constructors of its own, which check the value.
    ($(#[$meta:meta])* unchecked $name:ident) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(secrecy::SecretString);

        impl $name {
            fn hidden(value: String) -> Self {
                Self(secrecy::SecretString::from(value))
            }

            /// The value itself: for the wire and for encrypted storage, never for a log.
            pub fn expose(&self) -> &str {
                secrecy::ExposeSecret::expose_secret(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([hidden])"))
            }
        }
    };
    ($(#[$meta:meta])* $name:ident) => {
        $crate::secret::secret! {
            $(#[$meta])*
            unchecked $name
        }

        impl $name {
            /// Takes ownership of the value.
            pub fn new(value: impl Into<String>) -> Self {
                Self::hidden(value.into())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::new(value)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::new(value)
            }
        }
    };
}

pub(crate) use secret;

secret! {
    /// Access token of one connected business account, valid for one day. Sent bare in the header
    /// `Access-Token`; a `Bearer ` prefix is answered with code 40105.
    ///
    /// ```
    /// let token = tiktok::AccessToken::new("act.example");
    /// assert_eq!(format!("{token:?}"), "AccessToken([hidden])");
    /// ```
    AccessToken
}

secret! {
    /// Refresh token of one connected business account, valid for one year. A refresh may answer
    /// with a new one: always store what came back.
    RefreshToken
}

secret! {
    /// Secret of the portal app. Used on the OAuth and webhook configuration calls, and the key of
    /// the webhook signature.
    AppSecret
}

secret! {
    /// Authorization code of the OAuth callback: single use, ten minutes.
    AuthCode
}

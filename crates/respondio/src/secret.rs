//! Access tokens and signing keys: types whose `Debug` hides the value and whose memory is wiped
//! on drop. Every call that carries a credential takes one of these, never a plain string.

use secrecy::{ExposeSecret, SecretString};

macro_rules! secret {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Takes ownership of the value.
            pub fn new(value: impl Into<String>) -> Self {
                Self(SecretString::from(value.into()))
            }

            /// The value itself: for the wire and for encrypted storage, never for a log.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
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

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([hidden])"))
            }
        }
    };
}

secret! {
    /// Access token of one workspace, from Settings → Integrations → Developer API. It does not
    /// expire. Sent as `Authorization: Bearer …`. Opaque, though it looks like a JWT.
    ///
    /// ```
    /// let token = respondio::AccessToken::new("eyJ.example");
    /// assert_eq!(format!("{token:?}"), "AccessToken([hidden])");
    /// ```
    AccessToken
}

secret! {
    /// Signing key of one webhook, from Settings → Integrations → Webhooks. Each webhook, so each
    /// event, has its own. It looks like base64 but is used as text.
    SigningKey
}

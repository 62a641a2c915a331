//! Ids, tokens and secrets of Login Kit. The names are those of the API for Business, the types are
//! not.

use crate::{model::string_enum::string_id, secret::secret, webhook::Verifier};

string_id! {
    /// A Login Kit app: `client_key`. Sandbox and production differ.
    ClientKey
}
string_id! {
    /// A TikTok user as one Login Kit app sees them. Unrelated to
    /// [`BusinessId`](crate::model::BusinessId), even for the same person.
    OpenId
}
string_id! {
    /// A TikTok user as all Login Kit apps of one developer see them.
    UnionId
}

secret! {
    /// Secret of the Login Kit app; the key of its webhook signatures too.
    ClientSecret
}
secret! {
    /// Access token of one user (`act.…`), good for hours. Sent as `Authorization: Bearer`.
    AccessToken
}
secret! {
    /// Refresh token of one user (`rft.…`). Every refresh answers with a new one, and the old one
    /// stops working: always store what came back.
    RefreshToken
}
secret! {
    /// Authorization code of the callback: single use.
    AuthCode
}

/// Key and secret of a Login Kit app.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// The app.
    pub client_key: ClientKey,
    /// Its secret.
    pub client_secret: ClientSecret,
}

impl Credentials {
    /// Puts the two together.
    pub fn new(client_key: impl Into<ClientKey>, client_secret: impl Into<ClientSecret>) -> Self {
        Self { client_key: client_key.into(), client_secret: client_secret.into() }
    }
}

impl ClientSecret {
    /// Checks the signatures of this app's webhooks.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(self.expose())
    }
}

//! `GET /business/get/`: the profile of a connected account.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{BusinessField, BusinessId, BusinessProfile},
    secret::AccessToken,
};

/// Reads the profile. Made by [`Client::business`].
///
/// Failures: 40001 (a field whose scope was not granted), 40002 (unknown field), 40105 (token).
/// Source: portal page 1762228399168514, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetBusiness {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    fields: Vec<BusinessField>,
}

impl GetBusiness {
    pub(crate) fn new(client: &Client, token: &AccessToken, business_id: BusinessId) -> Self {
        let (client, token) = (client.clone(), token.clone());
        Self { client, token, business_id, fields: BusinessField::MESSAGING.to_vec() }
    }

    /// Which fields to ask for. Default [`BusinessField::MESSAGING`].
    pub fn fields(mut self, fields: impl IntoIterator<Item = BusinessField>) -> Self {
        self.fields = fields.into_iter().collect();
        self
    }
}

impl TryIntoRequest for GetBusiness {
    fn try_into_request(self) -> Result<Request, Error> {
        let fields = serde_json::to_string(&self.fields).expect("invariant: strings become JSON");
        Ok(Request::get("/business/get/")
            .query_pair("business_id", self.business_id)
            .query_pair("fields", fields)
            .authorized(self.token))
    }
}

awaitable!(GetBusiness => BusinessProfile, BusinessProfile::read);

//! `GET /contact/{identifier}/channels`: the channels of a contact, with their last times.

use super::{Paging, Request, TryIntoRequest, awaitable, paged};
use crate::{
    client::Client,
    error::Error,
    model::{Channel, Identifier, Page},
    secret::AccessToken,
};

/// Lists the channels on which a contact has written. Made by [`Client::list_contact_channels`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListContactChannels {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    paging: Paging,
}

impl ListContactChannels {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, paging: Paging::default() }
    }
}

impl TryIntoRequest for ListContactChannels {
    fn try_into_request(self) -> Result<Request, Error> {
        let request = Request::get(self.token, "/contact/{identifier}/channels", &[self.contact.segment()]);
        Ok(self.paging.apply(request))
    }
}

paged!(ListContactChannels);
awaitable!(ListContactChannels => Page<Channel>, |value| Page::read(value, Channel::read));

//! `GET /space/channel`: the connected channels.

use super::{Paging, Request, TryIntoRequest, awaitable, paged};
use crate::{
    client::Client,
    error::Error,
    model::{Channel, Page},
    secret::AccessToken,
};

/// Lists the channels. Made by [`Client::list_channels`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListChannels {
    client: Client,
    token: AccessToken,
    paging: Paging,
}

impl ListChannels {
    pub(crate) fn new(client: &Client, token: &AccessToken) -> Self {
        Self { client: client.clone(), token: token.clone(), paging: Paging::default() }
    }
}

impl TryIntoRequest for ListChannels {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(self.paging.apply(Request::get(self.token, "/space/channel", &[])))
    }
}

paged!(ListChannels);
awaitable!(ListChannels => Page<Channel>, |value| Page::read(value, Channel::read));

//! `GET /contact/{identifier}/message/list`: the messages of a contact, newest first.

use super::{Paging, Request, TryIntoRequest, awaitable, paged};
use crate::{
    client::Client,
    error::Error,
    model::{Identifier, Message, Page},
    secret::AccessToken,
};

/// Lists the messages of a contact, newest first, both directions and all channels mixed. Made by
/// [`Client::list_messages`].
///
/// There is no list across contacts. Integrators use pages of
/// [`limits::MESSAGES_PAGE`](crate::limits::MESSAGES_PAGE).
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListMessages {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    paging: Paging,
}

impl ListMessages {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, paging: Paging::default() }
    }
}

impl TryIntoRequest for ListMessages {
    fn try_into_request(self) -> Result<Request, Error> {
        let request = Request::get(self.token, "/contact/{identifier}/message/list", &[self.contact.segment()]);
        Ok(self.paging.apply(request))
    }
}

paged!(ListMessages);
awaitable!(ListMessages => Page<Message>, |value| Page::read(value, |message| Message::read(message, None)));

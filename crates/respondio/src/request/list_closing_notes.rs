//! `GET /space/closing_notes`: the reasons to close a conversation.

use super::{Paging, Request, TryIntoRequest, awaitable, paged};
use crate::{
    client::Client,
    error::Error,
    model::{ClosingNote, Page},
    secret::AccessToken,
};

/// Lists the closing notes. Made by [`Client::list_closing_notes`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListClosingNotes {
    client: Client,
    token: AccessToken,
    paging: Paging,
}

impl ListClosingNotes {
    pub(crate) fn new(client: &Client, token: &AccessToken) -> Self {
        Self { client: client.clone(), token: token.clone(), paging: Paging::default() }
    }
}

impl TryIntoRequest for ListClosingNotes {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(self.paging.apply(Request::get(self.token, "/space/closing_notes", &[])))
    }
}

paged!(ListClosingNotes);
awaitable!(ListClosingNotes => Page<ClosingNote>, |value| Page::read(value, ClosingNote::read));

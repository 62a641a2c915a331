//! `POST /contact/list`: contacts in the order of their ids, not of their last activity.

use serde_json::json;

use super::{Paging, Request, TryIntoRequest, awaitable, paged};
use crate::{
    client::Client,
    error::Error,
    model::{Contact, Filter, Page},
    secret::AccessToken,
};

/// Lists contacts. Made by [`Client::list_contacts`].
///
/// The API neither sorts nor filters by last activity, and whether ids rise or fall is not
/// documented: read all pages to see every contact.
/// Source: the vendor's TypeScript SDK; the required body as an integrator found it, read
/// 2026-11-20.
#[derive(Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListContacts {
    client: Client,
    token: AccessToken,
    search: String,
    timezone: String,
    filter: Filter,
    paging: Paging,
}

impl ListContacts {
    pub(crate) fn new(client: &Client, token: &AccessToken) -> Self {
        Self {
            client: client.clone(),
            token: token.clone(),
            search: String::new(),
            timezone: "utc".to_owned(),
            filter: Filter::All(Vec::new()),
            paging: Paging::default(),
        }
    }

    /// Words to look for in name, email and phone. Default all contacts.
    pub fn search(mut self, words: impl Into<String>) -> Self {
        self.search = words.into();
        self
    }

    /// Time zone of the times in the filter. Default `utc`; example `Asia/Bangkok`.
    pub fn timezone(mut self, timezone: impl Into<String>) -> Self {
        self.timezone = timezone.into();
        self
    }

    /// Which contacts. Default all.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }
}

impl TryIntoRequest for ListContacts {
    fn try_into_request(self) -> Result<Request, Error> {
        // All three keys must be there, empty or not: without `search` the answer is 400.
        let body = json!({"search": self.search, "timezone": self.timezone, "filter": self.filter});
        Ok(self.paging.apply(Request::post(self.token, "/contact/list", &[], &body)))
    }
}

paged!(ListContacts);
awaitable!(ListContacts => Page<Contact>, |value| Page::read(value, Contact::read));

// What is searched for is a name or an address: not shown.
impl std::fmt::Debug for ListContacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListContacts").field("paging", &self.paging).finish_non_exhaustive()
    }
}

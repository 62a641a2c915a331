//! Respond.io's lists: channels, contacts, and what a contact said, newest first. There is no list across contacts.

use domain::space::SpaceChannel;
use respondio::{
    Error,
    model::{Contact, ContactId, ContactStatus, Cursor, Filter, FilterRow, Message, Page},
};

use super::{Endpoint, Held, Line, Respondio, Turn};

/// Pages of channels that are read; a space has a handful.
const CHANNEL_PAGES: usize = 10;

/// A page of contacts.
pub type ContactPage = Page<Contact>;
/// A page of messages.
pub type MessagePage = Page<Message>;

impl Respondio {
    /// The channels of a space, TikTok's first. The cheapest question that also tells whether a token is good.
    ///
    /// # Errors
    /// Respond.io's; `needs_reauthorization` for a wrong token, `is_forbidden` for a plan without API.
    pub async fn channels(&self, line: &Line, turn: Turn) -> Result<Vec<SpaceChannel>, Error> {
        let mut all = Vec::new();
        let mut cursor: Option<Cursor> = None;
        for _ in 0..CHANNEL_PAGES {
            let ask = self.client.list_channels(&line.token).limit(respondio::limits::PAGE_MAX)?;
            let ask = if let Some(cursor) = cursor { ask.cursor(cursor) } else { ask };
            let page = self.call(line, Endpoint::Channels, turn, ask).await?.into_value();
            let next = page.next_cursor().cloned();
            all.extend(page.items.into_iter().map(|channel| SpaceChannel {
                id: channel.id.to_string(),
                name: channel.name,
                source: channel.source.map(|source| source.to_string()),
            }));
            let Some(next) = next else { break };
            cursor = Some(next);
        }
        all.sort_by_key(|channel| !channel.is_tiktok());
        Ok(all)
    }

    /// A page of contacts, in the order of their ids: those whose conversation is open, or all.
    ///
    /// # Errors
    /// Respond.io's.
    pub async fn contacts(
        &self,
        line: &Line,
        only_open: bool,
        cursor: Option<Cursor>,
    ) -> Result<Held<ContactPage>, Error> {
        let ask = self.client.list_contacts(&line.token).limit(respondio::limits::PAGE_MAX)?;
        let ask = if only_open { ask.filter(Filter::all([FilterRow::status(&ContactStatus::Open)])) } else { ask };
        let ask = if let Some(cursor) = cursor { ask.cursor(cursor) } else { ask };
        self.call(line, Endpoint::Contacts, Turn::Later, ask).await
    }

    /// A page of what a contact and the business said, newest first, all channels mixed.
    ///
    /// # Errors
    /// Respond.io's; `is_not_found` for a contact that was deleted or merged.
    pub async fn messages(
        &self,
        line: &Line,
        contact: u64,
        limit: u32,
        cursor: Option<Cursor>,
        turn: Turn,
    ) -> Result<Held<MessagePage>, Error> {
        let ask = self.client.list_messages(&line.token, ContactId::new(contact)).limit(limit)?;
        let ask = if let Some(cursor) = cursor { ask.cursor(cursor) } else { ask };
        self.call(line, Endpoint::Messages, turn, ask).await
    }
}

//! What the sides of an account call a message or a conversation, beyond the first name that stands in its own row. Loaded only for
//! accounts that two sides tell of.

use std::collections::BTreeSet;

use super::{Touched, Working};
use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    contact::Contact,
    conversation::Conversation,
    event::{EventKind, NewEvent},
    id::Id,
    message::Message,
    workspace::Workspace,
};

/// What a side calls a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageName {
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The account; with the provider and its id the key.
    pub account_id: Id<Account>,
    /// The side.
    pub provider: ProviderKind,
    /// Its id. May be the message's first name: then the row is there for what follows.
    pub external_id: String,
    /// The message.
    pub message_id: Id<Message>,
    /// What the side says TikTok calls it.
    pub platform_id: Option<String>,
    /// The side's time of the message.
    pub told_at: Timestamp,
    /// Nothing but content, direction and time says that it is this message.
    pub guessed: bool,
}

/// What a side calls a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationName {
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The account; with the provider and its id the key.
    pub account_id: Id<Account>,
    /// The side.
    pub provider: ProviderKind,
    /// Its id.
    pub external_id: String,
    /// The conversation.
    pub conversation_id: Id<Conversation>,
    /// Nothing but what was said in it tells that it is this conversation.
    pub guessed: bool,
}

/// A conversation that turned out to be another one: everything in it moves there, and it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedConversation {
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The one that is gone.
    pub from: Id<Conversation>,
    /// The one that it is.
    pub into: Id<Conversation>,
}

pub(super) type NameKey = (Id<Account>, ProviderKind, String);

impl Working<'_> {
    /// Adds a loaded name of a message. One that was added before is left as it is.
    pub fn add_message_name(&mut self, name: MessageName) {
        let key = (name.message_id, name.provider);
        if self.names.contains_key(&key) {
            return;
        }
        self.messages_by_key
            .entry((name.account_id, name.provider, name.external_id.clone()))
            .or_insert(name.message_id);
        self.names.insert(key, name);
    }

    /// Adds a loaded name of a conversation. One that was added before is left as it is.
    pub fn add_conversation_name(&mut self, name: ConversationName) {
        let key = (name.account_id, name.provider, name.external_id.clone());
        if self.conversation_names.contains_key(&key) {
            return;
        }
        self.conversations_by_key.entry(key.clone()).or_insert(name.conversation_id);
        self.conversation_names.insert(key, name);
    }

    /// The conversation that a side calls so.
    pub fn conversation_named(
        &self,
        account: Id<Account>,
        side: ProviderKind,
        external_id: &str,
    ) -> Option<Id<Conversation>> {
        self.conversations_by_key.get(&(account, side, external_id.to_owned())).copied()
    }

    /// The message that a side calls so.
    pub fn message_named(&self, account: Id<Account>, side: ProviderKind, external_id: &str) -> Option<Id<Message>> {
        self.messages_by_key.get(&(account, side, external_id.to_owned())).copied()
    }

    /// Whether two sides tell of the account.
    pub fn has_two_sides(&self, account: Id<Account>) -> bool {
        self.account(account).is_some_and(|account| account.both_since.is_some())
    }

    /// Whether more than one side knows a conversation.
    pub fn is_linked(&self, id: Id<Conversation>) -> bool {
        self.sides_of(id).len() > 1
    }

    /// Whether a contact is loaded.
    pub fn has_contact(&self, id: Id<Contact>) -> bool {
        self.contact_by_id(id).is_some()
    }

    /// The conversations of the loaded messages.
    pub fn message_homes(&self) -> BTreeSet<Id<Conversation>> {
        self.messages.values().map(|message| message.conversation_id).collect()
    }

    /// The loaded messages.
    pub fn message_ids(&self) -> impl Iterator<Item = Id<Message>> {
        self.messages.keys().copied()
    }

    /// The loaded conversations.
    pub fn conversation_ids(&self) -> impl Iterator<Item = Id<Conversation>> {
        self.conversations.keys().copied()
    }

    /// What a side calls a message.
    pub(in crate::journal) fn name_of(&self, id: Id<Message>, side: ProviderKind) -> Option<&str> {
        let first = self.message(id).filter(|message| message.provider == side);
        let first = first.and_then(|message| message.external_id.as_deref());
        first.or_else(|| self.names.get(&(id, side)).map(|name| name.external_id.as_str()))
    }

    /// A name beyond the first, or what the first one tells of the platform.
    pub(in crate::journal) fn message_name(&self, id: Id<Message>, side: ProviderKind) -> Option<&MessageName> {
        self.names.get(&(id, side))
    }

    /// The names of a message beyond its first.
    pub(in crate::journal) fn names_of(&self, id: Id<Message>) -> Vec<MessageName> {
        let sides = (id, ProviderKind::Official)..=(id, ProviderKind::Thirdparty);
        self.names.range(sides).map(|(_, name)| name.clone()).collect()
    }

    /// The sides that have told a message.
    pub(in crate::journal) fn tellers(&self, id: Id<Message>) -> BTreeSet<ProviderKind> {
        let first = self.message(id).filter(|message| message.external_id.is_some()).map(|message| message.provider);
        first.into_iter().chain(self.names_of(id).into_iter().map(|name| name.provider)).collect()
    }

    /// Whether any side has told a message.
    pub(in crate::journal) fn is_told(&self, id: Id<Message>) -> bool {
        !self.tellers(id).is_empty()
    }

    /// The message that a side has told with this id of the platform.
    pub(in crate::journal) fn message_by_platform(&self, account: Id<Account>, id: &str) -> Option<Id<Message>> {
        let named = self.messages_by_key.get(&(account, ProviderKind::Official, id.to_owned())).copied();
        let told = || {
            let of = |name: &&MessageName| name.account_id == account && name.platform_id.as_deref() == Some(id);
            self.names.values().find(of).map(|name| name.message_id)
        };
        named.or_else(told)
    }

    /// Writes a name; the same side's other name of the message, if it has one, must have been given away.
    pub(in crate::journal) fn put_message_name(&mut self, name: MessageName) {
        let key = (name.message_id, name.provider);
        self.messages_by_key.insert((name.account_id, name.provider, name.external_id.clone()), name.message_id);
        self.dirty.names.insert(key);
        self.names.insert(key, name);
    }

    /// Takes a name off a message, to be put elsewhere in the same use case.
    pub(in crate::journal) fn take_message_name(&mut self, id: Id<Message>, side: ProviderKind) -> Option<MessageName> {
        self.dirty.names.remove(&(id, side));
        let name = self.names.remove(&(id, side))?;
        let key = (name.account_id, name.provider, name.external_id.clone());
        if self.messages_by_key.get(&key) == Some(&id) {
            self.messages_by_key.remove(&key);
        }
        Some(name)
    }

    /// The sides that know a conversation.
    pub(in crate::journal) fn sides_of(&self, id: Id<Conversation>) -> BTreeSet<ProviderKind> {
        let first = self.conversation(id).map(|row| row.provider);
        let more = self.conversation_names.values().filter(|name| name.conversation_id == id);
        first.into_iter().chain(more.map(|name| name.provider)).collect()
    }

    /// What a side calls a conversation; of several names, any.
    pub fn conversation_name_at(&self, id: Id<Conversation>, side: ProviderKind) -> Option<&str> {
        let first = self.conversation(id).filter(|row| row.provider == side).map(|row| row.external_id.as_str());
        let of = |name: &&ConversationName| name.conversation_id == id && name.provider == side;
        first.or_else(|| self.conversation_names.values().find(of).map(|name| name.external_id.as_str()))
    }

    /// The names of a conversation beyond its first.
    pub(in crate::journal) fn names_of_conversation(&self, id: Id<Conversation>) -> Vec<ConversationName> {
        self.conversation_names.values().filter(|name| name.conversation_id == id).cloned().collect()
    }

    /// Whether a conversation has a name only because of what was said in it.
    pub(in crate::journal) fn is_guessed(&self, account: Id<Account>, side: ProviderKind, name: &str) -> bool {
        self.conversation_names.get(&(account, side, name.to_owned())).is_some_and(|name| name.guessed)
    }

    /// Writes a name of a conversation.
    pub(in crate::journal) fn put_conversation_name(&mut self, name: ConversationName) {
        let key = (name.account_id, name.provider, name.external_id.clone());
        self.conversations_by_key.insert(key.clone(), name.conversation_id);
        self.dirty.conversation_names.insert(key.clone());
        self.conversation_names.insert(key, name);
    }

    /// TikTok's own name comes first; the one that stood there becomes a further one.
    pub(in crate::journal) fn rename_conversation(&mut self, id: Id<Conversation>, provider: ProviderKind, to: &str) {
        let Some(row) = self.conversations.get_mut(&id) else { return };
        let old = ConversationName {
            workspace_id: row.workspace_id,
            account_id: row.account_id,
            provider: row.provider,
            external_id: std::mem::replace(&mut row.external_id, to.to_owned()),
            conversation_id: id,
            guessed: false,
        };
        row.provider = provider;
        self.conversations_by_key.insert((old.account_id, provider, to.to_owned()), id);
        self.changes.renamed_conversations.push(id);
        self.put_conversation_name(old);
        self.dirty.conversations.entry(id).or_insert(Touched::Edited);
    }

    /// Moves a message to another conversation of its account.
    pub(in crate::journal) fn move_message(&mut self, id: Id<Message>, into: Id<Conversation>) {
        let Some(message) = self.messages.get_mut(&id) else { return };
        message.conversation_id = into;
        if let Some(row) = self.outbox.get_mut(&id) {
            row.conversation_id = into;
        }
        self.changes.moved_messages.push((id, into));
        self.changes.events.retain(|event| event.message_id != Some(id));
        let kind = match self.dirty.messages.get(&id) {
            Some(true) => EventKind::Message,
            _ => EventKind::Status,
        };
        self.message_event(kind, id, into);
    }

    /// Takes a conversation out: what was loaded of it has been moved, the store moves the rest.
    pub(in crate::journal) fn remove_conversation(&mut self, id: Id<Conversation>, into: Id<Conversation>) {
        let Some(row) = self.conversations.remove(&id) else { return };
        self.changes.events.retain(|event| event.conversation_id != Some(id));
        if matches!(self.dirty.conversations.remove(&id), Some(Touched::Inserted)) {
            return;
        }
        self.changes.merged_conversations.push(MergedConversation { workspace_id: row.workspace_id, from: id, into });
        self.changes.events.push(NewEvent {
            workspace_id: row.workspace_id,
            account_id: row.account_id,
            kind: EventKind::Removed,
            conversation_id: Some(id),
            message_id: None,
            comment_id: None,
        });
    }
}

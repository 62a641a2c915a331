//! The end of a use case: conversations are summed up again, and what really changed is handed to the store.

use super::{Touched, Working};
use crate::{
    clock::Timestamp,
    conversation::Conversation,
    event::{EventKind, NewEvent},
    id::Id,
    journal::{Change, Changes, hold, reply::place},
    message::{Direction, Message, MessageState},
};

impl Working<'_> {
    pub(super) fn conversation_event(&mut self, id: Id<Conversation>) {
        let Some(conversation) = self.conversations.get(&id) else {
            return;
        };
        // Without a message there is nothing to list yet.
        if conversation.last_message_id.is_none() {
            return;
        }
        let event = NewEvent {
            workspace_id: conversation.workspace_id,
            account_id: conversation.account_id,
            kind: EventKind::Conversation,
            conversation_id: Some(id),
            message_id: None,
            comment_id: None,
        };
        // One per use case, and last, so that it follows the message that caused it.
        self.changes.events.retain(|known| *known != event);
        self.changes.events.push(event);
    }

    /// Recomputes what a conversation sums up (ledger, trouble, newest message) from its loaded tail, and writes its event.
    pub(in crate::journal) fn refresh(&mut self, id: Id<Conversation>) {
        let Some(conversation) = self.conversations.get(&id) else {
            return;
        };
        let mut ledger = conversation.ledger;
        let after_incoming = |message: &Message| ledger.last_incoming_at.is_none_or(|last| message.sent_at > last);
        let leaves_at = place(self, id);
        let mut spending = Vec::new();
        let mut trouble = false;
        let mut newest: Option<(Timestamp, Id<Message>)> = None;
        for message in self.messages_of(id) {
            newest = newest.max(Some((message.sent_at, message.id)));
            if message.direction == Direction::Incoming {
                continue;
            }
            if message.spends_quota() {
                // What waits leaves now at the earliest, so it counts in the window that is open then.
                let waits = message.state == MessageState::Queued;
                spending.push(if waits { message.sent_at.max(leaves_at) } else { message.sent_at });
            }
            trouble |=
                after_incoming(message) && matches!(message.state, MessageState::Failed | MessageState::Unconfirmed);
        }
        let known_last_is_loaded =
            conversation.last_message_id.is_none_or(|last| self.messages.contains_key(&last) || self.is_removed(last));
        let stored = conversation.last_message_id.map(|last| (conversation.last_activity_at, last));
        let newest = if known_last_is_loaded { newest } else { newest.max(stored) };
        ledger.count(spending);
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.ledger = ledger;
            conversation.trouble = trouble;
            conversation.last_message_id = newest.map(|(_, message)| message);
            if let Some((at, _)) = newest {
                conversation.last_activity_at = at;
            }
        }
        hold::release(self, id);
        self.conversation_event(id);
    }

    fn is_removed(&self, id: Id<Message>) -> bool {
        self.changes.removed_messages.contains(&id)
    }

    /// The rows to write, sorted by id within each kind.
    pub fn into_changes(mut self) -> Changes {
        let conversations = self.changed_conversations();
        let mut changes = std::mem::take(&mut self.changes);
        changes.accounts = self.dirty.accounts.iter().filter_map(|id| self.accounts.remove(id)).collect();
        let contacts = std::mem::take(&mut self.dirty.contacts);
        changes.contacts = contacts
            .into_values()
            .filter_map(|(is_new, key)| Some(change_of(is_new, self.contacts.remove(&key)?)))
            .collect();
        changes.comments = self.changed_comments();
        changes.conversations = conversations;
        changes.messages = self
            .dirty
            .messages
            .iter()
            .filter_map(|(id, is_new)| Some(change_of(*is_new, self.messages.remove(id)?)))
            .collect();
        let names = std::mem::take(&mut self.dirty.names);
        changes.message_names = names.iter().filter_map(|key| self.names.remove(key)).collect();
        let names = std::mem::take(&mut self.dirty.conversation_names);
        changes.conversation_names = names.iter().filter_map(|key| self.conversation_names.remove(key)).collect();
        changes.outbox = self.dirty.outbox.iter().filter_map(|id| self.outbox.remove(id)).collect();
        changes
    }

    /// Leaves out what a known report merely went over: a conversation that is as it was is neither written nor told. One of
    /// which something is told (a message in it, its contact) is told with it.
    fn changed_conversations(&mut self) -> Vec<Change<Conversation>> {
        let mut changed = Vec::new();
        for (id, touched) in std::mem::take(&mut self.dirty.conversations) {
            let Some(row) = self.conversations.remove(&id) else {
                continue;
            };
            match touched {
                Touched::Inserted => changed.push(Change::Insert(row)),
                Touched::Summed(before) if *before == row && !self.tells_of(&row) => {
                    self.changes.events.retain(|event| event.conversation_id != Some(id));
                }
                Touched::Edited | Touched::Summed(_) => changed.push(Change::Update(row)),
            }
        }
        changed
    }

    /// Whether something that is shown with a conversation changed.
    fn tells_of(&self, conversation: &Conversation) -> bool {
        let of_a_message =
            |event: &NewEvent| event.conversation_id == Some(conversation.id) && event.message_id.is_some();
        self.dirty.contacts.contains_key(&conversation.contact_id) || self.changes.events.iter().any(of_a_message)
    }
}

pub(super) fn change_of<T>(is_new: bool, row: T) -> Change<T> {
    if is_new { Change::Insert(row) } else { Change::Update(row) }
}

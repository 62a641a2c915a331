//! The rows that a use case has loaded, and the notes of what it changed.

mod comments;
mod finish;
mod names;
mod referrals;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Changes, ReferralKey};
use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    comment::Comment,
    contact::{Channel, Contact},
    conversation::Conversation,
    event::{EventKind, NewEvent},
    id::{Id, IdGenerator, NoLease},
    job::NewJob,
    message::Message,
    outbox::OutboxRow,
    workspace::Workspace,
};
pub use names::{ConversationName, MergedConversation, MessageName};

/// Loaded rows by their keys. A store fills it with the `add_*` methods, runs functions of [`crate::journal`] and takes the
/// changes with [`into_changes`](Self::into_changes).
///
/// For every conversation it adds, a store also adds its *tail*: outgoing messages later than the customer's last message or
/// than the read mark (the newest 200), all that are queued, sending or unconfirmed, and, where the conversation was named by
/// our id (not in ingest), the three newest of either direction.
#[derive(Debug)]
pub struct Working<'a> {
    /// The time of the use case.
    pub now: Timestamp,
    /// Who reports: in whose words ids are looked up.
    side: ProviderKind,
    ids: &'a IdGenerator,
    accounts: BTreeMap<Id<Account>, Account>,
    accounts_by_key: HashMap<(ProviderKind, String), Id<Account>>,
    contacts: HashMap<ContactKey, Contact>,
    comments: BTreeMap<Id<Comment>, Comment>,
    conversations: BTreeMap<Id<Conversation>, Conversation>,
    conversations_by_key: HashMap<names::NameKey, Id<Conversation>>,
    conversation_names: BTreeMap<names::NameKey, ConversationName>,
    messages: BTreeMap<Id<Message>, Message>,
    messages_by_key: HashMap<names::NameKey, Id<Message>>,
    names: BTreeMap<(Id<Message>, ProviderKind), MessageName>,
    outbox: BTreeMap<Id<Message>, OutboxRow>,
    /// Known referrals, and whether each tells its time.
    referrals: BTreeMap<ReferralKey, bool>,
    dirty: Dirty,
    pub(super) changes: Changes,
}

/// What makes a contact unique: workspace, channel, the provider's id.
pub(super) type ContactKey = (Id<Workspace>, Channel, String);

/// What was touched. `true` marks a new row.
#[derive(Debug, Default)]
struct Dirty {
    accounts: BTreeSet<Id<Account>>,
    contacts: BTreeMap<Id<Contact>, (bool, ContactKey)>,
    comments: BTreeMap<Id<Comment>, bool>,
    conversations: BTreeMap<Id<Conversation>, Touched>,
    conversation_names: BTreeSet<names::NameKey>,
    messages: BTreeMap<Id<Message>, bool>,
    names: BTreeSet<(Id<Message>, ProviderKind)>,
    outbox: BTreeSet<Id<Message>>,
}

/// What happened to a conversation.
#[derive(Debug)]
enum Touched {
    /// It is new.
    Inserted,
    /// It was edited, which counts whatever came of it.
    Edited,
    /// The rules went over it; it was like this before.
    Summed(Box<Conversation>),
}

impl<'a> Working<'a> {
    /// An empty one.
    pub fn new(now: Timestamp, ids: &'a IdGenerator) -> Self {
        Self {
            now,
            side: ProviderKind::Official,
            ids,
            accounts: BTreeMap::new(),
            accounts_by_key: HashMap::new(),
            contacts: HashMap::new(),
            comments: BTreeMap::new(),
            conversations: BTreeMap::new(),
            conversations_by_key: HashMap::new(),
            conversation_names: BTreeMap::new(),
            messages: BTreeMap::new(),
            messages_by_key: HashMap::new(),
            names: BTreeMap::new(),
            outbox: BTreeMap::new(),
            referrals: BTreeMap::new(),
            dirty: Dirty::default(),
            changes: Changes::default(),
        }
    }

    /// Adds a loaded account.
    pub fn add_account(&mut self, account: Account) {
        self.accounts_by_key.insert((account.provider, account.external_id.clone()), account.id);
        self.accounts.insert(account.id, account);
    }

    /// Adds an account under a second binding's key.
    pub fn add_account_key(&mut self, provider: ProviderKind, external_id: String, id: Id<Account>) {
        self.accounts_by_key.insert((provider, external_id), id);
    }

    /// Adds a loaded contact.
    pub fn add_contact(&mut self, contact: Contact) {
        self.contacts.insert((contact.workspace_id, contact.channel, contact.external_id.clone()), contact);
    }

    /// Who reports from here on.
    pub const fn listen_to(&mut self, side: ProviderKind) {
        self.side = side;
    }

    /// Who reports.
    pub const fn side(&self) -> ProviderKind {
        self.side
    }

    /// Adds a loaded conversation.
    pub fn add_conversation(&mut self, conversation: Conversation) {
        let key = (conversation.account_id, conversation.provider, conversation.external_id.clone());
        self.conversations_by_key.insert(key, conversation.id);
        self.conversations.insert(conversation.id, conversation);
    }

    /// Adds a loaded message: named by the use case, or of a tail. One that was added before is left as it is.
    pub fn add_message(&mut self, message: Message) {
        if self.messages.contains_key(&message.id) {
            return;
        }
        if let Some(external_id) = &message.external_id {
            self.messages_by_key.insert((message.account_id, message.provider, external_id.clone()), message.id);
        }
        self.messages.insert(message.id, message);
    }

    /// Adds a loaded outbox row.
    pub fn add_outbox(&mut self, row: OutboxRow) {
        self.outbox.insert(row.message_id, row);
    }

    /// An account by the provider's id.
    pub fn account_by_key(&self, provider: ProviderKind, external_id: &str) -> Option<&Account> {
        self.accounts_by_key.get(&(provider, external_id.to_owned())).and_then(|id| self.accounts.get(id))
    }

    /// An account.
    pub fn account(&self, id: Id<Account>) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// A conversation.
    pub fn conversation(&self, id: Id<Conversation>) -> Option<&Conversation> {
        self.conversations.get(&id)
    }

    /// A message.
    pub fn message(&self, id: Id<Message>) -> Option<&Message> {
        self.messages.get(&id)
    }

    /// An outbox row.
    pub fn outbox_row(&self, id: Id<Message>) -> Option<&OutboxRow> {
        self.outbox.get(&id)
    }

    /// Adds a job.
    pub fn enqueue(&mut self, job: NewJob) {
        self.changes.jobs.push(job);
    }

    /// Changes a conversation outside the journal's own rules (status, assignee, names) and writes its event.
    pub fn edit_conversation(&mut self, id: Id<Conversation>, edit: impl FnOnce(&mut Conversation)) {
        if let Some(conversation) = self.conversations.get_mut(&id) {
            edit(conversation);
            let touched = self.dirty.conversations.entry(id).or_insert(Touched::Edited);
            if matches!(touched, Touched::Summed(_)) {
                *touched = Touched::Edited;
            }
            self.conversation_event(id);
        }
    }

    /// Changes a contact outside the journal's own rules.
    pub fn edit_contact(&mut self, id: Id<Contact>, edit: impl FnOnce(&mut Contact)) {
        if let Some((key, contact)) = self.contacts.iter_mut().find(|(_, contact)| contact.id == id) {
            edit(contact);
            self.dirty.contacts.entry(id).or_insert_with(|| (false, key.clone()));
        }
    }

    /// Changes an account and writes its event.
    pub fn edit_account(&mut self, id: Id<Account>, edit: impl FnOnce(&mut Account)) {
        let Some(account) = self.accounts.get_mut(&id) else {
            return;
        };
        edit(account);
        let event = NewEvent {
            workspace_id: account.workspace_id,
            account_id: id,
            kind: EventKind::Account,
            conversation_id: None,
            message_id: None,
            comment_id: None,
        };
        self.dirty.accounts.insert(id);
        self.changes.events.push(event);
    }

    pub(super) fn new_id<T>(&self) -> Result<Id<T>, NoLease> {
        self.ids.next(self.now)
    }

    pub(super) fn contact_mut(&mut self, key: &ContactKey) -> Option<&mut Contact> {
        self.contacts.get_mut(key)
    }

    pub(super) fn contact_by_id(&self, id: Id<Contact>) -> Option<&Contact> {
        self.contacts.values().find(|contact| contact.id == id)
    }

    pub(super) fn touch_contact(&mut self, key: ContactKey, id: Id<Contact>) {
        self.dirty.contacts.entry(id).or_insert((false, key));
    }

    pub(super) fn insert_contact(&mut self, contact: Contact) {
        let key = (contact.workspace_id, contact.channel, contact.external_id.clone());
        self.dirty.contacts.insert(contact.id, (true, key));
        self.add_contact(contact);
    }

    pub(super) fn conversation_by_key(&self, account: Id<Account>, external_id: &str) -> Option<Id<Conversation>> {
        self.conversation_named(account, self.side, external_id)
    }

    pub(super) fn insert_conversation(&mut self, conversation: Conversation) {
        self.dirty.conversations.insert(conversation.id, Touched::Inserted);
        self.add_conversation(conversation);
    }

    pub(super) fn conversation_mut(&mut self, id: Id<Conversation>) -> Option<&mut Conversation> {
        let conversation = self.conversations.get_mut(&id)?;
        self.dirty.conversations.entry(id).or_insert_with(|| Touched::Summed(Box::new(conversation.clone())));
        Some(conversation)
    }

    /// Notes when the last delivery came, at most once a minute, without an event.
    pub(super) fn note_delivery(&mut self, id: Id<Account>) {
        let now = self.now;
        if let Some(account) = self.accounts.get_mut(&id)
            && account.last_delivery_at.is_none_or(|last| now.since(last).as_secs() >= 60)
        {
            account.last_delivery_at = Some(now);
            self.dirty.accounts.insert(id);
        }
    }

    pub(super) fn message_by_key(&self, account: Id<Account>, external_id: &str) -> Option<Id<Message>> {
        self.message_named(account, self.side, external_id)
    }

    pub(super) fn insert_message(&mut self, message: Message) {
        self.dirty.messages.insert(message.id, true);
        let (id, conversation, filed) = (message.id, message.conversation_id, message.filed);
        self.add_message(message);
        if !filed {
            self.message_event(EventKind::Message, id, conversation);
        }
    }

    /// Changes a message and writes its `status` event (none for one inserted by the same use case: its event shows the newest state).
    pub(super) fn edit_message(&mut self, id: Id<Message>, edit: impl FnOnce(&mut Message)) {
        let Some(message) = self.messages.get_mut(&id) else {
            return;
        };
        let key = |message: &Message| {
            message.external_id.clone().map(|external_id| (message.account_id, message.provider, external_id))
        };
        let before = key(message);
        edit(message);
        let (after, conversation) = (key(message), message.conversation_id);
        if before != after {
            if let Some(old) = before
                && self.messages_by_key.get(&old) == Some(&id)
            {
                self.messages_by_key.remove(&old);
                self.changes.cleared_external_ids.push(id);
            }
            if let Some(new) = after {
                self.messages_by_key.insert(new, id);
            }
        }
        let is_new = *self.dirty.messages.entry(id).or_insert(false);
        if !is_new {
            self.message_event(EventKind::Status, id, conversation);
        }
    }

    /// A message that was filed is told after all: as a new one.
    pub(super) fn tell_message(&mut self, id: Id<Message>) {
        let Some(message) = self.messages.get_mut(&id) else {
            return;
        };
        message.filed = false;
        let conversation = message.conversation_id;
        self.dirty.messages.entry(id).or_insert(false);
        self.message_event(EventKind::Message, id, conversation);
    }

    pub(super) fn remove_message(&mut self, id: Id<Message>) {
        let Some(message) = self.messages.remove(&id) else {
            return;
        };
        if let Some(external_id) = message.external_id {
            self.messages_by_key.remove(&(message.account_id, message.provider, external_id));
        }
        self.changes.moved_messages.retain(|(moved, _)| *moved != id);
        self.dirty.names.retain(|(named, _)| *named != id);
        let was_new = self.dirty.messages.remove(&id) == Some(true);
        self.changes.events.retain(|event| event.message_id != Some(id));
        if !was_new {
            self.changes.removed_messages.push(id);
            self.message_event(EventKind::Removed, id, message.conversation_id);
        }
        self.remove_outbox(id);
    }

    pub(super) fn put_outbox(&mut self, row: OutboxRow) {
        self.dirty.outbox.insert(row.message_id);
        self.changes.removed_outbox.retain(|id| *id != row.message_id);
        self.outbox.insert(row.message_id, row);
    }

    pub(super) fn remove_outbox(&mut self, id: Id<Message>) {
        self.dirty.outbox.remove(&id);
        if self.outbox.remove(&id).is_some() {
            self.changes.removed_outbox.push(id);
        }
    }

    /// Loaded messages of a conversation.
    pub(super) fn messages_of(&self, conversation: Id<Conversation>) -> impl Iterator<Item = &Message> {
        self.messages.values().filter(move |message| message.conversation_id == conversation)
    }

    /// Everything that is loaded.
    pub(super) fn all_messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    /// What waits in a conversation, in no order.
    pub(super) fn queue_of(&self, conversation: Id<Conversation>) -> impl Iterator<Item = &OutboxRow> {
        self.outbox.values().filter(move |row| row.conversation_id == conversation)
    }

    pub(super) fn outbox_of_account(&self, account: Id<Account>) -> Vec<OutboxRow> {
        self.outbox.values().filter(|row| row.account_id == account).cloned().collect()
    }

    pub(super) fn message_event(&mut self, kind: EventKind, id: Id<Message>, conversation: Id<Conversation>) {
        let Some(parent) = self.conversations.get(&conversation) else {
            return;
        };
        let event = NewEvent {
            workspace_id: parent.workspace_id,
            account_id: parent.account_id,
            kind,
            conversation_id: Some(conversation),
            message_id: Some(id),
            comment_id: None,
        };
        if !self.changes.events.contains(&event) || kind == EventKind::Removed {
            self.changes.events.push(event);
        }
    }
}

//! Conversations of two sides that are one: by TikTok's word, or by what was said in both. See [`crate::sides`].

use std::collections::BTreeMap;

use super::{
    Working,
    merge::{reconcile, recount_in},
    parties, sides,
    working::ConversationName,
};
use crate::{
    account::{Account, ProviderKind},
    contact::Contact,
    conversation::{Conversation, ConversationStatus},
    id::{Id, NoLease},
    inbound::{InboundCustomer, InboundMessage},
    message::{Direction, Message},
    sides::{Gist, alike, tells_of},
};

/// Whether two conversations can be one: no side that knows both has told them apart. TikTok's own word counts above all.
pub(super) fn can_merge(working: &Working<'_>, one: Id<Conversation>, other: Id<Conversation>) -> bool {
    let (one, other) = (working.sides_of(one), working.sides_of(other));
    one.is_disjoint(&other)
        || !(one.contains(&ProviderKind::Official) && other.contains(&ProviderKind::Official))
            && (one.len() == 1 || other.len() == 1)
}

/// Brings two messages into one conversation, if these can be one. False: they can't.
pub(super) fn bring_together(working: &mut Working<'_>, one: Id<Message>, other: Id<Message>) -> bool {
    let home = |working: &Working<'_>, id| working.message(id).map(|message| message.conversation_id);
    let (Some(here), Some(there)) = (home(working, one), home(working, other)) else { return false };
    if here != there {
        if !can_merge(working, here, there) {
            return false;
        }
        conversations(working, here, there, false);
    }
    working.message(one).is_some() && working.message(other).is_some()
}

/// Makes one conversation of two, the one that TikTok named or the first. Gives it.
pub(super) fn conversations(
    working: &mut Working<'_>,
    one: Id<Conversation>,
    other: Id<Conversation>,
    guessed: bool,
) -> Id<Conversation> {
    let rank = |working: &Working<'_>, id| (!working.sides_of(id).contains(&ProviderKind::Official), id);
    let (into, gone) = if rank(working, one) <= rank(working, other) { (one, other) } else { (other, one) };
    let Some(row) = working.conversation(gone).cloned() else { return into };
    let contact = working.contact_by_id(row.contact_id).cloned();
    let moving: Vec<Id<Message>> = working.messages_of(gone).map(|message| message.id).collect();
    for id in moving {
        working.move_message(id, into);
    }
    working.remove_conversation(gone, into);
    rename(working, &row, into, guessed);
    if let Some(kept) = working.conversation_mut(into) {
        take_over(kept, &row);
    }
    if let Some(contact) = contact {
        parties::fill_contact(working, into, &customer_of(&contact));
    }
    reconcile(working, into);
    working.refresh(into);
    into
}

fn rename(working: &mut Working<'_>, gone: &Conversation, into: Id<Conversation>, guessed: bool) {
    let mut names: Vec<ConversationName> = working.names_of_conversation(gone.id);
    if names.iter().all(|name| (name.provider, &name.external_id) != (gone.provider, &gone.external_id)) {
        names.push(ConversationName {
            workspace_id: gone.workspace_id,
            account_id: gone.account_id,
            provider: gone.provider,
            external_id: gone.external_id.clone(),
            conversation_id: into,
            guessed: false,
        });
    }
    for name in names {
        working.put_conversation_name(ConversationName {
            conversation_id: into,
            guessed: guessed || name.guessed,
            ..name
        });
    }
}

fn take_over(kept: &mut Conversation, gone: &Conversation) {
    if gone.status == ConversationStatus::Open {
        kept.status = ConversationStatus::Open;
    }
    kept.assignee = kept.assignee.or(gone.assignee);
    kept.sender = kept.sender.or(gone.sender);
    kept.request &= gone.request;
    kept.unread = kept.unread.saturating_add(gone.unread);
    kept.read_up_to = kept.read_up_to.max(gone.read_up_to);
    kept.image_send = kept.image_send.or(gone.image_send);
    let (ledger, other) = (&mut kept.ledger, &gone.ledger);
    ledger.last_incoming_at = ledger.last_incoming_at.max(other.last_incoming_at);
    ledger.blocked_at = ledger.blocked_at.max(other.blocked_at);
    other.first_outgoing_at.into_iter().for_each(|at| ledger.note_outgoing(at));
}

/// A side's conversation is `there`, which it had no name for.
pub(super) fn link(
    working: &mut Working<'_>,
    account: Id<Account>,
    there: Id<Conversation>,
    report: &InboundMessage,
    guessed: bool,
) -> Result<(), NoLease> {
    let side = working.side();
    let Some(row) = working.conversation(there) else { return Ok(()) };
    let name = ConversationName {
        workspace_id: row.workspace_id,
        account_id: account,
        provider: side,
        external_id: report.conversation_external_id.clone(),
        conversation_id: there,
        guessed,
    };
    if side == ProviderKind::Official && row.provider != ProviderKind::Official {
        return parties::official_leads(working, there, report, guessed);
    }
    working.put_conversation_name(name);
    working.edit_conversation(there, |_| {});
    Ok(())
}

/// TikTok's id of a message says that a name is the conversation's.
pub(super) fn is_certain(working: &mut Working<'_>, account: Id<Account>, external_id: &str) {
    let side = working.side();
    let Some(id) = working.conversation_by_key(account, external_id) else { return };
    let guessed = working.names_of_conversation(id).into_iter().filter(|name| name.guessed && name.provider == side);
    for name in guessed.filter(|name| name.external_id == external_id).collect::<Vec<_>>() {
        working.put_conversation_name(ConversationName { guessed: false, ..name });
    }
}

/// A side's conversation was taken for `here` by what was said in it, and is `there`: what this side alone has told of it goes there.
pub(super) fn relink(
    working: &mut Working<'_>,
    account: Id<Account>,
    external_id: &str,
    here: Id<Conversation>,
    there: Id<Conversation>,
) -> Result<(), NoLease> {
    let side = working.side();
    let Some(row) = working.conversation(here) else { return Ok(()) };
    working.put_conversation_name(ConversationName {
        workspace_id: row.workspace_id,
        account_id: account,
        provider: side,
        external_id: external_id.to_owned(),
        conversation_id: there,
        guessed: false,
    });
    let ids: Vec<Id<Message>> = working.messages_of(here).map(|message| message.id).collect();
    for id in ids {
        let strays = working.message_name(id, side).is_some_and(|name| name.guessed);
        let moving = if sides::only_by(working, id, side) {
            Some(id)
        } else if strays {
            sides::give_back(working, id, side)?
        } else {
            None
        };
        let Some(moving) = moving else { continue };
        let Some(message) = working.message(moving).cloned() else { continue };
        working.move_message(moving, there);
        recount_in(working, here, message.direction, message.sent_at);
        sides::count_in(working, moving);
        if message.direction == Direction::Incoming && !message.filed {
            move_unread(working, here, there);
        }
    }
    reconcile(working, there);
    working.refresh(here);
    working.refresh(there);
    Ok(())
}

fn move_unread(working: &mut Working<'_>, here: Id<Conversation>, there: Id<Conversation>) {
    let Some(row) = working.conversation_mut(here).filter(|row| row.unread > 0) else { return };
    row.unread -= 1;
    if let Some(row) = working.conversation_mut(there) {
        row.unread = row.unread.saturating_add(1);
    }
}

/// The conversation in which another side tells what this report tells, if it can only be that one: the customer is called the same
/// there or, where a side does not know how the customer is called, two different messages say so.
pub(super) fn foreign(
    working: &Working<'_>,
    account: Id<Account>,
    here: Option<Id<Conversation>>,
    report: &InboundMessage,
) -> Option<Id<Conversation>> {
    let side = working.side();
    if here.is_some_and(|here| working.sides_of(here).len() > 1) {
        return None;
    }
    let mut same: BTreeMap<Id<Conversation>, bool> = BTreeMap::new();
    for message in working.all_messages().filter(|message| message.account_id == account) {
        let there = message.conversation_id;
        let fits = Some(there) != here
            && tells_of(report, message)
            && working.is_told(message.id)
            && !working.sides_of(there).contains(&side);
        if fits && let Some(named) = called_alike(working, there, here, &report.customer) {
            same.insert(there, named);
        }
    }
    let only = |found: Vec<Id<Conversation>>| found.first().copied().filter(|_| found.len() == 1);
    let named: Vec<_> = same.iter().filter(|(_, named)| **named).map(|(there, _)| *there).collect();
    if !named.is_empty() {
        return only(named);
    }
    let here = here?;
    let says = Gist::told(&report.content);
    only(same.into_keys().filter(|there| is_witnessed(working, here, *there, says)).collect())
}

/// Whether the customer of a conversation is called as a side says, in its report or of its own conversation before; `None`: certainly
/// otherwise.
fn called_alike(
    working: &Working<'_>,
    there: Id<Conversation>,
    here: Option<Id<Conversation>>,
    customer: &InboundCustomer,
) -> Option<bool> {
    let contact = |id| working.conversation(id).and_then(|row| working.contact_by_id(row.contact_id));
    let normal = |name: &Option<String>| name.as_deref().map(|name| name.trim().trim_start_matches('@').to_lowercase());
    let names = |display: &Option<String>, handle: &Option<String>| [normal(display), normal(handle)];
    let known = here.and_then(contact).map(|own| names(&own.display_name, &own.username)).unwrap_or_default();
    let [display, handle] = names(&customer.display_name, &customer.username);
    let [known_display, known_handle] = known;
    let told = [display.or(known_display), handle.or(known_handle)];
    let theirs = contact(there)?;
    let theirs = names(&theirs.display_name, &theirs.username);
    let same = |one: &Option<String>| one.as_deref().is_some_and(|name| !name.is_empty()) && told.contains(one);
    if theirs.iter().any(same) {
        return Some(true);
    }
    let differ = |place: usize| theirs[place].is_some() && told[place].is_some();
    if differ(0) || differ(1) { None } else { Some(false) }
}

/// Whether something else than `says` was told in both.
fn is_witnessed(working: &Working<'_>, here: Id<Conversation>, there: Id<Conversation>, says: Gist<'_>) -> bool {
    let mut mine = working.messages_of(here).filter(|message| !Gist::of(&message.content).is_like(says));
    mine.any(|message| working.messages_of(there).any(|other| alike(message, other)))
}

fn customer_of(contact: &Contact) -> InboundCustomer {
    InboundCustomer {
        channel: contact.channel,
        external_id: contact.external_id.clone(),
        username: contact.username.clone(),
        display_name: contact.display_name.clone(),
        avatar_url: contact.avatar_url.clone(),
        is_follower: contact.is_follower,
    }
}

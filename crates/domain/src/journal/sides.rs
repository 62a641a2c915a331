//! Reports about an account that two sides tell of: each message once, whichever side tells it first. See [`crate::sides`].

mod naming;
mod pair;

use std::collections::BTreeSet;

pub(super) use self::naming::{give_back, not_ours, note_platform};
use self::{
    naming::{attach, insert},
    pair::pair,
};
use super::{Told, Working, echo, ingest, later, link, merge, parties, withheld, working::MessageName};
use crate::{
    account::{Account, ProviderKind},
    conversation::Conversation,
    id::{Id, NoLease},
    inbound::{Inbound, InboundMessage},
    message::{Author, Direction, Message},
    sides::{platform_id, tells_of},
};

/// Applies a reported message.
pub(super) fn apply_message(
    working: &mut Working<'_>,
    account: Id<Account>,
    report: &InboundMessage,
    told: Told,
) -> Result<(), NoLease> {
    let known = working.message_by_key(account, &report.external_id);
    let message = match known {
        Some(known) => told_again(working, account, known, report, told)?,
        None => match told_first(working, account, report, told)? {
            Some(message) => message,
            None => return Ok(()),
        },
    };
    if told == Told::Webhook {
        ingest::tell_filed(working, message);
    }
    if let Some(conversation) = working.message(message).map(|message| message.conversation_id) {
        working.refresh(conversation);
    }
    Ok(())
}

/// A side tells again what it has told: its time may be better known now, and what TikTok calls it.
fn told_again(
    working: &mut Working<'_>,
    account: Id<Account>,
    known: Id<Message>,
    report: &InboundMessage,
    told: Told,
) -> Result<Id<Message>, NoLease> {
    later::learn_file(working, account, known, report, told)?;
    let side = working.side();
    let leads = side == ProviderKind::Official || working.name_of(known, ProviderKind::Official).is_none();
    if leads {
        let before = working.message(known).map(|message| message.sent_at);
        echo::reported(working, known, report.sent_at);
        later::learn_tap(working, known, report);
        count_in(working, known);
        if let Some(before) = before {
            merge::recount(working, known, before);
        }
    }
    let Some(platform) = report.platform_id.as_deref().filter(|_| side != ProviderKind::Official) else {
        return Ok(known);
    };
    let other = working.message_by_platform(account, platform).filter(|other| *other != known);
    note_platform(working, known, report, platform);
    let Some(other) = other else {
        return Ok(known);
    };
    if working.name_of(other, side).is_some_and(|name| name != report.external_id) {
        // Two names of one side for one message of the platform: the one that was guessed gives way.
        if !working.message_name(other, side).is_some_and(|name| name.guessed) {
            return Ok(known);
        }
        give_back(working, other, side)?;
    }
    let alone = working.tellers(known).iter().all(|teller| *teller == side);
    if alone && link::bring_together(working, known, other) {
        return Ok(merge::unite(working, other, known, false));
    }
    if alone {
        return Ok(known);
    }
    if let Some(name) = working.take_message_name(known, side) {
        working.put_message_name(MessageName { message_id: other, guessed: false, ..name });
        merge::settle_alike(working, known);
        return Ok(other);
    }
    Ok(known)
}

/// A side tells what it has not told before. Gives the message that it is; `None` when nothing can be kept.
fn told_first(
    working: &mut Working<'_>,
    account: Id<Account>,
    report: &InboundMessage,
    told: Told,
) -> Result<Option<Id<Message>>, NoLease> {
    let side = working.side();
    let exact = platform_id(side, report).and_then(|id| working.message_by_platform(account, id));
    let Some(conversation) = place(working, account, report, exact, told)? else { return Ok(None) };
    if let Some(known) = exact {
        return told_exactly(working, account, conversation, known, report, told).map(Some);
    }
    if side == ProviderKind::Official
        && withheld::content_came(working, account, conversation, report, told)?
        && let Some(known) = working.message_by_key(account, &report.external_id)
    {
        return Ok(Some(known));
    }
    if echo::join(working, conversation, report)
        && let Some(joined) = working.message_by_key(account, &report.external_id)
    {
        count_in(working, joined);
        return Ok(Some(joined));
    }
    if let Some(partner) = pair(working, conversation, report) {
        attach(working, account, partner, report, true)?;
        return Ok(Some(partner));
    }
    insert(working, account, conversation, report, told)
}

/// TikTok's id says which message it is.
fn told_exactly(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    known: Id<Message>,
    report: &InboundMessage,
    told: Told,
) -> Result<Id<Message>, NoLease> {
    let side = working.side();
    if working.name_of(known, side).is_none() {
        attach(working, account, known, report, false)?;
        return Ok(known);
    }
    if side == ProviderKind::Official {
        // Another side said that its message is this one, and it was taken for `known`, which TikTok calls otherwise.
        let strays = working.names_of(known).into_iter();
        let strays: Vec<_> = strays.filter(|name| name.platform_id.as_deref() == Some(&report.external_id)).collect();
        let Some(new) = insert(working, account, conversation, report, told)? else { return Ok(known) };
        for stray in strays {
            working.take_message_name(known, stray.provider);
            working.put_message_name(MessageName { message_id: new, guessed: false, ..stray });
        }
        merge::settle_alike(working, known);
        return Ok(new);
    }
    if working.message_name(known, side).is_some_and(|name| name.guessed) {
        let stray = give_back(working, known, side)?;
        attach(working, account, known, report, false)?;
        if let Some(stray) = stray {
            merge::settle_alike(working, stray);
        }
    }
    Ok(known)
}

/// The conversation of a message that its side has not told before: known by its name, or by what the message proves, or new.
fn place(
    working: &mut Working<'_>,
    account: Id<Account>,
    report: &InboundMessage,
    exact: Option<Id<Message>>,
    told: Told,
) -> Result<Option<Id<Conversation>>, NoLease> {
    let side = working.side();
    let here = working.conversation_by_key(account, &report.conversation_external_id);
    let exactly = exact.and_then(|id| working.message(id)).map(|message| message.conversation_id);
    let there = exactly.or_else(|| link::foreign(working, account, here, report));
    let found = match (here, there) {
        (Some(here), Some(there)) if here == there => Some(here),
        (Some(here), Some(there)) if link::can_merge(working, here, there) => {
            Some(link::conversations(working, here, there, exactly.is_none()))
        }
        (Some(here), Some(there)) if working.is_guessed(account, side, &report.conversation_external_id) => {
            link::relink(working, account, &report.conversation_external_id, here, there)?;
            Some(there)
        }
        (None, Some(there)) => {
            link::link(working, account, there, report, exactly.is_none())?;
            Some(there)
        }
        (Some(here), _) => Some(here),
        (None, None) => None,
    };
    if found.is_some() && found == exactly {
        link::is_certain(working, account, &report.conversation_external_id);
    }
    match found {
        Some(found) => {
            parties::fill_contact(working, found, &report.customer);
            Ok(Some(found))
        }
        None => {
            parties::ensure_conversation(working, account, &report.conversation_external_id, &report.customer, told)
        }
    }
}

pub(super) fn only_by(working: &Working<'_>, id: Id<Message>, side: ProviderKind) -> bool {
    working.tellers(id).iter().eq([&side])
}

/// Whether it was written here.
pub(super) const fn is_ours(message: &Message) -> bool {
    matches!(message.author, Author::Agent { .. } | Author::ApiKey { .. } | Author::Rule | Author::Bot)
}

/// The ledger learns of a message that a provider told.
pub(super) fn count_in(working: &mut Working<'_>, id: Id<Message>) {
    let Some(message) = working.message(id).filter(|message| message.reported) else { return };
    let (direction, at, conversation) = (message.direction, message.sent_at, message.conversation_id);
    if let Some(row) = working.conversation_mut(conversation) {
        match direction {
            Direction::Incoming => row.ledger.last_incoming_at = row.ledger.last_incoming_at.max(Some(at)),
            Direction::Outgoing => row.ledger.note_outgoing(at),
        }
    }
}

/// How many of its newest messages a store loads of each conversation of [`doubles`]. What is older stays apart, and is listed.
pub const WHOLE: u32 = 500;

/// Conversations that the item, whose rows are loaded, may show to be one, or to be mixed up: so many of their messages as
/// [`WHOLE`] says are needed as well.
pub fn doubles(
    working: &Working<'_>,
    account: Id<Account>,
    side: ProviderKind,
    item: &Inbound,
) -> BTreeSet<Id<Conversation>> {
    let Inbound::Message(report) = item else { return BTreeSet::new() };
    let home = |id: Id<Message>| working.message(id).map(|message| message.conversation_id);
    let exact = platform_id(side, report).and_then(|id| working.message_by_platform(account, id)).and_then(home);
    let known = working.message_named(account, side, &report.external_id).and_then(home);
    let Some(here) = known.or_else(|| working.conversation_named(account, side, &report.conversation_external_id))
    else {
        return BTreeSet::new();
    };
    let like = working.all_messages().filter(|message| message.account_id == account && tells_of(report, message));
    let mut found: BTreeSet<_> = exact.into_iter().collect();
    if known.is_none() && working.sides_of(here).len() == 1 {
        found.extend(
            like.map(|message| message.conversation_id).filter(|there| !working.sides_of(*there).contains(&side)),
        );
    }
    found.remove(&here);
    if !found.is_empty() {
        found.insert(here);
    }
    found
}

/// The answer to a call names a message: what was guessed of it until now, and what else goes by that name, is put right.
pub(super) fn before_confirming(working: &mut Working<'_>, id: Id<Message>, external_id: &str) -> Result<(), NoLease> {
    let Some(message) = working.message(id) else { return Ok(()) };
    let (account, side, known) = (message.account_id, message.provider, message.external_id.clone());
    if known.as_deref().is_some_and(|known| known != external_id) {
        echo::split_off(working, id)?;
    }
    let told = || working.message_by_platform(account, external_id).filter(|_| side == ProviderKind::Official);
    let other = working.message_by_key(account, external_id).or_else(told).filter(|other| *other != id);
    let Some(other) = other else { return Ok(()) };
    let further = working.message(other).is_some_and(|other| other.external_id.is_some() && other.provider != side);
    if further && working.message_name(other, side).is_some() {
        // What this call sent was taken for another message that says the same.
        if let Some(name) = working.take_message_name(other, side) {
            working.put_message_name(MessageName { message_id: id, guessed: false, ..name });
        }
        merge::settle_alike(working, other);
    } else if link::bring_together(working, id, other) {
        merge::unite(working, id, other, false);
    }
    Ok(())
}

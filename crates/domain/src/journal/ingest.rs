//! Applying what a provider reports: each item any number of times, in any order, with the same result.

use super::{Working, changes::NewReferral, comment, echo};
use crate::{
    account::{Account, AccountState, ProviderKind},
    contact::{Channel, Contact},
    content::Content,
    conversation::{Conversation, ConversationStatus},
    event::EventKind,
    id::{Id, NoLease},
    inbound::{
        Inbound, InboundContent, InboundCustomer, InboundMessage, InboundReactions, InboundRead, InboundReferral,
        Source,
    },
    job::{NewJob, Task},
    ledger::Ledger,
    media::{Media, MediaOrigin, MediaState},
    message::{Author, Direction, Message, MessageState, Priority},
};

/// The keys that a store must load before an item can be applied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemKeys<'a> {
    /// The customer's channel and id.
    pub contact: Option<(Channel, &'a str)>,
    /// The provider's id of the conversation.
    pub conversation: Option<&'a str>,
    /// The provider's ids of messages.
    pub messages: Vec<&'a str>,
    /// The provider's id of a comment.
    pub comment: Option<&'a str>,
    /// It may be the answer to a comment of the contact's: those that wait for one, and the one whose answer has the message's id.
    pub answers: bool,
}

/// What an item names.
pub fn item_keys(item: &Inbound) -> ItemKeys<'_> {
    let mut keys = ItemKeys::default();
    if let Some((conversation, customer)) = item.conversation() {
        keys.contact = Some((customer.channel, &customer.external_id));
        keys.conversation = Some(conversation);
    }
    match item {
        Inbound::Message(message) => {
            keys.messages.push(&message.external_id);
            keys.answers = comment::may_answer(message);
        }
        Inbound::Comment(comment) => {
            keys.contact = Some((comment.customer.channel, &comment.customer.external_id));
            keys.comment = Some(&comment.external_id);
        }
        Inbound::Reactions(reactions) => {
            keys.messages.extend(reactions.reactions.iter().map(|one| one.message_external_id.as_str()));
        }
        _ => {}
    }
    keys
}

/// Applies one item to `account`.
///
/// # Errors
/// [`NoLease`]: no ids can be made.
pub fn apply(working: &mut Working<'_>, account: Id<Account>, item: &Inbound) -> Result<(), NoLease> {
    working.note_delivery(account);
    apply_item(working, account, item)
}

/// The same for a report that did not come just now.
pub(super) fn apply_item(working: &mut Working<'_>, account: Id<Account>, item: &Inbound) -> Result<(), NoLease> {
    match item {
        Inbound::Message(message) => apply_message(working, account, message),
        Inbound::Reactions(reactions) => apply_reactions(working, account, reactions),
        Inbound::Read(read) => apply_read(working, account, read),
        Inbound::Referral(referral) => apply_referral(working, account, referral),
        Inbound::AuthorizationRemoved { reason } => {
            working.edit_account(account, |account| {
                if account.state != AccountState::Disconnected {
                    account.state = AccountState::Reconnect;
                    account.state_reason = Some(reason.clone());
                }
            });
            Ok(())
        }
        Inbound::AutomationChanged => {
            // Nothing of the row changes; the event is what it is for.
            working.edit_account(account, |_| {});
            Ok(())
        }
        Inbound::Comment(report) => comment::flagged(working, account, report),
        Inbound::Noted => Ok(()),
    }
}

fn apply_message(working: &mut Working<'_>, account: Id<Account>, report: &InboundMessage) -> Result<(), NoLease> {
    let Some(conversation) = ensure_conversation(working, account, &report.conversation_external_id, &report.customer)?
    else {
        return Ok(());
    };
    if let Some(known) = working.message_by_key(account, &report.external_id) {
        echo::reported(working, known, report.sent_at);
    } else if !echo::join(working, conversation, report) {
        insert_reported(working, account, conversation, report)?;
    }
    if let Some(row) = working.conversation_mut(conversation) {
        match report.direction {
            Direction::Incoming => row.ledger.last_incoming_at = row.ledger.last_incoming_at.max(Some(report.sent_at)),
            Direction::Outgoing => row.ledger.note_outgoing(report.sent_at),
        }
    }
    working.refresh(conversation);
    Ok(())
}

fn insert_reported(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    report: &InboundMessage,
) -> Result<(), NoLease> {
    let Some(parent) = working.conversation(conversation) else {
        return Ok(());
    };
    let (workspace_id, contact, is_news) = (
        parent.workspace_id,
        parent.contact_id,
        parent.last_message_id.is_none() || report.sent_at > parent.last_activity_at,
    );
    let id = working.new_id()?;
    let content = receive_content(working, account, conversation, report)?;
    let incoming = report.direction == Direction::Incoming;
    let author = comment::claim(working, account, contact, report).unwrap_or_else(|| author_of(report));
    working.insert_message(Message {
        id,
        workspace_id,
        account_id: account,
        conversation_id: conversation,
        direction: report.direction,
        author,
        content,
        external_id: Some(report.external_id.clone()),
        provisional: false,
        reported: true,
        state: if incoming { MessageState::Received } else { MessageState::Sent },
        failure: None,
        sent_at: report.sent_at,
        created_at: working.now,
        quoted_external_id: report.quoted_external_id.clone(),
        idempotency_key: None,
        send_anyway: false,
        priority: Priority::Normal,
        next_attempt_at: None,
        seq: 0,
    });
    if let Some(row) = working.conversation_mut(conversation) {
        if incoming {
            row.unread = row.unread.saturating_add(1);
            if is_news {
                row.status = ConversationStatus::Open;
            }
        } else if report.source != Source::Automatic {
            row.request = false;
        }
    }
    Ok(())
}

fn author_of(report: &InboundMessage) -> Author {
    match (report.direction, report.source) {
        (Direction::Incoming, _) => Author::Customer,
        (Direction::Outgoing, Source::Automatic) => Author::AutoMessage,
        (Direction::Outgoing, Source::Api) => Author::OtherApi,
        (Direction::Outgoing, Source::App | Source::Unknown) => Author::TiktokApp,
    }
}

/// Turns reported content into ours; media get a row and a job that copies them.
pub(super) fn receive_content(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    report: &InboundMessage,
) -> Result<Content, NoLease> {
    let by_id = |media_id: &String| MediaOrigin::Provider {
        media_id: media_id.clone(),
        message_id: report.external_id.clone(),
    };
    Ok(match &report.content {
        InboundContent::Text(body) => Content::Text { body: body.clone() },
        InboundContent::Image { media_id } => {
            Content::Image { media: expect_media(working, account, conversation, by_id(media_id))? }
        }
        InboundContent::Video { media_id } => {
            Content::Video { media: expect_media(working, account, conversation, by_id(media_id))? }
        }
        InboundContent::Sticker { url } => {
            let media = expect_media(working, account, conversation, MediaOrigin::Url { url: url.clone() })?;
            Content::Sticker { url: url.clone(), media }
        }
        InboundContent::Emoji { url } => {
            let media = expect_media(working, account, conversation, MediaOrigin::Url { url: url.clone() })?;
            Content::Emoji { url: url.clone(), media }
        }
        InboundContent::SharedPost { embed_url, post_id } => {
            Content::SharedPost { embed_url: embed_url.clone(), post_id: post_id.clone() }
        }
        InboundContent::Template { style, title, buttons } => {
            Content::Template { style: *style, title: title.clone(), buttons: buttons.clone() }
        }
        InboundContent::Unsupported { type_name } => Content::Unsupported { type_name: type_name.clone() },
    })
}

fn expect_media(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    origin: MediaOrigin,
) -> Result<Id<Media>, NoLease> {
    let id = working.new_id()?;
    let Some(workspace_id) = working.account(account).map(|account| account.workspace_id) else {
        return Ok(id);
    };
    working.changes.media.push(Media {
        id,
        workspace_id,
        conversation_id: Some(conversation),
        origin,
        state: MediaState::Pending,
        mime: None,
        width: None,
        height: None,
        size: None,
        created_at: working.now,
    });
    working.changes.jobs.push(NewJob { workspace_id, task: Task::FetchMedia { media: id }, due_at: working.now });
    Ok(id)
}

fn apply_reactions(working: &mut Working<'_>, account: Id<Account>, report: &InboundReactions) -> Result<(), NoLease> {
    let Some(conversation) = ensure_conversation(working, account, &report.conversation_external_id, &report.customer)?
    else {
        return Ok(());
    };
    let Some(workspace) = working.account(account).map(|account| account.workspace_id) else {
        return Ok(());
    };
    for reaction in &report.reactions {
        working.changes.reactions.push((workspace, account, reaction.clone()));
        if let Some(message) = working.message_by_key(account, &reaction.message_external_id) {
            working.message_event(EventKind::Status, message, conversation);
        }
    }
    Ok(())
}

fn apply_read(working: &mut Working<'_>, account: Id<Account>, report: &InboundRead) -> Result<(), NoLease> {
    let Some(conversation) = ensure_conversation(working, account, &report.conversation_external_id, &report.customer)?
    else {
        return Ok(());
    };
    let Some(before) = working.conversation(conversation).map(|row| row.read_up_to) else {
        return Ok(());
    };
    if before.is_some_and(|mark| mark >= report.up_to) {
        return Ok(());
    }
    let newly_seen: Vec<_> = working
        .messages_of(conversation)
        .filter(|message| message.state == MessageState::Sent && message.direction == Direction::Outgoing)
        .filter(|message| message.sent_at <= report.up_to && before.is_none_or(|mark| message.sent_at > mark))
        .map(|message| message.id)
        .collect();
    if let Some(row) = working.conversation_mut(conversation) {
        row.read_up_to = Some(report.up_to);
    }
    for message in newly_seen {
        working.message_event(EventKind::Status, message, conversation);
    }
    working.refresh(conversation);
    Ok(())
}

fn apply_referral(working: &mut Working<'_>, account: Id<Account>, report: &InboundReferral) -> Result<(), NoLease> {
    let Some(conversation_id) =
        ensure_conversation(working, account, &report.conversation_external_id, &report.customer)?
    else {
        return Ok(());
    };
    if let Some(workspace_id) = working.account(account).map(|account| account.workspace_id) {
        let detail = report.detail.clone();
        working.changes.referrals.push(NewReferral { workspace_id, conversation_id, at: report.at, detail });
    }
    Ok(())
}

fn ensure_conversation(
    working: &mut Working<'_>,
    account: Id<Account>,
    external_id: &str,
    customer: &InboundCustomer,
) -> Result<Option<Id<Conversation>>, NoLease> {
    let Some((workspace_id, provider)) =
        working.account(account).map(|account| (account.workspace_id, account.provider))
    else {
        return Ok(None);
    };
    let contact_id = ensure_contact(working, account, customer)?;
    if let Some(known) = working.conversation_by_key(account, external_id) {
        return Ok(Some(known));
    }
    let Some(contact_id) = contact_id else {
        return Ok(None);
    };
    let id = working.new_id()?;
    working.insert_conversation(Conversation {
        id,
        workspace_id,
        account_id: account,
        contact_id,
        external_id: external_id.to_owned(),
        status: ConversationStatus::Open,
        assignee: None,
        mode: crate::conversation::Mode::Human,
        request: provider == ProviderKind::Official,
        unread: 0,
        last_message_id: None,
        last_activity_at: working.now,
        ledger: Ledger::default(),
        trouble: false,
        read_up_to: None,
        image_send: None,
        created_at: working.now,
        seq: 0,
    });
    if provider == ProviderKind::Official {
        let task = Task::DescribeConversation { conversation: id };
        working.changes.jobs.push(NewJob { workspace_id, task, due_at: working.now });
    }
    Ok(Some(id))
}

/// Finds or makes the contact, and takes over what is newly told of them. Silence about a field changes nothing.
pub(super) fn ensure_contact(
    working: &mut Working<'_>,
    account: Id<Account>,
    customer: &InboundCustomer,
) -> Result<Option<Id<Contact>>, NoLease> {
    let Some(workspace_id) = working.account(account).map(|account| account.workspace_id) else {
        return Ok(None);
    };
    let key = (workspace_id, customer.channel, customer.external_id.clone());
    if let Some(contact) = working.contact_mut(&key) {
        let before = contact.clone();
        take_over(&mut contact.username, customer.username.as_ref());
        take_over(&mut contact.display_name, customer.display_name.as_ref());
        take_over(&mut contact.avatar_url, customer.avatar_url.as_ref());
        take_over(&mut contact.is_follower, customer.is_follower.as_ref());
        let (id, changed) = (contact.id, *contact != before);
        if changed {
            working.touch_contact(key, id);
        }
        return Ok(Some(id));
    }
    let id = working.new_id()?;
    working.insert_contact(Contact {
        id,
        workspace_id,
        channel: customer.channel,
        external_id: customer.external_id.clone(),
        username: customer.username.clone(),
        display_name: customer.display_name.clone(),
        avatar_url: customer.avatar_url.clone(),
        is_follower: customer.is_follower,
        created_at: working.now,
    });
    Ok(Some(id))
}

fn take_over<T: Clone>(ours: &mut Option<T>, told: Option<&T>) {
    if let Some(told) = told {
        *ours = Some(told.clone());
    }
}

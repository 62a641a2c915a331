//! Applying what a provider reports: each item any number of times, in any order, with the same result.

use super::{
    Working, authorization, comment, echo, later,
    parties::{self, ensure_conversation},
    referral, sides, withheld,
};
use crate::{
    account::{Account, ProviderKind},
    contact::Channel,
    content::Content,
    conversation::{Conversation, ConversationStatus},
    event::EventKind,
    id::{Id, NoLease},
    inbound::{Inbound, InboundContent, InboundMessage, InboundReactions, InboundRead, Source},
    job::{NewJob, Task},
    media::{Media, MediaOrigin, MediaState},
    message::{Author, Direction, Message, MessageState, Priority},
    referral::Referral,
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
    /// A referral of the conversation: those of its source that [`Working::add_referral`] asks for are loaded.
    pub referral: Option<&'a Referral>,
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
        Inbound::Undelivered(report) => keys.messages.push(&report.message_external_id),
        Inbound::Referral(report) => keys.referral = Some(&report.referral),
        _ => {}
    }
    keys
}

/// How a report comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The provider says that it happened now.
    Webhook,
    /// A list was read for another reason: what is unknown is new to us, what is known stays as it is.
    List,
    /// History that was asked for: it is kept, and nobody is told.
    History,
}

/// Applies one item that `side` tells of `account`.
///
/// # Errors
/// [`NoLease`]: no ids can be made.
pub fn apply(
    working: &mut Working<'_>,
    account: Id<Account>,
    side: ProviderKind,
    item: &Inbound,
    told: Told,
) -> Result<(), NoLease> {
    working.listen_to(side);
    if let Inbound::IdentityRemoved { reason } = item {
        // No sign that messages arrive.
        authorization::identity_removed(working, account, reason, working.now);
        return Ok(());
    }
    working.note_delivery(account);
    apply_item(working, account, item, told)
}

/// The same for a report that did not come just now.
pub(super) fn apply_item(
    working: &mut Working<'_>,
    account: Id<Account>,
    item: &Inbound,
    told: Told,
) -> Result<(), NoLease> {
    match item {
        Inbound::Message(message) if working.has_two_sides(account) => {
            sides::apply_message(working, account, message, told)
        }
        Inbound::Message(message) => apply_message(working, account, message, told),
        Inbound::Reactions(reactions) => apply_reactions(working, account, reactions, told),
        Inbound::Read(read) => apply_read(working, account, read, told),
        Inbound::Referral(report) => referral::apply(working, account, report, told),
        Inbound::Conversation(one) => {
            ensure_conversation(working, account, &one.conversation_external_id, &one.customer, told).map(drop)
        }
        Inbound::Customer(one) => parties::news_of_customer(working, account, one),
        Inbound::Undelivered(report) => {
            later::undelivered(working, account, report);
            Ok(())
        }
        Inbound::Withheld { at } => withheld::noticed(working, account, *at),
        Inbound::AuthorizationRemoved { reason } => {
            authorization::removed(working, account, reason);
            Ok(())
        }
        Inbound::IdentityRemoved { reason } => {
            authorization::identity_removed(working, account, reason, working.now);
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

fn apply_message(
    working: &mut Working<'_>,
    account: Id<Account>,
    report: &InboundMessage,
    told: Told,
) -> Result<(), NoLease> {
    let Some(conversation) =
        ensure_conversation(working, account, &report.conversation_external_id, &report.customer, told)?
    else {
        return Ok(());
    };
    let known = working.message_by_key(account, &report.external_id);
    let is_first = known.and_then(|id| working.message(id)).is_none_or(|message| !message.reported);
    if let Some(known) = known {
        echo::reported(working, known, report.sent_at);
        later::learn_tap(working, known, report);
        later::learn_file(working, account, known, report, told)?;
        if told == Told::Webhook {
            tell_filed(working, known);
        }
    } else if !withheld::content_came(working, account, conversation, report, told)?
        && !echo::join(working, conversation, report)
    {
        insert_reported(working, account, conversation, report, told)?;
    }
    if is_first
        && let Some(platform) = &report.platform_id
        && let Some(id) = working.message_by_key(account, &report.external_id)
    {
        // A second side may join one day, and tell by this name what was said before.
        sides::note_platform(working, id, report, platform);
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

/// What history had brought already is told now, and counts as if it had not.
pub(super) fn tell_filed(working: &mut Working<'_>, id: Id<Message>) {
    let Some(message) = working.message(id).filter(|message| message.filed) else { return };
    let (conversation, incoming) = (message.conversation_id, message.direction == Direction::Incoming);
    working.tell_message(id);
    if incoming && let Some(row) = working.conversation_mut(conversation) {
        row.unread = row.unread.saturating_add(1);
        row.status = ConversationStatus::Open;
    }
}

pub(super) fn insert_reported(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    report: &InboundMessage,
    told: Told,
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
    let content = receive_content(working, account, conversation, report, told)?;
    let (incoming, provider) = (report.direction == Direction::Incoming, working.side());
    let author = comment::claim(working, account, contact, report).unwrap_or_else(|| author_of(report));
    working.insert_message(Message {
        id,
        workspace_id,
        account_id: account,
        conversation_id: conversation,
        direction: report.direction,
        author,
        content,
        provider,
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
        filed: told == Told::History,
        seq: 0,
    });
    if let Some(row) = working.conversation_mut(conversation) {
        if incoming && told == Told::History {
            // Whether it wants an answer is decided for the conversation as a whole.
        } else if incoming {
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

pub(super) fn author_of(report: &InboundMessage) -> Author {
    match (report.direction, report.source) {
        (Direction::Incoming, _) => Author::Customer,
        (Direction::Outgoing, Source::Automatic) => Author::AutoMessage,
        (Direction::Outgoing, Source::Api | Source::Inside) => Author::OtherApi,
        (Direction::Outgoing, Source::App | Source::Unknown) => Author::TiktokApp,
    }
}

/// Turns reported content into ours; media get a row and a job that copies them.
pub(super) fn receive_content(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    report: &InboundMessage,
    told: Told,
) -> Result<Content, NoLease> {
    let by_id = |media_id: &String| MediaOrigin::Provider {
        media_id: media_id.clone(),
        message_id: report.external_id.clone(),
    };
    let by_url = |url: &String| MediaOrigin::Url { url: url.clone() };
    Ok(match &report.content {
        InboundContent::Text(body) => Content::Text { body: body.clone() },
        InboundContent::CardAnswer { body, button_id, card_external_id } => Content::CardAnswer {
            body: body.clone(),
            button_id: button_id.clone(),
            card_external_id: card_external_id.clone(),
        },
        InboundContent::Image { media_id } => {
            Content::Image { media: expect_media(working, account, conversation, by_id(media_id), told)? }
        }
        InboundContent::Video { media_id } => {
            Content::Video { media: expect_media(working, account, conversation, by_id(media_id), told)? }
        }
        InboundContent::ImageAt { url } => {
            Content::Image { media: expect_media(working, account, conversation, by_url(url), told)? }
        }
        InboundContent::VideoAt { url } => {
            Content::Video { media: expect_media(working, account, conversation, by_url(url), told)? }
        }
        InboundContent::Sticker { url } => {
            let media = expect_media(working, account, conversation, by_url(url), told)?;
            Content::Sticker { url: url.clone(), media }
        }
        InboundContent::Emoji { url } => {
            let media = expect_media(working, account, conversation, by_url(url), told)?;
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
    told: Told,
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
    let (task, later) = (Task::FetchMedia { media: id }, told == Told::History);
    working.changes.jobs.push(NewJob { workspace_id, task, due_at: working.now, later });
    Ok(id)
}

fn apply_reactions(
    working: &mut Working<'_>,
    account: Id<Account>,
    report: &InboundReactions,
    told: Told,
) -> Result<(), NoLease> {
    let Some(conversation) =
        ensure_conversation(working, account, &report.conversation_external_id, &report.customer, told)?
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

fn apply_read(
    working: &mut Working<'_>,
    account: Id<Account>,
    report: &InboundRead,
    told: Told,
) -> Result<(), NoLease> {
    let Some(conversation) =
        ensure_conversation(working, account, &report.conversation_external_id, &report.customer, told)?
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

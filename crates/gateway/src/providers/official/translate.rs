//! From TikTok's words to ours: webhook events and listed messages become `domain` reports. Pure.
//! An unknown event, an unknown type and an unreadable content are named, never dropped and never an error.

use domain::{
    Timestamp,
    contact::Channel,
    content::{TemplateButton, TemplateStyle},
    history::ListedConversation,
    inbound::{
        Inbound, InboundComment, InboundContent, InboundCustomer, InboundMessage, InboundReactions, InboundRead, Source,
    },
    message::{Direction, Reaction},
};
use tiktok::{
    model::{self, BusinessId, History, MessageContent, MessageSource, ReactionOperation},
    webhook::{DisconnectReason, Envelope, EuNotice, Event, HighIntentComment, MarkRead, ReferralEntry},
};

use super::referrals;

/// A delivery in our words.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// TikTok's `user_openid`: the business account it concerns.
    pub account: Option<String>,
    /// TikTok's event name, such as `im_receive_msg`; empty where unreadable.
    pub event: String,
    /// What it reports.
    pub items: Vec<Inbound>,
    /// Why it was not understood whole.
    pub unsupported: Option<String>,
}

/// The event of `doctor`'s round trip: signed by us, sent to our own public address, noted and shown nowhere.
pub(super) const TEST_EVENT: &str = "message_gateway.doctor";

/// What one event or listed message says: reports, and what could not be understood.
type Said = Result<Vec<Inbound>, String>;

/// Translates a decoded webhook.
pub(super) fn delivery(envelope: Envelope) -> Translated {
    let account = envelope.user_openid.map(BusinessId::into_string);
    let business = BusinessId::new(account.clone().unwrap_or_default());
    let (items, unsupported) = match envelope.content {
        Event::MessageReceived(message) | Event::MessageSent(message) => spoken(&message, &business),
        Event::MarkRead(read) => whole(mark_read(&read, &business)),
        Event::Referral(entry) => whole(referred(&entry)),
        Event::MessageReceivedEu(notice) => whole(withheld(&notice, envelope.create_time)),
        Event::HighIntentComment(comment) => whole(flagged(*comment)),
        Event::AuthorizationRemoved(removed) => {
            (vec![Inbound::AuthorizationRemoved { reason: disconnect_reason(removed.reason) }], None)
        }
        Event::AutoMessageConfig(_) | Event::AutoMessageAudit(_) => (vec![Inbound::AutomationChanged], None),
        Event::Unknown { event, .. } if event == TEST_EVENT => (vec![Inbound::Noted], None),
        Event::Unknown { event, .. } => (Vec::new(), Some(format!("unknown event `{event}`"))),
        Event::Unreadable { event, why, .. } => (Vec::new(), Some(format!("unreadable content of `{event}`: {why}"))),
        // Documented, and nothing a conversation shows: kept raw.
        _ => (vec![Inbound::Noted], None),
    };
    Translated { account, event: envelope.event, items, unsupported }
}

/// Translates what content/list says of one conversation: messages and the reactions that hang on them. Oldest first.
pub(super) fn history(history: &History, business: &BusinessId) -> Vec<Inbound> {
    let mut messages: Vec<_> = history.messages.iter().collect();
    messages.sort_by_key(|message| message.timestamp_ms);
    let mut items = Vec::new();
    for message in messages {
        items.extend(spoken(message, business).0);
        if let Some(customer) = customer_of(message, business).filter(|_| !message.reactions.is_empty()) {
            items.push(reactions(message, customer, &message.reactions));
        }
    }
    items
}

fn whole(said: Said) -> (Vec<Inbound>, Option<String>) {
    match said {
        Ok(items) => (items, None),
        Err(why) => (Vec::new(), Some(why)),
    }
}

fn spoken(message: &model::Message, business: &BusinessId) -> (Vec<Inbound>, Option<String>) {
    let Some(direction) = message.direction(business) else {
        return (Vec::new(), Some("a message that does not say who wrote it".to_owned()));
    };
    let Some(customer) = customer_of(message, business) else {
        return (Vec::new(), Some("a message that does not name the customer".to_owned()));
    };
    let (content, unsupported) = match &message.content {
        MessageContent::Reaction(list) => return (vec![reactions(message, customer, list)], None),
        // A tap is what only a customer does.
        MessageContent::Text(body) if direction == model::Direction::Incoming => (words(body, message), None),
        content => content_of(content),
    };
    let item = Inbound::Message(InboundMessage {
        conversation_external_id: message.conversation_id.as_str().to_owned(),
        external_id: message.message_id.as_str().to_owned(),
        platform_id: None,
        direction: match direction {
            model::Direction::Incoming => Direction::Incoming,
            model::Direction::Outgoing => Direction::Outgoing,
        },
        customer,
        source: source_of(message),
        sent_at: Timestamp::from_millis(message.timestamp_ms),
        content,
        quoted_external_id: message.quoted_message_id.as_ref().map(|id| id.as_str().to_owned()),
    });
    (vec![item], unsupported)
}

/// A text, and the button behind it where one was tapped.
fn words(body: &str, message: &model::Message) -> InboundContent {
    let body = body.to_owned();
    match &message.reply {
        Some(tap) if tap.button_id.is_some() || tap.message_id.is_some() => InboundContent::CardAnswer {
            body,
            button_id: tap.button_id.clone(),
            card_external_id: tap.message_id.as_ref().map(|id| id.as_str().to_owned()),
        },
        _ => InboundContent::Text(body),
    }
}

fn source_of(message: &model::Message) -> Source {
    if message.auto_message_type.is_some() {
        return Source::Automatic;
    }
    match message.source {
        Some(MessageSource::App | MessageSource::Web) => Source::App,
        Some(MessageSource::Api) => Source::Api,
        // "TikTok servers and bots".
        Some(MessageSource::Others) => Source::Automatic,
        _ => Source::Unknown,
    }
}

fn customer_of(message: &model::Message, business: &BusinessId) -> Option<InboundCustomer> {
    let customer = message.customer(business)?;
    Some(InboundCustomer { is_follower: message.is_follower, ..named(customer)? })
}

fn named(customer: model::Customer) -> Option<InboundCustomer> {
    Some(InboundCustomer {
        channel: Channel::Tiktok,
        external_id: customer.id?.into_string(),
        username: customer.username,
        display_name: None,
        avatar_url: None,
        is_follower: None,
    })
}

fn content_of(content: &MessageContent) -> (InboundContent, Option<String>) {
    let known = match content {
        MessageContent::Text(body) => InboundContent::Text(body.clone()),
        MessageContent::Image { media_id } => InboundContent::Image { media_id: media_id.as_str().to_owned() },
        MessageContent::Video { media_id } => InboundContent::Video { media_id: media_id.as_str().to_owned() },
        MessageContent::Sticker { url } => InboundContent::Sticker { url: url.clone() },
        MessageContent::Emoji { url } => InboundContent::Emoji { url: url.clone() },
        MessageContent::SharePost { embed_url, post_id } => {
            let post_id = post_id.as_ref().map(|id| id.as_str().to_owned());
            let player = || post_id.as_ref().map(|id| format!("https://www.tiktok.com/player/v1/{id}"));
            InboundContent::SharedPost { embed_url: embed_url.clone().or_else(player).unwrap_or_default(), post_id }
        }
        MessageContent::Template(card) => InboundContent::Template {
            style: match card.style {
                model::TemplateStyle::LinkCard => TemplateStyle::Link,
                _ => TemplateStyle::Button,
            },
            title: card.title.clone(),
            buttons: card
                .buttons
                .iter()
                .map(|button| TemplateButton { id: button.id.clone(), title: button.title.clone() })
                .collect(),
        },
        MessageContent::Unsupported { type_name, .. } => return unsupported(type_name),
        _ => return unsupported("unknown"),
    };
    (known, None)
}

fn unsupported(type_name: &str) -> (InboundContent, Option<String>) {
    let why = format!("unknown or unreadable message type `{type_name}`");
    (InboundContent::Unsupported { type_name: type_name.to_owned() }, Some(why))
}

fn reactions(message: &model::Message, customer: InboundCustomer, list: &[model::Reaction]) -> Inbound {
    let reactions = list.iter().map(|one| {
        let by = one.by.as_ref().map_or_else(|| customer.external_id.clone(), |by| by.as_str().to_owned());
        Reaction {
            message_external_id: one.message_id.as_str().to_owned(),
            by_customer: by == customer.external_id,
            by,
            key: one.emoji.clone().or_else(|| one.image_url.clone()).unwrap_or_default(),
            image_url: one.image_url.clone(),
            added: one.operation != ReactionOperation::Remove,
            at: Timestamp::from_millis(one.timestamp_ms.unwrap_or(message.timestamp_ms)),
        }
    });
    Inbound::Reactions(InboundReactions {
        conversation_external_id: message.conversation_id.as_str().to_owned(),
        reactions: reactions.collect(),
        customer,
    })
}

fn mark_read(read: &MarkRead, business: &BusinessId) -> Said {
    // Only ever sent for the personal account, so the customer is the sender where roles are missing.
    let direction = read.parties.direction(business).unwrap_or(model::Direction::Incoming);
    let customer = named(read.parties.customer(direction)).ok_or("a read receipt that does not name the customer")?;
    Ok(vec![Inbound::Read(InboundRead {
        conversation_external_id: read.conversation_id.as_str().to_owned(),
        customer,
        up_to: Timestamp::from_millis(read.last_read_ms),
    })])
}

/// TikTok says no more than when. A notice without a time is of when it was told.
fn withheld(notice: &EuNotice, told_secs: Option<i64>) -> Said {
    let at = notice.timestamp_ms.map(Timestamp::from_millis).or(told_secs.map(Timestamp::from_secs));
    Ok(vec![Inbound::Withheld { at: at.ok_or("a withheld message without a time")? }])
}

/// A row of the conversation list.
pub(super) fn listed(one: &model::Conversation, request: bool) -> ListedConversation {
    ListedConversation {
        external_id: one.conversation_id.as_str().to_owned(),
        request,
        moved_at: Timestamp::from_millis(one.update_time_ms),
        referrals: referrals::listed(one),
    }
}

fn referred(entry: &ReferralEntry) -> Said {
    let customer = whoever_came(&entry.parties, entry.is_follower);
    Ok(vec![referrals::reported(entry, customer.ok_or("a referral that does not name the customer")?)])
}

fn flagged(comment: HighIntentComment) -> Said {
    let customer = whoever_came(&comment.parties, comment.is_follower);
    Ok(vec![Inbound::Comment(InboundComment {
        external_id: comment.comment_id.into_string(),
        customer: customer.ok_or("a comment that does not name who wrote it")?,
        text: comment.comment_text,
        at: Timestamp::from_millis(comment.timestamp_ms),
    })])
}

/// The customer of an event that only a customer can cause.
fn whoever_came(parties: &model::Parties, is_follower: Option<bool>) -> Option<InboundCustomer> {
    Some(InboundCustomer { is_follower, ..named(parties.customer(model::Direction::Incoming))? })
}

/// Why an authorization is over, in plain words. Both platforms number the reasons alike.
pub(in crate::providers) fn disconnect_reason(reason: DisconnectReason) -> String {
    match reason {
        DisconnectReason::UserDisconnected => "The account holder disconnected the app in TikTok",
        DisconnectReason::AccountDeleted => "The TikTok account was deleted",
        DisconnectReason::AgeChanged => "The age of the TikTok account was changed",
        DisconnectReason::Banned => "TikTok banned the account",
        DisconnectReason::DeveloperRevoked => "The app's access was revoked",
        _ => "TikTok ended the authorization without saying why",
    }
    .to_owned()
}

//! Reports as providers make them, short to write. Called by every topic.

use crate::{
    clock::Timestamp,
    contact::Channel,
    inbound::{
        Inbound, InboundContent, InboundCustomer, InboundMessage, InboundReactions, InboundRead, InboundReferral,
        Source,
    },
    message::{Direction, Reaction},
    referral::{AdReferral, LinkReferral, Referral, ReferralSource},
};

/// The start of every case: 2026-09-21T14:13:20Z.
pub(super) const T0: Timestamp = Timestamp::from_secs(1_790_000_000);

/// `secs` after the start.
pub(super) const fn at(secs: i64) -> Timestamp {
    Timestamp::from_millis(T0.as_millis() + secs * 1000)
}

/// A customer known by id and handle only, as webhooks name them.
pub(super) fn customer(external_id: &str) -> InboundCustomer {
    InboundCustomer {
        channel: Channel::Tiktok,
        external_id: external_id.to_owned(),
        username: Some(format!("{external_id}.demo")),
        display_name: None,
        avatar_url: None,
        is_follower: None,
    }
}

/// A text message of the conversation; the customer is named after it.
pub(super) fn message(
    conversation: &str,
    external_id: &str,
    direction: Direction,
    source: Source,
    text: &str,
    sent_at: Timestamp,
) -> InboundMessage {
    InboundMessage {
        conversation_external_id: conversation.to_owned(),
        external_id: external_id.to_owned(),
        platform_id: None,
        direction,
        customer: customer(&format!("of-{conversation}")),
        source,
        sent_at,
        content: InboundContent::Text(text.to_owned()),
        quoted_external_id: None,
    }
}

/// The customer wrote.
pub(super) fn incoming(conversation: &str, external_id: &str, text: &str, sent_at: Timestamp) -> Inbound {
    Inbound::Message(message(conversation, external_id, Direction::Incoming, Source::Unknown, text, sent_at))
}

/// The provider reports what the business side wrote.
pub(super) fn outgoing(
    conversation: &str,
    external_id: &str,
    source: Source,
    text: &str,
    sent_at: Timestamp,
) -> Inbound {
    Inbound::Message(message(conversation, external_id, Direction::Outgoing, source, text, sent_at))
}

/// The same with other content.
pub(super) fn incoming_content(
    conversation: &str,
    external_id: &str,
    content: InboundContent,
    sent_at: Timestamp,
) -> Inbound {
    let report = message(conversation, external_id, Direction::Incoming, Source::Unknown, "", sent_at);
    Inbound::Message(InboundMessage { content, ..report })
}

/// The customer has read up to a time.
pub(super) fn read(conversation: &str, up_to: Timestamp) -> Inbound {
    Inbound::Read(InboundRead {
        conversation_external_id: conversation.to_owned(),
        customer: customer(&format!("of-{conversation}")),
        up_to,
    })
}

/// The customer reacted, or took a reaction back.
pub(super) fn reaction(conversation: &str, to: &str, emoji: &str, added: bool, at: Timestamp) -> Inbound {
    let customer = customer(&format!("of-{conversation}"));
    let reaction = Reaction {
        message_external_id: to.to_owned(),
        by: customer.external_id.clone(),
        key: emoji.to_owned(),
        image_url: None,
        by_customer: true,
        added,
        at,
    };
    Inbound::Reactions(InboundReactions {
        conversation_external_id: conversation.to_owned(),
        customer,
        reactions: vec![reaction],
    })
}

/// An ad by its id.
pub(super) fn ad(id: &str) -> ReferralSource {
    let name = Some(format!("โฆษณา {id}"));
    ReferralSource::Ad { ad: AdReferral { ad_id: Some(id.to_owned()), ad_name: name, ..AdReferral::default() } }
}

/// A link by its marker.
pub(super) fn link(reference: &str) -> ReferralSource {
    let prefilled_message = Some("ขอดูเมนูค่ะ".to_owned());
    let short_link = LinkReferral { reference: Some(reference.to_owned()), prefilled_message, audit: None };
    ReferralSource::ShortLink { short_link }
}

/// The customer came into a conversation.
pub(super) fn referred(conversation: &str, referral: Referral) -> Inbound {
    Inbound::Referral(InboundReferral {
        conversation_external_id: conversation.to_owned(),
        customer: customer(&format!("of-{conversation}")),
        referral,
    })
}

//! One account, two sides: a TikTok account that two providers receive for and one of them sends for. Each message is told twice and
//! stored once; what only one side tells is listed.
//!
//! Two reports are of one message when the platform's id says so. Else when they say the same, in the same direction, within
//! [`TOLERANCE`], and nothing else could be meant. Else they stay apart: showing a message twice is a nuisance, showing it to the
//! wrong customer is not to be mended. `docs/sides.md` has the whole of it.

use std::time::Duration;

use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    content::{Content, post_of, same_words},
    conversation::Conversation,
    id::Id,
    inbound::{InboundContent, InboundMessage},
    message::{Direction, Message},
};

/// How far the times may be apart that two sides tell of one message. TikTok's are the platform's milliseconds; Respond.io's are
/// those of its ids, taken when it heard of the message and, by the samples known, cut to whole seconds. Short, because all equal
/// words within it are candidates of one another.
pub const TOLERANCE: Duration = Duration::from_secs(10);

/// The same for a reply of ours whose time no provider has told yet: our clock may be a minute off.
pub const REACH: Duration = Duration::from_secs(70);

/// How long a side may take before a message that it has not told counts as missing there. Respond.io is polled where its plan has
/// no webhooks, so half a minute of silence says nothing.
pub const GRACE: Duration = Duration::from_mins(2);

/// How many messages at one time are looked through for those that say the same.
pub const NEAR: u32 = 200;

/// One way in which messages of an account come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Which provider.
    pub provider: ProviderKind,
    /// Its id of the account.
    pub external_id: String,
    /// Whether replies leave through it, where a conversation has no choice of its own.
    pub sends: bool,
}

/// Which messages of one side only to list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShadowFilter {
    /// Only of this account.
    pub account: Option<Id<Account>>,
    /// Those before this place (exclusive).
    pub before: Option<(Timestamp, Id<Message>)>,
    /// 1 to 200.
    pub limit: u32,
    /// The time now; what came in less than [`GRACE`] ago is left out.
    pub now: Timestamp,
}

/// A message that one side told and the other did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    /// The message.
    pub message_id: Id<Message>,
    /// Where it is.
    pub conversation_id: Id<Conversation>,
    /// Whose.
    pub account_id: Id<Account>,
    /// The side that told it.
    pub side: ProviderKind,
    /// What that side calls it.
    pub external_id: String,
    /// What that side says TikTok calls it, where it says so and is not TikTok.
    pub platform_id: Option<String>,
    /// See [`Direction`].
    pub direction: Direction,
    /// The side's time.
    pub sent_at: Timestamp,
    /// See [`Why`].
    pub why: Why,
}

impl Shadow {
    /// Of a message that one side told, with what that side says TikTok calls it. `near`: what the other side told at that time, in the
    /// same conversation or in one that this side does not know; at most [`NEAR`].
    pub fn new(told: Message, platform_id: Option<String>, near: &[Message]) -> Self {
        let candidates = near.iter().filter(|other| alike(&told, other)).map(|other| other.id).collect();
        Self {
            message_id: told.id,
            conversation_id: told.conversation_id,
            account_id: told.account_id,
            side: told.provider,
            external_id: told.external_id.unwrap_or_default(),
            platform_id,
            direction: told.direction,
            sent_at: told.sent_at,
            why: Why::of(candidates),
        }
    }
}

/// Why a message is known by one side only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The other side has told nothing like it.
    NotTold,
    /// The other side has told one that says the same, in a conversation of which nothing proves that it is with the same customer.
    Unproven {
        /// That one.
        candidate: Id<Message>,
    },
    /// The other side has told several that say the same at that time; which of them it is can't be told.
    Ambiguous {
        /// These.
        candidates: Vec<Id<Message>>,
    },
}

impl Why {
    /// By what the other side has told that says the same.
    pub fn of(mut candidates: Vec<Id<Message>>) -> Self {
        match candidates.len() {
            0 => Self::NotTold,
            1 => Self::Unproven { candidate: candidates.remove(0) },
            _ => Self::Ambiguous { candidates },
        }
    }
}

/// As much of a content as every side tells alike.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Gist<'a> {
    Words(&'a str),
    Image,
    Video,
    Sticker,
    Emoji,
    Post(Option<&'a str>),
    Card(&'a str),
    Riddle,
}

impl<'a> Gist<'a> {
    pub(crate) fn of(content: &'a Content) -> Self {
        match content {
            Content::Text { body } | Content::CardAnswer { body, .. } => Self::Words(body),
            Content::Image { .. } => Self::Image,
            Content::Video { .. } => Self::Video,
            Content::Sticker { .. } => Self::Sticker,
            Content::Emoji { .. } => Self::Emoji,
            Content::SharedPost { embed_url, post_id } => Self::Post(post_id.as_deref().or_else(|| post_of(embed_url))),
            Content::Template { title, .. } => Self::Card(title),
            Content::Unsupported { .. } => Self::Riddle,
        }
    }

    pub(crate) fn told(content: &'a InboundContent) -> Self {
        match content {
            InboundContent::Text(body) | InboundContent::CardAnswer { body, .. } => Self::Words(body),
            InboundContent::Image { .. } | InboundContent::ImageAt { .. } => Self::Image,
            InboundContent::Video { .. } | InboundContent::VideoAt { .. } => Self::Video,
            InboundContent::Sticker { .. } => Self::Sticker,
            InboundContent::Emoji { .. } => Self::Emoji,
            InboundContent::SharedPost { embed_url, post_id } => {
                Self::Post(post_id.as_deref().or_else(|| post_of(embed_url)))
            }
            InboundContent::Template { title, .. } => Self::Card(title),
            InboundContent::Unsupported { .. } => Self::Riddle,
        }
    }

    /// Whether both may be of one message. What a side could not read may be anything that is not plain words.
    pub(crate) fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Words(one), Self::Words(other)) | (Self::Card(one), Self::Card(other)) => same_words(one, other),
            (Self::Post(Some(one)), Self::Post(Some(other))) => one == other,
            (Self::Words(_), _) | (_, Self::Words(_)) => false,
            (Self::Riddle, _)
            | (_, Self::Riddle)
            | (Self::Image, Self::Image)
            | (Self::Video, Self::Video)
            | (Self::Sticker, Self::Sticker)
            | (Self::Emoji, Self::Emoji)
            | (Self::Post(_), Self::Post(_)) => true,
            _ => false,
        }
    }
}

/// Whether two stored messages may be one, as far as content, direction and time tell.
pub fn alike(one: &Message, other: &Message) -> bool {
    one.id != other.id
        && one.direction == other.direction
        && apart(one.sent_at, other.sent_at) <= TOLERANCE
        && Gist::of(&one.content).is_like(Gist::of(&other.content))
}

/// The same of a report.
pub fn tells_of(report: &InboundMessage, message: &Message) -> bool {
    report.direction == message.direction
        && apart(report.sent_at, message.sent_at) <= TOLERANCE
        && Gist::told(&report.content).is_like(Gist::of(&message.content))
}

/// How far two times are from one another, whichever is first.
pub(crate) fn apart(one: Timestamp, other: Timestamp) -> Duration {
    one.since(other).max(other.since(one))
}

/// TikTok's own id of a reported message, as far as `side` tells it.
pub fn platform_id(side: ProviderKind, report: &InboundMessage) -> Option<&str> {
    if side == ProviderKind::Official { Some(&report.external_id) } else { report.platform_id.as_deref() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_side_could_not_read_may_be_anything_but_words() {
        let words = Gist::Words("ค่ะ");
        assert!(words.is_like(Gist::Words(" ค่ะ\r\n")) && !words.is_like(Gist::Words("ครับ")));
        assert!(
            !words.is_like(Gist::Riddle) && Gist::Sticker.is_like(Gist::Riddle) && Gist::Riddle.is_like(Gist::Image)
        );
        assert!(!Gist::Image.is_like(Gist::Video) && Gist::Post(None).is_like(Gist::Post(Some("7"))));
        assert!(!Gist::Post(Some("8")).is_like(Gist::Post(Some("7"))));
    }

    #[test]
    fn why_follows_from_what_the_other_side_told() {
        let ids = |count: i64| (0..count).map(Id::from_raw).collect::<Vec<_>>();
        assert_eq!(Why::of(ids(0)), Why::NotTold);
        assert_eq!(Why::of(ids(1)), Why::Unproven { candidate: Id::from_raw(0) });
        assert_eq!(Why::of(ids(2)), Why::Ambiguous { candidates: ids(2) });
    }
}

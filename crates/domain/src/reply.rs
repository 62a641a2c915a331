//! The rules for sending: what may be queued at all. Pure; TikTok has the last word.

use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    content::Content,
    conversation::Conversation,
    id::Id,
    ledger::{Window, WindowState},
    message::{Author, Priority},
};

/// Longest text, in UTF-16 units. TikTok API for Business, send page, read 2026-11-20 ("6,000 characters", unit undefined: the safe reading).
pub const TEXT_MAX: usize = 6_000;
/// So many messages of a window are kept for people: what is of low priority waits before it would take one of them.
pub const RESERVED: u32 = 3;

/// A reply as a caller wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Where to.
    pub conversation_id: Id<Conversation>,
    /// Text or image.
    pub content: Content,
    /// On whose behalf.
    pub author: Author,
    /// The same key gives the same message.
    pub idempotency_key: Option<String>,
    /// A person decides against the guard: "Send anyway, TikTok decides". Of no effect for rules and bots.
    pub send_anyway: bool,
    /// See [`Priority`]; that of rules and bots is always low.
    pub priority: Priority,
}

/// Why a reply was not queued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such conversation in the caller's sight.
    #[error("there is no such conversation")]
    NotFound,
    /// Longer than [`TEXT_MAX`].
    #[error("the text has {length} UTF-16 units; TikTok takes {TEXT_MAX}")]
    TextTooLong {
        /// UTF-16 units.
        length: usize,
    },
    /// Nothing to send, or a type that can't be sent.
    #[error("{0}")]
    InvalidContent(&'static str),
    /// 48 hours are over, or never began.
    #[error("the 48-hour window is closed; the customer must write first")]
    WindowClosed {
        /// When it closed; `None` when the customer never wrote.
        closed_at: Option<Timestamp>,
    },
    /// All are used.
    #[error("all messages of this window are used; the customer must write first")]
    QuotaSpent,
    /// The account can't send now.
    #[error("the account is not connected")]
    AccountDisconnected,
    /// The provider has no way out.
    #[error("this account only receives")]
    ProviderCannotSend,
    /// TikTok allows no pictures here.
    #[error("TikTok allows no pictures in this conversation")]
    ImageNotAllowed,
    /// The key was used for something else.
    #[error("the idempotency key was used for another message")]
    IdempotencyConflict,
    /// No such comment in the caller's sight.
    #[error("there is no such comment")]
    CommentNotFound,
    /// A comment may be answered for 48 hours.
    #[error("a comment can be answered by direct message for 48 hours; these are over")]
    CommentTooOld {
        /// When they ended.
        since: Timestamp,
    },
    /// TikTok takes one message per comment.
    #[error("this comment was answered by direct message already")]
    CommentAnswered,
    /// The message is in no state for that.
    #[error("{0}")]
    NotRetryable(&'static str),
}

impl Draft {
    /// The same draft, with what its author may not decide put right.
    #[must_use]
    pub fn within_rights(mut self) -> Self {
        if self.author.is_automatic() {
            (self.send_anyway, self.priority) = (false, Priority::Low);
        }
        self
    }
}

/// Checks what can be checked without the ledger: the content itself.
///
/// # Errors
/// [`Refusal::TextTooLong`] or [`Refusal::InvalidContent`].
pub fn check_content(content: &Content) -> Result<(), Refusal> {
    match content {
        Content::Text { body } if body.trim().is_empty() => Err(Refusal::InvalidContent("the text is empty")),
        Content::Text { body } => {
            let length = body.encode_utf16().count();
            if length > TEXT_MAX { Err(Refusal::TextTooLong { length }) } else { Ok(()) }
        }
        Content::Image { .. } | Content::Template { .. } | Content::SharedPost { .. } => Ok(()),
        _ => Err(Refusal::InvalidContent("TikTok's API can't send this type")),
    }
}

/// Checks a reply against the account and the ledger as of `now`.
///
/// # Errors
/// The first rule that refuses; `send_anyway` passes the window, the quota and the picture rule, never a dead account.
pub fn check_guard(
    account: &Account,
    conversation: &Conversation,
    content: &Content,
    send_anyway: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    if account.provider == ProviderKind::Thirdparty {
        return Err(Refusal::ProviderCannotSend);
    }
    if !account.state.can_send() {
        return Err(Refusal::AccountDisconnected);
    }
    if send_anyway {
        return Ok(());
    }
    if matches!(content, Content::Image { .. }) && conversation.image_send == Some(false) {
        return Err(Refusal::ImageNotAllowed);
    }
    let window = conversation.ledger.window(now, account.rule_set);
    match window.state {
        WindowState::Open | WindowState::Grace => Ok(()),
        WindowState::Closed | WindowState::None => Err(Refusal::WindowClosed { closed_at: window.closes_at }),
        WindowState::Spent => Err(Refusal::QuotaSpent),
    }
}

/// Whether a message of low priority must wait: only slots that are kept for people are left.
pub fn is_scarce(window: &Window) -> bool {
    window.quota_left.is_some_and(|left| left <= RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_counted_in_utf16_units() {
        let text = |body: String| Content::Text { body };
        assert_eq!(check_content(&text("😊".repeat(3_000))), Ok(()));
        assert_eq!(check_content(&text("😊".repeat(3_001))), Err(Refusal::TextTooLong { length: 6_002 }));
        assert_eq!(check_content(&text(" \n".into())), Err(Refusal::InvalidContent("the text is empty")));
    }
}

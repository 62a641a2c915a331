//! The rules for sending: what may be queued at all. Pure; TikTok has the last word.

use crate::{
    account::{Account, AccountState, ProviderKind},
    clock::Timestamp,
    content::{Content, TemplateButton, TemplateStyle},
    conversation::Conversation,
    id::Id,
    ledger::{Window, WindowState},
    message::{Author, Message, Priority},
};

/// Longest text, in UTF-16 units. TikTok API for Business, send page, read 2026-11-20 ("6,000 characters", unit undefined: the safe reading).
pub const TEXT_MAX: usize = 6_000;
/// Longest title of a question card, in UTF-16 units. The same page and reading, as for the four below.
pub const CARD_TITLE_MAX: usize = 40;
/// Longest id of a button, in UTF-16 units.
pub const BUTTON_ID_MAX: usize = 40;
/// Longest title of a button, in UTF-16 units.
pub const BUTTON_TITLE_MAX: usize = 20;
/// Longest title of a text link, in UTF-16 units.
pub const LINK_TITLE_MAX: usize = 40;
/// Most buttons of a card; the fewest is one.
pub const BUTTONS_MAX: usize = 3;
/// Longest id of a post that is passed on. TikTok's have 19 digits and no stated length.
const POST_ID_MAX: usize = 64;
/// So many messages of a window are kept for people: what is of low priority waits before it would take one of them.
pub const RESERVED: u32 = 3;

/// A reply as a caller wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Where to.
    pub conversation_id: Id<Conversation>,
    /// A text, a picture, a question card or one of the account's own posts.
    pub content: Content,
    /// The provider's id of the message that a text quotes; see [`check_quote`].
    pub quoted_external_id: Option<String>,
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
    /// A part of a question card is longer than TikTok takes.
    #[error("{part} has {length} UTF-16 units; TikTok takes {limit}")]
    CardTooLong {
        /// The field, such as `content.buttons.title`.
        part: &'static str,
        /// UTF-16 units allowed.
        limit: usize,
        /// UTF-16 units given.
        length: usize,
    },
    /// The message can't be quoted, or nothing can be quoted beside this content.
    #[error("{0}")]
    NotQuotable(&'static str),
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
    /// A person has paused the account.
    #[error("the account is paused; resume it to send")]
    AccountPaused,
    /// Login Kit knows who it is, and no more.
    #[error("this account is identity only: Login Kit carries no messages")]
    IdentityOnly,
    /// The provider has no way out.
    #[error("this account only receives")]
    ProviderCannotSend,
    /// The side that sends has never told of this conversation.
    #[error(
        "the side that sends does not know this conversation yet; let the other side send here, or wait until the customer writes"
    )]
    NotAtSide,
    /// TikTok allows no pictures here.
    #[error("TikTok allows no pictures in this conversation")]
    ImageNotAllowed,
    /// Respond.io sends here, and can't fetch pictures from this gateway.
    #[error(
        "Respond.io fetches pictures from this gateway, and PUBLIC_URL is not an https address that it can reach: set PUBLIC_URL to one, or let TikTok itself send here"
    )]
    PictureUnreachable,
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
/// [`Refusal::TextTooLong`], [`Refusal::CardTooLong`] or [`Refusal::InvalidContent`].
pub fn check_content(content: &Content) -> Result<(), Refusal> {
    match content {
        Content::Text { body } if body.trim().is_empty() => Err(Refusal::InvalidContent("the text is empty")),
        Content::Text { body } => {
            let length = units(body);
            if length > TEXT_MAX { Err(Refusal::TextTooLong { length }) } else { Ok(()) }
        }
        Content::Template { style, title, buttons } => check_card(*style, title, buttons),
        Content::SharedPost { post_id, .. } => {
            let known = post_id.as_deref().is_some_and(|id| {
                (1..=POST_ID_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
            if known { Ok(()) } else { Err(Refusal::InvalidContent("that is no id of a post")) }
        }
        Content::Image { .. } => Ok(()),
        _ => Err(Refusal::InvalidContent("TikTok's API can't send this type")),
    }
}

fn check_card(style: TemplateStyle, title: &str, buttons: &[TemplateButton]) -> Result<(), Refusal> {
    let title_max = match style {
        TemplateStyle::Button => BUTTON_TITLE_MAX,
        TemplateStyle::Link => LINK_TITLE_MAX,
    };
    if title.trim().is_empty() {
        return Err(Refusal::InvalidContent("the card has no question"));
    }
    fits("content.title", title, CARD_TITLE_MAX)?;
    if !(1..=BUTTONS_MAX).contains(&buttons.len()) {
        return Err(Refusal::InvalidContent("a card has one to three buttons"));
    }
    for button in buttons {
        if button.title.trim().is_empty() {
            return Err(Refusal::InvalidContent("a button of the card says nothing"));
        }
        fits("content.buttons.title", &button.title, title_max)?;
        match button.id.as_deref() {
            Some("") => return Err(Refusal::InvalidContent("the id of a button is empty; leave it out instead")),
            Some(id) => fits("content.buttons.id", id, BUTTON_ID_MAX)?,
            None => {}
        }
    }
    Ok(())
}

fn fits(part: &'static str, text: &str, limit: usize) -> Result<(), Refusal> {
    let length = units(text);
    if length > limit { Err(Refusal::CardTooLong { part, limit, length }) } else { Ok(()) }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Checks whether a reply may quote a message, and gives the provider's id to quote it by. Only a text quotes, and only a text, a
/// picture or a shared post, of either side. TikTok API for Business, send page, read 2026-11-20.
///
/// # Errors
/// [`Refusal::NotQuotable`].
pub fn check_quote(content: &Content, conversation: Id<Conversation>, quoted: &Message) -> Result<String, Refusal> {
    if !matches!(content, Content::Text { .. }) {
        return Err(Refusal::NotQuotable("only a text can quote a message"));
    }
    if quoted.conversation_id != conversation {
        return Err(Refusal::NotQuotable("there is no such message in this conversation"));
    }
    match quoted.content {
        Content::Text { .. } | Content::CardAnswer { .. } | Content::Image { .. } | Content::SharedPost { .. } => {}
        _ => return Err(Refusal::NotQuotable("TikTok quotes a text, a picture or a shared post, nothing else")),
    }
    quoted.external_id.clone().ok_or(Refusal::NotQuotable("TikTok does not have the quoted message"))
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
    match account.provider {
        ProviderKind::Thirdparty if !account.takes_replies() => return Err(Refusal::ProviderCannotSend),
        ProviderKind::Thirdparty if !matches!(content, Content::Text { .. }) => {
            return Err(Refusal::InvalidContent("the generic webhook takes texts, nothing else"));
        }
        ProviderKind::Login => return Err(Refusal::IdentityOnly),
        ProviderKind::Official | ProviderKind::Respondio | ProviderKind::Thirdparty => {}
    }
    match account.state {
        AccountState::Active | AccountState::Expiring => {}
        AccountState::Paused => return Err(Refusal::AccountPaused),
        AccountState::Reconnect | AccountState::Disconnected => return Err(Refusal::AccountDisconnected),
    }
    if account.provider == ProviderKind::Respondio && !matches!(content, Content::Text { .. } | Content::Image { .. }) {
        return Err(Refusal::InvalidContent("Respond.io sends texts and pictures to TikTok, nothing else"));
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

    fn card(style: TemplateStyle, title: &str, buttons: &[(&str, Option<&str>)]) -> Content {
        let buttons =
            buttons.iter().map(|(title, id)| TemplateButton { id: id.map(str::to_owned), title: (*title).to_owned() });
        Content::Template { style, title: title.to_owned(), buttons: buttons.collect() }
    }

    #[test]
    fn parts_of_a_card_are_counted_in_utf16_units() {
        use TemplateStyle::{Button, Link};
        let (forty, twenty) = ("😊".repeat(20), "😊".repeat(10));
        assert_eq!(check_content(&card(Button, &forty, &[(twenty.as_str(), Some(forty.as_str())); 3])), Ok(()));
        assert_eq!(check_content(&card(Link, &forty, &[(&forty, None)])), Ok(()));
        let (part, limit) = ("content.buttons.title", BUTTON_TITLE_MAX);
        let long = Err(Refusal::CardTooLong { part, limit, length: 40 });
        assert_eq!(check_content(&card(Button, "?", &[(&forty, None)])), long);
        let longer = format!("{forty}!");
        for (part, content) in [
            ("content.title", card(Link, &longer, &[("ค่ะ", None)])),
            ("content.buttons.title", card(Link, "?", &[(&longer, None)])),
            ("content.buttons.id", card(Button, "?", &[("ค่ะ", Some(&longer))])),
        ] {
            assert_eq!(check_content(&content), Err(Refusal::CardTooLong { part, limit: 40, length: 41 }));
        }
    }

    #[test]
    fn a_card_has_a_question_and_one_to_three_buttons_that_say_something() {
        let style = TemplateStyle::Button;
        for (title, buttons) in [
            (" ", &[("ค่ะ", None)][..]),
            ("?", &[]),
            ("?", &[("1", None), ("2", None), ("3", None), ("4", None)]),
            ("?", &[("\n", None)]),
            ("?", &[("ค่ะ", Some(""))]),
        ] {
            assert!(matches!(check_content(&card(style, title, buttons)), Err(Refusal::InvalidContent(_))), "{title}");
        }
    }

    #[test]
    fn a_post_is_named_by_letters_and_digits() {
        let post = |id: &str| check_content(&Content::own_post(id.to_owned()));
        assert_eq!(post("7400000000000000101"), Ok(()));
        for id in ["", "../me", "7 4", &"7".repeat(65)] {
            assert!(post(id).is_err(), "{id}");
        }
    }

    #[test]
    fn text_is_counted_in_utf16_units() {
        let text = |body: String| Content::Text { body };
        assert_eq!(check_content(&text("😊".repeat(3_000))), Ok(()));
        assert_eq!(check_content(&text("😊".repeat(3_001))), Err(Refusal::TextTooLong { length: 6_002 }));
        assert_eq!(check_content(&text(" \n".into())), Err(Refusal::InvalidContent("the text is empty")));
    }
}

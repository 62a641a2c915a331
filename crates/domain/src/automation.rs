//! What the provider says in the account's name by itself: messages it reviews before anybody sees them, and a switch for comments.
//! The provider keeps them; nothing here is stored by us but the deliveries that tell of a change.

use crate::clock::Timestamp;

/// The kinds of automatic message that can be managed from outside. Keyword answers are set up in TikTok's app only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AutoMessageKind {
    /// Greets whoever opens the conversation; one per account.
    Welcome,
    /// A question to tap, with its answer; three per account.
    SuggestedQuestion,
    /// A button that writes for the customer; six per account, in an order.
    ChatPrompt,
}

impl AutoMessageKind {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Welcome, Self::SuggestedQuestion, Self::ChatPrompt];
}

/// The words of an automatic message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutoMessageWords {
    /// Of a welcome message.
    Welcome {
        /// What it says.
        content: String,
    },
    /// Of a suggested question.
    SuggestedQuestion {
        /// What the customer taps.
        question: String,
        /// What the business answers.
        answer: String,
    },
    /// Of a chat prompt.
    ChatPrompt {
        /// What the customer sees.
        title: String,
        /// What the customer sends by tapping it.
        content: String,
    },
}

/// Where the provider's review of an automatic message stands. It takes seconds to three hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Being reviewed: not shown to customers, and not to be edited.
    Reviewing,
    /// Shown to customers while its kind is switched on.
    Approved,
    /// Not shown; other words are reviewed anew.
    Rejected,
    /// The provider does not say, or says what we don't know.
    Unknown,
}

/// One automatic message, as the provider has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoMessage {
    /// The provider's id. An edited welcome message may get another one.
    pub id: String,
    /// See [`Review`].
    pub review: Review,
    /// `None` where they could not be read.
    pub words: Option<AutoMessageWords>,
}

/// All automatic messages of one kind, as the provider has them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoMessages {
    /// Which kind.
    pub kind: AutoMessageKind,
    /// Whether the kind is switched on; `None` where the provider does not say.
    pub enabled: Option<bool>,
    /// In the provider's order.
    pub messages: Vec<AutoMessage>,
}

/// What happened to an automatic message. An edited welcome message is told as deleted and created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoMessageChange {
    /// Written.
    Created,
    /// Other words.
    Updated,
    /// Gone.
    Deleted,
    /// Its kind was switched on.
    Enabled,
    /// Its kind was switched off.
    Disabled,
    /// The review ended well.
    Approved,
    /// The review ended badly.
    Rejected,
    /// Something we have no word for.
    Other,
}

/// One entry of the history of an automatic message, as a delivery told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoMessageEvent {
    /// The provider's id of the message.
    pub message: String,
    /// `None` for one that can't be managed from outside.
    pub kind: Option<AutoMessageKind>,
    /// See [`AutoMessageChange`].
    pub change: AutoMessageChange,
    /// Its words, where they were told: with changes, not with reviews.
    pub words: Option<AutoMessageWords>,
    /// The provider's time, where it was told.
    pub at: Option<Timestamp>,
}

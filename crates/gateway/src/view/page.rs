//! Lists: `{items, next}`, paged by opaque cursors. Each named page is one schema of the document.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Account, ApiKey, AutoMessageEvent, Comment, Conversation, Delivery, Event, Member, Message, Shadow, Side, Space,
    WithheldMessage,
};

/// A page of a list; `next` is null on the last. Serialises like every named page below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is never cut.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

macro_rules! pages {
    ($($(#[doc = $doc:literal])+ $name:ident of $item:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Serialize, ToSchema)]
        pub struct $name {
            /// What is on this page.
            pub items: Vec<$item>,
            /// The cursor of the next page; null on the last.
            #[schema(required)]
            pub next: Option<String>,
        }

        impl From<Page<$item>> for $name {
            fn from(page: Page<$item>) -> Self {
                Self { items: page.items, next: page.next }
            }
        }
    )+};
}

pages! {
    /// A page of accounts.
    AccountPage of Account;
    /// A page of API keys.
    ApiKeyPage of ApiKey;
    /// A page of the history of automatic messages.
    AutoMessageEventPage of AutoMessageEvent;
    /// A page of flagged comments, newest first.
    CommentPage of Comment;
    /// A page of conversations.
    ConversationPage of Conversation;
    /// A page of kept webhooks.
    DeliveryPage of Delivery;
    /// A page of messages that one side told.
    ShadowPage of Shadow;
    /// The sides of an account.
    SidePage of Side;
    /// A page of members.
    MemberPage of Member;
    /// A page of messages, ascending by time; `next` leads to older ones.
    MessagePage of Message;
    /// The connected workspaces of Respond.io.
    SpacePage of Space;
    /// A page of messages that TikTok does not tell.
    WithheldMessagePage of WithheldMessage;
}

/// A page of events.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventPage {
    /// In order of `seq`.
    pub items: Vec<Event>,
    /// The highest `seq` looked at: what to pass as `after` next time.
    pub next: i64,
    /// The cursor was older than what is kept: reload everything over REST, then go on from `next`.
    pub reset: bool,
}

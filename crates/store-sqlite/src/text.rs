//! How enumerations are written in TEXT columns. The words are part of the schema (see its CHECK constraints).

use domain::{
    account::{AccountState, ProviderKind},
    comment::CommentState,
    contact::Channel,
    conversation::{ConversationStatus, Mode},
    event::EventKind,
    history::HistoryState,
    identity::{KeyScope, Role},
    ledger::RuleSet,
    media::MediaState,
    message::{Direction, MessageState, Priority},
    outbox::Phase,
    space::SpaceState,
    withheld::WithheldState,
};

/// An enumeration with one word per value.
pub(crate) trait Text: Sized {
    /// The word that is stored.
    fn text(self) -> &'static str;
    /// Back from [`text`](Self::text).
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! words {
    ($kind:ty { $($value:ident = $word:literal),* $(,)? }) => {
        impl Text for $kind {
            fn text(self) -> &'static str {
                match self { $(Self::$value => $word),* }
            }
            fn from_text(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$value),)* _ => None }
            }
        }
    };
}

words!(ProviderKind { Official = "official", Respondio = "respondio", Thirdparty = "thirdparty", Login = "login" });
words!(AccountState {
    Active = "active", Paused = "paused", Expiring = "expiring", Reconnect = "reconnect", Disconnected = "disconnected",
});
words!(RuleSet { Strict = "strict", Guide = "guide", Unlimited = "unlimited" });
words!(Channel { Tiktok = "tiktok", Respondio = "respondio", Thirdparty = "thirdparty" });
words!(ConversationStatus { Open = "open", Snoozed = "snoozed", Closed = "closed" });
words!(Mode { Human = "human", Bot = "bot", Paused = "paused" });
words!(Direction { Incoming = "incoming", Outgoing = "outgoing" });
words!(MessageState {
    Received = "received", Queued = "queued", Sending = "sending", Sent = "sent", Failed = "failed", Unconfirmed = "unconfirmed",
});
words!(MediaState { Pending = "pending", Ready = "ready", Failed = "failed" });
words!(Phase { Send = "send", Check = "check", Hold = "hold" });
words!(Priority { Normal = "normal", Low = "low" });
words!(HistoryState { Filing = "filing", Filed = "filed", Failed = "failed" });
words!(WithheldState { Looking = "looking", Found = "found", Ambiguous = "ambiguous", NotFound = "not_found" });
words!(SpaceState { Active = "active", Refused = "refused" });
words!(Role { Viewer = "viewer", Agent = "agent", Admin = "admin", Owner = "owner" });
words!(KeyScope { Read = "read", Send = "send", Admin = "admin" });
words!(EventKind {
    Message = "message", Status = "status", Conversation = "conversation", Account = "account", Removed = "removed",
    Comment = "comment",
});
words!(CommentState {
    Open = "open", Answering = "answering", Answered = "answered", Failed = "failed", Unconfirmed = "unconfirmed",
});

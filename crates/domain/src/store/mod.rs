//! The only port to a database: small traits by topic whose methods are use cases, not tables.
//!
//! Each method is one transaction inside the store; no transaction, pool or row crosses this border. A use case takes the
//! narrow trait, the gateway holds an `Arc<dyn Store>`. Whatever both stores must do is written down in `contract`.

mod accounts;
mod bindings;
mod comments;
mod directory;
mod error;
mod events;
mod history;
mod inbox;
mod jobs;
mod journal;
mod media;
mod node;
mod outbox;
mod reports;
mod secrets;
mod sides;
mod spaces;
mod withheld;

pub use accounts::Accounts;
pub use bindings::Bindings;
pub use comments::{Answered, AnsweredComment, CommentCursor, CommentFilter, CommentRecord, Comments};
pub use directory::Directory;
pub use error::StoreError;
pub use events::{Events, EventsPage};
pub use history::Filing;
pub use inbox::{
    ChatFilter, ContactFacts, ConversationCounts, ConversationFilter, ConversationPatch, ConversationRecord, Inbox,
    MessageCursor, MessageRecord, ReferralRecord, Referrals, Sort, Totals, View,
};
pub use jobs::Jobs;
pub use journal::{DeliveryFilter, Ingested, Journal, KeptFilter, KeptSpan};
pub use media::MediaStore;
pub use node::{DatabaseWarning, NodeLease, Nodes};
pub use outbox::{Outbox, Queued};
pub use reports::Reports;
pub use secrets::Secrets;
pub use sides::Sides;
pub use spaces::{Spaces, Watching};
pub use withheld::Withheld;

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// Everything a store can do.
pub trait Store:
    Accounts
    + Bindings
    + Comments
    + Directory
    + Events
    + Filing
    + Inbox
    + Jobs
    + Journal
    + MediaStore
    + Nodes
    + Outbox
    + Reports
    + Secrets
    + Sides
    + Spaces
    + Watching
    + Withheld
{
}

impl<T> Store for T where
    T: Accounts
        + Bindings
        + Comments
        + Directory
        + Events
        + Filing
        + Inbox
        + Jobs
        + Journal
        + MediaStore
        + Nodes
        + Outbox
        + Reports
        + Secrets
        + Sides
        + Spaces
        + Watching
        + Withheld
{
}

//! The vocabulary of the API: ids, contacts, messages, channels, the workspace.
//! Answers and webhooks use the same types, so a message looks alike wherever it came from.

mod acknowledged;
mod attachment;
mod channel;
mod comment;
mod contact;
mod content;
mod delivery;
mod filter;
mod id;
mod identifier;
mod message;
mod page;
mod sender;
mod space;
pub(crate) mod string_enum;
mod tag;

pub use acknowledged::Acknowledged;
pub use attachment::{Attachment, AttachmentKind};
pub use channel::{Channel, ChannelSource};
pub use comment::{Comment, mention};
pub(crate) use contact::stage;
pub use contact::{Assignee, Contact, ContactFields, ContactStatus, CustomFieldValue};
pub use content::{MessageContent, MessageTag};
pub use delivery::{DeliveryState, StatusEntry};
pub use filter::{Category, Filter, FilterRow, Operator};
pub use id::{ChannelId, ChannelMessageId, ContactId, Cursor, CustomFieldId, MessageId, TeamId, UserId};
pub use identifier::Identifier;
pub use message::{Message, Sent, Traffic};
pub use page::Page;
pub use sender::{Sender, SenderSource};
pub use space::{ClosingNote, CustomField, DataType, Role, Team, User};
pub use tag::Tag;

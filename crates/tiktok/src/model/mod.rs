//! The vocabulary of the API: ids, enums, messages, conversations, automatic messages, posts, profiles.
//! Answers and webhooks use the same types, so a message looks alike wherever it came from.

mod auto_message;
mod capability;
mod content;
mod conversation;
mod history;
mod id;
mod media;
mod message;
mod parties;
mod post;
mod profile;
mod reaction;
mod referral;
pub(crate) mod string_enum;
mod template;
mod token;
mod webhook_config;

pub use auto_message::{
    AuditStatus, AutoMessage, AutoMessageAction, AutoMessageContent, AutoMessageType, AutoMessages, CommentToMessage,
    OperationStatus,
};
pub use capability::{Capabilities, CapabilityType};
pub use content::MessageContent;
pub use conversation::{Conversation, ConversationPage, ConversationType};
pub use history::{History, Participant};
pub use id::{AppId, AutoMessageId, BusinessId, CommentId, ConversationId, MediaId, MessageId, PostId, UserId};
pub use media::{DownloadUrl, MediaFile, MediaType, UploadedMedia, url_expiry};
pub use message::{Direction, Message, MessageSource, ReplyPayload, Sent};
pub use parties::{Customer, Parties, Party, Role};
pub use post::{Post, PostField, PostKind, PostPage};
pub use profile::{BusinessField, BusinessProfile};
pub use reaction::{Reaction, ReactionOperation, ReactionType};
pub use referral::{AdReferral, PrefillAudit, Referral, ReferralSource, ShortLinkReferral};
pub use template::{Template, TemplateButton, TemplateStyle};
pub(crate) use token::seconds;
pub use token::{TokenInfo, TokenSet};
pub use webhook_config::{WebhookCategory, WebhookConfig};

//! The JSON that leaves: one shape per thing, the same on REST and on sockets, built from domain records and nothing else.
//! `http` and `live` serialise these; the dashboard's TypeScript is generated from their schemas.

mod account;
mod automation;
mod comment;
mod content;
mod conversation;
mod cost;
mod delivery;
mod event;
mod failure;
mod health;
mod history;
mod identity;
mod message;
mod page;
mod post;
mod problem;
mod referral;
mod side;
mod space;
mod withheld;

pub use account::{Account, AccountState, Identity, IdentityGone, Provider, ReferenceAccount, RuleSet, SameAs};
pub use automation::{
    AutoMessage, AutoMessageChange, AutoMessageEvent, AutoMessageKind, AutoMessageWords, AutoMessages, Automation,
    CommentToMessage, Review, Unavailable,
};
pub use comment::{AnsweredComment, Comment, CommentAnswer, CommentState};
pub use content::{
    MediaContent, MediaState, MessageContent, PictureContent, SharedPostContent, TemplateButton, TemplateContent,
    TemplateStyle, UnsupportedContent,
};
pub use conversation::{
    Assignee, Contact, Conversation, ConversationStatus, Counts, LastMessage, Mode, Window, WindowState,
};
pub use cost::{CostBasis, CostOffer, Costs, VolumeMonth};
pub use delivery::Delivery;
pub use event::{Apart, Event, Removed, RemovedAccount};
pub use failure::{Failure, FailureKind, FixedBy};
pub use health::{Finding, Health, WebhookAddress};
pub use history::{History, HistoryState};
pub use identity::{
    ApiKey, ApiKeyCreated, Connect, KeyScope, MediaUploaded, Member, Role, Session, SessionUser, Workspace,
};
pub use message::{AnsweredCard, Author, AuthorKind, Direction, Message, MessageStatus, Reaction, ReactionBy, User};
pub use page::{
    AccountPage, ApiKeyPage, AutoMessageEventPage, CommentPage, ConversationPage, DeliveryPage, EventPage, MemberPage,
    MessagePage, Page, ShadowPage, SidePage, SpacePage, WithheldMessagePage,
};
pub use post::{Post, PostKind, PostPage};
pub use problem::Problem;
pub use referral::{LinkAudit, Referral, ReferralSource, Referrals};
pub use side::{Shadow, ShadowWhy, Side};
pub use space::{ReadProblem, Space, SpaceChannel, SpaceHistory, SpaceState, UnreadableContact};
pub use withheld::{WithheldMessage, WithheldState};

/// Where a browser fetches a picture or video of ours, such as `/api/v1/media/med_00jx3k5t8g002`.
pub fn media_url(id: domain::Id<domain::media::Media>) -> String {
    format!("/api/v1/media/{id}")
}

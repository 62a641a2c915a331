//! What a webhook says, one variant per documented event. Types only; `read.rs` fills them.

use crate::model::{
    AuditStatus, AutoMessageAction, AutoMessageContent, AutoMessageId, AutoMessageType, BusinessId, CommentId,
    ConversationId, Message, Parties, Party, PostId, Referral, UserId, string_enum::string_enum,
};

/// The content of a webhook. All times are milliseconds since 1970.
///
/// Source: portal page 1832190670631937 (`im_*`) and `developers.tiktok.com` "Webhook events" (the
/// others), read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `im_receive_msg`: a user outside EEA, Switzerland and UK wrote.
    MessageReceived(Box<Message>),
    /// `im_send_msg`: the business wrote, by API, app, website or automatic message. The echo of
    /// an own send may come before the send's answer.
    MessageSent(Box<Message>),
    /// `im_receive_msg_eu`: a user inside EEA, Switzerland or UK wrote; TikTok says no more.
    MessageReceivedEu(EuNotice),
    /// `im_mark_read_msg`: the user has read the conversation.
    MarkRead(MarkRead),
    /// `im_referral_msg`: a user came through an ad or a short link, without a message yet.
    Referral(Box<ReferralEntry>),
    /// `im_auto_message_config_update`: an automatic message was changed.
    AutoMessageConfig(AutoMessageConfig),
    /// `im_auto_message_audit_update`: TikTok's review of an automatic message ended.
    AutoMessageAudit(AutoMessageAudit),
    /// `im_receive_high_intent_comment`: a comment that may be answered by message.
    HighIntentComment(Box<HighIntentComment>),
    /// `comment.update`: a comment was written, deleted or hidden.
    Comment(CommentUpdate),
    /// `authorization.removed`: the account is disconnected; its tokens are dead.
    AuthorizationRemoved(AuthorizationRemoved),
    /// `post.publish.*`: a post made through an API went on.
    PostPublish(PostPublish),
    /// `brand.mention.event`: somebody mentioned the business, told two to three hours later.
    BrandMention(Box<BrandMention>),
    /// `portability.download.ready` of a Login Kit app: a data export can be fetched.
    PortabilityReady(PortabilityReady),
    /// `video.publish.completed` and `video.upload.failed` of a Login Kit app.
    VideoShare(VideoShare),
    /// An event this version does not know.
    Unknown {
        /// Its name.
        event: String,
        /// Its content as received.
        raw: String,
    },
    /// A known event whose content could not be read.
    Unreadable {
        /// Its name.
        event: String,
        /// Its content as received.
        raw: String,
        /// What was wrong; never quotes the content.
        why: String,
    },
}

/// A message from EEA, Switzerland or UK, without sender and words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EuNotice {
    /// Username of the business.
    pub to: Option<String>,
    /// Id and role of the business.
    pub to_user: Option<Party>,
    /// When it was sent.
    pub timestamp_ms: Option<i64>,
}

/// The user has read everything up to a point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarkRead {
    /// Who read whose messages.
    pub parties: Parties,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// When it was reported.
    pub timestamp_ms: Option<i64>,
    /// High-water mark: every outgoing message up to here is read.
    pub last_read_ms: i64,
}

/// A user came through an ad or a short link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReferralEntry {
    /// The user (`from`) and the business (`to`).
    pub parties: Parties,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// When.
    pub timestamp_ms: i64,
    /// Whether the user follows the business.
    pub is_follower: Option<bool>,
    /// Through what.
    pub referral: Referral,
}

/// An automatic message was created, changed, deleted or switched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutoMessageConfig {
    /// Which one.
    pub auto_message_id: AutoMessageId,
    /// Its kind.
    pub kind: AutoMessageType,
    /// What happened.
    pub action: AutoMessageAction,
    /// When.
    pub timestamp_ms: Option<i64>,
    /// Its words.
    pub content: Option<AutoMessageContent>,
}

/// TikTok's review of an automatic message ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutoMessageAudit {
    /// Which one.
    pub auto_message_id: AutoMessageId,
    /// Its kind.
    pub kind: AutoMessageType,
    /// Approved or rejected.
    pub status: AuditStatus,
    /// When.
    pub timestamp_ms: Option<i64>,
}

/// A comment TikTok takes for an interest to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HighIntentComment {
    /// The commenter (`from`) and the business (`to`).
    pub parties: Parties,
    /// For `MessageDraft::comment_reply`, within 48 hours.
    pub comment_id: CommentId,
    /// What it says.
    pub comment_text: Option<String>,
    /// Whether the commenter follows the business.
    pub is_follower: Option<bool>,
    /// When.
    pub timestamp_ms: i64,
}

string_enum! {
    /// What happened to a comment.
    CommentAction {
        /// Written.
        Insert = "insert",
        /// Deleted.
        Delete = "delete",
        /// Hidden.
        SetToHidden = "set_to_hidden",
        /// Shown to friends only.
        SetToFriendsOnly = "set_to_friends_only",
        /// Shown to everyone.
        SetToPublic = "set_to_public",
    }
}

string_enum! {
    /// Where a comment stands.
    CommentKind {
        /// Under a post.
        Comment = "comment",
        /// Under another comment.
        Reply = "reply",
    }
}

/// A comment was written, deleted or hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommentUpdate {
    /// The comment.
    pub comment_id: CommentId,
    /// Comment or reply.
    pub kind: Option<CommentKind>,
    /// The post it stands under.
    pub video_id: Option<PostId>,
    /// The comment it answers; `None` on the top level.
    pub parent_comment_id: Option<CommentId>,
    /// What happened.
    pub action: CommentAction,
    /// The commenter; the same id as in messages.
    pub unique_identifier: Option<UserId>,
    /// When.
    pub timestamp_ms: Option<i64>,
    /// What it says, if TikTok tells.
    pub text: Option<String>,
}

/// Why an account was disconnected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// TikTok does not know or did not say (0).
    Unknown,
    /// The user disconnected the app (1).
    UserDisconnected,
    /// The user deleted the account (2).
    AccountDeleted,
    /// The user's age was changed (3).
    AgeChanged,
    /// The account is banned (4).
    Banned,
    /// The developer revoked the tokens (5).
    DeveloperRevoked,
    /// A reason this version does not know.
    Other(i64),
}

/// The account is disconnected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorizationRemoved {
    /// Why.
    pub reason: DisconnectReason,
}

string_enum! {
    /// Where a post stands; the values are the event names.
    PublishState {
        /// Failed.
        Failed = "post.publish.failed",
        /// Published.
        Complete = "post.publish.complete",
        /// Waits as a draft in the user's inbox.
        InboxDelivered = "post.publish.inbox_delivered",
        /// Visible to everyone.
        PubliclyAvailable = "post.publish.publicly_available",
        /// No longer visible to everyone.
        NoLongerPubliclyAvailable = "post.publish.no_longer_publicly_available",
    }
}

/// A post made through an API went on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostPublish {
    /// Where it stands.
    pub state: PublishState,
    /// Id of the publication.
    pub publish_id: String,
    /// `DIRECT_PUBLISH` or `INBOX_SHARE`.
    pub publish_type: Option<String>,
    /// The post, once there is one.
    pub post_id: Option<PostId>,
    /// Why it failed. Example `picture_size_check_failed`.
    pub reason: Option<String>,
}

/// A video shared through a Login Kit app.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VideoShare {
    /// `true`: published; `false`: the upload failed.
    pub completed: bool,
    /// Id of the share.
    pub share_id: String,
}

string_enum! {
    /// Where a business was mentioned.
    MentionKind {
        /// In the words under a post.
        Caption = "VIDEO_MENTION",
        /// In a comment.
        Comment = "COMMENT",
    }
}

string_enum! {
    /// What happened to a mention.
    MentionAction {
        /// Made.
        Create = "CREATE",
        /// Edited.
        Edit = "EDIT",
        /// The post's audience changed.
        PrivacyChange = "PRIVACY_CHANGE",
    }
}

/// Somebody mentioned the business. Every field may be absent but the post.
///
/// Source: the portal's mention webhook as digested by public references (medium confidence), read
/// 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrandMention {
    /// In a caption or in a comment.
    pub kind: Option<MentionKind>,
    /// Made, edited, or shown to others.
    pub action: Option<MentionAction>,
    /// The post.
    pub video_id: PostId,
    /// When the post was published, in milliseconds since 1970.
    pub video_create_time_ms: Option<i64>,
    /// Address of the post's page.
    pub share_url: Option<String>,
    /// The words under the post.
    pub video_caption: Option<String>,
    /// The comment that mentions; `None` for captions.
    pub comment_id: Option<CommentId>,
    /// Who mentioned; the same id as in messages.
    pub unique_identifier: Option<UserId>,
    /// The mentioned business.
    pub business_id: Option<BusinessId>,
    /// Its handle without @.
    pub username: Option<String>,
}

/// A data export of a user can be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PortabilityReady {
    /// Id of the export. Example `7400000000000000701`.
    pub request_id: String,
}

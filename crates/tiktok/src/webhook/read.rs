//! Fills the types of `event.rs` from the JSON of a content. Called by `decode` only.

use std::fmt::Display;

use serde_json::Value;

use super::event::{
    AuthorizationRemoved, AutoMessageAudit, AutoMessageConfig, BrandMention, CommentUpdate, DisconnectReason, EuNotice,
    Event, HighIntentComment, MarkRead, MentionKind, PortabilityReady, PostPublish, PublishState, ReferralEntry,
    VideoShare,
};
use crate::{
    model::{AutoMessageContent, CommentId, Direction, Message, Parties, Party, Referral},
    wire::{FieldError, Fields},
};

impl Event {
    pub(super) fn read(event: &str, content: &Value, raw: String) -> Self {
        match Self::known(event, content) {
            Ok(Some(known)) => known,
            Ok(None) => Self::Unknown { event: event.to_owned(), raw },
            Err(error) => Self::unreadable(event, raw, &error),
        }
    }

    /// The content is a string that holds no JSON.
    pub(super) fn not_json(event: &str, raw: String, why: &impl Display) -> Self {
        match Self::known(event, &Value::Null) {
            Ok(Some(known)) => known,
            _ => Self::unreadable(event, raw, why),
        }
    }

    fn unreadable(event: &str, raw: String, why: &impl Display) -> Self {
        Self::Unreadable { event: event.to_owned(), raw, why: why.to_string() }
    }

    /// `None` for an event name this version does not know.
    fn known(event: &str, content: &Value) -> Result<Option<Self>, FieldError> {
        let message = |direction| Message::read(content, Some(direction)).map(Box::new);
        // The tokens are dead whatever the content says, even when it says nothing.
        if event == "authorization.removed" {
            return Ok(Some(Self::AuthorizationRemoved(AuthorizationRemoved::read(content))));
        }
        let fields = || Fields::of(content, "content");
        Ok(Some(match event {
            "im_receive_msg" => Self::MessageReceived(message(Direction::Incoming)?),
            "im_send_msg" => Self::MessageSent(message(Direction::Outgoing)?),
            "im_receive_msg_eu" => Self::MessageReceivedEu(EuNotice::read(fields()?)),
            "im_mark_read_msg" => Self::MarkRead(MarkRead::read(fields()?)?),
            "im_referral_msg" => Self::Referral(Box::new(ReferralEntry::read(fields()?)?)),
            "im_auto_message_config_update" => Self::AutoMessageConfig(AutoMessageConfig::read(fields()?)?),
            "im_auto_message_audit_update" => Self::AutoMessageAudit(AutoMessageAudit::read(fields()?)?),
            "im_receive_high_intent_comment" => Self::HighIntentComment(Box::new(HighIntentComment::read(fields()?)?)),
            "comment.update" => Self::Comment(CommentUpdate::read(fields()?)?),
            "brand.mention.event" => Self::BrandMention(Box::new(BrandMention::read(fields()?)?)),
            "portability.download.ready" => Self::PortabilityReady(PortabilityReady::read(fields()?)?),
            "video.publish.completed" => Self::VideoShare(VideoShare::read(fields()?, true)?),
            "video.upload.failed" => Self::VideoShare(VideoShare::read(fields()?, false)?),
            other if other.starts_with("post.publish.") => Self::PostPublish(PostPublish::read(fields()?, other)?),
            _ => return Ok(None),
        }))
    }
}

impl EuNotice {
    fn read(fields: Fields<'_>) -> Self {
        Self {
            to: fields.filled("to"),
            to_user: Party::read(fields, "to_user"),
            timestamp_ms: fields.millis("timestamp"),
        }
    }
}

impl MarkRead {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            parties: Parties::read(fields),
            conversation_id: fields.need("conversation_id")?,
            timestamp_ms: fields.millis("timestamp"),
            last_read_ms: fields.need_object("read")?.need_millis("last_read_timestamp")?,
        })
    }
}

impl ReferralEntry {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            parties: Parties::read(fields),
            conversation_id: fields.need("conversation_id")?,
            timestamp_ms: fields.need_millis("timestamp")?,
            is_follower: fields.flag("is_follower"),
            referral: Referral::read(fields.value("referral").ok_or(FieldError("referral"))?)?,
        })
    }
}

impl AutoMessageConfig {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            auto_message_id: fields.need("auto_message_id")?,
            kind: fields.need("auto_message_type")?,
            action: fields.need("auto_message_action")?,
            timestamp_ms: fields.millis("timestamp"),
            content: AutoMessageContent::read(fields),
        })
    }
}

impl AutoMessageAudit {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            auto_message_id: fields.need("auto_message_id")?,
            kind: fields.need("auto_message_type")?,
            status: fields.need("audit_status")?,
            timestamp_ms: fields.millis("timestamp"),
        })
    }
}

impl HighIntentComment {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            parties: Parties::read(fields),
            comment_id: fields.need("comment_id")?,
            comment_text: fields.text("comment_text"),
            is_follower: fields.flag("is_follower"),
            timestamp_ms: fields.need_millis("timestamp")?,
        })
    }
}

impl CommentUpdate {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            comment_id: fields.need("comment_id")?,
            kind: fields.filled("comment_type"),
            video_id: fields.filled("video_id"),
            parent_comment_id: comment(fields, "parent_comment_id"),
            action: fields.need("comment_action")?,
            unique_identifier: fields.filled("unique_identifier"),
            timestamp_ms: fields.millis("timestamp"),
            text: fields.text("text"),
        })
    }
}

/// A comment's id where 0 stands for none: the parent of a top-level comment, a mention in a caption.
fn comment(fields: Fields<'_>, name: &str) -> Option<CommentId> {
    fields.filled(name).filter(|id: &CommentId| id.as_str() != "0")
}

impl BrandMention {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        // The field table says `VIDEO_MENTION`, the sample `VIDEO MENTION`.
        let kind = fields.filled::<String>("mention_type").map(|kind| MentionKind::from(kind.replace(' ', "_")));
        Ok(Self {
            kind,
            action: fields.filled("type_of_event"),
            video_id: fields.need("video_id")?,
            video_create_time_ms: fields.millis("video_create_time"),
            share_url: fields.filled("share_url"),
            video_caption: fields.filled("video_caption"),
            comment_id: comment(fields, "comment_id"),
            unique_identifier: fields.filled("unique_identifier"),
            business_id: fields.filled("open_id_of_mentioned_user"),
            username: fields.filled("unique_name_of_mentioned_user"),
        })
    }
}

impl PortabilityReady {
    fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self { request_id: fields.need("request_id")? })
    }
}

impl AuthorizationRemoved {
    fn read(content: &Value) -> Self {
        let fields = Fields::of(content, "content").ok();
        let reason = match fields.and_then(|fields| fields.integer("reason")).unwrap_or(0) {
            0 => DisconnectReason::Unknown,
            1 => DisconnectReason::UserDisconnected,
            2 => DisconnectReason::AccountDeleted,
            3 => DisconnectReason::AgeChanged,
            4 => DisconnectReason::Banned,
            5 => DisconnectReason::DeveloperRevoked,
            other => DisconnectReason::Other(other),
        };
        Self { reason }
    }
}

impl PostPublish {
    fn read(fields: Fields<'_>, event: &str) -> Result<Self, FieldError> {
        let state = match event {
            // TikTok's spelling on developers.tiktok.com.
            "post.publish.no_longer_publicaly_available" => PublishState::NoLongerPubliclyAvailable,
            event => PublishState::from(event),
        };
        Ok(Self {
            state,
            publish_id: fields.need("publish_id")?,
            publish_type: fields.filled("publish_type"),
            post_id: fields.filled("post_id"),
            reason: fields.filled("reason"),
        })
    }
}

impl VideoShare {
    fn read(fields: Fields<'_>, completed: bool) -> Result<Self, FieldError> {
        Ok(Self { completed, share_id: fields.need("share_id")? })
    }
}

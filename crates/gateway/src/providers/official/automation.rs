//! Automatic messages and Comment-to-Message: TikTok's calls and events in our words. Used by `automation`.

use domain::{
    Timestamp,
    account::Account,
    automation::{
        AutoMessage, AutoMessageChange, AutoMessageEvent, AutoMessageKind, AutoMessageWords, AutoMessages, Review,
    },
};
use tiktok::{
    AccessToken, Error, ValidationError,
    model::{self, AuditStatus, AutoMessageAction, AutoMessageContent, AutoMessageType, OperationStatus},
    webhook::{Event, decode},
};

use super::{Official, Turn};

/// One account at TikTok, with a token that works.
#[derive(Debug)]
pub struct At<'a> {
    /// Whose automatic messages.
    pub account: &'a Account,
    /// Needs the scope `message.list.manage`.
    pub token: AccessToken,
}

impl Official {
    /// The automatic messages of one kind.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn auto_messages(&self, at: At<'_>, kind: AutoMessageKind) -> Result<AutoMessages, Error> {
        let listed = self
            .call(
                at.account.workspace_id,
                Turn::Now,
                self.client.auto_messages(&at.token, Self::business(&at.account.external_id), type_of(kind)),
            )
            .await?;
        Ok(AutoMessages {
            kind,
            enabled: listed.status.as_ref().and_then(is_on),
            messages: listed.messages.into_iter().map(message).collect(),
        })
    }

    /// Writes a new one, which is reviewed before anybody sees it. Gives TikTok's id of it.
    ///
    /// # Errors
    /// Validation before the wire; TikTok's (a duplicate, one too many, refused words).
    pub async fn create_auto_message(&self, at: At<'_>, words: &AutoMessageWords) -> Result<String, Error> {
        let content = content(words)?;
        let business = Self::business(&at.account.external_id);
        Ok(self
            .call(at.account.workspace_id, Turn::Now, self.client.create_auto_message(&at.token, business, content))
            .await?
            .into_string())
    }

    /// Gives one other words, which are reviewed anew. Gives the id that it has now.
    ///
    /// # Errors
    /// Validation before the wire; TikTok's (being reviewed, a duplicate, refused words, gone).
    pub async fn update_auto_message(&self, at: At<'_>, id: &str, words: &AutoMessageWords) -> Result<String, Error> {
        let content = content(words)?;
        let business = Self::business(&at.account.external_id);
        Ok(self
            .call(at.account.workspace_id, Turn::Now, self.client.update_auto_message(&at.token, business, id, content))
            .await?
            .into_string())
    }

    /// Deletes one.
    ///
    /// # Errors
    /// Validation before the wire for a welcome message, which can only be switched off; TikTok's.
    pub async fn delete_auto_message(&self, at: At<'_>, kind: AutoMessageKind, id: &str) -> Result<(), Error> {
        let business = Self::business(&at.account.external_id);
        self.call(
            at.account.workspace_id,
            Turn::Now,
            self.client.delete_auto_message(&at.token, business, type_of(kind), id),
        )
        .await
    }

    /// Puts all chat prompts in an order.
    ///
    /// # Errors
    /// Validation before the wire; TikTok's (one missing or unknown).
    pub async fn sort_chat_prompts(&self, at: At<'_>, order: &[String]) -> Result<(), Error> {
        let business = Self::business(&at.account.external_id);
        let request = self.client.sort_chat_prompts(&at.token, business, order.iter().map(String::as_str))?;
        self.call(at.account.workspace_id, Turn::Now, request).await
    }

    /// Switches a whole kind.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn switch_auto_messages(&self, at: At<'_>, kind: AutoMessageKind, on: bool) -> Result<(), Error> {
        let business = Self::business(&at.account.external_id);
        self.call(
            at.account.workspace_id,
            Turn::Now,
            self.client.set_auto_message_status(&at.token, business, type_of(kind), operation(on)),
        )
        .await
    }

    /// Whether Comment-to-Message is on; `None` where TikTok says neither.
    ///
    /// # Errors
    /// TikTok's; 40001 where the account's country does not have it.
    pub async fn comment_to_message(&self, at: At<'_>) -> Result<Option<bool>, Error> {
        let answer = self
            .call(
                at.account.workspace_id,
                Turn::Now,
                self.client.comment_to_message(&at.token, Self::business(&at.account.external_id)),
            )
            .await?;
        Ok(is_on(&answer.status))
    }

    /// Switches Comment-to-Message.
    ///
    /// # Errors
    /// TikTok's; 40001 where the account's country does not have it.
    pub async fn switch_comment_to_message(&self, at: At<'_>, on: bool) -> Result<(), Error> {
        self.call(
            at.account.workspace_id,
            Turn::Now,
            self.client.set_comment_to_message(&at.token, Self::business(&at.account.external_id), operation(on)),
        )
        .await
    }

    /// What a kept delivery says of an automatic message; `None` for one that says nothing of them.
    pub fn auto_message_event(body: &[u8]) -> Option<AutoMessageEvent> {
        let (id, kind, change, words, at) = match decode(body).ok()?.content {
            Event::AutoMessageConfig(told) => {
                (told.auto_message_id, told.kind, changed(&told.action), told.content.map(words), told.timestamp_ms)
            }
            Event::AutoMessageAudit(told) => {
                (told.auto_message_id, told.kind, reviewed(&told.status), None, told.timestamp_ms)
            }
            _ => return None,
        };
        Some(AutoMessageEvent {
            message: id.into_string(),
            kind: kind_of(&kind),
            change,
            words: words.flatten(),
            at: at.map(Timestamp::from_millis),
        })
    }
}

const fn type_of(kind: AutoMessageKind) -> AutoMessageType {
    match kind {
        AutoMessageKind::Welcome => AutoMessageType::WelcomeMessage,
        AutoMessageKind::SuggestedQuestion => AutoMessageType::SuggestedQuestion,
        AutoMessageKind::ChatPrompt => AutoMessageType::ChatPrompt,
    }
}

const fn kind_of(kind: &AutoMessageType) -> Option<AutoMessageKind> {
    match kind {
        AutoMessageType::WelcomeMessage => Some(AutoMessageKind::Welcome),
        AutoMessageType::SuggestedQuestion => Some(AutoMessageKind::SuggestedQuestion),
        AutoMessageType::ChatPrompt => Some(AutoMessageKind::ChatPrompt),
        _ => None,
    }
}

const fn operation(on: bool) -> OperationStatus {
    if on { OperationStatus::Enable } else { OperationStatus::Disable }
}

const fn is_on(status: &OperationStatus) -> Option<bool> {
    match status {
        OperationStatus::Enable => Some(true),
        OperationStatus::Disable => Some(false),
        _ => None,
    }
}

fn message(listed: model::AutoMessage) -> AutoMessage {
    AutoMessage {
        id: listed.id.into_string(),
        review: match listed.audit_status {
            Some(AuditStatus::Reviewing) => Review::Reviewing,
            Some(AuditStatus::Approved) => Review::Approved,
            Some(AuditStatus::Rejected) => Review::Rejected,
            _ => Review::Unknown,
        },
        words: listed.content.and_then(words),
    }
}

const fn changed(action: &AutoMessageAction) -> AutoMessageChange {
    match action {
        AutoMessageAction::Create => AutoMessageChange::Created,
        AutoMessageAction::Update => AutoMessageChange::Updated,
        AutoMessageAction::Delete => AutoMessageChange::Deleted,
        AutoMessageAction::Enable => AutoMessageChange::Enabled,
        AutoMessageAction::Disable => AutoMessageChange::Disabled,
        _ => AutoMessageChange::Other,
    }
}

const fn reviewed(status: &AuditStatus) -> AutoMessageChange {
    match status {
        AuditStatus::Approved => AutoMessageChange::Approved,
        AuditStatus::Rejected => AutoMessageChange::Rejected,
        _ => AutoMessageChange::Other,
    }
}

/// Checked: empty or too long ends here.
fn content(words: &AutoMessageWords) -> Result<AutoMessageContent, ValidationError> {
    match words {
        AutoMessageWords::Welcome { content } => AutoMessageContent::welcome(content),
        AutoMessageWords::SuggestedQuestion { question, answer } => {
            AutoMessageContent::suggested_question(question, answer)
        }
        AutoMessageWords::ChatPrompt { title, content } => AutoMessageContent::chat_prompt(title, content),
    }
}

fn words(content: AutoMessageContent) -> Option<AutoMessageWords> {
    match content {
        AutoMessageContent::Welcome { content } => Some(AutoMessageWords::Welcome { content }),
        AutoMessageContent::SuggestedQuestion { question, answer } => {
            Some(AutoMessageWords::SuggestedQuestion { question, answer })
        }
        AutoMessageContent::ChatPrompt { title, content } => Some(AutoMessageWords::ChatPrompt { title, content }),
        _ => None,
    }
}

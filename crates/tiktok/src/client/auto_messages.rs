//! Automatic messages and Comment-to-Message: what TikTok says in the account's name.

use super::Client;
use crate::{
    error::Error,
    model::{AutoMessageContent, AutoMessageId, AutoMessageType, BusinessId, OperationStatus},
    request::{
        CreateAutoMessage, DeleteAutoMessage, GetCommentToMessage, ListAutoMessages, SetAutoMessageStatus,
        SetCommentToMessage, SortChatPrompts, UpdateAutoMessage,
    },
    secret::AccessToken,
};

impl Client {
    /// Creates a welcome message, a suggested question or a chat prompt:
    /// `POST /business/message/auto_message/create/`.
    pub fn create_auto_message(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        content: AutoMessageContent,
    ) -> CreateAutoMessage {
        CreateAutoMessage::new(self, token, business.into(), content)
    }

    /// Gives an automatic message other words: `POST /business/message/auto_message/update/`.
    pub fn update_auto_message(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        id: impl Into<AutoMessageId>,
        content: AutoMessageContent,
    ) -> UpdateAutoMessage {
        UpdateAutoMessage::new(self, token, business.into(), id.into(), content)
    }

    /// Switches all automatic messages of one kind on or off:
    /// `POST /business/message/auto_message/status/update/`.
    pub fn set_auto_message_status(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        kind: AutoMessageType,
        status: OperationStatus,
    ) -> SetAutoMessageStatus {
        SetAutoMessageStatus::new(self, token, business.into(), kind, status)
    }

    /// Reads the automatic messages of one kind: `GET /business/message/auto_message/get/`.
    pub fn auto_messages(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        kind: AutoMessageType,
    ) -> ListAutoMessages {
        ListAutoMessages::new(self, token, business.into(), kind)
    }

    /// Deletes a suggested question or a chat prompt:
    /// `POST /business/message/auto_message/delete/`.
    pub fn delete_auto_message(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        kind: AutoMessageType,
        id: impl Into<AutoMessageId>,
    ) -> DeleteAutoMessage {
        DeleteAutoMessage::new(self, token, business.into(), kind, id.into())
    }

    /// Puts the chat prompts in this order: `POST /business/message/auto_message/sort/`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) for none or more than
    /// [`CHAT_PROMPTS_MAX`](crate::limits::CHAT_PROMPTS_MAX) ids.
    pub fn sort_chat_prompts<I: Into<AutoMessageId>>(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        order: impl IntoIterator<Item = I>,
    ) -> Result<SortChatPrompts, Error> {
        let order = order.into_iter().map(Into::into).collect();
        SortChatPrompts::new(self, token, business.into(), order)
    }

    /// Switches Comment-to-Message on or off: `POST /business/message/direct_reply/update/`.
    pub fn set_comment_to_message(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        status: OperationStatus,
    ) -> SetCommentToMessage {
        SetCommentToMessage::new(self, token, business.into(), status)
    }

    /// Reads whether Comment-to-Message is on: `GET /business/message/direct_reply/get/`.
    pub fn comment_to_message(&self, token: &AccessToken, business: impl Into<BusinessId>) -> GetCommentToMessage {
        GetCommentToMessage::new(self, token, business.into())
    }
}

//! Messages, conversations, pictures, and the posts a message can share.

use bytes::Bytes;

use super::Client;
use crate::{
    error::Error,
    model::{BusinessId, ConversationId, ConversationType, MediaId, MediaType, MessageId},
    request::{
        DownloadMedia, FetchMedia, GetCapabilities, ListConversations, ListMessages, ListPosts, MessageDraft,
        UploadImage,
    },
    secret::AccessToken,
};

impl Client {
    /// Sends a message, a typing sign or a read mark: `POST /business/message/send/`.
    pub fn send_message(&self, token: &AccessToken, business: impl Into<BusinessId>) -> MessageDraft {
        MessageDraft::new(self, token, business.into())
    }

    /// Lists conversations: `GET /business/message/conversation/list/`.
    pub fn list_conversations(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        kind: ConversationType,
    ) -> ListConversations {
        ListConversations::new(self, token, business.into(), kind)
    }

    /// Lists the 20 newest messages of a conversation and its participants:
    /// `GET /business/message/content/list/`.
    pub fn list_messages(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        conversation: impl Into<ConversationId>,
    ) -> ListMessages {
        ListMessages::new(self, token, business.into(), conversation.into())
    }

    /// Uploads a picture to be sent: `POST /business/message/media/upload/`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) if the bytes are neither JPG nor PNG, or more than 3 MB.
    pub fn upload_image(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        file_name: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Result<UploadImage, Error> {
        UploadImage::new(self, token, business.into(), file_name.into(), bytes.into())
    }

    /// Asks for the download address of a received picture or video:
    /// `POST /business/message/media/download/`.
    pub fn download_media(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        conversation: impl Into<ConversationId>,
        message: impl Into<MessageId>,
        media: impl Into<MediaId>,
        kind: MediaType,
    ) -> DownloadMedia {
        DownloadMedia {
            client: self.clone(),
            token: token.clone(),
            business_id: business.into(),
            conversation_id: conversation.into(),
            message_id: message.into(),
            media_id: media.into(),
            media_type: kind,
        }
    }

    /// Fetches the file behind a download address, bounded in size and safe against redirects.
    pub fn fetch_media(&self, token: &AccessToken, download_url: impl Into<String>) -> FetchMedia {
        FetchMedia::new(self, token, download_url.into())
    }

    /// Asks whether pictures may be sent in a conversation:
    /// `GET /business/message/capabilities/get/`.
    pub fn capabilities(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        conversation: impl Into<ConversationId>,
        kind: ConversationType,
    ) -> GetCapabilities {
        GetCapabilities::new(self, token, business.into(), conversation.into(), kind)
    }

    /// Lists the account's own posts, one of which a message can share:
    /// `GET /business/video/list/`.
    pub fn list_posts(&self, token: &AccessToken, business: impl Into<BusinessId>) -> ListPosts {
        ListPosts::new(self, token, business.into())
    }
}

//! The endpoints of the API for Business, one file each. A request is built, checked, and sent by awaiting it;
//! [`TryIntoRequest`] shows what would be sent without a network.

mod create_auto_message;
mod delete_auto_message;
mod delete_webhook;
mod download_media;
mod exchange_code;
mod fetch_media;
mod get_business;
mod get_capabilities;
mod get_comment_to_message;
mod get_token_info;
mod get_webhook;
mod list_auto_messages;
mod list_conversations;
mod list_messages;
mod list_posts;
mod parts;
mod refresh_tokens;
mod revoke_token;
mod send_message;
mod set_auto_message_status;
mod set_comment_to_message;
mod sort_chat_prompts;
mod update_auto_message;
mod update_webhook;
mod upload_image;

pub use create_auto_message::CreateAutoMessage;
pub use delete_auto_message::DeleteAutoMessage;
pub use delete_webhook::DeleteWebhook;
pub use download_media::DownloadMedia;
pub use exchange_code::ExchangeCode;
pub use fetch_media::FetchMedia;
pub use get_business::GetBusiness;
pub use get_capabilities::GetCapabilities;
pub use get_comment_to_message::GetCommentToMessage;
pub use get_token_info::GetTokenInfo;
pub use get_webhook::GetWebhook;
pub use list_auto_messages::ListAutoMessages;
pub use list_conversations::ListConversations;
pub use list_messages::ListMessages;
pub use list_posts::ListPosts;
pub(crate) use parts::Credential;
pub use parts::{Answer, Body, Method, Multipart, Request, ResponseFuture, TryIntoRequest};
pub use refresh_tokens::RefreshTokens;
pub use revoke_token::RevokeToken;
pub use send_message::{CommentDraft, ConversationDraft, MessageDraft, SendMessage, SendText};
pub use set_auto_message_status::SetAutoMessageStatus;
pub use set_comment_to_message::SetCommentToMessage;
pub use sort_chat_prompts::SortChatPrompts;
pub use update_auto_message::UpdateAutoMessage;
pub use update_webhook::UpdateWebhook;
pub use upload_image::UploadImage;

/// Makes an endpoint awaitable: builds its request, sends it, reads the answer. Its `client` is one
/// of the two clients, which know how to open an answer of their platform.
macro_rules! awaitable {
    ($endpoint:ident => $answer:ty, $read:expr) => {
        impl $endpoint {
            /// Sends the request like awaiting it, and answers with TikTok's id of it too.
            ///
            /// # Errors
            /// The same as awaiting it.
            pub async fn with_request_id(self) -> Result<$crate::request::Answer<$answer>, $crate::Error> {
                let client = self.client.clone();
                let request = $crate::request::TryIntoRequest::try_into_request(self)?;
                client.call(request, $read).await
            }
        }

        impl IntoFuture for $endpoint {
            type Output = Result<$answer, $crate::Error>;
            type IntoFuture = $crate::request::ResponseFuture<$answer>;

            fn into_future(self) -> Self::IntoFuture {
                $crate::request::ResponseFuture::new(
                    async move { self.with_request_id().await.map(|answer| answer.value) },
                )
            }
        }
    };
}
pub(crate) use awaitable;

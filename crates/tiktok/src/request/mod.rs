//! The endpoints, one file each. A request is built, checked, and sent by awaiting it;
//! [`TryIntoRequest`] shows what would be sent without a network.

mod delete_webhook;
mod download_media;
mod exchange_code;
mod fetch_media;
mod get_business;
mod get_capabilities;
mod get_token_info;
mod get_webhook;
mod list_conversations;
mod list_messages;
mod parts;
mod refresh_tokens;
mod revoke_token;
mod send_message;
mod update_webhook;
mod upload_image;

pub use delete_webhook::DeleteWebhook;
pub use download_media::DownloadMedia;
pub use exchange_code::ExchangeCode;
pub use fetch_media::FetchMedia;
pub use get_business::GetBusiness;
pub use get_capabilities::GetCapabilities;
pub use get_token_info::GetTokenInfo;
pub use get_webhook::GetWebhook;
pub use list_conversations::ListConversations;
pub use list_messages::ListMessages;
pub use parts::{Body, Method, Multipart, Request, ResponseFuture, TryIntoRequest};
pub use refresh_tokens::RefreshTokens;
pub use revoke_token::RevokeToken;
pub use send_message::{CommentDraft, ConversationDraft, MessageDraft, SendMessage, SendText};
pub use update_webhook::UpdateWebhook;
pub use upload_image::UploadImage;

/// Makes an endpoint awaitable: builds its request, sends it, reads the answer.
macro_rules! awaitable {
    ($endpoint:ident => $answer:ty, $read:expr) => {
        impl IntoFuture for $endpoint {
            type Output = Result<$answer, $crate::Error>;
            type IntoFuture = $crate::request::ResponseFuture<$answer>;

            fn into_future(self) -> Self::IntoFuture {
                let client = self.client.clone();
                let request = $crate::request::TryIntoRequest::try_into_request(self);
                $crate::request::ResponseFuture::new(
                    async move { $crate::transport::call(&client, request?, $read).await },
                )
            }
        }
    };
}
use awaitable;

//! The endpoints of Login Kit, one file each. Like those of [`crate::request`], a request is built,
//! checked, and sent by awaiting it; [`TryIntoRequest`](crate::request::TryIntoRequest) shows it
//! without a network.

mod exchange_code;
mod get_publish_status;
mod get_user_info;
mod init_inbox_upload;
mod refresh_tokens;
mod revoke_token;
mod upload_chunk;

pub use exchange_code::ExchangeCode;
pub use get_publish_status::GetPublishStatus;
pub use get_user_info::GetUserInfo;
pub use init_inbox_upload::InitInboxUpload;
pub use refresh_tokens::RefreshTokens;
pub use revoke_token::RevokeToken;
pub use upload_chunk::UploadChunk;

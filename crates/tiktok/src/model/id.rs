//! The identifiers of TikTok's API, one type each, all opaque strings.
//! Conversation, message and user ids are base64-like and contain `+`, `/` and `=`.

use super::string_enum::string_id;

string_id! {
    /// A connected business account: `open_id` of the token answer, `business_id` on every call,
    /// `user_openid` in webhooks. Example `-000ShopBizOpenIdInvented42a`.
    BusinessId
}
string_id! {
    /// One conversation between a business account and a TikTok user. Example `c0nv+Aa/9Bb8==`.
    ConversationId
}
string_id! {
    /// One message. Example `m31/Kk9Ll8+Mm7==`.
    MessageId
}
string_id! {
    /// A TikTok user as the portal APIs see them (`unique_identifier`), stable across messages and
    /// comments of one app. Example `Zk7+User/Uid0a==`.
    UserId
}
string_id! {
    /// An uploaded or received picture or video. Good for 30 days.
    MediaId
}
string_id! {
    /// A TikTok post (`item_id`, `video_id`, `post_id`). Example `7400000000000000101`.
    PostId
}
string_id! {
    /// A comment under a post. Example `7400000000000000401`.
    CommentId
}
string_id! {
    /// An automatic message. Example `7400000000000000301`.
    AutoMessageId
}
string_id! {
    /// The portal app: `client_key` on the authorize address and in webhooks, `client_id` on the
    /// OAuth calls, `app_id` elsewhere. Example `7411000000000000042`.
    AppId
}

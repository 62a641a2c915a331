//! The endpoints there are: path, method, the scope each needs, and who carries it out.

use axum::http::Method;

use super::{ApiCall, Done, auto_messages, lists, media, profile, send, tokens, videos, webhooks};
use crate::error::ApiError;
use crate::state::State;

/// One endpoint of `/open_api/v1.3/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    Refresh,
    Revoke,
    TokenInfo,
    Profile,
    Videos,
    Send,
    Conversations,
    Contents,
    Upload,
    Download,
    Capabilities,
    AutoCreate,
    AutoUpdate,
    AutoStatus,
    AutoGet,
    AutoDelete,
    AutoSort,
    DirectReplyUpdate,
    DirectReplyGet,
    WebhookUpdate,
    WebhookList,
    WebhookDelete,
}

const ALL: [Endpoint; 23] = [
    Endpoint::Token,
    Endpoint::Refresh,
    Endpoint::Revoke,
    Endpoint::TokenInfo,
    Endpoint::Profile,
    Endpoint::Videos,
    Endpoint::Send,
    Endpoint::Conversations,
    Endpoint::Contents,
    Endpoint::Upload,
    Endpoint::Download,
    Endpoint::Capabilities,
    Endpoint::AutoCreate,
    Endpoint::AutoUpdate,
    Endpoint::AutoStatus,
    Endpoint::AutoGet,
    Endpoint::AutoDelete,
    Endpoint::AutoSort,
    Endpoint::DirectReplyUpdate,
    Endpoint::DirectReplyGet,
    Endpoint::WebhookUpdate,
    Endpoint::WebhookList,
    Endpoint::WebhookDelete,
];

impl Endpoint {
    /// By method and path without prefix and closing slash.
    pub(crate) fn find(method: &Method, name: &str) -> Option<Self> {
        ALL.into_iter().find(|one| one.name() == name && one.takes(method))
    }

    /// Path without prefix and closing slash.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Token => "tt_user/oauth2/token",
            Self::Refresh => "tt_user/oauth2/refresh_token",
            Self::Revoke => "tt_user/oauth2/revoke",
            Self::TokenInfo => "tt_user/token_info/get",
            Self::Profile => "business/get",
            Self::Videos => "business/video/list",
            Self::Send => "business/message/send",
            Self::Conversations => "business/message/conversation/list",
            Self::Contents => "business/message/content/list",
            Self::Upload => "business/message/media/upload",
            Self::Download => "business/message/media/download",
            Self::Capabilities => "business/message/capabilities/get",
            Self::AutoCreate => "business/message/auto_message/create",
            Self::AutoUpdate => "business/message/auto_message/update",
            Self::AutoStatus => "business/message/auto_message/status/update",
            Self::AutoGet => "business/message/auto_message/get",
            Self::AutoDelete => "business/message/auto_message/delete",
            Self::AutoSort => "business/message/auto_message/sort",
            Self::DirectReplyUpdate => "business/message/direct_reply/update",
            Self::DirectReplyGet => "business/message/direct_reply/get",
            Self::WebhookUpdate => "business/webhook/update",
            Self::WebhookList => "business/webhook/list",
            Self::WebhookDelete => "business/webhook/delete",
        }
    }

    /// GET or POST; `auto_message/get/` takes both, since its page says POST and shows GET.
    fn takes(self, method: &Method) -> bool {
        let reads = matches!(
            self,
            Self::Profile
                | Self::Videos
                | Self::Conversations
                | Self::Contents
                | Self::Capabilities
                | Self::AutoGet
                | Self::DirectReplyGet
                | Self::WebhookList
        );
        match *method {
            Method::GET => reads,
            Method::POST => !reads || self == Self::AutoGet,
            _ => false,
        }
    }

    /// The scope needed; `None` for endpoints without an access token.
    pub(crate) fn scope(self) -> Option<&'static str> {
        match self {
            Self::Profile => Some("user.info.basic"),
            Self::Videos => Some("video.list"),
            Self::Send | Self::Upload | Self::DirectReplyUpdate => Some("message.list.send"),
            Self::Conversations | Self::Contents | Self::Download | Self::Capabilities | Self::DirectReplyGet => {
                Some("message.list.read")
            }
            Self::AutoCreate
            | Self::AutoUpdate
            | Self::AutoStatus
            | Self::AutoGet
            | Self::AutoDelete
            | Self::AutoSort => Some("message.list.manage"),
            _ => None,
        }
    }

    pub(crate) fn act(self, state: &mut State, call: &ApiCall) -> Result<Done, ApiError> {
        match self {
            Self::Token => tokens::exchange(state, call).map(Done::from),
            Self::Refresh => tokens::refresh(state, call).map(Done::from),
            Self::Revoke => tokens::revoke(state, call).map(Done::from),
            Self::TokenInfo => tokens::info(state, call).map(Done::from),
            Self::Profile => profile::get(state, call).map(Done::from),
            Self::Videos => videos::list(state, call).map(Done::from),
            Self::Send => send::send(state, call),
            Self::Conversations => lists::conversations(state, call).map(Done::from),
            Self::Contents => lists::contents(state, call).map(Done::from),
            Self::Upload => media::upload(state, call).map(Done::from),
            Self::Download => media::download(state, call).map(Done::from),
            Self::Capabilities => media::capabilities(state, call).map(Done::from),
            Self::AutoCreate => auto_messages::create(state, call).map(Done::from),
            Self::AutoUpdate => auto_messages::update(state, call).map(Done::from),
            Self::AutoStatus => auto_messages::status(state, call).map(Done::from),
            Self::AutoGet => auto_messages::get(state, call).map(Done::from),
            Self::AutoDelete => auto_messages::delete(state, call).map(Done::from),
            Self::AutoSort => auto_messages::sort(state, call).map(Done::from),
            Self::DirectReplyUpdate => auto_messages::direct_reply_update(state, call).map(Done::from),
            Self::DirectReplyGet => auto_messages::direct_reply_get(state, call).map(Done::from),
            Self::WebhookUpdate => webhooks::update(state, call).map(Done::from),
            Self::WebhookList => webhooks::list(state, call).map(Done::from),
            Self::WebhookDelete => webhooks::delete(state, call).map(Done::from),
        }
    }
}

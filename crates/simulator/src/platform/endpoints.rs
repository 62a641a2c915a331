//! The endpoints there are: path, method, the scope each needs, and who carries it out.

use axum::http::Method;

use super::{ApiCall, Done, lists, media, profile, send, tokens, webhooks};
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
    Send,
    Conversations,
    Contents,
    Upload,
    Download,
    Capabilities,
    WebhookUpdate,
    WebhookList,
    WebhookDelete,
}

const ALL: [Endpoint; 14] = [
    Endpoint::Token,
    Endpoint::Refresh,
    Endpoint::Revoke,
    Endpoint::TokenInfo,
    Endpoint::Profile,
    Endpoint::Send,
    Endpoint::Conversations,
    Endpoint::Contents,
    Endpoint::Upload,
    Endpoint::Download,
    Endpoint::Capabilities,
    Endpoint::WebhookUpdate,
    Endpoint::WebhookList,
    Endpoint::WebhookDelete,
];

impl Endpoint {
    /// By method and path without prefix and closing slash.
    pub(crate) fn find(method: &Method, name: &str) -> Option<Self> {
        ALL.into_iter().find(|one| one.name() == name && one.method() == *method)
    }

    /// Path without prefix and closing slash.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Token => "tt_user/oauth2/token",
            Self::Refresh => "tt_user/oauth2/refresh_token",
            Self::Revoke => "tt_user/oauth2/revoke",
            Self::TokenInfo => "tt_user/token_info/get",
            Self::Profile => "business/get",
            Self::Send => "business/message/send",
            Self::Conversations => "business/message/conversation/list",
            Self::Contents => "business/message/content/list",
            Self::Upload => "business/message/media/upload",
            Self::Download => "business/message/media/download",
            Self::Capabilities => "business/message/capabilities/get",
            Self::WebhookUpdate => "business/webhook/update",
            Self::WebhookList => "business/webhook/list",
            Self::WebhookDelete => "business/webhook/delete",
        }
    }

    fn method(self) -> Method {
        match self {
            Self::Profile | Self::Conversations | Self::Contents | Self::Capabilities | Self::WebhookList => {
                Method::GET
            }
            _ => Method::POST,
        }
    }

    /// The scope needed; `None` for endpoints without an access token.
    pub(crate) fn scope(self) -> Option<&'static str> {
        match self {
            Self::Profile => Some("user.info.basic"),
            Self::Send | Self::Upload => Some("message.list.send"),
            Self::Conversations | Self::Contents | Self::Download | Self::Capabilities => Some("message.list.read"),
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
            Self::Send => send::send(state, call),
            Self::Conversations => lists::conversations(state, call).map(Done::from),
            Self::Contents => lists::contents(state, call).map(Done::from),
            Self::Upload => media::upload(state, call).map(Done::from),
            Self::Download => media::download(state, call).map(Done::from),
            Self::Capabilities => media::capabilities(state, call).map(Done::from),
            Self::WebhookUpdate => webhooks::update(state, call).map(Done::from),
            Self::WebhookList => webhooks::list(state, call).map(Done::from),
            Self::WebhookDelete => webhooks::delete(state, call).map(Done::from),
        }
    }
}

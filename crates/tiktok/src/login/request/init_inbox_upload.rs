//! `POST /v2/post/publish/inbox/video/init/`: the start of a draft.

use serde_json::json;

use crate::{
    error::Error,
    login::{AccessToken, Client, InboxUpload, VideoSource},
    request::{Request, TryIntoRequest, awaitable},
};

/// Starts the upload of a draft into the user's inbox. Made by [`Client::init_inbox_upload`]. Needs
/// the scope `video.upload`; 6 requests a minute per user, at most 5 drafts waiting.
///
/// Failures: `spam_risk_too_many_pending_share`, `scope_not_authorized`, `invalid_params`,
/// `rate_limit_exceeded`. After an uncertain failure a draft may wait in the inbox.
/// Source: `developers.tiktok.com` "Content Posting API", read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct InitInboxUpload {
    client: Client,
    token: AccessToken,
    source: VideoSource,
}

impl InitInboxUpload {
    pub(in crate::login) fn new(client: &Client, token: &AccessToken, source: VideoSource) -> Self {
        Self { client: client.clone(), token: token.clone(), source }
    }
}

impl TryIntoRequest for InitInboxUpload {
    fn try_into_request(self) -> Result<Request, Error> {
        let source = match self.source {
            VideoSource::File(plan) => json!({
                "source": "FILE_UPLOAD",
                "video_size": plan.size(),
                "chunk_size": plan.chunk_size(),
                "total_chunk_count": plan.chunks(),
            }),
            VideoSource::Url(address) => json!({ "source": "PULL_FROM_URL", "video_url": address }),
        };
        let body = json!({ "source_info": source });
        Ok(Request::post("/v2/post/publish/inbox/video/init/", &body).bearer(self.token))
    }
}

awaitable!(InitInboxUpload => InboxUpload, InboxUpload::read);

//! Copying a picture, video or sticker that somebody sent, so that it is still there when the platform's copy is not.

use domain::{
    Id,
    account::ProviderKind,
    conversation::Conversation,
    job::Job,
    media::{Media, MediaOrigin, MediaState},
    message::Message,
    workspace::Scope,
};
use futures_util::FutureExt as _;
use url::Url;

use super::{
    facts,
    jobs::{JobError, Jobs},
};
use crate::providers::{FetchError, Wanted, fetch, tokens::Current};

/// Largest picture or sticker that is copied. More than TikTok takes from us: what a customer sent must be shown.
const PICTURE_MAX: usize = 20 * 1024 * 1024;
/// Largest video that is copied.
const VIDEO_MAX: usize = 100 * 1024 * 1024;
/// Messages looked through for the one that a picture belongs to, per page.
const PAGE: u32 = 100;

impl Jobs {
    /// Copies one file, unless that was done.
    pub(super) async fn fetch_media(&self, job: &Job, id: Id<Media>) -> Result<(), JobError> {
        let scope = Scope::all(job.workspace_id);
        let Some(row) = self.store.media(&scope, id).await?.filter(|row| row.state == MediaState::Pending) else {
            return Ok(());
        };
        let bytes = match &row.origin {
            MediaOrigin::Upload => return Ok(()),
            MediaOrigin::Url { url } => {
                let (trusted, limit) = self.address_of(&scope, &row).await?;
                fetch(url, trusted, limit).await.map_err(FetchError::from)?
            }
            MediaOrigin::Provider { media_id, message_id } => {
                let id = row.conversation_id.ok_or(JobError::Never("a received picture without a conversation"))?;
                let Some((record, account)) = self.conversation(&scope, id).await? else { return Ok(()) };
                let message = self.message_of(&scope, id, row.id).await?;
                let wanted = Wanted {
                    conversation: &record.conversation.external_id,
                    message: message_id,
                    media: media_id,
                    video: is_video(&message),
                };
                let limit = largest(&message);
                let official = self.official(&account)?;
                let (account, wanted) = (&account, &wanted);
                let fetch = |current: Current| {
                    async move { official.fetch_media(&current.access, account, wanted, limit).await }.boxed()
                };
                self.with_token(account, fetch).await?.bytes
            }
        };
        let facts = match row.origin {
            MediaOrigin::Url { .. } => facts::of_sticker(&bytes),
            _ => facts::of(&bytes),
        };
        let facts = facts.ok_or(JobError::Never("it is neither a picture nor a video"))?;
        self.blobs.put(job.workspace_id, row.id, bytes).await?;
        self.store.settle_media(job.workspace_id, row.id, Some(facts)).await?;
        Ok(())
    }

    /// The API whose addresses may be plain and private, as a local simulator's are, and the largest file that is fetched.
    async fn address_of(&self, scope: &Scope, row: &Media) -> Result<(&Url, usize), JobError> {
        let Some(conversation) = row.conversation_id else {
            return Ok((self.providers.official().api_url(), PICTURE_MAX));
        };
        // Of two sides that tell of a conversation either may have told of the message, whichever names the conversation.
        let message = self.message_of(scope, conversation, row.id).await?;
        let trusted = match message.provider {
            ProviderKind::Respondio => self.providers.respondio().api_url(),
            _ => self.providers.official().api_url(),
        };
        Ok((trusted, largest(&message)))
    }

    /// The message that a file belongs to: it knows the type, and who told of it. It is nearly always the newest one.
    async fn message_of(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        media: Id<Media>,
    ) -> Result<Message, JobError> {
        let mut before = None;
        loop {
            let page = self.store.messages(scope, conversation, before, PAGE).await?.unwrap_or_default();
            let oldest = page.last().map(|last| (last.message.sent_at, last.message.id));
            if let Some(found) = page.into_iter().find(|record| record.message.content.media() == Some(media)) {
                return Ok(found.message);
            }
            before = Some(oldest.ok_or(JobError::Never("the message of a picture is gone"))?);
        }
    }
}

fn is_video(message: &Message) -> bool {
    message.content.type_name() == "video"
}

/// The largest file of a message that is copied.
fn largest(message: &Message) -> usize {
    if is_video(message) { VIDEO_MAX } else { PICTURE_MAX }
}

//! The posts of one account, to pick one for a message: read through from TikTok, kept nowhere. Called by `http::api::posts`.

use domain::{Id, account::Account, store::Store, workspace::Scope};
use futures_util::FutureExt as _;
use tiktok::{ErrorClass, ErrorCode, model::PostPage, oauth::Scope as Permission};

use crate::{
    asking::{AskError, Asking},
    providers::{Providers, tokens::Tokens},
};

/// Posts of a page.
const PAGE: u32 = 20;

/// Why the posts can't be shown.
#[derive(Debug, thiserror::Error)]
pub enum PostsError {
    /// The permission was not asked for or not given. It is none of those that messages need.
    #[error(
        "TikTok shows posts with the permission `{scope}` only: ask for its approval in TikTok's portal, then connect the account \
             again with it (Accounts, or /auth/connect?kind=business&posts=true)"
    )]
    MissingScope {
        /// As TikTok names it.
        scope: String,
        /// What TikTok said, where it was asked.
        refused: Option<Refused>,
    },
    /// TikTok could not be asked, or did not answer.
    #[error(transparent)]
    Ask(#[from] AskError),
}

/// TikTok's refusal.
#[derive(Debug)]
pub struct Refused {
    /// Its code.
    pub code: i64,
    /// Its id of the request.
    pub request_id: Option<String>,
}

/// A page of the account's own posts, newest first, from `cursor` on.
///
/// # Errors
/// [`PostsError`].
pub async fn page(
    store: &dyn Store,
    providers: &Providers,
    tokens: &Tokens,
    scope: &Scope,
    id: Id<Account>,
    cursor: Option<i64>,
) -> Result<PostPage, PostsError> {
    let asking = Asking::about(store, providers, tokens, scope, id).await?;
    let needed = Permission::VideoList;
    let granted = &asking.account.scopes;
    // What was granted is known of accounts that were connected here; of others TikTok tells.
    if !granted.is_empty() && !granted.iter().any(|one| one == needed.as_str()) {
        return Err(PostsError::MissingScope { scope: needed.to_string(), refused: None });
    }
    match asking.call(|at| asking.official.posts(at, cursor, PAGE).boxed()).await {
        Err(AskError::Tiktok(error)) if lacks_permission(&error) => {
            let refused = error
                .code()
                .map(|code| Refused { code: code.number(), request_id: error.request_id().map(str::to_owned) });
            Err(PostsError::MissingScope { scope: needed.to_string(), refused })
        }
        other => Ok(other?),
    }
}

fn lacks_permission(error: &tiktok::Error) -> bool {
    error.class() == Some(ErrorClass::Permission) || error.code() == Some(ErrorCode::ScopeNotAuthorized)
}

//! History that another program kept: filed as history is, so nobody is alerted, and once, however often it is done. Called by
//! `commands::import`.

mod copies;
mod line;
mod run;

use std::io::{self, BufRead, Read as _};

use domain::{
    Id,
    account::Account,
    store::{Store, StoreError},
    workspace::Workspace,
};
use serde::{Deserialize, Serialize};

use self::run::Run;

/// Messages in memory at a time.
const BATCH: usize = 5_000;
/// Longest line; the predecessor's were a few hundred bytes.
const LINE_MAX: u64 = 1024 * 1024;
/// What came of an import. Every line is in exactly one of `imported`, `known`, `copies` and `unreadable`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Nothing was written.
    pub dry_run: bool,
    /// Lines read; empty ones are none.
    pub lines: u64,
    /// New messages.
    pub imported: u64,
    /// Here before: of an earlier import, or told by the provider since.
    pub known: u64,
    /// Written down more than once in the file.
    pub copies: u64,
    /// No messages.
    pub unreadable: u64,
    /// Which lines were unreadable, and why: the first 50.
    pub reasons: Vec<Unreadable>,
    /// Conversations with a new message.
    pub conversations: usize,
}

/// A line that is no message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// From 1.
    pub line: u64,
    /// Without anything that was said in it.
    pub reason: &'static str,
}

/// Why an import ended early. What was imported until then stays; a further run goes on from it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file.
    #[error("the file can't be read")]
    File(#[from] io::Error),
    /// The account of the target is an identity.
    #[error("the account is an identity only: it carries no messages. Name the account that does")]
    IdentityOnly,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where messages go.
#[derive(Debug, Clone)]
pub struct Target {
    /// The workspace.
    pub workspace: Id<Workspace>,
    /// The account that takes every line; `None`: each line goes to an archive that is named after its account and can't send.
    pub account: Option<Account>,
    /// Names of the accounts that lines may name.
    pub names: Vec<Named>,
}

/// An account of the predecessor's `accounts.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// What lines call it.
    pub open_id: String,
    /// Handle without `@`.
    #[serde(default)]
    pub username: Option<String>,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Its picture.
    #[serde(default)]
    pub avatar_url: Option<String>,
}

/// Files the predecessor's `chats.jsonl`. `tell` hears how many bytes are done.
///
/// # Errors
/// See [`ImportError`].
pub async fn chats(
    store: &dyn Store,
    target: &Target,
    file: &mut dyn BufRead,
    dry_run: bool,
    mut tell: impl FnMut(u64),
) -> Result<Report, ImportError> {
    if target.account.as_ref().is_some_and(|account| !account.provider.carries_messages()) {
        return Err(ImportError::IdentityOnly);
    }
    let mut run = Run::new(store, target, dry_run);
    let (mut batch, mut line, mut bytes) = (Vec::new(), Vec::new(), 0);
    loop {
        line.clear();
        let length = (&mut *file).take(LINE_MAX).read_until(b'\n', &mut line)?;
        bytes += length as u64;
        if length > 0 {
            run.read(&line, &mut batch);
        }
        if batch.len() >= BATCH || length == 0 {
            run.file(std::mem::take(&mut batch)).await?;
            tell(bytes);
        }
        if length == 0 {
            return Ok(run.ended());
        }
    }
}

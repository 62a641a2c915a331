//! Commands that work on the database without a server of their own: opens it, holds a node number for the ids, gives it back.

use std::{future::Future, sync::Arc};

use domain::{Clock, store::Store, workspace::Workspace};
use tokio_util::sync::CancellationToken;

use super::CommandError;
use crate::{
    app::{Holder, open_store},
    config::Config,
};

/// Runs `work` with the store, also beside a running server.
pub(super) async fn with_store<T, F>(
    config: &Config,
    work: impl FnOnce(Arc<dyn Store>, Clock) -> F,
) -> Result<T, CommandError>
where
    F: Future<Output = Result<T, CommandError>>,
{
    run(config, false, work).await
}

/// The same for work that an embedded database does not share with a server: it is locked meanwhile.
pub(super) async fn with_store_alone<T, F>(
    config: &Config,
    work: impl FnOnce(Arc<dyn Store>, Clock) -> F,
) -> Result<T, CommandError>
where
    F: Future<Output = Result<T, CommandError>>,
{
    run(config, true, work).await
}

/// The workspace that commands are about.
pub(super) async fn workspace(store: &dyn Store) -> Result<Workspace, CommandError> {
    let missing = "workspace yet: start the gateway once, or set DATA_DIR to where it keeps its data; \
                   `message-gateway dev` has a folder of its own there, dev";
    store.default_workspace().await?.ok_or_else(|| CommandError::NotFound(missing.to_owned()))
}

async fn run<T, F>(
    config: &Config,
    exclusive: bool,
    work: impl FnOnce(Arc<dyn Store>, Clock) -> F,
) -> Result<T, CommandError>
where
    F: Future<Output = Result<T, CommandError>>,
{
    let clock = Clock::system();
    // Holds the lock until the end.
    let opened = open_store(config, &clock, exclusive).await?;
    let holder = Holder::take(Arc::clone(&opened.store), Arc::clone(&opened.ids), clock.clone()).await?;
    let ended = CancellationToken::new();
    let working = async {
        let done = work(Arc::clone(&opened.store), clock).await;
        ended.cancel();
        done
    };
    // Long work outlives a lease that nobody renews.
    let (done, ()) = tokio::join!(working, holder.renew_until(ended.clone()));
    opened.store.close().await;
    done
}

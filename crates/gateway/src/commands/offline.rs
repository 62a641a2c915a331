//! Commands that work on the database beside a running server: opens it, leases a node number for the ids, gives it back.

use std::{future::Future, sync::Arc};

use domain::{Clock, store::Store};
use tokio_util::sync::CancellationToken;

use super::CommandError;
use crate::{
    app::{Holder, OpenStore, open_store},
    config::Config,
};

/// Runs `work` with the store.
pub(super) async fn with_store<T, F>(
    config: &Config,
    work: impl FnOnce(Arc<dyn Store>, Clock) -> F,
) -> Result<T, CommandError>
where
    F: Future<Output = Result<T, CommandError>>,
{
    let clock = Clock::system();
    let OpenStore { store, ids, .. } = open_store(config, &clock, false).await?;
    let holder = Holder::take(Arc::clone(&store), ids, clock.clone()).await?;
    let done = work(Arc::clone(&store), clock).await;
    let ended = CancellationToken::new();
    ended.cancel();
    holder.renew_until(ended).await;
    store.close().await;
    done
}

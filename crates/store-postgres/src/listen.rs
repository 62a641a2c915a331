//! Hears of commits by other processes (LISTEN), and passes on those of our own. Only ever a hint to look.

use std::{
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{error::Fault, writer::Shared};

/// The channel that every writer notifies.
const CHANNEL: &str = "message_gateway";
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The listening task.
#[derive(Debug)]
pub(crate) struct Listener {
    stop: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl Listener {
    /// Listens from here on.
    pub(crate) async fn start(options: &PgConnectOptions, shared: Arc<Shared>) -> Result<Self, Fault> {
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
        let listener = listen(&pool).await?;
        let (stop, stopped) = oneshot::channel();
        #[expect(clippy::disallowed_methods, reason = "close() ends this task and waits for it")]
        let task = tokio::spawn(async move {
            tokio::select! {
                () = hear(pool, listener, &shared) => {}
                _ = stopped => {}
            }
        });
        Ok(Self { stop: Mutex::new(Some((stop, task))) })
    }

    /// Stops listening.
    pub(crate) async fn close(&self) {
        let running = self.stop.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((stop, task)) = running {
            drop(stop);
            if let Err(error) = task.await {
                tracing::error!(%error, "the listener ended badly");
            }
        }
    }
}

async fn listen(pool: &PgPool) -> Result<PgListener, Fault> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

async fn hear(pool: PgPool, first: PgListener, shared: &Shared) {
    let mut listener = Some(first);
    let mut pause = FIRST_PAUSE;
    loop {
        let Some(current) = listener.as_mut() else {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            listener = listen(&pool).await.ok();
            if listener.is_some() {
                // What was said in between is lost: look.
                shared.changed.send_modify(|version| *version += 1);
            }
            continue;
        };
        if let Ok(Some(notification)) = current.try_recv().await {
            pause = FIRST_PAUSE;
            if notification.process_id() != shared.backend.load(Ordering::Relaxed) {
                shared.changed.send_modify(|version| *version += 1);
            }
        } else {
            tracing::warn!("the connection that hears of other processes was lost; connecting again");
            listener = None;
        }
    }
}

//! The only place that starts tasks, so that shutdown can wait for all of them and no panic goes unnoticed.
//! `serve` makes one, everything that runs in the background gets a clone.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Starts tasks and ends them in two steps: soft (finish what is in hand), then hard (drop it).
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
    fatal: OnceLock<Fatal>,
}

/// Why the process can't go on. `serve` ends with a non-zero exit code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{task} {cause}")]
pub struct Fatal {
    /// The task, such as `outbox`.
    pub task: &'static str,
    /// What it did, such as `panicked`.
    pub cause: String,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Every task ended by itself.
    Clean,
    /// This many had to be dropped.
    Cut(usize),
}

/// How long dropped tasks get to unwind.
const UNWIND: Duration = Duration::from_secs(1);

impl Lifecycle {
    /// Nothing running yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task that may end at any time, such as one socket's. Should it panic, that is logged and counted and hurts nobody else.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.run(name, false, task);
    }

    /// Starts a task that the product cannot do without, such as the outbox worker. Should it panic, or end before shutdown began, the
    /// process shuts down with an error.
    pub fn spawn_critical(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.run(name, true, task);
    }

    fn run(&self, name: &'static str, critical: bool, task: impl Future<Output = ()> + Send + 'static) {
        let this = self.clone();
        let watched = async move {
            let ended = tokio::select! {
                biased;
                () = this.inner.hard.cancelled() => return,
                ended = AssertUnwindSafe(task).catch_unwind() => ended,
            };
            match ended {
                Err(_) => {
                    metrics::counter!("task_panics_total", "task" => name).increment(1);
                    tracing::error!(task = name, "task panicked");
                    if critical {
                        this.fail(name, "panicked");
                    }
                }
                Ok(()) if critical && !this.inner.soft.is_cancelled() => this.fail(name, "ended before shutdown"),
                Ok(()) => {}
            }
        };
        self.inner.tasks.spawn(watched);
    }

    /// Ends the process in order, with an error: something the product cannot do without is lost.
    pub fn fail(&self, task: &'static str, cause: impl Into<String>) {
        let fatal = Fatal { task, cause: cause.into() };
        tracing::error!(task, cause = fatal.cause, "shutting down");
        // Only the first cause counts: the others follow from it.
        if self.inner.fatal.set(fatal).is_ok() {
            self.inner.soft.cancel();
        }
    }

    /// Why the process can't go on, if so.
    pub fn fatal(&self) -> Option<Fatal> {
        self.inner.fatal.get().cloned()
    }

    /// Cancelled when shutdown begins: take nothing new, finish what is in hand, end.
    pub fn token(&self) -> CancellationToken {
        self.inner.soft.clone()
    }

    /// Cancelled when patience is over: everything still running is dropped at its next await.
    pub fn hard(&self) -> CancellationToken {
        self.inner.hard.clone()
    }

    /// Begins shutdown, waits up to `patience` for the tasks, then drops what is left.
    pub async fn drain(&self, patience: Duration) -> Drained {
        self.inner.soft.cancel();
        self.inner.tasks.close();
        let in_time = tokio::select! {
            () = self.inner.tasks.wait() => true,
            () = tokio::time::sleep(patience) => false,
            () = self.inner.hard.cancelled() => false,
        };
        let left = self.inner.tasks.len();
        self.inner.hard.cancel();
        if in_time {
            return Drained::Clean;
        }
        // Whoever does not even unwind in time holds a thread, not a task; the process ends regardless.
        drop(tokio::time::timeout(UNWIND, self.inner.tasks.wait()).await);
        Drained::Cut(left)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn drain_waits_for_what_is_in_hand() {
        let lifecycle = Lifecycle::new();
        let (done, mut finished) = tokio::sync::oneshot::channel();
        let stop = lifecycle.token();
        lifecycle.spawn_critical("worker", async move {
            stop.cancelled().await;
            tokio::task::yield_now().await;
            done.send(()).unwrap();
        });
        assert_eq!(lifecycle.drain(LONG).await, Drained::Clean);
        finished.try_recv().unwrap();
        assert_eq!(lifecycle.fatal(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_end_is_dropped() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("stuck", pending());
        lifecycle.spawn("stuck", pending());
        assert_eq!(lifecycle.drain(LONG).await, Drained::Cut(2));
    }

    #[tokio::test]
    async fn a_critical_task_takes_the_process_along() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn_critical("outbox", async {});
        lifecycle.token().cancelled().await;
        assert_eq!(lifecycle.fatal().unwrap().to_string(), "outbox ended before shutdown");

        let lifecycle = Lifecycle::new();
        lifecycle.spawn_critical("outbox", async { panic!("on purpose") });
        lifecycle.token().cancelled().await;
        assert_eq!(lifecycle.fatal().unwrap().to_string(), "outbox panicked");
    }

    #[tokio::test]
    async fn another_task_hurts_nobody() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("socket", async { panic!("on purpose") });
        lifecycle.spawn("socket", async {});
        assert_eq!(lifecycle.drain(LONG).await, Drained::Clean);
        assert_eq!(lifecycle.fatal(), None);
    }
}

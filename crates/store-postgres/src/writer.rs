//! Group commit: one task writes for the whole process, up to 512 use cases in one transaction, in the order they came.
//! Each has its own savepoint, so that a bad one fails alone; answers leave only after the commit.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{
    Clock, IdGenerator,
    delivery::NewDelivery,
    place::{self, Place},
    store::{Ingested, StoreError},
};
use futures_util::FutureExt as _;
use sqlx::postgres::PgConnectOptions;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use crate::{
    error::{Fault, unavailable},
    ingest,
    queue::{Command, Other, Typed, Work, answer},
    transaction::{Numbers, Prepared, Savepoint, Touches, Tx},
};

/// Use cases in one transaction, at most.
const BATCH: usize = 512;
/// Use cases that may wait; more are refused.
const QUEUE: usize = 4_096;
/// How often a batch is run when processes get into each other's way.
const RUNS: u32 = 5;
/// Pauses between attempts to connect, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What the writer shares with the store.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Transactions committed.
    pub(crate) commits: AtomicU64,
    /// The server's number of the writer's connection: its own notifications are not news.
    pub(crate) backend: AtomicU32,
    /// Changes with each commit that others should look at.
    pub(crate) changed: watch::Sender<u64>,
}

/// The way into the writer's queue.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Command>>>,
    task: Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the task on an open connection.
    pub(crate) fn start(
        tx: Tx,
        options: PgConnectOptions,
        clock: Clock,
        ids: Arc<IdGenerator>,
        shared: Arc<Shared>,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let state = Task { options, clock, ids, shared, tx: Some(tx), next_try: None, pause: FIRST_PAUSE };
        #[expect(clippy::disallowed_methods, reason = "close() waits for this task")]
        let task = tokio::spawn(state.run(receiver));
        Self { queue: Mutex::new(Some(sender)), task: Mutex::new(Some(task)) }
    }

    /// Stores a delivery.
    pub(crate) async fn ingest(&self, delivery: NewDelivery) -> Result<Ingested, StoreError> {
        let (sender, receiver) = oneshot::channel();
        self.push(Command::Ingest(Box::new(delivery), None, sender))?;
        receiver.await.map_err(|_| unavailable("the writer has stopped"))?.map(|(ingested, _)| ingested)
    }

    /// Runs a use case. `work` may be called several times.
    pub(crate) async fn write<T, F>(&self, touches: Touches, work: F) -> Result<(T, Arc<Numbers>), StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.push(Command::Other(Box::new(Typed { touches, work, outcome: None, answer })))?;
        receiver.await.map_err(|_| unavailable("the writer has stopped"))?
    }

    /// Waits for what is queued, then stops.
    pub(crate) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer ended badly");
        }
    }

    fn push(&self, command: Command) -> Result<(), StoreError> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = queue.as_ref().ok_or_else(|| unavailable("the store is closed"))?;
        sender.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => unavailable("too many changes wait to be written"),
            mpsc::error::TrySendError::Closed(_) => unavailable("the writer has stopped"),
        })
    }
}

/// The writing task.
struct Task {
    options: PgConnectOptions,
    clock: Clock,
    ids: Arc<IdGenerator>,
    shared: Arc<Shared>,
    tx: Option<Tx>,
    next_try: Option<Instant>,
    pause: Duration,
}

impl Task {
    async fn run(mut self, mut queue: mpsc::Receiver<Command>) {
        let mut batch = Vec::with_capacity(BATCH);
        while queue.recv_many(&mut batch, BATCH).await > 0 {
            if AssertUnwindSafe(self.write(&mut batch)).catch_unwind().await.is_err() {
                // A bug of one use case. Where its transaction stands is unknown, so the connection goes with it; whoever is
                // in the batch is told that nothing was written.
                tracing::error!(use_cases = batch.len(), "a use case panicked; its batch was dropped");
                self.tx = None;
                batch.clear();
            }
        }
        if let Some(tx) = self.tx.take() {
            // The server ends a session that just goes away, too.
            drop(sqlx::Connection::close(tx.conn).await);
        }
    }

    async fn write(&mut self, batch: &mut Vec<Command>) {
        metrics::histogram!("store_batch_size").record(u32::try_from(batch.len()).unwrap_or(u32::MAX));
        let mut result = self.attempt(batch).await;
        for _ in 1..RUNS {
            match &result {
                Err(fault) if fault.wants_another_run() => result = self.attempt(batch).await,
                _ => break,
            }
        }
        let end = match result {
            Ok(numbers) => Ok(Arc::new(numbers)),
            Err(fault) => {
                tracing::warn!(error = %fault, "a transaction of {} use cases was not committed", batch.len());
                Err(Arc::new(fault))
            }
        };
        for command in batch.drain(..) {
            match command {
                Command::Ingest(_, outcome, to) => answer(to, outcome, end.as_ref()),
                Command::Other(other) => other.finish(end.as_ref()),
            }
        }
    }

    /// Runs the batch in one transaction. On an error nothing of it is in the database.
    async fn attempt(&mut self, batch: &mut [Command]) -> Result<Numbers, Fault> {
        let mut tx = self.begun().await?;
        let prepared = match run_all(&mut tx, batch).await {
            Ok(prepared) => prepared,
            Err(fault) => {
                if !fault.lost_connection() && tx.rollback().await.is_ok() {
                    self.tx = Some(tx);
                }
                return Err(fault);
            }
        };
        place::reach(Place::CommitBefore);
        match tx.commit(&prepared).await {
            Ok(()) => self.tx = Some(tx),
            Err(fault) if fault.lost_connection() => {
                // The answer was lost, perhaps not the commit.
                let mut fresh = self.connected().await.map_err(|_| fault)?;
                fresh.was_committed(&prepared).await?;
                self.tx = Some(fresh);
            }
            Err(fault) => {
                self.tx = Some(tx);
                return Err(fault);
            }
        }
        place::reach(Place::CommitAfter);
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        metrics::counter!("store_commits_total").increment(1);
        if prepared.wakes {
            self.shared.changed.send_modify(|version| *version += 1);
        }
        Ok(prepared.numbers)
    }

    /// A connection with an open transaction. One that died while it was idle is replaced unseen.
    async fn begun(&mut self) -> Result<Tx, Fault> {
        if let Some(mut tx) = self.tx.take() {
            match tx.begin().await {
                Ok(()) => return Ok(tx),
                Err(fault) => {
                    tracing::warn!(error = %fault, "the writer's connection is gone; connecting again");
                }
            }
        }
        let mut tx = self.connected().await?;
        tx.begin().await?;
        Ok(tx)
    }

    /// A new connection, or an error at once while the pause since the last failure lasts.
    async fn connected(&mut self) -> Result<Tx, Fault> {
        if self.next_try.is_some_and(|at| Instant::now() < at) {
            return Err(unavailable("the database can't be reached").into());
        }
        let result = async {
            let mut tx = Tx::connect(&self.options, self.clock.clone(), Arc::clone(&self.ids)).await?;
            let backend = tx.backend().await?;
            Ok((tx, backend))
        }
        .await;
        match result {
            Ok((tx, backend)) => {
                self.shared.backend.store(backend, Ordering::Relaxed);
                (self.next_try, self.pause) = (None, FIRST_PAUSE);
                Ok(tx)
            }
            Err(fault) => {
                self.next_try = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                Err(fault)
            }
        }
    }
}

async fn run_all(tx: &mut Tx, batch: &mut [Command]) -> Result<Prepared, Fault> {
    let mut touches = Touches::default();
    for command in batch.iter() {
        match command {
            Command::Ingest(delivery, ..) => touches.keys.extend(ingest::account_key(delivery)),
            Command::Other(other) => touches.extend(other.touches()),
        }
    }
    tx.lock(&touches).await?;
    let mut rest = batch;
    while !rest.is_empty() {
        let deliveries = rest.iter().take_while(|command| matches!(command, Command::Ingest(..))).count();
        let (now, later) = std::mem::take(&mut rest).split_at_mut(deliveries.max(1));
        rest = later;
        match now {
            [Command::Other(other)] => run_other(tx, other.as_mut()).await?,
            deliveries => run_deliveries(tx, deliveries).await?,
        }
    }
    tx.prepare().await
}

/// One use case in its savepoint.
async fn run_other(tx: &mut Tx, other: &mut dyn Other) -> Result<(), Fault> {
    let savepoint = tx.save().await?;
    match other.run(tx).await {
        Ok(()) => tx.release().await,
        Err(fault) => {
            let fault = undo_alone(tx, savepoint, fault).await?;
            other.fail(fault);
            Ok(())
        }
    }
}

/// Deliveries in a row as one set; only when the set fails, one by one.
async fn run_deliveries(tx: &mut Tx, commands: &mut [Command]) -> Result<(), Fault> {
    let Some(fault) = run_set(tx, commands).await? else { return Ok(()) };
    if commands.len() == 1 {
        fail_delivery(commands, fault);
        return Ok(());
    }
    tracing::debug!(error = %fault, "a set failed; its deliveries go one by one");
    for at in 0..commands.len() {
        let one = &mut commands[at..=at];
        if let Some(fault) = run_set(tx, one).await? {
            fail_delivery(one, fault);
        }
    }
    Ok(())
}

fn fail_delivery(commands: &mut [Command], fault: Fault) {
    if let [Command::Ingest(_, outcome, _)] = commands {
        *outcome = Some(Err(fault));
    }
}

/// Runs deliveries in one savepoint. `Some`: they were undone, for a reason of their own.
async fn run_set(tx: &mut Tx, commands: &mut [Command]) -> Result<Option<Fault>, Fault> {
    let savepoint = tx.save().await?;
    let deliveries: Vec<&NewDelivery> = commands
        .iter()
        .filter_map(|command| match command {
            Command::Ingest(delivery, ..) => Some(delivery.as_ref()),
            Command::Other(_) => None,
        })
        .collect();
    match ingest::ingest(tx, &deliveries).await {
        Ok(results) => {
            tx.release().await?;
            for (command, result) in commands.iter_mut().zip(results) {
                if let Command::Ingest(_, outcome, _) = command {
                    *outcome = Some(Ok(result));
                }
            }
            Ok(None)
        }
        Err(fault) => undo_alone(tx, savepoint, fault).await.map(Some),
    }
}

/// Undoes one use case if the others can go on; else the whole transaction is lost.
async fn undo_alone(tx: &mut Tx, savepoint: Savepoint, fault: Fault) -> Result<Fault, Fault> {
    if fault.lost_connection() || fault.wants_another_run() {
        return Err(fault);
    }
    tx.undo(savepoint).await?;
    Ok(fault)
}

//! The one writer: a thread that takes waiting use cases in order of arrival and commits many of them together.
//!
//! Each use case runs in a savepoint, so one that fails leaves no trace and hurts no other. Answers go out only after the
//! commit; a caller that went away does not undo its use case.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use domain::{
    clock::{Clock, Timestamp},
    id::{Id, IdGenerator},
    place::{self, Place},
    store::{StoreError, StoreResult},
};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    error::{fault, unavailable},
    sql::{execute, one, statements},
};

/// Use cases that may wait; one more is answered `Unavailable`.
const QUEUE: usize = 4096;
/// Use cases in one transaction.
const BATCH: usize = 512;

statements! {
    BEGIN = "BEGIN IMMEDIATE";
    SAVEPOINT = "SAVEPOINT use_case";
    RELEASE = "RELEASE use_case";
    UNDO = "ROLLBACK TO use_case";
    COMMIT = "COMMIT";
    ROLLBACK = "ROLLBACK";
    READ_SEQ = "SELECT value FROM counter WHERE name = 'seq'";
    WRITE_SEQ = "UPDATE counter SET value = ?1 WHERE name = 'seq'";
}

/// The open transaction as a use case sees it.
#[derive(Debug)]
pub(crate) struct Tx<'c> {
    /// The writing connection.
    pub(crate) connection: &'c Connection,
    /// Makes ids.
    pub(crate) ids: &'c IdGenerator,
    /// The time of the use case.
    pub(crate) now: Timestamp,
    /// The number of the newest event so far, this transaction's included.
    pub(crate) seq: i64,
    /// Set when workers or sockets have something new to look at.
    pub(crate) notify: bool,
}

impl Tx<'_> {
    pub(crate) fn new_id<T>(&self) -> StoreResult<Id<T>> {
        Ok(self.ids.next(self.now)?)
    }
}

/// One use case on its way through the writer.
trait UseCase: Send {
    /// Does the work; false: undo it.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Tells the caller: what `run` gave, or why nothing was committed.
    fn answer(self: Box<Self>, uncommitted: Option<StoreError>);
}

struct Waiting<T, F> {
    work: Option<F>,
    result: Option<StoreResult<T>>,
    reply: oneshot::Sender<StoreResult<T>>,
}

impl<T: Send, F: FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send> UseCase for Waiting<T, F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(work) = self.work.take() else { return false };
        // A panic is a bug of this one use case; the writer must outlive it.
        let result = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(StoreError::Rejected { what: "the use case panicked".to_owned(), source: None }));
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, uncommitted: Option<StoreError>) {
        let result = match (self.result, uncommitted) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(error)) => Err(error),
            (Some(result), None) => result,
            (None, None) => Err(unavailable("the use case was not run")),
        };
        // The caller may have gone away: the use case stands all the same.
        drop(self.reply.send(result));
    }
}

/// Hands use cases to the writing thread.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn UseCase>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    commits: Arc<AtomicU64>,
    changed: watch::Sender<u64>,
}

impl Writer {
    /// Starts the thread on its connection.
    pub(crate) fn start(connection: Connection, clock: Clock, ids: Arc<IdGenerator>) -> StoreResult<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let changed = watch::Sender::new(0);
        let commits = Arc::new(AtomicU64::new(0));
        let desk = Desk { connection, clock, ids, commits: Arc::clone(&commits), changed: changed.clone() };
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || desk.work(waiting))
            .map_err(|error| StoreError::Unavailable {
                what: "the writer could not be started".to_owned(),
                source: Some(Box::new(error)),
            })?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)), commits, changed })
    }

    /// Queues `work`; answers after the commit that holds it.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        let (reply, answer) = oneshot::channel();
        let use_case: Box<dyn UseCase> = Box::new(Waiting { work: Some(work), result: None, reply });
        self.enqueue(use_case)?;
        answer.await.map_err(|_| unavailable("the writer stopped"))?
    }

    fn enqueue(&self, use_case: Box<dyn UseCase>) -> StoreResult<()> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or_else(|| unavailable("the store is closed"))?;
        queue.try_send(use_case).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => unavailable("too much waits to be written"),
            mpsc::error::TrySendError::Closed(_) => unavailable("the writer stopped"),
        })
    }

    /// Transactions committed since the start.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// Sees commits that wrote events, replies or jobs from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Takes nothing more, writes what waits, and ends the thread.
    pub(crate) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join().is_ok()).await;
            if !joined.unwrap_or(false) {
                tracing::error!("the writer did not end in order");
            }
        }
    }
}

/// What the thread owns.
struct Desk {
    connection: Connection,
    clock: Clock,
    ids: Arc<IdGenerator>,
    commits: Arc<AtomicU64>,
    changed: watch::Sender<u64>,
}

impl Desk {
    fn work(self, mut waiting: mpsc::Receiver<Box<dyn UseCase>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(first) = waiting.blocking_recv() {
            batch.push(first);
            self.commit(&mut batch, &mut waiting);
        }
    }

    fn commit(&self, batch: &mut Vec<Box<dyn UseCase>>, waiting: &mut mpsc::Receiver<Box<dyn UseCase>>) {
        let committed = self.transact(batch, waiting);
        metrics::histogram!("store_batch_size").record(u32::try_from(batch.len()).unwrap_or(u32::MAX));
        match committed {
            Ok(notify) => {
                place::reach(Place::CommitAfter);
                self.commits.fetch_add(1, Ordering::SeqCst);
                metrics::counter!("store_commits_total").increment(1);
                if notify {
                    self.changed.send_modify(|count| *count += 1);
                }
                batch.drain(..).for_each(|use_case| use_case.answer(None));
            }
            Err(error) => {
                tracing::error!(%error, use_cases = batch.len(), "nothing of a batch was written");
                if !self.connection.is_autocommit()
                    && let Err(error) = execute(&self.connection, ROLLBACK, [])
                {
                    tracing::error!(%error, "the transaction could not be rolled back");
                }
                for use_case in batch.drain(..) {
                    use_case.answer(Some(StoreError::Unavailable { what: error.to_string(), source: None }));
                }
            }
        }
    }

    /// Runs the batch in one transaction. Whatever has arrived by the time its last use case is done joins it: the commit costs
    /// the same, and nobody waits for company.
    fn transact(
        &self,
        batch: &mut Vec<Box<dyn UseCase>>,
        waiting: &mut mpsc::Receiver<Box<dyn UseCase>>,
    ) -> StoreResult<bool> {
        let connection = &self.connection;
        execute(connection, BEGIN, [])?;
        let before: i64 = one(connection, READ_SEQ, [], |row| row.get(0).map_err(fault))?
            .ok_or_else(|| crate::error::corrupt("counter.seq".to_owned()))?;
        let mut tx = Tx { connection, ids: &self.ids, now: self.clock.now(), seq: before, notify: false };
        let mut next = 0;
        while let Some(use_case) = batch.get_mut(next) {
            let (seq, notify) = (tx.seq, tx.notify);
            tx.now = self.clock.now();
            execute(connection, SAVEPOINT, [])?;
            let done = use_case.run(&mut tx);
            next += 1;
            if next == batch.len() {
                take_waiting(waiting, batch);
            }
            if !done {
                (tx.seq, tx.notify) = (seq, notify);
                // A full disk can end the whole transaction; then nothing of this batch is written.
                if connection.is_autocommit() {
                    return Err(unavailable("the transaction was ended by the database"));
                }
                execute(connection, UNDO, [])?;
            }
            execute(connection, RELEASE, [])?;
        }
        if tx.seq != before {
            execute(connection, WRITE_SEQ, [tx.seq])?;
        }
        place::reach(Place::CommitBefore);
        execute(connection, COMMIT, [])?;
        if !connection.is_autocommit() {
            return Err(unavailable("the commit did not end the transaction"));
        }
        Ok(tx.notify)
    }
}

/// Everything that waits, as far as the batch has room.
fn take_waiting(waiting: &mut mpsc::Receiver<Box<dyn UseCase>>, batch: &mut Vec<Box<dyn UseCase>>) {
    while batch.len() < BATCH
        && let Ok(next) = waiting.try_recv()
    {
        batch.push(next);
    }
}

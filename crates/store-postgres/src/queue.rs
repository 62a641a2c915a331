//! What waits for the writer: deliveries, which go as sets, and all other use cases, which go one by one.

use std::{future::Future, pin::Pin, sync::Arc};

use domain::{
    delivery::NewDelivery,
    store::{Ingested, StoreError},
};
use tokio::sync::oneshot;

use crate::{
    error::{Fault, shared_failure, unavailable},
    transaction::{Numbers, Touches, Tx},
};

/// A boxed step of a use case.
pub(crate) type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 't>>;
pub(crate) type Answer<T> = oneshot::Sender<Result<(T, Arc<Numbers>), StoreError>>;

/// One use case in the queue.
pub(crate) enum Command {
    Ingest(Box<NewDelivery>, Option<Result<Ingested, Fault>>, Answer<Ingested>),
    Other(Box<dyn Other>),
}

/// A use case of any answer. It may run several times before it is finished; only the last run counts.
pub(crate) trait Other: Send {
    fn touches(&self) -> &Touches;
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Work<'t, ()>;
    fn fail(&mut self, fault: Fault);
    fn finish(self: Box<Self>, end: Result<&Arc<Numbers>, &Arc<Fault>>);
}

pub(crate) struct Typed<T, F> {
    pub(crate) touches: Touches,
    pub(crate) work: F,
    pub(crate) outcome: Option<Result<T, Fault>>,
    pub(crate) answer: Answer<T>,
}

impl<T, F> Other for Typed<T, F>
where
    T: Send,
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send,
{
    fn touches(&self) -> &Touches {
        &self.touches
    }

    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Work<'t, ()> {
        let work = (self.work)(tx);
        let outcome = &mut self.outcome;
        Box::pin(async move {
            *outcome = Some(Ok(work.await?));
            Ok(())
        })
    }

    fn fail(&mut self, fault: Fault) {
        self.outcome = Some(Err(fault));
    }

    fn finish(self: Box<Self>, end: Result<&Arc<Numbers>, &Arc<Fault>>) {
        answer(self.answer, self.outcome, end);
    }
}

/// Tells a caller how its use case ended, once the transaction has.
pub(crate) fn answer<T>(to: Answer<T>, outcome: Option<Result<T, Fault>>, end: Result<&Arc<Numbers>, &Arc<Fault>>) {
    let result = match (end, outcome) {
        (Err(cause), _) => Err(shared_failure(cause)),
        (Ok(numbers), Some(Ok(value))) => Ok((value, Arc::clone(numbers))),
        (Ok(_), Some(Err(fault))) => Err(fault.into()),
        (Ok(_), None) => Err(unavailable("the use case was not run")),
    };
    // A caller that went away does not undo its use case.
    drop(to.send(result));
}

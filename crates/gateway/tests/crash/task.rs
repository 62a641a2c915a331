//! Tasks of the tests themselves, which end with whoever holds them.

use std::future::Future;

use tokio_util::task::AbortOnDropHandle;

/// Runs beside the test until the handle is dropped.
pub(crate) fn beside<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> AbortOnDropHandle<T> {
    #[expect(clippy::disallowed_methods, reason = "stands outside the gateway, and ends with its handle")]
    AbortOnDropHandle::new(tokio::spawn(work))
}

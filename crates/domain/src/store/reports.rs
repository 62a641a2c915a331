//! Figures over many conversations.

use std::ops::Range;

use async_trait::async_trait;

use super::StoreResult;
use crate::{clock::Timestamp, volume::Volume, workspace::Scope};

/// Reports. They read what is there and keep nothing.
#[async_trait]
pub trait Reports: Send + Sync {
    /// What was said by the provider's time in a span, its end not included: one row for each account in sight with anything to count,
    /// in the order of their ids.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn volume(&self, scope: &Scope, span: Range<Timestamp>) -> StoreResult<Vec<Volume>>;
}

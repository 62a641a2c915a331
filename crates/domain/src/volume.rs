//! How much is said, counted for reports.

use crate::{account::Account, id::Id};

/// What an account and its customers said in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    /// The account.
    pub account_id: Id<Account>,
    /// Conversations in which anything was said, by either side.
    pub conversations: u32,
    /// Messages of customers.
    pub incoming: u32,
    /// Messages of the business that left: what failed or still waits does not count.
    pub outgoing: u32,
}

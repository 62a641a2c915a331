//! Log of the platform calls made by clients, for the console and for tests.

use std::collections::VecDeque;

use serde::Serialize;

const KEPT: usize = 500;

/// One call of a client.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// Grows by one.
    pub id: u64,
    /// When, Unix ms (simulator time).
    pub at: i64,
    /// `GET` or `POST`.
    pub method: String,
    /// Path without the query, e.g. `/open_api/v1.3/business/message/send/`.
    pub path: String,
    /// The query as it came, e.g. `limit=50&cursorId=1795170000000001`; empty without one.
    pub query: String,
    /// Short name, e.g. `business/message/send`.
    pub endpoint: String,
    /// HTTP status answered; 0 when the connection was cut or the answer withheld.
    pub status: u16,
    /// Code of the envelope.
    pub code: i64,
    /// Message of the envelope.
    pub message: String,
    /// `request_id` of the envelope.
    pub request_id: String,
    /// The fault that struck, e.g. `lose_answer`.
    pub fault: Option<&'static str>,
}

/// The newest 500 calls.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    next: u64,
    calls: VecDeque<Call>,
}

impl Calls {
    pub(crate) fn add(&mut self, mut call: Call) {
        self.next += 1;
        call.id = self.next;
        self.calls.push_back(call);
        if self.calls.len() > KEPT {
            self.calls.pop_front();
        }
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }
}

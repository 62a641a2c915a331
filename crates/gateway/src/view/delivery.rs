//! A kept webhook as JSON, without its body.

use domain::{Id, Timestamp, delivery as dd};
use serde::Serialize;
use utoipa::ToSchema;

use super::Provider;

/// A raw inbound webhook that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// `dlv_…`.
    #[schema(value_type = String)]
    pub id: Id<dd::Delivery>,
    /// Through whom it came.
    pub provider: Provider,
    /// `acc_…`; null where it names no account.
    #[schema(value_type = Option<String>, required)]
    pub account_id: Option<Id<domain::account::Account>>,
    /// The provider's event name, such as `im_receive_msg`; empty where unreadable.
    pub event: String,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// Rightly signed, but long ago.
    pub late: bool,
    /// How often the same bytes came.
    pub copies: u32,
    /// Why it could not be understood whole; null where it was.
    #[schema(required)]
    pub unsupported: Option<String>,
    /// Bytes of the body.
    pub size: u64,
}

impl From<&dd::DeliveryRecord> for Delivery {
    fn from(record: &dd::DeliveryRecord) -> Self {
        Self {
            id: record.id,
            provider: record.provider.into(),
            account_id: record.account_id,
            event: record.event.clone(),
            received_at: record.received_at,
            late: record.late,
            copies: record.copies,
            unsupported: record.unsupported.clone(),
            size: record.size,
        }
    }
}

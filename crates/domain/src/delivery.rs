//! A raw inbound webhook: kept byte for byte, decoded beside it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    id::{Entity, Id},
    inbound::Inbound,
};

/// A verified delivery on its way into the journal.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// Through whom.
    pub provider: ProviderKind,
    /// Whose account it names (TikTok's `user_openid`); `None` where the body does not say.
    pub account_external_id: Option<String>,
    /// The provider's event name, such as `im_receive_msg`; empty where unreadable.
    pub event: String,
    /// The exact bytes.
    pub body: Bytes,
    /// First 16 bytes of the body's SHA-256: the same body twice is one delivery.
    pub digest: [u8; 16],
    /// When it came in.
    pub received_at: Timestamp,
    /// Rightly signed, but longer ago than the tolerance.
    pub late: bool,
    /// What it reports; empty when nothing could be read.
    pub items: Vec<Inbound>,
    /// Why it could not be understood whole: unknown event, unknown type, unreadable content.
    pub unsupported: Option<String>,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// Stored and applied.
    Stored,
    /// The same bytes were here before; counted, nothing else.
    Duplicate,
    /// Of an account that we don't know: kept, never shown.
    Foreign,
}

/// A kept delivery, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Printed `dlv_…`.
    pub id: Id<Delivery>,
    /// See [`NewDelivery::provider`].
    pub provider: ProviderKind,
    /// The account, where we know it.
    pub account_id: Option<Id<Account>>,
    /// See [`NewDelivery::event`].
    pub event: String,
    /// See [`NewDelivery::received_at`].
    pub received_at: Timestamp,
    /// See [`NewDelivery::late`].
    pub late: bool,
    /// How often the same bytes came.
    pub copies: u32,
    /// See [`NewDelivery::unsupported`].
    pub unsupported: Option<String>,
    /// Bytes of the body.
    pub size: u64,
}

/// A kept delivery as it is read again, with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDelivery {
    /// Printed `dlv_…`.
    pub id: Id<Delivery>,
    /// See [`NewDelivery::provider`].
    pub provider: ProviderKind,
    /// The account, where it was known when the delivery came or was last replayed.
    pub account_id: Option<Id<Account>>,
    /// See [`NewDelivery::account_external_id`].
    pub account_external_id: Option<String>,
    /// See [`NewDelivery::event`].
    pub event: String,
    /// See [`NewDelivery::received_at`].
    pub received_at: Timestamp,
    /// See [`NewDelivery::unsupported`].
    pub unsupported: Option<String>,
    /// See [`NewDelivery::body`].
    pub body: Bytes,
}

/// What the decoders of today make of a kept delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retold {
    /// See [`NewDelivery::account_external_id`].
    pub account_external_id: Option<String>,
    /// See [`NewDelivery::event`].
    pub event: String,
    /// See [`NewDelivery::items`].
    pub items: Vec<Inbound>,
    /// See [`NewDelivery::unsupported`].
    pub unsupported: Option<String>,
}

/// What became of a delivery that was applied again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reapplied {
    /// The account it belongs to; `None` while nobody has connected it.
    pub account_id: Option<Id<Account>>,
    /// The account was not known before: the delivery was given to it now.
    pub attributed: bool,
    /// Something was added beyond the delivery itself: a message, its content, a name.
    pub changed: bool,
}

/// The bytes of a kept delivery, for who decodes them himself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawDelivery {
    /// Printed `dlv_…`.
    pub id: Id<Delivery>,
    /// See [`NewDelivery::received_at`].
    pub received_at: Timestamp,
    /// See [`NewDelivery::body`].
    pub body: Bytes,
}

/// Marker of delivery ids.
#[derive(Debug)]
pub struct Delivery;

impl Entity for Delivery {
    const PREFIX: &'static str = "dlv";
}

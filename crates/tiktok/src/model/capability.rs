//! What may be sent in a conversation: the answer to the capability call.

use serde_json::Value;

use super::string_enum::string_enum;
use crate::wire::{FieldError, Fields};

string_enum! {
    /// A thing a conversation may or may not allow.
    CapabilityType {
        /// Sending pictures; depends on the countries of both sides.
        ImageSend = "IMAGE_SEND",
    }
}

/// The capabilities of one conversation.
///
/// Source: portal page 1836061597865986, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Each capability TikTok answered, with whether it is there.
    pub results: Vec<(CapabilityType, bool)>,
}

impl Capabilities {
    /// Whether pictures may be sent; `None` if TikTok did not say.
    pub fn image_send(&self) -> Option<bool> {
        let result = self.results.iter().find(|(kind, _)| *kind == CapabilityType::ImageSend);
        result.map(|(_, allowed)| *allowed)
    }

    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let infos = Fields::of(data, "data")?.list("capability_infos").iter();
        let results = infos.map(|info| {
            let info = Fields::of(info, "capability_infos")?;
            let allowed = info.flag("capability_result").ok_or(FieldError("capability_result"))?;
            Ok((info.need("capability_type")?, allowed))
        });
        Ok(Self { results: results.collect::<Result<_, _>>()? })
    }
}

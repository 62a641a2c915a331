//! What a click changes of a conversation, as JSON.

use domain::{Id, identity::User, store};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::view::{ConversationStatus, Mode};

/// What to change; what is left out stays. `{"assignee":null}` unassigns.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ConversationPatch {
    /// Where it stands in the team's work.
    #[schema(nullable = false)]
    status: Option<ConversationStatus>,
    /// Who takes care of it, `usr_…`; null for nobody.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "left out, null and a member are three things")]
    assignee: Option<Option<Id<User>>>,
    /// Who answers.
    #[schema(nullable = false)]
    mode: Option<Mode>,
}

/// Tells null (`Some(None)`) from left out (`None`).
#[expect(clippy::option_option, reason = "left out, null and a member are three things")]
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Id<User>>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<ConversationPatch> for store::ConversationPatch {
    fn from(patch: ConversationPatch) -> Self {
        Self {
            status: patch.status.map(Into::into),
            assignee: patch.assignee,
            mode: patch.mode.map(Into::into),
            read: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_not_the_same_as_left_out() {
        let read = |text: &str| serde_json::from_str::<ConversationPatch>(text).unwrap().assignee;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"assignee":null}"#), Some(None));
        assert_eq!(read(r#"{"assignee":"usr_0000000000001"}"#), Some(Some(Id::from_raw(1))));
    }
}

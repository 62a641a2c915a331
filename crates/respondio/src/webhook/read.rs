//! Fills the types of `event.rs` from a body. Called by `decode` only.

use serde_json::Value;

use super::event::{ConversationReport, Event, LifecycleChange, MessageReport};
use crate::{
    model::{Assignee, Channel, Message, Traffic, stage},
    wire::{FieldError, Fields},
};

impl Event {
    pub(super) fn read(event: &str, fields: Fields<'_>, raw: &Value) -> Self {
        match Self::known(event, fields) {
            Ok(Some(known)) => known,
            Ok(None) => Self::Unknown { raw: raw.clone() },
            Err(error) => Self::Unreadable { raw: raw.clone(), why: error.to_string() },
        }
    }

    /// `None` for an event name this version does not know.
    fn known(event: &str, fields: Fields<'_>) -> Result<Option<Self>, FieldError> {
        let message = |traffic| MessageReport::read(fields, traffic).map(Box::new);
        let conversation = || Box::new(ConversationReport::read(fields.object("conversation")));
        Ok(Some(match event {
            // The second name is an alias that one integrator takes care of.
            "message.received" | "new_incoming_message" => Self::MessageReceived(message(Traffic::Incoming)?),
            "message.sent" | "new_outgoing_message" => Self::MessageSent(message(Traffic::Outgoing)?),
            "contact.created" => Self::ContactCreated,
            "contact.updated" => Self::ContactUpdated,
            "contact.assignee.updated" => Self::ContactAssigneeUpdated,
            "contact.lifecycle.updated" => Self::ContactLifecycleUpdated(LifecycleChange::read(fields)),
            "conversation.opened" => Self::ConversationOpened(conversation()),
            "conversation.closed" => Self::ConversationClosed(conversation()),
            _ => return Ok(None),
        }))
    }
}

impl MessageReport {
    fn read(fields: Fields<'_>, expected: Traffic) -> Result<Self, FieldError> {
        let message = Message::read(fields.value("message").ok_or(FieldError("message"))?, Some(expected))?;
        let beside = || fields.object("contact").and_then(|contact| contact.id("id"));
        Ok(Self {
            contact_id: message.contact_id.or_else(beside),
            channel: fields.value("channel").and_then(|channel| Channel::read(channel).ok()),
            message,
        })
    }
}

impl LifecycleChange {
    fn read(fields: Fields<'_>) -> Self {
        Self {
            lifecycle: fields.value("lifecycle").and_then(stage),
            old_lifecycle: fields.value("oldLifecycle").and_then(stage),
        }
    }
}

impl ConversationReport {
    fn read(fields: Option<Fields<'_>>) -> Self {
        let text = |name| fields.and_then(|fields| fields.filled(name));
        let time = |name| fields.and_then(|fields| fields.millis(name));
        let number = |name| fields.and_then(|fields| fields.integer(name));
        let source = |name: &str| fields.and_then(|fields| fields.filled(name));
        Self {
            category: text("category"),
            summary: text("summary"),
            opened_ms: time("openedTime"),
            opened_by: source("openedBySource").or_else(|| source("source")),
            closed_ms: time("closedTime"),
            closed_by: fields.and_then(|fields| fields.object("closedBy")).and_then(Assignee::read),
            closed_by_source: source("closedBySource"),
            first_response_time: number("firstResponseTime"),
            resolution_time: number("resolutionTime"),
            incoming_count: number("incomingMessageCount"),
            outgoing_count: number("outgoingMessageCount"),
            assignee_team: text("assigneeTeam"),
            last_assignment_ms: time("lastAssignmentTime"),
        }
    }
}

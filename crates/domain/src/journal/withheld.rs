//! Messages that the provider does not tell: the notice of one, and its content where a list shows it after all.

use super::{Told, Working, ingest};
use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    conversation::Conversation,
    id::{Id, NoLease},
    inbound::InboundMessage,
    job::{NewJob, Task},
    message::Direction,
    withheld::{NewWithheld, stand_in_id},
};

/// A notice came: it is written down, and looked for in the lists.
pub(super) fn noticed(working: &mut Working<'_>, account: Id<Account>, at: Timestamp) -> Result<(), NoLease> {
    let is_told = working.side() == ProviderKind::Official;
    let Some(workspace_id) = working.account(account).filter(|_| is_told).map(|account| account.workspace_id) else {
        return Ok(());
    };
    let id = working.new_id()?;
    working.changes.withheld.push(NewWithheld { id, workspace_id, account_id: account, at });
    let task = Task::FindWithheld { account, at };
    working.changes.jobs.push(NewJob { workspace_id, task, due_at: working.now, later: false });
    Ok(())
}

/// The content of a message for which another one stands in takes its place. False: nothing stands in for it.
pub(super) fn content_came(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    report: &InboundMessage,
    told: Told,
) -> Result<bool, NoLease> {
    // A webhook that says so much was never withheld.
    if report.direction != Direction::Incoming || told == Told::Webhook {
        return Ok(false);
    }
    let stands_in = working
        .message_by_key(account, &stand_in_id(report.sent_at))
        .filter(|id| working.message(*id).is_some_and(|message| message.conversation_id == conversation));
    let Some(id) = stands_in else {
        return Ok(false);
    };
    let content = ingest::receive_content(working, account, conversation, report, told)?;
    working.edit_message(id, |message| {
        message.external_id = Some(report.external_id.clone());
        message.quoted_external_id.clone_from(&report.quoted_external_id);
        message.content = content;
    });
    Ok(true)
}

//! Which message a report is of, when nothing but what it says, its direction and its time can tell.

use super::only_by;
use crate::{
    account::ProviderKind,
    conversation::Conversation,
    id::Id,
    inbound::InboundMessage,
    journal::{Working, echo, merge},
    message::{Message, MessageState},
    sides::{Gist, REACH, apart, tells_of},
};

/// The one message that a report can be of, by what it says. Of several that say the same, as many as this side has told by now
/// belong together in the order of their times; while one side is ahead, nobody knows.
pub(super) fn pair(
    working: &mut Working<'_>,
    conversation: Id<Conversation>,
    report: &InboundMessage,
) -> Option<Id<Message>> {
    let side = working.side();
    let not_here = |message: &&Message| working.name_of(message.id, side).is_none();
    let place_of = |message: &Message| (message.sent_at, message.id);
    let told =
        working.messages_of(conversation).filter(not_here).filter(|message| is_told_alike(working, message, report));
    let mut theirs: Vec<_> = told.map(place_of).collect();
    if theirs.is_empty() {
        // Nobody has told it: it may be a reply that left through another side and is not answered yet.
        let sent =
            working.messages_of(conversation).filter(not_here).filter(|message| left_elsewhere(message, side, report));
        theirs = sent.map(place_of).collect();
    }
    let mut ours: Vec<_> = working
        .messages_of(conversation)
        .filter(|message| tells_of(report, message) && only_by(working, message.id, side) && !message.awaits_echo())
        .map(|message| (message.sent_at, message.id))
        .collect();
    if theirs.len() != ours.len() + 1 {
        return None;
    }
    theirs.sort_unstable();
    ours.sort_unstable();
    let place = ours.partition_point(|(at, _)| *at <= report.sent_at);
    let partner = theirs.remove(place).1;
    for ((_, one), (_, other)) in theirs.into_iter().zip(ours) {
        merge::unite(working, one, other, true);
    }
    Some(partner)
}

/// Whether another side, which told a message, may have told what this one reports. The time of a reply that no provider reported is
/// our clock's.
fn is_told_alike(working: &Working<'_>, message: &Message, report: &InboundMessage) -> bool {
    if message.awaits_echo() || message.state == MessageState::Failed || !working.is_told(message.id) {
        return false;
    }
    let near = || apart(message.sent_at, report.sent_at) <= REACH && says_alike(message, report);
    tells_of(report, message) || !message.reported && near()
}

/// Whether a message that left, or may have left, through another side may be what this one reports.
fn left_elsewhere(message: &Message, side: ProviderKind, report: &InboundMessage) -> bool {
    message.awaits_echo()
        && message.provider != side
        && says_alike(message, report)
        && echo::may_follow(message, report)
}

fn says_alike(message: &Message, report: &InboundMessage) -> bool {
    report.direction == message.direction && Gist::told(&report.content).is_like(Gist::of(&message.content))
}

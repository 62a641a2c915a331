//! How a conversation comes about: every change of messages, conversations and the outbox, as plain functions.
//!
//! A store loads the rows that a use case touches into a [`Working`], calls one function here, and writes the [`Changes`] back
//! in the same transaction. So both stores keep the same promises by the same code, and any duplication, reordering or
//! interleaving of reports can be tested without a database.

mod authorization;
mod changes;
mod comment;
mod echo;
mod history;
mod hold;
mod ingest;
mod later;
mod link;
mod merge;
mod parties;
mod referral;
mod replay;
mod reply;
mod settle;
mod sides;
#[cfg(test)]
mod tests;
mod withheld;
mod working;

pub use changes::{Change, Changes, NewReferral, NewTrouble, ReferralKey, SettledAttempt};
pub use comment::{answer_comment, begin_answer, settle_answer};
pub use history::file;
pub use ingest::{ItemKeys, Told, apply, item_keys};
pub use replay::reapply;
pub use reply::{discard, fail_queued, queue_reply, recheck, retry};
pub use settle::{Begun, begin, lose, settle, settle_check};
pub use sides::{WHOLE, doubles};
pub use working::{ConversationName, MergedConversation, MessageName, Working};

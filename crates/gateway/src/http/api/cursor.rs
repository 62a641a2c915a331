//! Cursors: places in a list, opaque to callers. Bytes in base64url: what list it is of, then the sort value and id of the last item.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Id, Timestamp,
    comment::Comment,
    conversation::Conversation,
    delivery::Delivery,
    message::Message,
    store::{CommentCursor, MessageCursor, Sort},
    withheld::WithheldMessage,
};

use crate::http::problem::Problem;

/// A tag and two numbers.
const LEN: usize = 17;

fn write(tag: u8, value: i64, id: i64) -> String {
    let mut bytes = [0; LEN];
    bytes[0] = tag;
    bytes[1..9].copy_from_slice(&value.to_be_bytes());
    bytes[9..].copy_from_slice(&id.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read(tag: u8, text: &str) -> Option<(i64, i64)> {
    let bytes: [u8; LEN] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let value = i64::from_be_bytes(bytes[1..9].try_into().ok()?);
    let id = i64::from_be_bytes(bytes[9..].try_into().ok()?);
    (bytes[0] == tag && id >= 0).then_some((value, id))
}

fn wrong(parameter: &str) -> Problem {
    Problem::invalid_parameter(
        parameter,
        "this cursor is not of this list; take it from `next` of the page before, with the same sort",
    )
}

const fn sort_tag(sort: Sort) -> u8 {
    match sort {
        Sort::Newest => b'n',
        Sort::Waiting => b'w',
        Sort::ClosingFirst => b'c',
    }
}

/// After the conversation `id` whose sort value is `value`.
pub(super) fn of_conversation(sort: Sort, value: i64, id: Id<Conversation>) -> String {
    write(sort_tag(sort), value, id.raw())
}

/// Back from [`of_conversation`].
///
/// # Errors
/// 400 for anything else, also for a cursor of another sort.
pub(super) fn conversation(sort: Sort, text: &str) -> Result<(i64, Id<Conversation>), Problem> {
    read(sort_tag(sort), text).map(|(value, id)| (value, Id::from_raw(id))).ok_or_else(|| wrong("after"))
}

/// Before the message at `at`.
pub(super) fn of_message(at: MessageCursor) -> String {
    write(b'm', at.0.as_millis(), at.1.raw())
}

/// Back from [`of_message`].
///
/// # Errors
/// 400 for anything else.
pub(super) fn message(text: &str) -> Result<(Timestamp, Id<Message>), Problem> {
    read(b'm', text).map(|(at, id)| (Timestamp::from_millis(at), Id::from_raw(id))).ok_or_else(|| wrong("before"))
}

/// Before the comment at `at`.
pub(super) fn of_comment(at: CommentCursor) -> String {
    write(b'q', at.0.as_millis(), at.1.raw())
}

/// Back from [`of_comment`].
///
/// # Errors
/// 400 for anything else.
pub(super) fn comment(text: &str) -> Result<(Timestamp, Id<Comment>), Problem> {
    read(b'q', text).map(|(at, id)| (Timestamp::from_millis(at), Id::from_raw(id))).ok_or_else(|| wrong("before"))
}

/// Before the delivery `id`.
pub(super) fn of_delivery(id: Id<Delivery>) -> String {
    write(b'd', 0, id.raw())
}

/// Before the withheld message `id`.
pub(super) fn of_withheld(id: Id<WithheldMessage>) -> String {
    write(b'e', 0, id.raw())
}

/// Back from [`of_withheld`].
///
/// # Errors
/// 400 for anything else.
pub(super) fn withheld(text: &str) -> Result<Id<WithheldMessage>, Problem> {
    read(b'e', text).map(|(_, id)| Id::from_raw(id)).ok_or_else(|| wrong("before"))
}

/// Back from [`of_delivery`].
///
/// # Errors
/// 400 for anything else.
pub(super) fn delivery(text: &str) -> Result<Id<Delivery>, Problem> {
    read(b'd', text).map(|(_, id)| Id::from_raw(id)).ok_or_else(|| wrong("before"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_what_it_wrote(value in any::<i64>(), id in 0..=i64::MAX) {
            let text = of_conversation(Sort::Waiting, value, Id::from_raw(id));
            prop_assert_eq!(conversation(Sort::Waiting, &text).unwrap(), (value, Id::from_raw(id)));
            prop_assert!(conversation(Sort::Newest, &text).is_err());
            prop_assert!(message(&text).is_err());
        }

        #[test]
        fn never_trips_over_rubbish(text in ".{0,40}") {
            drop((message(&text), comment(&text), delivery(&text), withheld(&text)));
        }
    }
}

//! One line of the predecessor's `chats.jsonl`: a message as it told its dashboard, without an id.

use domain::{Timestamp, message::Direction};
use serde::Deserialize;

use crate::providers::thirdparty::Text;

/// What it wrote where it knew nothing.
const UNKNOWN: &str = "unknown";
/// Whom it named as the writer of replies.
const SELF: &str = "self";

/// A message of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// `accountId`: the `open_id` of an account, where the line names one.
    pub(super) account: Option<String>,
    /// `conversationId`: the contact's id with Respond.io.
    pub(super) conversation: String,
    /// `direction`.
    pub(super) direction: Direction,
    /// `timestamp`.
    pub(super) at: Timestamp,
    /// The words; `Err` names the type of a message without any.
    pub(super) words: Result<String, String>,
    /// The customer, where the line names them: their id, name and picture.
    pub(super) customer: Option<Customer>,
}

/// The writer of a customer's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Customer {
    /// `user.id`.
    pub(super) id: String,
    /// `user.nickname`.
    pub(super) name: Option<String>,
    /// `user.avatar`.
    pub(super) avatar: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    #[serde(default)]
    account_id: Option<Text>,
    conversation_id: Text,
    #[serde(default)]
    direction: Option<String>,
    timestamp: String,
    #[serde(default)]
    user: User,
    message: Message,
}

#[derive(Deserialize, Default)]
struct User {
    #[serde(default)]
    id: Option<Text>,
    #[serde(default)]
    nickname: Option<String>,
    #[serde(default)]
    avatar: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default, rename = "type")]
    type_name: Option<String>,
    #[serde(default)]
    content: Option<String>,
}

/// What an id says; `None` for the words that stand for nothing.
fn id(text: Text) -> Option<String> {
    known(text.into_string())
}

fn known(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty() && text != UNKNOWN)
}

/// Reads a line.
///
/// # Errors
/// Why it is no message, without anything that was said in it.
pub(super) fn read(line: &[u8]) -> Result<Said, &'static str> {
    let line: Line = serde_json::from_slice(line).map_err(|_| "not a message of the predecessor's")?;
    let direction = match line.direction.as_deref() {
        Some("outgoing") => Direction::Outgoing,
        Some("incoming") | None => Direction::Incoming,
        Some(_) => return Err("neither incoming nor outgoing"),
    };
    let at = line.timestamp.parse().map_err(|_| "its time can't be read")?;
    let conversation = id(line.conversation_id).ok_or("it names no conversation")?;
    let user = line.user;
    let writer = user.id.and_then(id).filter(|id| id != SELF && direction == Direction::Incoming);
    let customer = writer.map(|id| Customer {
        name: user.nickname.and_then(known).filter(|name| *name != id),
        avatar: user.avatar.and_then(known),
        id,
    });
    let type_name = line.message.type_name.and_then(known).unwrap_or_else(|| "text".to_owned());
    let words = line.message.content.filter(|words| !words.is_empty()).ok_or(type_name);
    Ok(Said { account: line.account_id.and_then(id), conversation, direction, at, words, customer })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customers_message_and_a_reply_are_read() {
        let line = br#"{"type":"dm","direction":"incoming","accountId":"-000shop","conversationId":"264520177","timestamp":"2026-02-27T10:00:00.000Z","user":{"id":"264520177","username":"Mali","nickname":"Mali S","avatar":""},"message":{"type":"text","content":"hello"}}"#;
        let said = read(line).unwrap();
        assert_eq!((said.account.as_deref(), said.conversation.as_str()), (Some("-000shop"), "264520177"));
        let customer = Customer { id: "264520177".to_owned(), name: Some("Mali S".to_owned()), avatar: None };
        assert_eq!((said.customer, said.words), (Some(customer), Ok("hello".to_owned())));
        let reply = br#"{"direction":"outgoing","accountId":"","conversationId":264520177,"timestamp":"2026-02-27T10:00:00Z","user":{"id":"self","nickname":"You"},"message":{"content":"hi"}}"#;
        let said = read(reply).unwrap();
        assert_eq!((said.direction, said.account, said.customer), (Direction::Outgoing, None, None));
    }

    #[test]
    fn what_is_no_message_says_why() {
        let with = |change: &str| {
            format!(r#"{{"conversationId":"c","timestamp":"2026-02-27T10:00:00Z","message":{{}}{change}}}"#)
        };
        assert_eq!(read(with("").as_bytes()).unwrap().words, Err("text".to_owned()));
        assert!(read(with(r#","direction":"sideways""#).as_bytes()).is_err());
        for torn in [
            r#"{"conversationId":"c","timestamp":"#,
            "",
            "null",
            r#"{"conversationId":"unknown","timestamp":"2026-02-27T10:00:00Z","message":{}}"#,
        ] {
            assert!(read(torn.as_bytes()).is_err(), "{torn}");
        }
        assert_eq!(read(br#"{"conversationId":"c","timestamp":"today","message":{}}"#), Err("its time can't be read"));
    }
}

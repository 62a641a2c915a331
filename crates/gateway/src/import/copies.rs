//! Which lines of the predecessor's file are copies. It wrote down its whole backlog again after each start, and its own replies a
//! second time with the other side's time; nothing in the file names a message.

use std::collections::{HashMap, HashSet, VecDeque};

use domain::{Timestamp, message::Direction};
use sha2::{Digest, Sha256};

use super::line::Said;

/// Replies that a later backlog is compared with; it told the ten newest messages of a conversation.
const REPLIES: usize = 200;
/// How far the other side's time of a reply may be from ours, in ms.
const APART_MS: i64 = 5_000;

/// What tells one message from another, of those in the same conversation: its time, and a digest of the rest.
pub(super) type Key = (Timestamp, [u8; 16]);

/// One conversation, as far as the file was read.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// How often each was told. Within one telling of the backlog equal ones are different messages.
    told: HashMap<Key, u32>,
    /// Those of the latest time in this telling, and how many of each there were.
    now: HashMap<Key, u32>,
    at: Option<Timestamp>,
    newest: Option<Timestamp>,
    replies: VecDeque<Key>,
    /// Replies told a second time, by the time of that.
    again: HashSet<Key>,
}

/// See [`Key`].
pub(super) fn key_of(said: &Said) -> Key {
    let mut digest = Sha256::new();
    digest.update([u8::from(said.direction == Direction::Outgoing), u8::from(said.words.is_ok())]);
    digest.update(said.words.as_ref().unwrap_or_else(|type_name| type_name));
    let mut key = [0; 16];
    key.copy_from_slice(&digest.finalize()[..16]);
    (said.at, key)
}

impl Copies {
    /// Which of its equals this one is, from 0, or `None` for a copy. Lines come in the order of the file.
    pub(super) fn place(&mut self, said: &Said) -> Option<u32> {
        if self.at != Some(said.at) {
            self.now.clear();
            self.at = Some(said.at);
        }
        let is_backlog = self.newest.is_some_and(|newest| said.at < newest);
        self.newest = self.newest.max(Some(said.at));
        let key = key_of(said);
        if said.direction == Direction::Outgoing {
            if self.again.contains(&key) {
                return None;
            }
            if is_backlog && self.absorb(key) {
                self.again.insert(key);
                return None;
            }
        }
        let place = *self.now.entry(key).and_modify(|count| *count += 1).or_insert(0);
        let told = self.told.entry(key).or_insert(0);
        if place < *told {
            return None;
        }
        *told = place + 1;
        if said.direction == Direction::Outgoing {
            self.replies.push_back(key);
            if self.replies.len() > REPLIES {
                self.replies.pop_front();
            }
        }
        Some(place)
    }

    /// Whether a reply that a backlog tells is one that was written down when it was sent; that one is told again only once.
    fn absorb(&mut self, (at, words): Key) -> bool {
        let same =
            |(sent, text): &Key| *text == words && *sent != at && (sent.as_millis() - at.as_millis()).abs() <= APART_MS;
        let found = self.replies.iter().position(same);
        found.is_some_and(|index| self.replies.remove(index).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(direction: Direction, ms: i64, words: &str) -> Said {
        Said {
            account: None,
            conversation: "c".to_owned(),
            direction,
            at: Timestamp::from_millis(ms),
            words: Ok(words.to_owned()),
            customer: None,
        }
    }

    fn places(lines: &[Said]) -> Vec<Option<u32>> {
        let mut copies = Copies::default();
        lines.iter().map(|line| copies.place(line)).collect()
    }

    #[test]
    fn a_backlog_told_again_is_no_news() {
        use Direction::Incoming;
        let day = [said(Incoming, 1_000, "a"), said(Incoming, 2_000, "b")];
        let twice = [day.clone(), day].concat();
        assert_eq!(places(&twice), [Some(0), Some(0), None, None]);
    }

    #[test]
    fn equal_words_at_one_time_stay_two_and_are_told_again_as_two() {
        use Direction::Incoming;
        let ok = said(Incoming, 1_000, "ok");
        let lines = [ok.clone(), ok.clone(), said(Incoming, 3_000, "x"), ok.clone(), ok];
        assert_eq!(places(&lines), [Some(0), Some(1), Some(0), None, None]);
    }

    #[test]
    fn a_reply_with_the_other_sides_time_is_the_one_that_was_sent() {
        use Direction::{Incoming, Outgoing};
        let sent = [said(Outgoing, 10_400, "hi"), said(Outgoing, 11_000, "hi"), said(Incoming, 20_000, "x")];
        let backlog = [said(Outgoing, 10_000, "hi"), said(Outgoing, 11_900, "hi")];
        let lines = [sent.to_vec(), backlog.to_vec(), backlog.to_vec()].concat();
        assert_eq!(places(&lines), [Some(0), Some(0), Some(0), None, None, None, None]);
        let live = [said(Outgoing, 10_000, "hi"), said(Outgoing, 11_000, "hi")];
        assert_eq!(places(&live), [Some(0), Some(0)], "two sent within a second stay two");
    }
}

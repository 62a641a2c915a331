//! Any duplication and reordering of reports, interleaved with our own sends, gives the same conversation.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::Index};

use super::model::{Model, T0, at, echo, from_app, incoming, lost, read, sent};
use crate::{
    Timestamp,
    inbound::Inbound,
    ledger::Ledger,
    message::{Direction, MessageState},
};

/// What truly happened at TikTok, in order of time.
#[derive(Debug, Clone)]
enum Truth {
    Incoming,
    FromApp,
    /// Ours: whether the send answer got lost, and which of two texts it is (equal texts must stay apart).
    Ours {
        answer_lost: bool,
        text: bool,
    },
    Read,
}

fn truth() -> impl Strategy<Value = Truth> {
    prop_oneof![
        3 => Just(Truth::Incoming),
        2 => Just(Truth::FromApp),
        4 => (prop::bool::weighted(0.3), any::<bool>()).prop_map(|(answer_lost, text)| Truth::Ours { answer_lost, text }),
        1 => Just(Truth::Read),
    ]
}

/// The conversation as anybody would tell it: by the provider's id.
type Told = (BTreeMap<String, (Direction, Timestamp, MessageState)>, Ledger, Option<Timestamp>, bool);

fn told(model: &Model) -> Told {
    let conversation = model.conversation();
    let messages = model
        .messages
        .values()
        .map(|message| {
            let id = message.external_id.clone().unwrap_or_else(|| format!("nameless {}", message.id));
            (id, (message.direction, message.sent_at, message.state))
        })
        .collect();
    (messages, conversation.ledger, conversation.read_up_to, conversation.trouble)
}

/// Runs the history: our sends in their order, every report at a random later moment, some twice.
fn play(history: &[Truth], places: &[Index], copies: &[bool]) -> Told {
    let mut model = Model::new();
    model.report(&incoming("first", T0));
    let mut waiting: Vec<(Inbound, usize)> = Vec::new();
    for (n, what) in history.iter().enumerate() {
        model.advance(10);
        let now = at(10 * (n as u64 + 1));
        let id = format!("m{n}");
        let report = match what {
            Truth::Incoming => incoming(&id, now),
            Truth::FromApp => from_app(&id, now),
            Truth::Read => read(now),
            Truth::Ours { text, .. } => echo(&id, now, if *text { "ok" } else { "thanks" }),
        };
        let delay = places[n % places.len()].index(4);
        waiting.push((report.clone(), delay));
        if copies[n % copies.len()] {
            waiting.push((report, places[(n + 7) % places.len()].index(6)));
        }
        if let Truth::Ours { answer_lost, text } = what {
            let claimed = in_flight(&mut model, if *text { "ok" } else { "thanks" });
            // An echo may overtake the answer.
            if places[n % places.len()].index(2) == 0 {
                deliver_due(&mut model, &mut waiting);
            }
            model.settle(claimed, if *answer_lost { lost() } else { sent(&id) });
            // One attempt at a time: the next waits until this one's outcome is told.
            while model.outbox.contains_key(&claimed.0) {
                assert!(!waiting.is_empty(), "an unconfirmed message is told by its echo");
                deliver_due(&mut model, &mut waiting);
            }
        }
        deliver_due(&mut model, &mut waiting);
    }
    while !waiting.is_empty() {
        deliver_due(&mut model, &mut waiting);
    }
    told(&model)
}

fn in_flight(model: &mut Model, body: &str) -> (crate::Id<crate::message::Message>, i64) {
    model.queue_with(body, None, true).expect("sent anyway");
    let claimed = model.claim().expect("nothing else waits");
    assert_eq!(model.begin(claimed), crate::journal::Begun::Go);
    claimed
}

fn deliver_due(model: &mut Model, waiting: &mut Vec<(Inbound, usize)>) {
    let mut later = Vec::new();
    for (report, delay) in waiting.drain(..).rev() {
        if delay == 0 {
            model.report(&report);
        } else {
            later.push((report, delay - 1));
        }
    }
    *waiting = later;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_same_conversation_in_any_order(
        history in prop::collection::vec(truth(), 1..24),
        places in prop::collection::vec(any::<Index>(), 24),
        other_places in prop::collection::vec(any::<Index>(), 24),
        copies in prop::collection::vec(any::<bool>(), 24),
    ) {
        let first = play(&history, &places, &copies);
        let second = play(&history, &other_places, &[true]);
        prop_assert_eq!(&first, &second);
        let expected = 1 + history.iter().filter(|what| !matches!(what, Truth::Read)).count();
        prop_assert_eq!(first.0.len(), expected, "each message once");
        prop_assert!(first.0.values().all(|(_, _, state)| matches!(state, MessageState::Sent | MessageState::Received)));
    }
}

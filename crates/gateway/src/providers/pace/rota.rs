//! Whose turn is next: urgent calls before jobs, and within each the workspaces in turn. Pure.
//!
//! A workspace that waits is served once before any other is served twice, so a thousand queued calls of one cost another's single
//! call one turn.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

/// How urgent a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// A person or a reply waits for it.
    Now,
    /// A job; it lets everything pass that is waited for.
    Later,
}

/// A place in the rota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

/// Everything that waits; `K` names a workspace.
#[derive(Debug)]
pub(super) struct Rota<K> {
    issued: u64,
    now: Lanes<K>,
    later: Lanes<K>,
}

impl<K: Copy + Eq + Hash> Rota<K> {
    /// Nobody waits.
    pub(super) fn new() -> Self {
        Self { issued: 0, now: Lanes::new(), later: Lanes::new() }
    }

    /// One more call of `of` waits, behind those of the same workspace and urgency.
    pub(super) fn join(&mut self, of: K, turn: Turn) -> Ticket {
        self.issued += 1;
        let ticket = Ticket(self.issued);
        self.lanes(turn).join(of, ticket);
        ticket
    }

    /// A call is given up before its turn came.
    pub(super) fn leave(&mut self, of: K, turn: Turn, ticket: Ticket) {
        self.lanes(turn).leave(of, ticket);
    }

    /// Whose turn it is.
    pub(super) fn head(&self) -> Option<Ticket> {
        self.now.head().or_else(|| self.later.head())
    }

    /// The head takes its turn; its workspace goes to the end of the round.
    pub(super) fn take(&mut self) -> Option<Ticket> {
        self.now.take().or_else(|| self.later.take())
    }

    const fn lanes(&mut self, turn: Turn) -> &mut Lanes<K> {
        match turn {
            Turn::Now => &mut self.now,
            Turn::Later => &mut self.later,
        }
    }
}

/// What waits with one urgency: a lane for each workspace, none of them empty, and the order in which they are served.
#[derive(Debug)]
struct Lanes<K> {
    waiting: HashMap<K, VecDeque<Ticket>>,
    round: VecDeque<K>,
}

impl<K: Copy + Eq + Hash> Lanes<K> {
    fn new() -> Self {
        Self { waiting: HashMap::new(), round: VecDeque::new() }
    }

    fn join(&mut self, of: K, ticket: Ticket) {
        let lane = self.waiting.entry(of).or_default();
        if lane.is_empty() {
            self.round.push_back(of);
        }
        lane.push_back(ticket);
    }

    fn leave(&mut self, of: K, ticket: Ticket) {
        let Some(lane) = self.waiting.get_mut(&of) else { return };
        lane.retain(|waiting| *waiting != ticket);
        if lane.is_empty() {
            self.waiting.remove(&of);
            self.round.retain(|waiting| *waiting != of);
        }
    }

    fn head(&self) -> Option<Ticket> {
        self.waiting.get(self.round.front()?)?.front().copied()
    }

    fn take(&mut self) -> Option<Ticket> {
        let of = self.round.pop_front()?;
        let lane = self.waiting.get_mut(&of)?;
        let ticket = lane.pop_front();
        if lane.is_empty() {
            self.waiting.remove(&of);
        } else {
            self.round.push_back(of);
        }
        ticket
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Join(u8, bool),
        /// The waiting call at this place, counted round.
        Leave(usize),
        Take,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => (0_u8..4, any::<bool>()).prop_map(|(of, urgent)| Step::Join(of, urgent)),
            1 => any::<usize>().prop_map(Step::Leave),
            3 => Just(Step::Take),
        ];
        prop::collection::vec(step, 1..200)
    }

    /// What the rota must remember of a waiting call to be held to its promises.
    #[derive(Debug)]
    struct Waiting {
        of: u8,
        turn: Turn,
        /// Of its own workspace and urgency, when it came.
        ahead: usize,
        /// Turns of each other workspace with this urgency since then.
        passed: BTreeMap<u8, usize>,
    }

    #[derive(Default)]
    struct Model(BTreeMap<Ticket, Waiting>);

    impl Model {
        fn join(&mut self, ticket: Ticket, of: u8, turn: Turn) {
            let ahead = self.0.values().filter(|one| one.of == of && one.turn == turn).count();
            self.0.insert(ticket, Waiting { of, turn, ahead, passed: BTreeMap::new() });
        }

        fn taken(&mut self, ticket: Option<Ticket>) {
            let Some(ticket) = ticket else {
                assert!(self.0.is_empty(), "nobody is forgotten: {:?}", self.0);
                return;
            };
            let served = self.0.remove(&ticket).expect("whoever is served waits");
            let urgent_waits = self.0.values().any(|one| one.turn == Turn::Now);
            assert!(served.turn == Turn::Now || !urgent_waits, "urgent ones first");
            for (other, waiting) in self.0.iter_mut().filter(|(_, one)| one.turn == served.turn) {
                assert!(waiting.of != served.of || *other > ticket, "first come, first served within a workspace");
                if waiting.of != served.of {
                    *waiting.passed.entry(served.of).or_default() += 1;
                }
            }
            for (workspace, turns) in served.passed {
                assert!(turns <= served.ahead + 1, "{workspace} had {turns} turns, {} were ahead", served.ahead);
            }
        }
    }

    proptest! {
        #[test]
        fn the_promises_hold_for_any_coming_and_going(steps in steps()) {
            let (mut rota, mut model) = (Rota::new(), Model::default());
            for step in steps {
                match step {
                    Step::Join(of, urgent) => {
                        let turn = if urgent { Turn::Now } else { Turn::Later };
                        let ticket = rota.join(of, turn);
                        model.join(ticket, of, turn);
                    }
                    Step::Leave(place) if !model.0.is_empty() => {
                        let ticket = *model.0.keys().nth(place % model.0.len()).unwrap();
                        let gone = model.0.remove(&ticket).unwrap();
                        rota.leave(gone.of, gone.turn, ticket);
                    }
                    Step::Leave(_) => {}
                    Step::Take => {
                        let head = rota.head();
                        let ticket = rota.take();
                        prop_assert_eq!(head, ticket);
                        model.taken(ticket);
                    }
                }
            }
            while let Some(ticket) = rota.take() {
                model.taken(Some(ticket));
            }
            model.taken(None);
        }
    }

    #[test]
    fn a_thousand_of_one_cost_anothers_only_one_a_single_turn() {
        let mut rota = Rota::new();
        for _ in 0..1_000 {
            rota.join("busy", Turn::Now);
        }
        let only = rota.join("quiet", Turn::Now);
        rota.take();
        assert_eq!(rota.take(), Some(only));
    }
}

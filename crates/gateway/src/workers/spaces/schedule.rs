//! Whom to read when: the more recently somebody spoke, the sooner again. Pure; time is a parameter.
//!
//! Respond.io neither tells of new messages nor sorts contacts by them, so all that can be had is to read one after the other. An
//! incoming message opens a conversation: of closed ones, the list of open contacts tells at once. Where more is due than calls may
//! leave, every second turn goes to whoever waits longest, so that a lively few hide nobody.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use domain::{Timestamp, inbound::InboundCustomer, space::Mark};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
/// As long as a customer may be answered.
const WINDOW: Duration = domain::ledger::WINDOW;

/// How often what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rhythm {
    /// The list of open contacts.
    pub(super) open_list: Duration,
    /// The list of all contacts.
    pub(super) whole_list: Duration,
    /// Open contacts: spoke in the last five minutes, hour, window, longer ago.
    tiers: [Duration; 4],
    /// Closed ones that spoke within the window, and others.
    closed: [Duration; 2],
}

/// Without webhooks: as it happens, within the budget.
pub(super) const LIVE: Rhythm = Rhythm {
    open_list: SECOND.saturating_mul(2),
    whole_list: MINUTE.saturating_mul(10),
    tiers: [SECOND.saturating_mul(2), SECOND.saturating_mul(10), SECOND.saturating_mul(30), MINUTE.saturating_mul(15)],
    closed: [MINUTE.saturating_mul(5), HOUR.saturating_mul(6)],
};

/// Beside webhooks, which may get lost: only to be sure.
pub(super) const RECONCILING: Rhythm = Rhythm {
    open_list: MINUTE,
    whole_list: HOUR,
    tiers: [SECOND.saturating_mul(30), MINUTE.saturating_mul(2), MINUTE.saturating_mul(10), HOUR],
    closed: [HOUR, HOUR.saturating_mul(12)],
};

/// All contacts of a space.
#[derive(Debug)]
pub(super) struct Schedule {
    contacts: HashMap<u64, Entry>,
    /// Contacts that could not be read even once, and of whom that is written down.
    told_unread: HashSet<u64>,
    pub(super) rhythm: Rhythm,
    longest_first: bool,
}

/// What is known of a contact.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// How far it was read; `None` before the first time.
    pub(super) mark: Option<Mark>,
    /// Who it is, as listed.
    pub(super) customer: Option<InboundCustomer>,
    /// What the newest page looked like.
    pub(super) look: u64,
    open: bool,
    found_at: Timestamp,
    read_at: Option<Timestamp>,
    /// Something happened: next.
    sooner: bool,
    reading: bool,
}

impl Entry {
    fn new(mark: Option<Mark>, now: Timestamp) -> Self {
        Self { mark, customer: None, look: 0, open: false, found_at: now, read_at: None, sooner: false, reading: false }
    }

    /// How long after one reading the next is due.
    fn period(&self, contact: u64, rhythm: &Rhythm, now: Timestamp) -> Duration {
        let heard = self.mark.and_then(|mark| heard_at(mark.up_to));
        let silent = heard.map_or(HOUR / 2, |at| now.since(at));
        // Of what is not told whole yet, the rest is soon told.
        let waits = self.mark.is_some_and(|mark| mark.pending.is_some());
        let [hot, warm, cool, cold] = rhythm.tiers;
        let [recent, old] = rhythm.closed;
        let whole = match (self.open, self.mark.is_none_or(|mark| mark.ours)) {
            (true, true) if silent < 5 * MINUTE => hot,
            (true, true) if silent < HOUR || waits => warm,
            (true, true) if silent < WINDOW => cool,
            (true, _) => cold,
            (false, true) if silent < WINDOW => recent,
            (false, _) => old,
        };
        // Who was never read is tried again soon, also beside webhooks.
        let whole = if self.mark.is_none() { whole.min(5 * MINUTE) } else { whole };
        // A little more or less by contact, so that those who were found together are not due together.
        whole.mul_f64(0.95 + f64::from(u8::try_from(contact % 11).unwrap_or(0)) / 100.0)
    }

    fn due_at(&self, contact: u64, rhythm: &Rhythm, now: Timestamp) -> Timestamp {
        match self.read_at {
            Some(read_at) if !self.sooner => read_at.plus(self.period(contact, rhythm, now)),
            _ => Timestamp::ZERO,
        }
    }

    /// How many times over it is due.
    fn urgency(&self, contact: u64, rhythm: &Rhythm, now: Timestamp) -> f64 {
        match self.read_at {
            _ if self.sooner => f64::INFINITY,
            Some(read_at) => now.since(read_at).as_secs_f64() / self.period(contact, rhythm, now).as_secs_f64(),
            None if self.open => 1_000.0,
            // What was said before can wait for what is said now, but not for ever.
            None => 1.0 + now.since(self.found_at).as_secs_f64() / 60.0,
        }
    }
}

impl Schedule {
    /// From what was read so far.
    pub(super) fn new(marks: Vec<Mark>, now: Timestamp) -> Self {
        let contacts = marks.into_iter().map(|mark| (mark.contact, Entry::new(Some(mark), now))).collect();
        Self { contacts, told_unread: HashSet::new(), rhythm: LIVE, longest_first: false }
    }

    /// Who is to be read now; from here on it is being read.
    pub(super) fn next(&mut self, now: Timestamp) -> Option<u64> {
        let rhythm = self.rhythm;
        let due = |(contact, entry): &(&u64, &Entry)| !entry.reading && entry.due_at(**contact, &rhythm, now) <= now;
        let due = self.contacts.iter().filter(due);
        let found = if self.longest_first {
            due.max_by_key(|(contact, entry)| {
                let waits = entry.open.then(|| now.since(entry.read_at.unwrap_or(entry.found_at)));
                (entry.sooner, waits, std::cmp::Reverse(**contact))
            })
        } else {
            let urgency = |(contact, entry): &(&u64, &Entry)| entry.urgency(**contact, &rhythm, now);
            due.max_by(|one, other| urgency(one).total_cmp(&urgency(other)).then_with(|| other.0.cmp(one.0)))
        };
        let contact = found.map(|(contact, _)| *contact)?;
        self.longest_first = !self.longest_first;
        if let Some(entry) = self.contacts.get_mut(&contact) {
            (entry.reading, entry.sooner) = (true, false);
        }
        Some(contact)
    }

    /// When the next is due; `None` when everybody is being read.
    pub(super) fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        let idle = self.contacts.iter().filter(|(_, entry)| !entry.reading);
        idle.map(|(contact, entry)| entry.due_at(*contact, &self.rhythm, now)).min()
    }

    /// How many contacts there are, once each was read, or is written down as one that could not be.
    pub(super) fn all_known(&self) -> Option<u64> {
        let is_known = |(contact, entry): (&u64, &Entry)| entry.mark.is_some() || self.told_unread.contains(contact);
        let all = self.contacts.iter().all(is_known);
        all.then(|| u64::try_from(self.contacts.len()).unwrap_or(u64::MAX))
    }

    /// A contact by its id.
    pub(super) fn entry(&self, contact: u64) -> Option<&Entry> {
        self.contacts.get(&contact)
    }

    /// It was read this far.
    pub(super) fn read(&mut self, contact: u64, mark: Mark, look: u64, now: Timestamp) {
        if let Some(entry) = self.contacts.get_mut(&contact) {
            (entry.mark, entry.look, entry.read_at, entry.reading) = (Some(mark), look, Some(now), false);
        }
    }

    /// It could not be read. It waits as if it had been, so that one that never can be read holds up nobody.
    pub(super) fn unread(&mut self, contact: u64, now: Timestamp) {
        if let Some(entry) = self.contacts.get_mut(&contact) {
            (entry.read_at, entry.reading) = (Some(now), false);
        }
    }

    /// Whether it was never read.
    pub(super) fn is_unread(&self, contact: u64) -> bool {
        self.contacts.get(&contact).is_some_and(|entry| entry.mark.is_none())
    }

    /// That it could not be read even once is written down.
    pub(super) fn told_unread(&mut self, contact: u64) {
        self.told_unread.insert(contact);
    }

    /// It does not exist any more.
    pub(super) fn gone(&mut self, contact: u64) {
        self.contacts.remove(&contact);
        self.told_unread.remove(&contact);
    }

    /// Something happens with it.
    pub(super) fn look_at(&mut self, contact: u64, now: Timestamp) {
        let entry = self.contacts.entry(contact).or_insert_with(|| Entry::new(None, now));
        (entry.sooner, entry.open) = (true, true);
    }

    /// The open contacts, all of them. Who is new among them spoke; who is not among them any more is read once more.
    pub(super) fn listed_open(&mut self, listed: Vec<(u64, InboundCustomer)>, now: Timestamp) {
        let open: HashMap<u64, InboundCustomer> = listed.into_iter().collect();
        for (contact, entry) in &mut self.contacts {
            if entry.open && !open.contains_key(contact) {
                (entry.open, entry.sooner) = (false, true);
            }
        }
        for (contact, customer) in open {
            let entry = self.contacts.entry(contact).or_insert_with(|| Entry::new(None, now));
            entry.sooner |= !entry.open && entry.read_at.is_some();
            (entry.open, entry.customer) = (true, Some(customer));
        }
    }

    /// Every contact there is.
    pub(super) fn listed_whole(&mut self, listed: Vec<(u64, InboundCustomer)>, now: Timestamp) {
        let all: HashMap<u64, InboundCustomer> = listed.into_iter().collect();
        // One that was found while the list was read may be behind the place where it stands.
        self.contacts.retain(|contact, entry| entry.open || entry.reading || all.contains_key(contact));
        self.told_unread.retain(|contact| self.contacts.contains_key(contact));
        for (contact, customer) in all {
            let entry = self.contacts.entry(contact).or_insert_with(|| Entry::new(None, now));
            entry.customer = Some(customer);
        }
    }
}

/// When a message with this id was said: ids are microseconds.
fn heard_at(id: u64) -> Option<Timestamp> {
    respondio::model::MessageId::new(id).sent_at_ms().map(Timestamp::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

    fn mark(contact: u64, ago: Duration) -> Mark {
        let said = NOW.minus(ago).as_millis().cast_unsigned() * 1_000;
        Mark { contact, up_to: said, pending: None, ours: true }
    }

    fn open(contacts: impl IntoIterator<Item = u64>) -> Vec<(u64, InboundCustomer)> {
        contacts.into_iter().map(|contact| (contact, crate::providers::respondio::customer(contact, None))).collect()
    }

    /// Reads whoever is next, four a second, and gives how long each waited for its next reading at most.
    fn waits(schedule: &mut Schedule, seconds: u64) -> HashMap<u64, Duration> {
        let mut last: HashMap<u64, Timestamp> = HashMap::new();
        let mut longest = HashMap::new();
        for quarter in 0..seconds * 4 {
            let now = NOW.plus(Duration::from_millis(250 * quarter));
            let Some(contact) = schedule.next(now) else { continue };
            if let Some(before) = last.insert(contact, now) {
                let wait = longest.entry(contact).or_insert(Duration::ZERO);
                *wait = now.since(before).max(*wait);
            }
            let mark = schedule.entry(contact).unwrap().mark.unwrap_or_else(|| mark(contact, HOUR));
            schedule.read(contact, mark, 0, now);
        }
        longest
    }

    #[test]
    fn who_spoke_lately_is_read_more_often() {
        let spoke = [(1, SECOND * 10), (2, MINUTE * 30), (3, HOUR * 5), (4, HOUR * 60)];
        let mut schedule = Schedule::new(spoke.map(|(contact, ago)| mark(contact, ago)).to_vec(), NOW);
        schedule.listed_open(open(1..=4), NOW);
        let waits = waits(&mut schedule, 240);
        assert!(waits[&1] <= SECOND * 5 / 2 && waits[&2] <= SECOND * 11 && waits[&3] <= SECOND * 33, "{waits:?}");
        assert!(waits[&2] > waits[&1] && waits[&3] > waits[&2] && !waits.contains_key(&4), "{waits:?}");
    }

    #[test]
    fn a_lively_few_hide_nobody() {
        let marks = (0..200).map(|contact| mark(contact, if contact < 60 { SECOND } else { HOUR * 2 }));
        let mut schedule = Schedule::new(marks.collect(), NOW);
        schedule.listed_open(open(0..200), NOW);
        let waits = waits(&mut schedule, 290);
        assert_eq!(waits.len(), 200);
        assert!(waits.values().all(|wait| *wait <= SECOND * 130), "{:?}", waits.values().max());
    }

    #[test]
    fn what_opens_or_closes_is_read_at_once() {
        let mut schedule = Schedule::new((1..=50).map(|contact| mark(contact, HOUR * 3)).collect(), NOW);
        while let Some(contact) = schedule.next(NOW) {
            schedule.read(contact, mark(contact, HOUR * 3), 0, NOW);
        }
        let later = NOW.plus(SECOND);
        assert_eq!(schedule.next(later), None);
        schedule.listed_open(open([7, 99]), later);
        let mut found = [schedule.next(later), schedule.next(later)];
        found.sort();
        assert_eq!((found, schedule.next(later)), ([Some(7), Some(99)], None));
        for contact in [7, 99] {
            schedule.read(contact, mark(contact, HOUR * 3), 0, later);
        }
        schedule.listed_open(open([99]), later);
        assert_eq!(schedule.next(later), Some(7), "somebody may have spoken before it was closed");
    }

    #[test]
    fn one_contact_is_read_once_at_a_time() {
        let mut schedule = Schedule::new(vec![mark(1, SECOND)], NOW);
        schedule.listed_open(open([1]), NOW);
        assert_eq!((schedule.next(NOW), schedule.next(NOW), schedule.next_due(NOW)), (Some(1), None, None));
        schedule.unread(1, NOW);
        assert_eq!(schedule.next(NOW), None, "it could not be read, and holds up nobody");
        assert_eq!(schedule.next(NOW.plus(SECOND * 10)), Some(1));
    }

    #[test]
    fn one_that_was_never_read_is_tried_again_soon_and_known_once_that_is_told() {
        let mut schedule = Schedule::new(vec![mark(1, HOUR * 60)], NOW);
        schedule.rhythm = RECONCILING;
        schedule.listed_whole(open([1, 2]), NOW);
        while let Some(contact) = schedule.next(NOW) {
            schedule.unread(contact, NOW);
        }
        assert_eq!((schedule.is_unread(1), schedule.is_unread(2), schedule.all_known()), (false, true, None));
        schedule.told_unread(2);
        assert_eq!(schedule.all_known(), Some(2));
        assert_eq!(schedule.next(NOW.plus(6 * MINUTE)), Some(2), "the other one in hours");
    }
}

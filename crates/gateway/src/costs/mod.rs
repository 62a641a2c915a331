//! What answering costs, from one's own volume: a year with this gateway beside a year with what it replaces. Called by
//! `http::api::costs` and `commands::costs`.

mod prices;

use std::ops::Range;

use domain::{
    Timestamp,
    store::{Reports, StoreResult},
    volume::Volume,
    workspace::Scope,
};
use jiff::{Span, civil::Date, tz::TimeZone};

pub use prices::{BAHT_AS_OF, Cents, Confidence, OFFERS, Offer, PerContact, PriceError, Prices};

/// Months that are counted, with the one that is not over.
const MONTHS: i64 = 12;
/// Whole months that the volume is averaged over.
const AVERAGED: usize = 3;

/// What was said in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day, in UTC.
    pub first_day: Date,
    /// Conversations in which anything was said: sellers call them active contacts.
    pub conversations: u32,
    /// Messages of customers.
    pub incoming: u32,
    /// Replies that left.
    pub outgoing: u32,
}

/// What the number of contacts rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The average of the last whole months since the first message, three at most.
    WholeMonths,
    /// This month so far: there is no whole one yet.
    ThisMonth,
    /// The caller said so.
    Given,
}

/// What one offer would cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// The offer.
    pub offer: Offer,
    /// What contacts beyond those included add a month.
    pub for_contacts: Cents,
    /// Twelve months.
    pub year: Cents,
    /// Twelve months at most, where the seller names a range.
    pub year_up_to: Option<Cents>,
}

/// Costs at a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// What was counted, oldest first; the last one is not over.
    pub months: Vec<Month>,
    /// Active contacts a month that the costs are for.
    pub contacts: u32,
    /// See [`Basis`].
    pub basis: Basis,
    /// Every offer.
    pub costs: Vec<Cost>,
}

/// Counts the last months of what is in sight: twelve, oldest first.
///
/// # Errors
/// The store's.
pub async fn months(store: &dyn Reports, scope: &Scope, now: Timestamp) -> StoreResult<Vec<Month>> {
    let mut months = Vec::new();
    for (first_day, span) in last_months(now) {
        months.push(Month::of(first_day, &store.volume(scope, span).await?));
    }
    Ok(months)
}

/// Prices what was said in these months. `contacts` takes the place of their volume.
pub fn estimate(months: Vec<Month>, prices: &Prices, contacts: Option<u32>) -> Estimate {
    let (contacts, basis) = contacts.map_or_else(|| typical(&months), |given| (given, Basis::Given));
    let costs = prices.offers.iter().map(|offer| cost(*offer, contacts)).collect();
    Estimate { months, contacts, basis, costs }
}

impl Month {
    fn of(first_day: Date, volumes: &[Volume]) -> Self {
        let sum = |part: fn(&Volume) -> u32| volumes.iter().map(part).fold(0, u32::saturating_add);
        Self {
            first_day,
            conversations: sum(|one| one.conversations),
            incoming: sum(|one| one.incoming),
            outgoing: sum(|one| one.outgoing),
        }
    }
}

/// The months in UTC up to the one of `now`, oldest first.
fn last_months(now: Timestamp) -> Vec<(Date, Range<Timestamp>)> {
    let today = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let start = |date: Date| {
        let midnight = date.to_zoned(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_millisecond());
        Timestamp::from_millis(midnight)
    };
    let month = |back: i64| today.first_of_month().saturating_sub(Span::new().months(back));
    (0..MONTHS).rev().map(|back| (month(back), start(month(back))..start(month(back - 1)))).collect()
}

/// Active contacts of a usual month. Months before the first message say nothing.
fn typical(months: &[Month]) -> (u32, Basis) {
    let Some((current, whole)) = months.split_last() else { return (0, Basis::ThisMonth) };
    let since = whole.iter().position(|month| month.conversations > 0).unwrap_or(whole.len());
    let last: Vec<u32> = whole[since..].iter().rev().take(AVERAGED).map(|month| month.conversations).collect();
    match u32::try_from(last.len()) {
        Ok(count @ 1..) => (last.iter().sum::<u32>().div_ceil(count), Basis::WholeMonths),
        _ => (current.conversations, Basis::ThisMonth),
    }
}

fn cost(offer: Offer, contacts: u32) -> Cost {
    let beyond = |rule: PerContact| contacts.saturating_sub(rule.included).div_ceil(100).saturating_mul(rule.hundred);
    let for_contacts = offer.per_contact.map_or(0, beyond);
    let year = |month: Cents| month.saturating_add(for_contacts).saturating_mul(12);
    Cost { offer, for_contacts, year: year(offer.monthly), year_up_to: offer.up_to.map(year) }
}

#[cfg(test)]
mod tests {
    use super::{prices::dollars, *};

    fn months(conversations: &[u32]) -> Vec<Month> {
        let first_day = Date::constant(2026, 1, 1);
        conversations
            .iter()
            .map(|&conversations| Month { first_day, conversations, incoming: 0, outgoing: 0 })
            .collect()
    }

    #[test]
    fn a_usual_month_is_the_average_of_the_last_whole_ones() {
        assert_eq!(typical(&months(&[0, 9, 100, 200, 301, 7])), (201, Basis::WholeMonths));
        assert_eq!(typical(&months(&[0, 0, 40, 0, 7])), (20, Basis::WholeMonths), "a quiet month counts");
        assert_eq!(typical(&months(&[0, 0, 7])), (7, Basis::ThisMonth));
    }

    #[test]
    fn months_follow_one_another_without_a_gap() {
        let found = last_months("2026-11-26T08:00:00Z".parse().unwrap());
        assert_eq!(found.len(), 12);
        assert_eq!(found[0].0, Date::constant(2025, 12, 1));
        assert_eq!(found[11].1, "2026-11-01T00:00:00Z".parse().unwrap().."2026-12-01T00:00:00Z".parse().unwrap());
        assert!(found.windows(2).all(|pair| pair[0].1.end == pair[1].1.start));
    }

    #[test]
    fn a_year_is_twelve_months_with_the_contacts_beyond_those_included() {
        let of = |key: &str, contacts| cost(*OFFERS.iter().find(|offer| offer.key == key).unwrap(), contacts);
        assert_eq!(of("respondio-growth", 1_000).year, dollars(2_388));
        assert_eq!(of("respondio-growth-yearly", 0).year, dollars(1_908));
        assert_eq!(of("respondio-advanced", 1_000).year, dollars(4_188));
        assert_eq!(of("respondio-advanced-yearly", 1_000).year, dollars(3_348));
        assert_eq!(of("respondio-growth", 1_101).for_contacts, dollars(24));
        assert_eq!(of("respondio-growth", 1_101).year, (dollars(199) + dollars(24)) * 12);
        assert_eq!(of("manychat", 5).year_up_to, Some(dollars(1_200)));
        assert_eq!(of("direct", 50_000).year, dollars(84));
    }
}

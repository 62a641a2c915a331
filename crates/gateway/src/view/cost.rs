//! What answering costs, as JSON. Amounts are in US dollars, or baht where the name says so.

use serde::Serialize;
use utoipa::ToSchema;

use crate::costs::{self, BAHT_AS_OF, Cents, Confidence, Prices};

/// Volume and costs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Costs {
    /// The last twelve months in UTC, oldest first; the last one is not over.
    pub months: Vec<VolumeMonth>,
    /// Active contacts a month that the costs are for.
    pub contacts: u32,
    /// What `contacts` rests on.
    pub basis: CostBasis,
    /// Baht for a US dollar. Example: 35.
    pub baht: f64,
    /// Of which month that is; null when it is yours.
    #[schema(required)]
    pub baht_as_of: Option<&'static str>,
    /// Every way, the direct one first.
    pub offers: Vec<CostOffer>,
}

/// What was said in a month, over all accounts in sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VolumeMonth {
    /// `2026-11`.
    pub month: String,
    /// Conversations in which anything was said: sellers call them active contacts.
    pub conversations: u32,
    /// Messages of customers.
    pub incoming: u32,
    /// Replies that left.
    pub outgoing: u32,
}

/// What the number of contacts rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostBasis {
    /// The average of the last whole months since the first message, three at most.
    WholeMonths,
    /// This month so far: there is no whole one yet.
    ThisMonth,
    /// The request said so.
    Given,
}

/// One way to answer, and what it costs at this volume.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostOffer {
    /// Names it in `prices`. Example: `respondio-growth`.
    pub key: &'static str,
    /// Example: `Respond.io Growth`.
    pub name: &'static str,
    /// The seller's price a month.
    pub monthly: f64,
    /// The highest of it, where the seller names a range.
    #[schema(required)]
    pub monthly_up_to: Option<f64>,
    /// What contacts beyond those included add a month.
    pub for_contacts: f64,
    /// Twelve months.
    pub year: f64,
    /// Twelve months at the highest price of a range.
    #[schema(required)]
    pub year_up_to: Option<f64>,
    /// Twelve months in baht, rounded.
    pub year_baht: u64,
    /// Paid once a year.
    pub yearly: bool,
    /// False: only the seller's own inbox answers, no program may.
    pub api: bool,
    /// The day or month of the source.
    pub as_of: &'static str,
    /// Where the price was read.
    pub source: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
}

impl From<costs::Basis> for CostBasis {
    fn from(basis: costs::Basis) -> Self {
        match basis {
            costs::Basis::WholeMonths => Self::WholeMonths,
            costs::Basis::ThisMonth => Self::ThisMonth,
            costs::Basis::Given => Self::Given,
        }
    }
}

impl Costs {
    /// An estimate that these prices led to.
    pub fn new(estimate: &costs::Estimate, prices: &Prices) -> Self {
        Self {
            months: estimate.months.iter().map(VolumeMonth::from).collect(),
            contacts: estimate.contacts,
            basis: estimate.basis.into(),
            baht: decimal(prices.baht),
            baht_as_of: (!prices.own_baht).then_some(BAHT_AS_OF),
            offers: estimate.costs.iter().map(|cost| CostOffer::new(cost, prices.baht)).collect(),
        }
    }
}

impl From<&costs::Month> for VolumeMonth {
    fn from(month: &costs::Month) -> Self {
        Self {
            month: month.first_day.strftime("%Y-%m").to_string(),
            conversations: month.conversations,
            incoming: month.incoming,
            outgoing: month.outgoing,
        }
    }
}

impl CostOffer {
    fn new(cost: &costs::Cost, baht: u32) -> Self {
        let offer = &cost.offer;
        Self {
            key: offer.key,
            name: offer.name,
            monthly: decimal(offer.monthly),
            monthly_up_to: offer.up_to.map(decimal),
            for_contacts: decimal(cost.for_contacts),
            year: decimal(cost.year),
            year_up_to: cost.year_up_to.map(decimal),
            year_baht: (u64::from(cost.year) * u64::from(baht) + 5_000) / 10_000,
            yearly: offer.yearly,
            api: offer.api,
            as_of: offer.as_of,
            source: offer.source,
            confidence: offer.confidence,
        }
    }
}

/// Hundredths as a number with two decimals.
fn decimal(hundredths: Cents) -> f64 {
    f64::from(hundredths) / 100.0
}

//! What the ways to answer TikTok messages cost a month, as their sellers said on a date. Whoever knows better overwrites a price.

use serde::Serialize;
use utoipa::ToSchema;

/// An amount in US cents.
pub type Cents = u32;

/// Whole dollars.
pub(super) const fn dollars(whole: u32) -> Cents {
    whole * 100
}

/// How sure a price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The seller's own page says so.
    High,
    /// A copy of the seller's page, or one good source.
    Medium,
    /// One source that was not checked again.
    Low,
    /// You said so.
    Yours,
}

/// What contacts beyond those included cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerContact {
    /// Contacts a month that the price includes.
    pub included: u32,
    /// Each hundred that is begun beyond them.
    pub hundred: Cents,
}

/// One way, at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Names it in `COST_PRICES`. Example: `respondio-growth`.
    pub key: &'static str,
    /// Example: `Respond.io Growth`.
    pub name: &'static str,
    /// A month.
    pub monthly: Cents,
    /// A month at most, where the seller names a range that depends on the volume.
    pub up_to: Option<Cents>,
    /// See [`PerContact`].
    pub per_contact: Option<PerContact>,
    /// Paid once a year.
    pub yearly: bool,
    /// Whether programs may use it: without an API only the seller's own inbox answers.
    pub api: bool,
    /// The day of the source, such as `2026-09-20`.
    pub as_of: &'static str,
    /// Where it was read.
    pub source: &'static str,
    /// See [`Confidence`].
    pub confidence: Confidence,
}

/// Baht for a US dollar, in hundredths.
pub(super) const BAHT: u32 = 3_500;
/// Of which month `BAHT` is.
pub const BAHT_AS_OF: &str = "2026-02";
/// Names the exchange rate in `COST_PRICES`.
pub(super) const BAHT_KEY: &str = "thb";

const PRICING_PAGE: &str = "Respond.io's pricing page, as transcribed";
const GROWTH_CONTACTS: Option<PerContact> = Some(PerContact { included: 1_000, hundred: dollars(12) });
const ADVANCED_CONTACTS: Option<PerContact> = Some(PerContact { included: 1_000, hundred: dollars(15) });

const RESPONDIO: Offer = Offer {
    key: "",
    name: "",
    monthly: 0,
    up_to: None,
    per_contact: None,
    yearly: false,
    api: true,
    as_of: "2026-09-20",
    source: PRICING_PAGE,
    confidence: Confidence::Medium,
};

/// All of them, the direct one first.
pub const OFFERS: &[Offer] = &[
    Offer {
        key: "direct",
        name: "TikTok directly, with this gateway",
        monthly: dollars(7),
        as_of: "2026-02",
        source: "a small rented server; TikTok's API pages name no fee",
        confidence: Confidence::High,
        ..RESPONDIO
    },
    Offer { key: "respondio-starter", name: "Respond.io Starter", monthly: dollars(99), api: false, ..RESPONDIO },
    Offer {
        key: "respondio-starter-yearly",
        name: "Respond.io Starter, paid yearly",
        monthly: dollars(79),
        api: false,
        yearly: true,
        ..RESPONDIO
    },
    Offer {
        key: "respondio-growth",
        name: "Respond.io Growth",
        monthly: dollars(199),
        per_contact: GROWTH_CONTACTS,
        ..RESPONDIO
    },
    Offer {
        key: "respondio-growth-yearly",
        name: "Respond.io Growth, paid yearly",
        monthly: dollars(159),
        per_contact: GROWTH_CONTACTS,
        yearly: true,
        ..RESPONDIO
    },
    Offer {
        key: "respondio-advanced",
        name: "Respond.io Advanced",
        monthly: dollars(349),
        per_contact: ADVANCED_CONTACTS,
        ..RESPONDIO
    },
    Offer {
        key: "respondio-advanced-yearly",
        name: "Respond.io Advanced, paid yearly",
        monthly: dollars(279),
        per_contact: ADVANCED_CONTACTS,
        yearly: true,
        ..RESPONDIO
    },
    Offer {
        key: "manychat",
        name: "Manychat Pro (TikTok in beta)",
        monthly: dollars(15),
        up_to: Some(dollars(100)),
        as_of: "2026-02",
        source: "a cost comparison, not checked again",
        confidence: Confidence::Low,
        ..RESPONDIO
    },
    Offer {
        key: "sleekflow",
        name: "SleekFlow Premium",
        monthly: dollars(299),
        as_of: "2026-02",
        source: "a cost comparison, not checked again",
        confidence: Confidence::Low,
        ..RESPONDIO
    },
];

/// The offers and the exchange rate, with what was overwritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    /// See [`OFFERS`].
    pub offers: Vec<Offer>,
    /// See `BAHT`.
    pub baht: u32,
    /// Whether `baht` was overwritten.
    pub own_baht: bool,
}

/// A list of prices that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// No `name=amount`.
    #[error("`{0}` is no price: write name=amount, such as respondio-growth=189")]
    Form(String),
    /// No such offer.
    #[error("there is no price named `{name}`: the names are {names}")]
    Name {
        /// What was written.
        name: String,
        /// All there are.
        names: String,
    },
    /// Not an amount.
    #[error("`{0}` is no amount: from 0 to 1000000, with two decimals at most")]
    Amount(String),
}

impl Default for Prices {
    fn default() -> Self {
        Self { offers: OFFERS.to_vec(), baht: BAHT, own_baht: false }
    }
}

impl Prices {
    /// These, with prices overwritten: pairs of name and US dollars a month (`thb`: baht for a dollar), separated by commas. A price of
    /// one's own is the whole price, so nothing is added for contacts.
    ///
    /// # Errors
    /// [`PriceError`] for the first pair that is none.
    pub fn overwritten(mut self, pairs: &str) -> Result<Self, PriceError> {
        for pair in pairs.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, amount) = pair.split_once('=').ok_or_else(|| PriceError::Form(pair.to_owned()))?;
            self.set(name.trim(), hundredths(amount.trim())?)?;
        }
        Ok(self)
    }

    fn set(&mut self, name: &str, amount: u32) -> Result<(), PriceError> {
        if name == BAHT_KEY {
            (self.baht, self.own_baht) = (amount, true);
            return Ok(());
        }
        let Some(offer) = self.offers.iter_mut().find(|offer| offer.key == name) else {
            let names: Vec<_> = self.offers.iter().map(|offer| offer.key).chain([BAHT_KEY]).collect();
            return Err(PriceError::Name { name: name.to_owned(), names: names.join(", ") });
        };
        *offer = Offer { monthly: amount, up_to: None, per_contact: None, confidence: Confidence::Yours, ..*offer };
        Ok(())
    }
}

/// `12`, `12.5` and `12.50`, as hundredths.
fn hundredths(text: &str) -> Result<u32, PriceError> {
    let wrong = || PriceError::Amount(text.to_owned());
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(wrong());
    }
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 1_000_000).ok_or_else(wrong)?;
    let part: u32 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    Ok(whole * 100 + part)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        assert_eq!(OFFERS.iter().map(|offer| offer.key).collect::<BTreeSet<_>>().len(), OFFERS.len());
    }

    #[test]
    fn a_price_of_ones_own_is_the_whole_price() {
        let prices = Prices::default().overwritten("respondio-growth=189.5, thb=34,").unwrap();
        let growth = prices.offers.iter().find(|offer| offer.key == "respondio-growth").unwrap();
        assert_eq!((growth.monthly, growth.per_contact, growth.confidence), (18_950, None, Confidence::Yours));
        assert_eq!((prices.baht, prices.own_baht), (dollars(34), true));
    }

    #[test]
    fn what_is_no_price_is_named() {
        let refused = |pairs: &str| Prices::default().overwritten(pairs).unwrap_err().to_string();
        assert!(refused("growth").contains("`growth` is no price"));
        assert!(refused("growth=1").contains("respondio-growth, "));
        for amount in ["", "-1", "1.234", "1,5", "1000001", "x", "1.", ".5"] {
            assert!(Prices::default().overwritten(&format!("direct={amount}")).is_err(), "{amount}");
        }
    }
}

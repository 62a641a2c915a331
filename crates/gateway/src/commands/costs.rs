//! `message-gateway costs`: a year with this gateway beside a year with what it replaces.

use clap::Args;
use domain::workspace::Scope;

use super::{CommandError, offline, output};
use crate::{
    config::Config,
    costs::{self, Prices},
    view::{CostBasis, CostOffer, Costs},
};

const AFTER_HELP: &str = "\
Examples:
  message-gateway costs                                  from your own volume
  message-gateway costs --contacts 2500                  at another volume
  message-gateway costs --price respondio-growth=189     with a price that you know better (also: COST_PRICES)

Contacts are conversations in which anything was said in a month, in all accounts of the workspace. Prices are in US dollars, as of
the day beside each; `thb` is the exchange rate.";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct CostsArgs {
    /// Active contacts a month, in place of the counted ones
    #[arg(long, value_name = "NUMBER")]
    contacts: Option<u32>,
    /// A price in US dollars a month, as often as you like
    #[arg(long = "price", value_name = "NAME=AMOUNT")]
    prices: Vec<String>,
    /// For scripts: the answer of GET /api/v1/reports/costs
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &CostsArgs, config: &Config) -> Result<(), CommandError> {
    let prices = config.prices.clone().overwritten(&args.prices.join(","))?;
    let months = offline::with_store(config, async |store, clock| match store.default_workspace().await? {
        Some(workspace) => Ok(costs::months(&*store, &Scope::all(workspace.id), clock.now()).await?),
        // Who only compares prices has not started it yet.
        None => Ok(Vec::new()),
    })
    .await?;
    let estimate = costs::estimate(months, &prices, args.contacts);
    let costs = Costs::new(&estimate, &prices);
    if args.json { output::json(&costs) } else { show(&costs, &prices) }
}

fn show(costs: &Costs, prices: &Prices) -> Result<(), CommandError> {
    let basis = match costs.basis {
        CostBasis::WholeMonths => "the average of the last whole months",
        CostBasis::ThisMonth => "this month so far",
        CostBasis::Given => "as you said",
    };
    output::line(&format!("{} active contacts a month ({basis})\n", costs.contacts))?;
    let direct = costs.offers.first().map_or(0.0, |offer| offer.year);
    let rows: Vec<_> = costs.offers.iter().map(|offer| row(offer, direct)).collect();
    output::table(&["", "US$ a month", "US$ a year", "THB a year", "more than direct", "price of"], &rows)?;
    let rate = costs.baht_as_of.map_or_else(|| "your rate".to_owned(), |as_of| format!("of {as_of}"));
    let own = if *prices == Prices::default() { "; other prices: --price or COST_PRICES" } else { "" };
    output::line(&format!("\n{} baht for a US dollar ({rate}){own}", costs.baht))
}

fn row(offer: &CostOffer, direct: f64) -> Vec<String> {
    let range =
        |low: f64, high: Option<f64>| high.map_or_else(|| format!("{low:.0}"), |high| format!("{low:.0} to {high:.0}"));
    let month = |price: f64| price + offer.for_contacts;
    let of = match offer.confidence {
        costs::Confidence::Yours => "yours".to_owned(),
        costs::Confidence::Low => format!("{}, not checked again", offer.as_of),
        costs::Confidence::High | costs::Confidence::Medium => offer.as_of.to_owned(),
    };
    let of = if offer.api { of } else { format!("{of}; no API: only its own inbox answers") };
    let more = offer.year - direct;
    vec![
        offer.name.to_owned(),
        range(month(offer.monthly), offer.monthly_up_to.map(month)),
        range(offer.year, offer.year_up_to),
        offer.year_baht.to_string(),
        if more == 0.0 { String::new() } else { format!("{more:.0}") },
        of,
    ]
}

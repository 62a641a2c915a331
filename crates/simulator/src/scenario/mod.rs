//! Scenarios: a demo or a test as a text file (TOML), played by `Simulator::play` and `message-gateway simulator --scenario FILE`.
//! What a file may say is here; `play` carries it out; `docs/simulator.md` describes it for people.

mod play;

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde::Deserialize;
use toml::Spanned;

use crate::control::NewAutoMessage;
use crate::error::ControlError;
use crate::respondio::Plan;
use crate::state::apps::NewApp;
use crate::state::businesses::{BusinessSettings, NewBusiness};
use crate::state::customers::NewCustomer;
use crate::state::faults::NewFault;

pub use play::Played;

/// The businesses of the demo that are connected from the start; the third is left for whoever tries to connect one.
pub const DEMO_CONNECTED: [&str; 2] = ["doimok.cotton", "krok.coffee"];

const DEMO: &str = include_str!("../../scenarios/demo.toml");

/// Why a scenario could not be read or did not go as it says.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The text is no scenario; says where and why.
    #[error("{0}")]
    Syntax(String),
    /// A step or one of the people was refused.
    #[error("line {line}: {source}")]
    Refused {
        /// Line of the file; 0 for what stands before the steps.
        line: usize,
        /// Why.
        source: ControlError,
    },
    /// A step expected something else than what happened.
    #[error("line {line}: {what}")]
    Unexpected {
        /// Line of the file.
        line: usize,
        /// What was expected, and what there was.
        what: String,
    },
}

/// A scenario, ready to be played.
#[derive(Debug, Clone)]
pub struct Scenario {
    script: Script,
    /// Each step with its line in the text.
    steps: Vec<(usize, Step)>,
    /// Folder that `file` names start from.
    folder: PathBuf,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    #[serde(default)]
    apps: Vec<NewApp>,
    #[serde(default)]
    businesses: Vec<NewBusiness>,
    #[serde(default)]
    customers: Vec<NewCustomer>,
    #[serde(default)]
    auto_messages: Vec<NewAutoMessage>,
    #[serde(default)]
    respondio: Vec<Space>,
    /// Handles of businesses that authorize the first app with every scope, without the consent page.
    #[serde(default)]
    connect: Vec<String>,
    /// Where the first app's webhooks go, for every category.
    #[serde(default)]
    webhook_url: Option<String>,
    #[serde(default)]
    steps: Vec<Spanned<Step>>,
}

/// A workspace of Respond.io; one of that name that exists stays as it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Space {
    name: String,
    /// Its access token; default: a new one.
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    plan: Plan,
    /// Handles of the businesses that are connected there.
    #[serde(default)]
    channels: Vec<String>,
}

/// One line of a scenario: when, who, and one thing that happens.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Step {
    /// Moves the clock before anything else, e.g. `"2h"`.
    wait: Option<SignedDuration>,
    /// Back-dates what is written by this much, e.g. `"47h30m"`.
    ago: Option<SignedDuration>,
    customer: Option<String>,
    business: Option<String>,

    /// The customer writes this text.
    writes: Option<String>,
    /// The customer sends `image`, `video`, `sticker`, `emoji`, `share_post` or an unknown type.
    sends: Option<String>,
    /// The customer taps the button with this id on the newest card.
    taps: Option<String>,
    /// The customer taps the suggested question or chat prompt with these first words.
    asks: Option<String>,
    /// The customer reacts to the newest message of the business.
    reacts: Option<String>,
    /// The customer reads everything.
    reads: Option<bool>,
    /// The owner accepts the customer's conversation in TikTok's app.
    accepts: Option<bool>,
    /// The customer comes from an ad of this name.
    clicks_ad: Option<String>,
    /// The customer opens this `tiktok.me` address.
    opens_link: Option<String>,
    /// The customer comments under the newest post.
    comments: Option<String>,

    /// The business answers outside the API.
    answers: Option<String>,
    /// Where `answers` is typed: `APP` (default) or `WEB`.
    source: Option<String>,
    /// `answers` is automatic: `WELCOME_MESSAGE`, `SUGGESTED_QUESTION` or `AUTO_REPLY`.
    auto: Option<String>,
    /// The business changes settings; its handle is in `business`.
    set: Option<BusinessSettings>,
    /// Ends the review of every message of the business that is under review.
    review: Option<Verdict>,
    /// The owner disconnects every app.
    revokes: Option<bool>,
    /// The owner authorizes the first app with every scope.
    connects: Option<bool>,
    /// The business posts something.
    posts: Option<String>,

    /// Switches a fault on.
    fault: Option<NewFault>,
    /// Switches all faults off.
    clear_faults: Option<bool>,
    /// What must have happened.
    expect: Option<Expect>,
    /// The simulator ends when it serves this scenario.
    end: Option<bool>,

    /// File that `sends` an image or video of; default: a built-in picture.
    file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Approve,
    Reject,
}

/// What a step expects of the conversation it names, or of the webhooks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    /// The API has sent nothing since the last step that something happened in.
    nothing: Option<bool>,
    /// The API sends a text with these words in it, within `within` of real time.
    answer: Option<String>,
    /// Default 10 seconds.
    within: Option<SignedDuration>,
    /// State of the ledger: `none`, `open`, `spent`, `closed`.
    state: Option<String>,
    /// Messages left; `-1`: no limit.
    quota_left: Option<i64>,
    /// Every webhook so far was delivered.
    delivered: Option<bool>,
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

impl Scenario {
    /// Reads a scenario from its text; `file` names in it start from the working folder.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let mut script: Script = toml::from_str(text).map_err(|error| ScenarioError::Syntax(error.to_string()))?;
        let steps = std::mem::take(&mut script.steps);
        let steps = steps.into_iter().map(|step| (line_of(text, step.span().start), step.into_inner())).collect();
        Ok(Self { script, steps, folder: PathBuf::new() })
    }

    /// Reads a scenario from a file; `file` names in it start from that file's folder.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        let failed = |source| ScenarioError::File { path: path.display().to_string(), source };
        let text = std::fs::read_to_string(path).map_err(failed)?;
        let scenario = Self::parse(&text).map_err(|error| match error {
            ScenarioError::Syntax(text) => ScenarioError::Syntax(format!("{}: {text}", path.display())),
            other => other,
        })?;
        Ok(Self { folder: path.parent().map(Path::to_path_buf).unwrap_or_default(), ..scenario })
    }

    /// The invented people of `message-gateway dev` and `simulator`, and what they have said so far.
    ///
    /// # Panics
    /// Never: the file is part of the program, and a test reads it.
    pub fn demo() -> Self {
        Self::parse(DEMO).expect("invariant: the built-in scenario is read by a test")
    }
}

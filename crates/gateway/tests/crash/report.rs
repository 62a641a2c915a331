//! What the kills did, as a table for people.

use std::{collections::BTreeMap, fmt::Write as _};

use domain::place::Place;

use crate::audit::Findings;

/// One kill.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Killed {
    /// `None`: from outside, anywhere.
    pub(crate) place: Option<Place>,
    /// Webhooks that TikTok saw acknowledged by the process that was killed.
    pub(crate) acknowledged: usize,
    /// Replies that it accepted.
    pub(crate) accepted: usize,
}

/// Sums of a whole run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) kills: Vec<Killed>,
    pub(crate) findings: Findings,
    /// How often everything was settled and compared.
    pub(crate) audits: usize,
    /// How often the socket resumed.
    pub(crate) resumes: usize,
    /// Events it heard.
    pub(crate) heard: usize,
}

impl Report {
    pub(crate) fn add(&mut self, other: Self) {
        self.kills.extend(other.kills);
        self.findings.add(other.findings);
        self.audits += other.audits;
        self.resumes += other.resumes;
        self.heard += other.heard;
    }

    /// A Markdown table.
    pub(crate) fn table(&self) -> String {
        let mut rows: BTreeMap<Option<Place>, (usize, usize, usize)> = BTreeMap::new();
        for kill in &self.kills {
            let row = rows.entry(kill.place).or_default();
            *row = (row.0 + 1, row.1 + kill.acknowledged, row.2 + kill.accepted);
        }
        let mut text =
            "| place | killed | webhooks acknowledged | replies accepted |\n| --- | ---: | ---: | ---: |\n".to_owned();
        for (place, (kills, acknowledged, accepted)) in &rows {
            let name = place.map_or("anywhere, `kill -9` from outside", Place::as_str);
            writeln!(text, "| {name} | {kills} | {acknowledged} | {accepted} |").unwrap();
        }
        let sum = |pick: fn(&Killed) -> usize| self.kills.iter().map(pick).sum::<usize>();
        let (acknowledged, accepted) = (sum(|kill| kill.acknowledged), sum(|kill| kill.accepted));
        writeln!(text, "| **all** | **{}** | **{acknowledged}** | **{accepted}** |", self.kills.len()).unwrap();
        let Findings { lost, doubled, untrue, ledger, missed, undecided } = &self.findings;
        writeln!(text, "\nAcknowledged messages lost: {} · sends doubled: {} · states untrue, out of order or never settled: {} · ledgers that differ from TikTok's: {} · events a socket missed or heard twice: {}.", lost.len(), doubled.len(), untrue.len(), ledger.len(), missed.len()).unwrap();
        write!(
            text,
            "\nSettled and compared {} times; the sockets resumed {} times and heard {} events. Left to a person, because the answer was lost \
             and more was written since than TikTok's list shows: {}.",
            self.audits,
            self.resumes,
            self.heard,
            undecided.len()
        )
        .unwrap();
        text
    }
}

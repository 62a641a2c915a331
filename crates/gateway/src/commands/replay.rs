//! `message-gateway replay`: kept webhooks once more, after an upgrade or after an account was connected.

use clap::Args;
use domain::{Timestamp, store::KeptFilter};
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, offline, output};
use crate::{
    config::Config,
    replay::{Progress, Report, replay},
};

const AFTER_HELP: &str = "\
Examples:
  message-gateway replay --unsupported --dry-run   see what this version understands that an older one did not
  message-gateway replay --unsupported             apply it
  message-gateway replay --since 2026-11-01        everything since then, as after connecting an account late
  message-gateway replay --event im_receive_msg    one kind of event

What is known stays as it is, so running it again changes nothing. With the embedded database the server must be stopped
meanwhile (exit code 4 if it is not); with PostgreSQL it may run.";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct ReplayArgs {
    /// Only webhooks that were not understood whole
    #[arg(long)]
    unsupported: bool,
    /// Only those received since then: a day in UTC such as 2026-11-01, or a time such as 2026-11-01T07:00:00Z
    #[arg(long, value_name = "DATE", value_parser = moment)]
    since: Option<Timestamp>,
    /// Only those with this event name, such as `im_receive_msg`
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// Say what would come of it and write nothing
    #[arg(long)]
    dry_run: bool,
    /// For scripts
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &ReplayArgs, config: &Config) -> Result<(), CommandError> {
    let filter = KeptFilter { unsupported: args.unsupported, since: args.since, event: args.event.clone() };
    let report = offline::with_store_alone(config, async |store, _| {
        let bar = bar();
        let told = replay(&*store, &filter, args.dry_run, |Progress { done, of }| {
            bar.set_length(of);
            bar.set_position(done);
        });
        let report = told.await;
        bar.finish_and_clear();
        Ok(report?)
    })
    .await?;
    if args.json { output::json(&report) } else { output::text(&summary(&report)) }
}

/// On standard error, and only on a terminal.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} webhooks, {eta} left")
        .expect("invariant: the template is right");
    ProgressBar::new(0).with_style(style)
}

/// A day begins at midnight UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    let day = |day: jiff::civil::Date| day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|start| start.timestamp());
    let moment = match text.parse::<jiff::civil::Date>() {
        Ok(date) if !text.contains(['T', 't', ' ']) => day(date),
        _ => text.parse::<jiff::Timestamp>().ok(),
    };
    let moment = moment.ok_or("neither a day such as 2026-11-01 nor a time such as 2026-11-01T07:00:00Z")?;
    Ok(Timestamp::from_millis(moment.as_millisecond()))
}

fn summary(report: &Report) -> String {
    let mut lines =
        vec![format!("{} read{}", webhooks(report.read), if report.dry_run { ", nothing written" } else { "" })];
    let mut line = |count: u64, words: &str| {
        if count > 0 {
            lines.push(format!("{count:>9}  {words}"));
        }
    };
    line(report.understood, "understood now, which were not before");
    line(report.not_understood, "still not understood whole");
    line(report.unchanged, "understood before and now");
    line(report.refused, "refused by the database; they stay as they were");
    line(report.gone, "gone meanwhile");
    let attributed = if report.dry_run { "would be given to an account" } else { "given to an account" };
    line(report.attributed, &format!("{attributed} that was connected after they came"));
    line(report.foreign, "of an account that nobody has connected");
    if let Some(changed) = report.changed {
        lines.push(format!("{changed:>9}  brought something new"));
    }
    if !report.reasons.is_empty() {
        lines.push("Not understood:".to_owned());
        lines.extend(report.reasons.iter().map(|(why, count)| format!("{count:>9}  {why}")));
    }
    if !report.refusals.is_empty() {
        lines.push("Refused:".to_owned());
        lines.extend(report.refusals.iter().map(|one| format!("  {}  {}", one.delivery, one.reason)));
    }
    lines.join("\n") + "\n"
}

fn webhooks(count: u64) -> String {
    if count == 1 { "1 webhook".to_owned() } else { format!("{count} webhooks") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_utc_and_a_time_is_exact() {
        assert_eq!(moment("2026-11-01"), Ok("2026-11-01T00:00:00Z".parse().unwrap()));
        assert_eq!(moment("2026-11-01T07:00:00+07:00"), Ok("2026-11-01T00:00:00Z".parse().unwrap()));
        for wrong in ["", "yesterday", "2026-13-01", "2026-11-01T07:00:00"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_summary_names_only_what_there_is() {
        let report = Report {
            read: 3,
            understood: 2,
            not_understood: 1,
            changed: Some(2),
            reasons: [("unknown event `im_new`".to_owned(), 1)].into(),
            ..Report::default()
        };
        let text = summary(&report);
        assert!(text.starts_with("3 webhooks read\n        2  understood now"), "{text}");
        assert!(text.contains("Not understood:\n        1  unknown event `im_new`\n"), "{text}");
        assert!(!text.contains("refused") && !text.contains("nobody has connected"), "{text}");
        let dry = summary(&Report { dry_run: true, read: 1, attributed: 1, ..Report::default() });
        assert!(dry.starts_with("1 webhook read, nothing written\n        1  would be given"), "{dry}");
    }
}

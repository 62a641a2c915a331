//! Our clock against TikTok's, by the `Date` of an answer.

use domain::Timestamp;
use tiktok::limits::SIGNATURE_AHEAD;

use super::{Doctor, Finding};

/// From here on time-left chips are wrong by a visible amount, in seconds.
const SKEW_WARNED: i64 = 60;

impl Doctor {
    pub(super) async fn time(&self) -> Vec<Finding> {
        let finding = match self.official.server_time().await {
            Ok(Some(theirs)) => compare(self.clock.now(), theirs),
            // Not to be reached: the other checks say so.
            Err(_) => return Vec::new(),
            Ok(None) => Finding::hint("clock-unknown", "TikTok's clock can't be compared")
                .because("Its answer has no Date, perhaps because a proxy on the way out takes it away.")
                .fix("Look at this machine's clock yourself.")
                .copy("timedatectl status"),
        };
        vec![finding]
    }
}

fn compare(ours: Timestamp, theirs: Timestamp) -> Finding {
    let ahead = ours.as_secs() - theirs.as_secs();
    let off = ahead.unsigned_abs();
    if ahead.abs() <= SKEW_WARNED {
        return Finding::ok("clock-right", "The clock agrees with TikTok's").because(format!("{off} s apart."));
    }
    let fix = "Let this machine set its clock over the network.";
    if ahead < 0 && off > SIGNATURE_AHEAD.as_secs() {
        return Finding::problem("clock-behind", format!("The clock is {off} s behind TikTok's"))
            .because("TikTok's signatures seem to come from the future, and those more than 60 s ahead are refused: messages don't arrive.")
            .fix(fix)
            .copy("timedatectl set-ntp true");
    }
    Finding::warning("clock-ahead", format!("The clock is {off} s ahead of TikTok's"))
        .because("Webhooks look old and are marked late, and the time left to reply is shown wrong.")
        .fix(fix)
        .copy("timedatectl set-ntp true")
}

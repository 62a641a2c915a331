//! A failed call to TikTok as a finding, in the same words for every check.

use tiktok::{Error, ErrorKind};

use super::Finding;

/// What a failed call means where nothing better is known. `what` begins the title, such as `The app`.
pub(super) fn failed(what: &str, error: &Error) -> Finding {
    if error.is_rate_limited() {
        return Finding::warning("tiktok-busy", format!("{what} could not be asked: TikTok wants a pause"))
            .because(seen(error))
            .fix("Run it again in five minutes. If it stays so, another program uses the same app.");
    }
    if let ErrorKind::Transport(_) = error.kind() {
        return Finding::problem("tiktok-unreachable", format!("{what} could not be asked: TikTok can't be reached"))
            .because(seen(error))
            .fix("Let this machine reach business-api.tiktok.com on port 443: look at its network, its firewall and its DNS.");
    }
    let advice = error.advice();
    let fix = advice.map_or("Run it again in a minute", |advice| advice.action);
    Finding::warning("tiktok-error", format!("{what}: TikTok answered with an error")).because(seen(error)).fix(
        format!(
            "What helps: {fix}. Give TikTok's support the request id if it stays so{}.",
            error.request_id().map(|id| format!(" ({id})")).unwrap_or_default()
        ),
    )
}

/// TikTok's words and number, or what happened on the way. Never holds a secret.
pub(super) fn seen(error: &Error) -> String {
    match error.code() {
        Some(code) => format!("TikTok refused with code {}: {}.", code.number(), code.meaning()),
        None => format!("{error}."),
    }
}

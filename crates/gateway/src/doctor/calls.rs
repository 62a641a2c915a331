//! A failed call to TikTok, or a sign-in that gives no token for one, as a finding, in the same words for every check.

use tiktok::{Error, ErrorKind};

use super::{Action, Finding};
use crate::providers::tokens::TokenError;

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

/// What it means that there is no token of the account's sign-in to call with.
pub(super) fn refused(error: &TokenError) -> Box<Finding> {
    let again = "Connect the account again; its messages and chats stay.";
    let finding = match error {
        TokenError::None | TokenError::Reauthorize => Finding::problem("sign-in-refused", "TikTok refuses the sign-in")
            .because(format!("{error}: its owner took the permission back, the sign-in came to its end, or it belongs to another app than TIKTOK_APP_ID."))
            .fix(again)
            .action(Action::Reconnect),
        TokenError::Sealed(cause) => Finding::problem("sign-in-unreadable", "The stored sign-in can't be opened")
            .because(format!("{error}: {cause}."))
            .fix(format!("Put the old ENCRYPTION_KEY (or key file) back. If it is lost: {again}"))
            .action(Action::Reconnect),
        TokenError::Refresh(cause) => failed("The sign-in", cause),
        TokenError::NoApp | TokenError::NoLoginApp => Finding::problem("sign-in-without-app", "The sign-in can't be renewed")
            .because(format!("{error}."))
            .fix("Set TIKTOK_APP_ID and TIKTOK_APP_SECRET, then start the gateway again."),
        TokenError::Store(cause) => Finding::warning("sign-in-unknown", "The sign-in could not be read")
            .because(format!("{cause}."))
            .fix("Look whether the database answers, then run it again."),
    };
    Box::new(finding)
}

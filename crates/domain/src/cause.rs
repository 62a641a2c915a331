//! Everything that can keep a call from succeeding, in one table: what a person reads, who can mend it and how, and whether the
//! same again can help. A provider says which it is (`failure`); the API and the dashboard show it.

use serde::{Deserialize, Serialize};

/// Who can mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FixedBy {
    /// The person at the other end, by writing.
    Customer,
    /// Whoever wrote the reply or chose the picture.
    Agent,
    /// Whoever connects accounts.
    Admin,
    /// Whoever owns the app in TikTok's portal, or runs the gateway.
    Developer,
    /// Only TikTok.
    Tiktok,
    /// Nobody has to: it passes.
    Nobody,
}

macro_rules! causes {
    ($($name:ident $slug:literal $who:ident $again:literal $title:literal $action:literal;)*) => {
        /// Why it did not succeed. May grow; kept with a message as its slug.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Cause {
            $(#[doc = $title] #[serde(rename = $slug)] $name,)*
        }

        impl Cause {
            /// Every cause there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its stable name. Example `not-permitted`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// One plain sentence without a full stop.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Who can mend it.
            pub const fn fixed_by(self) -> FixedBy {
                match self { $(Self::$name => FixedBy::$who,)* }
            }

            /// What they do, as one plain sentence without a full stop.
            pub const fn action(self) -> &'static str {
                match self { $(Self::$name => $action,)* }
            }

            /// Whether the same again, with nothing mended, may succeed and can do no harm.
            pub const fn is_retryable(self) -> bool {
                match self { $(Self::$name => $again,)* }
            }
        }
    };
}

causes! {
    WindowClosed "window-closed" Customer false "The 48-hour window is closed; the customer must write first"
        "Wait until the customer writes, then try again";
    QuotaSpent "quota-spent" Customer false "All messages of this window are used; the customer must write first"
        "Wait until the customer writes, then try again";
    DmRule "dm-rule" Customer false "TikTok's rules for direct messages block it"
        "Wait for the customer's next message, then try again";
    TooFast "too-fast" Agent true "TikTok says this account sends too fast"
        "Send it later, and fewer at a time";
    Disconnected "account-disconnected" Admin false "The account is not connected"
        "Connect the account again, then try again";
    SignInRefused "sign-in-refused" Admin false "TikTok no longer accepts the account's authorization"
        "Connect the account again, then try again";
    NotPermitted "not-permitted" Admin false "TikTok does not permit it: a permission, the app's approval or the account's country is missing"
        "Check the account under Accounts and connect it again with every permission switched on, then try again";
    AppNotApproved "app-not-approved" Developer false "TikTok has not approved the app for this"
        "Ask for the approval in TikTok's portal, My Apps, then try again";
    AppRefused "app-refused" Developer false "TikTok refuses the app's id and secret"
        "Copy App ID and Secret from TikTok's portal, App Detail, start the gateway again, then try again";
    InvalidRequest "invalid-request" Developer false "TikTok finds a part of it wrong; its words name which"
        "Change what its words name; if it can't be changed, report it with the request id";
    Gone "gone" Agent false "TikTok does not have it any more"
        "Go on with one that still exists";
    FileRefused "file-refused" Agent false "TikTok refuses the picture"
        "Choose another picture: JPG or PNG of at most 3 MB";
    FileEnded "file-ended" Agent true "TikTok no longer has the uploaded picture"
        "Send it again: it is uploaded anew";
    NotSendable "not-sendable" Agent false "It can't be sent as it is"
        "Discard it and write it anew";
    Duplicate "duplicate" Agent false "TikTok takes it for a repetition and did not carry it out"
        "Look whether it is there already";
    Blocked "blocked" Admin false "TikTok has blocked it"
        "Look in the TikTok app for a restriction of the account";
    Bug "bug" Developer false "The gateway made a call that TikTok does not know"
        "Report it with the code and the request id";
    Refused "refused" Developer false "TikTok refused it"
        "Read TikTok's words; its support wants the code and the request id";
    RateLimited "rate-limited" Nobody true "The provider takes no more calls right now"
        "Wait a little: calls are taken again by themselves";
    DailyLimit "daily-limit" Nobody true "TikTok takes no more calls of this app today"
        "Wait until 00:00 UTC: TikTok counts anew";
    Conflict "write-conflict" Nobody true "TikTok was changing the same thing at that moment"
        "Wait a moment";
    Maintenance "maintenance" Nobody true "TikTok is under maintenance"
        "Wait until TikTok's maintenance is over";
    ProviderError "provider-error" Nobody true "The provider failed"
        "Wait until it answers again";
    Internal "tiktok-failed" Agent false "TikTok failed inside, so it may or may not have been done"
        "Look whether it was done before repeating it; TikTok's support wants the request id";
    Partial "partly-done" Agent false "TikTok says that only a part was carried out"
        "Look which part was done before repeating it";
    UnknownCode "unknown-code" Tiktok false "TikTok answered with a code that nobody knows, so it may or may not have been done"
        "Look whether it was done before repeating it; ask TikTok with the code and the request id";
    AnswerLost "answer-lost" Agent false "TikTok's answer was lost, so it may or may not have been done"
        "Look whether it was done before repeating it";
    NotDelivered "not-delivered" Agent true "TikTok does not have it, so it was not sent"
        "Send it again";
    Cancelled "cancelled" Agent true "Taken back before it was sent"
        "Send it again, if it is wanted after all";
    Held "held" Customer true "Waits until the customer writes: the last messages of this window are kept for people"
        "Wait until the customer writes, or send it now";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_kept_and_read_back() {
        for cause in Cause::ALL {
            let kept = serde_json::to_string(cause).unwrap();
            assert_eq!(kept, format!("\"{}\"", cause.as_str()));
            assert_eq!(serde_json::from_str::<Cause>(&kept).unwrap(), *cause);
        }
    }

    #[test]
    fn what_passes_by_itself_may_be_repeated_and_what_may_have_been_done_never() {
        for cause in Cause::ALL {
            let passes = cause.fixed_by() == FixedBy::Nobody;
            assert!(!passes || cause.is_retryable(), "{cause:?}");
        }
        for cause in [Cause::Internal, Cause::Partial, Cause::UnknownCode, Cause::AnswerLost, Cause::DmRule] {
            assert!(!cause.is_retryable(), "{cause:?}");
        }
    }
}

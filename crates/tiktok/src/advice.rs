//! What to do about an error code, in words for people: cause, who can fix it, and how.
//! The cause is the code's, the rest follows from its class.

use crate::{
    error_code::{ErrorClass, ErrorCode},
    login::LoginErrorCode,
};

/// Who can fix a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FixedBy {
    /// The program that calls, by itself: wait, refresh, look before repeating.
    Program,
    /// Whoever writes that program: the request is wrong.
    Developer,
    /// Whoever owns the app at TikTok: approval, secret, allow-list.
    AppOwner,
    /// Whoever connected the account: consent, settings of the account.
    AccountHolder,
    /// Whoever wrote the message or chose the file.
    Sender,
    /// The TikTok user at the other end, by writing again.
    Customer,
    /// Only TikTok; give its support the request id.
    TikTok,
}

/// Advice about an error code, in plain English.
///
/// ```
/// use tiktok::{ErrorCode, FixedBy};
///
/// let advice = ErrorCode::from(40064).advice();
/// assert_eq!(advice.who, FixedBy::Customer);
/// println!("{}: {}", advice.cause, advice.action);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Advice {
    /// What went wrong. Example `the refresh token has expired`.
    pub cause: &'static str,
    /// Who can fix it.
    pub who: FixedBy,
    /// What they can do. Example `connect the account again`.
    pub action: &'static str,
}

impl ErrorCode {
    /// Cause, who can fix it and how.
    pub fn advice(self) -> Advice {
        let (who, action) = match self {
            Self::AuthCodeInvalid => {
                (FixedBy::AccountHolder, "start connecting again; a code is good once, for ten minutes")
            }
            Self::NotLoggedIn => (FixedBy::AccountHolder, "log in to TikTok, then connect the account again"),
            Self::ScopeNotAuthorized => {
                (FixedBy::AccountHolder, "connect the account again and leave every permission ticked")
            }
            Self::FileExpired => (FixedBy::Sender, "upload the file again"),
            other => of_class(other.class()),
        };
        Advice { cause: self.meaning(), who, action }
    }
}

impl LoginErrorCode {
    /// Cause, who can fix it and how.
    pub fn advice(&self) -> Advice {
        self.advice_as(self.class())
    }

    /// `class`: that of the whole failure, which for an unknown word follows from the status.
    pub(crate) fn advice_as(&self, class: ErrorClass) -> Advice {
        let (who, action) = match self {
            Self::ScopePermissionMissed => {
                (FixedBy::Developer, "ask only for fields whose permission was granted, or ask for that permission")
            }
            Self::TooManyPendingShares => {
                (FixedBy::AccountHolder, "post or discard the drafts that wait in the TikTok inbox")
            }
            Self::InvalidRequest => (
                FixedBy::Developer,
                "check the redirect address byte for byte, and that a PKCE challenge is lowercase hex and sent by \
                 desktop and mobile apps only",
            ),
            _ => of_class(class),
        };
        Advice { cause: self.meaning(), who, action }
    }
}

fn of_class(class: ErrorClass) -> (FixedBy, &'static str) {
    match class {
        ErrorClass::Parameter => (FixedBy::Developer, "correct the request; the message names the field"),
        ErrorClass::Permission => (
            FixedBy::AppOwner,
            "check the app's approval, the permissions granted and the account's country, then connect it again",
        ),
        ErrorClass::TokenExpired => {
            (FixedBy::Program, "refresh the token once and repeat once; if that fails, connect the account again")
        }
        ErrorClass::Reauthorize => (FixedBy::AccountHolder, "connect the account again"),
        ErrorClass::Credentials => (FixedBy::AppOwner, "check the app's id and secret"),
        ErrorClass::RateLimited => {
            (FixedBy::Program, "wait, first seconds, then five minutes; a daily limit ends at 00:00 UTC")
        }
        ErrorClass::DmRule => {
            (FixedBy::Customer, "wait for the customer's next message; if the text says too fast, write less and later")
        }
        ErrorClass::NotFound => (FixedBy::Sender, "it is gone: answer in a conversation that still exists"),
        ErrorClass::File => (FixedBy::Sender, "choose another file: JPG or PNG of at most 3 MB"),
        ErrorClass::Conflict => (FixedBy::Program, "repeat after a moment"),
        ErrorClass::Duplicate => (FixedBy::Program, "nothing: the first request counts"),
        ErrorClass::Blocked => (FixedBy::AccountHolder, "look for a restriction in the TikTok app"),
        ErrorClass::Internal => {
            (FixedBy::Program, "repeat reads after a pause; of a message look first whether it went out")
        }
        ErrorClass::Maintenance => (FixedBy::Program, "wait for TikTok's maintenance to end"),
        ErrorClass::Bug => (FixedBy::Developer, "the program made a call TikTok does not know: report it"),
        ErrorClass::Partial => (FixedBy::Program, "look which part was carried out before repeating"),
        ErrorClass::Refused => (FixedBy::Developer, "read TikTok's message; its support wants the request id"),
        ErrorClass::Unknown => (FixedBy::TikTok, "look whether it was carried out; ask TikTok with the request id"),
    }
}

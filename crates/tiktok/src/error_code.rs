//! TikTok's error codes as a typed table: number, name, class and meaning.
//! Read by `error.rs`, which turns the class into "retry?", "re-authorize?", "did it go out?".

/// What a code means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// A field is wrong; the message names it. Fix the request.
    Parameter,
    /// A scope, an approval or the region is missing. Not solved by repeating.
    Permission,
    /// The access token is expired or revoked. Refresh once, then repeat once.
    TokenExpired,
    /// Only a new authorization by the account holder helps.
    Reauthorize,
    /// App id and secret do not belong together: a configuration error.
    Credentials,
    /// Too many requests. Back off; nothing was done.
    RateLimited,
    /// Blocked by the rules for direct messages: window, quota, recipient, or too fast.
    DmRule,
    /// The conversation, message or file does not exist (any more).
    NotFound,
    /// The file is refused.
    File,
    /// Two writes met; nothing was written. May be repeated.
    Conflict,
    /// TikTok has seen the same request before and did not carry it out again.
    Duplicate,
    /// The account or the request is blocked.
    Blocked,
    /// A failure inside TikTok. Reads may be repeated; a send may have gone out.
    Internal,
    /// TikTok is under maintenance. Back off for long.
    Maintenance,
    /// The request is malformed in a way only a bug explains (path, version, grant type).
    Bug,
    /// Part of the request was carried out.
    Partial,
    /// A refusal (4xxxx) this table does not know.
    Refused,
    /// A code outside every known range.
    Unknown,
}

macro_rules! error_codes {
    ($($variant:ident = $number:literal, $class:ident, $meaning:literal;)*) => {
        /// An error code of the API for Business.
        ///
        /// Source: TikTok's own code list, with the messaging codes of portal page
        /// 1832184403754242, read 2026-11-20.
        ///
        /// ```
        /// use tiktok::{ErrorClass, ErrorCode};
        /// assert_eq!(ErrorCode::from(40064), ErrorCode::DmRule);
        /// assert_eq!(ErrorCode::from(51065).class(), ErrorClass::Internal);
        /// assert_eq!(ErrorCode::from(48888), ErrorCode::Other(48888));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!("`", stringify!($number), "`: ", $meaning, ".")] $variant,)*
            /// A code without a name here; its class follows from its range.
            Other(i64),
        }

        impl ErrorCode {
            /// Every code that has a name, in ascending order.
            pub const NAMED: &'static [Self] = &[$(Self::$variant,)*];

            /// The number on the wire. Example `40064`.
            pub fn number(self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// What the code means for the caller.
            pub fn class(self) -> ErrorClass {
                match self {
                    $(Self::$variant => ErrorClass::$class,)*
                    Self::Other(number) => class_of_range(number),
                }
            }

            /// The meaning in a few words. Example `"blocked by the direct-message rules"`.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                    Self::Other(number) => meaning_of_range(number),
                }
            }
        }

        impl From<i64> for ErrorCode {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    other => Self::Other(other),
                }
            }
        }
    };
}

error_codes! {
    PartialOk = 20001, Partial, "only part of the request was carried out";
    InvalidParams = 40000, Parameter, "invalid parameters";
    NoPermission = 40001, Permission, "no permission: scope, approval or region is missing";
    ParameterError = 40002, Parameter, "a parameter is wrong; the message names it";
    Forbidden = 40003, Permission, "forbidden";
    NoSchema = 40006, Bug, "wrong path or version";
    NotFound = 40007, NotFound, "the object does not exist";
    FlowControl = 40016, RateLimited, "too frequent";
    DuplicatedRequest = 40050, Duplicate, "duplicate of an earlier request";
    DmRule = 40064, DmRule, "blocked by the direct-message rules";
    RateLimited = 40100, RateLimited, "the app's request limit is reached";
    InvalidPartner = 40101, Credentials, "app id and secret do not match";
    AccessTokenExpired = 40102, TokenExpired, "the access token has expired";
    RefreshTokenExpired = 40103, Reauthorize, "the refresh token has expired";
    AccessTokenEmpty = 40104, Bug, "no access token was sent";
    AccessTokenInvalid = 40105, TokenExpired, "the access token is incorrect, expired or revoked";
    RefreshTokenInvalid = 40107, Reauthorize, "the refresh token is invalid";
    InvalidGrantType = 40108, Bug, "invalid grant type";
    AuthCodeInvalid = 40110, Reauthorize, "the authorization code is invalid, used or expired";
    AppForbidden = 40113, Permission, "the app is forbidden";
    MethodForbidden = 40117, Permission, "the method is forbidden to the app";
    NotAllowListed = 40118, Permission, "the app is not on the allow-list";
    NotLoggedIn = 40120, Reauthorize, "the TikTok user is not logged in";
    ScopeNotAuthorized = 40130, Reauthorize, "the scope was not authorized";
    UserOauthFailed = 40131, Reauthorize, "the account holder's authorization failed";
    ValueRateLimited = 40132, RateLimited, "too frequent for one field value";
    AdvertiserRateLimited = 40133, RateLimited, "too frequent for one account";
    WriteConflict = 40202, Conflict, "write conflict";
    RouteNotFound = 40400, Bug, "no such route";
    FileIllegalContent = 40904, File, "the file's content is not allowed";
    FileNotFound = 40905, File, "the file does not exist";
    FileEmpty = 40906, File, "the file is empty";
    FileTooLarge = 40907, File, "the file is too large";
    FileTypeUnsupported = 40908, File, "the file type is not supported";
    FileExpired = 40910, File, "the file has expired";
    Blocked = 41000, Blocked, "blocked";
    SystemError = 50000, Internal, "system error";
    SystemTimeout = 50002, Internal, "time-out inside TikTok";
    ServiceTimeout = 51010, Internal, "time-out of an internal service";
    AuthService = 51039, Internal, "the authorization service failed";
    MessagingService = 51065, Internal, "the messaging back end failed";
    Maintenance = 60001, Maintenance, "maintenance";
    TooManyRequests = 61000, RateLimited, "too many requests";
}

fn class_of_range(number: i64) -> ErrorClass {
    match number {
        40_900..=40_916 => ErrorClass::File,
        40_000..=49_999 => ErrorClass::Refused,
        50_000..=53_999 => ErrorClass::Internal,
        _ => ErrorClass::Unknown,
    }
}

fn meaning_of_range(number: i64) -> &'static str {
    match number {
        40_900..=40_916 => "the file is refused",
        40_000..=49_999 => "refused",
        50_000..=51_999 => "an internal service failed",
        52_000..=53_999 => "storage or serialisation failed inside TikTok",
        _ => "unknown code",
    }
}

impl ErrorClass {
    /// Whether the same request may succeed later without any change.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Conflict | Self::Internal | Self::Maintenance)
    }

    /// Whether a write answered with this class may nevertheless have been carried out.
    pub fn is_uncertain(self) -> bool {
        matches!(self, Self::Internal | Self::Partial | Self::Unknown)
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_reads_back() {
        for pair in ErrorCode::NAMED.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{pair:?}");
        }
        for code in ErrorCode::NAMED {
            assert_eq!(ErrorCode::from(code.number()), *code);
        }
    }

    #[test]
    fn codes_without_a_name_get_the_class_of_their_range() {
        let class = |number| ErrorCode::from(number).class();
        assert_eq!(class(40_916), ErrorClass::File);
        assert_eq!(class(40_917), ErrorClass::Refused);
        assert_eq!(class(51_099), ErrorClass::Internal);
        assert_eq!(class(52_001), ErrorClass::Internal);
        assert_eq!(class(53_999), ErrorClass::Internal);
        assert_eq!(class(54_000), ErrorClass::Unknown);
        assert_eq!(class(-1), ErrorClass::Unknown);
        assert!(!class(49_000).is_uncertain() && class(7).is_uncertain());
    }
}

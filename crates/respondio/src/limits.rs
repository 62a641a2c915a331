//! Respond.io's limits as constants. The request builders check those that can be checked before
//! the wire; the others are here so that callers do not invent their own.
//!
//! Text lengths are counted in UTF-16 code units: Respond.io does not say which unit it means, its
//! own SDK is JavaScript, and UTF-16 is the largest count of those in question.
//!
//! Source: the vendor's TypeScript SDK, MCP server and n8n nodes, and `respond.io/help`, read
//! 2026-11-20.

use std::time::Duration;

/// Most entries on one page of any list; the default of the API is 10.
pub const PAGE_MAX: u32 = 100;
/// Entries per page that integrators use for messages; 100 is documented but unproven.
pub const MESSAGES_PAGE: u32 = 50;
/// Most tags in one call; the fewest is one.
pub const TAGS_MAX: usize = 10;
/// Longest name of a tag, in UTF-16 units.
pub const TAG_MAX: usize = 255;
/// Longest comment, in UTF-16 units.
pub const COMMENT_MAX: usize = 1_000;
/// Longest category of a closed conversation, in UTF-16 units.
pub const CATEGORY_MAX: usize = 128;
/// Longest summary of a closed conversation, in UTF-16 units.
pub const SUMMARY_MAX: usize = 512;
/// Most answers of a quick reply; the fewest is one.
pub const QUICK_REPLIES_MAX: usize = 10;
/// Requests per second and endpoint that a careful client starts with. The true limit is in the
/// headers, see [`RateLimit`](crate::RateLimit); 5 is reported, nowhere promised.
pub const REQUESTS_PER_SECOND: u32 = 4;
/// How long to leave the API alone after its content delivery network answered with a web page.
pub const BLOCKED_COOL_DOWN: Duration = Duration::from_secs(30);
/// How long a call may take, as in the vendor's own clients.
pub const TIMEOUT: Duration = Duration::from_secs(30);
/// Longest text on a TikTok channel, in UTF-16 units. Not checked here: other channels differ.
pub const TIKTOK_TEXT_MAX: usize = 6_000;
/// Largest picture on a TikTok channel, in bytes (3 MB). JPG and PNG only.
pub const TIKTOK_IMAGE_MAX_BYTES: usize = 3 * 1024 * 1024;
/// How long a business may answer on TikTok after the customer's last message.
pub const TIKTOK_REPLY_WINDOW: Duration = Duration::from_hours(48);
/// Business messages allowed in one [`TIKTOK_REPLY_WINDOW`]; a new customer message starts both
/// again.
pub const TIKTOK_REPLY_QUOTA: u32 = 10;
/// Largest API answer this client reads, in bytes; more is a decode error.
pub const ANSWER_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Length of a text in the unit of this module (UTF-16 code units).
///
/// ```
/// assert_eq!(respondio::limits::length("ok 😊"), 5);
/// ```
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

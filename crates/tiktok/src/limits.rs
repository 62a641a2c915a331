//! TikTok's published limits as constants. The request builders check those that can be checked
//! before the wire; the others are here so that callers do not invent their own.
//!
//! Text lengths are counted in UTF-16 code units: TikTok does not say which unit it means, and
//! UTF-16 is the largest count of those in question (an emoji is 2, a Thai vowel sign 1).
//!
//! Source: portal pages 1832184403754242 (send), 1832184415059970 (conversations), 1832184425841170
//! (messages), 1832184437720193 and 1832184455450626 (media), 1832184584869890 (automatic messages),
//! 1832184470423554 (webhooks), 1833997638479041 (tokens); `developers.tiktok.com` "Login Kit" and
//! "Content Posting API" for [`crate::login`]. Read 2026-11-20.

use std::time::Duration;

/// Longest text message, in UTF-16 units.
pub const TEXT_MAX: usize = 6_000;
/// Longest title of a template card, in UTF-16 units.
pub const TEMPLATE_TITLE_MAX: usize = 40;
/// Most buttons on a template card; the fewest is one.
pub const TEMPLATE_BUTTONS_MAX: usize = 3;
/// Longest button title on a `QA_BUTTON_CARD`, in UTF-16 units.
pub const BUTTON_TITLE_MAX: usize = 20;
/// Longest button title on a `QA_LINK_CARD`, in UTF-16 units.
pub const LINK_TITLE_MAX: usize = 40;
/// Longest button id of your own, in UTF-16 units.
pub const BUTTON_ID_MAX: usize = 40;
/// Longest welcome message, in UTF-16 units. An account has one.
pub const WELCOME_MAX: usize = 250;
/// Longest suggested question, in UTF-16 units.
pub const QUESTION_MAX: usize = 80;
/// Longest answer to a suggested question, in UTF-16 units.
pub const ANSWER_MAX: usize = 200;
/// Most suggested questions of an account.
pub const SUGGESTED_QUESTIONS_MAX: usize = 3;
/// Longest title of a chat prompt, in UTF-16 units.
pub const PROMPT_TITLE_MAX: usize = 18;
/// Longest content of a chat prompt, in UTF-16 units.
pub const PROMPT_CONTENT_MAX: usize = 150;
/// Most chat prompts of an account.
pub const CHAT_PROMPTS_MAX: usize = 6;
/// Most posts named in one comment subscription.
pub const WEBHOOK_POSTS_MAX: usize = 100;
/// Most own posts on one page.
pub const POSTS_PAGE_MAX: u32 = 20;
/// Longest marker (`ref`) of a tiktok.me link, in characters.
pub const SHORT_LINK_REF_MAX: usize = 2_083;
/// How long after a comment it may be answered by message.
pub const COMMENT_REPLY_WINDOW: Duration = Duration::from_hours(48);
/// Largest image that can be uploaded, in bytes (3 MB). JPG and PNG only.
pub const IMAGE_MAX_BYTES: usize = 3 * 1024 * 1024;
/// Most conversations on one page of the conversation list, and in the whole list.
pub const CONVERSATIONS_PAGE_MAX: u32 = 100;
/// Messages in the content list: the newest ones, without paging.
pub const MESSAGES_LISTED: usize = 20;
/// How far back the conversation list reaches.
pub const HISTORY: Duration = Duration::from_hours(90 * 24);
/// How long a business may answer after the customer's last message.
pub const REPLY_WINDOW: Duration = Duration::from_hours(48);
/// Business messages allowed in one [`REPLY_WINDOW`]; a new customer message starts both again.
/// TikTok's pages disagree about this number, and its answer 40064 decides.
pub const REPLY_QUOTA: u32 = 10;
/// Business messages allowed after a [`REPLY_WINDOW`] of silence, by TikTok's other page, which also
/// knows no limit while the customer keeps answering. The strict reading is zero.
pub const QUOTA_AFTER_SILENCE: u32 = 3;
/// How long the typing indicator stays; there is no call that removes it.
pub const TYPING_SHOWN: Duration = Duration::from_secs(5);
/// How long an authorization code can be exchanged, once.
pub const AUTH_CODE_LIFETIME: Duration = Duration::from_mins(10);
/// How long an access token works; trust the answer, which tells it too.
pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_hours(24);
/// How long a refresh token works, from the authorization; a refresh does not restart it.
pub const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_hours(365 * 24);
/// How long the picture of a sticker or of an avatar emoji can be fetched.
pub const STICKER_URL_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long an uploaded image can be sent.
pub const MEDIA_ID_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long a download address works.
pub const DOWNLOAD_URL_LIFETIME: Duration = Duration::from_hours(24);
/// Requests per second allowed to an app on the Business Messaging endpoints.
pub const REQUESTS_PER_SECOND: u32 = 10;
/// Requests per minute allowed to an app; over it, five minutes' pause help.
pub const REQUESTS_PER_MINUTE: u32 = 600;
/// Requests per day allowed to an app; counted anew at 00:00 UTC.
pub const REQUESTS_PER_DAY: u32 = 864_000;
/// How long TikTok repeats a webhook that was not answered with 200.
pub const WEBHOOK_RETRIES: Duration = Duration::from_hours(72);
/// Default age up to which a webhook signature counts as fresh. TikTok sets no limit and does not
/// say whether a retry is signed anew.
pub const SIGNATURE_TOLERANCE: Duration = Duration::from_mins(5);
/// How far ahead of our clock a webhook signature may be.
pub const SIGNATURE_AHEAD: Duration = Duration::from_mins(1);
/// Largest API answer this client reads, in bytes; more is a decode error.
pub const ANSWER_MAX_BYTES: usize = 8 * 1024 * 1024;
/// Default bound on one fetched picture or video, in bytes.
pub const FETCH_MAX_BYTES: usize = 64 * 1024 * 1024;
/// Redirects followed when a picture or video is fetched.
pub const FETCH_REDIRECTS_MAX: usize = 5;

/// Longest redirect address of Login Kit, in bytes.
pub const LOGIN_REDIRECT_MAX: usize = 511;
/// Shortest and longest PKCE verifier of Login Kit, in characters.
pub const CODE_VERIFIER: std::ops::RangeInclusive<usize> = 43..=128;
/// Requests per minute on one endpoint of Login Kit.
pub const LOGIN_REQUESTS_PER_MINUTE: u32 = 600;
/// Smallest chunk of an uploaded video, in bytes. TikTok writes "5 MB"; this is the larger reading.
pub const CHUNK_MIN_BYTES: u64 = 5 * 1024 * 1024;
/// Largest chunk but the last, and largest video in one piece, in bytes. TikTok writes "64 MB"; this
/// is the smaller reading.
pub const CHUNK_MAX_BYTES: u64 = 64_000_000;
/// Most chunks of one video.
pub const CHUNKS_MAX: u64 = 1_000;
/// Largest video, in bytes (4 GB, the smaller reading).
pub const VIDEO_MAX_BYTES: u64 = 4_000_000_000;
/// How long a video upload address works.
pub const UPLOAD_URL_LIFETIME: Duration = Duration::from_hours(1);

/// Length of a text in the unit of this module (UTF-16 code units).
///
/// ```
/// assert_eq!(tiktok::limits::length("ok 😊"), 5);
/// ```
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

//! TikTok's two notations: webhooks (`events`, lower case) and lists (`lists`, upper case).

pub(crate) mod events;
pub(crate) mod lists;

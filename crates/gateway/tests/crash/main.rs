//! The real binary at its worst: killed at any line, on a full disk, cut off from its database, under a clock that jumps. The simulator
//! runs in the test's own process, so it survives every kill and is the truth about what TikTok has.
//!
//! After each: no acknowledged message is lost, none is sent twice, replies go out in order, the queue drains, the ledger equals
//! TikTok's, and a socket that resumes by its last `seq` misses no event.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a helper that fails fails the test")]

mod audit;
mod database;
mod disk;
mod ear;
mod faults;
mod front;
mod load;
mod people;
mod process;
mod proxy;
mod report;
mod shop;
mod task;
mod wall;
mod world;

mod clock_jumps;
mod cut_off;
mod full_disk;
mod kills;
mod migration;
mod pair;
mod respondio;

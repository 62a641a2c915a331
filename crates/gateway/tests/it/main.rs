//! The gateway as its neighbours see it: the real server on a port of its own, a database of its own,
//! TikTok's simulator in process, and a clock that a test moves by hand.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a helper that fails fails the test")]

mod browser;
mod clock;
mod commenting;
mod database;
mod desk;
mod gate;
mod harness;
mod socket;
mod stage;
mod waiting;

mod api;
mod automation;
mod codes;
mod comments;
mod composing;
mod connecting;
mod doctor;
mod doctor_command;
mod doctor_reach;
mod doctor_respondio;
mod doors;
mod echoes;
mod faults;
mod history;
mod identities;
mod importing;
mod ledger;
mod live;
mod migrating;
mod one_person;
mod outage;
mod pausing;
mod pictures;
mod process;
mod receiving;
mod referrals;
mod replay;
mod replying;
mod reports;
mod requests;
mod respondio_connecting;
mod respondio_faults;
mod respondio_history;
mod respondio_import;
mod respondio_many;
mod respondio_polling;
mod respondio_replies;
mod respondio_webhooks;
mod secrecy;
mod sharing;
mod signatures;
mod signs;
mod thirdparty;
mod whose;
mod withheld;

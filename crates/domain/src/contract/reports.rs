//! Figures: what was said is counted once, where and when it was said.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT, connect, delivery},
    report::{T0, at, incoming},
};
use crate::{
    clock::Timestamp,
    store::{Accounts, Journal, Reports},
    volume::Volume,
    workspace::{Permitted, Scope},
};

/// Any number of messages in any number of conversations; the end of a span is not in it; what waits is no message yet.
pub async fn what_was_said_is_counted<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    for (chat, id, secs) in [(CHAT, "m1", 1), (CHAT, "m2", 2), ("other", "m3", 3), ("other", "m4", 100)] {
        bench.ingest(incoming(chat, id, "สวัสดี", at(secs))).await;
    }
    bench.advance(10);
    bench.send("ค่ะ", "out-1").await;
    bench.reply("waits").await;
    let volume =
        |conversations, incoming, outgoing| Volume { account_id: bench.account.id, conversations, incoming, outgoing };
    let counted = async |until| bench.store().volume(&bench.scope, T0..until).await.unwrap();
    assert_eq!(counted(at(100)).await, [volume(2, 3, 1)]);
    assert_eq!(counted(at(101)).await, [volume(2, 4, 1)]);
    assert_eq!(counted(at(3)).await, [volume(1, 2, 0)]);
    assert_eq!(counted(T0).await, []);
}

/// Each account for itself, and nobody's else.
pub async fn only_what_is_in_sight_is_counted<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let second = bench.store().connect_account(bench.workspace, connect("business-2")).await.unwrap();
    bench.ingest(incoming(CHAT, "m1", "one", at(1))).await;
    let other =
        delivery("business-2", "{\"other\":1}", bench.clock.now(), vec![incoming("elsewhere", "m2", "two", at(2))]);
    bench.store().ingest(other).await.unwrap();
    let always = Timestamp::ZERO..Timestamp::MAX;
    let of = async |scope: &Scope| {
        let rows = bench.store().volume(scope, always.clone()).await.unwrap();
        rows.into_iter().map(|row| (row.account_id, row.incoming)).collect::<Vec<_>>()
    };
    assert_eq!(of(&bench.scope).await.len(), 2, "{BUSINESS} and business-2");
    let only = Permitted::Only(std::iter::once(second.id).collect());
    assert_eq!(of(&Scope { workspace: bench.workspace, accounts: only }).await, [(second.id, 1)]);
    assert_eq!(of(&Scope::all(bench.second_workspace(41).await)).await, []);
}

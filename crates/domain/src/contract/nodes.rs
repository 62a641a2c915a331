//! Node numbers, without which no ids are made.

use super::bench::delivery;
use super::report::{T0, at};
use super::{Harness, bench::Bench};
use crate::store::{Journal, Nodes, StoreError};
use crate::{clock::Clock, id::IdGenerator};
use std::sync::Arc;

/// Every process has a number of its own; a returned one is free again.
pub async fn numbers_differ<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (first, second) = (bench.store().lease_node().await.unwrap(), bench.store().lease_node().await.unwrap());
    assert_ne!(first.node, second.node);
    assert_eq!(first.until, at(60));
    bench.store().release_node(first).await.unwrap();
    bench.advance(1);
    let again = bench.store().lease_node().await.unwrap();
    assert_eq!(again.node, first.node);
    assert_ne!(again.token, first.token);
    bench.store().ping().await.unwrap();
}

/// A lease is renewed by its token while nobody else has the number; a lost one never.
pub async fn lost_leases_are_not_renewed<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let lease = bench.store().lease_node().await.unwrap();
    bench.advance(30);
    let renewed = bench.store().renew_node(lease).await.unwrap().unwrap();
    assert_eq!((renewed.node, renewed.token, renewed.until), (lease.node, lease.token, at(90)));
    bench.advance(120);
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(bench.store().lease_node().await.unwrap());
    }
    let taken = others.iter().find(|other| other.node == lease.node).expect("an ended lease is free");
    assert_ne!(taken.token, lease.token);
    assert_eq!(bench.store().renew_node(lease).await.unwrap(), None);
    bench.store().release_node(lease).await.unwrap();
    assert!(bench.store().renew_node(*taken).await.unwrap().is_some(), "an old token releases nothing");
}

/// The clock goes back: a number rests until the time of the ids that were made with it is over, returned or not.
pub async fn a_number_rests_when_the_clock_goes_back<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.advance(3_600);
    let (held, returned) = (bench.store().lease_node().await.unwrap(), bench.store().lease_node().await.unwrap());
    bench.clock.set(at(0));
    let renewed = bench.store().renew_node(held).await.unwrap().unwrap();
    assert_eq!(renewed.until, at(3_660), "a lease is never shortened");
    bench.store().release_node(returned).await.unwrap();
    for _ in 0..3 {
        let other = bench.store().lease_node().await.unwrap();
        assert!(other.node != held.node && other.node != returned.node);
    }
    bench.clock.set(at(3_661));
    let free: Vec<_> = [bench.store().lease_node().await.unwrap(), bench.store().lease_node().await.unwrap()]
        .map(|lease| lease.node)
        .into();
    assert!(free.iter().all(|node| *node <= returned.node), "{free:?}");
}

/// Without a lease nothing is written, and the caller is told to come back.
pub async fn no_lease_no_write<H: Harness>() {
    let harness = H::open(Clock::manual(T0), Arc::new(IdGenerator::without_lease())).await;
    let answer = harness.store().ingest(delivery("anybody", "{}", T0, Vec::new())).await;
    assert!(matches!(answer, Err(StoreError::Unavailable { .. })), "{answer:?}");
}

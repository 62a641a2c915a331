//! The port [`Nodes`]: node numbers for ids, and whether the database answers.

use std::time::Duration;

use async_trait::async_trait;
use domain::store::{NodeLease, Nodes, StoreResult};

use crate::{
    SqliteStore,
    error::unavailable,
    sql::{Columns, execute, one, statements},
};

/// How long a node number is held without renewal.
const HELD: Duration = Duration::from_mins(1);
/// Node numbers: 0 to this, inclusive.
const LAST: i64 = domain::id::MAX_NODE as i64;

statements! {
    // The first number that was never leased or whose lease ended, with the token it had.
    FREE = "WITH RECURSIVE number (node) AS (SELECT 0 UNION ALL SELECT node + 1 FROM number WHERE node < ?2) \
            SELECT number.node, coalesce(n.token, 0) FROM number LEFT JOIN node_lease n ON n.node = number.node \
            WHERE n.node IS NULL OR n.lease_until <= ?1 ORDER BY number.node LIMIT 1";
    TAKE = "INSERT INTO node_lease (node, token, lease_until) VALUES (?1, ?2, ?3) \
            ON CONFLICT (node) DO UPDATE SET token = excluded.token, lease_until = excluded.lease_until";
    // Never shortened: when the clock goes back, ids of the time between are made already.
    RENEW = "UPDATE node_lease SET lease_until = max(lease_until, ?3) WHERE node = ?1 AND token = ?2 RETURNING lease_until";
    RELEASE_NODE = "UPDATE node_lease SET lease_until = ?3 WHERE node = ?1 AND token = ?2 AND lease_until <= ?4";
    PING = "SELECT value FROM counter WHERE name = 'seq'";
}

#[async_trait]
impl Nodes for SqliteStore {
    async fn lease_node(&self) -> StoreResult<NodeLease> {
        self.write(|tx| {
            let free = one(tx.connection, FREE, (tx.now.as_millis(), LAST), |row| {
                let mut columns = Columns::new(row, "node_lease");
                Ok((columns.get::<u16>()?, columns.get::<i64>()?))
            })?;
            let (node, last_token) = free.ok_or_else(|| unavailable("every node number is taken"))?;
            // The row stays when a lease ends, so each holder's token differs from the one before.
            let lease = NodeLease { node, token: last_token + 1, until: tx.now.plus(HELD) };
            execute(tx.connection, TAKE, (lease.node, lease.token, lease.until.as_millis()))?;
            Ok(lease)
        })
        .await
    }

    async fn renew_node(&self, lease: NodeLease) -> StoreResult<Option<NodeLease>> {
        self.write(move |tx| {
            let row = (lease.node, lease.token, tx.now.plus(HELD).as_millis());
            let until = one(tx.connection, RENEW, row, |row| Columns::new(row, "node_lease").time())?;
            Ok(until.map(|until| NodeLease { until, ..lease }))
        })
        .await
    }

    async fn release_node(&self, lease: NodeLease) -> StoreResult<()> {
        self.write(move |tx| {
            // From the next millisecond on; not before, should the clock go back.
            let (free, longest) = (tx.now.plus(Duration::from_millis(1)), tx.now.plus(HELD));
            let row = (lease.node, lease.token, free.as_millis(), longest.as_millis());
            execute(tx.connection, RELEASE_NODE, row).map(drop)
        })
        .await
    }

    async fn ping(&self) -> StoreResult<()> {
        self.read(|connection| one(connection, PING, [], |_| Ok(())).map(drop)).await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

//! The port `Nodes`: node numbers for ids, and whether the database answers.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    Timestamp,
    store::{DatabaseWarning, NodeLease, Nodes, StoreResult},
};

use crate::{
    PostgresStore,
    error::{Fault, unavailable},
    rows::unsigned,
    transaction::{Touches, Tx},
};

/// How long a node number is ours.
const LEASE: Duration = Duration::from_mins(1);
/// Node numbers there are.
const NODES: i64 = domain::id::MAX_NODE as i64 + 1;

#[async_trait]
impl Nodes for PostgresStore {
    fn warnings(&self) -> Vec<DatabaseWarning> {
        self.warnings.clone()
    }

    async fn lease_node(&self) -> StoreResult<NodeLease> {
        self.write(Touches::default(), move |tx| Box::pin(lease(tx))).await
    }

    async fn renew_node(&self, lease: NodeLease) -> StoreResult<Option<NodeLease>> {
        self.write(Touches::default(), move |tx| Box::pin(renew(tx, lease))).await
    }

    async fn release_node(&self, lease: NodeLease) -> StoreResult<()> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                // From the next millisecond on; not before, should the clock go back.
                let (free, longest) = (tx.now().plus(Duration::from_millis(1)), tx.now().plus(LEASE));
                sqlx::query!(
                    "UPDATE node_lease SET lease_until = $3 WHERE node = $1 AND token = $2 AND lease_until <= $4",
                    i64::from(lease.node),
                    lease.token,
                    free.as_millis(),
                    longest.as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn ping(&self) -> StoreResult<()> {
        let mut tx = self.read_system().await?;
        sqlx::query_scalar!("SELECT value FROM counter WHERE name = 'seq'")
            .fetch_one(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(())
    }

    async fn close(&self) {
        self.writer.close().await;
        self.listener.close().await;
        self.readers.close().await;
    }
}

async fn lease(tx: &mut Tx) -> Result<NodeLease, Fault> {
    let now = tx.now();
    let until = now.plus(LEASE);
    // The server makes the token: this process can't make ids yet.
    let taken = sqlx::query!(
        r#"INSERT INTO node_lease (node, token, lease_until)
        SELECT n.node, floor(random() * 9007199254740991)::bigint, $2 FROM generate_series(0, $3::bigint - 1) AS n (node)
        WHERE NOT EXISTS (SELECT 1 FROM node_lease l WHERE l.node = n.node AND l.lease_until > $1) ORDER BY n.node LIMIT 1
        ON CONFLICT (node) DO UPDATE SET token = excluded.token, lease_until = excluded.lease_until WHERE node_lease.lease_until <= $1
        RETURNING node, token"#,
        now.as_millis(),
        until.as_millis(),
        NODES,
    )
    .fetch_optional(&mut tx.conn)
    .await?;
    if let Some(row) = taken {
        return Ok(NodeLease { node: unsigned("node_lease.node", row.node)?, token: row.token, until });
    }
    let held =
        sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM node_lease WHERE lease_until > $1"#, now.as_millis())
            .fetch_one(&mut tx.conn)
            .await?;
    if held < NODES { Err(Fault::Raced) } else { Err(unavailable("all node numbers are taken").into()) }
}

/// A lease that ended can still be renewed as long as nobody else has taken the number. It is never shortened: when the clock goes
/// back, ids of the time between are made already.
async fn renew(tx: &mut Tx, lease: NodeLease) -> Result<Option<NodeLease>, Fault> {
    let until = sqlx::query_scalar!(
        r#"UPDATE node_lease SET lease_until = GREATEST(lease_until, $3) WHERE node = $1 AND token = $2 RETURNING lease_until AS "until!""#,
        i64::from(lease.node),
        lease.token,
        tx.now().plus(LEASE).as_millis(),
    )
    .fetch_optional(&mut tx.conn)
    .await?;
    Ok(until.map(|until| NodeLease { until: Timestamp::from_millis(until), ..lease }))
}

//! The port `Directory`: workspaces, members, sessions and one-time links. Login comes before a workspace is known, so much of it
//! reads in the system's context.

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    identity::{FirstOwner, LoginLink, Member, SecretHash, Session, User, permitted_from},
    store::{Directory, StoreError, StoreResult},
    workspace::Workspace,
};
use sqlx::PgConnection;

use crate::{
    PostgresStore,
    error::Fault,
    rows::{from_json, from_word},
    transaction::{Touches, Tx},
};

/// Holds off other processes while the first owner is made: any constant of our own.
const FIRST_OWNER_LOCK: i64 = 7_741_000_001;

struct MemberRow {
    workspace_id: i64,
    workspace_name: String,
    workspace_created_at: i64,
    user_id: i64,
    email: Option<String>,
    name: String,
    password_hash: Option<String>,
    created_at: i64,
    role: String,
    accounts: Option<String>,
}

macro_rules! member_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            MemberRow,
            r#"SELECT m.workspace_id, w.name AS workspace_name, w.created_at AS workspace_created_at, m.user_id, u.email, u.name,
            u.password_hash, u.created_at, m.role, m.accounts
            FROM member m JOIN workspace w ON w.id = m.workspace_id JOIN "user" u ON u.id = m.user_id "# + $rest
            $(, $argument)*
        )
    };
}

impl TryFrom<MemberRow> for Member {
    type Error = Fault;

    fn try_from(row: MemberRow) -> Result<Self, Fault> {
        Ok(Self {
            user: User {
                id: Id::from_raw(row.user_id),
                email: row.email,
                name: row.name,
                password_hash: row.password_hash,
                created_at: Timestamp::from_millis(row.created_at),
            },
            workspace: Workspace {
                id: Id::from_raw(row.workspace_id),
                name: row.workspace_name,
                created_at: Timestamp::from_millis(row.workspace_created_at),
            },
            role: from_word("member.role", &row.role)?,
            accounts: permitted_from(
                row.accounts.as_deref().map(|text| from_json("member.accounts", text)).transpose()?,
            ),
        })
    }
}

#[async_trait]
impl Directory for PostgresStore {
    async fn default_workspace(&self) -> StoreResult<Option<Workspace>> {
        let mut tx = self.read_system().await?;
        let row = sqlx::query!("SELECT id, name, created_at FROM workspace ORDER BY created_at, id LIMIT 1")
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(|row| Workspace {
            id: Id::from_raw(row.id),
            name: row.name,
            created_at: Timestamp::from_millis(row.created_at),
        }))
    }

    async fn ensure_first_owner(&self, first: FirstOwner) -> StoreResult<Member> {
        self.write(Touches::default(), move |tx| {
            let first = first.clone();
            Box::pin(async move {
                sqlx::query!("SELECT pg_advisory_xact_lock($1)::text AS locked", FIRST_OWNER_LOCK)
                    .fetch_one(&mut tx.conn)
                    .await?;
                if let Some(member) = first_owner(&mut tx.conn).await? {
                    return Ok(member);
                }
                make_first_owner(tx, &first).await?;
                first_owner(&mut tx.conn).await?.ok_or_else(|| Fault::corrupt("member.role", "there is no owner"))
            })
        })
        .await
    }

    async fn members(&self, workspace: Id<Workspace>) -> StoreResult<Vec<Member>> {
        let mut tx = self.read(workspace).await?;
        let rows = member_rows!("WHERE m.workspace_id = $1 ORDER BY m.created_at, m.user_id", workspace.raw())
            .fetch_all(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(rows.into_iter().map(Member::try_from).collect::<Result<_, _>>()?)
    }

    async fn member_by_email_any_workspace(&self, email: &str) -> StoreResult<Option<Member>> {
        let mut tx = self.read_system().await?;
        let row = member_rows!("WHERE u.email = $1 ORDER BY m.created_at, m.workspace_id LIMIT 1", email)
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(Member::try_from).transpose()?)
    }

    async fn member_by_user_any_workspace(&self, user: Id<User>) -> StoreResult<Option<Member>> {
        let mut tx = self.read_system().await?;
        let row = member_rows!("WHERE u.id = $1 ORDER BY m.created_at, m.workspace_id LIMIT 1", user.raw())
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(Member::try_from).transpose()?)
    }

    async fn update_user(&self, user: Id<User>, name: &str, email: &str, password_hash: &str) -> StoreResult<()> {
        let (name, email, password_hash) = (name.to_owned(), email.to_owned(), password_hash.to_owned());
        self.write(Touches::default(), move |tx| {
            let (name, email, password_hash) = (name.clone(), email.clone(), password_hash.clone());
            Box::pin(async move {
                let done = sqlx::query!(
                    r#"UPDATE "user" SET name = $2, email = $3, password_hash = $4 WHERE id = $1"#,
                    user.raw(),
                    name,
                    email,
                    password_hash,
                )
                .execute(&mut tx.conn)
                .await
                .map_err(Fault::from);
                match done {
                    Err(fault) if fault.violates("user_email_key") => {
                        Err(StoreError::Conflict { what: "user.email" }.into())
                    }
                    other => other.map(|_| ()),
                }
            })
        })
        .await
    }

    async fn create_session(
        &self,
        hash: SecretHash,
        user: Id<User>,
        workspace: Id<Workspace>,
        expires_at: Timestamp,
    ) -> StoreResult<()> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                sqlx::query!("DELETE FROM session WHERE expires_at <= $1", now).execute(&mut tx.conn).await?;
                sqlx::query!(
                    "INSERT INTO session (hash, workspace_id, user_id, expires_at) VALUES ($1, $2, $3, $4)",
                    hash.as_slice(),
                    workspace.raw(),
                    user.raw(),
                    expires_at.as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn session(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<Session>> {
        let mut tx = self.read_system().await?;
        let session = session_in(&mut tx, hash, now).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(session)
    }

    async fn delete_session(&self, hash: &SecretHash) -> StoreResult<()> {
        let hash = *hash;
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                sqlx::query!("DELETE FROM session WHERE hash = $1", hash.as_slice()).execute(&mut tx.conn).await?;
                Ok(())
            })
        })
        .await
    }

    async fn create_login_link(&self, hash: SecretHash, link: LoginLink) -> StoreResult<()> {
        self.write(Touches::default(), move |tx| {
            let link = link.clone();
            Box::pin(async move {
                let now = tx.now().as_millis();
                sqlx::query!("DELETE FROM login_link WHERE expires_at <= $1", now).execute(&mut tx.conn).await?;
                sqlx::query!(
                    "INSERT INTO login_link (hash, user_id, expires_at) VALUES ($1, $2, $3)",
                    hash.as_slice(),
                    link.user_id.raw(),
                    link.expires_at.as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn login_link(&self, hash: &SecretHash, now: Timestamp, spend: bool) -> StoreResult<Option<LoginLink>> {
        let hash = *hash;
        if spend {
            return self.write(Touches::default(), move |tx| Box::pin(spend_link(tx, hash, now))).await;
        }
        let mut tx = self.read_system().await?;
        let row = sqlx::query!(
            "SELECT user_id, expires_at FROM login_link WHERE hash = $1 AND expires_at > $2",
            hash.as_slice(),
            now.as_millis()
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(|row| LoginLink {
            user_id: Id::from_raw(row.user_id),
            expires_at: Timestamp::from_millis(row.expires_at),
        }))
    }
}

async fn session_in(conn: &mut PgConnection, hash: &SecretHash, now: Timestamp) -> Result<Option<Session>, Fault> {
    let session = sqlx::query!(
        "SELECT workspace_id, user_id, expires_at FROM session WHERE hash = $1 AND expires_at > $2",
        hash.as_slice(),
        now.as_millis(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(session) = session else {
        return Ok(None);
    };
    let row = member_rows!("WHERE m.workspace_id = $1 AND m.user_id = $2", session.workspace_id, session.user_id)
        .fetch_one(conn)
        .await?;
    Ok(Some(Session { hash: *hash, member: row.try_into()?, expires_at: Timestamp::from_millis(session.expires_at) }))
}

async fn spend_link(tx: &mut Tx, hash: SecretHash, now: Timestamp) -> Result<Option<LoginLink>, Fault> {
    let row = sqlx::query!(
        "DELETE FROM login_link WHERE hash = $1 AND expires_at > $2 RETURNING user_id, expires_at",
        hash.as_slice(),
        now.as_millis(),
    )
    .fetch_optional(&mut tx.conn)
    .await?;
    Ok(row.map(|row| LoginLink {
        user_id: Id::from_raw(row.user_id),
        expires_at: Timestamp::from_millis(row.expires_at),
    }))
}

async fn first_owner(conn: &mut PgConnection) -> Result<Option<Member>, Fault> {
    let row = member_rows!("WHERE m.role = 'owner' ORDER BY w.created_at, w.id, m.created_at, m.user_id LIMIT 1")
        .fetch_optional(conn)
        .await?;
    row.map(Member::try_from).transpose()
}

async fn make_first_owner(tx: &mut Tx, first: &FirstOwner) -> Result<(), Fault> {
    let now = tx.now();
    let workspace: Id<Workspace> = tx.ids.next(now)?;
    let user: Id<User> = tx.ids.next(now)?;
    sqlx::query!(
        "INSERT INTO workspace (id, name, created_at) VALUES ($1, $2, $3)",
        workspace.raw(),
        first.workspace_name,
        now.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    sqlx::query!(
        r#"INSERT INTO "user" (id, name, created_at) VALUES ($1, $2, $3)"#,
        user.raw(),
        first.owner_name,
        now.as_millis()
    )
    .execute(&mut tx.conn)
    .await?;
    sqlx::query!(
        "INSERT INTO member (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'owner', $3)",
        workspace.raw(),
        user.raw(),
        now.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

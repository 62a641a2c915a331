//! The port [`Directory`]: workspaces, members, sessions and one-time links.

use async_trait::async_trait;
use domain::{
    clock::Timestamp,
    id::Id,
    identity::{FirstOwner, LoginLink, Member, Role, SecretHash, Session, User, permitted_from},
    store::{Directory, StoreError, StoreResult},
    workspace::Workspace,
};
use rusqlite::params;

use crate::{
    SqliteStore,
    error::{corrupt, fault, is_unique_violation},
    rows,
    sql::{Columns, execute, many, one, statements},
    text::Text,
    writer::Tx,
};

/// A member with user and workspace; read by [`member`].
macro_rules! member_columns {
    () => {
        "u.id, u.email, u.name, u.password_hash, u.created_at, w.id, w.name, w.created_at, b.role, b.accounts"
    };
}
macro_rules! member_tables {
    () => {
        "member b JOIN \"user\" u ON u.id = b.user_id JOIN workspace w ON w.id = b.workspace_id"
    };
}

statements! {
    OLDEST_WORKSPACE = "SELECT id, name, created_at FROM workspace ORDER BY created_at, id LIMIT 1";
    FIRST_OWNER = concat!(
        "SELECT ", member_columns!(), " FROM ", member_tables!(), " WHERE b.role = 'owner' ORDER BY w.created_at, w.id, b.created_at, u.id LIMIT 1"
    );
    MEMBERS = concat!("SELECT ", member_columns!(), " FROM ", member_tables!(), " WHERE b.workspace_id = ?1 ORDER BY b.created_at, u.id");
    BY_EMAIL = concat!("SELECT ", member_columns!(), " FROM ", member_tables!(), " WHERE u.email = ?1 ORDER BY b.created_at, w.id LIMIT 1");
    BY_USER = concat!("SELECT ", member_columns!(), " FROM ", member_tables!(), " WHERE u.id = ?1 ORDER BY b.created_at, w.id LIMIT 1");
    INSERT_WORKSPACE = "INSERT INTO workspace (id, name, created_at) VALUES (?1, ?2, ?3)";
    INSERT_USER = "INSERT INTO \"user\" (id, name, created_at) VALUES (?1, ?2, ?3)";
    INSERT_MEMBER = "INSERT INTO member (workspace_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4)";
    UPDATE_USER = "UPDATE \"user\" SET name = ?2, email = ?3, password_hash = ?4 WHERE id = ?1";
    FORGET_SESSIONS = "DELETE FROM session WHERE expires_at <= ?1";
    INSERT_SESSION = "INSERT INTO session (hash, workspace_id, user_id, expires_at) VALUES (?1, ?2, ?3, ?4)";
    SESSION = concat!(
        "SELECT ", member_columns!(), ", s.expires_at FROM session s JOIN ", member_tables!(),
        " WHERE b.workspace_id = s.workspace_id AND b.user_id = s.user_id AND s.hash = ?1 AND s.expires_at > ?2"
    );
    DELETE_SESSION = "DELETE FROM session WHERE hash = ?1";
    FORGET_LINKS = "DELETE FROM login_link WHERE expires_at <= ?1";
    INSERT_LINK = "INSERT INTO login_link (hash, user_id, expires_at) VALUES (?1, ?2, ?3)";
    LINK = "SELECT user_id, expires_at FROM login_link WHERE hash = ?1 AND expires_at > ?2";
    SPEND_LINK = "DELETE FROM login_link WHERE hash = ?1 AND expires_at > ?2 RETURNING user_id, expires_at";
}

#[async_trait]
impl Directory for SqliteStore {
    async fn default_workspace(&self) -> StoreResult<Option<Workspace>> {
        self.read(|connection| {
            one(connection, OLDEST_WORKSPACE, [], |row| rows::workspace(&mut Columns::new(row, "workspace")))
        })
        .await
    }

    async fn ensure_first_owner(&self, first: FirstOwner) -> StoreResult<Member> {
        self.write(move |tx| {
            if let Some(owner) = one(tx.connection, FIRST_OWNER, [], member)? {
                return Ok(owner);
            }
            create_first_owner(tx, &first)?;
            one(tx.connection, FIRST_OWNER, [], member)?.ok_or_else(|| corrupt("member".to_owned()))
        })
        .await
    }

    async fn members(&self, workspace: Id<Workspace>) -> StoreResult<Vec<Member>> {
        self.read(move |connection| many(connection, MEMBERS, [workspace.raw()], member)).await
    }

    async fn member_by_email_any_workspace(&self, email: &str) -> StoreResult<Option<Member>> {
        let email = email.to_owned();
        self.read(move |connection| one(connection, BY_EMAIL, [email], member)).await
    }

    async fn member_by_user_any_workspace(&self, user: Id<User>) -> StoreResult<Option<Member>> {
        self.read(move |connection| one(connection, BY_USER, [user.raw()], member)).await
    }

    async fn update_user(&self, user: Id<User>, name: &str, email: &str, password_hash: &str) -> StoreResult<()> {
        let row = (user.raw(), name.to_owned(), email.to_owned(), password_hash.to_owned());
        self.write(move |tx| {
            let updated = tx.connection.prepare_cached(UPDATE_USER).and_then(|mut statement| statement.execute(row));
            match updated {
                Ok(0) => Err(StoreError::Conflict { what: "user" }),
                Ok(_) => Ok(()),
                Err(error) if is_unique_violation(&error) => Err(StoreError::Conflict { what: "user.email" }),
                Err(error) => Err(fault(error)),
            }
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
        self.write(move |tx| {
            execute(tx.connection, FORGET_SESSIONS, [tx.now.as_millis()])?;
            execute(tx.connection, INSERT_SESSION, (hash, workspace.raw(), user.raw(), expires_at.as_millis()))
                .map(drop)
        })
        .await
    }

    async fn session(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<Session>> {
        let hash = *hash;
        self.read(move |connection| {
            one(connection, SESSION, params![hash, now.as_millis()], |row| {
                let mut columns = Columns::new(row, "session");
                Ok(Session { hash, member: member_from(&mut columns)?, expires_at: columns.table("session").time()? })
            })
        })
        .await
    }

    async fn delete_session(&self, hash: &SecretHash) -> StoreResult<()> {
        let hash = *hash;
        self.write(move |tx| execute(tx.connection, DELETE_SESSION, [hash]).map(drop)).await
    }

    async fn create_login_link(&self, hash: SecretHash, link: LoginLink) -> StoreResult<()> {
        self.write(move |tx| {
            execute(tx.connection, FORGET_LINKS, [tx.now.as_millis()])?;
            execute(tx.connection, INSERT_LINK, (hash, link.user_id.raw(), link.expires_at.as_millis())).map(drop)
        })
        .await
    }

    async fn login_link(&self, hash: &SecretHash, now: Timestamp, spend: bool) -> StoreResult<Option<LoginLink>> {
        let key = (*hash, now.as_millis());
        let link = |row: &rusqlite::Row<'_>| {
            let mut columns = Columns::new(row, "login_link");
            Ok(LoginLink { user_id: columns.id()?, expires_at: columns.time()? })
        };
        if spend {
            self.write(move |tx| one(tx.connection, SPEND_LINK, key, link)).await
        } else {
            self.read(move |connection| one(connection, LINK, key, link)).await
        }
    }
}

fn create_first_owner(tx: &Tx<'_>, first: &FirstOwner) -> StoreResult<()> {
    let (workspace, user, now): (Id<Workspace>, Id<User>, i64) = (tx.new_id()?, tx.new_id()?, tx.now.as_millis());
    execute(tx.connection, INSERT_WORKSPACE, (workspace.raw(), &first.workspace_name, now))?;
    execute(tx.connection, INSERT_USER, (user.raw(), &first.owner_name, now))?;
    execute(tx.connection, INSERT_MEMBER, (workspace.raw(), user.raw(), Role::Owner.text(), now)).map(drop)
}

fn member(row: &rusqlite::Row<'_>) -> StoreResult<Member> {
    member_from(&mut Columns::new(row, "member"))
}

fn member_from(columns: &mut Columns<'_, '_>) -> StoreResult<Member> {
    let row = columns.table("user");
    let user =
        User { id: row.id()?, email: row.get()?, name: row.get()?, password_hash: row.get()?, created_at: row.time()? };
    let workspace = rows::workspace(columns)?;
    let row = columns.table("member");
    Ok(Member { user, workspace, role: row.text()?, accounts: permitted_from(row.opt_json()?) })
}

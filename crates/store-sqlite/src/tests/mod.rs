//! What only this store promises: its file, its statements, a full disk. What every store promises is in `tests/contract.rs`.

mod disk;
mod file;
mod statements;

use std::{path::Path, sync::Arc};

use domain::{
    Clock, IdGenerator, Timestamp,
    account::{Connect, ProviderKind},
    delivery::NewDelivery,
    id::Id,
    identity::FirstOwner,
    store::{Accounts, Directory},
    workspace::Workspace,
};

use crate::SqliteStore;

const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

fn open(folder: &Path) -> SqliteStore {
    let ids = IdGenerator::without_lease();
    ids.grant(1, Timestamp::MAX);
    SqliteStore::open(&folder.join("gateway.db"), Clock::manual(NOW), Arc::new(ids)).unwrap()
}

async fn connect(store: &SqliteStore) -> Id<Workspace> {
    let first = FirstOwner { workspace_name: "Ban Suan".to_owned(), owner_name: "Ploy".to_owned() };
    let workspace = store.ensure_first_owner(first).await.unwrap().workspace.id;
    let connect = Connect {
        provider: ProviderKind::Official,
        external_id: "business-1".to_owned(),
        username: None,
        display_name: None,
        avatar_url: None,
        scopes: Vec::new(),
        tokens: None,
    };
    store.connect_account(workspace, connect).await.unwrap();
    workspace
}

/// A delivery of `size` bytes, different for each number.
fn delivery(number: u8, size: usize) -> NewDelivery {
    NewDelivery {
        provider: ProviderKind::Official,
        account_external_id: Some("business-1".to_owned()),
        event: "im_receive_msg".to_owned(),
        body: vec![number; size].into(),
        digest: [number; 16],
        received_at: NOW,
        late: false,
        items: Vec::new(),
        unsupported: None,
    }
}

//! Workspaces of Respond.io: tokens, accounts that hang on them, the right to ask them, and how far each contact was read.

use std::time::Duration;

use super::{Harness, bench::Bench};
use crate::{
    account::{Account, Connect, ProviderKind},
    id::Id,
    space::{Mark, Space, SpaceChannel, SpaceLease, SpacePatch, SpaceState},
    store::{Accounts, Spaces, Watching},
};

fn channel(id: &str) -> SpaceChannel {
    SpaceChannel {
        id: id.to_owned(), name: Some("ร้านดอกไม้".to_owned()), source: Some("tiktok".to_owned())
    }
}

pub(super) async fn space<H: Harness>(bench: &Bench<H>) -> Space {
    let id = bench.store().new_space_id().await.unwrap();
    bench.store().add_space(bench.workspace, id, vec![1, 2, 3], vec![channel("54321")]).await.unwrap()
}

pub(super) async fn account<H: Harness>(bench: &Bench<H>, channel: &str) -> Account {
    let connect = Connect {
        provider: ProviderKind::Respondio,
        external_id: channel.to_owned(),
        username: None,
        display_name: Some("ร้านดอกไม้".to_owned()),
        avatar_url: None,
        scopes: Vec::new(),
        tokens: None,
    };
    bench.store().connect_account(bench.workspace, connect).await.unwrap()
}

pub(super) async fn lease<H: Harness>(bench: &Bench<H>, space: Id<Space>) -> SpaceLease {
    bench.store().lease_space(space, None).await.unwrap().expect("nobody has it")
}

pub(super) fn mark(contact: u64, up_to: u64) -> Mark {
    Mark { contact, up_to, pending: None, ours: true }
}

/// What is put is there; a patch changes what it names, and nobody else's.
pub async fn a_space_is_kept_with_its_token<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let first = space(&bench).await;
    assert_eq!(store.spaces(workspace).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!((first.state, first.pushed_at, first.token.as_slice()), (SpaceState::Active, None, &[1, 2, 3][..]));
    let state = Some((SpaceState::Refused, Some("no more".to_owned())));
    let refused = store.patch_space(workspace, first.id, SpacePatch { state, ..SpacePatch::default() }).await.unwrap();
    let expected = Space { state: SpaceState::Refused, reason: Some("no more".to_owned()), ..first.clone() };
    assert_eq!(refused, Some(expected));
    let now = bench.clock.now();
    let whole = SpacePatch {
        token: Some(vec![9]),
        channels: Some(Vec::new()),
        state: Some((SpaceState::Active, None)),
        pushed_at: Some(now),
    };
    let patched = store.patch_space(workspace, first.id, whole).await.unwrap().unwrap();
    assert_eq!(
        (patched.token, patched.channels, patched.reason, patched.pushed_at),
        (vec![9], vec![], None, Some(now))
    );
    let stranger = bench.second_workspace(41).await;
    assert_eq!(store.patch_space(stranger, first.id, SpacePatch::default()).await.unwrap(), None);
    assert_eq!(store.spaces(stranger).await.unwrap(), []);
    assert!(!store.remove_space(stranger, first.id).await.unwrap());
    assert_eq!(store.spaces_any_workspace().await.unwrap().len(), 1);
}

/// An account hangs on one space; another one takes it over.
pub async fn accounts_hang_on_one<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let (one, other) = (space(&bench).await, space(&bench).await);
    let (first, second) = (account(&bench, "54321").await, account(&bench, "54322").await);
    assert_eq!(store.space_of(workspace, first.id).await.unwrap(), None);
    for account in [&first, &second] {
        assert!(store.hang_account(workspace, one.id, account.id).await.unwrap());
    }
    let hung = async |space: &Space| -> Vec<Id<Account>> {
        let accounts = store.accounts_of_space(workspace, space.id).await.unwrap();
        accounts.into_iter().map(|account| account.id).collect()
    };
    assert_eq!(hung(&one).await, [first.id, second.id]);
    assert!(store.hang_account(workspace, other.id, second.id).await.unwrap());
    assert_eq!((hung(&one).await, hung(&other).await), (vec![first.id], vec![second.id]));
    assert_eq!(store.space_of(workspace, second.id).await.unwrap().map(|space| space.id), Some(other.id));
    let stranger = bench.second_workspace(41).await;
    assert!(!store.hang_account(stranger, one.id, first.id).await.unwrap());
    assert_eq!(store.space_of(stranger, first.id).await.unwrap(), None);
    assert!(store.accounts_of_space(stranger, one.id).await.unwrap().is_empty());
}

/// The right to ask is one process's until it gives it back or says nothing for a minute.
pub async fn one_asks_at_a_time<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let store = bench.store();
    let id = space(&bench).await.id;
    let first = lease(&bench, id).await;
    assert_eq!(first.until, bench.clock.now().plus(Duration::from_mins(1)));
    assert_eq!(store.lease_space(id, None).await.unwrap(), None);
    bench.advance(50);
    let kept = store.lease_space(id, Some(first.token)).await.unwrap().unwrap();
    assert!(kept.until > first.until && kept.token == first.token);
    bench.advance(59);
    assert_eq!(store.lease_space(id, None).await.unwrap(), None);
    bench.advance(1);
    let second = lease(&bench, id).await;
    assert_ne!(second.token, first.token);
    assert_eq!(store.lease_space(id, Some(first.token)).await.unwrap(), None, "somebody else has it by now");
    store.release_space(first).await.unwrap();
    assert_eq!(store.lease_space(id, None).await.unwrap(), None, "an old right gives nothing back");
    store.release_space(second).await.unwrap();
    lease(&bench, id).await;
    assert_eq!(store.lease_space(Id::from_raw(7), None).await.unwrap(), None, "there is no such space");
}

/// Only who has the right writes down how far a contact was read.
pub async fn marks_are_fenced<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let store = bench.store();
    let id = space(&bench).await.id;
    let first = lease(&bench, id).await;
    assert!(store.set_mark(first, mark(410_000_101, 1_795_170_000_000_001), None).await.unwrap());
    let changed =
        Mark { pending: Some(1_795_170_000_000_002), ours: false, ..mark(410_000_101, 1_795_170_000_000_003) };
    assert!(store.set_mark(first, changed, None).await.unwrap());
    assert!(store.set_mark(first, mark(7, 0), None).await.unwrap());
    assert_eq!(store.marks(id).await.unwrap(), [mark(7, 0), changed]);
    bench.advance(61);
    let second = lease(&bench, id).await;
    assert!(!store.set_mark(first, mark(7, 9), None).await.unwrap());
    assert!(store.set_mark(second, mark(7, 8), None).await.unwrap());
    assert_eq!(store.marks(id).await.unwrap(), [mark(7, 8), changed]);
}

/// What contacts said on a channel that is new here has to be read; a channel that was here is not read again.
pub async fn a_new_account_is_read_from_the_beginning<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    let held = lease(&bench, id).await;
    let (first, second) = (account(&bench, "54321").await, account(&bench, "54322").await);
    store.hang_account(workspace, id, first.id).await.unwrap();
    store.set_mark(held, mark(7, 1), None).await.unwrap();
    store.hang_account(workspace, id, first.id).await.unwrap();
    assert_eq!(store.marks(id).await.unwrap().len(), 1);
    store.hang_account(workspace, id, second.id).await.unwrap();
    assert_eq!(store.marks(id).await.unwrap(), []);
}

/// A space that is removed leaves its accounts alone and nothing else behind.
pub async fn a_removed_one_takes_its_marks_along<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    let held = lease(&bench, id).await;
    let account = account(&bench, "54321").await;
    store.hang_account(workspace, id, account.id).await.unwrap();
    store.set_mark(held, mark(7, 1), None).await.unwrap();
    assert!(store.remove_space(workspace, id).await.unwrap());
    assert!(!store.remove_space(workspace, id).await.unwrap());
    assert_eq!((store.spaces(workspace).await.unwrap(), store.marks(id).await.unwrap()), (vec![], vec![]));
    assert_eq!(store.space_of(workspace, account.id).await.unwrap(), None);
    assert!(!store.set_mark(held, mark(7, 2), None).await.unwrap());
    assert_eq!(store.lease_space(id, Some(held.token)).await.unwrap(), None);
    assert!(store.account(&bench.scope, account.id).await.unwrap().is_some());
}

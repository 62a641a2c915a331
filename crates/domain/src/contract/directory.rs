//! Members, sessions, links, keys and settings.

use futures_util::future::join_all;

use super::{
    Harness,
    bench::Bench,
    report::{T0, at},
};
use crate::{
    id::Id,
    identity::{FirstOwner, KeyScope, LoginLink, OauthState, Role},
    store::{Directory, Secrets, StoreError},
    workspace::Permitted,
};

/// The first owner is made once, whoever asks.
pub async fn first_owner_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let first = FirstOwner { workspace_name: "Another".to_owned(), owner_name: "Somebody".to_owned() };
    for again in join_all((0..4).map(|_| bench.store().ensure_first_owner(first.clone()))).await {
        assert_eq!(again.unwrap(), bench.owner);
    }
    assert_eq!(
        (bench.owner.role, &bench.owner.accounts, bench.owner.user.email.as_deref()),
        (Role::Owner, &Permitted::All, None)
    );
    assert_eq!(bench.store().default_workspace().await.unwrap(), Some(bench.owner.workspace.clone()));
    assert_eq!(bench.store().members(bench.workspace).await.unwrap(), std::slice::from_ref(&bench.owner));
}

/// A mail address is one user's.
pub async fn users_and_mail<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let user = bench.owner.user.id;
    bench.store().update_user(user, "Ploy S.", "ploy@example.com", "$argon2id$hash").await.unwrap();
    let found = bench.store().member_by_email_any_workspace("ploy@example.com").await.unwrap().unwrap();
    assert_eq!(
        (found.user.id, found.user.name.as_str(), found.user.password_hash.as_deref()),
        (user, "Ploy S.", Some("$argon2id$hash"))
    );
    assert_eq!(bench.store().member_by_user_any_workspace(user).await.unwrap(), Some(found));
    bench.second_workspace(41).await;
    let taken = bench.store().update_user(Id::from_raw(41), "Other", "ploy@example.com", "x").await;
    assert!(matches!(taken, Err(StoreError::Conflict { what: "user.email" })), "{taken:?}");
    assert_eq!(bench.store().member_by_email_any_workspace("nobody@example.com").await.unwrap(), None);
    assert_eq!(bench.store().member_by_user_any_workspace(Id::from_raw(7)).await.unwrap(), None);
}

/// A session is valid until its end, or until it is deleted.
pub async fn sessions_end<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.store().create_session([1; 32], bench.owner.user.id, bench.workspace, at(60)).await.unwrap();
    let session = bench.store().session(&[1; 32], T0).await.unwrap().unwrap();
    assert_eq!((session.member, session.expires_at, session.hash), (bench.owner.clone(), at(60), [1; 32]));
    assert_eq!(bench.store().session(&[1; 32], at(60)).await.unwrap(), None);
    assert_eq!(bench.store().session(&[2; 32], T0).await.unwrap(), None);
    bench.store().delete_session(&[1; 32]).await.unwrap();
    assert_eq!(bench.store().session(&[1; 32], T0).await.unwrap(), None);
}

/// A link can be looked at, and spent once.
pub async fn links_are_spent_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let link = LoginLink { user_id: bench.owner.user.id, expires_at: at(1_800) };
    bench.store().create_login_link([1; 32], link.clone()).await.unwrap();
    assert_eq!(bench.store().login_link(&[1; 32], at(1_800), true).await.unwrap(), None, "too late");
    assert_eq!(bench.store().login_link(&[1; 32], T0, false).await.unwrap(), Some(link.clone()));
    let spent = join_all((0..8).map(|_| bench.store().login_link(&[1; 32], T0, true))).await;
    let spent: Vec<_> = spent.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(spent, [link]);
    assert_eq!(bench.store().login_link(&[1; 32], T0, false).await.unwrap(), None);
}

/// A key works until it is revoked; its use is noted to the minute.
pub async fn api_keys<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let store = bench.store();
    let key = store
        .create_api_key(bench.workspace, [1; 32], "mgw_ab", "orders", KeyScope::Send, Some(bench.owner.user.id))
        .await
        .unwrap();
    bench.advance(1);
    let other =
        store.create_api_key(bench.workspace, [2; 32], "mgw_cd", "reports", KeyScope::Read, None).await.unwrap();
    assert_eq!(store.api_keys(bench.workspace).await.unwrap(), [other.clone(), key.clone()]);
    let found = store.api_key_by_hash_any_workspace(&[1; 32], at(90)).await.unwrap().unwrap();
    assert_eq!(
        (found.id, found.scope, found.prefix.as_str(), found.name.as_str()),
        (key.id, KeyScope::Send, "mgw_ab", "orders")
    );
    let used = store.api_keys(bench.workspace).await.unwrap()[1].last_used_at.expect("the use is noted");
    assert!(at(90).since(used).as_secs() < 60 && used <= at(90));
    let elsewhere = bench.second_workspace(41).await;
    assert!(!store.revoke_api_key(elsewhere, key.id).await.unwrap());
    assert!(store.revoke_api_key(bench.workspace, key.id).await.unwrap());
    assert!(!store.revoke_api_key(bench.workspace, key.id).await.unwrap());
    assert_eq!(store.api_key_by_hash_any_workspace(&[1; 32], at(90)).await.unwrap(), None);
    assert_eq!(store.api_keys(bench.workspace).await.unwrap(), [other]);
    assert_eq!(store.api_keys(elsewhere).await.unwrap(), Vec::new());
}

/// An OAuth round trip ends once.
pub async fn oauth_states_are_taken_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let state = OauthState {
        workspace_id: bench.workspace,
        session: [9; 32],
        kind: "business".to_owned(),
        expires_at: at(600),
    };
    bench.store().create_oauth_state([1; 32], state.clone()).await.unwrap();
    let taken = join_all((0..8).map(|_| bench.store().take_oauth_state(&[1; 32], T0))).await;
    let taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, std::slice::from_ref(&state));
    bench.store().create_oauth_state([2; 32], state).await.unwrap();
    assert_eq!(bench.store().take_oauth_state(&[2; 32], at(600)).await.unwrap(), None, "too late");
}

/// The first value of a setting stands.
pub async fn settings_stand<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    assert_eq!(bench.store().setting("canary").await.unwrap(), None);
    assert_eq!(bench.store().setting_or_insert("canary", &[0, 1, 255]).await.unwrap(), [0, 1, 255]);
    assert_eq!(bench.store().setting_or_insert("canary", b"other").await.unwrap(), [0, 1, 255]);
    assert_eq!(bench.store().setting("canary").await.unwrap(), Some(vec![0, 1, 255]));
}

/// What the `user` and `api-key` commands write while the gateway runs is seen at once.
pub async fn written_by_another_process<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let user = bench.owner.user.id;
    assert_eq!(bench.store().member_by_email_any_workspace("ploy@example.com").await.unwrap(), None);
    bench.harness.execute(&format!("UPDATE \"user\" SET email = 'ploy@example.com' WHERE id = {}", user.raw())).await;
    assert_eq!(bench.store().member_by_email_any_workspace("ploy@example.com").await.unwrap().unwrap().user.id, user);
    bench.store().create_api_key(bench.workspace, [1; 32], "mgw_ab", "orders", KeyScope::Send, None).await.unwrap();
    assert!(bench.store().api_key_by_hash_any_workspace(&[1; 32], T0).await.unwrap().is_some());
    bench.harness.execute("UPDATE api_key SET revoked_at = 1").await;
    assert_eq!(bench.store().api_key_by_hash_any_workspace(&[1; 32], T0).await.unwrap(), None);
    let accounts = serde_json::to_string(&[bench.account.id]).unwrap();
    bench.harness.execute(&format!("UPDATE member SET accounts = '{accounts}'")).await;
    let permitted = bench.store().members(bench.workspace).await.unwrap().remove(0).accounts;
    assert_eq!(permitted, Permitted::Only([bench.account.id].into()));
}

//! Connected accounts and their tokens.

use super::{
    Harness,
    bench::{BUSINESS, Bench, connect, tokens},
    report::{T0, at},
};
use crate::{
    account::{AccountState, Connect, ProviderKind},
    event::Subject,
    ledger::RuleSet,
    store::{Accounts, Bindings as _, Events, StoreError},
};

/// A new account is active, with its names, scopes, rules and an event.
pub async fn connecting<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let account = &bench.account;
    assert_eq!(
        (account.state, account.provider, account.external_id.as_str()),
        (AccountState::Active, ProviderKind::Official, BUSINESS)
    );
    assert_eq!(
        (account.rule_set, account.connected_at, account.token_expires_at),
        (RuleSet::Strict, T0, Some(at(86_400)))
    );
    assert_eq!(account.scopes, ["message.list.send"]);
    let plain = Connect { provider: ProviderKind::Thirdparty, tokens: None, ..connect("local") };
    let plain = bench.store().connect_account(bench.workspace, plain).await.unwrap();
    assert_eq!((plain.rule_set, plain.token_expires_at), (RuleSet::Unlimited, None));
    assert_eq!(bench.store().accounts(&bench.scope).await.unwrap(), [account.clone(), plain.clone()]);
    let found = bench.store().account_by_external_id_any_workspace(ProviderKind::Official, BUSINESS).await.unwrap();
    assert_eq!(found.as_ref(), Some(account));
    assert_eq!(
        bench.store().account_by_external_id_any_workspace(ProviderKind::Thirdparty, BUSINESS).await.unwrap(),
        None
    );
    let events = bench.store().events_after(Some(bench.workspace), 0, 10).await.unwrap().events;
    assert!(
        matches!(&events[..], [_, last] if matches!(&last.subject, Subject::Account(one) if one.account.id == plain.id))
    );
}

/// Connecting again heals the account, keeps what silence leaves, and a refresh begun before loses.
pub async fn connecting_again_fences_refreshes<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let id = bench.account.id;
    bench
        .store()
        .set_account_state(&bench.scope, id, AccountState::Reconnect, Some("refused".to_owned()))
        .await
        .unwrap();
    bench.advance(60);
    let again = Connect { username: None, scopes: vec!["user.info.basic".to_owned()], ..connect(BUSINESS) };
    let account = bench.store().connect_account(bench.workspace, again).await.unwrap();
    assert_eq!(
        (account.id, account.state, account.state_reason.as_deref(), account.connected_at),
        (id, AccountState::Active, None, at(60))
    );
    assert_eq!(
        (account.username.as_deref(), account.scopes),
        (Some("business-1.shop"), vec!["user.info.basic".to_owned()])
    );
    assert!(
        !bench.store().replace_tokens(&bench.scope, bench.account.binding, tokens(2)).await.unwrap(),
        "it was begun with the old tokens"
    );
    assert_eq!(bench.store().tokens(&bench.scope, bench.account.binding).await.unwrap(), Some(tokens(2)));
    assert_eq!(bench.store().accounts(&bench.scope).await.unwrap().len(), 1);
}

/// One TikTok account belongs to one workspace.
pub async fn one_workspace_per_account<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let other = bench.second_workspace(41).await;
    let answer = bench.store().connect_account(other, connect(BUSINESS)).await;
    assert!(matches!(answer, Err(StoreError::Conflict { .. })));
    assert!(bench.store().connect_account(other, connect("business-2")).await.is_ok());
}

/// States tell why; tokens are replaced by who read the newest, and forgotten.
pub async fn states_and_tokens<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (id, binding, scope) = (bench.account.id, bench.account.binding, &bench.scope);
    let paused = bench
        .store()
        .set_account_state(scope, id, AccountState::Paused, Some("by hand".to_owned()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((paused.state, paused.state_reason.as_deref()), (AccountState::Paused, Some("by hand")));
    assert!(bench.store().replace_tokens(scope, binding, tokens(2)).await.unwrap());
    assert!(!bench.store().replace_tokens(scope, binding, tokens(2)).await.unwrap());
    assert_eq!(bench.store().tokens(scope, binding).await.unwrap(), Some(tokens(2)));
    let ending = |secs| bench.store().tokens_ending_any_workspace(at(secs));
    assert_eq!(ending(86_400).await.unwrap(), Vec::new());
    assert_eq!(
        ending(86_401).await.unwrap().iter().map(|one| (one.id, one.account_id)).collect::<Vec<_>>(),
        [(binding, id)]
    );
    for state in [AccountState::Reconnect, AccountState::Disconnected] {
        bench.store().set_account_state(scope, id, state, None).await.unwrap();
        assert_eq!(ending(86_401).await.unwrap(), Vec::new(), "{state:?} can't be refreshed");
    }
    bench.store().forget_tokens(scope, binding).await.unwrap();
    assert_eq!(bench.store().tokens(scope, binding).await.unwrap(), None);
    assert_eq!(bench.store().account(scope, id).await.unwrap().unwrap().token_expires_at, None);
    assert!(!bench.store().replace_tokens(scope, binding, tokens(3)).await.unwrap());
}

/// Each account has one reading of TikTok's rules; a change is told, and stays when the account is connected again.
pub async fn the_rules_of_an_account<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (id, scope) = (bench.account.id, &bench.scope);
    let before = bench.store().head_seq().await.unwrap();
    let changed = bench.store().set_rule_set(scope, id, RuleSet::Guide).await.unwrap().unwrap();
    assert_eq!(changed.rule_set, RuleSet::Guide);
    let events = bench.store().events_after(Some(bench.workspace), before, 10).await.unwrap().events;
    assert!(
        matches!(&events[..], [one] if matches!(&one.subject, Subject::Account(one) if one.account.rule_set == RuleSet::Guide))
    );
    let again = bench.store().connect_account(bench.workspace, connect(BUSINESS)).await.unwrap();
    assert_eq!(again.rule_set, RuleSet::Guide);
    let other = bench.second_workspace(41).await;
    let stranger = crate::workspace::Scope::all(other);
    assert_eq!(bench.store().set_rule_set(&stranger, id, RuleSet::Strict).await.unwrap(), None);
}

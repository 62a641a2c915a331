//! An identity and the account of the same person: told by their username, confirmed or denied by a person, one from then on.

use serde_json::{Value, json};
use simulator::DEFAULT_WEB_KEY;

use crate::{
    harness::{SHOP, answer},
    identities::{BOTH, business, get, identify, post, with_kit},
};

#[tokio::test]
async fn a_dead_refresh_token_is_said_on_the_identity() {
    let (world, cookie) = with_kit().await;
    let (identity, shop) = (identify(&world, &cookie).await, business(&world, &cookie).await);
    post(&world, &format!("{}/merge", shop.id), json!({"with": identity.id})).await;
    world.sim.grant(SHOP, DEFAULT_WEB_KEY, &BOTH).unwrap();
    let binding = world.store().binding(&world.scope().await, identity.binding).await.unwrap().unwrap();
    assert!(world.app().tokens.refresh(&binding).await.is_err());
    let shown = get(&world, shop.id).await;
    assert_eq!((&shown["state"], &shown["identity"]["connected"]), (&json!("active"), &json!(false)));
}

#[tokio::test]
async fn two_accounts_of_one_person_become_one() {
    let (world, cookie) = with_kit().await;
    let (shop, identity) = (business(&world, &cookie).await, identify(&world, &cookie).await);
    assert_ne!(shop.external_id, identity.external_id, "the two platforms know one person by two ids");
    assert_eq!(get(&world, shop.id).await["sameAs"], json!({"accountId": identity.id, "username": SHOP}));
    assert_eq!(get(&world, identity.id).await["sameAs"]["accountId"], json!(shop.id));

    let viewer = world
        .http
        .post(format!("{}/api/v1/accounts/{}/merge", world.base, shop.id))
        .json(&json!({"with": identity.id}));
    assert_eq!(answer(viewer).await.0, 401);
    for (one, other) in [(identity.id, shop.id), (shop.id, identity.id)] {
        let (status, merged) = post(&world, &format!("{one}/merge"), json!({"with": other})).await;
        assert_eq!((status, &merged["id"], &merged["openId"]), (200, &json!(shop.id), &json!(shop.external_id)));
        assert_eq!((&merged["identity"]["openId"], &merged["canSend"]), (&json!(identity.external_id), &json!(true)));
    }
    let (_, list) = answer(world.api("GET", "/api/v1/accounts")).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(answer(world.api("GET", &format!("/api/v1/accounts/{}", identity.id))).await.0, 404);
    let (_, events) = answer(world.api("GET", "/api/v1/events?after=0")).await;
    let events = events["items"].as_array().unwrap().clone();
    assert!(events.iter().any(|one| one["event"] == "removed" && one["data"]["accountId"] == json!(identity.id)));

    let binding = world.store().binding(&world.scope().await, identity.binding).await.unwrap().unwrap();
    assert_eq!(world.app().tokens.refresh(&binding).await.unwrap().version, 2, "its tokens go on living");
    assert_eq!(identify(&world, &cookie).await.id, shop.id, "connecting it again finds the one account");
}

#[tokio::test]
async fn what_can_not_be_one_is_refused_in_plain_words() {
    let (world, cookie) = with_kit().await;
    let shop = business(&world, &cookie).await;
    let other = world.adopt("another-business").await;
    let (status, problem) = post(&world, &format!("{}/merge", shop.id), json!({"with": other.id})).await;
    assert_eq!((status, problem["type"].as_str().unwrap().rsplit('/').next()), (409, Some("cant-merge")));
    assert!(problem["detail"].as_str().unwrap().contains("both accounts carry messages"));
    let identity = identify(&world, &cookie).await;
    let (status, _) = post(&world, &format!("{}/merge", identity.id), json!({"with": identity.id})).await;
    assert_eq!(status, 409);
    let (status, shown) = post(&world, &format!("{}/keep-apart", identity.id), json!({"with": shop.id})).await;
    assert_eq!((status, &shown["sameAs"]["accountId"]), (200, &json!(other.id)), "the next of that name");
    post(&world, &format!("{}/keep-apart", other.id), json!({"with": identity.id})).await;
    assert_eq!(get(&world, identity.id).await["sameAs"], Value::Null);
    assert_eq!(get(&world, shop.id).await["sameAs"], Value::Null, "nobody is asked again");
}

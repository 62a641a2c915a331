//! Connecting through Respond.io: a token is tried before it is kept, kept encrypted, and shown to nobody; channels become accounts.

use std::time::Duration;

use domain::account::AccountState;
use serde_json::{Value, json};
use simulator::{
    NewBusiness,
    respondio::{NewChannel, NewWorkspace, Plan},
};

use crate::{
    desk::{Desk, connect, put_token},
    harness::{SHOP, World, answer},
    stage::slug,
};

#[tokio::test]
async fn a_token_is_tried_first_and_the_answer_names_the_channels() {
    let world = World::by_hand(|_| {}).await;
    let post = |token: &str| {
        // So that the budget has room for the question.
        world.tick();
        answer(world.api("POST", "/api/v1/respondio/spaces").json(&json!({"token": token})))
    };
    for (token, slug_of) in
        [("", "invalid-parameter"), ("two words", "invalid-parameter"), ("unknown", "token-refused")]
    {
        let (_, problem) = post(token).await;
        assert_eq!(slug(&problem), slug_of, "{problem}");
    }
    let starter = world.sim.create_respondio_workspace(NewWorkspace { plan: Plan::Starter, ..NewWorkspace::default() });
    let (status, problem) = post(&starter.tokens[0]).await;
    assert_eq!((status, slug(&problem)), (409, "plan-without-api"));
    assert!(problem["detail"].as_str().unwrap().contains("Growth"), "{problem}");
    assert_eq!(world.store().spaces(world.workspace().await).await.unwrap(), [], "nothing was kept");

    world.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
    let workspace = world.sim.create_respondio_workspace(NewWorkspace::default());
    let (status, space) = post(&workspace.tokens[0]).await;
    assert_eq!((status, &space["channels"]), (201, &json!([])), "{space}");
    let new = NewChannel { business: SHOP.to_owned(), name: Some("ร้านกาแฟ".to_owned()) };
    let channel = world.sim.add_respondio_channel(workspace.id, &new).unwrap().id.to_string();
    let path = format!("/api/v1/respondio/spaces/{}", space["id"].as_str().unwrap());
    world.tick();
    let (_, space) = answer(world.api("GET", &path)).await;
    let expected = json!([{"id": channel, "name": "ร้านกาแฟ", "source": "tiktok", "tiktok": true, "accountId": null}]);
    assert_eq!(space["channels"], expected, "a channel that appeared while somebody waited");
    let kept = world.store().spaces(world.workspace().await).await.unwrap().remove(0);
    assert!(!String::from_utf8_lossy(&kept.token).contains(&workspace.tokens[0]), "it is kept encrypted");
    assert!(!space.to_string().contains(&workspace.tokens[0]), "and shown to nobody");
}

#[tokio::test]
async fn a_channel_becomes_an_account_and_a_removed_workspace_disconnects_it() {
    let desk = Desk::open().await;
    let world = &desk.world;
    assert_eq!(desk.account.external_id, desk.channel.to_string());
    assert_eq!(desk.account.display_name.as_deref(), Some("ร้านกาแฟ TikTok"));
    let path = format!("/api/v1/respondio/spaces/{}", desk.space);
    world.tick();
    let (_, space) = answer(world.api("GET", &path)).await;
    assert_eq!(space["channels"][0]["accountId"], desk.account.id.to_string());
    world.tick();
    let (status, problem) =
        answer(world.api("POST", &format!("{path}/accounts")).json(&json!({"channelId": "1"}))).await;
    assert_eq!((status, slug(&problem)), (404, "not-found"));
    assert_eq!(answer(world.api("DELETE", &path)).await.0, 204);
    let account = world.account().await;
    assert_eq!(account.state, AccountState::Disconnected);
    assert_eq!(answer(world.api("GET", &path)).await.0, 404);
    desk.pass(Duration::from_secs(5)).await;
    let calls = desk.calls("").len();
    desk.pass(Duration::from_mins(2)).await;
    assert_eq!(desk.calls("").len(), calls, "nobody is asked any more");
}

#[tokio::test]
async fn a_token_that_is_refused_later_stops_everything_until_there_is_a_new_one() {
    let desk = Desk::open().await;
    desk.customers(1);
    desk.says("customer.0", "ถึงไหม");
    desk.message("ถึงไหม").await;
    let fresh = desk.world.sim.add_respondio_token(desk.workspace.id, true).unwrap();
    let refused = async || {
        let account = desk.world.account().await;
        (account.state == AccountState::Reconnect).then_some(account)
    };
    let account = desk.until("the account says so", Duration::from_mins(1), refused).await;
    assert!(account.state_reason.unwrap().contains("access token"));
    let refusals = desk.calls("").iter().filter(|status| **status == 401).count();
    assert!(refusals <= 5, "{refusals}: what was on its way");
    desk.pass(Duration::from_mins(10)).await;
    assert_eq!(desk.calls("").iter().filter(|status| **status == 401).count(), refusals, "nobody hammers");

    let stranger = desk.world.sim.create_respondio_workspace(NewWorkspace::default());
    let path = format!("/api/v1/respondio/spaces/{}/token", desk.space);
    let request = desk.world.api("PUT", &path).json(&json!({"token": stranger.tokens[0]}));
    let (status, problem) = answer(request).await;
    assert_eq!((status, slug(&problem)), (400, "invalid-parameter"), "{problem}");
    desk.world.tick();

    desk.says("customer.0", "ตอนหลับ");
    let space = put_token(&desk.world, &fresh).await;
    assert_eq!(space, desk.space, "known by its channels");
    desk.message("ตอนหลับ").await;
    assert_eq!(desk.world.account().await.state, AccountState::Active);
}

#[tokio::test]
async fn only_admins_connect_and_no_workspace_sees_anothers() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let again = connect(world, &desk.space, desk.channel).await;
    assert_eq!(again.id, desk.account.id);
    let other = world.sign_in_to(world.second_workspace().await).await;
    let get = |path: &str| {
        world.http.get(format!("{}{path}", world.base)).header("cookie", &other).header("origin", &world.base)
    };
    let (_, page) = answer(get("/api/v1/respondio/spaces")).await;
    assert_eq!(page["items"], json!([]));
    assert_eq!(answer(get(&format!("/api/v1/respondio/spaces/{}", desk.space))).await.0, 404);
    let anonymous = world.http.get(format!("{}/api/v1/respondio/spaces", world.base));
    let (status, _): (u16, Value) = answer(anonymous).await;
    assert_eq!(status, 401);
}

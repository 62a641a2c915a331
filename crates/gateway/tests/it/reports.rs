//! Reports: a year's costs from what was really said, at prices that say of when they are.

use domain::message::MessageState;
use serde_json::{Value, json};

use crate::{
    harness::{World, answer},
    stage::slug,
};

async fn costs(world: &World, query: &str) -> (u16, Value) {
    answer(world.api("GET", &format!("/api/v1/reports/costs{query}"))).await
}

fn offer<'a>(costs: &'a Value, key: &str) -> &'a Value {
    costs["offers"].as_array().unwrap().iter().find(|offer| offer["key"] == key).unwrap()
}

#[tokio::test]
async fn costs_are_counted_from_what_was_said() {
    let (world, conversation) = World::in_conversation().await;
    let reply = world.reply(conversation, "ค่ะ").await;
    world.state_of(reply, MessageState::Sent).await;
    let (status, told) = costs(&world, "").await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["months"].as_array().unwrap().len(), 12);
    let current = json!({"month": "2026-09", "conversations": 1, "incoming": 1, "outgoing": 1});
    assert_eq!((&told["months"][11], &told["contacts"], &told["basis"]), (&current, &json!(1), &json!("this_month")));
    assert_eq!(offer(&told, "respondio-growth")["year"], 2388.0);
    assert_eq!(offer(&told, "respondio-growth-yearly")["year"], 1908.0);
    let direct = offer(&told, "direct");
    assert_eq!((&direct["year"], &direct["yearBaht"]), (&json!(84.0), &json!(2940)));
    assert!(
        told["offers"].as_array().unwrap().iter().all(|offer| offer["asOf"].as_str().unwrap().starts_with("2026-"))
    );
}

#[tokio::test]
async fn a_price_of_ones_own_goes_first_and_a_wrong_one_is_named() {
    let world = World::new().await;
    let (_, told) = costs(&world, "?contacts=1101&prices=sleekflow=250.5,thb=34").await;
    let own = offer(&told, "sleekflow");
    assert_eq!((&own["monthly"], &own["confidence"], &own["year"]), (&json!(250.5), &json!("yours"), &json!(3006.0)));
    assert_eq!((&told["baht"], &told["bahtAsOf"], &own["yearBaht"]), (&json!(34.0), &Value::Null, &json!(102_204)));
    let growth = offer(&told, "respondio-growth");
    assert_eq!((&growth["forContacts"], &growth["year"]), (&json!(24.0), &json!(2676.0)));
    for wrong in ["prices=growth=1", "prices=direct=cheap", "contacts=many"] {
        let (status, refused) = costs(&world, &format!("?{wrong}")).await;
        assert_eq!((status, slug(&refused)), (400, "invalid-parameter"), "{wrong}: {refused}");
    }
}

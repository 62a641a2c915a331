//! Pages, cursors, filters, and the ways to name and change a contact.

use serde_json::{Value, json};
use simulator::respondio::{NewChannel, Settings};
use simulator::{CustomerMessage, NewCustomer};

use crate::respondio::Desk;
use crate::support::BUSINESS;

/// Five contacts, each with as many messages as its number.
fn crowd(settings: Settings) -> Desk {
    let desk = Desk::with(settings);
    for number in 1..=5 {
        let username = format!("customer.{number}");
        desk.world.sim.create_customer(NewCustomer::new(&username, &format!("Customer {number}"))).unwrap();
        for message in 0..number {
            let text = format!("{number}/{message}");
            desk.world.sim.customer_writes(&CustomerMessage::text(&username, BUSINESS, &text)).unwrap();
        }
    }
    desk
}

fn all() -> Value {
    json!({"search": "", "timezone": "utc", "filter": {"$and": []}})
}

/// Follows `next` to the end; answers every page's names.
async fn pages(desk: &Desk, body: &Value) -> Vec<Vec<String>> {
    let mut path = "contact/list?limit=2".to_owned();
    let mut pages = Vec::new();
    loop {
        let page = desk.ok("POST", &path, body.clone()).await;
        let names = page["items"].as_array().unwrap().iter().map(|one| one["firstName"].as_str().unwrap().to_owned());
        pages.push(names.collect());
        let next = page["pagination"]["next"].as_str().unwrap_or_default().to_owned();
        if next.is_empty() {
            return pages;
        }
        let rest = next.strip_prefix("http://localhost:4000/respondio/v2/").expect("an absolute address");
        rest.clone_into(&mut path);
    }
}

#[tokio::test]
async fn contacts_page_by_id_in_either_order() {
    let name = |number: u8| format!("Customer {number}");
    let rising = pages(&crowd(Settings::default()), &all()).await;
    assert_eq!(rising, [vec![name(1), name(2)], vec![name(3), name(4)], vec![name(5)]]);
    let falling = serde_json::from_value(json!({"contact_order": "falling"})).unwrap();
    let falling = pages(&crowd(falling), &all()).await;
    assert_eq!(falling, [vec![name(5), name(4)], vec![name(3), name(2)], vec![name(1)]]);
}

#[tokio::test]
async fn the_end_of_a_list_in_each_of_its_ways() {
    for (end, expected) in [("empty", Some(json!(""))), ("null", Some(Value::Null)), ("absent", None)] {
        let desk = crowd(serde_json::from_value(json!({"list_end": end})).unwrap());
        let page = desk.ok("POST", "contact/list", all()).await;
        assert_eq!(page["pagination"].get("next"), expected.as_ref(), "{end}");
    }
    let desk = crowd(Settings::default());
    let empty = desk.ok("POST", "contact/list?cursorId=999999999", all()).await;
    assert_eq!((&empty["items"], &empty["pagination"]["next"]), (&json!([]), &json!("")));
}

#[tokio::test]
async fn messages_page_newest_first() {
    let desk = crowd(Settings::default());
    let contacts = desk.world.sim.respondio_contacts(desk.workspace.id).unwrap();
    let mut path = format!("contact/id:{}/message/list?limit=2", contacts[4]["id"]);
    let (mut texts, mut ids, mut pages) = (Vec::new(), Vec::new(), 0);
    loop {
        let page = desk.get(&path).await;
        for one in page["items"].as_array().unwrap() {
            texts.push(one["message"]["text"].as_str().unwrap().to_owned());
            ids.push(one["messageId"].as_u64().unwrap());
        }
        pages += 1;
        let next = page["pagination"]["next"].as_str().unwrap().to_owned();
        let Some(rest) = next.strip_prefix("http://localhost:4000/respondio/v2/") else { break };
        rest.clone_into(&mut path);
    }
    assert_eq!((texts, pages), (["5/4", "5/3", "5/2", "5/1", "5/0"].map(str::to_owned).to_vec(), 3));
    assert!(ids.is_sorted_by(|newer, older| newer > older));
    // Ids are times, so two contacts share them.
    let first = |at: usize| contacts[at]["messages"][0]["messageId"].clone();
    assert_eq!(first(3), first(4));
}

#[tokio::test]
async fn limits_and_cursors_that_make_no_sense() {
    let desk = crowd(Settings::default());
    for query in ["limit=0", "limit=101", "limit=x", "cursorId=x"] {
        let (status, answer) = desk.call("POST", &format!("contact/list?{query}"), all()).await;
        assert_eq!((status, &answer["code"]), (400, &json!(400)), "{query}: {answer}");
    }
    let first = desk.ok("POST", "contact/list?cursorId=0", all()).await;
    assert_eq!(first["items"].as_array().unwrap().len(), 5, "0 is the start, the default limit 10");
    assert_eq!(desk.ok("POST", "contact/list?limit=100", all()).await["items"], first["items"]);
}

#[tokio::test]
async fn all_three_keys_and_known_filters_only() {
    let desk = crowd(Settings::default());
    for key in ["search", "timezone", "filter"] {
        let mut body = all();
        body.as_object_mut().unwrap().remove(key);
        let (status, answer) = desk.call("POST", "contact/list", body).await;
        assert_eq!((status, answer["message"].as_str().unwrap().contains(key)), (400, true), "{answer}");
    }
    let row = |row: Value| json!({"search": "", "timezone": "Asia/Bangkok", "filter": {"$and": [row]}});
    for bad in [
        json!({"field": "status", "operator": "isEqualTo", "value": "open"}),
        json!({"category": "contactField", "field": "lastIncomingMessageTime", "operator": "isTimestampAfter", "value": "2026-11-20 00:00"}),
        json!({"category": "contactField", "field": "lastInteractionTime", "operator": "exists", "value": null}),
        json!({"category": "timeSinceLastIncomingMessage", "field": null, "operator": "isLessThan", "value": "5"}),
        json!({"category": "contactField", "field": "status", "operator": "resembles", "value": "open"}),
        json!({"category": "contactField", "field": "createdAt", "operator": "isTimestampAfter", "value": "yesterday"}),
        json!({"category": "contactTag", "field": null, "operator": "hasAnyOf", "value": "gw-new"}),
    ] {
        let (status, answer) = desk.call("POST", "contact/list", row(bad.clone())).await;
        assert_eq!(status, 400, "{bad}: {answer}");
    }
    let (status, _) = desk.call("POST", "contact/list", json!({"search": "", "timezone": "utc", "filter": {}})).await;
    assert_eq!(status, 400);
    assert_eq!(desk.call("POST", "contact/list", Value::Null).await.0, 400);
}

#[tokio::test]
async fn filters_choose() {
    let desk = crowd(Settings::default());
    let ids: Vec<u64> = {
        let contacts = desk.world.sim.respondio_contacts(desk.workspace.id).unwrap();
        contacts.iter().map(|one| one["id"].as_u64().unwrap()).collect()
    };
    desk.ok("POST", &format!("contact/id:{}/tag", ids[0]), json!(["gw-new", "vip"])).await;
    desk.ok("POST", &format!("contact/id:{}/tag", ids[1]), json!(["gw-new"])).await;
    desk.ok("POST", &format!("contact/id:{}/lifecycle/update", ids[1]), json!({"name": "Customer"})).await;
    desk.ok("POST", &format!("contact/id:{}/conversation/status", ids[2]), json!({"status": "close"})).await;
    desk.ok("POST", &format!("contact/id:{}/conversation/assignee", ids[3]), json!({"assignee": 700_101})).await;
    let order = json!({"custom_fields": [{"name": "order_no", "value": "A-1"}]});
    desk.ok("PUT", &format!("contact/id:{}", ids[4]), order).await;

    let rows = |join: &str, rows: &[Value]| json!({"search": "", "timezone": "utc", "filter": {join: rows}});
    let field = |name: &str, operator: &str, value: Value| json!({"category": "contactField", "field": name, "operator": operator, "value": value});
    let tag = |operator: &str, tags: &[&str]| json!({"category": "contactTag", "field": null, "operator": operator, "value": tags});
    let stage = |operator: &str, value: Value| json!({"category": "lifecycle", "field": null, "operator": operator, "value": value});
    let cases: [(Value, &[usize]); 13] = [
        (rows("$and", &[]), &[0, 1, 2, 3, 4]),
        (rows("$or", &[]), &[0, 1, 2, 3, 4]),
        (rows("$and", &[field("status", "isEqualTo", json!("open"))]), &[0, 1, 3, 4]),
        (rows("$and", &[field("status", "isEqualTo", json!("closed"))]), &[2]),
        (rows("$and", &[tag("hasAnyOf", &["gw-new"])]), &[0, 1]),
        (rows("$and", &[tag("hasAllOf", &["gw-new", "vip"])]), &[0]),
        (rows("$and", &[tag("hasNoneOf", &["gw-new"])]), &[2, 3, 4]),
        (rows("$and", &[tag("hasAnyOf", &["gw-new"]), stage("exists", Value::Null)]), &[1]),
        (rows("$or", &[tag("hasAnyOf", &["vip"]), stage("isEqualTo", json!("Customer"))]), &[0, 1]),
        (rows("$and", &[field("assigneeUserId", "isEqualTo", json!("700101"))]), &[3]),
        (rows("$and", &[field("order_no", "doesNotExist", Value::Null)]), &[0, 1, 2, 3]),
        (
            rows(
                "$and",
                &[field(
                    "createdAt",
                    "isTimestampBetween",
                    json!({"from": "2026-09-21 00:00", "to": "2026-09-22 00:00"}),
                )],
            ),
            &[0, 1, 2, 3, 4],
        ),
        (rows("$and", &[field("createdAt", "isTimestampBefore", json!("2026-09-21 00:00"))]), &[]),
    ];
    for (body, expected) in cases {
        let list = desk.ok("POST", "contact/list", body.clone()).await;
        let found: Vec<_> = list["items"].as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect();
        let expected: Vec<_> = expected.iter().map(|at| ids[*at]).collect();
        assert_eq!(found, expected, "{body}");
    }
    let mut search = all();
    search["search"] = json!("customer 3");
    assert_eq!(desk.ok("POST", "contact/list", search).await["items"][0]["id"], ids[2]);
}

#[tokio::test]
async fn contacts_are_named_made_changed_and_removed() {
    let desk = Desk::new();
    assert_eq!(desk.call("POST", "contact/id:1", json!({"firstName": "x"})).await.0, 400, "not by id");
    assert_eq!(desk.call("POST", "contact/email:a%40example.com", json!({})).await.0, 400, "without a name");
    let made = desk.ok("POST", "contact/email:a@example.com", json!({"firstName": "Alice"})).await;
    assert_eq!(made["code"], 200);
    assert_eq!(desk.call("POST", "contact/email:a@example.com", json!({"firstName": "Alice"})).await.0, 409);
    let phone = desk.ok("POST", "contact/create_or_update/phone%3A%2B66800000000", json!({"firstName": "Bo"})).await;
    let same = desk.ok("POST", "contact/create_or_update/phone:+66800000000", json!({"lastName": "Tan"})).await;
    assert_eq!(phone, same);
    let bo = desk.get("contact/phone:+66800000000").await;
    assert_eq!((&bo["firstName"], &bo["lastName"], &bo["id"]), (&json!("Bo"), &json!("Tan"), &phone["contactId"]));
    assert_eq!(desk.get(&format!("contact/id%3A{}", bo["id"])).await, bo);
    assert_eq!(desk.call("POST", "contact/create_or_update/id:1", json!({"firstName": "x"})).await.0, 404);
    // A contact without a channel cannot be written to.
    let send = json!({"message": {"type": "text", "text": "x"}});
    assert_eq!(desk.call("POST", "contact/phone:+66800000000/message", send).await.0, 404);
    desk.ok("DELETE", "contact/phone:+66800000000", Value::Null).await;
    assert_eq!(desk.call("GET", "contact/phone:+66800000000", Value::Null).await.0, 404);
    for bad in ["contact/410000101", "contact/id:x", "contact/name:x"] {
        assert_eq!(desk.call("GET", bad, Value::Null).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_merged_contact_has_both_channels() {
    let desk = Desk::new();
    let sim = &desk.world.sim;
    sim.create_business(simulator::NewBusiness::new("second.shop", "Second")).unwrap();
    let new = NewChannel { business: "second.shop".to_owned(), name: None };
    let second = sim.add_respondio_channel(desk.workspace.id, &new).unwrap();
    desk.write("to the first");
    sim.advance(1000).await;
    sim.customer_writes(&CustomerMessage::text(crate::support::CUSTOMER, "second.shop", "to the second")).unwrap();
    let contacts = sim.respondio_contacts(desk.workspace.id).unwrap();
    let ids = [contacts[0]["id"].clone(), contacts[1]["id"].clone()];
    desk.ok("POST", "contact/merge", json!({"contactIds": ids})).await;
    assert_eq!(desk.contact(), ids[0].as_u64().unwrap());
    let texts: Vec<_> = desk.messages().await.iter().map(|one| one["message"]["text"].clone()).collect();
    assert_eq!(texts, ["to the second", "to the first"], "all channels mixed");
    // Without a channel it goes where the contact last was.
    let send = json!({"message": {"type": "text", "text": "hello"}});
    desk.ok("POST", &format!("contact/id:{}/message", ids[0]), send).await;
    assert_eq!(desk.messages().await[0]["channelId"], second.id);
    assert_eq!(desk.send("there").await["messageId"].as_u64().map(|id| id / 1_000_000), Some(1_790_000_001));
    assert_eq!(desk.messages().await[0]["channelId"], desk.channel);
}

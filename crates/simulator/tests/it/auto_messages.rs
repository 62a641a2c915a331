//! `auto_message/*` and `direct_reply/*`: shapes, limits, reviews on the clock, events.

use serde_json::{Value, json};
use simulator::{BusinessSettings, DEFAULT_APP_ID, Review};

use crate::support::{BUSINESS, World, fixture, shape, world};

fn same(answer: &Value, name: &str) {
    assert_eq!(shape(answer), shape(&fixture(name)), "{name}: {answer:#}");
}

fn of(world: &World, kind: &str, more: &Value) -> Value {
    let mut body = json!({"business_id": world.open_id, "auto_message_type": kind});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

async fn post(world: &World, end: &str, kind: &str, more: Value) -> Value {
    world.post(&format!("business/message/auto_message/{end}"), &of(world, kind, &more)).await
}

async fn get(world: &World, kind: &str) -> Value {
    let pairs = [("business_id", world.open_id.as_str()), ("auto_message_type", kind)];
    world.get("business/message/auto_message/get", &pairs).await
}

fn id(answer: &Value) -> String {
    answer["data"]["auto_message"]["auto_message_id"].as_str().unwrap().to_owned()
}

fn prompt(title: &str) -> Value {
    json!({"chat_prompt": {"title": title, "content": format!("about {title}")}})
}

/// Names and contents of the events so far, oldest first.
fn events(world: &World) -> Vec<(String, Value)> {
    let open = |body: &str| {
        let envelope: Value = serde_json::from_str(body).unwrap();
        let content = serde_json::from_str(envelope["content"].as_str().unwrap()).unwrap();
        (envelope["event"].as_str().unwrap().to_owned(), content)
    };
    world.sim.webhook_log().iter().map(|hook| open(&hook.body)).collect()
}

fn wire(name: &str) -> Value {
    let envelope = fixture(name);
    serde_json::from_str(envelope["content"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn every_request_fixture_is_accepted_and_listed() {
    let world = world();
    for (name, kind) in
        [("welcome", "WELCOME_MESSAGE"), ("suggested_question", "SUGGESTED_QUESTION"), ("chat_prompt", "CHAT_PROMPT")]
    {
        let mut body = fixture(&format!("api-auto_message-create-request-{name}"));
        body["business_id"] = json!(world.open_id);
        same(&world.post("business/message/auto_message/create", &body).await, "api-auto_message-create-success");
        let listed = get(&world, kind).await["data"].clone();
        let object = kind.to_lowercase();
        assert_eq!(listed["auto_messages"][0][&object], body[&object]);
        assert_eq!(listed["auto_messages"][0]["audit_status"], "REVIEWING");
        assert_eq!(listed["operation_status"], "DISABLE", "switched on by status/update only");
    }
    same(&get(&world, "WELCOME_MESSAGE").await, "api-auto_message-get-welcome");
    let on = post(&world, "status/update", "CHAT_PROMPT", json!({"operation_status": "ENABLE"})).await;
    same(&on, "api-auto_message-status-update-success");
    let listed = get(&world, "CHAT_PROMPT").await;
    let mut wanted = shape(&fixture("api-auto_message-get-chat_prompts"));
    // TikTok's sample shows one item under a wrong key; ours are all under the right one.
    wanted.retain(|path, _| !path.contains("suggested_question"));
    assert_eq!(shape(&listed), wanted);
    let one = listed["data"]["auto_messages"][0]["auto_message_id"].as_str().unwrap().to_owned();
    let body = of(&world, "CHAT_PROMPT", &json!({"auto_message_id": one}));
    let by_post = world.post("business/message/auto_message/get", &body).await;
    assert_eq!(by_post["data"], listed["data"], "GET as its samples show, POST as its method line says");
    let unknown = of(&world, "CHAT_PROMPT", &json!({"auto_message_id": "1"}));
    assert_eq!(world.post("business/message/auto_message/get", &unknown).await["code"], 40007);
}

#[tokio::test]
async fn lengths_numbers_and_duplicates() {
    let world = world();
    let refused = async |kind: &str, more: Value| post(&world, "create", kind, more).await["message"].clone();
    let long = |most: usize| "ก".repeat(most + 1);
    assert_eq!(
        refused("WELCOME_MESSAGE", json!({"welcome_message": {"content": long(250)}})).await,
        "Param welcome_message.content is invalid."
    );
    for (question, answer, name) in [(long(80), "a".to_owned(), "question"), ("q".to_owned(), long(200), "answer")] {
        let more = json!({"suggested_question": {"question": question, "answer": answer}});
        assert_eq!(refused("SUGGESTED_QUESTION", more).await, format!("Param suggested_question.{name} is invalid."));
    }
    for (title, content, name) in [(long(18), "a".to_owned(), "title"), ("q".to_owned(), long(150), "content")] {
        let more = json!({"chat_prompt": {"title": title, "content": content}});
        assert_eq!(refused("CHAT_PROMPT", more).await, format!("Param chat_prompt.{name} is invalid."));
    }
    assert_eq!(refused("AUTO_REPLY", json!({})).await, "Param auto_message_type is invalid.", "no API for keywords");
    assert_eq!(refused("CHAT_PROMPT", json!({})).await, "Param chat_prompt is invalid.");
    assert!(events(&world).is_empty(), "what is refused is not told");

    let welcome = |text: &str| json!({"welcome_message": {"content": text}});
    assert_eq!(post(&world, "create", "WELCOME_MESSAGE", welcome(&"ก".repeat(250))).await["code"], 0);
    assert_eq!(post(&world, "create", "WELCOME_MESSAGE", welcome("b")).await["code"], 40002, "one");
    for at in 0..3 {
        let more = json!({"suggested_question": {"question": at.to_string(), "answer": "a"}});
        assert_eq!(post(&world, "create", "SUGGESTED_QUESTION", more).await["code"], 0);
    }
    let fourth = json!({"suggested_question": {"question": "4", "answer": "a"}});
    assert_eq!(post(&world, "create", "SUGGESTED_QUESTION", fourth).await["code"], 40002, "three");
    assert_eq!(post(&world, "create", "CHAT_PROMPT", prompt("1")).await["code"], 0);
    let twice = post(&world, "create", "CHAT_PROMPT", prompt("1")).await;
    assert_eq!((&twice["code"], &twice["message"]), (&json!(40002), &json!("The automatic message already exists.")));
    for at in 2..7 {
        assert_eq!(post(&world, "create", "CHAT_PROMPT", prompt(&at.to_string())).await["code"], 0);
    }
    assert_eq!(post(&world, "create", "CHAT_PROMPT", prompt("7")).await["code"], 40002, "six");
}

#[tokio::test]
async fn a_review_ends_on_the_simulators_clock() {
    let world = world();
    let made = id(&post(&world, "create", "CHAT_PROMPT", prompt("menu")).await);
    let update = async |text: &str| {
        let mut more = prompt(text);
        more["auto_message_id"] = json!(made);
        post(&world, "update", "CHAT_PROMPT", more).await
    };
    assert_eq!(update("food").await["message"], "The automatic message is under review.");
    world.sim.advance(29_999).await;
    assert_eq!(get(&world, "CHAT_PROMPT").await["data"]["auto_messages"][0]["audit_status"], "REVIEWING");
    world.sim.advance(1).await;
    assert_eq!(get(&world, "CHAT_PROMPT").await["data"]["auto_messages"][0]["audit_status"], "APPROVED");
    same(&update("food").await, "api-auto_message-create-success");
    assert_eq!(get(&world, "CHAT_PROMPT").await["data"]["auto_messages"][0]["audit_status"], "REVIEWING", "anew");
    world.settings(BusinessSettings { review: Some(Review::Reject), ..BusinessSettings::default() });
    world.sim.advance(60_000).await;
    assert_eq!(get(&world, "CHAT_PROMPT").await["data"]["auto_messages"][0]["audit_status"], "REJECTED");

    let told = events(&world);
    let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    let (config, audit) = ("im_auto_message_config_update", "im_auto_message_audit_update");
    assert_eq!(names, [config, audit, config, audit]);
    assert_eq!(shape(&told[0].1), shape(&wire("webhook-im_auto_message_config_update-chat_prompt")));
    assert_eq!(
        (&told[0].1["auto_message_action"], &told[2].1["auto_message_action"]),
        (&json!("CREATE"), &json!("UPDATE"))
    );
    assert_eq!(shape(&told[1].1), shape(&wire("webhook-im_auto_message_audit_update-rejected")));
    assert_eq!((&told[1].1["audit_status"], &told[3].1["audit_status"]), (&json!("APPROVED"), &json!("REJECTED")));
    let asked = told[2].1["timestamp"].as_i64().unwrap();
    assert_eq!(told[3].1["timestamp"], asked + 30_000, "at its own time, though the clock went further");
}

#[tokio::test]
async fn a_person_can_decide_instead() {
    let world = world();
    world.settings(BusinessSettings { review: Some(Review::Manual), ..BusinessSettings::default() });
    let made = id(&post(&world, "create", "CHAT_PROMPT", prompt("menu")).await);
    world.sim.advance(86_400_000 - 1).await;
    assert_eq!(get(&world, "CHAT_PROMPT").await["data"]["auto_messages"][0]["audit_status"], "REVIEWING");
    world.sim.review_auto_message(&made, false).unwrap();
    assert_eq!(get(&world, "CHAT_PROMPT").await["data"]["auto_messages"][0]["audit_status"], "REJECTED");
    assert!(world.sim.review_auto_message("1", true).is_err());
}

#[tokio::test]
async fn switching_deleting_and_sorting() {
    let world = world();
    let welcome = json!({"welcome_message": {"content": "hello"}});
    let welcome_id = id(&post(&world, "create", "WELCOME_MESSAGE", welcome.clone()).await);
    let on = json!({"operation_status": "ENABLE"});
    post(&world, "status/update", "WELCOME_MESSAGE", on.clone()).await;
    post(&world, "status/update", "WELCOME_MESSAGE", on).await;
    let told = events(&world);
    assert_eq!(told.len(), 2, "no change, no event");
    assert_eq!(shape(&told[1].1), shape(&wire("webhook-im_auto_message_config_update-welcome")));
    assert_eq!(told[1].1["auto_message_action"], "ENABLE");
    let wrong = post(&world, "status/update", "WELCOME_MESSAGE", json!({"operation_status": "ON"})).await;
    assert_eq!(wrong["message"], "Param operation_status is invalid.");
    let named = json!({"auto_message_id": welcome_id});
    assert_eq!(post(&world, "delete", "WELCOME_MESSAGE", named).await["code"], 40002, "only switched off");
    world.sim.advance(30_000).await;
    let edit = json!({"auto_message_id": welcome_id, "welcome_message": {"content": "hello again"}});
    assert_eq!(post(&world, "update", "WELCOME_MESSAGE", edit).await["code"], 0);
    let told = events(&world);
    let actions: Vec<&Value> = told.iter().rev().take(2).map(|(_, content)| &content["auto_message_action"]).collect();
    assert_eq!(actions, ["CREATE", "DELETE"], "an edited welcome message is told as two");

    let mut ids = Vec::new();
    for title in ["a", "b", "c"] {
        ids.push(id(&post(&world, "create", "CHAT_PROMPT", prompt(title)).await));
    }
    ids.reverse();
    assert_eq!(post(&world, "sort", "CHAT_PROMPT", json!({"auto_message_ids": ids})).await["data"], json!({}));
    let order = async || {
        let listed = get(&world, "CHAT_PROMPT").await["data"]["auto_messages"].clone();
        listed
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["chat_prompt"]["title"].as_str().unwrap().to_owned())
            .collect::<String>()
    };
    assert_eq!(order().await, "cba");
    let some = json!({"auto_message_ids": &ids[..2]});
    assert_eq!(
        post(&world, "sort", "CHAT_PROMPT", some).await["message"],
        "Param auto_message_ids is invalid.",
        "all or none"
    );
    assert_eq!(post(&world, "sort", "SUGGESTED_QUESTION", json!({"auto_message_ids": ids})).await["code"], 40002);
    same(
        &post(&world, "delete", "CHAT_PROMPT", json!({"auto_message_id": ids[0]})).await,
        "api-auto_message-status-update-success",
    );
    assert_eq!(order().await, "ba");
    assert_eq!(events(&world).last().unwrap().1["auto_message_action"], "DELETE");
    assert_eq!(post(&world, "delete", "CHAT_PROMPT", json!({"auto_message_id": ids[0]})).await["code"], 40007);
}

#[tokio::test]
async fn comment_to_message_is_read_and_switched() {
    let world = world();
    let read = async |world: &World| {
        let pairs = [("business_id", world.open_id.as_str()), ("direct_reply_type", "COMMENT_TO_MESSAGE")];
        world.get("business/message/direct_reply/get", &pairs).await
    };
    assert_eq!(read(&world).await["data"]["operation_status"], "DISABLE");
    let body =
        json!({"business_id": world.open_id, "direct_reply_type": "COMMENT_TO_MESSAGE", "operation_status": "ENABLE"});
    assert_eq!(world.post("business/message/direct_reply/update", &body).await["data"], json!({}));
    same(&read(&world).await, "api-direct_reply-get-success");
    assert_eq!(read(&world).await["data"]["operation_status"], "ENABLE");
    let wrong = json!({"business_id": world.open_id, "direct_reply_type": "X", "operation_status": "ENABLE"});
    assert_eq!(
        world.post("business/message/direct_reply/update", &wrong).await["message"],
        "Param direct_reply_type is invalid."
    );
    world.settings(BusinessSettings { region: Some("SG".to_owned()), ..BusinessSettings::default() });
    assert_eq!(world.post("business/message/direct_reply/update", &body).await["code"], 40001, "VN, ID and TH only");
}

#[tokio::test]
async fn scopes() {
    let world = world();
    world.sim.set_scopes(BUSINESS, &["message.list.read".to_owned()]).unwrap();
    assert_eq!(get(&world, "CHAT_PROMPT").await["code"], 40001, "message.list.manage");
    let pairs = [("business_id", world.open_id.as_str()), ("direct_reply_type", "COMMENT_TO_MESSAGE")];
    assert_eq!(world.get("business/message/direct_reply/get", &pairs).await["code"], 0);
    let manage = world.sim.grant(BUSINESS, DEFAULT_APP_ID, &["message.list.manage"]).unwrap().access_token;
    let world = World { token: manage, ..world };
    assert_eq!(post(&world, "create", "CHAT_PROMPT", prompt("menu")).await["code"], 0);
    assert!(events(&world).is_empty(), "events stop without message.list.read");
}

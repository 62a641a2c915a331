//! Comments, the flag of TikTok's classifier, and the one way to write first.

use serde_json::{Value, json};
use simulator::{
    AppReply, BusinessSettings, CommentAction, CommentRequest, CustomerMessage, DEFAULT_APP_ID, DEFAULT_APP_SECRET,
    NewCustomer,
};

use crate::support::{BUSINESS, CUSTOMER, HOUR, World, fixture, shape, world};

fn by(customer: &str) -> CommentRequest {
    CommentRequest {
        customer: customer.to_owned(),
        business: BUSINESS.to_owned(),
        text: "ราคาเท่าไหร่คะ".to_owned(),
        ..CommentRequest::default()
    }
}

fn ready() -> World {
    let world = world();
    world.comment_to_message();
    world
}

async fn reply(world: &World, comment_id: &str) -> i64 {
    let mut body = fixture("api-message-send-request-comment_reply");
    body["business_id"] = json!(world.open_id);
    body["direct_reply"]["comment_reply"]["comment_id"] = json!(comment_id);
    world.post("business/message/send", &body).await["code"].as_i64().unwrap()
}

fn names(world: &World) -> Vec<String> {
    world.sim.webhook_log().into_iter().map(|one| one.event).collect()
}

fn newest(world: &World) -> Value {
    let envelope: Value = serde_json::from_str(&world.sim.webhook_log().last().unwrap().body).unwrap();
    serde_json::from_str(envelope["content"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_comment_is_flagged_only_while_comment_to_message_is_on() {
    let world = world();
    let quiet = world.sim.comment(&by(CUSTOMER)).unwrap();
    assert_eq!(names(&world), ["comment.update"]);
    assert_eq!(reply(&world, &quiet.message_id).await, 40001);
    world.comment_to_message();
    assert_eq!(reply(&world, &quiet.message_id).await, 40064, "it was never flagged");
    world.sim.comment(&CommentRequest { high_intent: Some(false), ..by(CUSTOMER) }).unwrap();
    assert_eq!(names(&world), ["comment.update", "comment.update"]);
    world.sim.comment(&by(CUSTOMER)).unwrap();
    assert_eq!(names(&world).last().unwrap(), "im_receive_high_intent_comment");
}

#[tokio::test]
async fn the_reply_opens_the_conversation_and_may_be_sent_once() {
    let world = ready();
    let comment = world.sim.comment(&by(CUSTOMER)).unwrap();
    let list = |kind: &'static str| [("business_id", world.open_id.as_str()), ("conversation_type", kind)];
    let count = async |kind| {
        let answer = world.get("business/message/conversation/list", &list(kind)).await;
        answer["data"]["conversations"].as_array().unwrap().len()
    };
    assert_eq!((count("STRANGER").await, count("SINGLE").await), (0, 0), "a comment is no conversation");
    assert_eq!(reply(&world, &comment.message_id).await, 0);
    assert_eq!((count("STRANGER").await, count("SINGLE").await), (0, 1));
    assert_eq!(reply(&world, &comment.message_id).await, 40064, "answered");
    assert_eq!(world.send(&comment.conversation_id, "more").await["code"], 40064, "the customer has not written");
    assert_eq!(reply(&world, "1").await, 40002);
}

#[tokio::test]
async fn forty_eight_hours() {
    let mut world = ready();
    let comment = world.sim.comment(&by(CUSTOMER)).unwrap().message_id;
    world.sim.advance(48 * HOUR).await;
    world.renew();
    assert_eq!(reply(&world, &comment).await, 40064);
}

#[tokio::test]
async fn not_within_a_day_of_a_message() {
    let mut world = ready();
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap();
    let comment = world.sim.comment(&by(CUSTOMER)).unwrap().message_id;
    assert_eq!(reply(&world, &comment).await, 40064);
    world.sim.advance(23 * HOUR).await;
    world.sim.app_reply(&AppReply::text(BUSINESS, CUSTOMER, "app")).unwrap();
    world.sim.advance(2 * HOUR).await;
    world.renew();
    assert_eq!(reply(&world, &comment).await, 40064, "whoever wrote");
    world.sim.advance(22 * HOUR).await;
    assert_eq!(reply(&world, &comment).await, 0);
}

#[tokio::test]
async fn who_and_where() {
    let world = ready();
    for (name, region, adult, code) in
        [("kid.th", "TH", false, 40064), ("joe.us", "US", true, 40064), ("ana.br", "BR", true, 0)]
    {
        let new =
            NewCustomer { region: Some(region.to_owned()), is_adult: Some(adult), ..NewCustomer::new(name, name) };
        world.sim.create_customer(new).unwrap();
        let comment = world.sim.comment(&by(name)).unwrap().message_id;
        assert_eq!(reply(&world, &comment).await, code, "{name}");
    }
    let first = world.sim.comment(&by(CUSTOMER)).unwrap().message_id;
    let below = CommentRequest { parent_comment_id: Some(first.clone()), ..by(CUSTOMER) };
    let second = world.sim.comment(&below).unwrap().message_id;
    assert_eq!(reply(&world, &second).await, 40064, "first level only");
    let elsewhere = CommentRequest { video_id: Some("7399999999999999999".to_owned()), ..by(CUSTOMER) };
    let elsewhere = world.sim.comment(&elsewhere).unwrap().message_id;
    assert_eq!(reply(&world, &elsewhere).await, 40064, "own posts only");
    world.settings(BusinessSettings { region: Some("MY".to_owned()), ..BusinessSettings::default() });
    assert_eq!(reply(&world, &first).await, 40001, "VN, ID and TH only");
}

#[tokio::test]
async fn updates_of_comments_have_the_fixtures_shapes() {
    let world = world();
    let first = world.sim.comment(&by(CUSTOMER)).unwrap().message_id;
    let wire = |name: &str| -> Value { serde_json::from_str(fixture(name)["content"].as_str().unwrap()).unwrap() };
    assert_eq!(shape(&newest(&world)), shape(&wire("webhook-comment.update-insert-top_level")));
    assert_eq!(newest(&world)["parent_comment_id"], 0);
    let below = CommentRequest { parent_comment_id: Some(first.clone()), ..by(CUSTOMER) };
    let second = world.sim.comment(&below).unwrap().message_id;
    assert_eq!(newest(&world)["comment_type"], "reply");
    assert_eq!(newest(&world)["parent_comment_id"].as_u64().unwrap().to_string(), first);
    for action in ["set_to_hidden", "set_to_friends_only", "set_to_public", "delete"] {
        let asked = CommentAction { comment_id: second.clone(), action: action.to_owned() };
        world.sim.comment_action(&asked).unwrap();
        assert_eq!(newest(&world)["comment_action"], action);
        assert_eq!(shape(&newest(&world)), shape(&wire("webhook-comment.update-delete-reply")));
    }
    let gone = CommentAction { comment_id: second, action: "delete".to_owned() };
    assert!(world.sim.comment_action(&gone).is_err());
}

#[tokio::test]
async fn an_app_may_hear_of_some_posts_only() {
    let world = world();
    let body = |items: Value| {
        json!({
            "app_id": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET, "event_type": "COMMENT",
            "callback_url": "https://gw.example.invalid/hook", "item_list": items,
        })
    };
    let update = async |items| world.post("business/webhook/update", &body(items)).await;
    let many: Vec<String> = (0..101).map(|at| at.to_string()).collect();
    assert_eq!(update(json!(many)).await["message"], "Param item_list is invalid.");
    let posts = world.sim.state().businesses.remove(0).posts;
    assert_eq!(update(json!([posts[1].item_id])).await["data"]["item_list"], json!([posts[1].item_id]));
    world.sim.comment(&by(CUSTOMER)).unwrap();
    assert!(names(&world).is_empty(), "the newest post is not on the list");
    let answer = update(json!([posts[0].item_id])).await;
    assert_eq!(answer["data"]["item_list"].as_array().unwrap().len(), 2, "it adds up");
    world.sim.comment(&by(CUSTOMER)).unwrap();
    assert_eq!(names(&world), ["comment.update"]);
    world.sim.set_scopes(BUSINESS, &["message.list.read".to_owned()]).unwrap();
    world.sim.comment(&by(CUSTOMER)).unwrap();
    assert_eq!(names(&world).len(), 1, "without comment.list nothing is told");
}

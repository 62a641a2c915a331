//! `business/video/list/` and sharing what it lists.

use serde_json::{Value, json};
use simulator::{CustomerMessage, NewBusiness};

use crate::support::{BUSINESS, CUSTOMER, World, world};

async fn list(world: &World, more: &[(&str, &str)]) -> Value {
    let mut pairs = vec![("business_id", world.open_id.as_str())];
    pairs.extend_from_slice(more);
    world.get("business/video/list", &pairs).await
}

#[tokio::test]
async fn own_posts_newest_first_page_by_page() {
    let world = world();
    let fields = "[\"item_id\",\"create_time\",\"caption\",\"share_url\",\"embed_url\",\"thumbnail_url\",\"media_type\",\"likes\"]";
    world.sim.add_post(BUSINESS, "ใหม่ล่าสุด").unwrap();
    world.sim.advance(1000).await;
    let all = list(&world, &[("fields", fields)]).await["data"].clone();
    let videos = all["videos"].as_array().unwrap();
    assert_eq!((videos.len(), &all["has_more"], &videos[0]["caption"]), (4, &json!(false), &json!("ใหม่ล่าสุด")));
    assert!(videos[0]["item_id"].as_str().unwrap().bytes().all(|b| b.is_ascii_digit()));
    let created: Vec<i64> = videos.iter().map(|one| one["create_time"].as_str().unwrap().parse().unwrap()).collect();
    assert!(created.is_sorted_by(|a, b| a > b) && created[0] < 10_000_000_000, "seconds");
    assert!(all["cursor"].is_i64() && videos[0]["likes"].is_i64());
    assert!(videos[0]["embed_url"].as_str().unwrap().starts_with("https://www.tiktok.com/player/v1/"));

    let only = list(&world, &[]).await["data"]["videos"][0].clone();
    assert_eq!(only.as_object().unwrap().len(), 1, "item_id by default: {only}");
    let first = list(&world, &[("max_count", "3")]).await["data"].clone();
    assert_eq!((first["videos"].as_array().unwrap().len(), &first["has_more"]), (3, &json!(true)));
    let cursor = first["cursor"].to_string();
    let rest = list(&world, &[("max_count", "3"), ("cursor", &cursor)]).await["data"].clone();
    assert_eq!((rest["videos"].as_array().unwrap().len(), &rest["has_more"]), (1, &json!(false)));
    assert_eq!(rest["videos"][0]["item_id"], videos[3]["item_id"]);

    let filters = json!({"video_ids": [videos[2]["item_id"]]}).to_string();
    let one = list(&world, &[("filters", &filters)]).await["data"]["videos"].clone();
    assert_eq!(one, json!([{"item_id": videos[2]["item_id"]}]));
}

#[tokio::test]
async fn what_it_refuses() {
    let world = world();
    for (name, value) in
        [("fields", "[\"caption\"]"), ("fields", "[\"item_id\",\"moon\"]"), ("max_count", "21"), ("filters", "[")]
    {
        let answer = list(&world, &[(name, value)]).await;
        assert_eq!((&answer["code"], &answer["message"]), (&json!(40002), &json!(format!("Param {name} is invalid."))));
    }
    world.sim.set_scopes(BUSINESS, &["video.list".to_owned()]).unwrap();
    assert_eq!(list(&world, &[]).await["code"], 0);
    assert_eq!(list(&world, &[("fields", "[\"item_id\",\"likes\"]")]).await["code"], 40001, "video.insights");
    world.sim.set_scopes(BUSINESS, &["message.list.read".to_owned()]).unwrap();
    assert_eq!(list(&world, &[]).await["code"], 40001);
}

#[tokio::test]
async fn only_own_posts_can_be_shared() {
    let world = world();
    let other = world.sim.create_business(NewBusiness::new("krok.coffee", "Krok")).unwrap();
    let posts = |at: usize| world.sim.state().businesses.remove(at).posts.remove(0);
    assert_eq!(posts(1).business, other.username);
    let conversation =
        world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap().conversation_id;
    let share = async |item_id: String| {
        let body = json!({
            "business_id": world.open_id, "recipient_type": "CONVERSATION", "recipient": conversation,
            "message_type": "SHARE_POST", "share_post": {"item_id": item_id},
        });
        world.post("business/message/send", &body).await
    };
    assert_eq!(share(posts(0).item_id).await["code"], 0);
    assert_eq!(share(posts(1).item_id).await["message"], "Param share_post.item_id is invalid.");
}

//! What a reply can hold besides words and pictures: a quote, a question card, one of the account's own posts.

use bytes::Bytes;
use domain::{
    Id,
    conversation::Conversation,
    message::{Message, MessageState},
};
use serde_json::{Value, json};
use simulator::{Content, CustomerMessage, FaultKind, NewCustomer, NewFault};

use crate::{
    harness::{MALI, SHOP, World, answer},
    pictures::PNG,
    socket::Socket,
    stage::slug,
};

/// Asks for a reply with everything that `body` says.
async fn post(world: &World, conversation: Id<Conversation>, body: Value) -> (u16, Value) {
    world.tick();
    answer(world.api("POST", &format!("/api/v1/conversations/{conversation}/messages")).json(&body)).await
}

async fn queued(world: &World, conversation: Id<Conversation>, body: Value) -> Id<Message> {
    let (status, answer) = post(world, conversation, body).await;
    assert_eq!(status, 202, "{answer}");
    answer["id"].as_str().unwrap().parse().unwrap()
}

async fn shown(world: &World, id: Id<Message>) -> Value {
    let (status, body) = answer(world.api("GET", &format!("/api/v1/messages/{id}"))).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// What the business said, as TikTok has it.
fn theirs(world: &World) -> Vec<simulator::Message> {
    let id = world.sim.state().conversations[0].id.clone();
    let all = world.sim.conversation(&id).unwrap().conversation.messages;
    all.into_iter().filter(|one| one.from_business).collect()
}

async fn arrived(world: &World, external_id: &str) -> Id<Message> {
    let is_it = |one: &domain::store::MessageRecord| one.message.external_id.as_deref() == Some(external_id);
    world.message_that("it arrives", is_it).await.message.id
}

fn text(body: &str) -> Value {
    json!({"type": "text", "body": body})
}

fn card() -> Value {
    json!({"type": "template", "style": "button", "title": "ให้ช่วยเรื่องไหนดีคะ?", "buttons": [
        {"title": "จองโต๊ะ", "id": "opt_book_table"}, {"title": "ดูเมนู"},
    ]})
}

#[tokio::test]
async fn a_text_quotes_a_text_a_picture_and_a_post_of_either_side() {
    let (world, conversation) = World::in_conversation().await;
    let media_id = world.sim.put_media(Bytes::from_static(PNG));
    let picture = CustomerMessage { media_id: Some(media_id), ..CustomerMessage::of(MALI, SHOP, "image") };
    let mut external = vec![world.customer_says("กี่โมงคะ").message_id];
    for what in [picture, CustomerMessage::of(MALI, SHOP, "share_post")] {
        world.tick();
        external.push(world.sim.customer_writes(&what).unwrap().message_id);
    }
    let ours = world.reply(conversation, "เก้าโมงค่ะ").await;
    external.push(world.state_of(ours, MessageState::Sent).await.message.external_id.unwrap());
    for quoted in &external {
        let quoted_id = arrived(&world, quoted).await;
        let id = queued(&world, conversation, json!({"content": text("อันนี้ค่ะ"), "quote": quoted_id})).await;
        world.state_of(id, MessageState::Sent).await;
        assert_eq!(theirs(&world).last().unwrap().quoted_message_id.as_ref(), Some(quoted));
        assert_eq!(shown(&world, id).await["quotedMessageId"], json!(quoted_id));
    }
    assert_eq!(theirs(&world).len(), 5, "the echo of a quote makes no second message");
    assert_eq!(world.messages().await.len(), 9);
}

#[tokio::test]
async fn a_socket_quotes_too() {
    let (world, conversation) = World::in_conversation().await;
    let mut socket = Socket::open(&world.base, json!({"token": crate::harness::API_SECRET}), &[]).await.unwrap();
    let quoted = world.messages().await[0].message.clone();
    let asked = json!({"conversationId": conversation, "text": "ค่ะ", "quote": quoted.id});
    let done = socket.ask("send_message", asked).await;
    assert_eq!(done["ok"], true, "{done}");
    world.state_of(done["id"].as_str().unwrap().parse().unwrap(), MessageState::Sent).await;
    assert_eq!(theirs(&world)[0].quoted_message_id, quoted.external_id);
    let gone = json!({"conversationId": conversation, "text": "ค่ะ", "quote": "msg_0000000000001"});
    let refused = socket.ask("send_message", gone).await;
    assert_eq!((&refused["ok"], slug(&refused["problem"])), (&json!(false), "not-quotable"));
}

#[tokio::test]
async fn what_tiktok_does_not_quote_is_refused_before_the_wire() {
    let (world, conversation) = World::in_conversation().await;
    world.tick();
    let sticker = world.sim.customer_writes(&CustomerMessage::of(MALI, SHOP, "sticker")).unwrap();
    let sticker = arrived(&world, &sticker.message_id).await;
    world.sim.create_customer(NewCustomer::new("other.demo", "อีกคน")).unwrap();
    let elsewhere = world.sim.customer_writes(&CustomerMessage::text("other.demo", SHOP, "สวัสดี")).unwrap();
    let elsewhere = arrived(&world, &elsewhere.message_id).await;
    let first = world.messages().await[0].message.id;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40002).times(1));
    let failed = world.reply(conversation, "ไม่ถึง").await;
    world.state_of(failed, MessageState::Failed).await;
    let before = world.messages().await.len();
    for (content, quote) in [
        (text("ค่ะ"), json!(sticker)),
        (text("ค่ะ"), json!(elsewhere)),
        (text("ค่ะ"), json!(failed)),
        (text("ค่ะ"), json!("msg_0000000000001")),
        (card(), json!(first)),
    ] {
        let (status, refused) = post(&world, conversation, json!({"content": content, "quote": quote})).await;
        assert_eq!((status, slug(&refused)), (422, "not-quotable"), "{refused}");
        assert!(!refused["detail"].as_str().unwrap().is_empty());
    }
    assert_eq!((world.messages().await.len(), theirs(&world).len()), (before, 0));
}

#[tokio::test]
async fn a_quote_belongs_to_its_key_and_survives_a_retry() {
    let (world, conversation) = World::in_conversation().await;
    let quoted = world.messages().await[0].message.clone();
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40064).times(1));
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let ask = |body: Value| answer(world.api("POST", &path).header("idempotency-key", "k1").json(&body));
    let body = json!({"content": text("อันนี้ค่ะ"), "quote": quoted.id});
    let (status, first) = ask(body.clone()).await;
    assert_eq!(status, 202, "{first}");
    let id: Id<Message> = first["id"].as_str().unwrap().parse().unwrap();
    world.state_of(id, MessageState::Failed).await;
    let (status, again) = ask(body).await;
    assert_eq!((status, &again["id"]), (200, &first["id"]));
    for other in [json!({"content": text("อันนี้ค่ะ")}), json!({"content": card()})] {
        let (status, conflict) = ask(other).await;
        assert_eq!((status, slug(&conflict)), (409, "idempotency-conflict"), "{conflict}");
    }
    let (status, _) =
        answer(world.api("POST", &format!("/api/v1/messages/{id}/retry")).json(&json!({"sendAnyway": true}))).await;
    assert_eq!(status, 202);
    world.state_of(id, MessageState::Sent).await;
    assert_eq!(theirs(&world)[0].quoted_message_id, quoted.external_id);
}

#[tokio::test]
async fn a_card_and_a_post_are_one_message_whenever_their_echo_comes() {
    for fault in [FaultKind::EarlyEcho, FaultKind::LateEcho, FaultKind::Duplicate] {
        let (world, conversation) = World::in_conversation().await;
        world.sim.set_fault(NewFault::new("webhook/im_send_msg", fault).value(1_000));
        let post = json!({"type": "shared_post", "postId": world.sim.state().businesses[0].posts[1].item_id});
        for content in [card(), post] {
            let id = queued(&world, conversation, json!({"content": content})).await;
            world.state_of(id, MessageState::Sent).await;
            world.clock.advance(std::time::Duration::from_secs(2));
            world.message_that("its echo", |one| one.message.id == id && one.message.reported).await;
        }
        let messages = world.messages().await;
        assert_eq!(messages.len(), 3, "{fault:?}: {messages:#?}");
        let there = theirs(&world);
        assert_eq!(messages[1].message.external_id.as_ref(), Some(&there[0].message_id));
        assert_eq!(messages[2].message.external_id.as_ref(), Some(&there[1].message_id));
    }
}

#[tokio::test]
async fn a_card_whose_answer_is_lost_is_found_in_tiktoks_list() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    world.sim.set_fault(NewFault::new("webhook/im_send_msg", FaultKind::Drop));
    let id = queued(&world, conversation, json!({"content": card()})).await;
    world.state_in_time(id, MessageState::Sent).await;
    assert_eq!((theirs(&world).len(), world.messages().await.len()), (1, 2));
    // TikTok's list names no post: it is known by the player's address.
    let post = json!({"type": "shared_post", "postId": world.sim.state().businesses[0].posts[0].item_id});
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    let id = queued(&world, conversation, json!({"content": post})).await;
    world.state_in_time(id, MessageState::Sent).await;
    assert_eq!((theirs(&world).len(), world.messages().await.len()), (2, 3));
}

#[tokio::test]
async fn a_tap_on_a_card_comes_back_with_its_button() {
    let (world, conversation) = World::in_conversation().await;
    let id = queued(&world, conversation, json!({"content": card()})).await;
    let sent = world.state_of(id, MessageState::Sent).await.message.external_id.unwrap();
    let there = theirs(&world)[0].content.clone();
    let Content::Template { style, title, buttons } = there else { panic!("{there:?}") };
    assert_eq!((style.as_str(), title.as_str(), buttons.len()), ("QA_BUTTON_CARD", "ให้ช่วยเรื่องไหนดีคะ?", 2));
    world.tick();
    let tap =
        CustomerMessage { button_id: Some("opt_book_table".to_owned()), ..CustomerMessage::of(MALI, SHOP, "text") };
    let tap = arrived(&world, &world.sim.customer_writes(&tap).unwrap().message_id).await;
    let told = shown(&world, tap).await;
    assert_eq!(told["message"], json!({"type": "text", "content": "จองโต๊ะ"}));
    assert_eq!(told["answeredCard"], json!({"buttonId": "opt_book_table", "providerMessageId": sent}));
    let (_, row) = answer(world.api("GET", &format!("/api/v1/conversations/{conversation}"))).await;
    assert_eq!((&row["lastMessage"]["type"], &row["lastMessage"]["preview"]), (&json!("text"), &json!("จองโต๊ะ")));
    let quoting = queued(&world, conversation, json!({"content": text("ได้ค่ะ"), "quote": tap})).await;
    world.state_of(quoting, MessageState::Sent).await;
}

#[tokio::test]
async fn cards_are_measured_before_the_wire() {
    let (world, conversation) = World::in_conversation().await;
    let card = |style: &str, title: &str, button: &str, id: Option<&str>| {
        let button = match id {
            Some(id) => json!({"title": button, "id": id}),
            None => json!({"title": button}),
        };
        json!({"content": {"type": "template", "style": style, "title": title, "buttons": [button]}})
    };
    let (twenty, forty) = ("😊".repeat(10), "😊".repeat(20));
    for (body, parameter, limit) in [
        (card("button", &format!("{forty}!"), "ค่ะ", None), "content.title", 40),
        (card("button", "?", &format!("{twenty}!"), None), "content.buttons.title", 20),
        (card("link", "?", &format!("{forty}!"), None), "content.buttons.title", 40),
        (card("link", "?", "ค่ะ", Some(&"x".repeat(41))), "content.buttons.id", 40),
    ] {
        let (status, problem) = post(&world, conversation, body).await;
        assert_eq!((status, slug(&problem)), (422, "text-too-long"), "{problem}");
        let told = (&problem["parameter"], &problem["limit"], &problem["length"]);
        assert_eq!(told, (&json!(parameter), &json!(limit), &json!(limit + 1)));
    }
    let none = json!({"content": {"type": "template", "style": "button", "title": "?", "buttons": []}});
    let odd = json!({"content": {"type": "shared_post", "postId": "../1"}});
    for body in [card("button", "", "ค่ะ", None), card("button", "?", " ", None), none, odd] {
        let (status, problem) = post(&world, conversation, body).await;
        assert_eq!((status, slug(&problem)), (422, "invalid-content"), "{problem}");
    }
    let id = queued(&world, conversation, card("link", &forty, &forty, Some(&forty))).await;
    world.state_of(id, MessageState::Sent).await;
}

#[tokio::test]
async fn the_accounts_posts_are_listed_and_shared() {
    let (world, conversation) = World::in_conversation().await;
    let account = world.account().await.id;
    let path = format!("/api/v1/accounts/{account}/posts");
    let (status, missing) = answer(world.api("GET", &path)).await;
    assert_eq!((status, slug(&missing), &missing["scope"]), (409, "missing-scope", &json!("video.list")), "{missing}");
    assert!(missing["detail"].as_str().unwrap().contains("posts=true"), "it says what to do: {missing}");

    let cookie = world.sign_in().await;
    let page = world.begin_at(&cookie, "/auth/connect?kind=business&posts=true").await;
    let back = world.agree(&cookie, &page, SHOP, |_| true).await;
    assert!(back.starts_with("/accounts?connected="), "{back}");
    for number in 1..=20 {
        world.sim.add_post(SHOP, &format!("โพสต์ {number}")).unwrap();
        world.tick();
    }
    let (status, first) = answer(world.api("GET", &path)).await;
    assert_eq!(status, 200, "{first}");
    let items = first["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["caption"], &items[0]["kind"]), (20, &json!("โพสต์ 20"), &json!("video")));
    assert!(items[0]["thumbnailUrl"].is_string() && items[0]["publishedAt"].is_string());
    let (_, second) = answer(world.api("GET", &format!("{path}?cursor={}", first["next"].as_str().unwrap()))).await;
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (3, &Value::Null));
    let (status, odd) = answer(world.api("GET", &format!("{path}?cursor=x"))).await;
    assert_eq!((status, slug(&odd)), (400, "invalid-parameter"));

    let chosen = &items[3]["id"];
    let id = queued(&world, conversation, json!({"content": {"type": "shared_post", "postId": chosen}})).await;
    world.message_that("echoed", |one| one.message.id == id && one.message.reported).await;
    let there = theirs(&world);
    let Content::SharePost { post_id } = &there[0].content else { panic!("{there:?}") };
    assert_eq!((json!(post_id), there.len(), world.messages().await.len()), (chosen.clone(), 1, 2));
    assert_eq!(&shown(&world, id).await["message"]["content"]["postId"], chosen);

    // TikTok's own no, whatever was granted once.
    world.sim.set_fault(NewFault::new("video/list", FaultKind::Code).value(40001).times(1));
    let (status, refused) = answer(world.api("GET", &path)).await;
    assert_eq!((status, slug(&refused), &refused["code"]), (409, "missing-scope", &json!(40001)), "{refused}");
    assert!(refused["requestId"].is_string());
}

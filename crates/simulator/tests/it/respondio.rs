//! Respond.io's side: a desk to call it from, and every shape against the fixtures.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use simulator::respondio::{NewChannel, NewWorkspace, Reply, Settings, Workspace};
use simulator::{AppReply, CustomerMessage};

use crate::support::{BUSINESS, CUSTOMER, World, fixture, png, raw, shape, world_with};

/// A workspace whose one channel is bound to the world's business.
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) workspace: Workspace,
    pub(crate) channel: u64,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        Self::made(NewWorkspace { settings, ..NewWorkspace::default() }, None)
    }

    pub(crate) fn made(new: NewWorkspace, qps_limit: Option<u32>) -> Self {
        let world = world_with(simulator::Config { qps_limit, ..simulator::Config::default() });
        let workspace = world.sim.create_respondio_workspace(new);
        let new = NewChannel {
            business: BUSINESS.to_owned(), name: Some("ร้านดอกไม้ TikTok".to_owned())
        };
        let channel = world.sim.add_respondio_channel(workspace.id, &new).unwrap().id;
        Self { world, workspace, channel }
    }

    pub(crate) async fn raw(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::builder().method(method).uri(format!("/respondio/v2/{path}"));
        let request = request.header("host", "localhost:4000").header("authorization", format!("Bearer {token}"));
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let (status, headers, bytes) = raw(&self.world.sim, request.body(body).unwrap()).await;
        (status, headers, bytes.to_vec())
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let (status, _, bytes) = self.raw(method, path, &self.workspace.tokens[0], &body).await;
        (status.as_u16(), serde_json::from_slice(&bytes).unwrap())
    }

    /// A call that must succeed.
    pub(crate) async fn ok(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, path, body).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ok("GET", path, Value::Null).await
    }

    /// The customer writes to the business; answers the conversation and the message on TikTok.
    pub(crate) fn write(&self, text: &str) -> simulator::Written {
        self.world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, text)).unwrap()
    }

    /// The one contact there is.
    pub(crate) fn contact(&self) -> u64 {
        let contacts = self.world.sim.respondio_contacts(self.workspace.id).unwrap();
        assert_eq!(contacts.len(), 1, "{contacts:?}");
        contacts[0]["id"].as_u64().unwrap()
    }

    pub(crate) async fn messages(&self) -> Vec<Value> {
        let list = self.get(&format!("contact/id:{}/message/list?limit=100", self.contact())).await;
        list["items"].as_array().unwrap().clone()
    }

    pub(crate) async fn send(&self, text: &str) -> Value {
        let body = json!({"channelId": self.channel, "message": {"type": "text", "text": text}});
        self.ok("POST", &format!("contact/id:{}/message", self.contact()), body).await
    }

    pub(crate) async fn status(&self, message: &Value) -> Vec<(String, Option<String>)> {
        let path = format!("contact/id:{}/message/{}", self.contact(), message["messageId"]);
        let found = self.get(&path).await;
        let step =
            |step: &Value| (step["value"].as_str().unwrap().to_owned(), step["message"].as_str().map(str::to_owned));
        found["status"].as_array().unwrap().iter().map(step).collect()
    }

    /// Gives the contact everything a fixture's contact has.
    pub(crate) async fn fill(&self) {
        let contact = format!("contact/id:{}", self.contact());
        let custom = json!([{"name": "order_no", "value": "A-1029"}, {"name": "vip", "value": null}]);
        let fields = json!({"language": "th", "countryCode": "TH", "custom_fields": custom});
        self.ok("PUT", &contact, fields).await;
        self.ok("POST", &format!("{contact}/tag"), json!(["gw-new", "ลูกค้าใหม่"])).await;
        self.ok("POST", &format!("{contact}/conversation/assignee"), json!({"assignee": 700_101})).await;
        self.ok("POST", &format!("{contact}/lifecycle/update"), json!({"name": "New Lead"})).await;
    }
}

/// The same paths with the same kinds; null fits everything without anything below it.
pub(crate) fn fits(ours: &Value, fixture: &Value, what: &str) {
    let (ours, theirs) = (shape(ours), shape(fixture));
    let keys = |shape: &std::collections::BTreeMap<String, &'static str>| shape.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&ours), keys(&theirs), "{what}");
    for (path, kind) in &ours {
        assert!(*kind == "null" || theirs[path] == "null" || *kind == theirs[path], "{what} {path}: {kind}");
    }
}

#[tokio::test]
async fn contacts_look_like_the_fixtures() {
    let desk = Desk::new();
    desk.write("มีดอกกุหลาบสีแดงไหมคะ? 🌹😊");
    let created = desk.contact();
    desk.fill().await;
    let contact = desk.get(&format!("contact/id:{created}")).await;
    assert_eq!((&contact["firstName"], &contact["status"]), (&json!("น้องมะลิ 🌼"), &json!("open")));
    assert_eq!(
        (&contact["lastName"], &contact["phone"], &contact["email"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(contact["created_at"], 1_790_000_000, "seconds");
    fits(&contact, &fixture("respondio/contact"), "contact");
    assert_eq!(shape(&contact), shape(&fixture("respondio/contact")));

    let body = fixture("respondio/contact-list.request.open");
    let list = desk.ok("POST", "contact/list?limit=2", body).await;
    assert_eq!(list["items"], json!([contact]));
    fits(&list["pagination"], &fixture("respondio/contact-list.page1")["pagination"], "pagination");
    let tagged = desk.ok("POST", "contact/list", fixture("respondio/contact-list.request.tag")).await;
    assert_eq!(tagged["items"][0]["id"], created);
    let between = desk.ok("POST", "contact/list", fixture("respondio/contact-list.request.created-between")).await;
    assert_eq!(between["items"], json!([]), "made before November");

    let channels = desk.get(&format!("contact/id:{created}/channels")).await;
    fits(&channels, &fixture("respondio/contact-channels"), "channels");
    assert_eq!(channels["items"][0]["id"], desk.channel);
}

#[tokio::test]
async fn messages_look_like_the_fixtures() {
    let desk = Desk::new();
    let media = |desk: &Desk| desk.world.sim.put_media(png(64).into());
    desk.write("มีดอกกุหลาบสีแดงไหมคะ? 🌹😊");
    let image = CustomerMessage { media_id: Some(media(&desk)), ..CustomerMessage::of(CUSTOMER, BUSINESS, "image") };
    desk.world.sim.customer_writes(&image).unwrap();
    let reply = Reply { contact: desk.contact(), text: "สวัสดีค่ะ 🙏".into(), ..Reply::default() };
    desk.world.sim.respondio_reply(desk.workspace.id, &reply).unwrap();
    desk.send("มีค่ะ 💐").await;
    desk.world.sim.customer_writes(&CustomerMessage::of(CUSTOMER, BUSINESS, "share_post")).unwrap();
    desk.world.sim.customer_writes(&CustomerMessage::of(CUSTOMER, BUSINESS, "sticker")).unwrap();
    for _ in 0..11 {
        desk.send("x").await;
    }

    let mut known = fixture("respondio/message-list.page1")["items"].as_array().unwrap().clone();
    known.extend(fixture("respondio/message-list.page2-last")["items"].as_array().unwrap().clone());
    let ours = desk.messages().await;
    // Newest first: failed, ten sent, unsupported, post, api, user, image, text.
    assert_eq!(ours.len(), 17);
    for (mine, theirs) in [(0, 0), (11, 1), (12, 2), (13, 3), (14, 4), (15, 5), (16, 6)] {
        fits(&ours[mine], &known[theirs], &format!("message {theirs}"));
        assert_eq!(ours[mine]["message"]["type"], known[theirs]["message"]["type"]);
        assert_eq!(ours[mine]["sender"], known[theirs]["sender"]);
        assert_eq!(ours[mine]["traffic"], known[theirs]["traffic"]);
    }
    assert_eq!(ours[0]["status"][1]["value"], "failed");
    assert_eq!(ours[0]["channelMessageId"], Value::Null);
    fits(&ours[13], &fixture("respondio/message"), "message");

    // The file can be fetched by anyone.
    let address = ours[15]["message"]["attachment"]["url"].as_str().unwrap();
    let path = address.strip_prefix("http://localhost:4000").unwrap();
    let (status, headers, bytes) = raw(&desk.world.sim, Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "image/png"));
    assert_eq!(bytes, png(64));
}

#[tokio::test]
async fn small_answers_look_like_the_fixtures() {
    let desk = Desk::new();
    desk.write("hi");
    let contact = format!("contact/id:{}", desk.contact());
    let expected = fixture("respondio/contact-action.response");
    for (path, body) in [
        ("tag", fixture("respondio/contact-tag.request")),
        ("conversation/assignee", fixture("respondio/conversation-assignee.request")),
        ("conversation/status", fixture("respondio/conversation-status.request")),
    ] {
        let answer = desk.ok("POST", &format!("{contact}/{path}"), body).await;
        assert_eq!(shape(&answer), shape(&expected), "{path}");
    }
    let removed = desk.ok("DELETE", &format!("{contact}/tag"), fixture("respondio/contact-tag.request")).await;
    assert_eq!(shape(&removed), shape(&expected));
    let comment = desk.ok("POST", &format!("{contact}/comment"), fixture("respondio/comment.request")).await;
    assert_eq!(shape(&comment), shape(&fixture("respondio/comment.response")));
    assert_eq!(comment["text"], fixture("respondio/comment.request")["text"]);

    let mut text = fixture("respondio/send-text.request");
    text["channelId"] = json!(desk.channel);
    let sent = desk.ok("POST", &format!("{contact}/message"), text).await;
    assert_eq!(shape(&sent), shape(&fixture("respondio/send.response")));
    let last = desk.ok("POST", &format!("{contact}/message"), fixture("respondio/send-last-channel.request")).await;
    assert_eq!(shape(&last), shape(&fixture("respondio/send.response")));
    let desk = Desk::with(Settings { answer_contact: true, ..Settings::default() });
    desk.write("hi");
    assert_eq!(shape(&desk.send("x").await), shape(&fixture("respondio/send.response.with-contact")));
}

#[tokio::test]
async fn the_workspace_looks_like_the_fixtures() {
    let desk = Desk::new();
    for (path, name) in [
        ("space/user", "space-user"),
        ("space/channel", "space-channel"),
        ("space/closing_notes", "space-closing-notes"),
    ] {
        let ours = desk.get(path).await;
        let known = fixture(&format!("respondio/{name}"));
        fits(&ours["items"], &known["items"], name);
    }
    let field = json!({"name": "size", "description": "ไซส์", "dataType": "list", "allowedValues": ["S", "M", "L"]});
    let made = desk.ok("POST", "space/custom_field", field.clone()).await;
    fits(&made, &fixture("respondio/space-custom-field")["items"][1], "custom field");
    assert_eq!(desk.get(&format!("space/custom_field/{}", made["id"])).await, made);
    assert_eq!(desk.get("space/custom_field").await["items"].as_array().unwrap().len(), 2);
    assert_eq!(desk.call("POST", "space/custom_field", field).await.0, 409);
    assert_eq!(desk.get("space/user?limit=1").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(desk.get("space/user/700101").await["team"]["name"], "ทีมขาย");
    assert_eq!(desk.call("GET", "space/user/1", Value::Null).await.0, 404);
    assert_eq!(desk.get(&format!("space/channel/{}/template", desk.channel)).await["items"], json!([]));

    desk.ok("POST", "space/tag", json!({"name": "vip"})).await;
    assert_eq!(desk.call("POST", "space/tag", json!({"name": "vip"})).await.0, 409);
    desk.ok("PUT", "space/tag", json!({"currentName": "vip", "name": "VIP"})).await;
    desk.ok("DELETE", "space/tag", json!({"name": "VIP"})).await;
    assert_eq!(desk.call("DELETE", "space/tag", json!({"name": "VIP"})).await.0, 404);
}

#[tokio::test]
async fn what_happens_on_tiktok_appears_once_with_its_own_ids() {
    let desk = Desk::new();
    let first = desk.write("one");
    let second = desk.write("two");
    let echo = desk.world.sim.app_reply(&AppReply::text(BUSINESS, CUSTOMER, "from the app")).unwrap();
    // Through another program, straight to TikTok.
    desk.world.send(&first.conversation_id, "from elsewhere").await;
    let messages = desk.messages().await;
    let shown: Vec<_> = messages
        .iter()
        .rev()
        .map(|one| (one["message"]["text"].as_str().unwrap(), one["sender"]["source"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("one", "contact"), ("two", "contact"), ("from the app", "echo"), ("from elsewhere", "echo")]);
    // Microseconds, whole seconds with a tie-breaker; TikTok's id beside it.
    let ids: Vec<_> = messages.iter().rev().map(|one| one["messageId"].as_u64().unwrap()).collect();
    assert_eq!(ids, [0, 1, 2, 3].map(|tie| 1_790_000_000_000_000 + tie));
    let shared: Vec<_> = messages.iter().rev().map(|one| one["channelMessageId"].as_str().unwrap()).collect();
    assert_eq!(shared[..3], [&first.message_id, &second.message_id, &echo.message_id].map(String::as_str));
    assert!(messages.iter().all(|one| one.get("timestamp").is_none()), "answers hold no time");
    assert!(messages[3].get("status").is_none() && messages[0]["status"][0]["value"] == "sent");
}

#[tokio::test]
async fn exact_ids_and_milliseconds_on_request() {
    let settings = json!({"id_unit": "milliseconds", "time_unit": "milliseconds"});
    let desk = Desk::with(serde_json::from_value(settings).unwrap());
    desk.write("one");
    desk.send("two").await;
    let messages = desk.messages().await;
    assert_eq!(messages[1]["messageId"], 1_790_000_000_123_000_u64);
    assert_eq!(messages[0]["messageId"], 1_790_000_000_123_001_u64);
    assert_eq!(messages[0]["status"][1]["timestamp"], 1_790_000_000_123_i64);
}

#[tokio::test]
async fn two_workspaces_see_the_same_and_europe_is_withheld() {
    let desk = Desk::new();
    let sim = &desk.world.sim;
    let other = sim.create_respondio_workspace(NewWorkspace::default());
    let new = NewChannel { business: BUSINESS.to_owned(), name: None };
    sim.add_respondio_channel(other.id, &new).unwrap();
    assert!(sim.add_respondio_channel(other.id, &new).is_err(), "once per workspace");
    desk.write("hi");
    desk.send("hello").await;
    let theirs = sim.respondio_contacts(other.id).unwrap();
    let sources: Vec<_> =
        theirs[0]["messages"].as_array().unwrap().iter().map(|one| one["sender"]["source"].clone()).collect();
    assert_eq!(sources, ["contact", "echo"], "the other's send looks like one from the app");
    assert_ne!(theirs[0]["id"], desk.contact(), "each workspace numbers its own contacts");

    let lena =
        simulator::NewCustomer { region: Some("DE".to_owned()), ..simulator::NewCustomer::new("lena.v", "Lena") };
    sim.create_customer(lena).unwrap();
    sim.customer_writes(&CustomerMessage::text("lena.v", BUSINESS, "hallo")).unwrap();
    assert_eq!(sim.respondio_contacts(other.id).unwrap().len(), 1);
    let shop =
        simulator::NewBusiness { region: Some("FR".to_owned()), ..simulator::NewBusiness::new("paris.shop", "") };
    sim.create_business(shop).unwrap();
    let paris = NewChannel { business: "paris.shop".to_owned(), name: None };
    assert!(sim.add_respondio_channel(other.id, &paris).is_err());
}

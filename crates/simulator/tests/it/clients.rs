//! A client as others write them, over the network: nothing but the base address is ours, and its webhook verifier is its own.

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sha2::Sha256;
use simulator::{CustomerMessage, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_WEB_KEY};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::support::{BUSINESS, CUSTOMER, Received, Receiver, World, png, world};

const BACK: &str = "https://client.example.invalid/callback/";
const SCOPES: &str =
    "user.info.basic,user.info.username,user.account.type,message.list.read,message.list.send,message.list.manage";

struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    fn v13(&self, path: &str) -> String {
        format!("{}/open_api/v1.3{path}", self.base)
    }

    async fn data(request: reqwest::RequestBuilder) -> Value {
        let envelope: Value = request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        assert_eq!((&envelope["code"], &envelope["message"]), (&json!(0), &json!("OK")), "{envelope}");
        envelope["data"].clone()
    }

    /// Clicks through the consent page as a browser would; gives the code.
    async fn consent(&self, client_key: &str, scope: &str) -> String {
        let ask = [
            ("client_key", client_key),
            ("response_type", "code"),
            ("scope", scope),
            ("redirect_uri", BACK),
            ("state", "xyz"),
            ("disable_auto_auth", "1"),
        ];
        let page = format!("{}/v2/auth/authorize", self.base);
        assert_eq!(self.http.get(&page).query(&ask).send().await.unwrap().status(), 200);
        let mut form: Vec<(&str, &str)> = ask.to_vec();
        form.extend([("decision", "authorize"), ("account", BUSINESS)]);
        form.extend(scope.split(',').map(|one| ("granted", one)));
        let answer = self.http.post(&page).form(&form).send().await.unwrap();
        let back = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        assert!(
            back.as_str().starts_with(BACK)
                && back.query_pairs().any(|(name, value)| name == "state" && value == "xyz")
        );
        back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    }
}

/// Splits `t=…,s=…` by key, signs `t.body`, compares.
fn verified(got: &Received) -> bool {
    let header = got.headers["tiktok-signature"].to_str().unwrap();
    let part = |key: &str| header.split(',').find_map(|one| one.trim().strip_prefix(key)?.strip_prefix('=')).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(DEFAULT_APP_SECRET.as_bytes()).unwrap();
    mac.update(format!("{}.", part("t")).as_bytes());
    mac.update(&got.body);
    let signature: Vec<u8> = part("s")
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    mac.verify_slice(&signature).is_ok()
}

async fn served(world: &World, tasks: &mut JoinSet<()>) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let sim = world.sim.clone();
    tasks.spawn(async move { sim.serve(listener, std::future::pending()).await.unwrap() });
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for (app_id, platform) in [(DEFAULT_APP_ID, "business"), (DEFAULT_WEB_KEY, "login_web")] {
        let app =
            json!({"app_id": app_id, "secret": DEFAULT_APP_SECRET, "redirect_uris": [BACK], "platform": platform});
        http.post(format!("{base}/sim/apps")).json(&app).send().await.unwrap().error_for_status().unwrap();
    }
    Client { http, base }
}

#[tokio::test]
async fn a_messaging_client_from_consent_to_echo() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    let client = served(&world, &mut tasks).await;
    let code = client.consent(DEFAULT_APP_ID, SCOPES).await;
    let trade = json!({
        "client_id": DEFAULT_APP_ID, "client_secret": DEFAULT_APP_SECRET, "grant_type": "authorization_code",
        "auth_code": code, "redirect_uri": BACK,
    });
    let token = Client::data(client.http.post(client.v13("/tt_user/oauth2/token/")).json(&trade)).await;
    assert_eq!((token["scope"].as_str(), token["expires_in"].as_i64()), (Some(SCOPES), Some(86_400)));
    let (access, open_id) = (token["access_token"].as_str().unwrap(), token["open_id"].as_str().unwrap());
    let hook = json!({
        "app_id": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET, "event_type": "DIRECT_MESSAGE", "callback_url": receiver.url(),
    });
    Client::data(client.http.post(client.v13("/business/webhook/update/")).json(&hook)).await;

    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "สวัสดี A&B <3")).unwrap();
    world.sim.deliver_due().await;
    let inbound = receiver.received().remove(0);
    assert!(verified(&inbound));
    let conversation = inbound.content()["conversation_id"].as_str().unwrap().to_owned();
    let get = |path: &str| client.http.get(client.v13(path)).header("Access-Token", access);
    let post = |path: &str| client.http.post(client.v13(path)).header("Access-Token", access);
    let ids = [("business_id", open_id), ("conversation_id", &conversation)];
    let history = Client::data(get("/business/message/content/list/").query(&ids)).await;
    assert_eq!(history["messages"][0]["message_id"], inbound.content()["message_id"]);

    let file = Part::bytes(png(64)).file_name("a.png").mime_str("image/png").unwrap();
    let form = Form::new().text("business_id", open_id.to_owned()).text("media_type", "IMAGE").part("file", file);
    let media = Client::data(post("/business/message/media/upload/").multipart(form)).await["media_id"].clone();
    let body = json!({
        "business_id": open_id, "recipient_type": "CONVERSATION", "recipient": conversation,
        "message_type": "IMAGE", "image": {"media_id": media},
    });
    let sent = Client::data(post("/business/message/send/").json(&body)).await["message"]["message_id"].clone();
    world.sim.deliver_due().await;
    let echo = receiver.received().remove(1);
    assert!(verified(&echo));
    assert_eq!((&echo.content()["message_id"], &echo.content()["message_tag"]["source"]), (&sent, &json!("API")));
    let ask = json!({
        "business_id": open_id, "conversation_id": conversation, "message_id": sent, "media_id": media, "media_type": "IMAGE",
    });
    let link = Client::data(post("/business/message/media/download/").json(&ask)).await["download_url"].clone();
    // The stage's links name its usual address.
    let link = link.as_str().unwrap().replace("http://localhost:4000", &client.base);
    let picture = client.http.get(link).header("x-user", access).send().await.unwrap();
    assert_eq!((picture.status().as_u16(), picture.bytes().await.unwrap().len()), (200, 64));

    for (path, header, code) in
        [("/business/get/", format!("Bearer {access}"), 40105), ("/business/nothing/", access.to_owned(), 40006)]
    {
        let answer = client.http.get(client.v13(path)).query(&ids).header("Access-Token", header).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["code"].as_i64()),
            (200, Some(code)),
            "{path}"
        );
    }
    assert_eq!(get("/business/get").query(&ids).send().await.unwrap().status(), 404, "without the closing slash");
}

#[tokio::test]
async fn a_login_client_from_consent_to_profile() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let client = served(&world, &mut tasks).await;
    let code = client.consent(DEFAULT_WEB_KEY, "user.info.basic,user.info.profile").await;
    let form = [
        ("client_key", DEFAULT_WEB_KEY),
        ("client_secret", DEFAULT_APP_SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("code", &code),
    ];
    let answer = client.http.post(format!("{}/v2/oauth/token/", client.base)).form(&form).send().await.unwrap();
    let token: Value = answer.error_for_status().unwrap().json().await.unwrap();
    let profile = client
        .http
        .get(format!("{}/v2/user/info/?fields=open_id,display_name,username", client.base))
        .bearer_auth(token["access_token"].as_str().unwrap());
    let profile: Value = profile.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    assert_eq!((&profile["error"]["code"], &profile["data"]["user"]["username"]), (&json!("ok"), &json!(BUSINESS)));
}

//! Messaging clients that others wrote, as their public sources send and read (2026-11): request lines, headers, bodies
//! and webhook verifiers are theirs, described, not copied.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use simulator::{
    CommentRequest, CustomerMessage, DEFAULT_APP_ID as APP, DEFAULT_APP_SECRET as SECRET, Simulator, SystemClock,
};
use tokio::task::JoinSet;

use crate::foreign_line::{Line, multipart, param};
use crate::support::{BUSINESS, CUSTOMER, Received, Receiver, World, png, query, world};

const V13: &str = "/open_api/v1.3";
const CHATWOOT: &str = "user.info.basic,user.info.username,user.info.stats,user.info.profile,user.account.type,user.insights,message.list.read,message.list.send,message.list.manage";

fn mac(t: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{t}.").as_bytes());
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// Takes the header apart by position, `t` first, and leaves it five seconds, as TikTok's sample does.
fn verified_by_position(got: &Received, now_s: i64) -> bool {
    let header = got.headers["tiktok-signature"].to_str().unwrap();
    let (t, s) = header.split_once(',').unwrap();
    let (t, s) = (t.strip_prefix("t=").unwrap(), s.strip_prefix("s=").unwrap());
    (0..=5).contains(&(now_s - t.parse::<i64>().unwrap())) && mac(t, &got.body) == s
}

/// Parses the body, writes it again as `JSON.stringify` would (order kept, nothing escaped beyond need), and signs that.
fn verified_after_parsing(got: &Received) -> bool {
    let text = std::str::from_utf8(&got.body).unwrap();
    // What would come out differently: blanks outside strings, `\/`, escapes of what needs none.
    let parsed: Value = serde_json::from_str(text).unwrap();
    let header = got.headers["tiktok-signature"].to_str().unwrap().to_owned();
    let t = header.strip_prefix("t=").unwrap().split(',').next().unwrap().to_owned();
    header == format!("t={t},s={}", mac(&t, parsed.to_string().as_bytes()))
}

fn now_s(world: &World) -> i64 {
    world.sim.clock().wall_ms() / 1000
}

/// Authorizes `scopes` for the first time and trades the code as the client does; gives the token answer.
async fn signed_in(world: &World, line: &Line, scopes: &str, redirect: &str, accept: &[&str]) -> Value {
    world.sim.revoke(BUSINESS, false).unwrap();
    let asked = query(&[
        ("client_key", APP),
        ("redirect_uri", redirect),
        ("response_type", "code"),
        ("scope", scopes),
        ("state", "st"),
    ]);
    let back = line.consent(&format!("/v2/auth/authorize?{asked}")).await;
    assert_eq!((param(&back, "state").as_str(), param(&back, "scopes").as_str()), ("st", scopes));
    let body = json!({
        "client_id": APP, "client_secret": SECRET, "grant_type": "authorization_code",
        "auth_code": param(&back, "code"), "redirect_uri": redirect,
    });
    line.post_json(&format!("{V13}/tt_user/oauth2/token/"), accept, &body).await.data()
}

/// chatwoot/chatwoot, `app/services/tiktok/{auth_client,client}.rb`, `webhooks/tiktok_controller.rb`: `HTTParty` and Faraday.
#[tokio::test]
async fn chatwoot_from_sign_in_to_picture() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    let line = Line::to(&world, &mut tasks).await;
    let token =
        signed_in(&world, &line, CHATWOOT, "http://localhost:3000/tiktok/callback", &["Accept: application/json"])
            .await;
    assert_eq!(
        (token["expires_in"].as_i64(), token["refresh_token_expires_in"].as_i64()),
        (Some(86_400), Some(31_536_000))
    );
    let access = format!("Access-Token: {}", token["access_token"].as_str().unwrap());
    let open_id = token["open_id"].as_str().unwrap();
    let hook = query(&[("app_id", APP), ("secret", SECRET), ("event_type", "DIRECT_MESSAGE")]);
    let list = line.say(&format!("GET {V13}/business/webhook/list/?{hook}"), &["Accept: application/json"], b"").await;
    assert_eq!(list.data()["callback_url"], receiver.url());
    // Ruby writes the array with blanks, and HTTParty encodes them as %20.
    let fields = "%5B%22username%22%2C%20%22display_name%22%2C%20%22profile_image%22%5D";
    let profile = format!("GET {V13}/business/get/?business_id={open_id}&fields={fields}");
    assert_eq!(line.say(&profile, &[&access], b"").await.data()["username"], BUSINESS);

    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "ชา & <กาแฟ> \"?\"")).unwrap();
    world.sim.deliver_due().await;
    let got = receiver.received().remove(0);
    assert!(verified_by_position(&got, now_s(&world)) && verified_after_parsing(&got));
    let (to, quoted) = (got.content()["conversation_id"].clone(), got.content()["message_id"].clone());
    let path = format!("{V13}/business/message/send/");
    let text = json!({
        "business_id": open_id, "recipient_type": "CONVERSATION", "recipient": to,
        "referenced_message_info": {"referenced_message_id": quoted}, "message_type": "TEXT", "text": {"body": "ค่ะ"},
    });
    assert!(line.post_json(&path, &[&access], &text).await.data()["message"]["message_id"].is_string());
    // Every file goes out labelled as JPEG, fields first.
    let body = multipart(&[
        ("Content-Disposition: form-data; name=\"business_id\"", open_id.as_bytes()),
        ("Content-Disposition: form-data; name=\"media_type\"", b"IMAGE"),
        (
            "Content-Disposition: form-data; name=\"file\"; filename=\"ActiveStorage-1.png\"\r\nContent-Length: 64\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: binary",
            &png(64),
        ),
    ]);
    let upload = format!("POST {V13}/business/message/media/upload/");
    let form = [access.as_str(), "Content-Type: multipart/form-data; boundary=X"];
    let media = line.say(&upload, &form, &body).await.data()["media_id"].clone();
    let image = json!({
        "business_id": open_id, "recipient_type": "CONVERSATION", "recipient": to, "message_type": "IMAGE", "image": {"media_id": media},
    });
    let sent = line.post_json(&path, &[&access], &image).await.data()["message"]["message_id"].clone();
    let ask = json!({
        "business_id": open_id, "conversation_id": to, "message_id": sent, "media_id": media, "media_type": "IMAGE",
    });
    let download = format!("{V13}/business/message/media/download/");
    let address =
        line.post_json(&download, &[&access, "Accept: application/json"], &ask).await.data()["download_url"].clone();
    let file = address.as_str().unwrap().strip_prefix("http://localhost:4000").unwrap();
    let file = line.say(&format!("GET {file}"), &[&access.replace("Access-Token", "x-user")], b"").await;
    assert_eq!((file.status, file.header("content-type").as_deref(), file.body.len()), (200, Some("image/png"), 64));
}

/// Firef0x/chat-adapter-tiktok, `src/lib/{api-client,token-manager,media,webhook-config}.ts`: `fetch` of Node.
#[tokio::test]
async fn chat_adapter_tiktok_refreshes_and_asks_before_a_picture() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let line = Line::to(&world, &mut tasks).await;
    let scopes = "message.list.read,message.list.send,message.list.manage";
    let token =
        signed_in(&world, &line, scopes, "http://localhost:3000/cb", &["accept: */*", "sec-fetch-mode: cors"]).await;
    let refresh = json!({
        "client_id": APP, "client_secret": SECRET, "grant_type": "refresh_token", "refresh_token": token["refresh_token"],
    });
    let path = format!("{V13}/tt_user/oauth2/refresh_token/");
    let next = line.post_json(&path, &[], &refresh).await.data();
    for field in ["expires_in", "refresh_token_expires_in"] {
        assert!(next[field].is_number(), "{next}");
    }
    assert_ne!(next["refresh_token"], token["refresh_token"], "rotated");
    assert_eq!(line.post_json(&path, &[], &refresh).await.json()["code"], 40107, "the old one is dead");
    let access = format!("Access-Token: {}", next["access_token"].as_str().unwrap());
    let (open_id, to) = (
        next["open_id"].as_str().unwrap(),
        world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap().conversation_id,
    );
    let asked = query(&[
        ("business_id", open_id),
        ("conversation_id", &to),
        ("conversation_type", "SINGLE"),
        ("capability_types", "[\"IMAGE_SEND\"]"),
    ]);
    let able = line.say(&format!("GET {V13}/business/message/capabilities/get/?{asked}"), &[&access], b"").await.data();
    assert_eq!(able["capability_infos"][0], json!({"capability_type": "IMAGE_SEND", "capability_result": true}));
    for (limit, cursor) in [("20", "0"), ("100", "0")] {
        let asked =
            query(&[("business_id", open_id), ("conversation_type", "STRANGER"), ("limit", limit), ("cursor", cursor)]);
        let list =
            line.say(&format!("GET {V13}/business/message/conversation/list/?{asked}"), &[&access], b"").await.data();
        assert!(
            list["cursor"].is_number()
                && list["has_more"] == false
                && list["conversations"][0]["update_time"].is_number()
        );
    }
    let typing = json!({
        "business_id": open_id, "recipient_type": "CONVERSATION", "recipient": to,
        "message_type": "SENDER_ACTION", "sender_action": "TYPING",
    });
    let path = format!("{V13}/business/message/send/");
    assert_eq!(line.post_json(&path, &[&access], &typing).await.data(), json!({"message": {"message_id": ""}}));
    let delete = json!({"app_id": APP, "secret": SECRET, "event_type": "DIRECT_MESSAGE"});
    let gone = line.post_json(&format!("{V13}/business/webhook/delete/"), &[], &delete).await.data();
    assert_eq!(gone, json!({"app_id": APP, "event_type": "DIRECT_MESSAGE"}));
}

/// `ChatbotXIO/ChatbotX`, `integrations/tiktok/src/{apis,handlers}`: `ky`; reads its accounts' names on TikTok for Developers
/// with the portal's token; uploads a blob without a name; answers high-intent comments.
#[tokio::test]
async fn chatbotx_reads_names_with_the_portals_token_and_answers_a_comment() {
    let (world, mut tasks) = (world(), JoinSet::new());
    world.comment_to_message();
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    let line = Line::to(&world, &mut tasks).await;
    let scopes = "user.info.basic,user.info.username,message.list.read,message.list.send,message.list.manage";
    let token = signed_in(&world, &line, scopes, "http://localhost:3000/cb/", &["accept: application/json"]).await;
    let (bare, open_id) = (token["access_token"].as_str().unwrap(), token["open_id"].as_str().unwrap());
    let asked = "GET /v2/user/info/?fields=open_id,display_name,avatar_url,username";
    let bearer = format!("authorization: Bearer {bare}");
    let me = line.say(asked, &[&bearer], b"").await;
    assert_eq!((me.status, &me.json()["error"]["code"]), (200, &json!("ok")));
    let me = me.json()["data"]["user"].clone();
    assert_eq!((me["open_id"].as_str(), me["username"].as_str()), (Some(open_id), Some(BUSINESS)));
    let refused = line.say("GET /v2/user/info/?fields=bio_description", &[&bearer], b"").await;
    assert_eq!(refused.status, 401, "a scope that was not granted");

    let access = format!("access-token: {bare}");
    let body = multipart(&[
        ("Content-Disposition: form-data; name=\"business_id\"", open_id.as_bytes()),
        (
            "Content-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\nContent-Type: application/octet-stream",
            &png(40),
        ),
        ("Content-Disposition: form-data; name=\"media_type\"", b"IMAGE"),
    ]);
    let form = [access.as_str(), "content-type: multipart/form-data; boundary=X"];
    let media = line.say(&format!("POST {V13}/business/message/media/upload/"), &form, &body).await.data();
    assert!(media["media_id"].is_string());
    let comment = CommentRequest {
        customer: CUSTOMER.to_owned(),
        business: BUSINESS.to_owned(),
        text: "ราคา?".to_owned(),
        ..CommentRequest::default()
    };
    world.sim.comment(&comment).unwrap();
    world.sim.deliver_due().await;
    let told = receiver.received().into_iter().find(|got| got.event() == "im_receive_high_intent_comment").unwrap();
    let comment_id = told.content()["comment_id"].clone();
    assert!(comment_id.is_string(), "a text here, a number in comment.update");
    let reply = json!({
        "business_id": open_id, "direct_reply": {"reply_type": "COMMENT_REPLY", "comment_reply": {"comment_id": comment_id}},
        "message_type": "TEXT", "text": {"body": "120 บาทค่ะ"},
    });
    let sent = line.post_json(&format!("{V13}/business/message/send/"), &[&access], &reply).await.data();
    assert!(sent["message"]["message_id"].is_string());
}

/// promobase/ad-platform-sdks, `tiktok-business-sdk/src/clients/{oauth,messaging}.ts`: asks for publishing and ad scopes too,
/// reads automatic messages with POST, and takes nothing but `{}` for an answer to a revocation.
/// bububa/tiktok-business, `api/business/message`: reads them with GET, parameters sorted, and uploads under an empty name.
#[tokio::test]
async fn promobase_and_bububa_differ_in_method_and_both_are_served() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let line = Line::to(&world, &mut tasks).await;
    let scopes = "user.info.basic,user.info.username,user.info.profile,user.info.stats,user.account.type,user.insights,video.list,video.insights,video.publish,video.upload,comment.list,comment.list.manage,biz.spark.auth,message.list.send,message.list.manage";
    let token = signed_in(&world, &line, scopes, "http://localhost:3000/cb", &[]).await;
    let (bare, open_id) = (token["access_token"].as_str().unwrap(), token["open_id"].as_str().unwrap());
    assert_eq!(token["token_type"], "Bearer");
    let access = format!("Access-Token: {bare}");
    let about = json!({"business_id": open_id, "auto_message_type": "CHAT_PROMPT"});
    let mut prompt = about.clone();
    prompt["chat_prompt"] = json!({"title": "Hours", "content": "8 to 5"});
    let auto = format!("{V13}/business/message/auto_message");
    let made = line.post_json(&format!("{auto}/create/"), &[&access], &prompt).await.data();
    let id = made["auto_message"]["auto_message_id"].as_str().unwrap().to_owned();
    let posted = line.post_json(&format!("{auto}/get/"), &[&access], &about).await.data();
    let asked = format!("auto_message_id={id}&auto_message_type=CHAT_PROMPT&business_id={open_id}");
    let got =
        line.say(&format!("GET {auto}/get/?{asked}"), &[&access, "User-Agent: Go-http-client/1.1"], b"").await.data();
    assert_eq!(posted, got);
    let body = multipart(&[
        ("Content-Disposition: form-data; name=\"business_id\"", open_id.as_bytes()),
        (
            "Content-Disposition: form-data; name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream",
            &png(40),
        ),
        ("Content-Disposition: form-data; name=\"media_type\"", b"IMAGE"),
    ]);
    let form = ["Content-Type: multipart/form-data; boundary=X", access.as_str()];
    assert!(
        line.say(&format!("POST {V13}/business/message/media/upload/"), &form, &body).await.data()["media_id"]
            .is_string()
    );
    let fields = r#"["display_name","username","profile_image","profile_deep_link","bio_description","is_verified","is_business_account","followers_count","following_count","total_likes","videos_count"]"#;
    let asked = query(&[("business_id", open_id), ("fields", fields)]);
    let profile = line.say(&format!("GET {V13}/business/get/?{asked}"), &[&access], b"").await.data();
    assert_eq!(profile.as_object().unwrap().len(), 11);
    let asked = json!({"app_id": APP, "access_token": bare});
    let info = line.post_json(&format!("{V13}/tt_user/token_info/get/"), &[], &asked).await.data();
    assert_eq!(info, json!({"app_id": APP, "creator_id": open_id, "scope": scopes}));
    let revoke = json!({"client_id": APP, "client_secret": SECRET, "access_token": bare});
    assert_eq!(line.post_json(&format!("{V13}/tt_user/oauth2/revoke/"), &[], &revoke).await.data(), json!({}));
}

/// python-tiktok 0.1.12 (`PyPI`), `BusinessAccountApi`: every field of an account and of a post, lists with blanks.
#[tokio::test]
async fn python_tiktok_asks_for_every_field() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let line = Line::to(&world, &mut tasks).await;
    let headers = [&format!("Access-Token: {}", world.token), "User-Agent: python-requests/2.34.0", "Accept: */*"];
    let account = r#"["audience_ages", "video_views", "lead_submissions", "app_download_clicks", "address_clicks", "engaged_audience", "total_likes"]"#;
    let post = r#"["item_id", "create_time", "total_time_watched", "full_video_watched_rate", "impression_sources", "audience_countries"]"#;
    for (path, fields, wanted) in [("business/get", account, "metrics"), ("business/video/list", post, "videos")] {
        let asked = query(&[("business_id", &world.open_id), ("fields", fields)]);
        let answer = line.say(&format!("GET {V13}/{path}/?{asked}"), &headers, b"").await.data();
        assert!(answer[wanted].is_array(), "{answer}");
    }
}

/// Receivers that look headers up letter by letter find the spelling of TikTok's documentation.
#[tokio::test]
async fn webhooks_spell_their_headers_as_documented() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let world = world();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    world.sim.set_callback(APP, "DIRECT_MESSAGE", &url).unwrap();
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap();
    let taken = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"}") {
            assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request ends with its body");
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let (request, tries) = tokio::join!(taken, world.sim.deliver_due());
    assert_eq!(tries, 1);
    for header in ["Tiktok-Signature: t=", "Content-Type: application/json", "Content-Length: "] {
        assert!(request.contains(&format!("\r\n{header}")), "{request}");
    }
}

/// The token is looked at before anything else, and a client that waits for each answer never meets the limit.
#[tokio::test]
async fn a_client_without_a_token_is_told_so_first_and_a_patient_one_is_never_refused() {
    let (mut world, mut tasks) = (world(), JoinSet::new());
    let line = Line::to(&world, &mut tasks).await;
    let send = format!("{V13}/business/message/send/");
    for (header, code) in [("X-None: 1", 40104), ("Access-Token: nobody", 40105), ("Access-Token: Bearer x", 40105)] {
        let answer = line.say(&format!("POST {send}"), &[header, "Content-Type: application/json"], b"{bad").await;
        assert_eq!((answer.status, answer.json()["code"].as_i64()), (200, Some(code)), "{header}");
        assert_eq!(answer.json()["data"], json!({}));
    }
    let sim = Simulator::new(simulator::Config::default(), std::sync::Arc::new(SystemClock::new()));
    world.open_id = sim.create_business(simulator::NewBusiness::new(BUSINESS, "x")).unwrap().open_id;
    world.token = sim.grant(BUSINESS, APP, &simulator::SCOPES).unwrap().access_token;
    world.sim = sim;
    let line = Line::to(&world, &mut tasks).await;
    let ask = format!("GET {V13}/business/get/?business_id={}", world.open_id);
    for _ in 0..12 {
        line.say(&ask, &[&format!("Access-Token: {}", world.token)], b"").await.data();
    }
}

//! The way from the internet to the gateway as `doctor` walks it: with something else at the public address, and with nothing.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    doctor::finds,
    harness::{FIXTURE_ACCOUNT, World},
};

/// What stands at the public address in place of the gateway: whole answers to a signed event, an unsigned one, and a GET.
type Answers = Arc<Mutex<[String; 3]>>;

/// `HTTP/1.1 <status>` with these header lines and this body.
fn raw(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} -\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

fn problem(slug: &str) -> String {
    json!({"type": format!("https://message-gateway.dev/problems/{slug}")}).to_string()
}

async fn stand_in(answers: Answers) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "it stands outside the gateway's life cycle")]
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let request = read_request(&mut socket).await;
            let which = match (request.starts_with("POST"), request.to_lowercase().contains("tiktok-signature:")) {
                (true, true) => 0,
                (true, false) => 1,
                _ => 2,
            };
            let answer = answers.lock().unwrap()[which].clone();
            drop(socket.write_all(answer.as_bytes()).await);
        }
    });
    base
}

/// A request to its end: what is left unread when a socket is closed takes the answer with it.
async fn read_request(socket: &mut tokio::net::TcpStream) -> String {
    let (mut request, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let whole = request.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length =
                head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            body.len() >= length.unwrap_or(0)
        });
        // The hello of TLS, to whom this server has nothing to say but HTTP.
        if whole || request.starts_with('\u{16}') {
            return request;
        }
        match socket.read(&mut buffer).await {
            Ok(0) | Err(_) => return request,
            Ok(read) => request.push_str(&String::from_utf8_lossy(&buffer[..read])),
        }
    }
}

/// A world whose public address is `url`.
async fn at(url: &str) -> World {
    let url = format!("{url}/").parse().unwrap();
    let world = World::with(|config| (config.server.public_url, config.server.public_url_is_set) = (url, true)).await;
    world.adopt(FIXTURE_ACCOUNT).await;
    world
}

#[tokio::test]
async fn what_stands_in_the_way_is_told_by_how_it_answers() {
    let answers = Answers::default();
    let world = at(&stand_in(Arc::clone(&answers)).await).await;
    let unsigned = raw(401, "", &problem("signature-missing"));
    for (signed, id, phrase) in [
        (raw(301, "location: https://www.example.com/webhook/tiktok\r\n", ""), "webhook-redirected", "PUBLIC_URL"),
        (raw(421, "", &problem("host-refused")), "proxy-host", "proxy_set_header Host"),
        (raw(401, "", &problem("signature-missing")), "webhook-header-dropped", "Tiktok-Signature"),
        (raw(401, "", &problem("signature-invalid")), "webhook-secret-differs", "TIKTOK_APP_SECRET"),
        (raw(403, "", "<h1>Checking your browser</h1>"), "webhook-blocked", "without password, challenge"),
        (raw(404, "", "nginx"), "webhook-not-found", "path unchanged"),
        (raw(503, "", &problem("unavailable")), "gateway-unavailable", "database and the disk"),
        (raw(502, "", "Bad Gateway"), "proxy-upstream", "HOST and PORT"),
        (raw(418, "", ""), "webhook-odd-answer", "log of the proxy"),
        // Others of the same kinds, each as another proxy, firewall or tunnel says it.
        (raw(302, "location: /login\r\n", ""), "webhook-redirected", "PUBLIC_URL"),
        (raw(307, "location: https://www.example.com/\r\n", ""), "webhook-redirected", "PUBLIC_URL"),
        (raw(308, "location: https://www.example.com/\r\n", ""), "webhook-redirected", "PUBLIC_URL"),
        (raw(401, "www-authenticate: Basic\r\n", ""), "webhook-blocked", "without password"),
        (raw(407, "", ""), "webhook-blocked", "without password"),
        (raw(429, "", "Slow down"), "webhook-blocked", "rate limit"),
        (raw(405, "", ""), "webhook-not-found", "path unchanged"),
        (raw(504, "", "Gateway Timeout"), "proxy-upstream", "HOST and PORT"),
        (raw(520, "", "Web server returned an unknown error"), "proxy-upstream", "HOST and PORT"),
    ] {
        *answers.lock().unwrap() = [signed, unsigned.clone(), raw(401, "", "")];
        finds(&world, id, "problem", phrase).await;
    }
    let caught = raw(200, "", "welcome");
    *answers.lock().unwrap() = [caught.clone(), caught.clone(), caught];
    finds(&world, "webhook-unchecked", "problem", "to nothing else").await;
}

#[tokio::test]
async fn a_redirect_address_that_leads_astray_is_named() {
    let answers = Answers::default();
    let world = at(&stand_in(Arc::clone(&answers)).await).await;
    let ours = problem("unauthenticated");
    for (callback, id, level, phrase) in [
        (
            raw(308, "location: https://www.example.com/?code=x\r\n", ""),
            "callback-redirected",
            "problem",
            "303 with Cache-Control: no-store",
        ),
        (raw(302, "location: /login\r\n", ""), "callback-redirected", "problem", "clear the browser's cache"),
        (raw(401, "cache-control: public\r\n", &ours), "callback-cached", "warning", "leave Cache-Control alone"),
        (raw(200, "", "welcome"), "callback-odd-answer", "warning", "pass /auth/"),
    ] {
        let permanent = callback.contains(" 308 ");
        *answers.lock().unwrap() = [raw(200, "", ""), raw(401, "", &problem("signature-missing")), callback];
        let found = finds(&world, id, level, phrase).await;
        let cause = found["cause"].as_str().unwrap();
        assert!(cause.contains("Browsers keep") == permanent && !cause.contains("code=x"), "{found}");
    }
}

#[tokio::test]
async fn an_address_where_nothing_answers_is_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    finds(&at(&format!("http://{free}")).await, "address-refused", "problem", "message-gateway serve").await;
    finds(&at("http://no-such-host.invalid").await, "address-unknown", "problem", "DNS record").await;
    let plain = Answers::default();
    *plain.lock().unwrap() = std::array::from_fn(|_| raw(400, "", "plain HTTP"));
    let plain = stand_in(plain).await;
    finds(&at(&plain.replace("http:", "https:")).await, "address-tls", "problem", "certificate").await;
}

#[tokio::test]
async fn a_tiktok_without_a_date_is_a_hint() {
    let answers = Answers::default();
    *answers.lock().unwrap() = std::array::from_fn(|_| raw(404, "", ""));
    let api = stand_in(answers).await.parse().unwrap();
    let world = World::with(|config| config.tiktok.business_api_url = api).await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let found = finds(&world, "clock-unknown", "hint", "yourself").await;
    assert_eq!(found["copy"], "timedatectl status");
}

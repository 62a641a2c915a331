//! What must never be written down: secrets anywhere, people's words and raw bodies in the log.

use std::{
    io::Write,
    path::Path,
    sync::{Mutex, OnceLock, PoisonError},
};

use domain::message::MessageState;
use message_gateway::providers::tokens;
use serde_json::json;
use simulator::{CustomerMessage, DEFAULT_APP_SECRET, FaultKind, NewFault};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    harness::{API_SECRET, MALI, SHOP, VERIFY_TOKEN, World, answer, sign},
    identities,
};

const ASKED: &str = "asked-by-the-customer-เมื่อไหร่";
const ANSWERED: &str = "answered-by-the-shop-พรุ่งนี้";
const REFUSED: &str = "refused-by-tiktok-ไม่ได้";
const GARBLED: &str = "garbled-beyond-recognition";

/// Everything that the whole test program logs, in detail, from the first call on.
#[derive(Debug, Clone, Copy)]
struct Log(&'static Mutex<Vec<u8>>);

impl Log {
    fn start() -> Self {
        static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());
        static STARTED: OnceLock<()> = OnceLock::new();
        STARTED.get_or_init(|| {
            // More than `debug` of our own parts says; the sockets' library prints packets there and is kept quiet by default too.
            let filter = EnvFilter::new("debug,message_gateway=trace,hyper=warn,engineioxide=warn,socketioxide=warn");
            let layer = tracing_subscriber::fmt::layer().json().with_writer(Self(&WRITTEN));
            tracing_subscriber::registry().with(filter).with(layer).init();
        });
        Self(&WRITTEN)
    }

    fn text(self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

/// The bytes of every file in a folder and the folders in it.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all.extend(if path.is_dir() { bytes_of(&path) } else { std::fs::read(&path).unwrap() });
    }
    all
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

/// A conversation in which much goes right and some goes wrong. Gives the cookie of the browser that was in it.
async fn live_through(world: &World) -> String {
    world.customer_says(ASKED);
    let asked = world.message_that("the question arrives", |one| one.message.content.words() == ASKED).await;
    let conversation = asked.message.conversation_id;
    let sent = world.reply(conversation, ANSWERED).await;
    world.state_of(sent, MessageState::Sent).await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40_064).times(1));
    let refused = world.reply(conversation, REFUSED).await;
    world.state_of(refused, MessageState::Failed).await;
    let unknown = CustomerMessage { text: Some(GARBLED.to_owned()), ..CustomerMessage::of(MALI, SHOP, "unknown") };
    world.tick();
    world.sim.customer_writes(&unknown).unwrap();

    let body = format!("{{\"{GARBLED}\": ");
    assert_eq!(world.deliver(body.as_bytes()).await, 200);
    assert_eq!(world.deliver_signed(body.as_bytes(), "t=1,s=00").await, 401);
    assert_eq!(world.deliver_signed(body.as_bytes(), &sign(world.clock.now(), b"another")).await, 401);
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let malformed = world.api("POST", &path).header("content-type", "application/json").body(body);
    assert_eq!(answer(malformed).await.0, 400);
    let wrong = world.api("POST", &path).json(&json!({"content": {"type": "text", "body": [GARBLED]}}));
    assert_eq!(answer(wrong).await.0, 400);
    let cookie = world.sign_in().await;
    let session = world.http.get(format!("{}/api/v1/session", world.base)).header("cookie", &cookie);
    assert_eq!(answer(session).await.0, 200);
    cookie
}

#[tokio::test]
async fn neither_log_nor_disk_gives_anything_away() {
    let log = Log::start();
    let world = World::embedded_with(identities::configure).await.with_shop().await;
    let cookie = live_through(&world).await;
    let account = world.account().await;
    let sealed = world.store().tokens(&world.scope().await, account.binding).await.unwrap().unwrap();
    let keyring = &world.app().keyring;
    let access = tokens::open_access(keyring, &account.external_id, &sealed).unwrap();
    let refresh = tokens::open_refresh(keyring, &account.external_id, &sealed).unwrap();
    identities::register(&world, None);
    let identity = identities::identify(&world, &cookie).await;
    let sealed = world.store().tokens(&world.scope().await, identity.binding).await.unwrap().unwrap();
    let who = tokens::open_login_access(keyring, &identity.external_id, &sealed).unwrap();
    let renewing = tokens::open_login_refresh(keyring, &identity.external_id, &sealed).unwrap();
    assert!(tokens::open_access(keyring, &identity.external_id, &sealed).is_err(), "sealed for another place");
    let session = cookie.strip_prefix("mg_session=").unwrap();
    let of_people = [access.expose(), refresh.expose(), who.expose(), renewing.expose(), session];
    let secrets: Vec<_> =
        of_people.into_iter().chain([API_SECRET, VERIFY_TOKEN, DEFAULT_APP_SECRET, identities::KIT_SECRET]).collect();

    let settings =
        format!("{:?} {:?} {access:?} {refresh:?} {who:?} {renewing:?}", world.app().config, world.app().providers);
    for secret in &secrets {
        assert!(!settings.contains(*secret), "printed for a developer: {secret}");
    }
    let data_dir = world.app().config.storage.data_dir.clone();
    let disk = bytes_of(&data_dir);
    assert!(holds(&disk, ASKED), "the database is what was looked through");
    for secret in &secrets {
        assert!(!holds(&disk, secret), "on the disk: {secret}");
    }
    let log = log.text();
    assert!(log.contains("reply sent") && log.contains("reply not sent"), "the log is what was looked through");
    for told in secrets.into_iter().chain([ASKED, ANSWERED, REFUSED, GARBLED, "น้องมะลิ"]) {
        assert!(!log.contains(told), "logged: {told}");
    }
}

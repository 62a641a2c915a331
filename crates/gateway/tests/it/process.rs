//! The binary as an operating system sees it: what it prints, what its exit codes say, how it ends.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::JoinHandle,
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::{API_SECRET, VERIFY_TOKEN};

/// The binary over a data folder, with nothing of the developer's own environment.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_message-gateway"));
    command.args(arguments).env_clear().current_dir(folder).env("DATA_DIR", folder.join("data"));
    command.env("API_SECRET", API_SECRET).env("WEBHOOK_VERIFY_TOKEN", VERIFY_TOKEN).env("PORT", "0");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A running server; killed if a test fails before it ended.
pub(crate) struct Server {
    child: Child,
    pub(crate) base: String,
    log: JoinHandle<String>,
}

impl Server {
    /// Starts it and waits for the line that says where it listens.
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// The same, with more settings.
    pub(crate) fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut serve = command(folder, &["serve"]);
        let mut child =
            serve.envs(settings.iter().copied()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.contains("\"ready\""))
            .expect("the server says that it is ready");
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let base = format!("http://{}", ready["fields"]["address"].as_str().unwrap());
        // Read on, or a full pipe would stop the server.
        let log = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>().join("\n"));
        Self { child, base, log }
    }

    pub(crate) fn signal(&self, name: &str) {
        let script = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    }

    /// Waits for its end. Gives exit code and log.
    pub(crate) fn ended(self) -> (Option<i32>, String) {
        let Self { mut child, log, .. } = self;
        (child.wait().unwrap().code(), log.join().unwrap())
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// One signed webhook of the generic kind. True when it was acknowledged; false when nobody listens any more.
async fn deliver(http: &reqwest::Client, base: &str, number: usize) -> bool {
    let body = json!({
        "contact": {"id": format!("{}", number % 7), "first_name": "Test"}, "conversation_id": format!("conv_{}", number % 7),
        "message_id": format!("m{number}"), "message_content": format!("Hello {number}"), "message_type": "text",
        "message_timestamp": "2026-02-27T10:00:00Z",
    });
    deliver_body(http, base, &body).await
}

/// Any body, under its right signature.
async fn deliver_body(http: &reqwest::Client, base: &str, body: &Value) -> bool {
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(VERIFY_TOKEN.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = mac.finalize().into_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let request =
        http.post(format!("{base}/webhook/thirdparty/shop")).header("x-signature", format!("sha256={signature}"));
    match request.header("content-type", "application/json").body(body).send().await {
        Ok(answer) => {
            assert_eq!(answer.status(), 200, "an answer is the acknowledgement");
            true
        }
        // Refused, or a connection that was idle and closed: the sender was told nothing and tries again later.
        Err(_) => false,
    }
}

/// The numbers of all messages that a server has, each once.
async fn kept(http: &reqwest::Client, base: &str) -> BTreeSet<usize> {
    let answer = http.get(format!("{base}/api/chats")).bearer_auth(API_SECRET).send().await.unwrap();
    let all: Vec<Value> = answer.json().await.unwrap();
    let number = |one: &Value| {
        let words = one["message"]["content"].as_str().unwrap();
        words.strip_prefix("Hello ").unwrap().parse().unwrap()
    };
    let numbers: BTreeSet<usize> = all.iter().map(number).collect();
    assert_eq!(numbers.len(), all.len(), "no message is stored twice");
    let status = http.get(format!("{base}/api/status")).bearer_auth(API_SECRET).send().await.unwrap();
    let status: Value = status.json().await.unwrap();
    assert_eq!((&status["seenMessages"], &status["chatCount"]), (&json!(all.len()), &json!(7)));
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_under_load_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let (http, base) = (client(), server.base.clone());
    assert!(deliver(&http, &base, 0).await);
    let senders = futures_util::future::join_all((1..=16).map(|sender| {
        let (http, base) = (http.clone(), base.clone());
        async move {
            let mut numbers = (0..).map(|count| sender * 100_000 + count);
            let mut acknowledged = BTreeSet::new();
            while let Some(number) = numbers.next()
                && deliver(&http, &base, number).await
            {
                acknowledged.insert(number);
            }
            acknowledged
        }
    }));
    let signalled = async {
        // Load is on when some were acknowledged.
        let mut acknowledged = BTreeSet::from([0]);
        for number in 50_000_000..50_000_050 {
            assert!(deliver(&http, &base, number).await);
            acknowledged.insert(number);
        }
        server.signal("TERM");
        acknowledged
    };
    let (senders, mut acknowledged) = tokio::join!(senders, signalled);
    acknowledged.extend(senders.into_iter().flatten());
    let (code, log) = server.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("\"level\":\"ERROR\""), "{log}");

    let again = Server::start(folder.path());
    let kept = kept(&http, &again.base).await;
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(
        lost.is_empty(),
        "{} acknowledged, {} kept, of which are missing {lost:?}; {log}",
        acknowledged.len(),
        kept.len()
    );
    // One more per sender may have been stored while its answer was cut off.
    assert!(kept.len() <= acknowledged.len() + 16, "{} acknowledged, {} kept", acknowledged.len(), kept.len());
    again.signal("INT");
    assert_eq!(again.ended().0, Some(0));
}

#[test]
fn keys_and_links_are_made_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let link = said(&run(folder.path(), &["user", "login-link"]));
    assert!(link.contains("/link#"), "{link}");
    let made: Value =
        serde_json::from_str(&said(&run(folder.path(), &["api-key", "create", "shop", "--scope", "send", "--json"])))
            .unwrap();
    let listed: Value = serde_json::from_str(&said(&run(folder.path(), &["api-key", "list", "--json"]))).unwrap();
    assert_eq!(listed[0]["id"], made["id"]);
    assert_eq!(listed[0].get("secret"), None);
    assert!(said(&run(folder.path(), &["api-key", "revoke", made["id"].as_str().unwrap()])).contains("revoked"));
    assert_eq!(run(folder.path(), &["serve"]).status.code(), Some(4), "one server per data folder");

    let file = folder.path().join("data/first-run-link");
    let first_run = std::fs::read_to_string(&file).unwrap();
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions()) & 0o777,
        0o600
    );
    server.signal("TERM");
    let (code, log) = server.ended();
    assert_eq!(code, Some(0), "{log}");
    let secret = first_run.trim().split_once('#').unwrap().1;
    assert!(!log.contains(secret), "a link is never logged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replay_waits_for_its_turn_and_says_what_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let http = client();
    assert!(deliver(&http, &server.base, 1).await);
    assert!(
        deliver_body(
            &http,
            &server.base,
            &json!({"contact": {"id": "1"}, "conversation_id": "conv_1", "message_type": "hologram"})
        )
        .await
    );
    let busy = run(folder.path(), &["replay", "--dry-run"]);
    assert_eq!(busy.status.code(), Some(4), "not beside a running server");
    assert!(String::from_utf8(busy.stderr).unwrap().contains("another message-gateway is running"));
    server.signal("TERM");
    assert_eq!(server.ended().0, Some(0));

    let dry: Value = serde_json::from_str(&said(&run(folder.path(), &["replay", "--dry-run", "--json"]))).unwrap();
    assert_eq!((&dry["read"], &dry["unchanged"], &dry["notUnderstood"]), (&json!(2), &json!(1), &json!(1)), "{dry}");
    assert_eq!((&dry["dryRun"], &dry["changed"]), (&json!(true), &Value::Null));
    let real = said(&run(folder.path(), &["replay", "--unsupported"]));
    assert!(
        real.starts_with("1 webhook read\n        1  still not understood whole\n        0  brought something new\n"),
        "{real}"
    );
    assert!(real.contains("unknown or unreadable message type `hologram`"), "{real}");
    let none = said(&run(folder.path(), &["replay", "--since", "2999-01-01"]));
    assert_eq!(none, "0 webhooks read\n        0  brought something new\n");
    assert_eq!(run(folder.path(), &["replay", "--since", "yesterday"]).status.code(), Some(2));
    let help = said(&run(folder.path(), &["replay", "--help"]));
    assert!(help.contains("Examples:") && help.contains("replay --unsupported --dry-run"), "{help}");

    let again = Server::start(folder.path());
    let answer = http.get(format!("{}/api/chats", again.base)).bearer_auth(API_SECRET).send().await.unwrap();
    assert_eq!(answer.json::<Vec<Value>>().await.unwrap().len(), 2, "as many messages as before");
    again.signal("TERM");
    assert_eq!(again.ended().0, Some(0));
}

#[test]
fn exit_codes_say_what_was_wrong() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["no-such-command"]).status.code(), Some(2));
    assert_eq!(run(folder.path(), &["api-key", "create", ""]).status.code(), Some(2));
    let wrong = command(folder.path(), &["config", "check"]).env("PUBLIC_URL", "nonsense").output().unwrap();
    assert_eq!(wrong.status.code(), Some(3));
    let words = String::from_utf8(wrong.stderr).unwrap();
    assert!(words.contains("PUBLIC_URL is not valid (from the environment); expected: an address such as"), "{words}");
    let shown = String::from_utf8(wrong.stdout).unwrap();
    assert!(shown.contains("API_SECRET") && !shown.contains(API_SECRET), "{shown}");
    std::fs::write(folder.path().join("data"), "a file").unwrap();
    assert_eq!(run(folder.path(), &["migrate"]).status.code(), Some(4));
}

//! `message-gateway doctor` as a script sees it: exit codes, JSON, beside a running server; and what only it looks at, this machine.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Output, sync::Arc};

use serde_json::Value;
use simulator::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Simulator, SystemClock};
use tokio::{net::TcpListener, sync::oneshot};

use crate::process::{Server, command};

/// Runs the doctor. `settings` are its environment, on top of a TikTok at which nobody listens.
fn doctor(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = command(folder, &[&["doctor"], arguments].concat());
    command.env("TIKTOK_BUSINESS_API_URL", "http://127.0.0.1:9/");
    command.envs(settings.iter().copied()).output().unwrap()
}

fn findings(output: &Output) -> Vec<Value> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    report["findings"].as_array().unwrap().clone()
}

/// The finding, with a fix that says `phrase`.
fn found(output: &Output, id: &str, level: &str, phrase: &str) -> Value {
    let all = findings(output);
    let found = all.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("{id} is not in {all:#?}")).clone();
    assert!(found["level"] == level && found["fix"].as_str().unwrap().contains(phrase), "{found}");
    found
}

#[test]
fn a_problem_is_exit_code_1_and_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let output = doctor(folder.path(), &[], &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.contains("PROBLEM  No TikTok app is configured [app-missing]"), "{words}");
    assert!(words.contains("Fix: Set both to App ID and Secret"), "{words}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("to mend"));
    let wrong = doctor(folder.path(), &[], &[("PUBLIC_URL", "nonsense")]);
    assert_eq!(wrong.status.code(), Some(3));
    let without = doctor(folder.path(), &["--fix"], &[]);
    assert_eq!(without.status.code(), Some(1), "there is no app whose webhook could be set");
}

#[test]
fn through_respondio_a_gateway_without_an_app_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let output = doctor(folder.path(), &["--json"], &[("PROVIDER", "respondio")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let app = found(&output, "app-missing", "hint", "Nothing is to be done");
    assert!(app["cause"].as_str().unwrap().contains("would be for accounts"), "{app}");
    let named = findings(&output).iter().any(|one| one["id"] == "redirect-uri");
    assert!(!named, "nobody registers an address");
}

#[test]
fn files_that_others_may_read_and_a_lost_key_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    doctor(folder.path(), &[], &[]);
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&data, 0o755);
    mode(&data.join("encryption-key"), 0o644);
    let output = doctor(folder.path(), &["--json"], &[]);
    let open = found(&output, "data-dir-open", "warning", "rights of others");
    assert_eq!(open["copy"], format!("chmod 700 {}", data.display()));
    let key = found(&output, "key-file-open", "problem", "disconnect and connect every account");
    assert!(key["copy"].as_str().unwrap().starts_with("chmod 600 "));

    let other_key = "5a".repeat(32);
    let output = doctor(folder.path(), &["--json"], &[("ENCRYPTION_KEY", &other_key)]);
    found(&output, "encryption-key-wrong", "problem", "put back the file encryption-key");
    assert!(!String::from_utf8_lossy(&output.stdout).contains(&other_key));

    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let blobs = format!("file:{}", file.display());
    found(&doctor(folder.path(), &["--json"], &[("BLOB_URL", &blobs)]), "pictures-not-kept", "problem", "writable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_running_server_the_webhook_is_set_and_tried() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}/open_api/v1.3/", listener.local_addr().unwrap());
    let sim = Simulator::new(simulator::Config::default(), Arc::new(SystemClock::new()));
    let (end, ended) = oneshot::channel::<()>();
    let serving = sim.clone();
    #[expect(clippy::disallowed_methods, reason = "the simulator stands outside the gateway's life cycle")]
    let simulated = tokio::spawn(async move { serving.serve(listener, async { drop(ended.await) }).await });

    let told = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        let app = [
            ("TIKTOK_APP_ID", DEFAULT_APP_ID),
            ("TIKTOK_APP_SECRET", DEFAULT_APP_SECRET),
            ("TIKTOK_BUSINESS_API_URL", &api),
        ];
        let server = Server::start_with(folder.path(), &app);
        let settings = [&app[..], &[("PUBLIC_URL", server.base.as_str())]].concat();
        let before = doctor(folder.path(), &["--json"], &settings);
        assert_eq!(before.status.code(), Some(1));
        found(&before, "webhook-missing", "problem", "doctor --fix");
        let fixed = doctor(folder.path(), &["--fix", "--json"], &settings);
        assert_eq!(fixed.status.code(), Some(0), "{fixed:?}");
        let ids: Vec<_> = findings(&fixed).iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        for id in ["webhook-registered", "webhook-reachable", "callback-reachable", "clock-right", "database-safe"] {
            assert!(ids.iter().any(|one| one == id), "{id} is not in {ids:?}");
        }
        let words = String::from_utf8(fixed.stderr).unwrap();
        assert!(words.contains("TikTok now sends webhooks to"), "{words}");
        assert!(!String::from_utf8_lossy(&fixed.stdout).contains(DEFAULT_APP_SECRET));
        server.signal("TERM");
        server.ended().0
    });
    assert_eq!(told.await.unwrap(), Some(0));
    drop(end);
    simulated.await.unwrap().unwrap();
}

//! What the predecessor kept becomes history: each message once, nobody alerted, however often it is imported.

use std::io::BufReader;

use domain::message::Direction;
use message_gateway::import::{ImportError, Named, Report, Target, chats};
use serde_json::{Value, json};

use crate::{
    harness::{SHOP, World, answer},
    identities::{identify, with_kit},
    process::{Server, command},
};

fn line(direction: &str, account: &str, at: &str, words: &str) -> Value {
    let user = match direction {
        "incoming" => json!({"id": "264520177", "username": "Mali", "nickname": "น้องมะลิ", "avatar": ""}),
        _ => json!({"id": "self", "username": "You", "nickname": "You", "avatar": ""}),
    };
    json!({
        "type": "dm", "direction": direction, "accountId": account, "conversationId": "264520177", "timestamp": at,
        "user": user, "message": {"type": "text", "content": words},
    })
}

/// Two starts of the predecessor: it told its backlog again, its own reply with the other side's time, and tore its last line.
fn file() -> String {
    let backlog = [
        line("incoming", "-000shop", "2026-02-27T10:00:00.000Z", "สวัสดีค่ะ"),
        line("incoming", "-000shop", "2026-02-27T10:00:01.000Z", "ok"),
        line("incoming", "-000shop", "2026-02-27T10:00:01.000Z", "ok"),
    ];
    let sent = line("outgoing", "-000shop", "2026-02-27T10:00:05.400Z", "ค่ะ");
    let told_again = line("outgoing", "-000shop", "2026-02-27T10:00:05.000Z", "ค่ะ");
    let later = line("incoming", "-000shop", "2026-02-27T10:00:09.000Z", "ขอบคุณค่ะ");
    let lines = [&backlog[..], &[sent, later], &backlog[..], &[told_again]].concat();
    let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
    format!("{}\n{{\"type\":\"dm\",\"direc", lines.join("\n"))
}

async fn import(world: &World, target: &Target, file: &str) -> Report {
    let mut bytes = BufReader::new(file.as_bytes());
    chats(&**world.store(), target, &mut bytes, false, |_| {}).await.unwrap()
}

async fn archive(world: &World) -> Target {
    let names = vec![Named {
        open_id: "-000shop".to_owned(),
        username: Some(SHOP.to_owned()),
        display_name: Some("บ้านคาเฟ่".to_owned()),
        avatar_url: None,
    }];
    Target { workspace: world.workspace().await, account: None, names }
}

#[tokio::test]
async fn chats_become_history_once() {
    let world = World::new().await;
    let target = archive(&world).await;
    let first = import(&world, &target, &file()).await;
    assert_eq!((first.lines, first.imported, first.copies, first.unreadable, first.known), (10, 5, 4, 1, 0));
    assert_eq!((first.reasons[0].line, first.conversations), (10, 1));
    let said: Vec<_> =
        world.messages().await.into_iter().map(|one| (one.message.direction, one.message.filed)).collect();
    assert_eq!(said.len(), 5);
    assert!(said.iter().all(|(_, filed)| *filed), "{said:?}");
    assert_eq!(said.iter().filter(|(direction, _)| *direction == Direction::Outgoing).count(), 1);

    let (status, page) = answer(world.api("GET", "/api/v1/conversations")).await;
    let [chat] = page["items"].as_array().unwrap().as_slice() else { panic!("{status} {page}") };
    assert_eq!((&chat["status"], &chat["unread"]), (&json!("closed"), &json!(0)));
    assert_eq!(chat["contact"]["displayName"], "น้องมะลิ", "{chat}");

    let again = import(&world, &target, &file()).await;
    assert_eq!((again.imported, again.known, again.copies, again.unreadable), (0, 5, 4, 1));
    assert_eq!(world.messages().await.len(), 5);
}

#[tokio::test]
async fn what_the_provider_told_is_known() {
    let (world, conversation) = World::in_conversation().await;
    let told = world.messages().await.remove(0).message;
    let scope = world.scope().await;
    let account = world.store().account(&scope, told.account_id).await.unwrap();
    let name = world.store().conversation(&scope, conversation).await.unwrap().unwrap().conversation.external_id;
    let domain::content::Content::Text { body } = told.content else { panic!("{told:?}") };
    let at = |ms: i64| domain::Timestamp::from_millis(ms).to_string();
    let mut lines = [
        line("incoming", "", &at(told.sent_at.as_millis() + 400), &body),
        line("incoming", "", &at(told.sent_at.as_millis() - 60_000), "ก่อนหน้านี้"),
    ];
    for line in &mut lines {
        line["conversationId"] = json!(name);
    }
    let target = Target { workspace: world.workspace().await, account, names: Vec::new() };
    let report = import(&world, &target, &lines.map(|line| line.to_string()).join("\n")).await;
    assert_eq!((report.imported, report.known), (1, 1));
    let of_chat = world.messages().await.into_iter().filter(|one| one.message.conversation_id == conversation);
    assert_eq!(of_chat.count(), 2);
}

#[tokio::test]
async fn an_identity_takes_no_messages() {
    let (world, cookie) = with_kit().await;
    let account = Some(identify(&world, &cookie).await);
    let target = Target { workspace: world.workspace().await, account, names: Vec::new() };
    let mut bytes = BufReader::new("".as_bytes());
    let refused = chats(&**world.store(), &target, &mut bytes, true, |_| {}).await;
    assert!(matches!(refused, Err(ImportError::IdentityOnly)), "{refused:?}");
}

#[test]
fn the_command_counts_imports_and_waits_for_the_server_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(folder.path(), &[]);
    let old = folder.path().join("old");
    std::fs::create_dir(&old).unwrap();
    std::fs::write(old.join("chats.jsonl"), file()).unwrap();
    std::fs::write(
        old.join("accounts.json"),
        r#"[{"id":"-000shop","open_id":"-000shop","access_token":"act.secret"}]"#,
    )
    .unwrap();
    let import = |more: &[&str]| {
        let arguments = [&["import", "predecessor", "old"], more].concat();
        command(folder.path(), &arguments).output().unwrap()
    };
    assert_eq!(import(&[]).status.code(), Some(4), "the server has the database");
    server.signal("TERM");
    assert_eq!(server.ended().0, Some(0));
    let counted = String::from_utf8(import(&["--dry-run"]).stdout).unwrap();
    assert!(
        counted.starts_with("10 lines read, nothing written\n        5  new messages, in 1 conversations\n"),
        "{counted}"
    );
    let done: Value = serde_json::from_slice(&import(&["--json"]).stdout).unwrap();
    assert_eq!((&done["imported"], &done["copies"]), (&json!(5), &json!(4)));
    let again: Value = serde_json::from_slice(&import(&["--json"]).stdout).unwrap();
    assert_eq!((&again["imported"], &again["known"]), (&json!(0), &json!(5)));
    assert_eq!(import(&["--account", "acc_06aac0zj00000"]).status.code(), Some(1), "there is no such account");
}

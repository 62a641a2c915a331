//! Automatic messages and Comment-to-Message: bodies, limits, answers.

use serde_json::json;
use tiktok::{
    Error, ErrorKind, ValidationError,
    model::{AuditStatus, AutoMessageContent, AutoMessageType, OperationStatus},
    request::{Method, TryIntoRequest},
};

use crate::support::{BUSINESS, Server, fixture, json_body, offline, token};

async fn answering(name: &str) -> tiktok::Client {
    Server::answering(200, fixture(name)).await.client()
}

fn invalid(error: &Error) -> &ValidationError {
    let ErrorKind::Validation(error) = error.kind() else { panic!("{error:?}") };
    error
}

#[test]
fn bodies() {
    let client = offline();
    let question = AutoMessageContent::suggested_question("Where?", "Here.").unwrap();
    assert_eq!(
        json_body(client.update_auto_message(&token(), "b", "7", question)),
        json!({
            "business_id": "b", "auto_message_type": "SUGGESTED_QUESTION", "auto_message_id": "7",
            "suggested_question": {"question": "Where?", "answer": "Here."},
        })
    );
    let off = OperationStatus::Disable;
    assert_eq!(
        json_body(client.set_auto_message_status(&token(), "b", AutoMessageType::WelcomeMessage, off.clone())),
        json!({"business_id": "b", "auto_message_type": "WELCOME_MESSAGE", "operation_status": "DISABLE"})
    );
    assert_eq!(
        json_body(client.delete_auto_message(&token(), "b", AutoMessageType::ChatPrompt, "7")),
        json!({"business_id": "b", "auto_message_type": "CHAT_PROMPT", "auto_message_id": "7"})
    );
    assert_eq!(
        json_body(client.sort_chat_prompts(&token(), "b", ["7", "8"]).unwrap()),
        json!({"business_id": "b", "auto_message_type": "CHAT_PROMPT", "auto_message_ids": ["7", "8"]})
    );
    assert_eq!(
        json_body(client.set_comment_to_message(&token(), "b", off)),
        json!({"business_id": "b", "direct_reply_type": "COMMENT_TO_MESSAGE", "operation_status": "DISABLE"})
    );
}

#[test]
fn queries() {
    let list = offline().auto_messages(&token(), "b", AutoMessageType::ChatPrompt);
    let request = list.clone().try_into_request().unwrap();
    assert_eq!(request.method(), Method::Get);
    assert_eq!(request.query_string(), "business_id=b&auto_message_type=CHAT_PROMPT");
    let one = list.id("7").try_into_request().unwrap().query_string();
    assert_eq!(one, "business_id=b&auto_message_type=CHAT_PROMPT&auto_message_id=7");
    let request = offline().comment_to_message(&token(), "b").try_into_request().unwrap();
    assert_eq!(request.query_string(), "business_id=b&direct_reply_type=COMMENT_TO_MESSAGE");
}

#[test]
fn words_are_bounded() {
    type Make = fn(String) -> Result<AutoMessageContent, ValidationError>;
    let cases: [(&str, usize, Make); 5] = [
        ("welcome_message.content", 250, |text| AutoMessageContent::welcome(text)),
        ("suggested_question.question", 80, |text| AutoMessageContent::suggested_question(text, "a")),
        ("suggested_question.answer", 200, |text| AutoMessageContent::suggested_question("q", text)),
        ("chat_prompt.title", 18, |text| AutoMessageContent::chat_prompt(text, "c")),
        ("chat_prompt.content", 150, |text| AutoMessageContent::chat_prompt("t", text)),
    ];
    for (field, limit, make) in cases {
        assert!(make("x".repeat(limit)).is_ok(), "{field}");
        assert!(make("😊".repeat(limit / 2)).is_ok(), "{field}");
        let long = ValidationError::TooLong { field, limit, length: limit + 1 };
        assert_eq!(make("x".repeat(limit + 1)), Err(long));
        assert_eq!(make(String::new()), Err(ValidationError::Empty { field }));
    }
    // Written without a constructor, it is still checked before the wire.
    let content = AutoMessageContent::Welcome { content: String::new() };
    let create = offline().create_auto_message(&token(), "b", content.clone()).try_into_request();
    assert!(matches!(invalid(&create.unwrap_err()), ValidationError::Empty { .. }));
    let update = offline().update_auto_message(&token(), "b", "7", content).try_into_request();
    assert!(matches!(invalid(&update.unwrap_err()), ValidationError::Empty { .. }));
}

#[test]
fn kinds_without_the_call_are_refused_before_the_wire() {
    let client = offline();
    let keyword = AutoMessageType::AutoReply;
    for refused in [
        client.auto_messages(&token(), "b", keyword.clone()).try_into_request(),
        client.auto_messages(&token(), "b", "HOLOGRAM".into()).try_into_request(),
        client.set_auto_message_status(&token(), "b", keyword.clone(), OperationStatus::Enable).try_into_request(),
        client.delete_auto_message(&token(), "b", keyword, "7").try_into_request(),
        client.delete_auto_message(&token(), "b", AutoMessageType::WelcomeMessage, "7").try_into_request(),
    ] {
        let error = refused.unwrap_err();
        assert!(matches!(invalid(&error), ValidationError::NotAllowed { field: "auto_message_type", .. }), "{error}");
    }
    for count in [0, 7] {
        let error = client.sort_chat_prompts(&token(), "b", vec!["7"; count]).map(drop).unwrap_err();
        let expected = ValidationError::OutOfRange { field: "auto_message_ids", min: 1, max: 6, actual: count };
        assert_eq!(invalid(&error), &expected);
    }
}

#[tokio::test]
async fn answers() {
    let words = AutoMessageContent::welcome("hello").unwrap();
    let client = answering("api-auto_message-create-success").await;
    let created = client.create_auto_message(&token(), BUSINESS, words.clone()).await.unwrap();
    assert_eq!(created.as_str(), "7400000000000000301");
    let updated = client.update_auto_message(&token(), BUSINESS, "7400000000000000301", words).await.unwrap();
    assert_eq!(updated, created);

    let client = answering("api-auto_message-status-update-success").await;
    let (prompt, on) = (AutoMessageType::ChatPrompt, OperationStatus::Enable);
    client.set_auto_message_status(&token(), BUSINESS, prompt.clone(), on.clone()).await.unwrap();
    client.delete_auto_message(&token(), BUSINESS, prompt, "7").await.unwrap();
    client.sort_chat_prompts(&token(), BUSINESS, ["7"]).unwrap().await.unwrap();
    client.set_comment_to_message(&token(), BUSINESS, on).await.unwrap();

    let client = answering("api-direct_reply-get-success").await;
    let setting = client.comment_to_message(&token(), BUSINESS).await.unwrap();
    assert_eq!(setting.status, OperationStatus::Enable);
    assert_eq!(setting.business_id.unwrap().as_str(), BUSINESS);
}

#[tokio::test]
async fn lists() {
    let client = answering("api-auto_message-get-chat_prompts").await;
    let prompts = client.auto_messages(&token(), BUSINESS, AutoMessageType::ChatPrompt).await.unwrap();
    assert_eq!(prompts.status, Some(OperationStatus::Enable));
    let shown: Vec<_> =
        prompts.messages.iter().map(|prompt| (prompt.id.as_str(), prompt.audit_status.clone())).collect();
    assert_eq!(
        shown,
        [("7400000000000000301", Some(AuditStatus::Approved)), ("7400000000000000303", Some(AuditStatus::Reviewing))]
    );
    let expected = AutoMessageContent::chat_prompt("จองโต๊ะ", "ขอจองโต๊ะ 2 ที่ค่ะ").unwrap();
    assert_eq!(prompts.messages[1].content, Some(expected), "filed under the key of TikTok's sample");

    let client = answering("api-auto_message-get-welcome").await;
    let welcome = client.auto_messages(&token(), BUSINESS, AutoMessageType::WelcomeMessage).await.unwrap();
    assert_eq!(welcome.status, Some(OperationStatus::Disable));
    assert_eq!(welcome.messages[0].content, Some(AutoMessageContent::welcome("ยินดีต้อนรับค่ะ 🙏").unwrap()));
}

#[tokio::test]
async fn odd_entries_cost_nothing_and_empty_objects_hide_nothing() {
    let body = json!({"code": 0, "data": {"auto_messages": [
        {"auto_message_id": 7_400_000_000_000_000_301_u64, "suggested_question": {}, "welcome_message": {"content": ""},
         "chat_prompt": {"title": "t", "content": "c"}},
        {"auto_message_id": "8", "chat_prompt": {"content": "no title"}},
        {"auto_message_type": "CHAT_PROMPT"}, 7,
    ]}});
    let client = Server::answering(200, body.to_string()).await.client();
    let list = client.auto_messages(&token(), BUSINESS, AutoMessageType::ChatPrompt).await.unwrap();
    assert_eq!((list.messages.len(), list.unreadable.len(), list.status), (2, 2, None));
    assert_eq!(list.messages[0].content, Some(AutoMessageContent::chat_prompt("t", "c").unwrap()));
    assert_eq!(list.messages[1].content, None);
}

#[tokio::test]
async fn a_created_message_without_its_id_is_uncertain() {
    let client = Server::answering(200, r#"{"code":0,"data":{"auto_message":{}}}"#).await.client();
    let error = client.create_auto_message(&token(), BUSINESS, AutoMessageContent::welcome("x").unwrap()).await;
    assert!(error.unwrap_err().outcome_uncertain());
}

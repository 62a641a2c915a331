//! What TikTok really sends by itself: welcome message, answers of suggested questions, keyword replies.

use serde_json::{Value, json};
use simulator::{
    AutoKind, AutoMessage, BusinessSettings, Content, CustomerMessage, KeywordReply, Message, NewAutoMessage,
    NewCustomer,
};

use crate::support::{BUSINESS, CUSTOMER, World, world};

fn set(world: &World, kind: AutoKind, object: Value, approved: bool) -> AutoMessage {
    let mut new = NewAutoMessage {
        business: BUSINESS.to_owned(),
        auto_message_type: kind,
        welcome_message: None,
        suggested_question: None,
        chat_prompt: None,
        approved,
    };
    match kind {
        AutoKind::WelcomeMessage => new.welcome_message = Some(object),
        AutoKind::SuggestedQuestion => new.suggested_question = Some(object),
        AutoKind::ChatPrompt => new.chat_prompt = Some(object),
    }
    world.sim.set_auto_message(&new).unwrap()
}

fn messages(world: &World, conversation: &str) -> Vec<Message> {
    world.sim.conversation(conversation).unwrap().conversation.messages
}

/// `text (type)` of what TikTok sent by itself.
fn automatic(world: &World, conversation: &str) -> Vec<String> {
    let texts =
        messages(world, conversation).into_iter().filter_map(|one| match (one.content, one.auto_message_type) {
            (Content::Text { body }, Some(kind)) => Some(format!("{body} ({kind}, {})", one.source)),
            _ => None,
        });
    texts.collect()
}

fn write(world: &World, text: &str) -> String {
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, text)).unwrap().conversation_id
}

fn tap(world: &World, id: &str) -> Result<String, simulator::ControlError> {
    let what =
        CustomerMessage { auto_message_id: Some(id.to_owned()), ..CustomerMessage::of(CUSTOMER, BUSINESS, "text") };
    world.sim.customer_writes(&what).map(|written| written.conversation_id)
}

#[tokio::test]
async fn the_welcome_greets_once_and_counts() {
    let world = world();
    set(&world, AutoKind::WelcomeMessage, json!({"content": "ยินดีต้อนรับ"}), true);
    let conversation = write(&world, "hi");
    assert_eq!(automatic(&world, &conversation), ["ยินดีต้อนรับ (WELCOME_MESSAGE, OTHERS)"]);
    write(&world, "still there?");
    assert_eq!(automatic(&world, &conversation).len(), 1);
    let last = world.sim.webhook_log().into_iter().rfind(|one| one.event == "im_send_msg").unwrap();
    assert!(last.body.contains("WELCOME_MESSAGE") && last.body.contains("OTHERS"));
    world.sim.create_customer(NewCustomer::new("art.s", "Art")).unwrap();
    let other = world.sim.customer_writes(&CustomerMessage::text("art.s", BUSINESS, "hi")).unwrap().conversation_id;
    assert_eq!(world.sim.conversation(&other).unwrap().ledger.quota_left, Some(9));
    let query = [("business_id", world.open_id.as_str()), ("conversation_id", other.as_str())];
    let listed = world.get("business/message/content/list", &query).await["data"]["messages"][0].clone();
    assert_eq!(
        (&listed["auto_message_type"], &listed["message_tag"]["source"]),
        (&json!("WELCOME_MESSAGE"), &json!("OTHERS"))
    );
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_approved_and_on() {
    let world = world();
    let made = set(&world, AutoKind::WelcomeMessage, json!({"content": "hello"}), false);
    let conversation = write(&world, "hi");
    world.sim.review_auto_message(&made.auto_message_id, true).unwrap();
    world.sim.switch_auto_messages(BUSINESS, AutoKind::WelcomeMessage, false).unwrap();
    world.sim.create_customer(NewCustomer::new("art.s", "Art")).unwrap();
    let other = world.sim.customer_writes(&CustomerMessage::text("art.s", BUSINESS, "hi")).unwrap().conversation_id;
    assert!(automatic(&world, &conversation).is_empty() && automatic(&world, &other).is_empty(), "approved but off");
}

#[tokio::test]
async fn a_tapped_question_is_answered_and_a_prompt_writes() {
    let world = world();
    let question =
        set(&world, AutoKind::SuggestedQuestion, json!({"question": "Where are you?", "answer": "Soi 7"}), true);
    let prompt = set(&world, AutoKind::ChatPrompt, json!({"title": "Menu", "content": "What is good today?"}), true);
    let conversation = tap(&world, &question.auto_message_id).unwrap();
    tap(&world, &prompt.auto_message_id).unwrap();
    let all: Vec<String> = messages(&world, &conversation)
        .into_iter()
        .map(|one| match one.content {
            Content::Text { body } => body,
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(all, ["Where are you?", "Soi 7", "What is good today?"]);
    assert_eq!(automatic(&world, &conversation), ["Soi 7 (SUGGESTED_QUESTION, OTHERS)"]);
    let off = json!({"business_id": world.open_id, "auto_message_type": "CHAT_PROMPT", "operation_status": "DISABLE"});
    world.post("business/message/auto_message/status/update", &off).await;
    assert!(tap(&world, &prompt.auto_message_id).is_err(), "customers no longer see it");
}

#[tokio::test]
async fn keywords_are_answered_whatever_their_case() {
    let world = world();
    let replies = vec![KeywordReply {
        keywords: vec!["โปร".to_owned(), "Promo".to_owned()],
        answer: "ลด 10%".to_owned(),
    }];
    world.settings(BusinessSettings { keyword_replies: Some(replies), ..BusinessSettings::default() });
    let conversation = write(&world, "any PROMO today?");
    write(&world, "hello");
    assert_eq!(automatic(&world, &conversation), ["ลด 10% (AUTO_REPLY, OTHERS)"]);
}

#[tokio::test]
async fn europeans_get_none() {
    let world = world();
    set(&world, AutoKind::WelcomeMessage, json!({"content": "hello"}), true);
    world
        .sim
        .create_customer(NewCustomer { region: Some("CH".to_owned()), ..NewCustomer::new("urs.ch", "Urs") })
        .unwrap();
    let id = world.sim.customer_writes(&CustomerMessage::text("urs.ch", BUSINESS, "Grüezi")).unwrap().conversation_id;
    assert!(automatic(&world, &id).is_empty());
    let events: Vec<String> = world.sim.webhook_log().into_iter().map(|one| one.event).collect();
    assert_eq!(events.last().unwrap(), "im_receive_msg_eu");
}

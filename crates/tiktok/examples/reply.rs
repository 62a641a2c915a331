//! Answers the newest message of every conversation that waits, and says what came of it.
//!
//! ```text
//! cargo run -p tiktok-business-messages --example reply -- ACCESS_TOKEN BUSINESS_ID "Thanks, we answer soon" [BASE_URL]
//! ```
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use tiktok::{
    AccessToken, Client,
    model::{BusinessId, ConversationType, Direction},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [token, business, text, base @ ..] = given.as_slice() else {
        return Err("give: access token, business id, text, and optionally the address of a simulator".into());
    };
    let mut builder = Client::builder();
    if let [base] = base {
        builder = builder.base_url(base);
    }
    let (client, token, business) = (builder.build()?, AccessToken::new(token), BusinessId::new(business));

    let waiting = client.list_conversations(&token, &business, ConversationType::Stranger).await?;
    for conversation in waiting.conversations {
        let id = conversation.conversation_id;
        let mut history = client.list_messages(&token, &business, &id).await?;
        history.messages.sort_by_key(|message| message.timestamp_ms);
        let newest = history.messages.last().and_then(|message| message.direction(&business));
        if newest != Some(Direction::Incoming) {
            continue;
        }
        let send = client.send_message(&token, &business).conversation(&id).text(text)?;
        match send.with_request_id().await {
            Ok(answer) => println!("{id}: sent as {:?} [request {:?}]", answer.value.message_id, answer.request_id),
            Err(error) if error.outcome_uncertain() => println!("{id}: look for the echo before trying again: {error}"),
            Err(error) => match error.advice() {
                Some(advice) => println!("{id}: {error}\n    {:?} can fix it: {}", advice.who, advice.action),
                None => println!("{id}: not sent: {error}"),
            },
        }
    }
    Ok(())
}

//! Sets up a welcome message and shows the review of the chat prompts.
//!
//! ```text
//! cargo run -p tiktok-business-messages --example welcome -- ACCESS_TOKEN BUSINESS_ID "Welcome!" [BASE_URL]
//! ```
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use tiktok::{
    AccessToken, Client,
    model::{AutoMessageContent, AutoMessageType, BusinessId, OperationStatus},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [token, business, words, base @ ..] = given.as_slice() else {
        return Err("give: access token, business id, words, and optionally the address of a simulator".into());
    };
    let mut builder = Client::builder();
    if let [base] = base {
        builder = builder.base_url(base);
    }
    let (client, token, business) = (builder.build()?, AccessToken::new(token), BusinessId::new(business));

    let kind = AutoMessageType::WelcomeMessage;
    let content = AutoMessageContent::welcome(words)?;
    // An account has one welcome message: change the one there is.
    let existing = client.auto_messages(&token, &business, kind.clone()).await?;
    let id = match existing.messages.into_iter().next() {
        Some(message) => client.update_auto_message(&token, &business, message.id, content).await?,
        None => client.create_auto_message(&token, &business, content).await?,
    };
    client.set_auto_message_status(&token, &business, kind, OperationStatus::Enable).await?;
    println!("welcome message {id} is on and goes through TikTok's review");

    let prompts = client.auto_messages(&token, &business, AutoMessageType::ChatPrompt).await?;
    for prompt in prompts.messages {
        println!("prompt {}: {:?} {:?}", prompt.id, prompt.audit_status, prompt.content);
    }
    Ok(())
}

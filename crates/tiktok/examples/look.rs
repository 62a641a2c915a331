//! Shows requests without sending them: method, path, query, body. Needs no network.
//!
//! ```text
//! cargo run -p tiktok-business-messages --example look
//! ```
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use tiktok::{
    AccessToken, Client, Error,
    model::{AutoMessageContent, ConversationType, Template, TemplateButton},
    request::{Body, TryIntoRequest},
};

fn show(endpoint: impl TryIntoRequest) -> Result<(), Error> {
    let request = endpoint.try_into_request()?;
    println!("{:?} {} {}", request.method(), request.path(), request.query_string());
    if let Body::Json(json) = request.body() {
        println!("    {}", String::from_utf8_lossy(json));
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let token = AccessToken::new("never sent here");
    let (business, conversation) = ("-000BusinessOpenId", "c0nv+Aa/9Bb8==");
    let draft = || client.send_message(&token, business).conversation(conversation);

    show(draft().text("We open at 8 ☕")?.quote("m04/Kk9=="))?;
    show(draft().typing())?;
    let buttons = [TemplateButton::new("Book a table").id("opt_book"), TemplateButton::new("Menu")];
    show(draft().template(Template::button_card("How can we help?", buttons)?))?;
    show(client.send_message(&token, business).comment_reply("7400000000000000401").text("Yes, 95 baht")?)?;
    show(client.list_conversations(&token, business, ConversationType::Stranger).limit(20)?)?;
    show(client.create_auto_message(&token, business, AutoMessageContent::welcome("Welcome!")?))?;
    show(client.list_posts(&token, business))?;

    match draft().text("x".repeat(6_001)) {
        Ok(_) => unreachable!("one character too many"),
        Err(error) => println!("refused before the wire: {error}"),
    }
    Ok(())
}

//! Connects a business account: prints the consent page, or exchanges the callback's query.
//!
//! ```text
//! cargo run -p tiktok-business-messages --example connect -- APP_ID REDIRECT_URI
//! cargo run -p tiktok-business-messages --example connect -- APP_ID REDIRECT_URI APP_SECRET "code=…&state=demo"
//! ```
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use tiktok::{
    Client,
    oauth::{AppCredentials, Callback, MESSAGING_SCOPES, authorize_url},
};

/// A real program takes a new, unguessable value each time.
const STATE: &str = "demo";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    match given.as_slice() {
        [app_id, redirect_uri] => {
            println!("open {}", authorize_url(app_id.as_str(), redirect_uri, STATE).build()?);
            Ok(())
        }
        [app_id, redirect_uri, secret, query] => {
            exchange(&AppCredentials::new(app_id.as_str(), secret.as_str()), redirect_uri, query).await
        }
        _ => Err("give: app id, redirect address, and after the consent: app secret, query of the callback".into()),
    }
}

async fn exchange(app: &AppCredentials, redirect_uri: &str, query: &str) -> Result<(), Box<dyn std::error::Error>> {
    let (code, state) = match Callback::parse(query)? {
        Callback::Granted { code, state, .. } => (code, state),
        Callback::Denied { error, description, .. } => return Err(format!("{error}: {description:?}").into()),
        _ => return Err("an outcome this version does not know".into()),
    };
    if state.as_deref() != Some(STATE) {
        return Err("the callback belongs to another authorization".into());
    }
    let client = Client::builder().build()?;
    let tokens = client.exchange_code(app, code, redirect_uri).await?;
    let missing = tokens.scopes.missing(&MESSAGING_SCOPES);
    let profile = client.business(&tokens.access_token, &tokens.open_id).await?;
    println!("{} ({:?}) is connected", tokens.open_id, profile.username);
    println!("business account: {:?}, permissions missing: {missing:?}", profile.is_business_account);
    // The tokens are secrets: store them encrypted, show them to nobody.
    Ok(())
}

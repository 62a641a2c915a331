//! Signs a person in with Login Kit from the desktop: prints the consent page, then reads the profile.
//!
//! ```text
//! cargo run -p tiktok-business-messages --example login -- CLIENT_KEY VERIFIER
//! cargo run -p tiktok-business-messages --example login -- CLIENT_KEY VERIFIER CLIENT_SECRET "code=…&state=demo"
//! ```
//!
//! `VERIFIER` is 43 to 128 random characters, the same in both steps.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use tiktok::login::{Callback, Client, CodeVerifier, Credentials, Scope, authorize_desktop};

const REDIRECT_URI: &str = "http://localhost:3455/callback/";
/// A real program takes a new, unguessable value each time.
const STATE: &str = "demo";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [key, verifier, rest @ ..] = given.as_slice() else {
        return Err("give: client key, verifier, and after the consent: client secret, query of the callback".into());
    };
    let verifier = CodeVerifier::new(verifier)?;
    let [secret, query] = rest else {
        let page = authorize_desktop(key.as_str(), REDIRECT_URI, STATE, &verifier);
        println!("open {}", page.scopes([Scope::UserInfoBasic, Scope::UserInfoProfile]).build()?);
        return Ok(());
    };

    let Callback::Granted { code, state, .. } = Callback::parse(query)? else {
        return Err("the user or TikTok refused".into());
    };
    if state.as_deref() != Some(STATE) {
        return Err("the callback belongs to another sign-in".into());
    }
    let (client, app) = (Client::builder().build()?, Credentials::new(key.as_str(), secret.as_str()));
    let tokens = client.exchange_code(&app, code, REDIRECT_URI).code_verifier(&verifier).await?;
    let user = client.user_info(&tokens.access_token).granted(&tokens.scopes).await?;
    println!("hello, {} (@{})", user.display_name.unwrap_or_default(), user.username.unwrap_or_default());
    client.revoke_token(&app, &tokens.access_token).await?;
    println!("and signed out again");
    Ok(())
}

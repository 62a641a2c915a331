//! Builds a tiktok.me link, or reads one. Needs no network.
//!
//! ```text
//! cargo run -p tiktok-business-messages --example short_link -- baan.kafe.demo bio_link "Menu, please"
//! cargo run -p tiktok-business-messages --example short_link -- "https://tiktok.me/baan.kafe.demo?ref=bio_link"
//! ```
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use tiktok::short_link::ShortLink;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let first = words.next().unwrap_or_else(|| "baan.kafe.demo".to_owned());
    if first.contains("://") {
        let link = ShortLink::parse(&first)?;
        println!("account {}, marker {:?}, text {:?}", link.username(), link.reference_text(), link.message_text());
        return Ok(());
    }
    let mut link = ShortLink::new(first)?;
    if let Some(reference) = words.next() {
        link = link.reference(reference)?;
    }
    if let Some(message) = words.next() {
        link = link.message(message)?;
    }
    println!("{link}");
    Ok(())
}

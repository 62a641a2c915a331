//! Verifies and decodes a webhook. Without arguments it makes one up; needs no network.
//!
//! ```text
//! cargo run -p tiktok-business-messages --example webhook
//! cargo run -p tiktok-business-messages --example webhook -- body.json "t=…,s=…" app-secret now-in-seconds
//! ```
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use tiktok::{
    limits,
    model::MessageContent,
    webhook::{Event, Verifier, decode, sign},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let (body, header, secret, now) = match given.as_slice() {
        [path, header, secret, now] => (std::fs::read(path)?, header.clone(), secret.clone(), now.parse()?),
        [] => made_up(),
        _ => return Err("give nothing, or: body file, signature header, app secret, time in seconds".into()),
    };

    let verified = Verifier::new(secret).verify(Some(&header), &body, now, limits::SIGNATURE_TOLERANCE)?;
    if verified.late {
        println!("correct but {} s old: perhaps a repeated delivery", verified.age_secs);
    }
    let envelope = decode(&body)?;
    match envelope.content {
        Event::MessageReceived(message) => match message.content {
            MessageContent::Text(text) => println!("{} writes: {text}", message.parties.from),
            other => println!("{} sends: {other:?}", message.parties.from),
        },
        Event::MarkRead(read) => println!("read up to {}", read.last_read_ms),
        Event::AuthorizationRemoved(removed) => println!("disconnected: {:?}", removed.reason),
        Event::Unknown { event, .. } => println!("unknown event {event}: keep it, answer 200"),
        Event::Unreadable { event, why, .. } => println!("unreadable {event} ({why}): keep it, answer 200"),
        other => println!("{other:?}"),
    }
    Ok(())
}

fn made_up() -> (Vec<u8>, String, String, i64) {
    let content = r#"{\"from\":\"nong.mali.demo\",\"conversation_id\":\"c+/=\",\"message_id\":\"m+/=\",\"timestamp\":1790000000123,\"type\":\"text\",\"text\":{\"body\":\"hello\"}}"#;
    let body = format!(r#"{{"event":"im_receive_msg","create_time":1790000000,"content":"{content}"}}"#).into_bytes();
    let secret = "app-secret".to_owned();
    let header = sign(&secret.as_str().into(), 1_790_000_000, &body);
    (body, header, secret, 1_790_000_002)
}

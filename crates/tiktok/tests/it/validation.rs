//! Published limits, checked before the wire and counted in UTF-16 units.

use tiktok::{
    Error, ErrorKind, ValidationError, limits,
    model::{ConversationType, Template, TemplateButton},
};

use crate::support::{offline, token};

fn invalid(error: &Error) -> &ValidationError {
    assert!(!error.is_retryable() && !error.outcome_uncertain());
    let ErrorKind::Validation(error) = error.kind() else { panic!("{error:?}") };
    error
}

fn text(text: String) -> Result<(), Error> {
    offline().send_message(&token(), "b").conversation("c").text(text).map(drop)
}

#[test]
fn texts() {
    let field = "text.body";
    text("x".repeat(6000)).unwrap();
    text("😊".repeat(3000)).unwrap();
    text("กำ".repeat(3000)).unwrap();
    for (long, length) in [("x".repeat(6001), 6001), ("😊".repeat(3001), 6002)] {
        let error = text(long).unwrap_err();
        assert_eq!(invalid(&error), &ValidationError::TooLong { field, limit: 6000, length });
    }
    assert_eq!(invalid(&text(String::new()).unwrap_err()), &ValidationError::Empty { field });
    let comment = offline().send_message(&token(), "b").comment_reply("1").text("");
    assert_eq!(invalid(&comment.unwrap_err()), &ValidationError::Empty { field });
}

#[test]
fn cards() {
    let button = |title: usize| TemplateButton::new("x".repeat(title));
    let title = "x".repeat(limits::TEMPLATE_TITLE_MAX);
    assert!(Template::button_card(&title, vec![button(20); 3]).is_ok());
    assert!(Template::link_card(&title, [button(40).id("i".repeat(40))]).is_ok());

    let long = |field, limit| ValidationError::TooLong { field, limit, length: limit + 1 };
    let card = |title: &str, buttons: Vec<TemplateButton>| Template::button_card(title, buttons).unwrap_err();
    assert_eq!(card(&format!("{title}x"), vec![button(1)]), long("template.title", 40));
    assert_eq!(card("t", vec![button(21)]), long("template.buttons.title", 20));
    assert_eq!(card("t", vec![button(1).id("i".repeat(41))]), long("template.buttons.id", 40));
    assert_eq!(Template::link_card("t", [button(41)]).unwrap_err(), long("template.buttons.title", 40));
    for count in [0, 4] {
        let expected = ValidationError::OutOfRange { field: "template.buttons", min: 1, max: 3, actual: count };
        assert_eq!(card("t", vec![button(1); count]), expected);
    }
    assert_eq!(card("", vec![button(1)]), ValidationError::Empty { field: "template.title" });
    let empty = ValidationError::Empty { field: "template.buttons.title" };
    assert_eq!(card("t", vec![button(0)]), empty);
}

#[test]
fn images() {
    let client = offline();
    let upload = |bytes: Vec<u8>| client.upload_image(&token(), "b", "a.png", bytes).map(drop);
    let mut png = b"\x89PNG\r\n\x1A\n".to_vec();
    png.resize(limits::IMAGE_MAX_BYTES, 0);
    upload(png.clone()).unwrap();
    png.push(0);
    let error = upload(png).unwrap_err();
    let (limit, size) = (limits::IMAGE_MAX_BYTES, limits::IMAGE_MAX_BYTES + 1);
    assert_eq!(invalid(&error), &ValidationError::ImageTooLarge { limit, size });
    for other in [&b"GIF89a"[..], b"", b"<svg/>", b"RIFF....WEBP"] {
        let error = upload(other.to_vec()).unwrap_err();
        assert_eq!(invalid(&error), &ValidationError::ImageFormat);
    }
}

#[test]
fn pages() {
    let list = |limit| {
        let list = offline().list_conversations(&token(), "b", ConversationType::Single);
        list.limit(limit).map(drop)
    };
    list(1).unwrap();
    list(100).unwrap();
    for limit in [0, 101] {
        let error = list(limit).unwrap_err();
        assert!(matches!(invalid(&error), ValidationError::OutOfRange { field: "limit", .. }));
    }
}

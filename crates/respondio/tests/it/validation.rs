//! Published limits, checked before the wire and counted in UTF-16 units.

use respondio::{
    Error, ErrorKind, ValidationError,
    model::{AttachmentKind, ContactFields, DataType, Identifier, Tag},
    request::{Email, EmailAttachment, MessageDraft},
};

use crate::support::{CONTACT, offline, token};

fn invalid<T>(result: Result<T, Error>) -> ValidationError {
    let Err(error) = result else { panic!("taken") };
    assert!(!error.is_retryable() && !error.outcome_uncertain() && error.rate_limit().is_none());
    let ErrorKind::Validation(error) = error.kind() else { panic!("{error:?}") };
    error.clone()
}

fn draft() -> MessageDraft {
    offline().send_message(&token(), CONTACT)
}

#[test]
fn texts_and_variables() {
    let field = "message.text";
    assert_eq!(invalid(draft().text("")), ValidationError::Empty { field });
    assert_eq!(invalid(draft().text_with_variables("")), ValidationError::Empty { field });
    for text in ["{{$contact.name}}", "a {{$", "{{{$x"] {
        assert_eq!(invalid(draft().text(text)), ValidationError::Variable { field }, "{text}");
        drop(draft().text_with_variables(text).unwrap());
    }
    for text in ["{{ $x }}", "{$x}", "{{@user.1}}", "$5 {{ok}}"] {
        drop(draft().text(text).unwrap());
    }
    let error = draft().text("{{$contact.name}}").unwrap_err().to_string();
    assert!(error.contains("{{$,") && !error.contains("contact.name"), "{error}");
}

#[test]
fn attachments_and_emails() {
    for url in ["", "rose.jpg", "/rose.jpg", "file:///rose.jpg", "data:image/png;base64,AA"] {
        let expected = ValidationError::Address { field: "message.attachment.url" };
        assert_eq!(invalid(draft().attachment(AttachmentKind::Image, url)), expected, "{url}");
    }
    assert_eq!(invalid(draft().email(Email::default())), ValidationError::Empty { field: "message.text" });
    let file = EmailAttachment { kind: AttachmentKind::File, url: "x".into(), file_name: "x".into() };
    let email = Email { text: "x".into(), attachments: vec![file], ..Email::default() };
    assert_eq!(invalid(draft().email(email)), ValidationError::Address { field: "message.attachments.url" });
}

#[test]
fn quick_replies() {
    let none: [&str; 0] = [];
    assert_eq!(invalid(draft().quick_reply("", ["a"])), ValidationError::Empty { field: "message.title" });
    let count = |actual| ValidationError::OutOfRange { field: "message.replies", min: 1, max: 10, actual };
    assert_eq!(invalid(draft().quick_reply("t", none)), count(0));
    assert_eq!(invalid(draft().quick_reply("t", ["a"; 11])), count(11));
    drop(draft().quick_reply("t", ["a"; 10]).unwrap());
}

#[test]
fn tags() {
    let (client, token) = (offline(), token());
    let none: [&str; 0] = [];
    let count = |actual| ValidationError::OutOfRange { field: "tags", min: 1, max: 10, actual };
    assert_eq!(invalid(client.add_tags(&token, CONTACT, none)), count(0));
    assert_eq!(invalid(client.remove_tags(&token, CONTACT, ["a"; 11])), count(11));
    drop(client.add_tags(&token, CONTACT, vec!["ก".repeat(255); 10]).unwrap());
    let long = "ก".repeat(256);
    let too_long = |field| ValidationError::TooLong { field, limit: 255, length: 256 };
    assert_eq!(invalid(client.add_tags(&token, CONTACT, [&long])), too_long("tag"));
    assert_eq!(invalid(client.add_tags(&token, CONTACT, [""])), ValidationError::Empty { field: "tag" });
    assert_eq!(invalid(client.create_tag(&token, Tag::new(&long))), too_long("name"));
    assert_eq!(invalid(client.update_tag(&token, "", Tag::new("x"))), ValidationError::Empty { field: "currentName" });
    assert_eq!(invalid(client.create_custom_field(&token, &long, DataType::Text)), too_long("name"));
}

#[test]
fn comments_and_closing_notes() {
    let (client, token) = (offline(), token());
    drop(client.add_comment(&token, CONTACT, "😊".repeat(500)).unwrap());
    let long = client.add_comment(&token, CONTACT, "😊".repeat(501));
    assert_eq!(invalid(long), ValidationError::TooLong { field: "text", limit: 1000, length: 1002 });
    assert_eq!(invalid(client.add_comment(&token, CONTACT, "")), ValidationError::Empty { field: "text" });
    let close = |category: usize, summary: usize| {
        client.close_conversation(&token, CONTACT, "x".repeat(category), "x".repeat(summary))
    };
    drop(close(128, 512).unwrap());
    assert_eq!(invalid(close(0, 1)), ValidationError::Empty { field: "category" });
    assert_eq!(invalid(close(129, 1)), ValidationError::TooLong { field: "category", limit: 128, length: 129 });
    assert_eq!(invalid(close(1, 513)), ValidationError::TooLong { field: "summary", limit: 512, length: 513 });
}

#[test]
fn contacts_are_made_by_email_or_phone_and_have_a_name() {
    let (client, token) = (offline(), token());
    let named = ContactFields { first_name: Some("Som".into()), ..ContactFields::default() };
    let by_id = client.create_contact(&token, CONTACT.into(), named.clone());
    assert_eq!(invalid(by_id), ValidationError::ContactById);
    let nameless = client.create_contact(&token, Identifier::phone("+66800000000"), ContactFields::default());
    assert_eq!(invalid(nameless), ValidationError::Empty { field: "firstName" });
    drop(client.create_contact(&token, Identifier::phone("+66800000000"), named).unwrap());
}

#[test]
fn pages() {
    let limit = |limit| offline().list_messages(&token(), CONTACT).limit(limit);
    drop(limit(1).unwrap());
    drop(limit(100).unwrap());
    for actual in [0, 101] {
        let expected = ValidationError::OutOfRange { field: "limit", min: 1, max: 100, actual };
        assert_eq!(invalid(limit(u32::try_from(actual).unwrap())), expected);
    }
}

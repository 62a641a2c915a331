//! Every answer fixture, read through the client from a local server.

use std::time::Duration;

use axum::{http::StatusCode, response::IntoResponse};
use respondio::{
    Client, ErrorKind,
    model::{ChannelSource, ContactFields, ContactStatus, Cursor, DataType, Identifier, Role, Tag, UserId},
    request::AssignTo,
};
use serde_json::json;

use crate::support::{AGENT, CHANNEL, CONTACT, Server, fixture, json_fixture, token};

async fn answering(name: &str) -> Client {
    Server::answering(200, fixture(name)).await.client()
}

async fn saying(body: serde_json::Value) -> Client {
    Server::answering(200, body.to_string()).await.client()
}

#[tokio::test]
async fn contacts() {
    let client = answering("contact-list.page1").await;
    let page = client.list_contacts(&token()).await.unwrap().value;
    assert_eq!((page.items.len(), page.unreadable.len()), (2, 0));
    assert_eq!(page.next_cursor(), Some(&Cursor::from(410_000_102)));
    let rain = &page.items[0];
    assert_eq!((rain.id.get(), rain.first_name.as_deref()), (CONTACT, Some("น้ำฝน 🌧️")));
    assert_eq!((&rain.last_name, &rain.phone, &rain.email), (&None, &None, &None));
    assert_eq!((rain.status.clone(), rain.is_blocked), (Some(ContactStatus::Open), Some(false)));
    assert_eq!(rain.tags, ["gw-new", "ลูกค้าใหม่"]);
    assert_eq!((rain.custom_fields[0].name.as_str(), &rain.custom_fields[0].value), ("order_no", &json!("A-1029")));
    assert_eq!(rain.custom_fields[1].value, json!(null));
    let assignee = rain.assignee.as_ref().unwrap();
    assert_eq!((assignee.id, assignee.first_name.as_deref()), (Some(UserId::new(AGENT)), Some("Ploy")));
    assert_eq!(assignee.email.as_deref(), Some("ploy.agent@example.com"));
    assert_eq!((rain.lifecycle.as_deref(), rain.created_at_ms), (Some("New Lead"), Some(1_795_000_000_000)));
    let somchai = &page.items[1];
    assert_eq!((somchai.status.clone(), &somchai.assignee), (Some(ContactStatus::Closed), &None));
    assert!(somchai.custom_fields.is_empty() && somchai.tags.is_empty());

    let client = answering("contact-list.page2-last").await;
    let last = client.list_contacts(&token()).await.unwrap().value;
    assert_eq!((last.items.len(), last.next_cursor()), (1, None));
    assert_eq!((last.items[0].phone.as_deref(), &last.items[0].locale), (Some("+66800000000"), &None));

    let client = answering("contact-list.empty").await;
    let empty = client.list_contacts(&token()).await.unwrap().value;
    assert_eq!((empty.items.len(), empty.next_cursor()), (0, None));

    let one = answering("contact").await.contact(&token(), CONTACT).await.unwrap().value;
    assert_eq!(&one, rain);
}

#[tokio::test]
async fn odd_contacts_survive_and_cost_no_neighbour() {
    let client = saying(json!({"items": [
        {"id": "410000101", "status": "close", "assignee": {}, "lifecycle": {"id": 7}, "isBlocked": 1, "tags": "vip"},
        {"id": null, "firstName": "nobody"}, "odd", {"id": 7, "status": "archived", "custom_fields": [1, {"name": "x"}]},
    ]}))
    .await;
    let page = client.list_contacts(&token()).await.unwrap().value;
    assert_eq!((page.items.len(), page.unreadable.len(), page.next_cursor()), (2, 2, None));
    let odd = &page.items[0];
    assert_eq!((odd.id.get(), odd.status.clone()), (CONTACT, Some(ContactStatus::Closed)));
    assert_eq!((&odd.assignee, odd.lifecycle.as_deref()), (&None, Some("7")));
    assert_eq!((odd.is_blocked, odd.tags.as_slice()), (Some(true), &["vip".to_owned()][..]));
    assert_eq!(page.items[1].status, Some(ContactStatus::Other("archived".into())));
    assert_eq!(page.items[1].custom_fields.len(), 1);
}

#[tokio::test]
async fn channels_of_contact_and_workspace() {
    let client = answering("contact-channels").await;
    let page = client.list_contact_channels(&token(), CONTACT).await.unwrap().value;
    let shop = &page.items[0];
    assert_eq!((shop.id.get(), shop.contact_channel_id), (CHANNEL, Some(88_001)));
    assert_eq!(shop.last_incoming_ms, Some(1_795_170_000_000));
    assert_eq!(shop.last_message_ms, Some(1_795_170_120_000));
    assert!(shop.source.as_ref().is_some_and(ChannelSource::is_tiktok));
    assert_eq!((page.next_cursor(), &shop.meta), (None, &None));

    let page = answering("space-channel").await.list_channels(&token()).await.unwrap().value;
    let tiktok: Vec<_> =
        page.items.iter().map(|channel| channel.source.as_ref().is_some_and(ChannelSource::is_tiktok)).collect();
    assert_eq!(tiktok, [true, false]);
    assert_eq!(page.items[0].name.as_deref(), Some("ร้านดอกไม้ TikTok"));
    assert_eq!(page.items[0].created_at_ms, Some(1_790_000_000_000));
}

#[tokio::test]
async fn the_workspace() {
    let users = answering("space-user").await.list_users(&token()).await.unwrap().value.items;
    assert_eq!((users[0].id.get(), users[0].role.clone()), (AGENT, Some(Role::Agent)));
    assert_eq!(users[0].team.as_ref().unwrap().name.as_deref(), Some("ทีมขาย"));
    assert_eq!(users[0].restrictions, ["restrict_contact_deletion"]);
    assert_eq!((users[1].role.clone(), &users[1].team), (Some(Role::Owner), &None));
    let one = json_fixture("space-user")["items"][0].clone();
    let user = saying(one).await.user(&token(), AGENT).await.unwrap().value;
    assert_eq!(user, users[0]);

    let fields = answering("space-custom-field").await.list_custom_fields(&token()).await.unwrap().value.items;
    assert_eq!((fields[0].id.get(), fields[0].data_type.clone()), (3001, Some(DataType::Text)));
    assert!(fields[0].allowed_values.is_empty());
    assert_eq!((fields[1].slug.as_deref(), fields[1].description.as_deref()), (Some("size"), Some("ไซส์")));
    assert_eq!(fields[1].allowed_values, ["S", "M", "L"]);
    // The SDK's shape of the same list.
    let plain = json!({"id": 3002, "name": "size", "dataType": "list", "allowedValues": ["S", "M", "L"]});
    let field = saying(plain).await.custom_field(&token(), 3002).await.unwrap().value;
    assert_eq!(field.allowed_values, fields[1].allowed_values);
    let made = saying(json!({"id": 3003})).await.create_custom_field(&token(), "x", DataType::Date).unwrap().await;
    assert_eq!(made.unwrap().value, json!({"id": 3003}));

    let notes = answering("space-closing-notes").await.list_closing_notes(&token()).await.unwrap().value;
    assert_eq!((notes.items[0].category.as_str(), notes.items[0].description.as_deref()), ("ปิดการขาย", Some("Sold")));
    assert_eq!((&notes.items[1].description, notes.next_cursor()), (&None, None));
}

#[tokio::test]
async fn small_writes_in_each_of_their_shapes() {
    let (token, contact) = (token(), CONTACT);
    let client = answering("contact-action.response").await;
    let fields = ContactFields { first_name: Some("น้ำฝน".into()), ..ContactFields::default() };
    let answers = [
        client.add_tags(&token, contact, ["gw-new"]).unwrap().await,
        client.remove_tags(&token, contact, ["gw-new"]).unwrap().await,
        client.assign(&token, contact, UserId::new(AGENT)).await,
        client.assign(&token, contact, AssignTo::Nobody).await,
        client.open_conversation(&token, contact).await,
        client.close_conversation(&token, contact, "x", "").unwrap().await,
        client.close_conversation_without_note(&token, contact).await,
        client.update_contact(&token, contact, fields.clone()).await,
        client.create_or_update_contact(&token, contact, fields.clone()).await,
        client.delete_contact(&token, contact).await,
        client.merge_contacts(&token, contact.into(), 410_000_102.into()).await,
    ];
    for answer in answers {
        assert_eq!(answer.unwrap().value.contact_id.unwrap().get(), CONTACT);
    }

    // `{code, message}`, the message text or not; a code as text; nothing at all.
    for (body, code, message) in [
        (json!({"code": 200, "message": "done"}).to_string(), Some("200"), Some(json!("done"))),
        (json!({"code": "OK", "message": {"id": 7}}).to_string(), Some("OK"), Some(json!({"id": 7}))),
        (json!({"message": null}).to_string(), None, None),
        ("[]".to_owned(), None, None),
        (" \n".to_owned(), None, None),
        (String::new(), None, None),
    ] {
        let client = Server::answering(200, body.clone()).await.client();
        let answers = [
            client.set_lifecycle(&token, contact, Some("Customer".into())).await,
            client.create_tag(&token, Tag::new("vip")).unwrap().await,
            client.update_tag(&token, "vip", Tag::new("VIP")).unwrap().await,
            client.delete_tag(&token, "vip").await,
            client.create_contact(&token, Identifier::email("a@example.com"), fields.clone()).unwrap().await,
        ];
        for answer in answers {
            let answer = answer.unwrap().value;
            assert_eq!((answer.code.as_deref(), &answer.message), (code, &message), "{body}");
        }
    }

    let client = answering("comment.response").await;
    let comment = client.add_comment(&token, contact, "x").unwrap().await.unwrap().value;
    assert_eq!(comment.text.as_deref(), Some("{{@user.700101}} ฝากดูลูกค้ารายนี้ด้วยค่ะ"));
    assert_eq!(comment.created_at_ms, Some(1_795_170_500_000));
    assert_eq!(comment.contact_id.unwrap().get(), CONTACT);
}

#[tokio::test]
async fn sends() {
    for (name, contact) in [("send.response", None), ("send.response.with-contact", Some(CONTACT))] {
        let client = answering(name).await;
        let sent = client.send_message(&token(), CONTACT).text("x").unwrap().await.unwrap().value;
        assert_eq!(sent.message_id.get(), 1_795_170_150_000_000);
        assert_eq!(sent.contact_id.map(respondio::model::ContactId::get), contact);
    }
    let client = saying(json!({"messageId": "18446744073709551615"})).await;
    let sent = client.send_message(&token(), CONTACT).text("x").unwrap().await.unwrap().value;
    assert_eq!(sent.message_id.get(), u64::MAX, "every digit");
}

#[tokio::test]
async fn rate_limit_headers_are_shown_on_good_and_bad_answers() {
    let headers = json_fixture("response-headers");
    let serve = |case: &str| {
        let case = headers[case].clone();
        let status = StatusCode::from_u16(u16::try_from(case["status"].as_u64().unwrap()).unwrap()).unwrap();
        let body = match case["body_file"].as_str() {
            Some(file) => fixture(file.trim_end_matches(".json")),
            None => case["body"].as_str().map_or_else(|| fixture("contact"), |body| body.as_bytes().to_vec()),
        };
        Server::running(move |_| {
            let mut response = (status, body.clone()).into_response();
            response.headers_mut().clear();
            for (name, value) in case["headers"].as_object().unwrap() {
                let name: axum::http::HeaderName = name.parse().unwrap();
                response.headers_mut().insert(name, value.as_str().unwrap().parse().unwrap());
            }
            response
        })
    };
    let answer = serve("ok").await.client().contact(&token(), CONTACT).await.unwrap();
    assert_eq!((answer.rate_limit.limit, answer.rate_limit.remaining), (Some(5), Some(3)));
    assert_eq!((answer.rate_limit.retry_after, answer.rate_limit.is_spent()), (None, false));
    assert_eq!(answer.map(|contact| contact.id.get()).into_value(), CONTACT);

    let error = serve("rate_limited").await.client().contact(&token(), CONTACT).await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable() && !error.outcome_uncertain());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    let limit = error.rate_limit().unwrap();
    assert_eq!((limit.limit, limit.remaining, limit.is_spent()), (Some(5), Some(0), true));

    let error = serve("blocked_html").await.client().contact(&token(), CONTACT).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WebPage { status: 403, .. }), "{error:?}");
    assert!(error.is_blocked() && error.is_retryable() && !error.outcome_uncertain() && !error.is_forbidden());
    assert_eq!(error.retry_after(), Some(respondio::limits::BLOCKED_COOL_DOWN));
    assert_eq!(error.rate_limit(), Some(respondio::RateLimit::default()));
}

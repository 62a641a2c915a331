//! Every request fixture is reproduced by the builders; methods, paths, queries and headers are right.

use respondio::{
    model::{
        AttachmentKind, ContactFields, ContactId, ContactStatus, DataType, Filter, FilterRow, Identifier, MessageTag,
        Operator, Tag, UserId, mention,
    },
    request::{AssignTo, Email, EmailAttachment, MessageDraft, Method, ProviderTemplate, Request, TryIntoRequest},
};
use serde_json::{Value, json};

use crate::support::{AGENT, CHANNEL, CONTACT, Server, fixture_names, json_body, json_fixture, offline, token};

fn draft() -> MessageDraft {
    offline().send_message(&token(), CONTACT).channel(CHANNEL)
}

fn list(rows: impl IntoIterator<Item = FilterRow>) -> Value {
    json_body(offline().list_contacts(&token()).timezone("Asia/Bangkok").filter(Filter::all(rows)))
}

/// The builder call behind each request fixture.
fn built(fixture: &str) -> Value {
    let (client, token) = (offline(), token());
    match fixture {
        "contact-list.request" => list([]),
        "contact-list.request.open" => list([FilterRow::status(&ContactStatus::Open)]),
        "contact-list.request.tag" => list([FilterRow::any_tag(["gw-new"])]),
        "contact-list.request.created-between" => {
            list([FilterRow::created_between("2026-11-01 00:00", "2026-11-20 23:59")])
        }
        "contact-tag.request" => json_body(client.add_tags(&token, CONTACT, ["gw-new"]).unwrap()),
        "comment.request" => {
            let text = format!("{} ฝากดูลูกค้ารายนี้ด้วยค่ะ", mention(UserId::new(AGENT)));
            json_body(client.add_comment(&token, CONTACT, text).unwrap())
        }
        "conversation-assignee.request" => json_body(client.assign(&token, CONTACT, UserId::new(AGENT))),
        "conversation-status.request" => {
            json_body(client.close_conversation(&token, CONTACT, "ปิดการขาย", "ลูกค้าโอนแล้ว ✅").unwrap())
        }
        "send-text.request" => json_body(draft().text("มีค่ะ 💐 ราคา 590 บาท ส่งฟรี").unwrap()),
        "send-image.request" => {
            json_body(draft().attachment(AttachmentKind::Image, "https://media.example.com/bouquet.jpg").unwrap())
        }
        "send-last-channel.request" => json_body(client.send_message(&token, CONTACT).text("Hello! 👋").unwrap()),
        name => panic!("no builder for {name}"),
    }
}

#[test]
fn every_request_fixture_is_reproduced() {
    let names: Vec<_> = fixture_names("").into_iter().filter(|name| name.contains(".request")).collect();
    assert_eq!(names.len(), 11);
    for name in names {
        assert_eq!(built(&name), json_fixture(&name), "{name}");
    }
}

#[test]
fn contents_without_a_fixture() {
    let message = |body: Value| body["message"].clone();
    assert_eq!(
        message(json_body(draft().text("x").unwrap().tag(MessageTag::PostPurchaseUpdate))),
        json!({"type": "text", "text": "x", "messageTag": "POST_PURCHASE_UPDATE"})
    );
    assert_eq!(
        message(json_body(draft().text_with_variables("Hi {{$contact.name}}").unwrap())),
        json!({"type": "text", "text": "Hi {{$contact.name}}"})
    );
    assert_eq!(
        message(json_body(draft().quick_reply("Size?", ["S", "M"]).unwrap())),
        json!({"type": "quick_reply", "title": "Size?", "replies": ["S", "M"]})
    );
    assert_eq!(
        message(json_body(draft().custom_payload(json!({"a": [1]})))),
        json!({"type": "custom_payload", "payload": {"a": [1]}})
    );
    let file = EmailAttachment {
        kind: AttachmentKind::File,
        url: "https://media.example.com/a.pdf".into(),
        file_name: "a.pdf".into(),
    };
    let email = Email {
        text: "hello".into(),
        subject: Some("hi".into()),
        cc: vec!["c@example.com".into()],
        reply_to_message_id: Some(1_795_170_000_000_000),
        attachments: vec![file],
        ..Email::default()
    };
    assert_eq!(
        message(json_body(draft().email(email).unwrap())),
        json!({
            "type": "email", "text": "hello", "subject": "hi", "cc": ["c@example.com"],
            "replyToMessageId": 1_795_170_000_000_000_u64,
            "attachments": [{"type": "file", "url": "https://media.example.com/a.pdf", "fileName": "a.pdf"}],
        })
    );
    let template = ProviderTemplate { name: "n".into(), language_code: "th".into(), components: None };
    let expected = |kind: &str| json!({"type": kind, "template": {"name": "n", "languageCode": "th"}});
    assert_eq!(message(json_body(draft().whatsapp_template(template.clone()))), expected("whatsapp_template"));
    assert_eq!(message(json_body(draft().facebook_template(template))), expected("facebook_template"));
}

#[test]
fn small_bodies() {
    let (client, token) = (offline(), token());
    let all = json_body(client.list_contacts(&token));
    assert_eq!(all, json!({"search": "", "timezone": "utc", "filter": {"$and": []}}), "all three keys, always");
    let rows = [FilterRow::field("slug", Operator::DoesNotExist, json!(null)), FilterRow::assignee(AGENT.into())];
    let any = json_body(client.list_contacts(&token).search("rose").filter(Filter::any(rows)));
    assert_eq!(any["search"], "rose");
    assert_eq!(
        any["filter"]["$or"],
        json!([
            {"category": "contactField", "field": "slug", "operator": "doesNotExist", "value": null},
            {"category": "contactField", "field": "assigneeUserId", "operator": "isEqualTo", "value": "700101"},
        ])
    );
    assert_eq!(json_body(client.set_lifecycle(&token, CONTACT, None)), json!({"name": null}));
    assert_eq!(json_body(client.set_lifecycle(&token, CONTACT, Some("Customer".into()))), json!({"name": "Customer"}));
    assert_eq!(json_body(client.assign(&token, CONTACT, AssignTo::Nobody)), json!({"assignee": null}));
    let email = AssignTo::Email("ploy.agent@example.com".into());
    assert_eq!(json_body(client.assign(&token, CONTACT, email)), json!({"assignee": "ploy.agent@example.com"}));
    assert_eq!(json_body(client.open_conversation(&token, CONTACT)), json!({"status": "open"}));
    assert_eq!(json_body(client.close_conversation_without_note(&token, CONTACT)), json!({"status": "close"}));
    assert_eq!(json_body(client.remove_tags(&token, CONTACT, ["a", "b"]).unwrap()), json!(["a", "b"]));
    assert_eq!(json_body(client.delete_tag(&token, "vip")), json!({"name": "vip"}));
    let tag = Tag { color_code: Some("#FF5733".into()), ..Tag::new("VIP") };
    let changed = json_body(client.update_tag(&token, "vip", tag).unwrap());
    assert_eq!(changed, json!({"currentName": "vip", "name": "VIP", "colorCode": "#FF5733"}));
    let field = client.create_custom_field(&token, "size", DataType::List).unwrap().allowed_values(["S", "M"]);
    assert_eq!(
        json_body(field.slug("size").description("d")),
        json!({"name": "size", "slug": "size", "description": "d", "dataType": "list", "allowedValues": ["S", "M"]})
    );
    let fields = ContactFields { first_name: Some("Som".into()), ..ContactFields::default() };
    assert_eq!(json_body(client.update_contact(&token, CONTACT, fields.clone())), json!({"firstName": "Som"}));
    let merge = client.merge_contacts(&token, ContactId::new(1), ContactId::new(2)).fields(fields);
    assert_eq!(json_body(merge), json!({"contactIds": [1, 2], "firstName": "Som"}));
}

fn every_endpoint() -> Vec<Request> {
    let (client, token) = (offline(), token());
    let fields = ContactFields { first_name: Some("Som".into()), ..ContactFields::default() };
    let by_mail = Identifier::email("a@example.com");
    let requests = [
        client.list_contacts(&token).limit(50).unwrap().cursor(7).try_into_request(),
        client.contact(&token, CONTACT).try_into_request(),
        client.create_contact(&token, by_mail, fields.clone()).unwrap().try_into_request(),
        client.create_or_update_contact(&token, CONTACT, fields.clone()).try_into_request(),
        client.update_contact(&token, CONTACT, fields).try_into_request(),
        client.delete_contact(&token, CONTACT).try_into_request(),
        client.merge_contacts(&token, 1.into(), 2.into()).try_into_request(),
        client.list_contact_channels(&token, CONTACT).try_into_request(),
        client.add_tags(&token, CONTACT, ["x"]).unwrap().try_into_request(),
        client.remove_tags(&token, CONTACT, ["x"]).unwrap().try_into_request(),
        client.set_lifecycle(&token, CONTACT, None).try_into_request(),
        client.add_comment(&token, CONTACT, "x").unwrap().try_into_request(),
        client.assign(&token, CONTACT, AssignTo::Nobody).try_into_request(),
        client.open_conversation(&token, CONTACT).try_into_request(),
        draft().text("x").unwrap().try_into_request(),
        client.message(&token, CONTACT, 9).try_into_request(),
        client.list_messages(&token, CONTACT).try_into_request(),
        client.list_users(&token).try_into_request(),
        client.user(&token, AGENT).try_into_request(),
        client.list_channels(&token).try_into_request(),
        client.list_custom_fields(&token).try_into_request(),
        client.custom_field(&token, 3001).try_into_request(),
        client.create_custom_field(&token, "x", DataType::Text).unwrap().try_into_request(),
        client.list_closing_notes(&token).try_into_request(),
        client.create_tag(&token, Tag::new("x")).unwrap().try_into_request(),
        client.update_tag(&token, "x", Tag::new("y")).unwrap().try_into_request(),
        client.delete_tag(&token, "x").try_into_request(),
    ];
    requests.into_iter().map(Result::unwrap).collect()
}

#[test]
fn every_endpoint_has_its_method_and_path() {
    let requests = every_endpoint();
    let shown: Vec<_> =
        requests.iter().map(|request| format!("{} {}", request.method().as_str(), request.path())).collect();
    assert_eq!(
        shown,
        [
            "POST /contact/list",
            "GET /contact/id:410000101",
            "POST /contact/email:a@example.com",
            "POST /contact/create_or_update/id:410000101",
            "PUT /contact/id:410000101",
            "DELETE /contact/id:410000101",
            "POST /contact/merge",
            "GET /contact/id:410000101/channels",
            "POST /contact/id:410000101/tag",
            "DELETE /contact/id:410000101/tag",
            "POST /contact/id:410000101/lifecycle/update",
            "POST /contact/id:410000101/comment",
            "POST /contact/id:410000101/conversation/assignee",
            "POST /contact/id:410000101/conversation/status",
            "POST /contact/id:410000101/message",
            "GET /contact/id:410000101/message/9",
            "GET /contact/id:410000101/message/list",
            "GET /space/user",
            "GET /space/user/700101",
            "GET /space/channel",
            "GET /space/custom_field",
            "GET /space/custom_field/3001",
            "POST /space/custom_field",
            "GET /space/closing_notes",
            "POST /space/tag",
            "PUT /space/tag",
            "DELETE /space/tag",
        ]
    );
    // What is counted and logged names nobody and is one of a kind.
    let endpoints: std::collections::HashSet<_> = requests.iter().map(Request::endpoint).collect();
    assert_eq!(endpoints.len(), requests.len());
    for request in &requests {
        let shown = format!("{request:?} {}", request.endpoint());
        assert!(!shown.contains("410000101") && !shown.contains("example.com"), "{shown}");
    }
    assert_eq!(requests[0].query_string(), "limit=50&cursorId=7");
    assert!(requests[1..].iter().all(|request| request.query().is_empty()));
}

#[test]
fn an_identifier_stays_one_segment() {
    let path = |contact: Identifier| offline().contact(&token(), contact).try_into_request().unwrap().path().to_owned();
    assert_eq!(path(Identifier::phone("+66800000000")), "/contact/phone:+66800000000");
    assert_eq!(path(Identifier::email("a+b@example.com")), "/contact/email:a+b@example.com");
    assert_eq!(path(Identifier::email("../x?y#z %น")), "/contact/email:..%2Fx%3Fy%23z%20%25%E0%B8%99");
}

#[tokio::test]
async fn headers_and_addresses_on_the_wire() {
    let server = Server::answering(200, "{}").await;
    let client = server.client();
    let fields = ContactFields { first_name: Some("Som".into()), ..ContactFields::default() };
    let phone = Identifier::phone("+66800000000");
    client.create_or_update_contact(&token(), phone, fields).await.unwrap();
    client.remove_tags(&token(), CONTACT, ["gw-new"]).unwrap().await.unwrap();
    let seen = server.seen();
    for request in &seen {
        let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("authorization"), Some("Bearer inv-access-0001"));
        assert_eq!((header("content-type"), header("accept")), (Some("application/json"), Some("application/json")));
        assert!(header("user-agent").unwrap().starts_with("respondio-api/"));
    }
    assert_eq!(seen[0].uri.path(), "/respondio/v2/contact/create_or_update/phone:+66800000000");
    assert_eq!((seen[1].method.as_str(), &seen[1].body[..]), ("DELETE", &br#"["gw-new"]"#[..]), "a body in a DELETE");
    assert_eq!(Method::Delete.as_str(), "DELETE");
}

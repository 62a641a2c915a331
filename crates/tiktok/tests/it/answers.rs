//! Every answer fixture, read through the client from a local server.

use serde_json::json;
use tiktok::{
    AccessToken, ErrorClass, ErrorCode, ErrorKind,
    model::{
        AutoMessageType, ConversationType, Direction, MediaType, MessageContent, MessageSource, PrefillAudit,
        ReactionOperation, Role, TemplateStyle, WebhookCategory,
    },
    oauth::{AppCredentials, MESSAGING_SCOPES, Scope},
};

use crate::support::{BUSINESS, CONVERSATION, REQUEST_ID, Server, USER, fixture, fixture_names, message_id, token};

async fn answering(name: &str) -> tiktok::Client {
    Server::answering(200, fixture(name)).await.client()
}

fn app() -> AppCredentials {
    AppCredentials::new("7411000000000000042", "INVENTED")
}

#[tokio::test]
async fn sends() {
    let client = answering("api-message-send-success").await;
    let sent = client.send_message(&token(), BUSINESS).conversation(CONVERSATION);
    let sent = sent.image("mediaInv3nted-UP-0001").await.unwrap();
    assert_eq!(sent.message_id.unwrap().as_str(), message_id(20));

    // Reported by an older client: the id without its wrapper.
    let client = Server::answering(200, json!({"code": 0, "data": {"message_id": "m1"}}).to_string()).await.client();
    let sent = client.send_message(&token(), BUSINESS).conversation(CONVERSATION).image("m").await.unwrap();
    assert_eq!(sent.message_id.unwrap().as_str(), "m1");

    let client = answering("api-message-send-success-sender_action").await;
    let sent = client.send_message(&token(), BUSINESS).conversation(CONVERSATION);
    assert_eq!(sent.typing().await.unwrap().message_id, None);
}

#[tokio::test]
async fn conversations() {
    let client = answering("api-conversation-list-single").await;
    let page = client.list_conversations(&token(), BUSINESS, ConversationType::Single).await.unwrap();
    assert_eq!((page.conversations.len(), page.next_cursor()), (3, Some(3)));
    assert!(page.unreadable.is_empty());
    assert_eq!(page.conversations[0].conversation_id.as_str(), CONVERSATION);
    assert_eq!(page.conversations[0].update_time_ms, 1_790_000_040_456);
    assert!(page.conversations[0].ads.is_empty());
    let ad = &page.conversations[1].ads[0];
    assert_eq!(ad.ad_id.as_deref(), Some("1800000000000042"));
    assert_eq!(ad.timestamp_ms, Some(1_789_999_995_000), "seconds became milliseconds");
    let link = &page.conversations[2].short_links[0];
    assert_eq!(link.reference.as_deref(), Some("bio_link-2026"));
    assert_eq!(link.prefilled_message_audit_status, Some(PrefillAudit::Pass));

    let client = answering("api-conversation-list-empty").await;
    let page = client.list_conversations(&token(), BUSINESS, ConversationType::Stranger).await.unwrap();
    assert_eq!((page.conversations.len(), page.next_cursor()), (0, None));
}

#[tokio::test]
async fn messages_of_every_type() {
    use Direction::{Incoming, Outgoing};

    let client = answering("api-content-list-all-types").await;
    let history = client.list_messages(&token(), BUSINESS, CONVERSATION).await.unwrap();
    assert!(history.unreadable.is_empty());
    let customer = history.customer().unwrap();
    assert_eq!((customer.party.id.as_str(), customer.is_follower), (USER, Some(true)));
    assert_eq!(customer.display_name.as_deref(), Some("น้องมะลิ 🌼"));
    assert_eq!(history.participants[0].party.role, Some(Role::BusinessAccount));

    let business = BUSINESS.into();
    let shown: Vec<_> = history
        .messages
        .iter()
        .map(|message| (kind(&message.content), message.direction(&business).unwrap()))
        .collect();
    assert_eq!(
        shown,
        [
            ("unsupported", Incoming),
            ("template", Outgoing),
            ("sticker", Incoming),
            ("emoji", Incoming),
            ("share_post", Incoming),
            ("video", Incoming),
            ("image", Incoming),
            ("text", Incoming),
            ("text", Outgoing),
            ("text", Outgoing),
            ("text", Incoming),
        ]
    );
    let MessageContent::Unsupported { type_name, raw } = &history.messages[0].content else {
        panic!("{:?}", history.messages[0])
    };
    assert_eq!((type_name.as_str(), &raw["message_type"]), ("OTHER", &json!("OTHER")));
    let MessageContent::Template(card) = &history.messages[1].content else { panic!() };
    assert_eq!(card.style, TemplateStyle::ButtonCard);
    assert_eq!(card.buttons[0].title, "จองโต๊ะ");
    assert_eq!(history.messages[7].quoted_message_id, Some(message_id(20).into()));
    let reaction = &history.messages[8].reactions[0];
    assert_eq!(reaction.operation, ReactionOperation::Add);
    assert_eq!((reaction.emoji.as_deref(), reaction.message_id.as_str()), (Some("❤️"), &*message_id(20)));
    assert_eq!(history.messages[8].source, Some(MessageSource::Api));
    assert_eq!(history.messages[9].auto_message_type, Some(AutoMessageType::WelcomeMessage));
    let customer = history.messages[9].customer(&business).unwrap();
    assert_eq!(customer.id.unwrap().as_str(), USER);
    assert_eq!(customer.username.as_deref(), Some("nong.mali.demo"));
}

fn kind(content: &MessageContent) -> &'static str {
    match content {
        MessageContent::Text(_) => "text",
        MessageContent::Image { .. } => "image",
        MessageContent::Video { .. } => "video",
        MessageContent::SharePost { .. } => "share_post",
        MessageContent::Sticker { .. } => "sticker",
        MessageContent::Emoji { .. } => "emoji",
        MessageContent::Reaction(_) => "reaction",
        MessageContent::Template(_) => "template",
        _ => "unsupported",
    }
}

#[tokio::test]
async fn one_odd_list_entry_does_not_cost_the_others() {
    let body = json!({"code": 0, "data": {"conversations": [
        {"conversation_id": "c1", "update_time": 1_790_000_040_456_i64}, {"update_time": 1}, "odd",
    ]}});
    let client = Server::answering(200, body.to_string()).await.client();
    let page = client.list_conversations(&token(), BUSINESS, ConversationType::Single).await.unwrap();
    assert_eq!((page.conversations.len(), page.unreadable.len()), (1, 2));

    let body = json!({"code": 0, "data": {"messages": [{"message_id": "m"}], "participants": [1]}});
    let client = Server::answering(200, body.to_string()).await.client();
    let history = client.list_messages(&token(), BUSINESS, CONVERSATION).await.unwrap();
    assert_eq!((history.messages.len(), history.unreadable.len()), (0, 1));
}

#[tokio::test]
async fn media_capabilities_and_profile() {
    let client = answering("api-media-download-success").await;
    let address =
        client.download_media(&token(), BUSINESS, CONVERSATION, message_id(4), "m", MediaType::Image).await.unwrap();
    assert_eq!(address.download_url, "https://media.example.invalid/im/download?id=inv0001");

    for (name, allowed) in [("yes", true), ("no", false)] {
        let client = answering(&format!("api-capabilities-image-{name}")).await;
        let answer = client.capabilities(&token(), BUSINESS, CONVERSATION, ConversationType::Single).await;
        assert_eq!(answer.unwrap().image_send(), Some(allowed));
    }

    let profile = answering("api-business-get-success").await.business(&token(), BUSINESS).await.unwrap();
    assert_eq!(profile.username.as_deref(), Some("baan.kafe.demo"));
    assert_eq!(profile.is_business_account, Some(true));
    assert_eq!((profile.followers_count, profile.total_likes), (Some(1234), None));
    let image = profile.profile_image.unwrap();
    assert_eq!(tiktok::model::url_expiry(&image), Some(1_790_086_400));
    let client = answering("api-business-get-personal-account").await;
    let profile = client.business(&token(), BUSINESS).await.unwrap();
    assert_eq!(profile.is_business_account, Some(false));
}

#[tokio::test]
async fn tokens() {
    let client = answering("api-tt_user-token-success").await;
    let tokens = client.exchange_code(&app(), "code", "https://x.test/").await.unwrap();
    assert_eq!(tokens.access_token.expose(), "inv-access-0001");
    assert_eq!(tokens.refresh_token.expose(), "inv-refresh-0001");
    assert_eq!(tokens.expires_in.as_secs(), 86_400);
    assert_eq!(tokens.refresh_token_expires_in.as_secs(), 31_536_000);
    assert_eq!(tokens.open_id.as_str(), BUSINESS);
    assert!(tokens.scopes.missing(&MESSAGING_SCOPES).is_empty());

    let body = json!({"code": 0, "data": {
        "access_token": "a", "access_token_expire_in": 1, "refresh_token": "r", "refresh_token_expire_in": 2, "open_id": "b",
    }});
    let client = Server::answering(200, body.to_string()).await.client();
    let tokens = client.exchange_code(&app(), "code", "https://x.test/").await.unwrap();
    assert_eq!((tokens.expires_in.as_secs(), tokens.refresh_token_expires_in.as_secs()), (1, 2), "the other names");

    let client = answering("api-tt_user-token-success-partial-scope").await;
    let tokens = client.exchange_code(&app(), "code", "https://x.test/").await.unwrap();
    assert!(tokens.scopes.missing(&MESSAGING_SCOPES).contains(&Scope::MessageListSend));

    let client = answering("api-tt_user-refresh-success-rotated").await;
    let tokens = client.refresh_tokens(&app(), &"inv-refresh-0001".into()).await.unwrap();
    assert_eq!(tokens.refresh_token.expose(), "inv-refresh-0003");
    assert_eq!(tokens.refresh_token_expires_in.as_secs(), 28_484_364);

    let client = answering("api-tt_user-revoke-success").await;
    client.revoke_token(&app(), &AccessToken::new("t")).await.unwrap();

    let client = answering("api-tt_user-token_info-success").await;
    let info = client.token_info("7411000000000000042", &token()).await.unwrap();
    assert_eq!(info.business_id.as_str(), BUSINESS);
    assert_eq!(info.app_id.unwrap().as_str(), "7411000000000000042");
    assert_eq!(info.scopes.as_slice().len(), 6);
}

#[tokio::test]
async fn webhook_configuration() {
    let category = WebhookCategory::DirectMessage;
    let callback = Some("https://gw.example.invalid/webhooks/tiktok");
    for (name, expected) in [("update-success", callback), ("list-configured", callback), ("list-empty", None)] {
        let client = answering(&format!("api-webhook-{name}")).await;
        let config = client.webhook(&app(), category.clone()).await.unwrap();
        assert_eq!(config.callback_url.as_deref(), expected, "{name}");
        assert_eq!(config.category, Some(WebhookCategory::DirectMessage));
    }
    let client = answering("api-webhook-delete-success").await;
    let config = client.delete_webhook(&app(), category.clone()).await.unwrap();
    assert_eq!(config.app_id.unwrap().as_str(), "7411000000000000042");
    let body = json!({"code": 0, "data": {"event_type": "COMMENT", "item_list": [7_400_000_000_000_000_101_u64, "8"]}});
    let client = Server::answering(200, body.to_string()).await.client();
    let config = client.webhook(&app(), WebhookCategory::Comment).await.unwrap();
    assert_eq!(config.posts, ["7400000000000000101".into(), "8".into()]);
    let client = answering("api-webhook-update-success").await;
    client.update_webhook(&app(), category, "https://x.test/").await.unwrap();
}

#[tokio::test]
async fn every_error_fixture_is_classed() {
    use ErrorClass as Class;
    let expected = [
        ("api-error-40001-permission", ErrorCode::NoPermission, Class::Permission),
        ("api-error-40002-conversation", ErrorCode::ParameterError, Class::Parameter),
        ("api-error-40007-not_found", ErrorCode::NotFound, Class::NotFound),
        ("api-error-40064-generic", ErrorCode::DmRule, Class::DmRule),
        ("api-error-40064-too_fast", ErrorCode::DmRule, Class::DmRule),
        ("api-error-40100-rate", ErrorCode::RateLimited, Class::RateLimited),
        ("api-error-40104-empty_token", ErrorCode::AccessTokenEmpty, Class::Bug),
        ("api-error-40105-token", ErrorCode::AccessTokenInvalid, Class::TokenExpired),
        ("api-error-40908-file_type", ErrorCode::FileTypeUnsupported, Class::File),
        ("api-error-50000-system", ErrorCode::SystemError, Class::Internal),
        ("api-error-51065-system", ErrorCode::MessagingService, Class::Internal),
        ("api-tt_user-refresh-error-expired", ErrorCode::RefreshTokenExpired, Class::Reauthorize),
        ("api-tt_user-token-error-code", ErrorCode::AuthCodeInvalid, Class::Reauthorize),
    ];
    let names: Vec<_> = fixture_names("api-").into_iter().filter(|name| name.contains("-error")).collect();
    assert_eq!(names, expected.map(|(name, ..)| name));
    for (name, code, class) in expected {
        let error = answering(name).await.business(&token(), BUSINESS).await.unwrap_err();
        let ErrorKind::Api(api) = error.kind() else { panic!("{name}: {error:?}") };
        assert_eq!((api.code, api.class, api.http_status), (code, class, 200), "{name}");
        assert_eq!((error.code(), error.request_id()), (Some(code), Some(REQUEST_ID)), "{name}");
        assert!(!api.message.is_empty() && error.to_string().contains(&api.message), "{name}");
    }
}

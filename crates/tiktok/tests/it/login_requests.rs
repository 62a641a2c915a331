//! Login Kit requests, looked at without a network, and as they arrive.

use tiktok::{
    login::{self, Credentials, Scopes, UserField},
    request::{Method, TryIntoRequest},
};

use crate::support::{Server, fixture, form_body, offline_login};

fn app() -> Credentials {
    Credentials::new("lkinventedclientkey01", "client-secret")
}

fn token() -> login::AccessToken {
    login::AccessToken::new("act.invented01")
}

#[test]
fn forms() {
    let client = offline_login();
    let exchange = client.exchange_code(&app(), "a*1!4.s1", "https://x.test/callback");
    let mut expected = vec![
        ("client_key", "lkinventedclientkey01".to_owned()),
        ("client_secret", "client-secret".to_owned()),
        ("code", "a*1!4.s1".to_owned()),
        ("grant_type", "authorization_code".to_owned()),
        ("redirect_uri", "https://x.test/callback".to_owned()),
    ];
    assert_eq!(form_body(exchange.clone()), expected, "web: no verifier");
    let verifier = login::CodeVerifier::from_random([7; 32]);
    expected.push(("code_verifier", verifier.expose().to_owned()));
    assert_eq!(form_body(exchange.code_verifier(&verifier)), expected);

    assert_eq!(
        form_body(client.refresh_tokens(&app(), &"rft.invented01".into())),
        [
            ("client_key", "lkinventedclientkey01".to_owned()),
            ("client_secret", "client-secret".to_owned()),
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", "rft.invented01".to_owned()),
        ]
    );
    assert_eq!(
        form_body(client.revoke_token(&app(), &token())),
        [
            ("client_key", "lkinventedclientkey01".to_owned()),
            ("client_secret", "client-secret".to_owned()),
            ("token", "act.invented01".to_owned()),
        ]
    );
}

#[test]
fn every_endpoint_has_its_method_path_and_credentials() {
    let client = offline_login();
    let plan = login::UploadPlan::whole(10).unwrap();
    let requests = [
        client.exchange_code(&app(), "c", "https://x.test/").try_into_request(),
        client.refresh_tokens(&app(), &"r".into()).try_into_request(),
        client.revoke_token(&app(), &token()).try_into_request(),
        client.user_info(&token()).try_into_request(),
        client.init_inbox_upload(&token(), login::VideoSource::File(plan)).try_into_request(),
        client.publish_status(&token(), "p").try_into_request(),
    ];
    let shown = requests.map(|request| {
        let request = request.unwrap();
        assert!(request.access_token().is_none(), "a token of the other platform");
        (request.method(), request.path(), request.bearer_token().is_some())
    });
    assert_eq!(
        shown,
        [
            (Method::Post, "/v2/oauth/token/", false),
            (Method::Post, "/v2/oauth/token/", false),
            (Method::Post, "/v2/oauth/revoke/", false),
            (Method::Get, "/v2/user/info/", true),
            (Method::Post, "/v2/post/publish/inbox/video/init/", true),
            (Method::Post, "/v2/post/publish/status/fetch/", true),
        ]
    );
}

#[test]
fn only_granted_fields_are_asked_for() {
    let fields = |request: login::request::GetUserInfo| request.try_into_request().unwrap().query()[0].1.clone();
    let info = offline_login().user_info(&token());
    let basic = "open_id,union_id,avatar_url,avatar_url_100,avatar_large_url,display_name";
    assert_eq!(fields(info.clone()), basic);
    assert_eq!(fields(info.clone().granted(&Scopes::parse("user.info.basic,video.list"))), basic);
    let profile = format!("{basic},username,bio_description,profile_deep_link,is_verified");
    assert_eq!(fields(info.clone().granted(&Scopes::parse("user.info.profile user.info.basic"))), profile);
    let stats = "follower_count,following_count,likes_count,video_count";
    assert_eq!(fields(info.clone().granted(&Scopes::parse("user.info.stats"))), stats);
    assert_eq!(fields(info.fields([UserField::ProfileWebLink])), "profile_web_link");
}

#[tokio::test]
async fn the_wire_carries_forms_and_bearers() {
    let server = Server::answering(200, fixture("loginkit-token-success-2h")).await;
    let client = server.login_client();
    client.exchange_code(&app(), "a*1!4.s1", "https://x.test/call back").await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.uri.path()), ("POST", "/v2/oauth/token/"));
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
    for header in ["authorization", "access-token"] {
        assert!(!seen.headers.contains_key(header), "{header}");
    }
    let body = "client_key=lkinventedclientkey01&client_secret=client-secret&code=a*1%214.s1\
                &grant_type=authorization_code&redirect_uri=https%3A%2F%2Fx.test%2Fcall+back";
    assert_eq!(seen.body, body);

    let server = Server::answering(200, fixture("loginkit-user-info-success")).await;
    server.login_client().user_info(&token()).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.headers["authorization"], "Bearer act.invented01");
    assert!(!seen.headers.contains_key("access-token"));
    assert!(seen.uri.query().unwrap().starts_with("fields=open_id%2Cunion_id%2C"), "{}", seen.uri);
}

#[test]
fn nothing_shown_holds_a_secret() {
    let client = offline_login();
    let app = Credentials::new("key", "secret-value");
    let token = login::AccessToken::new("token-value");
    let verifier = login::CodeVerifier::new(format!("{}-value", "x".repeat(43))).unwrap();
    let plan = login::UploadPlan::whole(1).unwrap();
    let exchange = client.exchange_code(&app, "code-value", "https://x.test/").code_verifier(&verifier);
    let chunk = client.upload_chunk("https://x.test/address-value", plan, 0, login::VideoType::Mp4, "x").unwrap();
    let shown = [
        format!("{app:?}"),
        format!("{verifier:?}"),
        format!("{exchange:?}"),
        format!("{:?}", exchange.clone().try_into_request().unwrap()),
        format!("{:?}", exchange.try_into_request().unwrap().body()),
        format!("{:?}", client.refresh_tokens(&app, &"refresh-value".into())),
        format!("{:?}", client.revoke_token(&app, &token).try_into_request().unwrap()),
        format!("{:?}", client.user_info(&token)),
        format!("{:?}", client.user_info(&token).try_into_request().unwrap()),
        format!("{chunk:?}"),
        format!("{:?}", app.client_secret.verifier()),
    ];
    for shown in shown {
        assert!(!shown.contains("-value"), "{shown}");
    }
}

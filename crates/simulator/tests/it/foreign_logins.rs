//! Login libraries that others wrote, against Login Kit and Respond.io's node for n8n, as they send and read (2026-11).

use serde_json::{Value, json};
use simulator::respondio::NewWorkspace;
use simulator::{Config, DEFAULT_APP_SECRET as SECRET, DEFAULT_WEB_KEY as WEB, WebChallenge};
use tokio::task::JoinSet;

use crate::foreign_line::{Line, param};
use crate::support::{BUSINESS, query, world, world_with};

const BACK: &str = "http://localhost:3999/login/tiktok/callback";
/// A verifier and its base64url challenge (RFC 7636, appendix B), which both libraries make.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn trade(line: &Line, headers: &[&str], pairs: &[(&str, &str)]) -> (u16, Value) {
    let headers = [headers, &["Content-Type: application/x-www-form-urlencoded"]].concat();
    let answer = line.say("POST /v2/oauth/token/", &headers, query(pairs).as_bytes()).await;
    assert_eq!(answer.header("content-type").as_deref(), Some("application/json"));
    (answer.status, answer.json())
}

/// arctic 3.7.0 and @auth/core 0.41 (npm) send a web app's users with a base64url challenge, as to every provider, and the
/// verifier with the code; Auth.js sends `client_id` beside `client_key` in both.
#[tokio::test]
async fn arctic_and_authjs_send_a_challenge_that_a_web_app_does_not_need() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let line = Line::to(&world, &mut tasks).await;
    let mut asked = vec![
        ("response_type", "code"),
        ("client_key", WEB),
        ("state", "st"),
        ("code_challenge_method", "S256"),
        ("code_challenge", CHALLENGE),
        ("scope", "user.info.basic"),
        ("redirect_uri", BACK),
    ];
    let mut token = Value::Null;
    for more in [vec![], vec![("client_id", WEB)]] {
        asked.extend(more.clone());
        // Without `disable_auto_auth` somebody known would be let through without a page.
        world.sim.revoke(BUSINESS, false).unwrap();
        let back = line.consent(&format!("/v2/auth/authorize?{}", query(&asked))).await;
        let code = param(&back, "code");
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
            ("client_key", WEB),
            ("client_secret", SECRET),
        ];
        pairs.extend(more);
        let (status, answer) = trade(&line, &["Accept: application/json", "User-Agent: arctic"], &pairs).await;
        assert_eq!((status, answer["token_type"].as_str()), (200, Some("Bearer")));
        token = answer;
    }
    let refresh =
        [("grant_type", "refresh_token"), ("refresh_token", "not-one"), ("client_key", WEB), ("client_secret", SECRET)];
    let (status, refused) = trade(&line, &[], &refresh).await;
    assert_eq!(
        (status, refused["error"].as_str()),
        (400, Some("invalid_grant")),
        "arctic reads errors with 400 and 401"
    );
    assert!(refused["error_description"].is_string() && refused["log_id"].is_string());
    let bearer = format!("authorization: Bearer {}", token["access_token"].as_str().unwrap());
    let me = line.say("GET /v2/user/info/?fields=open_id,avatar_url,display_name", &[&bearer], b"").await.json();
    assert_eq!(me["data"]["user"]["open_id"], token["open_id"]);

    let refusing = world_with(Config { web_challenge: WebChallenge::Refused, ..Config::default() });
    let line = Line::to(&refusing, &mut tasks).await;
    assert_eq!(line.say(&format!("GET /v2/auth/authorize?{}", query(&asked)), &[], b"").await.status, 400);
}

/// passport-tiktok-auth 1.0.12 (npm) lets people through silently and asks for a picture size that is no longer documented;
/// django-allauth 65 (`PyPI`) sends `Client-ID` beside the token; better-auth 1.7 (npm) wants the large picture.
#[tokio::test]
async fn passport_allauth_and_better_auth_read_their_profiles() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let line = Line::to(&world, &mut tasks).await;
    let scope = "user.info.basic,user.info.profile,user.info.stats";
    let asked = query(&[
        ("client_key", WEB),
        ("disable_auto_auth", "0"),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", scope),
        ("client_id", WEB),
    ]);
    let first = param(&line.consent(&format!("/v2/auth/authorize/?{asked}")).await, "code");
    let pairs = |code| {
        [
            ("client_key", WEB),
            ("client_secret", SECRET),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
        ]
    };
    assert_eq!(trade(&line, &[], &pairs(&first)).await.0, 200);
    let again = line.say(&format!("GET /v2/auth/authorize/?{asked}"), &[], b"").await;
    assert_eq!(again.status, 303, "known already, and not told to ask");
    let back = url::Url::parse(&again.header("location").unwrap()).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let (_, token) = trade(&line, &[], &pairs(&code)).await;
    let bearer = format!("Authorization: Bearer {}", token["access_token"].as_str().unwrap());
    let client = format!("Client-ID: {WEB}");
    for fields in [
        "open_id,union_id,avatar_url,avatar_url_100,avatar_url_200,avatar_large_url,display_name,username,follower_count,following_count,likes_count",
        "open_id%2Cdisplay_name%2Cavatar_url%2Cusername%2Cprofile_deep_link",
        "open_id,avatar_large_url,display_name,username",
    ] {
        let me = line.say(&format!("GET /v2/user/info/?fields={fields}"), &[&bearer, &client], b"").await;
        assert_eq!((me.status, me.json()["data"]["user"]["username"].as_str()), (200, Some(BUSINESS)), "{fields}");
    }
}

/// @respond-io/n8n-nodes-respond-io 1.3.6 (npm), `utils/index.js`: templates of a channel are asked for under `mtm`.
#[tokio::test]
async fn respondios_n8n_node_asks_for_templates_under_another_name() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let workspace = world.sim.create_respondio_workspace(NewWorkspace::default());
    let channel = simulator::respondio::NewChannel { business: BUSINESS.to_owned(), name: None };
    let channel = world.sim.add_respondio_channel(workspace.id, &channel).unwrap().id;
    let line = Line::to(&world, &mut tasks).await;
    let bearer = format!("Authorization: Bearer {}", workspace.tokens[0]);
    let asked = format!("GET /respondio/v2/space/channel/{channel}/mtm?limit=20");
    let answer = line.say(&asked, &[&bearer], b"").await;
    assert_eq!((answer.status, &answer.json()["items"]), (200, &json!([])));
}

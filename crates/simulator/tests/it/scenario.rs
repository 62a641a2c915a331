//! Scenarios: what a file may say, how it is played, how it fails.

use axum::body::Body;
use axum::http::Request;
use simulator::{CustomerMessage, Scenario, ScenarioError};
use tokio::task::JoinSet;

use crate::support::{BUSINESS, CUSTOMER, HOUR, Receiver, START, raw, simulator, world};

const STORY: &str = r#"
businesses = [
  { username = "baan.kafe", display_name = "บ้านกาแฟ", rules = "guide", keyword_replies = [{ keywords = ["promo"], answer = "10% off" }] },
]
customers = [{ username = "mali", display_name = "มะลิ" }]
auto_messages = [
  { business = "baan.kafe", auto_message_type = "WELCOME_MESSAGE", welcome_message = { content = "hello" }, approved = true },
  { business = "baan.kafe", auto_message_type = "SUGGESTED_QUESTION", suggested_question = { question = "Where?", answer = "Soi 7" }, approved = true },
  { business = "baan.kafe", auto_message_type = "CHAT_PROMPT", chat_prompt = { title = "Menu", content = "What is good?" } },
]
connect = ["baan.kafe"]
steps = [
  { business = "baan.kafe", customer = "mali", clicks_ad = "Rain" },
  { customer = "mali", opens_link = "https://tiktok.me/baan.kafe?ref=bio-1&message=hi" },
  { business = "baan.kafe", customer = "mali", writes = "open today?" },
  { business = "baan.kafe", customer = "mali", expect = { nothing = true, state = "open", quota_left = 9 } },
  { business = "baan.kafe", customer = "mali", answers = "yes", source = "WEB" },
  { business = "baan.kafe", customer = "mali", reacts = "👍" },
  { business = "baan.kafe", customer = "mali", reads = true },
  { business = "baan.kafe", customer = "mali", asks = "Where?" },
  { business = "baan.kafe", customer = "mali", writes = "any promo" },
  { business = "baan.kafe", customer = "mali", expect = { quota_left = -1 } },
  { business = "baan.kafe", review = "approve" },
  { business = "baan.kafe", customer = "mali", asks = "Menu" },
  { business = "baan.kafe", customer = "mali", sends = "image" },
  { business = "baan.kafe", customer = "mali", sends = "sticker", ago = "1h" },
  { business = "baan.kafe", posts = "new" },
  { business = "baan.kafe", set = { comment_to_message = true } },
  { business = "baan.kafe", customer = "mali", comments = "price?" },
  { fault = { endpoint = "message/send", kind = "lose_answer", times = 2 } },
  { wait = "48h", business = "baan.kafe", customer = "mali", expect = { state = "open", quota_left = 3 } },
  { clear_faults = true },
  { business = "baan.kafe", revokes = true },
  { business = "baan.kafe", connects = true, end = true },
  { business = "baan.kafe", posts = "never" },
]
"#;

#[tokio::test]
async fn a_whole_story() {
    let world = world();
    let played = world.sim.play(&Scenario::parse(STORY).unwrap()).await.unwrap();
    assert_eq!((played.steps, played.end), (22, true), "it ends where the file says");
    assert_eq!(world.sim.now_ms(), START + 48 * HOUR);
    assert!(world.sim.faults().is_empty());
    let told: Vec<String> = world.sim.webhook_log().into_iter().map(|one| one.event).collect();
    for event in [
        "im_referral_msg",
        "im_receive_msg",
        "im_send_msg",
        "im_mark_read_msg",
        "im_auto_message_config_update",
        "im_auto_message_audit_update",
        "comment.update",
        "im_receive_high_intent_comment",
        "authorization.removed",
    ] {
        assert!(told.iter().any(|one| one == event), "{event}");
    }
    let state = world.sim.state();
    let business = state.businesses.iter().find(|one| one.business.username == "baan.kafe").unwrap();
    assert_eq!((business.posts.len(), business.connected_apps.len()), (4, 1));
}

#[tokio::test]
async fn a_step_can_wait_for_the_answer_of_whoever_is_tested() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    let text = format!(
        "steps = [\n  {{ business = \"{BUSINESS}\", customer = \"{CUSTOMER}\", writes = \"hi\" }},\n  \
         {{ business = \"{BUSINESS}\", customer = \"{CUSTOMER}\", expect = {{ answer = \"hello\", delivered = true }} }},\n]"
    );
    let (sim, scenario) = (world.sim.clone(), Scenario::parse(&text).unwrap());
    let mut plays = JoinSet::new();
    plays.spawn(async move { sim.play(&scenario).await });
    while receiver.received().is_empty() {
        tokio::task::yield_now().await;
    }
    let conversation = receiver.received()[0].content()["conversation_id"].as_str().unwrap().to_owned();
    world.send(&conversation, "hello back").await;
    assert_eq!(plays.join_next().await.unwrap().unwrap().unwrap().steps, 2);
}

#[tokio::test]
async fn nothing_means_nothing_since_the_step_before() {
    let (world, pair) = (world(), format!("business = \"{BUSINESS}\", customer = \"{CUSTOMER}\""));
    let conversation =
        world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap().conversation_id;
    world.send(&conversation, "too early").await;
    let expect = format!("{{ {pair}, expect = {{ nothing = true }} }}");
    let play =
        async |text: String| world.sim.play(&Scenario::parse(&text).unwrap()).await.map_err(|error| error.to_string());
    let error = play(format!("steps = [{expect}]")).await.unwrap_err();
    assert_eq!(error, "line 1: expected nothing, but \"too early\" was sent");
    assert!(play(format!("steps = [{{ {pair}, writes = \"and?\" }}, {expect}]")).await.is_ok());
}

#[tokio::test]
async fn what_goes_wrong_names_its_line() {
    let world = world();
    let fails = async |steps: &str| {
        let text = format!("# a comment\nsteps = [\n  {steps}\n]");
        world.sim.play(&Scenario::parse(&text).unwrap()).await.unwrap_err().to_string()
    };
    let pair = format!("business = \"{BUSINESS}\", customer = \"{CUSTOMER}\"");
    assert_eq!(fails("{ writes = \"hi\" },").await, "line 3: customer is missing");
    assert_eq!(
        fails(&format!("{{ {pair}, writes = \"hi\" }},\n  {{ {pair}, taps = \"x\" }},")).await,
        "line 4: no button \"x\""
    );
    assert_eq!(
        fails(&format!("{{ {pair}, expect = {{ state = \"closed\" }} }},")).await,
        "line 3: expected the window to be closed, but it is open"
    );
    assert_eq!(
        fails(&format!("{{ {pair}, expect = {{ quota_left = 3 }} }},")).await,
        "line 3: expected 3 messages left, but it is 10"
    );
    assert_eq!(
        fails(&format!("{{ {pair}, expect = {{ answer = \"x\", within = \"1ms\" }} }},")).await,
        "line 3: expected an answer with \"x\", but none came"
    );
    for text in ["steps = [{ jumps = true }]", "steps = [{ wait = \"soon\" }]", "stepps = []", "steps = ["] {
        assert!(matches!(Scenario::parse(text), Err(ScenarioError::Syntax(_))), "{text}");
    }
    let missing = Scenario::load(std::path::Path::new("nowhere.toml")).unwrap_err().to_string();
    assert!(missing.starts_with("nowhere.toml: "), "{missing}");
}

#[tokio::test]
async fn files_stand_beside_the_scenario() {
    let folder = std::env::temp_dir().join(format!("scenario-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("dress.png"), crate::support::png(77)).unwrap();
    let step = format!("business = \"{BUSINESS}\", customer = \"{CUSTOMER}\", sends = \"image\"");
    let text = format!("steps = [{{ {step}, file = \"dress.png\" }}, {{ {step}, file = \"gone.png\" }}]");
    std::fs::write(folder.join("story.toml"), text).unwrap();
    let world = world();
    let error = world.sim.play(&Scenario::load(&folder.join("story.toml")).unwrap()).await.unwrap_err().to_string();
    assert!(error.contains("gone.png"), "{error}");
    assert_eq!(world.sim.webhook_log().len(), 1, "the first picture was found");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn over_http() {
    let world = world();
    let post = async |text: String| {
        let request = Request::post("/sim/scenario").header("host", "localhost:4000").body(Body::from(text)).unwrap();
        let (status, _, bytes) = raw(&world.sim, request).await;
        (status.as_u16(), String::from_utf8(bytes.to_vec()).unwrap())
    };
    assert_eq!(post(STORY.to_owned()).await, (200, "{\"steps\":22}".to_owned()));
    let (status, problem) = post("steps = [{ taps = \"x\" }]".to_owned()).await;
    assert!(status == 422 && problem.contains("line 1: customer is missing"), "{problem}");
    assert_eq!(post("steps = [".to_owned()).await.0, 400);
}

#[test]
fn the_example_in_the_documentation_can_be_read() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/simulator.md")).unwrap();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    Scenario::parse(example).unwrap();
}

#[test]
fn the_demo_can_be_played_twice() {
    let sim = simulator(simulator::Config::default());
    sim.seed_demo();
    sim.tell_demo();
    let state = sim.state();
    assert_eq!((state.businesses.len(), state.customers.len(), state.conversations.len()), (4, 9, 11));
    assert!(state.businesses.iter().filter(|one| one.business.is_business_account).count() == 3);
    let spaces = sim.respondio_workspaces();
    let handles: Vec<_> = spaces[0].channels.iter().map(|one| one.business.as_str()).collect();
    assert_eq!((spaces.len(), handles), (1, vec!["sailom.swim"]));
    assert_eq!(sim.respondio_contacts(spaces[0].id).unwrap().len(), 2, "what is said to it is told there");
    sim.seed_demo();
    assert_eq!((sim.state().customers.len(), sim.respondio_workspaces().len()), (9, 1), "those that exist stay");
    for connected in simulator::DEMO_CONNECTED {
        assert!(state.businesses.iter().any(|one| one.business.username == connected));
    }
}

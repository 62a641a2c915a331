//! The history of an account: what TikTok lists when it is connected for the first time, filed at rest and told to nobody.

use std::time::Duration;

use bytes::Bytes;
use domain::{
    conversation::ConversationStatus,
    event::Subject,
    history::{History, HistoryState},
    store::{ConversationFilter, ConversationRecord, Sort, View},
};
use serde_json::json;
use simulator::{
    AppReply, BusinessSettings, CustomerMessage, FaultKind, NewBusiness, NewCustomer, NewFault, ReferralRequest,
};

use crate::{
    database,
    doctor::finds,
    harness::{MALI, SHOP, START, World, answer},
    stage::slug,
};

/// A world in which the shop exists and is not connected.
async fn unconnected() -> (World, String) {
    let world = World::new().await;
    world.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
    let cookie = world.sign_in().await;
    (world, cookie)
}

/// A customer of this name wrote so many seconds before the start; the owner answered in the app where `answered` says so.
fn wrote(world: &World, name: &str, secs_ago: i64, answered: bool) {
    drop(world.sim.create_customer(NewCustomer::new(name, &format!("คุณ {name}"))));
    let at = START.as_millis() - secs_ago * 1000;
    let words = CustomerMessage {
        at: Some(at), ..CustomerMessage::text(name, SHOP, &format!("สวัสดีจาก {name}"))
    };
    world.sim.customer_writes(&words).unwrap();
    if answered {
        let reply = AppReply { at: Some(at + 1_000), ..AppReply::text(SHOP, name, "สวัสดีครับ") };
        world.sim.app_reply(&reply).unwrap();
    }
}

async fn connect(world: &World, cookie: &str) {
    let target = world.consent(cookie, SHOP, |_| true).await;
    assert!(target.starts_with("/accounts?connected="), "{target}");
}

async fn until(world: &World, state: HistoryState) -> History {
    let what = format!("the history becomes {state:?}");
    let look = || async { world.account().await.history.filter(|history| history.state == state) };
    world.patiently(&what, Duration::from_mins(2), look).await
}

async fn conversations(world: &World) -> Vec<ConversationRecord> {
    let filter = ConversationFilter {
        view: View::All,
        status: None,
        account: None,
        sort: Sort::Newest,
        after: None,
        referral: None,
        limit: 500,
        now: world.clock.now(),
    };
    world.store().conversations(&world.scope().await, &filter).await.unwrap()
}

/// Kinds of all events but those of accounts.
async fn events(world: &World) -> Vec<&'static str> {
    let page = world.store().events_after(Some(world.workspace().await), 0, 5_000).await.unwrap();
    let name = |subject: &Subject| match subject {
        Subject::Message(_) => Some("message"),
        Subject::Status(_) => Some("status"),
        Subject::Conversation(_) => Some("conversation"),
        Subject::Removed { .. } | Subject::Merged { .. } => Some("removed"),
        Subject::Account(_) | Subject::AccountGone | Subject::Comment(_) => None,
    };
    page.events.iter().filter_map(|event| name(&event.subject)).collect()
}

fn calls(world: &World, endpoint: &str) -> usize {
    world.sim.calls().iter().filter(|call| call.endpoint.ends_with(endpoint)).count()
}

#[tokio::test]
async fn the_first_connect_files_both_lists_and_alerts_nobody() {
    let (world, cookie) = unconnected().await;
    wrote(&world, MALI, 3_600, false);
    wrote(&world, "khun.som", 7_200, true);
    wrote(&world, "khun.nan", 60 * 3_600, true);
    connect(&world, &cookie).await;
    assert_eq!(until(&world, HistoryState::Filed).await, History { state: HistoryState::Filed, reason: None, left: 0 });

    let seen: Vec<_> = conversations(&world)
        .await
        .into_iter()
        .map(|one| {
            let (row, name) = (one.conversation, one.contact.display_name.unwrap_or_default());
            (name, row.status, row.request, row.unread, row.ledger.spent, row.image_send)
        })
        .collect();
    let open = ConversationStatus::Open;
    let expected = [
        (format!("คุณ {MALI}"), open, true, 0, 0, Some(true)),
        ("คุณ khun.som".to_owned(), open, false, 0, 1, Some(true)),
        ("คุณ khun.nan".to_owned(), ConversationStatus::Closed, false, 0, 1, Some(true)),
    ];
    assert_eq!(seen, expected, "newest first");
    assert_eq!(world.messages().await.len(), 5);
    assert!(events(&world).await.iter().all(|name| *name == "conversation"), "{:?}", events(&world).await);

    let (_, account) = answer(world.api("GET", &format!("/api/v1/accounts/{}", world.account().await.id))).await;
    assert_eq!(account["history"], json!({"state": "filed", "conversationsLeft": 0, "reason": null}));
}

#[tokio::test]
async fn a_full_list_is_counted_down() {
    let (world, cookie) = unconnected().await;
    for number in 0..102 {
        wrote(&world, &format!("stranger.{number}"), 9_000 + number, false);
        wrote(&world, &format!("known.{number}"), 9_000 + number, true);
    }
    connect(&world, &cookie).await;
    let look = || async {
        let left = world.account().await.history.map_or(0, |history| history.left);
        let filed = u32::try_from(conversations(&world).await.len()).unwrap();
        (left > 0 && filed > 1).then_some((left, filed))
    };
    let (left, filed) = world.until("some conversations are filed", look).await;
    // One more may have been filed between the two looks.
    assert!((200..=204).contains(&(left + filed)), "100 of each list: {left} left, {filed} filed");
}

#[tokio::test]
async fn what_is_written_while_it_is_filed_alerts_once() {
    let (world, cookie) = unconnected().await;
    for number in 0..5 {
        wrote(&world, &format!("stranger.{number}"), 3_600 + number, false);
    }
    wrote(&world, MALI, 5_000, true);
    connect(&world, &cookie).await;
    for number in 0..3 {
        world.customer_says(&format!("ตอนนี้ {number}"));
    }
    until(&world, HistoryState::Filed).await;
    world.message_that("the last text arrives", |one| one.message.content.words() == "ตอนนี้ 2").await;
    let mali = |record: &ConversationRecord| record.contact.display_name.as_deref() == Some(&format!("คุณ {MALI}"));
    let arrived = || async {
        let all = conversations(&world).await;
        all.iter().any(|one| mali(one) && one.conversation.unread == 3).then_some(all)
    };
    let all = world.until("three are unread", arrived).await;
    assert_eq!(all.iter().map(|one| one.conversation.unread).sum::<u32>(), 3);
    assert_eq!(world.messages().await.len(), 5 + 2 + 3);
    let told = events(&world).await.into_iter().filter(|name| *name == "message").count();
    assert_eq!(told, 3, "only what was written since");
}

#[tokio::test]
async fn connecting_twice_doubles_nothing() {
    let (world, cookie) = unconnected().await;
    wrote(&world, MALI, 3_600, true);
    connect(&world, &cookie).await;
    until(&world, HistoryState::Filed).await;
    let (messages, told, lists) = (world.messages().await, events(&world).await, calls(&world, "conversation/list"));
    connect(&world, &cookie).await;
    assert_eq!(world.account().await.history.unwrap().state, HistoryState::Filed);
    assert_eq!((world.messages().await, events(&world).await), (messages.clone(), told.clone()));
    assert_eq!(calls(&world, "conversation/list"), lists, "the lists were read once");

    let path = format!("/api/v1/accounts/{}/history", world.account().await.id);
    let (status, account) = answer(world.api("POST", &path)).await;
    assert_eq!((status, &account["history"]["state"]), (200, &json!("filing")), "{account}");
    until(&world, HistoryState::Filed).await;
    assert_eq!(calls(&world, "conversation/list"), lists + 2);
    assert_eq!((world.messages().await, events(&world).await), (messages, told), "nothing is new");
}

#[tokio::test]
async fn filing_goes_on_after_a_restart() {
    let (world, cookie) = unconnected().await;
    for number in 0..12 {
        wrote(&world, &format!("stranger.{number}"), 3_600 + number, number % 2 == 0);
    }
    let stuck = NewFault::new("message/content/list", FaultKind::HttpStatus).value(503);
    let stuck = world.sim.set_fault(stuck);
    connect(&world, &cookie).await;
    let expected = || async { world.account().await.history.filter(|history| history.left == 12) };
    world.until("twelve conversations are expected", expected).await;
    let world = world.restart().await;
    assert_eq!(
        world.account().await.history.map(|history| (history.state, history.left)),
        Some((HistoryState::Filing, 12))
    );
    world.sim.clear_fault(stuck.id).unwrap();
    let filed = || async {
        // Their next tries are due later.
        world.clock.advance(Duration::from_secs(61));
        world.account().await.history.filter(|history| history.state == HistoryState::Filed)
    };
    world.patiently("everything is filed", Duration::from_mins(2), filed).await;
    assert_eq!((conversations(&world).await.len(), world.messages().await.len()), (12, 18));
    assert!(events(&world).await.iter().all(|name| *name == "conversation"));
}

#[tokio::test]
async fn a_missing_permission_is_said_and_asked_once() {
    let (world, cookie) = unconnected().await;
    wrote(&world, MALI, 3_600, false);
    world.consent(&cookie, SHOP, |scope| scope != "message.list.read").await;
    let failed = until(&world, HistoryState::Failed).await;
    let reason = failed.reason.unwrap();
    assert!(reason.contains("message.list.read"), "{reason}");
    assert_eq!(calls(&world, "conversation/list"), 0, "TikTok is not asked for what it must refuse");

    connect(&world, &cookie).await;
    until(&world, HistoryState::Filed).await;
    assert_eq!(world.messages().await.len(), 1, "permitted, it is filed");
}

#[tokio::test]
async fn an_account_of_an_excluded_country_says_so_and_rests() {
    let (world, cookie) = unconnected().await;
    wrote(&world, MALI, 3_600, false);
    let region = Some("DE".to_owned());
    let excluded = BusinessSettings { business: SHOP.to_owned(), region, ..BusinessSettings::default() };
    world.sim.change_business(excluded).unwrap();
    connect(&world, &cookie).await;
    let reason = until(&world, HistoryState::Failed).await.reason.unwrap();
    assert!(reason.contains("EEA") && reason.contains("message.list.read"), "{reason}");
    assert_eq!(calls(&world, "conversation/list"), 1);
    let rests = || async { world.store().next_job_due_any_workspace().await.unwrap().is_none().then_some(()) };
    world.until("nothing is tried again", rests).await;
    finds(&world, "history-failed", "warning", "File again").await;
}

#[tokio::test]
async fn a_conversation_that_cannot_be_read_is_no_end() {
    let (world, cookie) = unconnected().await;
    wrote(&world, MALI, 3_600, false);
    wrote(&world, "khun.som", 7_200, true);
    world.sim.set_fault(NewFault::new("message/content/list", FaultKind::Code).value(40_007).times(1));
    connect(&world, &cookie).await;
    until(&world, HistoryState::Filed).await;
    assert_eq!(conversations(&world).await.len(), 1, "the other one is here");
}

#[tokio::test]
async fn a_picture_that_is_over_ends_as_failed() {
    let (world, cookie) = unconnected().await;
    wrote(&world, MALI, 3_600, false);
    let media = world.sim.put_media(Bytes::from_static(b"whatever it was"));
    let picture = CustomerMessage {
        at: Some(START.as_millis() - 1_800_000),
        media_id: Some(media),
        ..CustomerMessage::of(MALI, SHOP, "image")
    };
    world.sim.customer_writes(&picture).unwrap();
    world.sim.set_fault(NewFault::new("message/media/download", FaultKind::Code).value(40_007));
    connect(&world, &cookie).await;
    until(&world, HistoryState::Filed).await;
    let failed = |state| state == Some(domain::media::MediaState::Failed);
    world.message_that("the picture has failed", |one| failed(one.media.as_ref().map(|media| media.state))).await;
    assert!(events(&world).await.iter().all(|name| *name != "message"));
}

#[tokio::test]
async fn how_a_customer_came_is_kept_once() {
    let (world, cookie) = unconnected().await;
    wrote(&world, MALI, 3_600, false);
    let through = |source: &str, reference: Option<&str>| ReferralRequest {
        customer: MALI.to_owned(),
        business: SHOP.to_owned(),
        source: source.to_owned(),
        reference: reference.map(str::to_owned),
        ..ReferralRequest::default()
    };
    world.sim.refer(&through("ad", None)).unwrap();
    world.sim.refer(&through("short_link", Some("bio_link-2026"))).unwrap();
    world.tick();
    connect(&world, &cookie).await;
    until(&world, HistoryState::Filed).await;
    let path = format!("/api/v1/accounts/{}/history", world.account().await.id);
    answer(world.api("POST", &path)).await;
    until(&world, HistoryState::Filed).await;
    // Fails where the numbers are others: a name can't be null.
    let count = |what: &str| format!("(SELECT count(*) FROM referral WHERE detail LIKE '%{what}%') = 1");
    let check = format!(
        "UPDATE workspace SET name = CASE WHEN {} AND {} THEN name END",
        count("ad_id"),
        count("bio_link-2026")
    );
    database::execute(&world.app().config, &check).await;
}

#[tokio::test]
async fn only_tiktok_has_a_history() {
    let (world, cookie) = unconnected().await;
    connect(&world, &cookie).await;
    until(&world, HistoryState::Filed).await;
    let account = world.account().await.id;
    let path = format!("/api/v1/accounts/{account}/history");
    answer(world.api("POST", &format!("/api/v1/accounts/{account}/disconnect"))).await;
    let (status, problem) = answer(world.api("POST", &path)).await;
    assert_eq!((status, slug(&problem)), (409, "account-disconnected"));
    let (status, _) = answer(world.api("POST", "/api/v1/accounts/acc_00000000000zz/history")).await;
    assert_eq!(status, 404);
}

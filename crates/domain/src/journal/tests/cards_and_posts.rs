//! Question cards and shared posts: their echo in every shape that it may have, and what a tap on a card tells.

use proptest::prelude::*;

use super::model::{Model, T0, at, echo_of, incoming, incoming_of, lost, sent};
use crate::{
    Id,
    content::{Content, TemplateButton, TemplateStyle, post_of},
    inbound::InboundContent,
    message::{Author, MessageState},
    reply::{Refusal, check_quote},
};

const POST: &str = "7400000000000000101";
const PLAYER: &str = "https://www.tiktok.com/player/v1/7400000000000000101?music_info=1&description=1";

fn card(title: &str, buttons: &[&str]) -> Content {
    let buttons =
        buttons.iter().map(|title| TemplateButton { id: Some(format!("opt_{title}")), title: (*title).into() });
    Content::Template { style: TemplateStyle::Button, title: title.into(), buttons: buttons.collect() }
}

/// What is sent, and what TikTok may tell of it.
fn sent_and_told() -> impl Strategy<Value = (Content, InboundContent)> {
    let of_card = ("[a-zก-ฮ]{1,8}", prop::collection::vec("[a-zก-ฮ]{1,6}", 1..=3), any::<bool>(), any::<bool>());
    let of_card = of_card.prop_map(|(title, buttons, with_ids, with_buttons)| {
        let ours = card(&title, &buttons.iter().map(String::as_str).collect::<Vec<_>>());
        let told = buttons.into_iter().filter(|_| with_buttons);
        let told = told
            .map(|title| TemplateButton { id: with_ids.then(|| format!("opt_{title}")), title: format!("{title} ") });
        // An unknown style is taken for buttons, so the style tells nothing.
        (ours, InboundContent::Template { style: TemplateStyle::Link, title, buttons: told.collect() })
    });
    let of_post = (any::<bool>(), any::<bool>()).prop_map(|(with_id, with_address)| {
        let told = InboundContent::SharedPost {
            embed_url: if with_address { PLAYER.into() } else { "https://vm.tiktok.com/ZM/".into() },
            post_id: with_id.then(|| POST.into()),
        };
        (Content::own_post(POST.into()), told)
    });
    prop_oneof![of_card, of_post]
}

proptest! {
    /// Answer and echo in any order, the echo any number of times, the answer lost or not: one message, sent, with TikTok's id.
    #[test]
    fn a_card_or_post_and_its_echo_are_one_message(
        (content, told) in sent_and_told(), before in 0_usize..3, after in 0_usize..3, answered: bool,
    ) {
        prop_assume!(answered || before + after > 0);
        let mut model = Model::new();
        model.report(&incoming("m1", T0));
        model.advance(10);
        let claimed = model.content_in_flight(content.clone());
        let echo = echo_of("p1", at(11), told);
        (0..before).for_each(|_| model.report(&echo));
        model.settle(claimed, if answered { sent("p1") } else { lost() });
        (0..after).for_each(|_| model.report(&echo));
        let ours = model.outgoing();
        prop_assert_eq!(ours.len(), 1);
        prop_assert_eq!((ours[0].id, ours[0].external_id.as_deref(), ours[0].state), (claimed.0, Some("p1"), MessageState::Sent));
        prop_assert_eq!(&ours[0].content, &content);
        prop_assert!(model.outbox.is_empty());
        prop_assert_eq!(model.conversation().ledger.spent, 1);
    }
}

#[test]
fn another_card_and_another_post_are_somebody_elses() {
    let other_card = InboundContent::Template {
        style: TemplateStyle::Button,
        title: "?".into(),
        buttons: vec![TemplateButton { id: None, title: "no".into() }],
    };
    let other_post = InboundContent::SharedPost { embed_url: PLAYER.into(), post_id: None };
    for (ours, told) in
        [(card("?", &["yes"]), other_card), (Content::own_post("7400000000000000102".into()), other_post)]
    {
        let mut model = Model::new();
        model.report(&incoming("m1", T0));
        model.advance(10);
        let claimed = model.content_in_flight(ours);
        model.report(&echo_of("p2", at(11), told));
        assert_eq!(model.state(claimed.0), MessageState::Sending);
        let others: Vec<_> = model.outgoing().into_iter().filter(|one| one.author == Author::OtherApi).collect();
        assert_eq!(others.len(), 1);
    }
}

#[test]
fn a_tap_is_known_whether_a_list_or_the_webhook_tells_first() {
    let tap = InboundContent::CardAnswer {
        body: "จองโต๊ะ".into(),
        button_id: Some("opt_book_table".into()),
        card_external_id: Some("p1".into()),
    };
    let reports = [incoming_of("m1", T0, tap), incoming_of("m1", T0, InboundContent::Text("จองโต๊ะ".into()))];
    for order in [[0, 1], [1, 0]] {
        let mut model = Model::new();
        for which in order {
            model.report(&reports[which]);
        }
        let contents: Vec<_> = model.messages.values().map(|one| one.content.clone()).collect();
        let [Content::CardAnswer { body, button_id, .. }] = &contents[..] else { panic!("{contents:?}") };
        assert_eq!((body.as_str(), button_id.as_deref()), ("จองโต๊ะ", Some("opt_book_table")));
    }
}

#[test]
fn only_what_tiktok_quotes_is_quoted() {
    let text = Content::Text { body: "อันนี้ค่ะ".into() };
    let quote = |content: InboundContent, by: &Content| {
        let mut model = Model::new();
        model.report(&incoming_of("m1", T0, content));
        let quoted = model.messages.values().next().unwrap();
        check_quote(by, quoted.conversation_id, quoted)
    };
    let tap = InboundContent::CardAnswer { body: "1".into(), button_id: None, card_external_id: None };
    let post = InboundContent::SharedPost { embed_url: PLAYER.into(), post_id: None };
    for content in
        [InboundContent::Text("hi".into()), tap, InboundContent::Image { media_id: "i".into() }, post.clone()]
    {
        assert_eq!(quote(content, &text).as_deref(), Ok("m1"));
    }
    let sticker = InboundContent::Sticker { url: "https://example.test/1.webp".into() };
    for (content, by) in [(sticker, &text), (post, &card("?", &["1"]))] {
        assert!(matches!(quote(content, by), Err(Refusal::NotQuotable(_))));
    }
    let mut model = Model::new();
    model.report(&incoming("m1", T0));
    let ours = model.queue("ค่ะ").unwrap();
    let (conversation, waits) = (model.conversation().id, &model.messages[&ours]);
    assert!(matches!(check_quote(&text, conversation, waits), Err(Refusal::NotQuotable(_))), "TikTok has no id of it");
    let elsewhere = Id::from_raw(conversation.raw() + 1);
    let theirs = model.messages.values().next().unwrap();
    assert!(matches!(check_quote(&text, elsewhere, theirs), Err(Refusal::NotQuotable(_))));
}

#[test]
fn a_post_is_read_from_its_address() {
    for (address, post) in [
        (PLAYER, Some(POST)),
        ("https://www.tiktok.com/@shop/video/7400000000000000101", Some(POST)),
        ("https://www.tiktok.com/embed/v2/7400000000000000101/#top", Some(POST)),
        ("https://vm.tiktok.com/ZM123/", None),
        ("", None),
    ] {
        assert_eq!(post_of(address), post, "{address}");
    }
}

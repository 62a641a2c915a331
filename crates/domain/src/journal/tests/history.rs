//! What filing adds of how a customer came: once, and only what no webhook tells.

use serde_json::json;

use super::model::{Model, T0};
use crate::{
    Timestamp,
    contact::Channel,
    history::PastConversation,
    id::IdGenerator,
    inbound::{Inbound, InboundConversation, InboundCustomer, InboundReferral},
    journal::{self, Working},
};

fn customer() -> InboundCustomer {
    InboundCustomer {
        channel: Channel::Tiktok,
        external_id: "mali".to_owned(),
        username: None,
        display_name: Some("น้องมะลิ".to_owned()),
        avatar_url: None,
        is_follower: None,
    }
}

fn ad(id: &str, at: Timestamp) -> Inbound {
    let detail = json!({"source": "ad", "ad": {"ad_id": id}});
    Inbound::Referral(InboundReferral { conversation_external_id: "chat".to_owned(), customer: customer(), at, detail })
}

/// The ids of the ads that are written when these are filed and `known` is here already.
fn filed(items: Vec<Inbound>, known: Option<(Timestamp, &str)>) -> Vec<String> {
    let ids = IdGenerator::without_lease();
    ids.grant(1, Timestamp::MAX);
    let mut working = Working::new(T0, &ids);
    let account = Model::new().account;
    let id = account.id;
    working.add_account(account);
    if let Some((at, ad)) = known {
        working.add_referral(at, json!({"source": "ad", "ad": {"ad_id": ad}}));
    }
    let first = Inbound::Conversation(InboundConversation {
        conversation_external_id: "chat".to_owned(),
        customer: customer(),
    });
    let items = std::iter::once(first).chain(items).collect();
    let past = PastConversation { external_id: "chat".to_owned(), request: true, image_send: None, items };
    assert!(journal::file(&mut working, id, &past).unwrap().is_some());
    let changes = working.into_changes();
    assert!(changes.events.is_empty(), "a conversation without a message is not listed");
    changes.referrals.iter().map(|one| one.detail["ad"]["ad_id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_referral_is_filed_unless_it_is_known_or_of_now() {
    let before = |secs: u64| T0.minus(std::time::Duration::from_secs(secs));
    assert_eq!(filed(vec![ad("1", before(60)), ad("2", before(60))], None), ["1", "2"]);
    let exact = Timestamp::from_millis(before(60).as_millis() + 400);
    assert_eq!(filed(vec![ad("1", before(60)), ad("2", before(60))], Some((exact, "1"))), ["2"], "lists tell seconds");
    assert!(filed(vec![ad("1", T0)], None).is_empty(), "the webhook tells it, with its exact time");
}

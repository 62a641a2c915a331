//! How a customer came, from TikTok's words to ours: a webhook tells of it as it happens, and every conversation list again.
//! The client has made milliseconds of the list's seconds by then.

use domain::{
    Timestamp,
    inbound::{Inbound, InboundCustomer, InboundReferral},
    referral::{AdReferral, LinkReferral, PrefillAudit, Referral, ReferralSource},
};
use tiktok::{model, webhook::ReferralEntry};

/// What `im_referral_msg` tells.
pub(super) fn reported(entry: &ReferralEntry, customer: InboundCustomer) -> Inbound {
    let told = &entry.referral;
    let source = match (&told.source, &told.ad, &told.short_link) {
        (model::ReferralSource::Ad, ad, _) => ReferralSource::Ad { ad: ad.as_ref().map(ad_of).unwrap_or_default() },
        (model::ReferralSource::ShortLink, _, link) => {
            ReferralSource::ShortLink { short_link: link.as_ref().map(link_of).unwrap_or_default() }
        }
        _ => ReferralSource::Other(told.raw.clone()),
    };
    let clicked = told.ad.as_ref().filter(|_| matches!(source, ReferralSource::Ad { .. })).and_then(clicked_at);
    let at = clicked.unwrap_or(Timestamp::from_millis(entry.timestamp_ms));
    Inbound::Referral(InboundReferral {
        conversation_external_id: entry.conversation_id.as_str().to_owned(),
        customer,
        referral: Referral::new(source, at),
    })
}

/// What one entry of TikTok's conversation list tells of how its customer came, oldest first within ads. A link has no time in it, so
/// the entry's `update_time` stands in until a webhook tells better; a referral that is known by then changes nothing.
///
/// Source: TikTok for Business portal page 1832184415059970, read 2026-11-20.
pub(super) fn listed(entry: &model::Conversation) -> Vec<Referral> {
    let by = Timestamp::from_millis(entry.update_time_ms);
    let ads = entry.ads.iter().map(|ad| {
        let source = ReferralSource::Ad { ad: ad_of(ad) };
        clicked_at(ad).map_or_else(|| Referral::undated(source.clone(), by), |at| Referral::new(source.clone(), at))
    });
    let links = entry.short_links.iter().map(|link| {
        let source = ReferralSource::ShortLink { short_link: link_of(link) };
        Referral::undated(source, by)
    });
    let mut referrals: Vec<_> = ads.chain(links).collect();
    referrals.sort_by_key(|referral| (!referral.dated, referral.at));
    referrals
}

/// When an ad was clicked, where it tells.
fn clicked_at(ad: &model::AdReferral) -> Option<Timestamp> {
    ad.timestamp_ms.filter(|ms| *ms > 0).map(Timestamp::from_millis)
}

fn ad_of(ad: &model::AdReferral) -> AdReferral {
    AdReferral {
        advertiser_id: ad.advertiser_id.clone(),
        ad_id: ad.ad_id.clone(),
        ad_name: ad.ad_name.clone(),
        embed_url: ad.embed_url.clone(),
        message_material_id: ad.message_material_id.clone(),
    }
}

fn link_of(link: &model::ShortLinkReferral) -> LinkReferral {
    LinkReferral {
        reference: link.reference.clone(),
        prefilled_message: link.prefilled_message.clone(),
        audit: link.prefilled_message_audit_status.as_ref().map(|status| match status {
            model::PrefillAudit::Pass => PrefillAudit::Pass,
            model::PrefillAudit::Reject => PrefillAudit::Reject,
            _ => PrefillAudit::Unknown,
        }),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, routing::get};
    use domain::contact::Channel;
    use tiktok::{AccessToken, Client, model::ConversationType, webhook};

    use super::*;
    use crate::{http::server, lifecycle::Lifecycle};

    const LIST: &str = include_str!("../../../../tiktok/tests/fixtures/api-conversation-list-single.json");
    const AD: &[u8] = include_bytes!("../../../../tiktok/tests/fixtures/webhook-im_referral_msg-ad.json");
    const LINK: &[u8] = include_bytes!("../../../../tiktok/tests/fixtures/webhook-im_referral_msg-short_link.json");

    fn entry(fixture: &[u8]) -> ReferralEntry {
        let webhook::Event::Referral(entry) = webhook::decode(fixture).unwrap().content else { panic!("a referral") };
        *entry
    }

    fn told(entry: &ReferralEntry) -> Referral {
        let customer = InboundCustomer {
            channel: Channel::Tiktok,
            external_id: "customer".to_owned(),
            username: None,
            display_name: None,
            avatar_url: None,
            is_follower: None,
        };
        match reported(entry, customer) {
            Inbound::Referral(report) => report.referral,
            other => panic!("{other:?}"),
        }
    }

    /// The fixture's entries, as the client reads them.
    async fn list() -> Vec<model::Conversation> {
        let lifecycle = Lifecycle::new();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(get(|| async { LIST }));
        lifecycle.spawn("list", server::serve(listener, routes, lifecycle.clone(), server::Limits::default()));
        let client = Client::builder().base_url(base).build().unwrap();
        let ask = client.list_conversations(&AccessToken::new("token"), "business", ConversationType::Single);
        ask.await.unwrap().conversations
    }

    #[tokio::test]
    async fn a_list_and_a_webhook_tell_of_one_click() {
        let [_, ad, link] = <[_; 3]>::try_from(list().await).unwrap();
        let clicked = Timestamp::from_secs(1_789_999_995);
        let listed_ad = listed(&ad);
        assert_eq!((listed_ad.len(), listed_ad[0].at), (1, clicked), "seconds in the list");
        let reported_ad = told(&entry(AD));
        assert_eq!(reported_ad.at, clicked, "milliseconds in the webhook");
        assert_eq!(listed_ad[0].source.key(), "ad:1800000000000042");
        assert_eq!(reported_ad.source.key(), "ad:1800000000000042");

        let listed_link = listed(&link);
        assert_eq!(listed_link[0].at, Timestamp::from_secs(1_789_999_998), "its entry's time stands in");
        assert!(!listed_link[0].dated);
        let reported_link = told(&entry(LINK));
        assert_eq!(reported_link.source, listed_link[0].source);
        assert_eq!((reported_link.at, reported_link.dated), (Timestamp::from_secs(1_789_999_996), true));
    }

    #[tokio::test]
    async fn who_came_by_themselves_is_told_of_by_nothing() {
        assert_eq!(listed(&list().await[0]), Vec::new());
    }

    #[test]
    fn a_new_source_is_kept_raw() {
        let body = String::from_utf8(LINK.to_vec()).unwrap();
        let body = body.replacen("\\\"source\\\":\\\"short_link\\\"", "\\\"source\\\":\\\"qr_code\\\"", 1);
        let told = told(&entry(body.as_bytes()));
        assert_eq!(told.source.key(), "other:qr_code");
        let ReferralSource::Other(raw) = &told.source else { panic!("raw") };
        assert_eq!(raw["short_link"]["ref"], "bio_link-2026");
        assert_eq!(told.at, Timestamp::from_secs(1_789_999_996));
    }
}

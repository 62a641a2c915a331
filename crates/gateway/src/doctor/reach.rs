//! The way from the internet to us, as far as it can be walked from here: a signed test event, an unsigned one, and the redirect
//! address. What answers instead of this gateway (a proxy, a firewall, another program) is told by how it answers.

use std::{error::Error as _, time::Duration};

use reqwest::{Client, RequestBuilder, header};
use serde_json::Value;
use tiktok::webhook::SIGNATURE_HEADER;

use super::{Doctor, Finding, Level};

/// One request, from the first packet to the last. TikTok itself is not more patient.
const TIMEOUT: Duration = Duration::from_secs(10);
/// An answer of ours is a few hundred bytes; more of a stranger's is not read.
const BODY_MAX: usize = 64 * 1024;

/// What came back.
struct Answer {
    status: u16,
    location: Option<String>,
    /// The slug, when it is a problem of this gateway's.
    slug: Option<String>,
    no_store: bool,
}

impl Doctor {
    pub(super) async fn reach(&self) -> Vec<Finding> {
        let Some((body, signature)) = self.official.test_event(self.clock.now()) else { return Vec::new() };
        let http = Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .user_agent("message-gateway doctor")
            .build();
        let Ok(http) = http else { return Vec::new() };
        let server = &self.config.server;
        let (webhook, callback) = (server.public_address("webhook/tiktok"), server.redirect_address());
        let post = |signature: Option<String>| {
            let request =
                http.post(webhook.clone()).header(header::CONTENT_TYPE, "application/json").body(body.clone());
            match signature {
                Some(signature) => request.header(SIGNATURE_HEADER, signature),
                None => request,
            }
        };
        let (signed, unsigned, callback) =
            tokio::join!(ask(post(Some(signature))), ask(post(None)), ask(http.get(callback)));
        let address = webhook.as_str();
        match (signed, unsigned) {
            (Ok(signed), Ok(unsigned)) => {
                let found = judge(address, &signed, &unsigned);
                // What stands in the way of webhooks stands in the way of everything; it is said once.
                let callback = (found.id == "webhook-reachable").then(|| callback.ok().map(|one| judge_callback(&one)));
                [found].into_iter().chain(callback.flatten()).collect()
            }
            (Err(error), _) | (_, Err(error)) => vec![unreachable(address, &error)],
        }
    }
}

/// The same where every account goes through Respond.io: its webhooks take this way too, and without them messages are asked for.
/// What only TikTok meets there can wait.
pub(super) fn beside_respondio(finding: Finding) -> Finding {
    let of_tiktok = finding.id.starts_with("callback-")
        || matches!(finding.id, "webhook-header-dropped" | "webhook-secret-differs" | "webhook-unchecked");
    let most = if of_tiktok { Level::Hint } else { Level::Warning };
    Finding { level: finding.level.min(most), ..finding }
}

async fn ask(request: RequestBuilder) -> Result<Answer, reqwest::Error> {
    let mut answer = request.send().await?;
    let text =
        |name: header::HeaderName| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (location, caching) = (text(header::LOCATION), text(header::CACHE_CONTROL));
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await?
        && body.len() < BODY_MAX
    {
        body.extend_from_slice(&chunk);
    }
    let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
    let slug = problem["type"].as_str().filter(|kind| kind.contains("/problems/"));
    Ok(Answer {
        status: answer.status().as_u16(),
        location,
        slug: slug.and_then(|kind| kind.rsplit('/').next()).map(str::to_owned),
        no_store: caching.is_some_and(|value| value.contains("no-store")),
    })
}

/// No answer at all.
fn unreachable(address: &str, error: &reqwest::Error) -> Finding {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        words = source.to_string();
        cause = source.source();
    }
    let seen = format!("{address} can't be opened from this machine: {words}.");
    let lower = format!("{error:?}").to_lowercase();
    if error.is_timeout() {
        return Finding::problem("address-timeout", "The public address does not answer in time")
            .because(seen)
            .fix("Open port 443 to the proxy in the firewall, and see that the router leads this machine to its own public address (hairpin NAT); from outside try “curl -i” on the address.");
    }
    if ["dns error", "failed to lookup", "name or service not known"].iter().any(|sign| lower.contains(sign)) {
        return Finding::problem("address-unknown", "The name in PUBLIC_URL does not exist")
            .because(seen)
            .fix("Add a DNS record for the name that points to the proxy, or correct PUBLIC_URL.");
    }
    if ["certificate", "invalidcontenttype", "corrupt message", "handshake"].iter().any(|sign| lower.contains(sign)) {
        return Finding::problem("address-tls", "The public address has no valid certificate")
            .because(seen)
            .fix("Give the proxy a certificate for this name from a public authority (Caddy and certbot get one by themselves) with its whole chain; TikTok takes no self-signed one.");
    }
    Finding::problem("address-refused", "Nobody listens at the public address").because(seen).fix(
        "Start the gateway (“message-gateway serve”) and the proxy in front of it, and see that PUBLIC_URL names them.",
    )
}

/// What the two events met.
fn judge(address: &str, signed: &Answer, unsigned: &Answer) -> Finding {
    let slug = signed.slug.as_deref();
    let seen = format!("{address} answered a signed test event with HTTP {}.", signed.status);
    match signed.status {
        200 if unsigned.status == 200 => Finding::problem("webhook-unchecked", "Something else answers in place of this gateway")
            .because(format!("{address} says 200 to an unsigned event as well, which this gateway never does: a catch-all page or another program takes TikTok's messages and loses them."))
            .fix("Let the proxy pass /webhook/ to this gateway and to nothing else."),
        200 => Finding::ok("webhook-reachable", "A signed test event came through")
            .because(format!("{address} took it, and refused one without a signature.")),
        301 | 302 | 303 | 307 | 308 => redirected("webhook-redirected", "The webhook's address", signed),
        421 => Finding::problem("proxy-host", "The proxy does not pass the host name on")
            .because(format!("{seen} This gateway answers only to the name in PUBLIC_URL, and the request came under another."))
            .fix("nginx: “proxy_set_header Host $host;” in the block with proxy_pass. Apache: “ProxyPreserveHost On”. Caddy does it by itself.")
            .copy("proxy_set_header Host $host;"),
        401 if slug == Some("signature-missing") => Finding::problem("webhook-header-dropped", "The proxy drops TikTok's signature")
            .because(format!("{seen} The header Tiktok-Signature did not arrive, or the gateway that runs there has no app secret."))
            .fix("Let the proxy pass every header on, Tiktok-Signature above all. If the gateway was given its TIKTOK_APP_SECRET only now, start it again."),
        401 if slug == Some("signature-invalid") => Finding::problem("webhook-secret-differs", "The gateway there takes another signature")
            .because(format!("{seen} It has another TIKTOK_APP_SECRET or another clock, or the proxy changes the body."))
            .fix("Start the gateway again so that it reads the present TIKTOK_APP_SECRET; see that PUBLIC_URL leads to this gateway and that the proxy passes the body on byte for byte."),
        401 | 403 | 407 | 429 => Finding::problem("webhook-blocked", "Something in front turns TikTok away")
            .because(format!("{seen} This is no answer of this gateway: a password, a firewall or a bot check stands before it."))
            .fix("Let POST /webhook/tiktok through without password, challenge or rate limit: the signature is the check."),
        404 | 405 => Finding::problem("webhook-not-found", "The public address leads to something else")
            .because(format!("{seen} This gateway always has that address."))
            .fix("See that PUBLIC_URL and the proxy's rule lead to this gateway, with the path unchanged (nginx: no path behind the address in proxy_pass)."),
        503 if slug.is_some() => Finding::problem("gateway-unavailable", "The gateway can't store what arrives")
            .because(seen)
            .fix("Look at the database and the disk; the gateway's log says which. TikTok tries again for 72 hours."),
        502..=504 | 520..=530 => Finding::problem("proxy-upstream", "The proxy does not reach the gateway")
            .because(seen)
            .fix("Start the gateway, and see that the proxy passes to the HOST and PORT it listens on."),
        _ => Finding::problem("webhook-odd-answer", "The webhook's address answers oddly")
            .because(format!("{seen} 200 was expected."))
            .fix("Look into the log of the proxy and of the gateway at this minute."),
    }
}

/// Whether the end of the round trip over TikTok's consent page would arrive. Without a session 401 is the right answer.
fn judge_callback(answer: &Answer) -> Finding {
    let ours = answer.slug.as_deref() == Some("unauthenticated");
    match answer.status {
        301 | 302 | 303 | 307 | 308 => redirected("callback-redirected", "The redirect address", answer),
        401 if ours && answer.no_store => Finding::ok("callback-reachable", "The redirect address answers")
            .because("It leads here, and nothing keeps its answers: redirects are 303 with no-store."),
        401 if ours => Finding::warning("callback-cached", "Something in front rewrites what may be kept")
            .because("The gateway marks /auth/ as no-store, and the mark does not arrive. A kept redirect sends people back with a code that is used up.")
            .fix("Let the proxy leave Cache-Control alone and cache nothing under /auth/. Browsers that kept a redirect forget it with their cache."),
        status => Finding::warning("callback-odd-answer", "The redirect address answers oddly")
            .because(format!("/auth/callback answered with HTTP {status}; 401 of this gateway was expected without a session."))
            .fix("Let the proxy pass /auth/ to this gateway unchanged, without a sign-in page of its own."),
    }
}

fn redirected(id: &'static str, what: &str, answer: &Answer) -> Finding {
    let target = answer.location.as_deref().unwrap_or("an address that is not said");
    // A query may hold more than anybody wants in a report.
    let target = target.split('?').next().unwrap_or_default();
    let kept = match answer.status {
        301 | 308 => " Browsers keep this redirect for good, also after it is taken away.",
        _ => "",
    };
    Finding::problem(id, format!("{what} redirects"))
        .because(format!("It answered with HTTP {} to {target}. TikTok does not follow.{kept}", answer.status))
        .fix("Make PUBLIC_URL the address that it leads to (https, with or without www., as it stands there), or take the proxy's redirect away; a redirect under /auth/ must be 303 with Cache-Control: no-store. Then register the redirect address anew and clear the browser's cache.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn silence_is_told_from_refusal() {
        // Its backlog takes the connection, and nobody ever answers.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let http = Client::builder().timeout(Duration::from_millis(50)).no_proxy().build().unwrap();
        let error = http.get(format!("http://{}", silent.local_addr().unwrap())).send().await.unwrap_err();
        let finding = unreachable("https://inbox.example.com/webhook/tiktok", &error);
        assert_eq!(finding.id, "address-timeout");
        assert!(finding.fix.unwrap().contains("port 443"));
    }

    #[test]
    fn beside_respondio_a_closed_way_is_a_warning_and_what_only_tiktok_meets_a_hint() {
        let level = |finding| beside_respondio(finding).level;
        assert_eq!(level(Finding::problem("address-tls", "")), Level::Warning);
        assert_eq!(level(Finding::problem("webhook-secret-differs", "")), Level::Hint);
        assert_eq!(level(Finding::warning("callback-cached", "")), Level::Hint);
        assert_eq!(level(Finding::ok("webhook-reachable", "")), Level::Ok);
    }
}

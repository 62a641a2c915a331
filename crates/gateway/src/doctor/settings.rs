//! What the settings alone tell: the app's credentials, the public address, the redirect address to register, the proxy.
//! Pure. What TikTok and the network make of them is asked in `app` and `reach`.

use domain::account::ProviderKind;

use super::Finding;
use crate::config::{Config, Server, Tiktok, is_inside};

/// Where an app's settings are at TikTok.
const APP_DETAIL: &str = "TikTok API for Business portal, My Apps, your app, App Detail";
/// The host that TikTok documents, without a sandbox beside it.
const API_HOST: &str = "business-api.tiktok.com";

/// Everything. With `local` TikTok is a simulator on this machine, which asks for neither https nor a public name. With
/// `through_respondio` no account needs TikTok's app: what it lacks is a hint, and says what it would be for.
pub(super) fn check(config: &Config, local: bool, through_respondio: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if through_respondio {
        findings.extend(app_later(&config.tiktok));
        findings.extend(respondio_address(&config.server, local));
    } else {
        findings.extend(business_app(&config.tiktok, config.messages.provider));
        findings.extend(public_address(&config.server, local));
    }
    findings.extend(login_kit(&config.tiktok));
    findings.extend(api_address(&config.tiktok, local, through_respondio));
    findings.extend(redirect_address(&config.server, &config.tiktok));
    findings.extend(proxy(&config.server));
    findings
}

/// Whether the settings alone say that everything goes through Respond.io, as before the first account.
pub(super) fn mean_respondio(config: &Config) -> bool {
    config.messages.provider == ProviderKind::Respondio && config.tiktok.business_app().is_none()
}

/// TikTok's app, where no account needs it yet.
fn app_later(tiktok: &Tiktok) -> Option<Finding> {
    const FOR: &str =
        "TikTok's app (TIKTOK_APP_ID, TIKTOK_APP_SECRET) would be for accounts that are connected to TikTok itself";
    let later = format!(
        "Nothing is to be done. Before an account moves to TikTok itself, set both to App ID and Secret from {APP_DETAIL}, then start the gateway again."
    );
    match tiktok.business_app() {
        Some(_) => app_id_shape(tiktok, Finding::hint),
        None if tiktok.login_app().is_some() => Some(
            Finding::hint("login-keys-only", "Login Kit is configured, and messages go through Respond.io")
                .because(format!(
                    "Login Kit tells names and pictures and has no messages; these come through Respond.io. {FOR}."
                ))
                .fix(later),
        ),
        None => Some(
            Finding::hint("app-missing", "No TikTok app is configured, and none is needed")
                .because(format!("Messages go through Respond.io. {FOR}."))
                .fix(later),
        ),
    }
}

fn business_app(tiktok: &Tiktok, provider: ProviderKind) -> Option<Finding> {
    if tiktok.business_app().is_none() {
        if tiktok.login_app().is_some() {
            let finding = Finding::problem("login-keys-only", "Only Login Kit is configured, and it has no messages")
                .because("TIKTOK_CLIENT_KEY belongs to an app of TikTok for Developers. Direct messages need an app of TikTok API for Business: another portal, another id, another secret.");
            return Some(finding.fix(format!("Set TIKTOK_APP_ID and TIKTOK_APP_SECRET to App ID and Secret from {APP_DETAIL}, then start the gateway again.")));
        }
        let title = "No TikTok app is configured";
        let wanted = provider == ProviderKind::Official;
        let finding = if wanted { Finding::problem("app-missing", title) } else { Finding::hint("app-missing", title) };
        return Some(
            finding
                .because("TIKTOK_APP_ID and TIKTOK_APP_SECRET are not set, so no account can be connected and no webhook can be checked.")
                .fix(format!("Set both to App ID and Secret from {APP_DETAIL}, then start the gateway again.")),
        );
    }
    app_id_shape(tiktok, Finding::warning)
}

fn app_id_shape(tiktok: &Tiktok, level: fn(&'static str, &'static str) -> Finding) -> Option<Finding> {
    if tiktok.business_app()?.id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(
        level("app-id-shape", "TIKTOK_APP_ID does not look like an app's id")
            .because("The id of a Business app is a number such as 7411000000000000042. A key with letters is a client key of Login Kit, of its sandbox or its production side.")
            .fix(format!("Copy App ID (not the client key) and the Secret beside it from {APP_DETAIL}.")),
    )
}

/// Login Kit's pitfalls can't be seen from here, so they are named.
fn login_kit(tiktok: &Tiktok) -> Option<Finding> {
    tiktok.login_app()?;
    Some(
        Finding::hint("login-kit-keys", "Login Kit: sandbox and production have different keys")
            .because("A sandbox lets in only the accounts on its list of target users, and a key of one side with the secret of the other fails with “client_key”.")
            .fix("On developers.tiktok.com, Manage apps, your app: choose Sandbox or Production at the top and copy client key and client secret from the same side. For a sandbox add the account under Sandbox settings, Target users."),
    )
}

fn api_address(tiktok: &Tiktok, local: bool, through_respondio: bool) -> Option<Finding> {
    let host = tiktok.business_api_url.host_str().unwrap_or_default();
    if local {
        return Some(
            Finding::hint("simulated", "TikTok is a simulator on this machine")
                .because(format!("TIKTOK_BUSINESS_API_URL is {}: customers and accounts are invented.", tiktok.business_api_url))
                .fix("For the real TikTok remove TIKTOK_BUSINESS_API_URL and TIKTOK_AUTHORIZE_URL, then start the gateway again."),
        );
    }
    (host != API_HOST).then(|| {
        let title = format!("Calls go to {host}, not to {API_HOST}");
        let finding = if through_respondio { Finding::hint("api-address", title) } else { Finding::warning("api-address", title) };
        finding
            .because("TIKTOK_BUSINESS_API_URL is set. TikTok documents no sandbox for business messages: an app has one id, one secret and one address.")
            .fix("Remove TIKTOK_BUSINESS_API_URL, unless another program stands there on purpose.")
    })
}

fn public_address(server: &Server, local: bool) -> Option<Finding> {
    let url = &server.public_url;
    if local {
        return None;
    }
    let fix = "Set PUBLIC_URL to the https address under which the internet reaches this gateway, such as https://inbox.example.com, and put a proxy with a certificate (Caddy, nginx, Cloudflare Tunnel) in front.";
    if !server.public_url_is_set {
        let finding = Finding::problem("public-url-missing", "PUBLIC_URL is not set")
            .because(format!("Without it this gateway is {url}, which TikTok can't reach: accounts can't be connected and no message arrives."));
        return Some(finding.fix(fix));
    }
    if url.scheme() != "https" {
        let finding = Finding::problem("public-url-not-https", "PUBLIC_URL is not https")
            .because(format!("TikTok redirects and delivers to https only; PUBLIC_URL is {url}."));
        return Some(finding.fix(fix));
    }
    if is_inside(url) {
        let finding = Finding::problem("public-url-private", "PUBLIC_URL is an address of this machine or network")
            .because(format!("TikTok's servers can't reach {url} from the internet."));
        return Some(finding.fix(fix));
    }
    url.port().map(|port| {
        Finding::problem("public-url-port", "PUBLIC_URL has a port")
            .because(format!("TikTok takes no redirect address with a port, and PUBLIC_URL has :{port}."))
            .fix("Let the proxy listen on 443 and take the port out of PUBLIC_URL.")
    })
}

/// The same address, where only Respond.io comes to it. Words come and go without it, because messages are asked for.
fn respondio_address(server: &Server, local: bool) -> Option<Finding> {
    let url = &server.public_url;
    let needs = "Respond.io's webhooks need the public address as TikTok's do, and so do pictures, which it fetches from here. Until then messages are asked for, and words leave all the same.";
    let fix = "Where webhooks or pictures are wanted, set PUBLIC_URL to the https address under which the internet reaches this gateway, such as https://inbox.example.com, and put a proxy with a certificate (Caddy, nginx, Cloudflare Tunnel) in front.";
    let finding = if local {
        return None;
    } else if !server.public_url_is_set {
        Finding::warning("public-url-missing", "PUBLIC_URL is not set")
            .because(format!("Without it this gateway is {url}, which Respond.io can't reach. {needs}"))
    } else if url.scheme() != "https" {
        Finding::warning("public-url-not-https", "PUBLIC_URL is not https").because(format!("It is {url}. {needs}"))
    } else if is_inside(url) {
        Finding::warning("public-url-private", "PUBLIC_URL is an address of this machine or network")
            .because(format!("Respond.io's servers can't reach {url} from the internet. {needs}"))
    } else {
        return None;
    };
    Some(finding.fix(fix))
}

/// The list of registered addresses can't be read over the API: a person compares. Without an app there is none.
fn redirect_address(server: &Server, tiktok: &Tiktok) -> Option<Finding> {
    let place = match (tiktok.business_app(), tiktok.login_app()) {
        (Some(_), _) => format!("In the {APP_DETAIL}, “TikTok account holder redirect URL”"),
        (None, Some(_)) => "On developers.tiktok.com, Manage apps, your app, Login Kit, “Redirect URI”".to_owned(),
        (None, None) => return None,
    };
    let address = String::from(server.redirect_address());
    let slash = if server.redirect_slash { "with the slash at its end" } else { "no slash at the end" };
    let finding = Finding::hint("redirect-uri", "The redirect address must be registered exactly so")
        .because(format!(
            "TikTok compares byte for byte, and this gateway always sends {address} without anything after it: {slash}, no query."
        ))
        .fix(format!("{place} must hold this very line. A slash more or less at the end, http for https or www. in front is another address; at most ten can be registered. Where one with the other end is registered, set TIKTOK_REDIRECT_URI to it."))
        .copy(address);
    Some(finding)
}

fn proxy(server: &Server) -> Option<Finding> {
    let behind_one = server.is_https() && server.trusted_proxies.is_empty();
    behind_one.then(|| {
        Finding::hint("proxy-not-trusted", "TRUSTED_PROXIES is not set")
            .because("Something in front of the gateway ends TLS, and its X-Forwarded-For is not believed: every sign-in seems to come from one address, so one person's wrong passwords slow everybody down.")
            .fix("Set TRUSTED_PROXIES to the address of the proxy, such as 127.0.0.1 or 10.0.0.0/8. The redirect address never depends on these headers: it comes from PUBLIC_URL alone.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    const APP: [(&str, &str); 2] = [("TIKTOK_APP_ID", "7411000000000000042"), ("TIKTOK_APP_SECRET", "hidden")];

    /// The finding with this id, of a gateway with these settings.
    fn found(id: &str, settings: &[(&str, &str)]) -> Option<Finding> {
        let config = Config::from_pairs(settings.iter().copied()).unwrap();
        check(&config, false, false).into_iter().find(|finding| finding.id == id)
    }

    /// The findings of a gateway with these settings whose accounts all go through Respond.io.
    fn through_respondio(settings: &[(&str, &str)]) -> Vec<Finding> {
        check(&Config::from_pairs(settings.iter().copied()).unwrap(), false, true)
    }

    fn ids(findings: &[Finding]) -> Vec<&'static str> {
        findings.iter().map(|finding| finding.id).collect()
    }

    fn problem(id: &str, settings: &[(&str, &str)], fix: &str) {
        let finding = found(id, settings).unwrap_or_else(|| panic!("{id} is not found"));
        assert_eq!(finding.level, Level::Problem, "{id}");
        assert!(finding.fix.as_ref().unwrap().contains(fix), "{finding:?}");
    }

    fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        APP.iter().chain(more).copied().collect()
    }

    #[test]
    fn a_sound_configuration_has_no_problem() {
        let settings = with(&[("PUBLIC_URL", "https://inbox.example.com"), ("TRUSTED_PROXIES", "10.0.0.0/8")]);
        let config = Config::from_pairs(settings).unwrap();
        assert_eq!(ids(&check(&config, false, false)), ["redirect-uri"]);
    }

    #[test]
    fn missing_and_mistaken_keys_are_named() {
        problem("app-missing", &[], "My Apps");
        let login = [("TIKTOK_CLIENT_KEY", "awk"), ("TIKTOK_CLIENT_SECRET", "hidden")];
        problem("login-keys-only", &login, "TIKTOK_APP_ID");
        let fix = found("login-kit-keys", &login).unwrap().fix.unwrap();
        assert!(fix.contains("Target users") && fix.contains("Sandbox or Production"), "{fix}");
        let shape = found("app-id-shape", &[("TIKTOK_APP_ID", "awk123"), ("TIKTOK_APP_SECRET", "hidden")]).unwrap();
        assert!(shape.level == Level::Warning && shape.fix.unwrap().contains("not the client key"));
        let generic = found("app-missing", &[("PROVIDER", "thirdparty")]).unwrap();
        assert_eq!(generic.level, Level::Hint, "who uses another provider needs no app");
    }

    #[test]
    fn an_address_that_tiktok_cannot_reach_is_named() {
        problem("public-url-missing", &APP, "Set PUBLIC_URL");
        problem("public-url-not-https", &with(&[("PUBLIC_URL", "http://inbox.example.com")]), "https address");
        problem("public-url-port", &with(&[("PUBLIC_URL", "https://inbox.example.com:8443")]), "443");
        for inside in
            ["https://localhost", "https://192.168.1.4", "https://nas", "https://[fd00::1]", "https://a.local"]
        {
            problem("public-url-private", &with(&[("PUBLIC_URL", inside)]), "such as https://inbox.example.com");
        }
    }

    #[test]
    fn the_redirect_address_is_shown_byte_for_byte() {
        let finding = found("redirect-uri", &with(&[("PUBLIC_URL", "https://Inbox.example.com")])).unwrap();
        assert_eq!(finding.copy.as_deref(), Some("https://inbox.example.com/auth/callback"));
        assert!(finding.fix.unwrap().contains("slash more or less at the end"));
        let registered = "https://inbox.example.com/auth/callback/";
        let settings = with(&[("PUBLIC_URL", "https://inbox.example.com"), ("TIKTOK_REDIRECT_URI", registered)]);
        let finding = found("redirect-uri", &settings).unwrap();
        assert_eq!(finding.copy.as_deref(), Some(registered));
        assert!(finding.cause.contains("with the slash at its end"));
    }

    #[test]
    fn through_respondio_tiktoks_app_is_a_hint_that_says_what_it_would_be_for() {
        let sound = [("PUBLIC_URL", "https://inbox.example.com"), ("TRUSTED_PROXIES", "10.0.0.0/8")];
        let found = through_respondio(&sound);
        assert_eq!(ids(&found), ["app-missing"], "and no redirect address that nobody registers");
        assert!(found[0].level == Level::Hint && found[0].cause.contains("would be for accounts"), "{found:?}");
        assert!(found[0].fix.as_ref().unwrap().starts_with("Nothing is to be done."), "{found:?}");
        let of = |more: &[(&'static str, &'static str)]| through_respondio(&[sound.as_slice(), more].concat());

        let login = of(&[("TIKTOK_CLIENT_KEY", "awk"), ("TIKTOK_CLIENT_SECRET", "hidden")]);
        assert_eq!(ids(&login), ["login-keys-only", "login-kit-keys", "redirect-uri"]);
        assert!(login[0].cause.contains("has no messages; these come through Respond.io"), "{login:?}");
        assert!(login[2].fix.as_ref().unwrap().starts_with("On developers.tiktok.com"), "{login:?}");
        let app = of(&[("TIKTOK_APP_ID", "awk123"), ("TIKTOK_APP_SECRET", "hidden")]);
        assert_eq!(ids(&app), ["app-id-shape", "redirect-uri"]);
        let elsewhere = of(&[("TIKTOK_BUSINESS_API_URL", "https://sandbox.example.com/open_api/v1.3")]);
        assert_eq!(ids(&elsewhere), ["app-missing", "api-address"]);
        for finding in [login, app, elsewhere].concat() {
            assert_eq!(finding.level, Level::Hint, "{finding:?}");
        }
    }

    #[test]
    fn through_respondio_the_public_address_is_for_webhooks_and_pictures() {
        for (id, address) in [
            ("public-url-missing", None),
            ("public-url-not-https", Some("http://inbox.example.com")),
            ("public-url-private", Some("https://192.168.1.4")),
        ] {
            let settings: Vec<_> = address.map(|url| ("PUBLIC_URL", url)).into_iter().collect();
            let finding = through_respondio(&settings).into_iter().find(|finding| finding.id == id).unwrap();
            assert_eq!(finding.level, Level::Warning, "messages come all the same: {finding:?}");
            assert!(
                finding.cause.contains("Respond.io's webhooks need the public address as TikTok's do"),
                "{finding:?}"
            );
        }
        let port = [("PUBLIC_URL", "https://inbox.example.com:8443"), ("TRUSTED_PROXIES", "10.0.0.0/8")];
        assert_eq!(ids(&through_respondio(&port)), ["app-missing"], "only TikTok's redirect takes none");
    }

    #[test]
    fn settings_mean_respondio_until_there_is_an_app() {
        let mean = |settings: &[(&str, &str)]| mean_respondio(&Config::from_pairs(settings.iter().copied()).unwrap());
        assert!(mean(&[("PROVIDER", "respondio")]));
        assert!(!mean(&[]) && !mean(&with(&[("PROVIDER", "respondio")])));
    }

    #[test]
    fn another_api_and_a_nameless_proxy_are_named() {
        let settings = with(&[
            ("PUBLIC_URL", "https://inbox.example.com"),
            ("TIKTOK_BUSINESS_API_URL", "https://sandbox.example.com/open_api/v1.3"),
        ]);
        assert!(found("api-address", &settings).unwrap().fix.unwrap().contains("Remove TIKTOK_BUSINESS_API_URL"));
        assert!(found("proxy-not-trusted", &settings).unwrap().fix.unwrap().contains("TRUSTED_PROXIES"));
    }
}

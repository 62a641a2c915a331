//! The consent page a person sees when connecting: choose an account, untick scopes, authorize or cancel.
//! `/v2/auth/authorize` with and without closing slash; answers with a redirect carrying `code` or `error`.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::config::WebChallenge;
use crate::sim_api::guard;
use crate::simulator::Simulator;
use crate::state::apps::{App, Platform};
use crate::state::tokens::Consent;

/// What the app asks for.
#[derive(Debug, Default)]
struct Ask {
    client_key: String,
    redirect_uri: String,
    state: String,
    scopes: Vec<String>,
    challenge: String,
    challenge_method: String,
    silent: bool,
}

fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn value(pairs: &[(String, String)], name: &str) -> String {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

impl Ask {
    fn read(pairs: &[(String, String)]) -> Self {
        let scopes = value(pairs, "scope");
        Self {
            client_key: value(pairs, "client_key"),
            redirect_uri: value(pairs, "redirect_uri"),
            state: value(pairs, "state"),
            scopes: scopes.split([',', ' ']).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            challenge: value(pairs, "code_challenge"),
            challenge_method: value(pairs, "code_challenge_method"),
            silent: value(pairs, "disable_auto_auth") != "1",
        }
    }

    /// The app, or why the page can't be shown. Neither mistake may redirect: the address is not trusted yet.
    fn app(&self, sim: &Simulator) -> Result<App, &'static str> {
        let app = sim.with(|state| state.apps.get(&self.client_key)).ok_or("client_key")?;
        if !app.allows_redirect(&self.redirect_uri) {
            return Err("redirect_uri");
        }
        match app.platform {
            Platform::LoginWeb if !self.challenge.is_empty() && sim.config().web_challenge == WebChallenge::Refused => {
                Err("code_challenge")
            }
            Platform::LoginDesktop if self.challenge.is_empty() || self.challenge_method != "S256" => {
                Err("code_challenge")
            }
            _ => Ok(app),
        }
    }

    fn back(&self, values: &[(&str, &str)]) -> Response {
        let Ok(mut url) = url::Url::parse(&self.redirect_uri) else { return StatusCode::BAD_REQUEST.into_response() };
        {
            let mut query = url.query_pairs_mut();
            for (name, value) in values {
                query.append_pair(name, value);
            }
            if !self.state.is_empty() {
                query.append_pair("state", &self.state);
            }
        }
        ([(header::CACHE_CONTROL, "no-store")], Redirect::to(url.as_str())).into_response()
    }

    fn grant(&self, sim: &Simulator, open_id: &str, scopes: Vec<String>) -> Response {
        let now = sim.now_ms();
        let granted = scopes.join(",");
        let consent = Consent {
            app_id: self.client_key.clone(),
            open_id: open_id.to_owned(),
            redirect_uri: self.redirect_uri.clone(),
            scopes,
            challenge: None,
        };
        let code = sim.with(|state| {
            let proves = state.apps.get(&self.client_key).is_some_and(|app| app.platform == Platform::LoginDesktop);
            let challenge = proves.then(|| self.challenge.clone());
            state.tokens.issue_code(&mut state.ids, Consent { challenge, ..consent }, now)
        });
        self.back(&[("code", &code), ("scopes", &granted)])
    }
}

/// `GET`: the page.
pub(super) async fn page(State(sim): State<Simulator>, uri: Uri) -> Response {
    let ask = Ask::read(&pairs(uri.query().unwrap_or_default()));
    let app = match ask.app(&sim) {
        Ok(app) => app,
        Err(what) => return problem(what),
    };
    if value(&pairs(uri.query().unwrap_or_default()), "response_type") != "code" {
        return ask.back(&[
            ("error", "invalid_request"),
            ("error_type", "response_type"),
            ("error_description", "response_type must be code"),
        ]);
    }
    if ask.scopes.is_empty() || ask.scopes.iter().any(|one| !app.approved_scopes.contains(one)) {
        return ask.back(&[
            ("error", "invalid_scope"),
            ("error_type", "scope"),
            ("error_description", "One or more scopes are not approved for this app"),
        ]);
    }
    if ask.silent {
        let known = sim.with(|state| state.tokens.accounts_of(&ask.client_key));
        if let [only] = known.as_slice() {
            return ask.grant(&sim, only, ask.scopes.clone());
        }
    }
    html(StatusCode::OK, &form(&sim, &ask), Some(&ask.redirect_uri))
}

/// `POST`: the person's decision.
pub(super) async fn decide(State(sim): State<Simulator>, headers: HeaderMap, body: Bytes) -> Response {
    if !guard::same_origin(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let form = pairs(&String::from_utf8_lossy(&body));
    let ask = Ask::read(&form);
    let app = match ask.app(&sim) {
        Ok(app) => app,
        Err(what) => return problem(what),
    };
    if value(&form, "decision") != "authorize" {
        return ask.back(&[
            ("error", "access_denied"),
            ("error_type", "user_cancel"),
            ("error_description", "The user denied the authorization"),
        ]);
    }
    let chosen = value(&form, "account");
    let account = sim.with(|state| state.business(&chosen).ok().map(|one| app.platform.id_of(one)));
    let Some(open_id) = account else {
        return html(StatusCode::BAD_REQUEST, "<h1>Choose an account</h1><p>Go back and pick one.</p>", None);
    };
    let ticked: Vec<String> = form.iter().filter(|(key, _)| key == "granted").map(|(_, scope)| scope.clone()).collect();
    let scopes = ask.scopes.iter().filter(|one| ticked.contains(one)).cloned().collect();
    ask.grant(&sim, &open_id, scopes)
}

fn problem(what: &str) -> Response {
    let text = match what {
        "client_key" => {
            "<h1>Something is wrong with this link</h1><p id=\"problem\">client_key: no app with this id is registered in the simulator.</p>"
        }
        "code_challenge" => {
            "<h1>Something is wrong with this link</h1><p id=\"problem\">code_challenge: web apps send none; desktop apps send one, the hexadecimal SHA-256 of the verifier, with code_challenge_method S256.</p>"
        }
        _ => {
            "<h1>Something is wrong with this link</h1><p id=\"problem\">redirect_uri: this address is not registered for the app. It must match byte for byte.</p>"
        }
    };
    html(StatusCode::BAD_REQUEST, text, None)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn meaning(scope: &str) -> &'static str {
    match scope {
        "message.list.read" => "Read your inbox",
        "message.list.send" => "Send messages",
        "message.list.manage" => "Read and manage your messages",
        "user.account.type" => "See your account type",
        "user.info.basic" => "See your name and picture",
        "user.info.username" => "See your username",
        "comment.list" => "Read comments on your posts",
        "comment.list.manage" => "Manage comments on your posts",
        "video.list" => "See your posts",
        _ => "More about your profile",
    }
}

fn form(sim: &Simulator, ask: &Ask) -> String {
    use std::fmt::Write as _;
    let snapshot = sim.state();
    let mut accounts = String::new();
    for (at, one) in snapshot.businesses.iter().enumerate() {
        let (username, name) = (escape(&one.business.username), escape(&one.business.display_name));
        let kind = if one.business.is_business_account {
            "Business account"
        } else {
            "Personal account, cannot use messaging"
        };
        let checked = if at == 0 { " checked" } else { "" };
        _ = write!(
            accounts,
            "<label class=\"pick\"><input type=\"radio\" name=\"account\" value=\"{username}\" required{checked} data-testid=\"account-{username}\">\
             <img src=\"/sim/avatars/{username}.svg\" alt=\"\" width=\"40\" height=\"40\"><span><strong>{name}</strong><small>@{username} · {kind}</small></span></label>"
        );
    }
    if accounts.is_empty() {
        accounts.push_str("<p>There is no account yet. <a href=\"/\">Create a business in the simulator console</a>, then come back.</p>");
    }
    let mut scopes = String::new();
    for scope in &ask.scopes {
        let (name, text) = (escape(scope), meaning(scope));
        _ = write!(
            scopes,
            "<label class=\"pick\"><input type=\"checkbox\" name=\"granted\" value=\"{name}\" checked data-testid=\"scope-{name}\"><span>{text}<small>{name}</small></span></label>"
        );
    }
    format!(
        "<h1>Connect to {app}</h1><p>This is the simulator’s consent page. It is not TikTok, and nothing leaves this machine.</p>\
         <form method=\"post\" action=\"/v2/auth/authorize/\">\
         <input type=\"hidden\" name=\"client_key\" value=\"{app}\"><input type=\"hidden\" name=\"redirect_uri\" value=\"{redirect}\">\
         <input type=\"hidden\" name=\"code_challenge\" value=\"{challenge}\"><input type=\"hidden\" name=\"code_challenge_method\" value=\"{method}\">\
         <input type=\"hidden\" name=\"state\" value=\"{state}\"><input type=\"hidden\" name=\"scope\" value=\"{scope}\">\
         <fieldset><legend>Sign in as</legend>{accounts}</fieldset><fieldset><legend>It will be able to</legend>{scopes}</fieldset>\
         <div class=\"actions\"><button class=\"btn btn-secondary\" name=\"decision\" value=\"deny\" formnovalidate data-testid=\"consent-deny\">Cancel</button>\
         <button class=\"btn btn-primary\" name=\"decision\" value=\"authorize\" data-testid=\"consent-authorize\">Authorize</button></div></form>",
        app = escape(&ask.client_key),
        redirect = escape(&ask.redirect_uri),
        state = escape(&ask.state),
        challenge = escape(&ask.challenge),
        method = escape(&ask.challenge_method),
        scope = escape(&ask.scopes.join(",")),
    )
}

/// A page in the console's looks. `form-action` must name the app's address too: browsers apply it to the redirect.
fn html(status: StatusCode, main: &str, redirect: Option<&str>) -> Response {
    let origin = redirect
        .and_then(|uri| url::Url::parse(uri).ok())
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' {origin}; frame-ancestors 'none'; base-uri 'none'"
    );
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Authorize · simulator</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/console/tokens.css\"><link rel=\"stylesheet\" href=\"/console/base.css\"><link rel=\"stylesheet\" href=\"/console/consent.css\"></head>\
         <body class=\"consent\"><main>{main}</main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "same-origin".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (status, headers, page).into_response()
}

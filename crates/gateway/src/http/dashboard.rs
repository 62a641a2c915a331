//! The dashboard, embedded in the binary: files of its build, and one page for every address that is a page.

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use tower_http::compression::CompressionLayer;

use super::problem::{Problem, Slug};
use crate::app::App;

/// What `npm run build` leaves. Empty where the dashboard was not built: cargo builds without Node.
#[derive(RustEmbed)]
#[folder = "../../web/build"]
#[allow_missing = true]
struct Build;

const PAGE: &str = "index.html";
/// Named by their content, so they never change.
const IMMUTABLE: &str = "_app/immutable/";
/// Addresses that are never pages.
const NO_PAGES: &[&str] = &["/api/", "/auth/", "/webhook/", "/socket.io/", "/_app/"];

/// The dashboard at every address that is no other route, and addresses of the reference that moved.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/accounts.html", get(accounts_moved))
        .route("/index.html", get(inbox_moved))
        .fallback(page_or_nothing)
        .layer(CompressionLayer::new())
}

async fn accounts_moved() -> Redirect {
    Redirect::permanent("/accounts")
}

async fn inbox_moved() -> Redirect {
    Redirect::permanent("/")
}

/// A file of the dashboard, else its page where the address may be one, else 404.
async fn page_or_nothing(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::not_found("address").into_response();
    }
    answer(request.uri().path(), request.headers())
}

pub(super) async fn method_not_allowed() -> Problem {
    Problem::new(Slug::MethodNotAllowed, "this address takes another method")
}

fn answer(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    if name != PAGE
        && let Some(file) = Build::get(name)
    {
        return asset(name, &file, headers);
    }
    let is_page = !NO_PAGES.iter().any(|prefix| path.starts_with(prefix))
        && !name.rsplit('/').next().unwrap_or_default().contains('.');
    if is_page { page() } else { Problem::not_found("address").into_response() }
}

fn asset(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", STANDARD.encode(&file.metadata.sha256_hash()[..12]));
    let caching = if name.starts_with(IMMUTABLE) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let about = [(header::CACHE_CONTROL, caching.to_owned()), (header::ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())], file.data.clone().into_owned())
        .into_response()
}

/// Never cached, or a browser would ask an updated gateway for scripts that are gone.
fn page() -> Response {
    let Some(file) = Build::get(PAGE) else { return not_built() };
    let html = String::from_utf8_lossy(&file.data).into_owned();
    (page_headers(&policy(&html)), html).into_response()
}

fn not_built() -> Response {
    let html = include_str!("../../pages/not-built.html");
    (StatusCode::NOT_FOUND, page_headers(&policy(html)), html).into_response()
}

fn page_headers(policy: &str) -> [(HeaderName, HeaderValue); 3] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(policy).expect("invariant: a policy of hashes is a valid header"),
        ),
    ]
}

/// What our pages may load: our own files, and exactly those inline scripts and styles that are in `html`. Pictures of customers come
/// from TikTok's changing hosts, posts from its player.
pub(super) fn policy(html: &str) -> String {
    let scripts = hashes(html, "script");
    let styles = hashes(html, "style");
    format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; img-src 'self' blob: https: http://localhost:* http://127.0.0.1:*; \
         media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-src https://www.tiktok.com; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// ` 'sha256-…'` for each inline element of that name.
fn hashes(html: &str, element: &str) -> String {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let mut found = String::new();
    let mut rest = html;
    while let Some(start) = rest.find(&open) {
        let tag = &rest[start..];
        let (Some(begin), Some(end)) = (tag.find('>'), tag.find(&close)) else { break };
        if begin < end && !tag[..begin].contains(" src=") {
            let hash = STANDARD.encode(Sha256::digest(&tag.as_bytes()[begin + 1..end]));
            found.push_str(" 'sha256-");
            found.push_str(&hash);
            found.push('\'');
        }
        rest = &tag[end + close.len()..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_hash_and_files_by_origin() {
        let html = "<script src=\"/theme.js\"></script><script>let a = 1;</script><style>b{}</style>";
        let policy = policy(html);
        let hash = STANDARD.encode(Sha256::digest(b"let a = 1;"));
        assert!(policy.contains(&format!("script-src 'self' 'sha256-{hash}';")), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 2, "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn files_that_do_not_exist_are_no_pages() {
        for path in
            ["/_app/immutable/chunks/gone.js", "/favicon.ico", "/api/nothing", "/auth/nothing", "/webhook/nothing"]
        {
            assert_eq!(answer(path, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(
                answer(path, &HeaderMap::new()).headers()[header::CONTENT_TYPE],
                "application/problem+json",
                "{path}"
            );
        }
    }

    #[test]
    fn page_addresses_get_the_page() {
        for path in ["/", "/accounts", "/link", "/settings/api-keys"] {
            let answer = answer(path, &HeaderMap::new());
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store", "{path}");
        }
    }
}

//! The API document for programs (`/api/openapi.json`, public: it holds no data), and a page of it for whoever is signed in (`/api/docs`).
//! The page is plain HTML made here: no script, nothing loaded from elsewhere.

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{extract::Auth, openapi};
use crate::app::App;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
code{font-family:ui-monospace,monospace}h2{margin-top:2.5rem}h3{margin-bottom:0;overflow-wrap:anywhere}p,ul{margin:.25rem 0}";

static DOCUMENT: LazyLock<String> = LazyLock::new(openapi::document_json);
static PAGE: LazyLock<String> =
    LazyLock::new(|| page(&serde_json::from_str(&DOCUMENT).expect("invariant: we wrote it ourselves")));
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// The two addresses.
pub(super) fn router() -> Router<App> {
    Router::new().route("/api/openapi.json", get(document)).route("/api/docs", get(docs))
}

async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}

async fn docs(_caller: Auth) -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, POLICY.as_str())], Html(PAGE.as_str()))
}

/// Operations by tag, then schemas with their fields.
fn page(document: &Value) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">",
    );
    let title = text(&document["info"]["title"]);
    let about = text(&document["info"]["description"]);
    put(&mut html, format_args!("<title>{title} API</title><style>{STYLE}</style><h1>{title} API</h1><p>{about}</p>"));
    put(
        &mut html,
        format_args!("<p>For programs: <a href=\"/api/openapi.json\"><code>/api/openapi.json</code></a></p>"),
    );
    for tag in document["tags"].as_array().into_iter().flatten() {
        put(&mut html, format_args!("<h2>{}</h2><p>{}</p>", text(&tag["name"]), text(&tag["description"])));
        for (path, methods) in entries(&document["paths"]) {
            for (method, operation) in entries(methods) {
                if operation["tags"][0] == tag["name"] {
                    write_operation(&mut html, path, method, operation);
                }
            }
        }
    }
    put(&mut html, format_args!("<h2>Shapes</h2>"));
    for (name, schema) in entries(&document["components"]["schemas"]) {
        let name = escape(name);
        put(&mut html, format_args!("<h3 id=\"{name}\">{name}</h3><p>{}</p>", text(&schema["description"])));
        write_fields(&mut html, schema);
        for variant in schema["oneOf"].as_array().into_iter().flatten() {
            write_fields(&mut html, variant);
        }
    }
    html
}

fn write_operation(html: &mut String, path: &str, method: &str, operation: &Value) {
    put(
        html,
        format_args!(
            "<h3><code>{} {}</code></h3><p>{}</p><ul>",
            method.to_uppercase(),
            escape(path),
            text(&operation["summary"])
        ),
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, place) = (text(&parameter["name"]), text(&parameter["in"]));
        put(html, format_args!("<li><code>{name}</code> ({place}): {}</li>", text(&parameter["description"])));
    }
    for body in content(&operation["requestBody"]) {
        put(html, format_args!("<li>takes {}</li>", kind(body)));
    }
    for (status, answer) in entries(&operation["responses"]) {
        let shape = content(answer).map(kind).collect::<Vec<_>>().join(" or ");
        put(html, format_args!("<li>{}: {} {shape}</li>", escape(status), text(&answer["description"])));
    }
    html.push_str("</ul>");
}

fn write_fields(html: &mut String, schema: &Value) {
    html.push_str("<ul>");
    for (name, field) in entries(&schema["properties"]) {
        put(
            html,
            format_args!("<li><code>{}</code> {}: {}</li>", escape(name), kind(field), text(&field["description"])),
        );
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().map(text).collect();
        put(html, format_args!("<li>one of <code>{}</code></li>", values.join("</code>, <code>")));
    }
    html.push_str("</ul>");
}

/// The schemas of a body or an answer.
fn content(holder: &Value) -> impl Iterator<Item = &Value> {
    entries(&holder["content"]).map(|(_, media)| &media["schema"])
}

/// A schema in one or two words, linked where it has a name.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escape(name));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if schema["type"] == "array" {
        return format!("list of {}", kind(&schema["items"]));
    }
    match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        single => text(single),
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn put(html: &mut String, piece: std::fmt::Arguments<'_>) {
    html.write_fmt(piece).expect("invariant: writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_operation_and_loads_nothing() {
        let document: Value = serde_json::from_str(&DOCUMENT).unwrap();
        let operations: usize = entries(&document["paths"]).map(|(_, methods)| entries(methods).count()).sum();
        assert_eq!(
            PAGE.matches("<h3><code>").count(),
            operations,
            "an operation has a tag that the document does not describe"
        );
        assert!(!PAGE.contains("<script") && !PAGE.contains("src="));
    }
}

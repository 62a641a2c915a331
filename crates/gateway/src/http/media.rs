//! Pictures and videos: `POST /api/v1/media` stores a picture to be sent, `GET /api/v1/media/{id}` shows what is stored.
//! What strangers sent is served with a detected type, never sniffed, never able to run.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartError},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use domain::{
    Id,
    media::{Media, MediaFacts, MediaState},
    workspace::{Scope, Workspace},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Auth, Json, Path, Query},
    problem::{Problem, Problems, Slug},
};
use crate::{
    app::App,
    blobs::BlobError,
    view::{MediaUploaded, media_url},
    workers::facts,
};

/// Largest picture that TikTok takes. TikTok API for Business, media upload page, read 2026-11-20.
const PICTURE_MAX: usize = tiktok::limits::IMAGE_MAX_BYTES;
/// Room for the multipart frame around it.
const FRAME_MAX: usize = 64 * 1024;

/// The media routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload))
        .layer(DefaultBodyLimit::max(PICTURE_MAX + FRAME_MAX))
        .routes(routes!(show))
}

/// Pictures that a provider fetches: whoever has the signed address has the picture, for as long as it lasts.
pub fn shared_router() -> Router<App> {
    Router::new().route("/shared/media/{workspace}/{media}", get(shared))
}

/// The multipart form.
#[derive(Debug, ToSchema)]
#[schema(as = UploadForm)]
#[expect(dead_code, reason = "describes the form in the API document; the handler reads the parts itself")]
struct UploadForm {
    /// JPG or PNG, at most 3 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Stores a picture to be sent: JPG or PNG, at most 3 MB, in the form field `file`.
#[utoipa::path(
    post,
    path = "/api/v1/media",
    tag = "media",
    operation_id = "uploadMedia",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Stored", body = MediaUploaded),
        Problems,
    )
)]
async fn upload(
    State(app): State<App>,
    Auth(principal): Auth,
    form: Multipart,
) -> Result<(StatusCode, Json<MediaUploaded>), Problem> {
    principal.require_send()?;
    let bytes = file_of(form).await?;
    let facts = facts::of(&bytes)
        .filter(|facts| matches!(facts.mime.as_str(), "image/jpeg" | "image/png"))
        .ok_or_else(|| Problem::new(Slug::UnsupportedMediaType, "TikTok takes JPG and PNG pictures only"))?;
    let id = app.store.new_media_id().await?;
    // The bytes first: a row without bytes would be a picture that can't be sent.
    app.blobs.put(principal.workspace, id, bytes).await.map_err(|error| storage_failed(&error))?;
    let MediaFacts { mime, width, height, size } = facts.clone();
    if let Err(error) = app.store.create_upload(principal.workspace, id, facts).await {
        if let Err(left) = app.blobs.delete(principal.workspace, id).await {
            tracing::warn!(media = %id, error = &left as &(dyn std::error::Error + 'static), "bytes without a row are left behind");
        }
        return Err(error.into());
    }
    let view = MediaUploaded { id, url: media_url(id), mime, width, height, size };
    Ok((StatusCode::CREATED, Json(view)))
}

async fn file_of(mut form: Multipart) -> Result<Bytes, Problem> {
    while let Some(field) = form.next_field().await.map_err(|error| form_problem(&error))? {
        if field.name() == Some("file") {
            let bytes = field.bytes().await.map_err(|error| form_problem(&error))?;
            return if bytes.len() > PICTURE_MAX { Err(too_large()) } else { Ok(bytes) };
        }
    }
    Err(Problem::invalid_parameter("file", "the form has no field `file`"))
}

fn form_problem(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Problem::invalid_parameter("body", "the body is not a whole multipart form")
}

fn too_large() -> Problem {
    Problem::new(Slug::PayloadTooLarge, "TikTok takes pictures of at most 3 MB").with("limit", PICTURE_MAX)
}

/// The bytes of a picture, video or sticker.
#[utoipa::path(
    get,
    path = "/api/v1/media/{id}",
    tag = "media",
    operation_id = "getMedia",
    params(("id" = String, Path, description = "`med_…`")),
    responses(
        (status = 200, description = "The bytes, with their detected type", content_type = "application/octet-stream"),
        Problems,
    )
)]
async fn show(State(app): State<App>, Auth(principal): Auth, Path(id): Path<Id<Media>>) -> Result<Response, Problem> {
    send(&app, &principal.scope, id).await
}

/// What makes a shared address one of ours.
#[derive(Debug, Deserialize)]
struct Signed {
    until: i64,
    signature: String,
}

async fn shared(
    State(app): State<App>,
    Path((workspace, id)): Path<(Id<Workspace>, Id<Media>)>,
    Query(signed): Query<Signed>,
) -> Result<Response, Problem> {
    let ours = app.links.opens(workspace, id, signed.until, &signed.signature, app.clock.now());
    // Nothing tells a wrong address from one that has ended.
    ours.then_some(()).ok_or_else(|| Problem::not_found("picture or video"))?;
    send(&app, &Scope::all(workspace), id).await
}

async fn send(app: &App, scope: &Scope, id: Id<Media>) -> Result<Response, Problem> {
    let row = app.store.media(scope, id).await?.filter(|row| row.state == MediaState::Ready);
    let row = row.ok_or_else(|| Problem::not_found("picture or video"))?;
    let blob = app.blobs.open(row.workspace_id, row.id).await.map_err(|error| storage_failed(&error))?;
    let blob = blob.ok_or_else(|| Problem::not_found("picture or video"))?;
    let mime = row.mime.as_deref().unwrap_or("application/octet-stream");
    let mime = HeaderValue::from_str(mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_LENGTH, HeaderValue::from(blob.size)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-site")),
    ];
    Ok((headers, Body::from_stream(blob.stream)).into_response())
}

fn storage_failed(error: &BlobError) -> Problem {
    tracing::error!(error = error as &(dyn std::error::Error + 'static), "the storage of pictures failed");
    Problem::new(Slug::Unavailable, "the storage of pictures and videos is unavailable").retry_after(2)
}

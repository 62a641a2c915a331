//! `POST /business/message/media/upload/`: a picture to be sent later.

use bytes::Bytes;

use super::{Multipart, Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{BusinessId, UploadedMedia},
    secret::AccessToken,
};

/// Uploads a JPG or PNG of at most 3 MB. Made by [`Client::upload_image`].
///
/// Failures: 40907 (too large), 40908 (file type). Uploading again is harmless.
/// Source: portal page 1832184437720193, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UploadImage {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    file_name: String,
    content_type: &'static str,
    bytes: Bytes,
}

impl UploadImage {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        file_name: String,
        bytes: Bytes,
    ) -> Result<Self, Error> {
        if bytes.len() > limits::IMAGE_MAX_BYTES {
            let (limit, size) = (limits::IMAGE_MAX_BYTES, bytes.len());
            return Err(Error::from(ValidationError::ImageTooLarge { limit, size }));
        }
        let content_type = image_type(&bytes).ok_or(ValidationError::ImageFormat)?;
        let (client, token) = (client.clone(), token.clone());
        Ok(Self { client, token, business_id, file_name, content_type, bytes })
    }
}

/// By the first bytes, because a file name can say anything.
fn image_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        Some("image/png")
    } else {
        None
    }
}

impl TryIntoRequest for UploadImage {
    fn try_into_request(self) -> Result<Request, Error> {
        let form = Multipart {
            fields: vec![("business_id", self.business_id.into_string()), ("media_type", "IMAGE".to_owned())],
            file_field: "file",
            file_name: self.file_name,
            content_type: self.content_type,
            bytes: self.bytes,
        };
        Ok(Request::upload("/business/message/media/upload/", form).authorized(self.token))
    }
}

awaitable!(UploadImage => UploadedMedia, UploadedMedia::read);

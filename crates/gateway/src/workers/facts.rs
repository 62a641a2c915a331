//! What a file is, by its bytes alone: type by its magic number, size in pixels by its header. Nothing is decoded.

use domain::media::MediaFacts;

/// Types that a conversation shows. Everything else a stranger may send as "a picture" is refused.
const SHOWN: [&str; 8] =
    ["image/jpeg", "image/png", "image/gif", "image/webp", "image/heif", "video/mp4", "video/quicktime", "video/webm"];

/// The facts of a picture or video; `None` for anything else.
pub fn of(bytes: &[u8]) -> Option<MediaFacts> {
    let mime = infer::get(bytes)?.mime_type();
    if !SHOWN.contains(&mime) {
        return None;
    }
    let pixels = imagesize::blob_size(bytes).ok();
    // Three letters in front make no picture: its header must tell a size.
    if mime.starts_with("image/") && pixels.is_none() {
        return None;
    }
    let side =
        |pick: fn(&imagesize::ImageSize) -> usize| pixels.as_ref().and_then(|size| u32::try_from(pick(size)).ok());
    Some(MediaFacts {
        mime: mime.to_owned(),
        width: side(|size| size.width),
        height: side(|size| size.height),
        size: bytes.len() as u64,
    })
}

/// The facts of a sticker, which may also be a drawing: shown as an image or in a sandbox, its scripts never run.
pub fn of_sticker(bytes: &[u8]) -> Option<MediaFacts> {
    let text = std::str::from_utf8(bytes).ok().map(str::trim_start);
    let drawn =
        text.is_some_and(|text| text.starts_with("<svg") || (text.starts_with("<?xml") && text.contains("<svg")));
    if drawn {
        return Some(MediaFacts {
            mime: "image/svg+xml".to_owned(),
            width: None,
            height: None,
            size: bytes.len() as u64,
        });
    }
    of(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One pixel, as small as PNG gets.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x02\x08\x02\0\0\0\x90wS\xde";

    #[test]
    fn a_picture_tells_its_size() {
        let facts = of(PNG).unwrap();
        assert_eq!((facts.mime.as_str(), facts.width, facts.height), ("image/png", Some(1), Some(2)));
    }

    #[test]
    fn anything_else_is_refused() {
        for bytes in [&b"<html><script>"[..], b"", b"GIF", b"%PDF-1.7 ", b"<svg xmlns='http://www.w3.org/2000/svg'>"] {
            assert!(of(bytes).is_none());
        }
        assert!(of_sticker(b"<html><svg>").is_none());
        assert_eq!(of_sticker(b" <svg xmlns='http://www.w3.org/2000/svg'/>").unwrap().mime, "image/svg+xml");
        assert_eq!(of_sticker(PNG).unwrap().mime, "image/png");
    }
}

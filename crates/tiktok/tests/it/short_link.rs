//! tiktok.me links: what is built, what is read, what is refused.

use proptest::prelude::*;
use tiktok::{
    ValidationError, limits,
    short_link::{ShortLink, ShortLinkError},
};

#[test]
fn links_are_built() {
    let link = ShortLink::new("baan.kafe.demo").unwrap();
    assert_eq!(link.to_string(), "https://tiktok.me/baan.kafe.demo");
    let marked = link.clone().reference("bio=1-2_3").unwrap();
    assert_eq!(marked.to_string(), "https://tiktok.me/baan.kafe.demo?ref=bio=1-2_3");
    let text = link.message("ขอดูเมนูค่ะ & 1+1").unwrap().to_string();
    let encoded = "%E0%B8%82%E0%B8%AD%E0%B8%94%E0%B8%B9%E0%B9%80%E0%B8%A1%E0%B8%99%E0%B8%B9%E0%B8%84%E0%B9%88%E0%B8%B0";
    assert_eq!(text, format!("https://tiktok.me/baan.kafe.demo?message={encoded}%20%26%201%2B1"));
}

#[test]
fn links_are_read() {
    let read = |address: &str| {
        let link = ShortLink::parse(address).unwrap();
        (link.username().to_owned(), link.reference_text().map(str::to_owned), link.message_text().map(str::to_owned))
    };
    let plain = ("shop_1".to_owned(), None, None);
    for address in [
        "https://tiktok.me/shop_1",
        "http://www.tiktok.me/@shop_1/",
        " https://TIKTOK.me/shop_1?ref=&utm_source=x#top ",
    ] {
        assert_eq!(read(address), plain, "{address}");
    }
    // Seen in the wild: zero-width characters before the words; plus signs for blanks.
    let (_, reference, message) = read("https://tiktok.me/shop_1?ref=w45935623&message=%E2%80%8CVYZVEDNOUT+D%C3%81REK");
    assert_eq!((reference.as_deref(), message.as_deref()), (Some("w45935623"), Some("\u{200c}VYZVEDNOUT DÁREK")));
}

#[test]
fn what_is_no_link_is_refused() {
    for foreign in
        ["", "tiktok.me/shop", "https://tiktok.com/@shop", "https://tiktok.me.evil.test/shop", "mailto:a@tiktok.me"]
    {
        assert_eq!(ShortLink::parse(foreign), Err(ShortLinkError::ForeignAddress), "{foreign}");
    }
    for nobody in ["https://tiktok.me", "https://tiktok.me/", "https://tiktok.me/group/ZSqdyEx5s/"] {
        assert_eq!(ShortLink::parse(nobody), Err(ShortLinkError::NoAccount), "{nobody}");
    }
    for invalid in ["https://tiktok.me/a%20b", "https://tiktok.me/a?ref=x%20y", "https://tiktok.me/a+b"] {
        assert!(matches!(ShortLink::parse(invalid), Err(ShortLinkError::Invalid(_))), "{invalid}");
    }
}

#[test]
fn parts_are_checked() {
    let link = || ShortLink::new("shop").unwrap();
    for name in ["", "@"] {
        assert_eq!(ShortLink::new(name), Err(ValidationError::Empty { field: "username" }));
    }
    for name in ["a b", "a/b", "a?b", "..", "a\u{0}"] {
        let refused = ShortLink::new(name);
        assert!(matches!(refused, Err(ValidationError::NotAllowed { field: "username", .. })), "{name}");
    }
    assert!(link().reference("x".repeat(limits::SHORT_LINK_REF_MAX)).is_ok());
    let long = ValidationError::TooLong { field: "ref", limit: 2083, length: 2084 };
    assert_eq!(link().reference("x".repeat(2084)), Err(long));
    for reference in ["a b", "é", "a&b", "a.b"] {
        assert!(matches!(link().reference(reference), Err(ValidationError::NotAllowed { .. })), "{reference}");
    }
    assert_eq!(link().message(""), Err(ValidationError::Empty { field: "message" }));
    assert!(link().message("x".repeat(6001)).is_err());
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(
        username in "[A-Za-z0-9_.]{0,23}[A-Za-z0-9_]",
        reference in proptest::option::of("[A-Za-z0-9_=-]{1,80}"),
        message in proptest::option::of(".{1,200}"),
    ) {
        let mut link = ShortLink::new(&username).unwrap();
        if let Some(reference) = &reference {
            link = link.reference(reference).unwrap();
        }
        if let Some(message) = &message {
            link = link.message(message).unwrap();
        }
        prop_assert_eq!(link.to_string().parse::<ShortLink>().unwrap(), link);
    }

    #[test]
    fn any_text_is_read_or_refused(address in any::<String>(), path in any::<String>(), query in any::<String>()) {
        drop(ShortLink::parse(&address));
        // Whatever is read can be printed and read again.
        if let Ok(link) = ShortLink::parse(&format!("https://tiktok.me/{path}?{query}")) {
            prop_assert_eq!(ShortLink::parse(&link.to_string()).unwrap(), link);
        }
    }
}

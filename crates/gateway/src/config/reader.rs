//! Turns texts into types and collects what is wrong on the way, so that a person sees all mistakes at once.

use std::str::FromStr;

use secrecy::SecretString;
use url::Url;

use super::{ConfigError, Origin, Problems, Settings};

pub(super) struct Reader<'a> {
    settings: &'a Settings,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(settings: &'a Settings) -> Self {
        Self { settings, errors: Vec::new() }
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, Problems> {
        if self.errors.is_empty() { Ok(value) } else { Err(Problems(self.errors)) }
    }

    /// Notes a mistake that no single value shows.
    pub(super) fn complain(&mut self, key: &str, problem: &str, expected: &str) {
        let origin = self.settings.find(key, true).ok().flatten().map(|(_, origin)| origin);
        self.errors.push(ConfigError {
            key: key.to_owned(),
            origin,
            problem: problem.to_owned(),
            expected: expected.to_owned(),
        });
    }

    fn find(&mut self, key: &str, secret: bool) -> Option<(String, Origin)> {
        self.settings.find(key, secret).unwrap_or_else(|error| {
            self.errors.push(error);
            None
        })
    }

    /// A value through `parse`; `None` when there is none or it is wrong (which is then noted).
    pub(super) fn parsed<T>(&mut self, key: &str, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let (text, origin) = self.find(key, false)?;
        let value = parse(&text);
        if value.is_none() {
            self.errors.push(ConfigError {
                key: key.to_owned(),
                origin: Some(origin),
                problem: "is not valid".into(),
                expected: expected.to_owned(),
            });
        }
        value
    }

    pub(super) fn read<T: FromStr>(&mut self, key: &str, expected: &str) -> Option<T> {
        self.parsed(key, expected, |text| text.parse().ok())
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.find(key, false).map(|(text, _)| text)
    }

    /// An `http` or `https` address without query and fragment, its path ending in `/` so that it can be joined to.
    pub(super) fn base_url(&mut self, key: &str) -> Option<Url> {
        self.parsed(key, "an address such as https://gateway.example.com", |text| {
            let mut url = Url::parse(text).ok()?;
            let plain = matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.query().is_none()
                && url.fragment().is_none();
            let anonymous = url.username().is_empty() && url.password().is_none();
            if !url.path().ends_with('/') {
                url.set_path(&format!("{}/", url.path()));
            }
            (plain && anonymous).then_some(url)
        })
    }

    /// Items separated by commas; white space around them is dropped.
    pub(super) fn list<T>(&mut self, key: &str, expected: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        self.parsed(key, expected, |text| {
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(parse).collect()
        })
        .unwrap_or_default()
    }

    /// A secret of at least `min` characters; its file twin is looked at as well.
    pub(super) fn secret(&mut self, key: &str, min: usize) -> Option<SecretString> {
        self.secret_parsed(key, &format!("at least {min} characters"), |text| {
            (text.chars().count() >= min).then(|| SecretString::from(text))
        })
    }

    pub(super) fn secret_parsed<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (text, origin) = self.find(key, true)?;
        let text = zeroize::Zeroizing::new(text);
        let value = parse(&text);
        if value.is_none() {
            self.errors.push(ConfigError {
                key: key.to_owned(),
                origin: Some(origin),
                problem: "is not valid".into(),
                expected: expected.to_owned(),
            });
        }
        value
    }
}

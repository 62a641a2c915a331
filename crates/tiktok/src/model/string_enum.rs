//! Macros behind the ids and the string-backed enums of this crate.
//! Used by every file in `model`, by `oauth`, by `login` and by `webhook`.

/// An enum over strings that keeps a value it does not know as `Other`. Reading ignores case,
/// because TikTok writes the same value in upper case over REST and in lower case in webhooks.
macro_rules! string_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value this version of the crate does not know, as received.
            Other(String),
        }

        impl $name {
            /// The value as TikTok's API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case($text) {
                    return Self::$variant;
                })*
                Self::Other(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(match serde_json::Value::deserialize(deserializer)? {
                    serde_json::Value::String(text) => Self::from(text),
                    other => Self::Other(other.to_string()),
                })
            }
        }
    };
}

/// An opaque identifier: a string that cannot be mixed up with another kind of id.
macro_rules! string_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as TikTok wrote it, without URL encoding.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as TikTok wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as an owned string.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match serde_json::Value::deserialize(deserializer)? {
                    serde_json::Value::String(id) => Ok(Self(id)),
                    serde_json::Value::Number(id) if !id.is_f64() => Ok(Self(id.to_string())),
                    _ => Err(serde::de::Error::custom("an id is a string or a whole number")),
                }
            }
        }
    };
}

/// A set of string-backed values as TikTok writes it, separated by commas.
macro_rules! string_set {
    ($(#[$meta:meta])* $name:ident of $item:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $name(Vec<$item>);

        impl $name {
            /// Reads `a,b,c`; blanks separate too.
            pub fn parse(text: &str) -> Self {
                let names = text.split([',', ' ']).filter(|name| !name.is_empty());
                names.map($item::from).collect()
            }

            /// Whether it is there.
            pub fn contains(&self, item: &$item) -> bool {
                self.0.contains(item)
            }

            /// Those of `needed` that are not there.
            pub fn missing(&self, needed: &[$item]) -> Vec<$item> {
                needed.iter().filter(|item| !self.contains(item)).cloned().collect()
            }

            /// All of them, in the order received.
            pub fn as_slice(&self) -> &[$item] {
                &self.0
            }
        }

        impl FromIterator<$item> for $name {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                Self(items.into_iter().collect())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                for (index, item) in self.0.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    f.write_str(item.as_str())?;
                }
                Ok(())
            }
        }
    };
}

pub(crate) use {string_enum, string_id, string_set};

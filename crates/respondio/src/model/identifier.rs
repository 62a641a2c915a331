//! How a path names a contact: `id:410000101`, `email:…` or `phone:+66…`.

use std::fmt::Write;

use super::ContactId;

/// A contact in a call. TikTok contacts normally have neither email nor phone: use the id.
///
/// ```
/// use respondio::model::{ContactId, Identifier};
/// assert_eq!(Identifier::from(ContactId::new(7)), Identifier::Id(ContactId::new(7)));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Identifier {
    /// By its id.
    Id(ContactId),
    /// By its email address.
    Email(String),
    /// By its phone number in E.164 form with `+`. Example `+66800000000`.
    Phone(String),
}

impl Identifier {
    /// By email address.
    pub fn email(address: impl Into<String>) -> Self {
        Self::Email(address.into())
    }

    /// By phone number, E.164 with `+`.
    pub fn phone(number: impl Into<String>) -> Self {
        Self::Phone(number.into())
    }

    /// As one path segment. The colon stays as in the vendor's own clients; what would end the
    /// segment is encoded, so that an odd address cannot become another path.
    pub(crate) fn segment(&self) -> String {
        match self {
            Self::Id(id) => format!("id:{id}"),
            Self::Email(address) => format!("email:{}", encoded(address)),
            Self::Phone(number) => format!("phone:{}", encoded(number)),
        }
    }
}

fn encoded(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b'+' => {
                segment.push(char::from(byte));
            }
            other => write!(segment, "%{other:02X}").expect("invariant: writing to a String cannot fail"),
        }
    }
    segment
}

impl From<ContactId> for Identifier {
    fn from(id: ContactId) -> Self {
        Self::Id(id)
    }
}

impl From<u64> for Identifier {
    fn from(id: u64) -> Self {
        Self::Id(ContactId::new(id))
    }
}

// Addresses and numbers are people's: not shown.
impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => f.debug_tuple("Id").field(id).finish(),
            Self::Email(_) => f.write_str("Email([hidden])"),
            Self::Phone(_) => f.write_str("Phone([hidden])"),
        }
    }
}

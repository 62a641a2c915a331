//! Addresses that open one picture of ours for a while, for a provider that fetches what it sends instead of taking it. Signed by the
//! installation's key, so that every process makes and knows the same ones; nothing is stored.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Id, Timestamp, media::Media, workspace::Workspace};
use url::Url;

use crate::keyring::Keyring;

/// How long an address opens its picture: as long as a provider may take, and no reason to pass it on.
const LASTS: Duration = Duration::from_mins(15);

/// Makes and checks them.
pub struct Links {
    keyring: Arc<Keyring>,
    public_url: Url,
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links").field("public_url", &self.public_url.as_str()).finish_non_exhaustive()
    }
}

impl Links {
    /// Below our public address.
    pub const fn new(keyring: Arc<Keyring>, public_url: Url) -> Self {
        Self { keyring, public_url }
    }

    /// The address of a picture, from now on.
    ///
    /// # Panics
    /// Never: ids and numbers make a valid path.
    pub fn picture(&self, workspace: Id<Workspace>, media: Id<Media>, now: Timestamp) -> Url {
        let until = now.plus(LASTS).as_secs();
        let signature = URL_SAFE_NO_PAD.encode(self.keyring.sign(&text(workspace, media, until)));
        let path = format!("shared/media/{workspace}/{media}?until={until}&signature={signature}");
        self.public_url.join(&path).expect("invariant: ids and numbers make a valid path")
    }

    /// Whether an address is ours and has not ended.
    pub fn opens(
        &self,
        workspace: Id<Workspace>,
        media: Id<Media>,
        until: i64,
        signature: &str,
        now: Timestamp,
    ) -> bool {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        now.as_secs() <= until && self.keyring.is_signed(&text(workspace, media, until), &signature)
    }
}

fn text(workspace: Id<Workspace>, media: Id<Media>, until: i64) -> String {
    format!("shared/media/{workspace}/{media}/{until}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_opens_one_picture_for_a_while() {
        let links = Links::new(Arc::new(Keyring::new(&[7; 32])), "https://gateway.example.com/inbox/".parse().unwrap());
        let (workspace, media, now) = (Id::from_raw(1), Id::from_raw(2), Timestamp::from_secs(1_790_000_000));
        let address = links.picture(workspace, media, now);
        assert!(address.as_str().starts_with("https://gateway.example.com/inbox/shared/media/wsp_"), "{address}");
        let of = |name: &str| address.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        let (until, signature): (i64, String) = (of("until").parse().unwrap(), of("signature"));
        assert!(links.opens(workspace, media, until, &signature, now));
        assert!(!links.opens(workspace, media, until, &signature, now.plus(LASTS * 2)), "it ends");
        assert!(!links.opens(workspace, media, until + 900, &signature, now), "and can't be made longer");
        assert!(!links.opens(workspace, Id::from_raw(3), until, &signature, now));
        assert!(!links.opens(Id::from_raw(9), media, until, &signature, now));
        for wrong in ["", "AAAA", &signature[1..]] {
            assert!(!links.opens(workspace, media, until, wrong, now), "{wrong}");
        }
        let other = Links::new(Arc::new(Keyring::new(&[8; 32])), address);
        assert!(!other.opens(workspace, media, until, &signature, now), "another installation's");
    }
}

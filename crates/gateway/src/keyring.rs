//! Seals what must not lie readable in the database (tokens): AES-256-GCM with a random nonce and the row named as
//! associated data. Used by `connect` and the token worker; the key comes from `ENCRYPTION_KEY` or a 0600 file in `DATA_DIR`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use domain::store::{Secrets, StoreError};
use hmac::{Hmac, Mac as _};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::config::{Config, parse_key};

const KEY_ID_LEN: usize = 4;
const NONCE_LEN: usize = 12;
/// The key file in `DATA_DIR`: 64 hexadecimal digits.
pub(crate) const KEY_FILE: &str = "encryption-key";
const CANARY_SETTING: &str = "encryption_canary";
const CANARY_PLACE: &str = "setting/encryption_canary";
const CANARY: &[u8] = b"message-gateway";

/// Seals and opens secrets. A sealed secret is: key id (4 bytes) · nonce (12) · ciphertext · tag (16).
pub struct Keyring {
    id: [u8; KEY_ID_LEN],
    cipher: Aes256Gcm,
    signing: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

/// A sealed secret that can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Sealed with another key.
    #[error("the secret was sealed with another key (key id {0:08x})")]
    OtherKey(u32),
    /// Too short, changed, or of another row.
    #[error("the sealed secret was changed or belongs to another row")]
    Damaged,
}

/// Why there is no keyring at start.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The key file can't be read or made.
    #[error("the key file {} can't be used", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The key file does not hold a key.
    #[error("the key file {} must hold 64 hexadecimal digits", .0.display())]
    Malformed(PathBuf),
    /// The database was sealed with another key.
    #[error(
        "the encryption key is not the one this database was sealed with; set ENCRYPTION_KEY (or restore the key file) to the old one"
    )]
    WrongKey(#[source] OpenError),
    /// The canary can't be looked at.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Keyring {
    /// From `ENCRYPTION_KEY`, else from the key file in the data folder, which is made (0600) where there is none.
    ///
    /// # Errors
    /// The key file can't be read, made, or holds no key.
    pub fn from_config(config: &Config) -> Result<Self, KeyringError> {
        match &config.security.encryption_key {
            Some(key) => Ok(Self::new(key.expose_secret())),
            None => Ok(Self::new(&*key_from_file(&config.storage.data_dir.join(KEY_FILE))?)),
        }
    }

    /// Over a key.
    pub fn new(key: &[u8; 32]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"message-gateway key id");
        hash.update(key);
        let digest: [u8; 32] = hash.finalize().into();
        let id = std::array::from_fn(|place| digest[place]);
        let mut signing = mac(key);
        signing.update(b"message-gateway signatures");
        Self { id, cipher: Aes256Gcm::new(key.into()), signing: Zeroizing::new(signing.finalize().into_bytes().into()) }
    }

    /// Seals `plain` for the place named by `aad`, such as `account/acc_…/access`: moved to another row it does not open.
    ///
    /// # Panics
    /// When `plain` has 64 GiB or more.
    pub fn seal(&self, plain: &[u8], aad: &str) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let payload = Payload { msg: plain, aad: aad.as_bytes() };
        let sealed =
            self.cipher.encrypt(&Nonce::from(nonce), payload).expect("invariant: AES-GCM seals anything below 64 GiB");
        [&self.id[..], &nonce, &sealed].concat()
    }

    /// Opens what [`seal`](Self::seal) made for the same place.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, sealed: &[u8], aad: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (id, rest) = sealed.split_first_chunk::<KEY_ID_LEN>().ok_or(OpenError::Damaged)?;
        if *id != self.id {
            return Err(OpenError::OtherKey(u32::from_be_bytes(*id)));
        }
        let (nonce, msg) = rest.split_first_chunk::<NONCE_LEN>().ok_or(OpenError::Damaged)?;
        let payload = Payload { msg, aad: aad.as_bytes() };
        self.cipher.decrypt(&Nonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| OpenError::Damaged)
    }

    /// Signs a text that we will be shown again, such as an address that opens one picture for a while.
    pub fn sign(&self, text: &str) -> [u8; 32] {
        let mut mac = mac(&self.signing);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Whether a signature is ours, in constant time.
    pub fn is_signed(&self, text: &str, signature: &[u8]) -> bool {
        let mut mac = mac(&self.signing);
        mac.update(text.as_bytes());
        mac.verify_slice(signature).is_ok()
    }

    /// Proves at start that the database was sealed with this key, and writes the proof where there is none yet. Otherwise a lost key
    /// would show only when the first token is needed, after new ones were sealed with another.
    ///
    /// # Errors
    /// [`KeyringError::WrongKey`], or the store's.
    pub async fn check_canary(&self, store: &(impl Secrets + ?Sized)) -> Result<(), KeyringError> {
        let kept = store.setting_or_insert(CANARY_SETTING, &self.seal(CANARY, CANARY_PLACE)).await?;
        self.open(&kept, CANARY_PLACE).map(drop).map_err(KeyringError::WrongKey)
    }
}

fn key_from_file(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
    let failed = |source| KeyringError::File { path: path.to_owned(), source };
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key: [u8; 32] = rand::random();
            let text = Zeroizing::new(hexadecimal(&key));
            private_file(path, &text).map_err(failed)?;
            return Ok(Zeroizing::new(key));
        }
        Err(error) => return Err(failed(error)),
    };
    parse_key(text.trim()).map(Zeroizing::new).ok_or_else(|| KeyringError::Malformed(path.to_owned()))
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("invariant: HMAC takes keys of any length")
}

fn hexadecimal(key: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = key.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)]));
    digits.chain(['\n']).collect()
}

/// Writes a file that only its owner may read. It appears whole or not at all, and replaces an older one.
pub(crate) fn private_file(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;

    let draft = path.with_extension("new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_what_it_sealed_for_the_same_place() {
        let keyring = Keyring::new(&[7; 32]);
        let sealed = keyring.seal(b"act.example", "account/1/access");
        assert_eq!(keyring.open(&sealed, "account/1/access").unwrap().as_slice(), b"act.example");
        assert_eq!(keyring.open(&sealed, "account/2/access"), Err(OpenError::Damaged));
        assert!(matches!(Keyring::new(&[8; 32]).open(&sealed, "account/1/access"), Err(OpenError::OtherKey(_))));
        for cut in 0..sealed.len() {
            assert!(keyring.open(&sealed[..cut], "account/1/access").is_err(), "{cut}");
        }
        assert_ne!(sealed, keyring.seal(b"act.example", "account/1/access"));
        assert!(!sealed.windows(11).any(|window| window == b"act.example"));
    }

    #[test]
    fn the_key_file_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEY_FILE);
        let first = key_from_file(&path).unwrap();
        assert_eq!(*key_from_file(&path).unwrap(), *first);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(&path, "not a key").unwrap();
        assert!(matches!(key_from_file(&path), Err(KeyringError::Malformed(_))));
    }
}

//! Passwords: Argon2id, off the async threads, few at a time (each costs 19 MiB and tens of milliseconds).

use std::sync::{Arc, LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

/// How many are hashed at once; others wait their turn.
const AT_ONCE: usize = 2;
/// Shortest password, in characters.
pub(super) const PASSWORD_MIN: usize = 10;
/// Longest password, in bytes: hashing more only helps whoever wants to keep us busy.
pub(super) const PASSWORD_MAX: usize = 1024;

/// A hash that no password has, so that an unknown address costs as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash(&super::Secret::generate("").expose().into()));

/// Hashes and checks passwords. Cloned cheaply.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// The PHC string to keep.
    pub async fn hash(&self, password: SecretString) -> String {
        self.off_thread(move || hash(&password)).await
    }

    /// Whether `password` is the one behind `kept`; `None` (nobody, or nobody with a password) takes as long and is false.
    pub async fn verify(&self, password: SecretString, kept: Option<String>) -> bool {
        self.off_thread(move || {
            let known = kept.is_some();
            let kept = kept.unwrap_or_else(|| NOBODY.clone());
            let matches = phc::PasswordHash::new(&kept).is_ok_and(|kept| {
                Argon2::default().verify_password(password.expose_secret().as_bytes(), &kept).is_ok()
            });
            matches && known
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("invariant: the semaphore is never closed");
        let working = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        match working.await {
            Ok(done) => done,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

fn hash(password: &SecretString) -> String {
    let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
    hash.expect("invariant: default parameters and a password below 1 KiB always hash").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_passes() {
        let passwords = Passwords::default();
        let kept = passwords.hash("correct horse".into()).await;
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(passwords.verify("correct horse".into(), Some(kept.clone())).await);
        assert!(!passwords.verify("wrong horse".into(), Some(kept)).await);
        assert!(!passwords.verify("correct horse".into(), None).await);
        assert!(!passwords.verify("correct horse".into(), Some("no hash".into())).await);
    }
}

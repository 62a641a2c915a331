//! This machine: the database, the key that seals tokens, who may read the files, whether pictures can be kept.

use std::path::Path;

use super::{Doctor, Finding};
use crate::{
    blobs::Blobs,
    keyring::{KEY_FILE, KeyringError},
};

impl Doctor {
    pub(super) async fn examine_machine(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .database_warnings()
            .into_iter()
            .map(|warning| Finding::warning(warning.id, warning.title).because(warning.cause).fix(warning.fix))
            .collect();
        if findings.is_empty() {
            findings.push(Finding::ok("database-safe", "The database keeps what it acknowledges"));
        }
        findings.push(self.key().await);
        findings.extend(self.files());
        findings.push(self.pictures().await);
        findings
    }

    async fn key(&self) -> Finding {
        match self.keyring.check_canary(&*self.store).await {
            Ok(()) => Finding::ok("encryption-key-fits", "The encryption key fits the database"),
            Err(error @ KeyringError::WrongKey(_)) => {
                Finding::problem("encryption-key-wrong", "The encryption key is not this database's")
                    .because(format!("{error}."))
                    .fix("Set ENCRYPTION_KEY, or put back the file encryption-key in DATA_DIR, as it was when the accounts were connected. Without the old key every account must be connected again.")
            }
            Err(error) => Finding::warning("encryption-key-unknown", "The encryption key could not be tried")
                .because(format!("{error}."))
                .fix("Look whether the database answers, then run it again."),
        }
    }

    /// Files that others on this machine may read.
    fn files(&self) -> Vec<Finding> {
        let folder = &self.config.storage.data_dir;
        let key = folder.join(KEY_FILE);
        let mut findings = Vec::new();
        if open_to_others(folder) {
            let command = format!("chmod 700 {}", folder.display());
            findings.push(
                Finding::warning("data-dir-open", "Others on this machine may look into the data folder")
                    .because(format!(
                        "{} holds customers' messages, and its rights let other users in.",
                        folder.display()
                    ))
                    .fix("Take the rights of others away.")
                    .copy(command),
            );
        }
        if open_to_others(&key) {
            let command = format!("chmod 600 {}", key.display());
            findings.push(
                Finding::problem("key-file-open", "Others on this machine may read the encryption key")
                    .because(format!("{} opens every account's tokens.", key.display()))
                    .fix("Take the rights of others away. If somebody may have read it, disconnect and connect every account.")
                    .copy(command),
            );
        }
        findings
    }

    async fn pictures(&self) -> Finding {
        let tried = match Blobs::from_config(&self.config) {
            Ok(blobs) => blobs.try_out().await,
            Err(error) => Err(error),
        };
        match tried {
            Ok(()) => Finding::ok("pictures-kept", "Pictures can be kept"),
            Err(error) => {
                let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
                Finding::problem("pictures-not-kept", "Pictures can't be kept")
                    .because(format!("{error}{source}."))
                    .fix("Make the folder writable for the gateway and see that the disk is not full; for a bucket see that BLOB_URL and the AWS_… settings name it and may put, get and delete.")
            }
        }
    }
}

#[cfg(unix)]
fn open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn open_to_others(_path: &Path) -> bool {
    false
}

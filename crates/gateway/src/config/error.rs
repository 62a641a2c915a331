//! What is wrong with a configuration, in words a person can act on.

use std::fmt;

use super::Origin;

/// One wrong setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The variable, such as `PORT`.
    pub key: String,
    /// Where its value came from; `None` when there is none.
    pub origin: Option<Origin>,
    /// What is wrong, without the value: it may be a secret.
    pub problem: String,
    /// What the value should look like, such as `a number from 0 to 65535`.
    pub expected: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key, self.problem)?;
        if let Some(origin) = &self.origin {
            write!(f, " (from {origin})")?;
        }
        write!(f, "; expected: {}", self.expected)
    }
}

/// Everything that is wrong, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<ConfigError>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} mistake{}", self.0.len(), if self.0.len() == 1 { "" } else { "s" })?;
        for error in &self.0 {
            write!(f, "\n  - {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

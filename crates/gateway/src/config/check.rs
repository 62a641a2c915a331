//! What `config check` shows: every variable, where its value came from, and the value unless it is a secret.

use super::{Settings, VARIABLES};

/// One line of `config check`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Shown {
    /// The variable.
    pub name: &'static str,
    /// Its value; `***` for a secret; `None` when the default is used.
    pub value: Option<String>,
    /// Where it came from; `None` when the default is used.
    pub origin: Option<String>,
}

/// Every variable with its winning value.
pub fn shown(settings: &Settings) -> Vec<Shown> {
    VARIABLES
        .iter()
        .map(|variable| {
            let found = settings.find(variable.name, variable.secret).ok().flatten();
            let (value, origin) = found.unzip();
            let value = if variable.secret { value.map(|_| "***".to_owned()) } else { value };
            Shown { name: variable.name, value, origin: origin.map(|origin| origin.to_string()) }
        })
        .collect()
}

//! Where values come from, strongest source first, and who wins. Knows names and texts, no meanings.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use super::{ConfigError, Problems, VARIABLES};

/// Where a value came from; shown in errors and by `config check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The process's environment.
    Environment,
    /// A `.env` file.
    DotEnv(PathBuf),
    /// A command line flag.
    Flag,
    /// The TOML file.
    File(PathBuf),
    /// Given by the program itself.
    Program,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment"),
            Self::DotEnv(path) | Self::File(path) => write!(f, "{}", path.display()),
            Self::Flag => f.write_str("a command line flag"),
            Self::Program => f.write_str("the program"),
        }
    }
}

/// Values by variable, in layers.
#[derive(Clone, Default)]
pub struct Settings {
    layers: Vec<(Origin, BTreeMap<String, String>)>,
}

impl fmt::Debug for Settings {
    /// Names and origins only: the values hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.layers.iter().map(|(origin, values)| (origin, values.keys()))).finish()
    }
}

impl Settings {
    /// The layers of a command: environment, `.env` in `folder`, flags, and the TOML file (`message-gateway.toml` in `folder` when
    /// none is named and that exists).
    ///
    /// # Errors
    /// A file that can't be read, or holds what no setting is called.
    pub fn load(folder: &Path, flags: BTreeMap<String, String>, toml_file: Option<&Path>) -> Result<Self, Problems> {
        let mut settings = Self::default();
        settings.push(Origin::Environment, environment());
        let dotenv = folder.join(".env");
        if dotenv.is_file() {
            let values = read_dotenv(&dotenv)?;
            settings.push(Origin::DotEnv(dotenv), values);
        }
        settings.push(Origin::Flag, flags);
        let default_file = folder.join("message-gateway.toml");
        let file = toml_file.map(Path::to_path_buf).or_else(|| default_file.is_file().then_some(default_file));
        if let Some(file) = file {
            let values = read_toml(&file)?;
            settings.push(Origin::File(file), values);
        }
        Ok(settings)
    }

    /// One layer, from the program itself.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut settings = Self::default();
        settings.push(
            Origin::Program,
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        );
        settings
    }

    /// Puts a layer before all others, such as the simulator's addresses of the `dev` command.
    #[must_use]
    pub fn with_override<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let values = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.layers.insert(0, (Origin::Program, values));
        self
    }

    /// An empty value counts as none, so that a copied `.env.example` works as it is.
    fn push(&mut self, origin: Origin, values: BTreeMap<String, String>) {
        let known = values.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        self.layers.push((origin, known));
    }

    /// The winning text of a variable. For secrets the `…_FILE` twin counts as the variable itself and its file is read.
    pub(super) fn find(&self, name: &str, secret: bool) -> Result<Option<(String, Origin)>, ConfigError> {
        let twin = format!("{name}_FILE");
        for (origin, values) in &self.layers {
            let direct = values.get(name);
            let file = if secret { values.get(&twin) } else { None };
            match (direct, file) {
                (Some(_), Some(_)) => {
                    return Err(error(
                        name,
                        Some(origin.clone()),
                        format!("and {twin} are both set"),
                        "one of the two",
                    ));
                }
                (Some(value), None) => return Ok(Some((value.trim().to_owned(), origin.clone()))),
                (None, Some(path)) => {
                    let text = std::fs::read_to_string(path.trim()).map_err(|cause| {
                        error(
                            &twin,
                            Some(origin.clone()),
                            format!("names a file that can't be read: {cause}"),
                            "a readable file with the secret",
                        )
                    })?;
                    return Ok(Some((text.trim().to_owned(), Origin::File(PathBuf::from(path.trim())))));
                }
                (None, None) => {}
            }
        }
        Ok(None)
    }
}

fn error(key: &str, origin: Option<Origin>, problem: String, expected: &str) -> ConfigError {
    ConfigError { key: key.to_owned(), origin, problem, expected: expected.to_owned() }
}

/// Our variables out of the process's environment; others are none of our business.
fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| is_known(name))
        .collect()
}

fn is_known(name: &str) -> bool {
    let base = name.strip_suffix("_FILE");
    VARIABLES.iter().any(|variable| variable.name == name || (variable.secret && Some(variable.name) == base))
}

fn read_dotenv(path: &Path) -> Result<BTreeMap<String, String>, Problems> {
    let wrong = |cause: dotenvy::Error| {
        Problems(vec![error(
            ".env",
            Some(Origin::DotEnv(path.to_owned())),
            format!("can't be read: {}", without_text(&cause)),
            "lines of NAME=value",
        )])
    };
    let mut values = BTreeMap::new();
    for line in dotenvy::from_path_iter(path).map_err(wrong)? {
        let (name, value) = line.map_err(wrong)?;
        if is_known(&name) {
            values.insert(name, value);
        }
    }
    Ok(values)
}

/// dotenvy prints the line it stumbled over, which may hold a secret.
fn without_text(cause: &dotenvy::Error) -> String {
    match cause {
        dotenvy::Error::LineParse(_, place) => format!("a line is not NAME=value (near character {place})"),
        other => other.to_string(),
    }
}

/// Keys are the variables in lower case: `port = 3000`, `cors_origins = ["https://…"]`.
fn read_toml(path: &Path) -> Result<BTreeMap<String, String>, Problems> {
    let origin = Some(Origin::File(path.to_owned()));
    let wrong = |problem: String| {
        Problems(vec![error("--config", origin.clone(), problem, "a TOML file of lower-case variable names")])
    };
    let text = std::fs::read_to_string(path).map_err(|cause| wrong(format!("can't be read: {cause}")))?;
    let table: toml::Table =
        text.parse().map_err(|cause: toml::de::Error| wrong(format!("is not TOML: {}", cause.message())))?;
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, value) in table {
        let name = key.to_uppercase();
        match toml_text(&value) {
            _ if !is_known(&name) || key != name.to_lowercase() => {
                problems.push(error(
                    &key,
                    origin.clone(),
                    "is no setting".into(),
                    "a variable of .env.example in lower case",
                ));
            }
            Some(text) => drop(values.insert(name, text)),
            None => problems.push(error(
                &key,
                origin.clone(),
                "has an unexpected type".into(),
                "a text, a number, or a list of texts",
            )),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(Problems(problems)) }
}

fn toml_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(switch) => Some(switch.to_string()),
        toml::Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map(|items| items.join(",")),
        _ => None,
    }
}

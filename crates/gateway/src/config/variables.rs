//! Every variable by name, once: what the environment is searched for, what `.env.example` must explain, what `config check` lists.

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// As the environment spells it; lower case in TOML.
    pub name: &'static str,
    /// Never shown, and readable from a file named by `…_FILE`.
    pub secret: bool,
}

const fn plain(name: &'static str) -> Variable {
    Variable { name, secret: false }
}

const fn secret(name: &'static str) -> Variable {
    Variable { name, secret: true }
}

/// All of them, in the order of `.env.example`.
pub const VARIABLES: &[Variable] = &[
    plain("HOST"),
    plain("PORT"),
    plain("PUBLIC_URL"),
    plain("TRUSTED_PROXIES"),
    plain("CORS_ORIGINS"),
    plain("METRICS_ADDR"),
    plain("DATA_DIR"),
    secret("DATABASE_URL"),
    plain("BLOB_URL"),
    plain("AWS_ACCESS_KEY_ID"),
    secret("AWS_SECRET_ACCESS_KEY"),
    secret("AWS_SESSION_TOKEN"),
    plain("AWS_REGION"),
    plain("AWS_ENDPOINT_URL"),
    plain("AWS_ALLOW_HTTP"),
    plain("PROVIDER"),
    plain("TIKTOK_APP_ID"),
    secret("TIKTOK_APP_SECRET"),
    plain("TIKTOK_CLIENT_KEY"),
    secret("TIKTOK_CLIENT_SECRET"),
    plain("TIKTOK_REDIRECT_URI"),
    plain("TIKTOK_BUSINESS_API_URL"),
    plain("TIKTOK_OPEN_API_URL"),
    plain("TIKTOK_AUTHORIZE_URL"),
    secret("WEBHOOK_VERIFY_TOKEN"),
    plain("WEBHOOK_TOLERANCE_SECS"),
    plain("RESPONDIO_API_URL"),
    secret("RESPONDIO_WEBHOOK_SECRETS"),
    secret("THIRDPARTY_API_KEY"),
    plain("THIRDPARTY_API_URL"),
    plain("COST_PRICES"),
    secret("API_SECRET"),
    secret("ENCRYPTION_KEY"),
    secret("SMTP_URL"),
];

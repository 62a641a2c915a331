use std::collections::BTreeMap;

use super::*;

fn error_of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    Config::from_pairs(pairs).unwrap_err().to_string()
}

#[test]
fn the_defaults_are_a_local_gateway() {
    let config = Config::from_pairs([]).unwrap();
    assert_eq!(config.server.public_url.as_str(), "http://localhost:3000/");
    assert!(config.server.host.is_loopback());
    assert!(matches!(&config.storage.database, Database::Sqlite { path } if path.ends_with("data/gateway.db")));
    assert_eq!(config.messages.webhook_tolerance.as_secs(), 300);
    assert_eq!(config.tiktok.authorize_url.as_str(), "https://www.tiktok.com/v2/auth/authorize");
    assert!(!config.dev);
}

#[test]
fn empty_values_count_as_none() {
    assert_eq!(Config::from_pairs([("PORT", ""), ("TIKTOK_APP_ID", " ")]).unwrap().server.port, 3000);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = error_of([
        ("PORT", "70000"),
        ("PUBLIC_URL", "gateway.example.com"),
        ("PROVIDER", "pigeon"),
        ("API_SECRET", "short-secret-value"),
    ]);
    for part in [
        "4 mistakes",
        "PORT is not valid (from the program); expected: a number from 0 to 65535",
        "PUBLIC_URL",
        "official, respondio",
        "32 characters",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
    assert!(!text.contains("short-secret-value"), "{text}");
}

#[test]
fn pairs_of_settings_are_checked_together() {
    assert!(error_of([("TIKTOK_APP_ID", "1")]).contains("TIKTOK_APP_SECRET is missing, while TIKTOK_APP_ID is set"));
    assert!(error_of([("TIKTOK_CLIENT_SECRET", "1")]).contains("TIKTOK_CLIENT_KEY is missing"));
    assert!(
        error_of([("DATABASE_URL", "postgres://localhost/x")]).contains("ENCRYPTION_KEY is required with PostgreSQL")
    );
}

#[test]
fn the_redirect_address_is_taken_as_it_is_registered() {
    const PUBLIC: (&str, &str) = ("PUBLIC_URL", "https://inbox.example.com");
    let address = |registered: &str| {
        let config = Config::from_pairs([PUBLIC, ("TIKTOK_REDIRECT_URI", registered)]).unwrap();
        String::from(config.server.redirect_address())
    };
    for registered in ["https://inbox.example.com/auth/callback", "https://inbox.example.com/auth/callback/"] {
        assert_eq!(address(registered), registered);
    }
    assert_eq!(address(""), "https://inbox.example.com/auth/callback");
    for elsewhere in [
        "https://inbox.example.com/auth/callback//",
        "https://inbox.example.com/elsewhere",
        "https://www.inbox.example.com/auth/callback",
        "http://inbox.example.com/auth/callback",
        "https://inbox.example.com/auth/callback?a=1",
    ] {
        let text = error_of([PUBLIC, ("TIKTOK_REDIRECT_URI", elsewhere)]);
        assert!(text.contains("https://inbox.example.com/auth/callback, with or without a slash"), "{text}");
    }
}

#[test]
fn secrets_are_hidden_and_read_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "0123456789abcdef0123456789abcdef\n").unwrap();
    let path = file.to_str().unwrap();
    let config = Config::from_pairs([("API_SECRET_FILE", path)]).unwrap();
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(config.security.api_secret.as_ref().unwrap()),
        "0123456789abcdef0123456789abcdef"
    );
    assert!(!format!("{config:?}").contains("0123456789abcdef"));
    assert!(
        error_of([("API_SECRET_FILE", path), ("API_SECRET", "0123456789abcdef0123456789abcdef")]).contains("both set")
    );
    assert!(error_of([("API_SECRET_FILE", "missing.txt")]).contains("can't be read"));
}

#[test]
fn stronger_sources_win() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "PORT=4001\nPROVIDER=thirdparty\nSOMETHING_ELSE=1\n").unwrap();
    std::fs::write(
        folder.path().join("message-gateway.toml"),
        "port = 4003\nhost = \"127.0.0.2\"\ncors_origins = [\"https://a.example\", \"https://b.example\"]\n",
    )
    .unwrap();
    let flags =
        BTreeMap::from([("PORT".to_owned(), "4002".to_owned()), ("DATA_DIR".to_owned(), "elsewhere".to_owned())]);
    let settings = Settings::load(folder.path(), flags, None).unwrap();
    let config = Config::from_settings(&settings).unwrap();
    assert_eq!(config.server.port, 4001);
    assert_eq!(config.server.host.to_string(), "127.0.0.2");
    assert_eq!(config.storage.data_dir.to_str(), Some("elsewhere"));
    assert_eq!(config.server.cors_origins, ["https://a.example", "https://b.example"]);
    let port = shown(&settings).into_iter().find(|line| line.name == "PORT").unwrap();
    assert!(port.origin.unwrap().contains(".env"));
}

#[test]
fn unknown_keys_of_the_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my.toml");
    std::fs::write(&file, "porto = 1\n").unwrap();
    let problems = Settings::load(folder.path(), BTreeMap::new(), Some(&file)).unwrap_err().to_string();
    assert!(problems.contains("porto is no setting"), "{problems}");
}

#[test]
fn own_names_are_known_and_others_refused() {
    let server =
        Config::from_pairs([("PUBLIC_URL", "https://gateway.example.com"), ("HOST", "0.0.0.0")]).unwrap().server;
    for host in [
        "gateway.example.com",
        "gateway.example.com:443",
        "localhost:3000",
        "127.0.0.1",
        "[::1]:3000",
        "GATEWAY.example.com",
    ] {
        assert!(server.is_own_host(host), "{host}");
    }
    for host in [
        "evil.example",
        "gateway.example.com.evil.example",
        "0.0.0.0",
        "10.0.0.1",
        "",
        "localhost/x",
        "a@localhost",
        "localhost.evil.example",
    ] {
        assert!(!server.is_own_host(host), "{host}");
    }
    for origin in ["https://gateway.example.com", "http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"]
    {
        assert!(server.is_own_origin(origin), "{origin}");
    }
    for origin in [
        "null",
        "",
        "http://gateway.example.com",
        "https://gateway.example.com:444",
        "http://localhost:4000",
        "https://localhost:3000",
        "http://localhost:3000/",
    ] {
        assert!(!server.is_own_origin(origin), "{origin}");
    }
}

#[test]
fn networks_hold_their_addresses() {
    let network = Network::parse("10.1.0.0/16").unwrap();
    assert!(network.contains("10.1.255.3".parse().unwrap()));
    assert!(network.contains("::ffff:10.1.0.1".parse().unwrap()));
    assert!(!network.contains("10.2.0.1".parse().unwrap()));
    assert!(Network::parse("::1").unwrap().contains("::1".parse().unwrap()));
    assert!(Network::parse("0.0.0.0/0").unwrap().contains("1.2.3.4".parse().unwrap()));
    assert!(!Network::parse("0.0.0.0/0").unwrap().contains("::1".parse().unwrap()));
    for wrong in ["", "10.0.0.0/33", "10.0.0/8", "x"] {
        assert_eq!(Network::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn the_example_names_every_variable_and_no_other() {
    let example = include_str!("../../../../.env.example");
    let named: Vec<&str> = example
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    let known: Vec<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
    assert_eq!(named, known);
}

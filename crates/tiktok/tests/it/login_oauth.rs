//! Login Kit's consent page: web without PKCE, desktop with lowercase hex PKCE, callbacks.

use tiktok::{
    Error, ErrorKind, ValidationError,
    login::{Callback, CallbackError, CodeVerifier, LoginErrorCode, Scope, authorize_desktop, authorize_web},
};

#[test]
fn the_web_address_has_no_challenge() {
    let url = authorize_web("key", "https://x.test/callback", "a b&c");
    assert_eq!(
        url.clone().build().unwrap(),
        "https://www.tiktok.com/v2/auth/authorize/?client_key=key&response_type=code&scope=user.info.basic\
         &redirect_uri=https%3A%2F%2Fx.test%2Fcallback&state=a+b%26c&disable_auto_auth=1"
    );
    let url = url.base("http://localhost:4000/v2/auth/authorize/").scopes([Scope::UserInfoBasic, Scope::VideoUpload]);
    let url = url.build().unwrap();
    assert!(url.starts_with("http://localhost:4000/v2/auth/authorize/?client_key="), "{url}");
    assert!(url.contains("&scope=user.info.basic%2Cvideo.upload&"), "{url}");
    for base in ["", "javascript:alert(1)", "nowhere"] {
        let error = authorize_web("1", "https://x.test/", "s").base(base).build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{base}");
    }
}

#[test]
fn the_desktop_address_has_a_hex_challenge() {
    // Known answer: SHA-256 of RFC 7636's verifier, as hex instead of base64url.
    let verifier = CodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
    let challenge = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3";
    assert_eq!(verifier.challenge(), challenge);
    let url = authorize_desktop("key", "http://localhost:3455/callback/", "s", &verifier).build().unwrap();
    assert!(url.ends_with(&format!("&code_challenge={challenge}&code_challenge_method=S256")), "{url}");
    assert!(!url.contains(verifier.expose()), "the verifier stays here");
}

#[test]
fn verifiers_are_checked() {
    for good in ["x".repeat(43), "x".repeat(128), format!("{}-._~", "A1".repeat(20))] {
        assert_eq!(CodeVerifier::new(good.clone()).unwrap().expose(), good);
    }
    for length in [0, 42, 129] {
        let refused = CodeVerifier::new("x".repeat(length)).unwrap_err();
        let expected = ValidationError::OutOfRange { field: "code_verifier", min: 43, max: 128, actual: length };
        assert_eq!(refused, expected);
    }
    for odd in ["+", "/", "=", " ", "é"] {
        let refused = CodeVerifier::new(format!("{}{odd}", "x".repeat(43))).unwrap_err();
        assert!(matches!(refused, ValidationError::NotAllowed { field: "code_verifier", .. }), "{odd}");
    }
    let made = CodeVerifier::from_random([0xAB; 32]);
    assert_eq!(made.expose(), "ab".repeat(32));
    assert!(CodeVerifier::new(made.expose()).is_ok());
}

fn refused(result: Result<String, Error>) -> bool {
    result.is_err_and(|error| matches!(error.kind(), ErrorKind::Validation(_)))
}

#[test]
fn redirects_follow_the_rules_of_their_kind() {
    let web = |redirect: &str| authorize_web("key", redirect, "s");
    let verifier = CodeVerifier::from_random([1; 32]);
    let desktop = |redirect: &str| authorize_desktop("key", redirect, "s", &verifier).build();

    for good in ["https://x.test/", "https://x.test:8443/a/b", &format!("https://x.test/{}", "a".repeat(496))] {
        web(good).build().unwrap();
    }
    for bad in [
        "",
        "http://x.test/",
        "https://x.test/?a=1",
        "https://x.test/#a",
        "/callback",
        "app:callback",
        &format!("https://x.test/{}", "a".repeat(497)),
    ] {
        assert!(refused(web(bad).build()), "{bad}");
    }
    // A simulator on plain http takes plain http.
    web("http://localhost:3000/auth/callback").base("http://localhost:4000/").build().unwrap();

    for good in ["http://localhost:1/", "https://127.0.0.1:3455/cb", "http://localhost:80/", "https://localhost:443/a"]
    {
        desktop(good).unwrap();
    }
    for bad in [
        "http://localhost/",
        "https://127.0.0.1/cb:80",
        "http://x.test:80/",
        "http://localhost:80/?a=1",
        "app://localhost:1/",
    ] {
        assert!(refused(desktop(bad)), "{bad}");
    }
}

#[test]
fn callbacks() {
    let granted = Callback::parse("code=inventedCode%2A1%214321.s1&scopes=user.info.basic&state=s");
    let Ok(Callback::Granted { code, scopes, state }) = granted else { panic!("{granted:?}") };
    assert_eq!(code.expose(), "inventedCode*1!4321.s1", "decoded exactly once");
    assert_eq!((scopes.as_slice(), state.as_deref()), (&[Scope::UserInfoBasic][..], Some("s")));

    let denied = Callback::parse("error=access_denied&error_description=No+way&state=s");
    let Ok(Callback::Denied { error, description, state }) = denied else { panic!("{denied:?}") };
    assert_eq!((error, description.as_deref()), (LoginErrorCode::AccessDenied, Some("No way")));
    assert_eq!(state.as_deref(), Some("s"));
    for query in ["", "state=s", "code=&state=s"] {
        assert_eq!(Callback::parse(query).unwrap_err(), CallbackError);
    }
}

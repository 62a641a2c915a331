//! The consent address and its callback.

use tiktok::oauth::{Callback, CallbackError, Scope, Scopes, authorize_url};

#[test]
fn the_consent_address() {
    let url = authorize_url("7411000000000000042", "https://gw.test/auth/callback", "a b&c");
    assert_eq!(
        url.clone().build().unwrap(),
        "https://www.tiktok.com/v2/auth/authorize?client_key=7411000000000000042\
         &response_type=code&scope=user.info.basic%2Cuser.info.username%2Cuser.account.type\
         %2Cmessage.list.read%2Cmessage.list.send%2Cmessage.list.manage\
         &redirect_uri=https%3A%2F%2Fgw.test%2Fauth%2Fcallback&state=a+b%26c&disable_auto_auth=1"
    );
    let url = url.base("http://localhost:4000/v2/auth/authorize/").scopes([Scope::VideoList]);
    let url = url.build().unwrap();
    assert!(url.starts_with("http://localhost:4000/v2/auth/authorize/?client_key="), "{url}");
    assert!(url.contains("&scope=video.list&"), "{url}");

    for base in ["", "javascript:alert(1)", "nowhere"] {
        assert!(authorize_url("1", "https://gw.test/", "s").base(base).build().is_err(), "{base}");
    }
}

#[test]
fn callbacks() {
    let granted = Callback::parse("code=inventedCode%2A1%214321.s1&scopes=user.info.basic&state=s");
    let Ok(Callback::Granted { code, scopes, state }) = granted else { panic!("{granted:?}") };
    assert_eq!(code.expose(), "inventedCode*1!4321.s1", "decoded exactly once");
    assert_eq!((scopes.as_slice(), state.as_deref()), (&[Scope::UserInfoBasic][..], Some("s")));

    let query = "error=invalid_scope&error_type=scope&error_description=No+way&state=s";
    let Ok(Callback::Denied { error, description, error_type, .. }) = Callback::parse(query) else { panic!() };
    assert_eq!((error.as_str(), error_type.as_deref()), ("invalid_scope", Some("scope")));
    assert_eq!(description.as_deref(), Some("No way"));
    for query in ["", "state=s", "code=&state=s"] {
        assert_eq!(Callback::parse(query).unwrap_err(), CallbackError);
    }
}

#[test]
fn scopes_keep_what_they_do_not_know() {
    let scopes = Scopes::parse("message.list.read,,biz.creator.info message.list.send");
    assert_eq!(scopes.to_string(), "message.list.read,biz.creator.info,message.list.send");
    assert!(scopes.contains(&Scope::Other("biz.creator.info".to_owned())));
}

//! What a browser does in a world: signs in, goes to TikTok's consent page and comes back.

use std::time::Duration;

use domain::{Id, workspace::Workspace};
use message_gateway::auth::Secret;

use crate::harness::World;

impl World {
    /// A browser in which the owner is signed in: its cookie.
    pub(crate) async fn sign_in(&self) -> String {
        self.sign_in_to(self.workspace().await).await
    }

    /// The same in another workspace.
    pub(crate) async fn sign_in_to(&self, workspace: Id<Workspace>) -> String {
        let owner = self.store().members(workspace).await.unwrap().into_iter().next().unwrap();
        let secret = Secret::generate("");
        let ends = self.clock.now().plus(Duration::from_hours(24));
        self.store().create_session(secret.hash(), owner.user.id, workspace, ends).await.unwrap();
        format!("mg_session={}", secret.expose())
    }

    /// Goes to the consent page, ticks the scopes that `ticked` wants, agrees, and comes back. Gives where the browser ends.
    pub(crate) async fn consent(&self, cookie: &str, business: &str, ticked: impl Fn(&str) -> bool) -> String {
        let page = self.begin(cookie).await;
        self.agree(cookie, &page, business, ticked).await
    }

    /// Ticks, agrees and comes back from a consent page.
    pub(crate) async fn agree(
        &self,
        cookie: &str,
        page: &reqwest::Url,
        business: &str,
        ticked: impl Fn(&str) -> bool,
    ) -> String {
        let asked: Vec<(String, String)> = page.query_pairs().into_owned().collect();
        let scopes = asked.iter().find(|(name, _)| name == "scope").map(|(_, value)| value.clone()).unwrap();
        let mut form = asked.clone();
        form.push(("account".to_owned(), business.to_owned()));
        form.push(("decision".to_owned(), "authorize".to_owned()));
        form.extend(
            scopes.split(',').filter(|scope| ticked(scope)).map(|scope| ("granted".to_owned(), scope.to_owned())),
        );
        let back = self.decide(&form).await;
        self.come_back(cookie, &back).await
    }

    /// `/auth/connect`: the address of the consent page.
    pub(crate) async fn begin(&self, cookie: &str) -> reqwest::Url {
        self.begin_at(cookie, "/auth/connect?kind=business").await
    }

    /// The same from another address of ours.
    pub(crate) async fn begin_at(&self, cookie: &str, path: &str) -> reqwest::Url {
        let answer = self.http.get(format!("{}{path}", self.base)).header("cookie", cookie).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        location(&answer).parse().unwrap()
    }

    /// Sends the consent form and gives the address that TikTok redirects to.
    pub(crate) async fn decide(&self, form: &[(String, String)]) -> String {
        let answer = self.http.post(format!("{}/v2/auth/authorize/", self.sim_base)).form(form).send().await.unwrap();
        assert!(answer.status().is_redirection(), "{}", answer.status());
        location(&answer)
    }

    /// Follows TikTok's redirect to the callback, and gives where the gateway sends the browser.
    pub(crate) async fn come_back(&self, cookie: &str, callback: &str) -> String {
        let callback = reqwest::Url::parse(callback).unwrap();
        assert_eq!(callback.path().trim_end_matches('/'), "/auth/callback");
        let url = format!("{}{}?{}", self.base, callback.path(), callback.query().unwrap());
        let answer = self.http.get(url).header("cookie", cookie).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        location(&answer)
    }
}

fn location(answer: &reqwest::Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

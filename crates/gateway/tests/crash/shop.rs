//! Opens the shop of a world: its first owner signs in, connects it, and every customer writes once.

use std::{collections::HashMap, path::Path};

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{
    CustomerMessage, DEFAULT_APP_ID, NewBusiness, NewCustomer,
    respondio::{IdUnit, NewChannel, NewWorkspace, Settings},
};

use crate::{
    people::{CUSTOMERS, SHOP, customer},
    world::{Through, World},
};

impl World {
    /// Connects the shop; every customer writes once, and is known.
    pub(crate) async fn open_shop(&mut self, through: Through) {
        self.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
        match through {
            Through::Tiktok => self.connect_tiktok().await,
            Through::Respondio => self.connect_respondio().await,
        }
        let mut known = Vec::new();
        for number in 0..CUSTOMERS {
            let name = customer(number);
            self.sim.create_customer(NewCustomer::new(&name, &name)).unwrap();
            let first = CustomerMessage::text(&name, SHOP, &format!("c{number}-first"));
            known.push((name, self.sim.customer_writes(&first).unwrap().conversation_id));
        }
        let all = || async {
            let page = self.try_get("/api/v1/conversations?limit=100").await?;
            let items = page["items"].as_array().unwrap();
            let is_of = |item: &Value, name: &str, id: &str| match through {
                Through::Tiktok => item["providerConversationId"] == id,
                // It has names of its own for conversations.
                Through::Respondio => item["contact"]["displayName"] == name,
            };
            let id = |(name, external): &(String, String)| {
                let item = items.iter().find(|item| is_of(item, name, external))?;
                Some((item["id"].as_str().unwrap().parse().unwrap(), external.clone()))
            };
            known.iter().map(id).collect::<Option<Vec<_>>>()
        };
        self.conversations = self.until("every customer's conversation", all).await;
    }

    /// Through the consent page.
    async fn connect_tiktok(&self) {
        let cookie = self.sign_in().await;
        let page = self.redirect("/auth/connect?kind=business", &cookie).await;
        let asked: HashMap<_, _> = page.query_pairs().into_owned().collect();
        let code = self.sim.consent(SHOP, DEFAULT_APP_ID, &asked["redirect_uri"]).unwrap();
        let mut back = page.clone();
        back.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", &asked["state"]);
        let end = self.redirect(&format!("/auth/callback?{}", back.query().unwrap()), &cookie).await;
        assert!(end.query().unwrap_or_default().starts_with("connected=acc_"), "{end}");
    }

    /// As a channel of a workspace, by its access token. Its ids tell times to the millisecond, so that ledgers can be compared.
    async fn connect_respondio(&self) {
        let settings = Settings { id_unit: IdUnit::Milliseconds, ..Settings::default() };
        let workspace = self.sim.create_respondio_workspace(NewWorkspace { settings, ..NewWorkspace::default() });
        let new = NewChannel { business: SHOP.to_owned(), name: None };
        let channel = self.sim.add_respondio_channel(workspace.id, &new).unwrap().id;
        let spaces = "/api/v1/respondio/spaces";
        let space = self.post(spaces, &json!({"token": workspace.tokens[0]})).await;
        let accounts = format!("{spaces}/{}/accounts", space["id"].as_str().unwrap());
        self.post(&accounts, &json!({"channelId": channel.to_string()})).await;
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.api(Method::POST, path).json(body).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{path}");
        answer.json().await.unwrap()
    }

    /// Sets the first owner up, and gives the cookie of their browser.
    async fn sign_in(&self) -> String {
        let file = self.folder.path().join("data/first-run-link");
        let link = self.until("the first owner's link", || async { self.link(&file) }).await;
        let setup = json!({"name": "Ploy", "email": "ploy@example.com", "password": "correct horse battery staple"});
        let request = self.http.post(format!("http://{}/api/v1/session/link", self.front.address));
        let request = request.header("origin", format!("http://{}", self.front.address));
        let answer = request.json(&json!({"token": link, "setup": setup})).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn link(&self, file: &Path) -> Option<String> {
        // In a name space of its own, a gateway sees other files than we do.
        let pid = self.gateways.iter().flatten().map(|(process, _)| process.pid()).next()?;
        let seen = Path::new("/proc").join(pid.to_string()).join("root");
        let text = std::fs::read_to_string(seen.join(file.strip_prefix("/").unwrap())).ok()?;
        text.trim().split_once('#').map(|(_, secret)| secret.to_owned())
    }

    async fn redirect(&self, path: &str, cookie: &str) -> reqwest::Url {
        let here = format!("http://{}{path}", self.front.address);
        let answer = self.http.get(&here).header("cookie", cookie).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{path}");
        let here: reqwest::Url = here.parse().unwrap();
        here.join(answer.headers()["location"].to_str().unwrap()).unwrap()
    }
}

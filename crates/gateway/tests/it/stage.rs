//! A world with one connected account, an owner's browser, and customers who write by signed webhook: for the API and the sockets,
//! which need no answers from TikTok.

use domain::{account::Account, identity::Member};
use message_gateway::auth::hash_of;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    harness::{API_SECRET, FIXTURE_ACCOUNT, World, answer},
    socket::{Refused, Socket},
};

/// See the module.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) account: Account,
    pub(crate) owner: Member,
    pub(crate) cookie: String,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let world = World::new().await;
        let account = world.adopt(FIXTURE_ACCOUNT).await;
        let cookie = world.sign_in().await;
        let owner = world.store().members(world.workspace().await).await.unwrap().remove(0);
        Self { world, account, owner, cookie }
    }

    /// The customer of conversation `conversation` writes `words` now; `message` names it.
    pub(crate) async fn customer_writes(&self, conversation: &str, message: &str, words: &str) {
        let content = json!({
            "from": "nong.mali.demo",
            "to": "baan.kafe.demo",
            "unique_identifier": format!("uid+of/{conversation}"),
            "from_user": {"id": format!("uid+of/{conversation}"), "role": "personal_account"},
            "to_user": {"id": FIXTURE_ACCOUNT, "role": "business_account"},
            "conversation_id": conversation,
            "message_id": message,
            "timestamp": self.world.clock.now().as_millis(),
            "type": "text",
            "text": {"body": words},
        });
        self.webhook("im_receive_msg", &content).await;
    }

    /// Any event of TikTok's.
    pub(crate) async fn webhook(&self, event: &str, content: &Value) {
        let body = json!({
            "client_key": simulator::DEFAULT_APP_ID,
            "event": event,
            "create_time": self.world.clock.now().as_secs(),
            "user_openid": FIXTURE_ACCOUNT,
            "content": content.to_string(),
        });
        assert_eq!(self.world.deliver(body.to_string().as_bytes()).await, 200);
    }

    /// A key of its own for a program: its secret.
    pub(crate) async fn key(&self, secret: &str, scope: domain::identity::KeyScope) -> domain::identity::ApiKey {
        let workspace = self.owner.workspace.id;
        self.world.store().create_api_key(workspace, hash_of(secret), "mgk_", "program", scope, None).await.unwrap()
    }

    /// A request without any credentials.
    pub(crate) fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.world.http.request(method, format!("{}{path}", self.world.base))
    }

    /// A request of the owner's browser.
    pub(crate) fn by_owner(&self, method: Method, path: &str) -> RequestBuilder {
        self.anonymous(method, path).header("origin", &self.world.base).header("cookie", &self.cookie)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = answer(self.world.api("GET", path)).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.world.api("POST", path).json(&body)).await
    }

    /// The id of the conversation that TikTok calls `external`.
    pub(crate) async fn conversation(&self, external: &str) -> String {
        let page = self.get("/api/v1/conversations?limit=100").await;
        let found = page["items"].as_array().unwrap().iter().find(|item| item["providerConversationId"] == external);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// A socket with the configured token, from `after` on.
    pub(crate) async fn socket(&self, after: Option<i64>) -> Socket {
        self.socket_with(json!({"token": API_SECRET, "after": after})).await
    }

    /// A socket with any `auth`.
    pub(crate) async fn socket_with(&self, auth: Value) -> Socket {
        Socket::open(&self.world.base, auth, &[]).await.unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    /// A socket of the owner's browser.
    pub(crate) async fn browser_socket(&self) -> Result<Socket, Refused> {
        let headers = [("cookie", self.cookie.clone()), ("origin", self.world.base.clone())];
        Socket::open(&self.world.base, json!({}), &headers).await
    }

    /// Ends the gateway in order.
    pub(crate) async fn strike(self) {
        self.world.gateway.stop().await.unwrap();
    }
}

/// The last part of a problem's type.
pub(crate) fn slug(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

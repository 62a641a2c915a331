//! All routes of a simulator, and how they are served.

use std::future::Future;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::net::TcpListener;

use crate::connection::{Connection, Cuttable};
use crate::sim_api::guard::AllowedHosts;
use crate::simulator::Simulator;
use crate::{console, platform, respondio, sim_api};

impl Simulator {
    /// All routes: platform, control, console. Use [`Simulator::serve`] where possible: only it can cut connections
    /// without a trace and sends webhooks by itself.
    pub fn router(&self) -> Router {
        let hosts = AllowedHosts(self.config().allowed_hosts.clone().into());
        let platform = platform::routes().layer(axum::middleware::from_fn_with_state(self.clone(), dated));
        let routes = platform.merge(respondio::routes()).merge(sim_api::routes()).merge(console::routes());
        routes.layer(axum::Extension(hosts)).with_state(self.clone())
    }

    /// Serves until `shutdown` ends, delivering webhooks meanwhile (with a system clock).
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) -> std::io::Result<()> {
        let port = listener.local_addr()?.port();
        if self.config().public_url.is_none() {
            self.with(|state| state.base_url = format!("http://localhost:{port}"));
        }
        let closing = self.closing().clone();
        let service = self.router().into_make_service_with_connect_info::<Connection>();
        let server = async {
            let served = axum::serve(Cuttable(listener), service)
                .with_graceful_shutdown(closing.clone().cancelled_owned())
                .await;
            closing.cancel();
            served
        };
        let stop = async {
            tokio::select! {
                () = shutdown => closing.cancel(),
                () = closing.cancelled() => {}
            }
        };
        let (outcome, (), ()) = tokio::join!(server, self.deliver_forever(), stop);
        outcome
    }
}

/// The `Date` of TikTok's answers is TikTok's time, which the receiver of its signatures compares with its own.
async fn dated(State(sim): State<Simulator>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = jiff::Timestamp::from_millisecond(sim.clock().wall_ms()).ok();
    let text = now.and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok());
    if let Some(date) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

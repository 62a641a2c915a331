//! The line between a client and an endpoint: which fault strikes a call, the cut connection, the log of calls.
//! Shared by both platforms' dispatchers.

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::connection::Connection;
use crate::simulator::Simulator;
use crate::state::calls::Call;
use crate::state::faults::{Fault, FaultKind};

/// One call on its way: what strikes it, and its entry in the log.
#[derive(Debug)]
pub(super) struct Line<'a> {
    sim: &'a Simulator,
    method: Method,
    path: String,
    query: String,
    endpoint: &'static str,
    connection: Option<Connection>,
    fault: Option<Fault>,
}

impl<'a> Line<'a> {
    /// Takes a call for an endpoint; the empty name is no endpoint.
    pub(super) fn new(sim: &'a Simulator, request: &Request, endpoint: &'static str) -> Self {
        let connection = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.clone());
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let query = request.uri().query().unwrap_or_default().to_owned();
        Self { sim, method, path, query, endpoint, connection, fault: None }
    }

    /// Lets a fault strike; waits here when one says so. `with_token`: "revoked" concerns such calls only, since OAuth is the way out.
    pub(super) async fn struck(self, with_token: bool) -> Self {
        let fault = strike(self.sim, self.endpoint, &self.path).await;
        Self { fault: fault.filter(|fault| fault.kind != FaultKind::Revoked || with_token), ..self }
    }

    pub(super) fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// The end of a call that a fault does not let through at all.
    pub(super) fn blocked(&self) -> Option<Response> {
        let fault = self.fault.as_ref()?;
        match fault.kind {
            FaultKind::ResetBefore => {
                self.log(0, 0, "", "");
                Some(self.cut())
            }
            FaultKind::HttpStatus => {
                let status = fault.value.and_then(|value| u16::try_from(value).ok());
                let status = status.and_then(|value| StatusCode::from_u16(value).ok());
                let status = status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
                self.log(status.as_u16(), 0, "", "");
                let page = "<html><body>upstream error</body></html>";
                Some((status, [(header::CONTENT_TYPE, "text/html")], page).into_response())
            }
            _ => None,
        }
    }

    /// Answers in JSON, or does not, when a fault keeps the answer back.
    pub(super) async fn answer(
        &self,
        status: StatusCode,
        code: i64,
        message: &str,
        id: &str,
        body: String,
    ) -> Response {
        match self.fault.as_ref().map(|fault| fault.kind) {
            Some(FaultKind::ResetAfter) => {
                self.log(0, code, message, id);
                self.cut()
            }
            Some(FaultKind::LoseAnswer) => {
                self.log(0, code, message, id);
                // The caller gives up first, or the simulator shuts down.
                self.sim.closing().cancelled().await;
                self.cut()
            }
            _ => {
                self.log(status.as_u16(), code, message, id);
                (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
            }
        }
    }

    fn cut(&self) -> Response {
        cut(self.connection.as_ref())
    }

    fn log(&self, status: u16, code: i64, message: &str, request_id: &str) {
        let call = Call {
            id: 0,
            at: self.sim.now_ms(),
            method: self.method.to_string(),
            path: self.path.clone(),
            query: self.query.clone(),
            endpoint: self.endpoint.to_owned(),
            status,
            code,
            message: message.to_owned(),
            request_id: request_id.to_owned(),
            fault: self.fault.as_ref().map(|fault| fault.kind.name()),
        };
        self.sim.with(|state| state.calls.add(call));
        self.sim.tell("call", "");
    }
}

/// Ends the connection without an answer. Where the router is not run by `Simulator::serve`, a body that breaks off must do.
pub(crate) fn cut(connection: Option<&Connection>) -> Response {
    if let Some(connection) = connection {
        connection.cut();
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let broken = futures_util::stream::once(async {
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Response::builder().header(header::CONTENT_LENGTH, 64).body(Body::from_stream(broken)).unwrap_or_default()
}

/// The fault that strikes a call; a delay is waited for first, in real time.
pub(crate) async fn strike(sim: &Simulator, name: &str, path: &str) -> Option<Fault> {
    if let Some(delay) = sim.with(|state| state.faults.strike(name, path, &[FaultKind::Delay])) {
        let wait = u64::try_from(delay.value.unwrap_or(1000)).unwrap_or(0);
        tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    }
    let kinds = [
        FaultKind::ResetBefore,
        FaultKind::HttpStatus,
        FaultKind::Code,
        FaultKind::RateLimit,
        FaultKind::Revoked,
        FaultKind::ResetAfter,
        FaultKind::LoseAnswer,
    ];
    sim.with(|state| state.faults.strike(name, path, &kinds))
}

//! Logs and metrics: one place that sets both up, called by the commands before anything else.

use std::{io::IsTerminal as _, net::SocketAddr};

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::lifecycle::Lifecycle;

/// What is logged unless `RUST_LOG` says otherwise.
const DEFAULT_FILTER: &str = "info,hyper=warn,sqlx=warn,engineioxide=warn,socketioxide=warn";

/// Logs to standard error: for people on a terminal, as JSON lines elsewhere. `RUST_LOG` filters. A second call changes nothing.
pub fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if std::io::stderr().is_terminal() {
        registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false)).try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).try_init()
    };
    // Whoever embeds us may have set up their own.
    drop(started);
}

/// Why there are no metrics.
#[derive(Debug, thiserror::Error)]
#[error("the metrics listener can't be started")]
pub struct MetricsError(#[from] BuildError);

/// Serves metrics for Prometheus on a listener of their own, which has no login: bind it where only Prometheus gets.
///
/// # Errors
/// The recorder can't be set up.
pub fn start_metrics(address: SocketAddr, lifecycle: &Lifecycle) -> Result<(), MetricsError> {
    let (recorder, exporter) = PrometheusBuilder::new().with_http_listener(address).build()?;
    metrics::set_global_recorder(recorder).map_err(BuildError::FailedToSetGlobalRecorder)?;
    let (stop, ended) = (lifecycle.token(), lifecycle.clone());
    lifecycle.spawn("metrics", async move {
        tokio::select! {
            () = stop.cancelled() => {}
            served = exporter => if served.is_err() { ended.fail("metrics", "the listener failed; is METRICS_ADDR free?") }
        }
    });
    Ok(())
}

//! The binary as a process: started with a clock of the test's, perhaps with an appointment to die, and buried without a trace.

use std::{
    net::SocketAddr,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::place::Place;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::oneshot,
};
use tokio_util::task::AbortOnDropHandle;

use crate::task::beside;

/// How long a start or an end may take before the test fails. Only ever reached by a test that fails.
const PATIENCE: Duration = Duration::from_mins(2);
/// Lines of its log that a failure shows.
const SHOWN: usize = 60;

/// How to start one.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// What stands before the binary, such as a command that enters a namespace.
    pub(crate) before: Vec<String>,
    /// The command and its arguments.
    pub(crate) arguments: Vec<&'static str>,
    /// Its whole environment.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// Where it runs.
    pub(crate) folder: PathBuf,
}

/// Where a process may die on the way of a reply.
pub(crate) const ON_A_REPLYS_WAY: [Place; 10] = [
    Place::QueueWritten,
    Place::QueueCommitted,
    Place::ClaimWritten,
    Place::ClaimCommitted,
    Place::BeginWritten,
    Place::BeginCommitted,
    Place::SendLeaving,
    Place::SendAnswered,
    Place::SettleWritten,
    Place::SettleCommitted,
];

/// An appointment to die: where, and at which time that the process comes by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DieAt {
    pub(crate) place: Place,
    pub(crate) nth: u32,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// At the place that it was told.
    AtPlace,
    /// By SIGKILL from outside.
    Killed,
    /// By itself, with this exit code.
    Code(i32),
}

/// A process that was started.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pid: u32,
    log: Arc<Mutex<Vec<String>>>,
    ready: Option<oneshot::Receiver<SocketAddr>>,
    _reader: AbortOnDropHandle<()>,
}

impl Setup {
    /// Starts it.
    pub(crate) fn spawn(&self, die_at: Option<DieAt>) -> Process {
        let binary = env!("CARGO_BIN_EXE_message-gateway");
        let mut words = self.before.iter().map(String::as_str).chain([binary]).chain(self.arguments.iter().copied());
        let mut command = Command::new(words.next().unwrap());
        command.args(words).env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if let Some(DieAt { place, nth }) = die_at {
            command.env("MESSAGE_GATEWAY_DIE_AT", format!("{}:{nth}", place.as_str()));
        }
        let mut child = command.kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&log);
        let (tell, ready) = oneshot::channel();
        let reader = beside(async move {
            let mut tell = Some(tell);
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains("\"ready\"")
                    && let Some(tell) = tell.take()
                {
                    let ready: Value = serde_json::from_str(&line).unwrap();
                    tell.send(ready["fields"]["address"].as_str().unwrap().parse().unwrap()).ok();
                }
                kept.lock().unwrap().push(line);
            }
        });
        let pid = child.id().unwrap();
        Process { child, pid, log, ready: Some(ready), _reader: reader }
    }
}

impl Process {
    /// Waits until it listens. `Err`: it ended before that.
    pub(crate) async fn ready(&mut self) -> Result<SocketAddr, End> {
        let ready = self.ready.take().expect("asked once");
        tokio::select! {
            Ok(address) = ready => Ok(address),
            end = self.end() => Err(end),
        }
    }

    /// Waits for its end.
    pub(crate) async fn end(&mut self) -> End {
        let waited = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = waited.unwrap_or_else(|_| panic!("it goes on and on: {}", self.log())).unwrap();
        self.bury();
        match (status.signal(), status.code()) {
            (Some(6), _) => End::AtPlace,
            (Some(9), _) => End::Killed,
            (None, Some(code)) => End::Code(code),
            other => panic!("ended by {other:?}: {}", self.log()),
        }
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self) {
        self.child.start_kill().unwrap();
        assert_eq!(self.end().await, End::Killed);
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn stop(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().await.unwrap();
        assert!(told.success());
        assert_eq!(self.end().await, End::Code(0), "{}", self.log());
    }

    /// The newest lines that it logged.
    pub(crate) fn log(&self) -> String {
        let log = self.log.lock().unwrap();
        log[log.len().saturating_sub(SHOWN)..].join("\n")
    }

    /// Where its own root is, with the file systems that only it sees.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// libfaketime leaves these behind when its process is killed.
    fn bury(&self) {
        for name in [format!("faketime_shm_{}", self.pid), format!("sem.faketime_sem_{}", self.pid)] {
            drop(std::fs::remove_file(PathBuf::from("/dev/shm").join(name)));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.bury();
    }
}

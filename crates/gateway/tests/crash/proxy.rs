//! What stands between a gateway and its PostgreSQL, and can be cut: all of it, or one connection at an exact moment.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::task::AbortOnDropHandle;

use crate::task::beside;

/// The writer's COMMIT and its question what became of it, which travel together.
const COMMIT: &[u8] = b"COMMIT; SELECT pg_xact_status";

/// When a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The COMMIT never leaves.
    BeforeCommit,
    /// The COMMIT leaves; nobody waits for it.
    AfterCommit,
    /// The server has committed and said so; nobody hears it.
    BeforeAnswer,
    /// After any packet of the client.
    AnyPacket,
}

/// A cut that is to come.
#[derive(Debug, Clone, Copy)]
struct Plan {
    cut: Cut,
    /// So many times it is spared.
    spared: u32,
}

#[derive(Debug)]
struct Shared {
    plan: Mutex<Option<Plan>>,
    is_open: watch::Sender<bool>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
    _task: AbortOnDropHandle<()>,
}

impl Proxy {
    /// In front of the server at `server` of this machine.
    pub(crate) async fn open(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared { plan: Mutex::new(None), is_open: watch::Sender::new(true) });
        let task = beside(accept(listener, server, Arc::clone(&shared)));
        Self { port, shared, _task: task }
    }

    /// Cuts every connection and lets nobody through, or lets everybody through again.
    pub(crate) fn set_open(&self, open: bool) {
        self.shared.is_open.send_replace(open);
    }

    /// Cuts one connection, the `nth` time (from 1) that the moment comes.
    pub(crate) fn cut_at(&self, cut: Cut, nth: u32) {
        *self.shared.plan.lock().unwrap() = Some(Plan { cut, spared: nth - 1 });
    }

    /// Takes a planned cut back.
    pub(crate) fn spare(&self) {
        *self.shared.plan.lock().unwrap() = None;
    }

    /// Whether the last planned cut was made.
    pub(crate) fn has_cut(&self) -> bool {
        self.shared.plan.lock().unwrap().is_none()
    }
}

impl Shared {
    /// The cut to make on this packet of a client, if any.
    fn falls_on(&self, packet: &[u8]) -> Option<Cut> {
        let mut planned = self.plan.lock().unwrap();
        let plan = planned.as_mut()?;
        if plan.cut != Cut::AnyPacket && !packet.windows(COMMIT.len()).any(|part| part == COMMIT) {
            return None;
        }
        if let Some(left) = plan.spared.checked_sub(1) {
            plan.spared = left;
            return None;
        }
        planned.take().map(|plan| plan.cut)
    }
}

async fn accept(listener: TcpListener, server: u16, shared: Arc<Shared>) {
    let mut open = tokio::task::JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        while open.try_join_next().is_some() {}
        if *shared.is_open.borrow() {
            let shared = Arc::clone(&shared);
            open.spawn(async move {
                let mut is_open = shared.is_open.subscribe();
                tokio::select! {
                    _ = is_open.wait_for(|open| !open) => {}
                    // An end that breaks off ends the other.
                    _ = pass(client, server, &shared) => {}
                }
            });
        }
    }
}

async fn pass(mut client: TcpStream, server: u16, shared: &Shared) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", server)).await?;
    let (mut up, mut down) = (vec![0; 256 * 1024], vec![0; 256 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let packet = &up[..read?];
                if packet.is_empty() {
                    return Ok(());
                }
                let cut = shared.falls_on(packet);
                if cut != Some(Cut::BeforeCommit) {
                    server.write_all(packet).await?;
                }
                if cut == Some(Cut::BeforeAnswer) {
                    server.readable().await?;
                }
                if cut.is_some() {
                    return Ok(());
                }
            }
            read = server.read(&mut down) => {
                let packet = &down[..read?];
                if packet.is_empty() {
                    return Ok(());
                }
                client.write_all(packet).await?;
            }
        }
    }
}

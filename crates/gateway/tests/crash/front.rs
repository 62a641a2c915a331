//! The one address behind which the gateways come and go, as a load balancer would be: each connection goes to one that lives, and ends
//! with it.

use std::net::SocketAddr;

use rand::{SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::task::AbortOnDropHandle;

use crate::task::beside;

/// See the module.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    living: watch::Sender<Vec<SocketAddr>>,
    _task: AbortOnDropHandle<()>,
}

impl Front {
    /// Listens; nobody lives yet.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let living = watch::Sender::new(Vec::new());
        let task = beside(accept(listener, living.subscribe()));
        Self { address, living, _task: task }
    }

    /// Who lives from now on.
    pub(crate) fn set(&self, living: Vec<SocketAddr>) {
        self.living.send_replace(living);
    }

    /// Hears of comings and goings.
    pub(crate) fn watch(&self) -> watch::Receiver<Vec<SocketAddr>> {
        self.living.subscribe()
    }
}

async fn accept(listener: TcpListener, living: watch::Receiver<Vec<SocketAddr>>) {
    // By lot: taking turns falls into step with callers who come in turns, and then one gateway gets all of one kind.
    let mut lot = StdRng::seed_from_u64(1);
    let mut open = tokio::task::JoinSet::new();
    loop {
        let (mut outside, _) = listener.accept().await.unwrap();
        while open.try_join_next().is_some() {}
        let mut changes = living.clone();
        let target = changes.borrow_and_update().choose(&mut lot).copied();
        if let Some(target) = target {
            open.spawn(async move {
                if let Ok(mut inside) = TcpStream::connect(target).await {
                    tokio::select! {
                        // Either end may be killed at any time.
                        _ = copy_bidirectional(&mut outside, &mut inside) => {}
                        // Shared out anew, or who was started last would never be asked.
                        _ = changes.changed() => {}
                    }
                }
            });
        }
    }
}

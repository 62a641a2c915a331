//! A door in front of TikTok that a test can close: then nobody listens at its address, as when a network is down.

use std::net::SocketAddr;

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Mutex, oneshot},
    task::JoinHandle,
};

/// See the module. It lets through to whoever [`leads_to`](Self::leads_to) names.
pub(crate) struct Gate {
    address: SocketAddr,
    to: Mutex<Option<SocketAddr>>,
    open: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl Gate {
    /// A gate with an address, closed and leading nowhere yet.
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, to: Mutex::new(None), open: Mutex::new(None) }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) async fn leads_to(&self, to: SocketAddr) {
        *self.to.lock().await = Some(to);
        self.open().await;
    }

    /// Listens again, at the same address.
    pub(crate) async fn open(&self) {
        let to = self.to.lock().await.expect("it leads somewhere");
        let listener = TcpListener::bind(self.address).await.unwrap();
        let (end, mut ended) = oneshot::channel::<()>();
        #[expect(
            clippy::disallowed_methods,
            reason = "the gate stands outside the gateway's life cycle; close() waits for it"
        )]
        let task = tokio::spawn(async move {
            let mut through = tokio::task::JoinSet::new();
            loop {
                tokio::select! {
                    _ = &mut ended => return,
                    accepted = listener.accept() => {
                        let Ok((mut near, _)) = accepted else { continue };
                        through.spawn(async move {
                            let mut far = TcpStream::connect(to).await?;
                            tokio::io::copy_bidirectional(&mut near, &mut far).await
                        });
                    }
                }
            }
        });
        *self.open.lock().await = Some((end, task));
    }

    /// Ends all connections, and refuses new ones.
    pub(crate) async fn close(&self) {
        if let Some((end, task)) = self.open.lock().await.take() {
            drop(end);
            task.await.unwrap();
        }
    }
}

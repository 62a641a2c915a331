//! A socket that listens all the time: whenever its gateway dies it connects to one that lives and resumes by the last `seq` it heard.
//! Socket.IO over polling; what stands in an answer that was cut off was not heard.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

use crate::{people::API_SECRET, task::beside, world::World};

/// Until it tries again to connect.
const TRY_AGAIN: Duration = Duration::from_millis(20);

/// What was heard.
#[derive(Debug, Default, Clone)]
pub(crate) struct Heard {
    /// Everything up to here.
    pub(crate) cursor: i64,
    /// The numbers of all events, in order.
    pub(crate) seqs: Vec<i64>,
    /// The ids of messages that were told as new.
    announced: BTreeSet<String>,
    /// What must not happen: an event twice, a message announced twice, a cursor of no use.
    pub(crate) wrong: Vec<String>,
    /// How often it connected.
    pub(crate) connects: usize,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Ear {
    heard: Arc<Mutex<Heard>>,
    /// From where on.
    pub(crate) from: i64,
    _task: AbortOnDropHandle<()>,
}

impl Ear {
    /// Hears everything from now on.
    pub(crate) async fn open(world: &World) -> Self {
        let from = world.get("/api/v1/events").await["next"].as_i64().unwrap();
        let heard = Arc::new(Mutex::new(Heard { cursor: from, ..Heard::default() }));
        let task = beside(listen(world.front.watch(), Arc::clone(&heard)));
        Self { heard, from, _task: task }
    }

    /// What was heard so far.
    pub(crate) fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }
}

async fn listen(mut living: watch::Receiver<Vec<SocketAddr>>, heard: Arc<Mutex<Heard>>) {
    loop {
        let all = living.wait_for(|living| !living.is_empty()).await.unwrap().clone();
        let turn = heard.lock().unwrap().connects;
        // Whatever ends the connection, the next one goes on from the cursor.
        drop(follow(all[turn % all.len()], &heard).await);
        heard.lock().unwrap().connects += 1;
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

/// Connects and listens until the connection ends.
async fn follow(gateway: SocketAddr, heard: &Mutex<Heard>) -> reqwest::Result<()> {
    // Longer than the pause between two pings.
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(40)).build()?;
    let address = format!("http://{gateway}/socket.io/?EIO=4&transport=polling");
    let open = text(http.get(&address)).await?;
    let open: Value = serde_json::from_str(&open[1..]).unwrap();
    let address = format!("{address}&sid={}", open["sid"].as_str().unwrap());
    let cursor = heard.lock().unwrap().cursor;
    let auth = json!({"token": API_SECRET, "after": cursor});
    text(http.post(&address).body(format!("40{auth}"))).await?;
    loop {
        let packets = text(http.get(&address)).await?;
        for packet in packets.split('\u{1e}') {
            match packet.split_at_checked(2) {
                Some(("42", event)) => hear(&mut heard.lock().unwrap(), event),
                // Not let in, or sent away.
                Some(("44" | "41", _)) => return Ok(()),
                _ if packet == "2" => drop(text(http.post(&address).body("3")).await?),
                _ if packet == "1" => return Ok(()),
                _ => {}
            }
        }
    }
}

async fn text(request: reqwest::RequestBuilder) -> reqwest::Result<String> {
    request.send().await?.error_for_status()?.text().await
}

fn hear(heard: &mut Heard, event: &str) {
    let (name, data): (String, Value) = serde_json::from_str(event).unwrap();
    let Some(seq) = data["seq"].as_i64() else { return };
    if name == "resume" {
        if data["reset"] == true {
            heard.wrong.push(format!("the cursor {} was of no use", heard.cursor));
        }
        heard.cursor = heard.cursor.max(seq);
        return;
    }
    if seq <= heard.cursor {
        heard.wrong.push(format!("event {seq} was told after {}", heard.cursor));
    }
    heard.cursor = heard.cursor.max(seq);
    heard.seqs.push(seq);
    let announced = name == "message" && !heard.announced.insert(data["id"].to_string());
    if announced {
        heard.wrong.push(format!("event {seq} announced a message again: {data}"));
    }
}

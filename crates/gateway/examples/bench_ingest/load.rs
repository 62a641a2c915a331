//! The load: connections that send one signed webhook after the other and wait for each answer.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Serialize;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// App id and secret that the gateway is started with.
pub(crate) const APP_ID: &str = "7411000000000000042";
/// See [`APP_ID`].
pub(crate) const SECRET: &str = "bench-secret-not-for-production";
/// The business account that all messages are for.
pub(crate) const OPEN_ID: &str = "-000BenchBizOpenId42a";
/// Customers who write in turn.
const CUSTOMERS: u64 = 1_000;

/// How much to send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// At the same time.
    pub(crate) connections: usize,
    /// For so long.
    pub(crate) time: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    /// Requests answered 200.
    pub(crate) acknowledged: u64,
    /// Per second.
    pub(crate) per_second: f64,
    /// Half of all answers came within, in milliseconds.
    pub(crate) p50_ms: f64,
    /// 99 of 100 answers came within, in milliseconds.
    pub(crate) p99_ms: f64,
}

impl Load {
    /// Sends until the time is over and waits for the last answers.
    ///
    /// # Errors
    /// A connection's, or an answer that is not 200.
    pub(crate) async fn run(self, address: SocketAddr) -> io::Result<Outcome> {
        let numbers = Arc::new(AtomicU64::new(0));
        let run: u32 = rand::random();
        let mut connections = JoinSet::new();
        let begin = Instant::now();
        for _ in 0..self.connections {
            let numbers = Arc::clone(&numbers);
            connections.spawn(async move { send(address, run, &numbers, begin + self.time).await });
        }
        let mut took = Vec::new();
        while let Some(connection) = connections.join_next().await {
            took.extend(connection.map_err(io::Error::other)??);
        }
        let elapsed = begin.elapsed();
        took.sort_unstable();
        let acknowledged = took.len() as u64;
        Ok(Outcome {
            acknowledged,
            #[expect(clippy::cast_precision_loss, reason = "a count of requests is far below 2^52")]
            per_second: acknowledged as f64 / elapsed.as_secs_f64(),
            p50_ms: percentile(&took, 50),
            p99_ms: percentile(&took, 99),
        })
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(0.0, |took| took.as_secs_f64() * 1000.0)
}

async fn send(address: SocketAddr, run: u32, numbers: &AtomicU64, until: Instant) -> io::Result<Vec<Duration>> {
    let mut connection = TcpStream::connect(address).await?;
    connection.set_nodelay(true)?;
    let mut took = Vec::new();
    let mut answer = vec![0; 4096];
    while Instant::now() < until {
        let request = request(address, run, numbers.fetch_add(1, Ordering::Relaxed));
        let begin = Instant::now();
        connection.write_all(&request).await?;
        read_answer(&mut connection, &mut answer).await?;
        took.push(begin.elapsed());
    }
    Ok(took)
}

/// Reads one answer with a known length to its end.
async fn read_answer(connection: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    loop {
        let read = connection.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Err(io::Error::other("the server closed the connection"));
        }
        filled += read;
        if let Some(end) = buffer[..filled].windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            if !head.starts_with("http/1.1 200") {
                return Err(io::Error::other(format!("answered {}", head.lines().next().unwrap_or_default())));
            }
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .and_then(|length| length.parse().ok())
                .unwrap_or(0_usize);
            if filled >= end + 4 + length {
                return Ok(());
            }
        }
    }
}

/// One webhook as TikTok sends it, with a message of its own, signed now.
fn request(address: SocketAddr, run: u32, number: u64) -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "a load tool on the system's clock")]
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let customer = number % CUSTOMERS;
    let content = json!({
        "from": format!("customer.{customer}"),
        "to": "bench.shop",
        "unique_identifier": format!("bench+User/{run:08x}{customer:06}=="),
        "from_user": {"id": format!("bench+User/{run:08x}{customer:06}=="), "role": "personal_account"},
        "to_user": {"id": OPEN_ID, "role": "business_account"},
        "conversation_id": format!("bench+Conv/{run:08x}{customer:06}=="),
        "message_id": format!("bench+Msg/{run:08x}{number:012}=="),
        "timestamp": now_ms,
        "type": "text",
        "text": {"body": "สวัสดีค่ะ ร้านเปิดกี่โมงคะ 😊☕"},
        "scene_type": 0,
        "is_follower": true,
        "message_tag": {"source": "APP"},
    });
    let body = json!({
        "client_key": APP_ID,
        "event": "im_receive_msg",
        "create_time": now_ms / 1000,
        "user_openid": OPEN_ID,
        "content": content.to_string(),
    })
    .to_string();
    let signature = simulator::signature_header(SECRET, now_ms / 1000, body.as_bytes());
    let head = format!(
        "POST /webhook/tiktok HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/json\r\nTiktok-Signature: {signature}\r\nContent-Length: {}\r\n\r\n",
        address.port(),
        body.len(),
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

//! The time that gateways and TikTok see: the machine's, moved by the test. The binary sees it through Debian's libfaketime, in the
//! variant for programs with threads, which leaves the monotonic clock alone, as somebody who sets a clock does.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{Clock, Timestamp};

/// How fast time goes in a hurry. A gateway looks at its clock once a second and renews a lease of 60 seconds every 20, so it keeps up.
const HURRY: u32 = 25;

/// See the module. Clones share the time.
#[derive(Debug, Clone)]
pub(crate) struct Wall(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// How far TikTok's time is ahead of the machine's.
    tiktok_ms: AtomicI64,
    /// How far the gateways' clock is ahead of TikTok's.
    wrong_ms: AtomicI64,
    /// What libfaketime reads.
    file: PathBuf,
    library: PathBuf,
    begun: Instant,
    /// When time was last hurried on.
    hurried: Mutex<Instant>,
}

impl Wall {
    /// Starts at the machine's time. `folder` must outlive every gateway.
    pub(crate) fn new(folder: &Path) -> Self {
        let wall = Self(Arc::new(Inner {
            tiktok_ms: AtomicI64::new(0),
            wrong_ms: AtomicI64::new(0),
            file: folder.join("clock"),
            library: library(),
            begun: Instant::now(),
            hurried: Mutex::new(Instant::now()),
        }));
        wall.tell();
        wall
    }

    /// Time passes for everybody.
    pub(crate) fn advance(&self, by: Duration) {
        self.0.tiktok_ms.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
        self.tell();
    }

    /// Time passes faster: called again and again. `still`: not this once.
    pub(crate) fn hurry(&self, still: bool) {
        let now = Instant::now();
        let since = now - std::mem::replace(&mut *self.0.hurried.lock().unwrap(), now);
        if !still {
            self.advance(since.min(Duration::from_secs(1)) * (HURRY - 1));
        }
    }

    /// Sets the gateways' clock wrong by this much; TikTok's stays right.
    pub(crate) fn set_wrong_by_secs(&self, secs: i64) {
        self.0.wrong_ms.store(secs * 1000, Ordering::SeqCst);
        self.tell();
    }

    /// The environment that puts a process under this clock.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LD_PRELOAD", self.0.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.0.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }

    fn tell(&self) {
        let ahead = self.0.tiktok_ms.load(Ordering::SeqCst) + self.0.wrong_ms.load(Ordering::SeqCst);
        let sign = if ahead < 0 { '-' } else { '+' };
        let ahead = ahead.unsigned_abs();
        let fresh = self.0.file.with_extension("new");
        std::fs::write(&fresh, format!("{sign}{}.{:03}\n", ahead / 1000, ahead % 1000)).unwrap();
        std::fs::rename(fresh, &self.0.file).unwrap();
    }
}

impl simulator::Clock for Wall {
    fn now_ms(&self) -> i64 {
        Clock::system().now().as_millis() + self.0.tiktok_ms.load(Ordering::SeqCst)
    }

    fn set_ms(&self, ms: i64) {
        panic!("nobody moves TikTok's clock to {} but the test", Timestamp::from_millis(ms));
    }

    fn pace_ms(&self) -> i64 {
        i64::try_from(self.0.begun.elapsed().as_millis()).unwrap()
    }
}

fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let found = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|library| library.exists());
    found.expect("libfaketime is missing: run scripts/install.sh crash")
}

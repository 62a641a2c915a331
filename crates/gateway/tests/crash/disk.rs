//! A small disk that only the gateway sees: a file system in memory, in a mount name space that a helper process holds open. It is gone
//! with the helper, and the helper with the test, however that ends.

use std::{
    fs::File,
    io::{ErrorKind, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// Ends when its standard input does.
const HOLD: &str = r#"mount -t tmpfs -o "size=$1" tmpfs "$2" && echo mounted && exec cat"#;

/// See the module.
#[derive(Debug)]
pub(crate) struct Disk {
    helper: Child,
    filler: PathBuf,
    is_root: bool,
}

impl Disk {
    /// Mounts `mib` MiB at `folder`, which it makes.
    pub(crate) async fn mount(folder: &Path, mib: u32) -> Self {
        std::fs::create_dir(folder).unwrap();
        let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private"]);
        if !is_root {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["sh", "-c", HOLD, "sh", &format!("{mib}m")]).arg(folder).kill_on_drop(true);
        let mut helper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(helper.stdout.take().unwrap()).lines().next_line().await.unwrap();
        assert_eq!(said.as_deref(), Some("mounted"), "a file system can be mounted in a name space of its own");
        let root = Path::new("/proc").join(helper.id().unwrap().to_string()).join("root");
        let filler = root.join(folder.strip_prefix("/").unwrap()).join("filler");
        Self { helper, filler, is_root }
    }

    /// What stands before a command that is to see the disk.
    pub(crate) fn entrance(&self) -> Vec<String> {
        let mut words =
            vec!["nsenter".to_owned(), format!("--target={}", self.helper.id().unwrap()), "--mount".to_owned()];
        if !self.is_root {
            words.extend(["--user".to_owned(), "--preserve-credentials".to_owned()]);
        }
        words
    }

    /// Fills it to the last byte.
    pub(crate) fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(&self.filler).unwrap();
        for size in [64 * 1024, 4 * 1024, 1] {
            let bytes = vec![0; size];
            let error = loop {
                if let Err(error) = file.write_all(&bytes) {
                    break error;
                }
            };
            assert_eq!(error.kind(), ErrorKind::StorageFull);
        }
    }

    /// Gives the space back.
    pub(crate) fn free(&self) {
        std::fs::remove_file(&self.filler).unwrap();
    }
}

//! The release binary as a process.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    task::JoinHandle,
};

use super::Outcome;

/// Where browsers would find it; nobody looks there.
pub(super) const ORIGIN: &str = "http://127.0.0.1:3999";

/// Clock ticks in a second, as Linux counts the time of processes.
const TICKS: f64 = 100.0;

/// A server that runs; it ends with this value.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) addr: SocketAddr,
    child: Child,
    log: JoinHandle<()>,
}

impl Served {
    pub(super) async fn start(store: &str, folder: &Path) -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut child = Command::new(root.join("target/release/wrengate"))
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .envs([
                ("WRENGATE_ADDR", addr.to_string().as_str()),
                ("WRENGATE_PUBLIC_ORIGIN", ORIGIN),
                ("WRENGATE_PROVIDER", "local"),
                ("WRENGATE_STORE", store),
                ("WRENGATE_KEYS", &"k".repeat(44)),
                ("WRENGATE_RATE_API", "0"),
                ("RUST_LOG", "info"),
                ("LEPTOS_HASH_FILES", "true"),
            ])
            .env("WRENGATE_SITE_ROOT", root.join("target/site"))
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stderr = child.stderr.take().ok_or("no log")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut said = String::new();
        while !said.contains("listening") {
            match lines.next_line().await? {
                Some(line) => said.push_str(&line),
                None => return Err(format!("the server does not start: {said}").into()),
            }
        }
        // Read to the end, so that the pipe is never full.
        let log = tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { addr, child, log })
    }

    /// Seconds of processor time that it has used, in user and in system mode.
    pub(super) fn cpu_seconds(&self) -> Outcome<f64> {
        let id = self.child.id().ok_or("it has ended")?;
        let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
        // After the name, which may hold anything, come the fields from the third on.
        let (_, fields) = stat.rsplit_once(") ").ok_or("no fields")?;
        let ticks: Result<Vec<u32>, _> =
            fields.split(' ').skip(11).take(2).map(str::parse).collect();
        Ok(f64::from(ticks?.into_iter().sum::<u32>()) / TICKS)
    }

    pub(super) async fn end(mut self) -> Outcome {
        self.child.kill().await?;
        Ok(self.log.await?)
    }
}

//! The binary, several times, with one store.

use std::{
    net::{SocketAddr, TcpListener},
    process::Stdio,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStderr, Command},
    task::JoinHandle,
};

use crate::rig::{
    Outcome, Provider,
    provider::random,
    world::{settings, site},
};

/// Processes of the binary that share a store and an origin; they end with this value.
#[derive(Debug)]
pub(super) struct Replicas {
    env: Vec<(&'static str, String)>,
    running: Vec<Replica>,
    _site: TempDir,
}

#[derive(Debug)]
struct Replica {
    addr: SocketAddr,
    child: Child,
    log: JoinHandle<Vec<String>>,
}

impl Replicas {
    pub(super) const COUNT: usize = 3;

    /// Starts them, for browsers that find them all at this origin.
    pub(super) async fn start(provider: &Provider, origin: &str, store: &str) -> Outcome<Self> {
        let site = site()?;
        let mut env = settings(origin, provider, site.path(), store);
        // 43 characters of base64url would be refused: keys are base64 of at least 32 bytes.
        env.push((
            "WRENGATE_KEYS",
            format!("{}A", random()?.replace(['-', '_'], "x")),
        ));
        env.push(("RUST_LOG", "info".to_owned()));
        let mut running = Vec::new();
        for _ in 0..Self::COUNT {
            let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
            running.push(Replica::start(addr, &env).await?);
        }
        Ok(Self {
            env,
            running,
            _site: site,
        })
    }

    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.running.iter().map(|replica| replica.addr).collect()
    }

    /// Ends one as a crash would, and starts it again where it was.
    pub(super) async fn kill_and_restart(&mut self, number: usize) -> Outcome {
        let replica = self.running.get_mut(number).ok_or("no such replica")?;
        replica.child.kill().await?;
        *replica = Replica::start(replica.addr, &self.env).await?;
        Ok(())
    }

    /// Ends them all and gives back what they logged since they last started.
    pub(super) async fn end(self) -> Outcome<Vec<String>> {
        let mut lines = Vec::new();
        for mut replica in self.running {
            replica.child.kill().await?;
            lines.extend(replica.log.await?);
        }
        Ok(lines)
    }
}

impl Replica {
    /// Starts the binary and waits until it listens.
    async fn start(addr: SocketAddr, env: &[(&'static str, String)]) -> Outcome<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wrengate"))
            .arg("serve")
            .env_clear()
            .envs(env.iter().map(|(name, value)| (name, value)))
            .env("WRENGATE_ADDR", addr.to_string())
            .env("NO_COLOR", "1")
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stderr = child.stderr.take().ok_or("no log")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut said = Vec::new();
        loop {
            let Some(line) = lines.next_line().await? else {
                return Err(format!("it does not start: {said:?}").into());
            };
            let listens = line.contains("listening");
            said.push(line);
            if listens {
                break;
            }
        }
        let log = tokio::spawn(read(lines, said));
        Ok(Self { addr, child, log })
    }
}

/// Reads to the end, so that the pipe is never full.
async fn read(
    mut lines: tokio::io::Lines<BufReader<ChildStderr>>,
    mut said: Vec<String>,
) -> Vec<String> {
    while let Ok(Some(line)) = lines.next_line().await {
        said.push(line);
    }
    said
}

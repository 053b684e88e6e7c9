//! A PostgreSQL or a Redis that one test may stop and start.

use std::{
    path::PathBuf,
    process::{Child, Command},
    thread,
};

use tempfile::TempDir;

use super::TestResult;

/// A server of its own; stopped when this is dropped.
pub(super) struct OwnServer {
    kind: &'static str,
    folder: TempDir,
    running: Option<Child>,
}

fn script(what: &str, kind: &str, folder: &TempDir) -> Command {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(root.join("scripts/store-server.sh"));
    command.arg(what).arg(kind).arg(folder.path());
    command
}

impl OwnServer {
    /// Starts a server without data: `postgres` or `redis`.
    pub(super) fn start(kind: &'static str) -> TestResult<Self> {
        let folder = tempfile::tempdir()?;
        let mut server = Self {
            kind,
            folder,
            running: None,
        };
        server.resume()?;
        Ok(server)
    }

    /// Starts it where it was before.
    pub(super) fn resume(&mut self) -> TestResult {
        self.running = Some(script("serve", self.kind, &self.folder).spawn()?);
        let ready = script("ready", self.kind, &self.folder).status()?;
        assert!(ready.success(), "{} does not start", self.kind);
        Ok(())
    }

    /// Stops it at once, whoever is connected.
    pub(super) fn stop(&mut self) -> TestResult {
        if let Some(mut running) = self.running.take() {
            let id = running.id().to_string();
            Command::new("kill").args(["-INT", &id]).status()?;
            running.wait()?;
        }
        Ok(())
    }

    pub(super) fn address(&self) -> TestResult<String> {
        let output = script("address", self.kind, &self.folder).output()?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let stopped = self.stop();
        assert!(
            stopped.is_ok() || thread::panicking(),
            "{} was left running: {stopped:?}",
            self.kind
        );
    }
}

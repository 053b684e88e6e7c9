//! Connections: how many there may be, and how long each may take to say what it wants.
//!
//! axum's own loop waits for ever for the head of a request, and for the reader of an answer, so that a
//! thousand clients that send or read a byte now and then would hold every connection there is.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::connect_info::IntoMakeServiceWithConnectInfo};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::Service as _;

use crate::patience::Patient;

/// How many connections people may have at once. Under the 1024 files that a process may have open on
/// many systems; further ones wait in the listener's queue.
pub(crate) const CONNECTIONS: usize = 900;

/// How many connections there may be for the metrics at once: a few programs read them now and then.
pub(crate) const METRICS_CONNECTIONS: usize = 8;

/// How long the head of a request may take, and how long a connection may wait for its next one: 10 s.
const HEAD: Duration = Duration::from_secs(10);

/// How long an answer may wait for its reader to take any of it: 30 s.
const UNREAD: Duration = Duration::from_secs(30);

/// The pause after a connection that could not be accepted, for instance because too many files are
/// open: nothing tells when there are fewer.
const PAUSE: Duration = Duration::from_millis(100);

/// A router that is told who connects.
type App = IntoMakeServiceWithConnectInfo<Router, SocketAddr>;

/// Serves until `stopped` resolves; then no connection is accepted, those without a request are
/// closed, and the answers that are under way are finished.
pub(crate) async fn serve(
    listener: TcpListener,
    app: App,
    connections: usize,
    stopped: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(connections));
    tokio::pin!(stopped);
    loop {
        let (stream, from, permit) = tokio::select! {
            accepted = accept(&listener, &free) => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(error = %error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            () = &mut stopped => break,
        };
        let mut app = app.clone();
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            let _permit = permit;
            let Ok(service) = app.call(from).await;
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .serve_connection(
                    TokioIo::new(Patient::new(stream, UNREAD)),
                    TowerToHyperService::new(service),
                );
            // How a connection ends is the client's business; what it asked for was logged.
            let _ = watcher.watch(connection).await;
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(free).acquire_owned().await;
    // Only a semaphore that was closed gives none, and this one never is.
    let permit = permit.map_err(io::Error::other)?;
    let (stream, from) = listener.accept().await?;
    // Answers are written whole, so there is nothing to gain from waiting for more to send.
    stream.set_nodelay(true)?;
    Ok((stream, from, permit))
}

//! Wrengate on the network.
//!
//! [`serve`] is the whole server; tests start the real thing with it. The HTTP surface and the order
//! of the layers are on one screen in [`router`].

pub mod assets;
mod forms;
mod health;
mod layers;
mod pages;
mod plain;
pub mod router;
pub mod telemetry;

use std::{future::Future, io, net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, sync::watch};
use wrengate_app::Assets;
use wrengate_backend::Services;

/// How long requests that are under way may take after the stop was asked for: as long as the
/// longest completion.
const DRAIN: Duration = Duration::from_secs(30);

/// Serves until `shutdown` resolves, then lets requests that are under way finish.
///
/// # Errors
/// Those of the listener.
pub async fn serve(
    services: Services,
    assets: Assets,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stop, stopping) = watch::channel(false);
    let background = tokio::spawn({
        let (services, stopping) = (services.clone(), stopping.clone());
        async move {
            tokio::select! {
                () = services.provider.keep_metadata_fresh(stopped(stopping.clone())) => {}
                () = services.keep_store_tidy() => {}
                () = stopped(stopping) => {}
            }
        }
    });
    let app = router::router(&services, assets, stopping.clone())
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        shutdown.await;
        // Fails only when nobody listens any more, which is what it is for.
        let _ = stop.send(true);
    });
    let server = axum::serve(listener, app).with_graceful_shutdown(stopped(stopping.clone()));
    let result = tokio::select! {
        result = async { server.await } => result,
        () = async { stopped(stopping).await; tokio::time::sleep(DRAIN).await } => Ok(()),
    };
    background.abort();
    result
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which also means to stop.
    let _ = stopping.wait_for(|stop| *stop).await;
}

//! Wrengate on the network.
//!
//! [`serve`] is the whole server; tests start the real thing with it. The HTTP surface and the order
//! of the layers are on one screen in [`router`].

pub mod assets;
mod forms;
mod health;
mod layers;
mod listen;
mod pages;
mod plain;
pub mod router;
pub mod telemetry;

use std::{future::Future, net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, sync::watch};
use wrengate_app::Assets;
use wrengate_backend::Services;

/// How long requests that are under way may take after the stop was asked for: as long as the
/// longest completion.
const DRAIN: Duration = Duration::from_secs(30);

/// Serves until `shutdown` resolves, then lets requests that are under way finish.
pub async fn serve(
    services: Services,
    assets: Assets,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
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
    tokio::select! {
        () = listen::serve(listener, app, stopped(stopping.clone())) => {}
        () = async { stopped(stopping).await; tokio::time::sleep(DRAIN).await } => {}
    }
    background.abort();
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which also means to stop.
    let _ = stopping.wait_for(|stop| *stop).await;
}

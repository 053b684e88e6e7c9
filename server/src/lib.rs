//! Wrengate on the network.
//!
//! [`serve`] is the whole server; tests start the real thing with it. The HTTP surface and the order
//! of the layers are on one screen in [`router`].

pub mod assets;
mod forms;
mod health;
mod inspector;
mod layers;
mod listen;
mod listeners;
mod metrics;
mod pages;
mod patience;
mod plain;
pub mod router;
pub mod telemetry;

use std::{future::Future, net::SocketAddr, time::Duration};

use tokio::sync::watch;
use wrengate_app::Assets;
use wrengate_backend::Services;

pub use self::listeners::{ListenError, Listeners};

/// How long requests that are under way may take after the stop was asked for: as long as the
/// longest completion.
const DRAIN: Duration = Duration::from_secs(30);

/// Serves until `shutdown` resolves, then lets requests that are under way finish.
pub async fn serve(
    services: Services,
    assets: Assets,
    listeners: impl Into<Listeners>,
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
    // Apart from the rest, because what fails while the last requests finish is told as well.
    let alerts = tokio::spawn({
        let alerts = services.operator.alerts.clone();
        async move { alerts.deliver().await }
    });
    let Listeners {
        app: listener,
        metrics,
    } = listeners.into();
    let measured = metrics.map(|listener| {
        let router = metrics::router(services.operator.metrics.clone());
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stopped(stopping.clone());
        tokio::spawn(listen::serve(
            listener,
            router,
            listen::METRICS_CONNECTIONS,
            stopped,
        ))
    });
    let app = router::router(&services, assets, stopping.clone())
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        shutdown.await;
        // Fails only when nobody listens any more, which is what it is for.
        let _ = stop.send(true);
    });
    tokio::select! {
        () = listen::serve(listener, app, listen::CONNECTIONS, stopped(stopping.clone())) => {}
        () = async { stopped(stopping).await; tokio::time::sleep(DRAIN).await } => {}
    }
    background.abort();
    alerts.abort();
    if let Some(measured) = measured {
        measured.abort();
    }
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which also means to stop.
    let _ = stopping.wait_for(|stop| *stop).await;
}

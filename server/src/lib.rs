//! Wrengate on the network.
//!
//! [`serve`] is the whole server; tests start the real thing with it. The HTTP surface and the order
//! of the layers are on one screen in [`router`].

pub mod assets;
mod back_channel;
mod display;
mod farewell;
mod forms;
pub mod guard;
mod health;
mod inspector;
mod layers;
mod listen;
mod listeners;
mod metrics;
mod notice;
mod one_time;
mod pages;
mod patience;
mod plain;
pub mod router;
mod session_list;
pub mod telemetry;
pub mod words;

use std::{future::Future, net::SocketAddr, time::Duration};

use tokio::sync::watch;
use wrengate_app::Assets;
use wrengate_backend::{Services, sign_out::SignOut};

pub use self::{
    listeners::{ListenError, Listeners},
    words::Spoken,
};

/// How long requests that are under way may take after the stop was asked for: as long as the
/// longest completion.
const DRAIN: Duration = Duration::from_secs(30);

/// How long tokens of sessions that ended may still be given back after that.
const SETTLE: Duration = Duration::from_secs(5);

/// Serves until `shutdown` resolves, then lets requests that are under way finish.
pub async fn serve(
    services: Services,
    assets: Assets,
    spoken: Spoken,
    listeners: impl Into<Listeners>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let (stop, stopping) = watch::channel(false);
    let signs_out = services.sign_out.clone();
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
    let app = router::router(&services, assets, spoken, stopping.clone())
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        shutdown.await;
        // Fails only when nobody listens any more, which is what it is for.
        let _ = stop.send(true);
    });
    let served = listen::serve(
        listener,
        app,
        listen::CONNECTIONS,
        stopped(stopping.clone()),
    );
    tokio::select! {
        () = async {
            served.await;
            // Also of those whose browsers went away: a new refresh token must not be lost.
            services.renewal.settled().await;
        } => {}
        () = async { stopped(stopping).await; tokio::time::sleep(DRAIN).await } => {}
    }
    give_back(&signs_out).await;
    background.abort();
    alerts.abort();
    if let Some(measured) = measured {
        measured.abort();
    }
}

/// What is left to give back to the provider after its time is given up: nobody waits for it.
async fn give_back(signs_out: &SignOut) {
    let settled = tokio::time::timeout(SETTLE, signs_out.settled()).await;
    if settled.is_err() {
        tracing::info!("stopped before all tokens of ended sessions were revoked");
    }
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which also means to stop.
    let _ = stopping.wait_for(|stop| *stop).await;
}

//! Where the server listens.

use std::{io, net::SocketAddr};

use thiserror::Error;
use tokio::net::TcpListener;
use wrengate_backend::config::Config;

/// What the server listens on.
#[derive(Debug)]
pub struct Listeners {
    /// For people.
    pub app: TcpListener,
    /// For programs that read the metrics, where there are any.
    pub metrics: Option<TcpListener>,
}

/// An address that cannot be listened on.
#[derive(Debug, Error)]
#[error("cannot listen on {addr} ({setting})")]
pub struct ListenError {
    addr: SocketAddr,
    setting: &'static str,
    source: io::Error,
}

impl Listeners {
    /// Listens where the settings say.
    ///
    /// # Errors
    /// [`ListenError`] naming the address and its setting.
    pub async fn bind(config: &Config) -> Result<Self, ListenError> {
        let app = bind("WRENGATE_ADDR", config.http.addr).await?;
        let metrics = match config.operator.metrics_addr {
            Some(addr) => Some(bind("WRENGATE_METRICS_ADDR", addr).await?),
            None => None,
        };
        Ok(Self { app, metrics })
    }
}

impl From<TcpListener> for Listeners {
    /// For people alone.
    fn from(app: TcpListener) -> Self {
        Self { app, metrics: None }
    }
}

async fn bind(setting: &'static str, addr: SocketAddr) -> Result<TcpListener, ListenError> {
    let bound = TcpListener::bind(addr).await;
    bound.map_err(|source| ListenError {
        addr,
        setting,
        source,
    })
}

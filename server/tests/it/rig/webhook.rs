//! A receiver of alerts that does as it is told.

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    task::JoinHandle,
};

use super::Outcome;

/// The receiver; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    received: Mutex<mpsc::UnboundedReceiver<Value>>,
    task: JoinHandle<()>,
}

/// What every alert is answered with; `None` is silence.
type Answer = Option<StatusCode>;

impl Webhook {
    /// Starts a receiver that takes every alert.
    pub(crate) async fn start() -> Outcome<Self> {
        Self::answering(Some(StatusCode::OK)).await
    }

    /// Starts a receiver that answers every alert the same.
    pub(crate) async fn answering(answer: Answer) -> Outcome<Self> {
        let (sender, received) = mpsc::unbounded_channel();
        let router = Router::new()
            .route("/planted-webhook-path", post(receive))
            .with_state((sender, answer));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let task = tokio::spawn(async move {
            // It ends with the test, which notices when nothing arrives any more.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            url: format!("http://{addr}/planted-webhook-path"),
            received: Mutex::new(received),
            task,
        })
    }

    /// Waits for the next alert.
    pub(crate) async fn next(&self) -> Outcome<Value> {
        let next = self.received.lock().await.recv().await;
        next.ok_or_else(|| "the receiver is gone".into())
    }

    /// What arrived and was not waited for.
    pub(crate) async fn rest(&self) -> Vec<Value> {
        let mut received = self.received.lock().await;
        std::iter::from_fn(|| received.try_recv().ok()).collect()
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    State((sender, answer)): State<(mpsc::UnboundedSender<Value>, Answer)>,
    body: Bytes,
) -> StatusCode {
    let alert = serde_json::from_slice(&body);
    // An error means that the test has ended.
    let _ = sender.send(alert.unwrap_or_default());
    match answer {
        Some(status) => status,
        None => std::future::pending().await,
    }
}

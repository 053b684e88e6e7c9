//! A proxy that sends each connection to the next replica.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// The proxy; it ends when it is dropped.
#[derive(Debug)]
pub(super) struct Proxy(JoinHandle<()>);

impl Proxy {
    /// Takes connections from this listener to these replicas, one after the other.
    pub(super) fn serve(listener: TcpListener, replicas: Vec<SocketAddr>) -> Self {
        let replicas: Arc<[SocketAddr]> = replicas.into();
        let turn = Arc::new(AtomicUsize::new(0));
        Self(tokio::spawn(async move {
            // They end with this task.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(pass_on(stream, Arc::clone(&replicas), Arc::clone(&turn)));
            }
        }))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A replica that does not listen is passed over. One that dies in the middle takes the connection with
/// it, which is what the people have to live with.
async fn pass_on(mut stream: TcpStream, replicas: Arc<[SocketAddr]>, turn: Arc<AtomicUsize>) {
    // The turn is taken once: others take theirs meanwhile, and this connection tries every replica.
    let first = turn.fetch_add(1, Ordering::Relaxed);
    for tried in 0..replicas.len() {
        let next = first.wrapping_add(tried) % replicas.len();
        if let Some(replica) = replicas.get(next)
            && let Ok(mut upstream) = TcpStream::connect(replica).await
        {
            // How it ends is seen by both ends.
            let _ = copy_bidirectional(&mut stream, &mut upstream).await;
            return;
        }
    }
}

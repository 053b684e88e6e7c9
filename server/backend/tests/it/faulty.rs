//! A server below HTTP: it does to a connection what a well-behaved test server cannot.

use std::{
    borrow::Cow,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::{
    ServerConfig, ServerConnection,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

/// What happens to every connection once its request has arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Sends this, perhaps nothing, and closes.
    Close(&'static [u8]),
    /// Sends this, perhaps nothing, and keeps the connection open.
    Hold(&'static [u8]),
    /// Sends this, perhaps nothing, and resets.
    Reset(&'static [u8]),
    /// Sends the first at once, then the second again and again, with pauses.
    Drip(&'static [u8], &'static [u8]),
    /// Sends the first at once, then the second again and again, as fast as it is read.
    Flood(&'static [u8], &'static [u8]),
    /// Speaks TLS with a certificate that nobody signed.
    SelfSigned,
}

/// How long [`Fault::Drip`] pauses.
const DRIP_PAUSE: Duration = Duration::from_millis(20);

/// The server; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Faulty {
    origin: String,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

/// What arrived and what left.
#[derive(Debug, Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    connections: AtomicUsize,
    sent_bytes: AtomicUsize,
}

impl Faulty {
    /// Every connection meets the same.
    pub(crate) async fn start(fault: Fault) -> io::Result<Self> {
        Self::start_with(vec![fault]).await
    }

    /// Each connection meets the next; the last one stands for all that follow.
    pub(crate) async fn start_with(faults: Vec<Fault>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("127.0.0.1:{}", listener.local_addr()?.port());
        let seen = Arc::new(Seen::default());
        let task = tokio::spawn({
            let seen = Arc::clone(&seen);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let number = seen.connections.fetch_add(1, Ordering::SeqCst);
                    let Some(fault) = faults.get(number).or(faults.last()).copied() else {
                        return;
                    };
                    // A client that leaves makes writing fail, which is what it is here to do.
                    drop(tokio::spawn(serve(stream, fault, Arc::clone(&seen))));
                }
            }
        });
        Ok(Self { origin, seen, task })
    }

    /// The address over plain http.
    pub(crate) fn http(&self) -> String {
        format!("http://{}", self.origin)
    }

    /// The address over https.
    pub(crate) fn https(&self) -> String {
        format!("https://{}", self.origin)
    }

    /// The requests so far, each with its body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How many connections there were so far.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// How much was sent so far, in bytes.
    pub(crate) fn sent_bytes(&self) -> usize {
        self.seen.sent_bytes.load(Ordering::SeqCst)
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, fault: Fault, seen: Arc<Seen>) -> io::Result<()> {
    if let Fault::SelfSigned = fault {
        return self_signed_handshake(stream).await;
    }
    let request = read_request(&mut stream).await?;
    let granting = |bytes| granting(&request, bytes);
    seen.requests
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request.clone());
    match fault {
        Fault::Close(bytes) => stream.write_all(&granting(bytes)).await,
        Fault::Hold(bytes) => {
            stream.write_all(&granting(bytes)).await?;
            // Nothing more is listened to; the end of it is the client's leaving.
            while stream.read(&mut [0; 1024]).await? > 0 {}
            Ok(())
        }
        Fault::Reset(bytes) => {
            stream.write_all(&granting(bytes)).await?;
            stream.set_zero_linger()
        }
        Fault::Drip(first, then) => {
            stream.write_all(&granting(first)).await?;
            loop {
                stream.write_all(then).await?;
                sleep(DRIP_PAUSE).await;
            }
        }
        Fault::Flood(first, then) => {
            stream.write_all(&granting(first)).await?;
            loop {
                stream.write_all(then).await?;
                seen.sent_bytes.fetch_add(then.len(), Ordering::SeqCst);
            }
        }
        Fault::SelfSigned => Ok(()),
    }
}

/// The same bytes, with the status that grants a pushed request where one was asked for.
fn granting(request: &str, bytes: &'static [u8]) -> Cow<'static, [u8]> {
    match bytes.strip_prefix(b"HTTP/1.1 200 OK") {
        Some(rest) if request.starts_with("POST /par ") => {
            [b"HTTP/1.1 201 Created", rest].concat().into()
        }
        _ => bytes.into(),
    }
}

/// Reads head and body; what is not HTTP, such as the beginning of TLS, counts as a whole request.
async fn read_request(stream: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if text.starts_with("GET ") || text.starts_with("POST ") {
                continue;
            }
            return Ok(text);
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Ok(text);
        }
    }
}

/// For `localhost` and 127.0.0.1, valid for a hundred years, made with `openssl req -x509` for the
/// key below.
const CERTIFICATE: &str = "\
    MIIBWzCCAQ2gAwIBAgIUGbggzEBlyPWki9LVXwaQ5pBzFAEwBQYDK2VwMBQxEjAQBgNVBAMMCWxv\
    Y2FsaG9zdDAgFw0yNjExMjIyMjI5MDRaGA8yMTI2MTAyOTIyMjkwNFowFDESMBAGA1UEAwwJbG9j\
    YWxob3N0MCowBQYDK2VwAyEA6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iyjbzBtMB0G\
    A1UdDgQWBBRMXs5AI6A0HuKs/8xNFxVKhU8C5TAfBgNVHSMEGDAWgBRMXs5AI6A0HuKs/8xNFxVK\
    hU8C5TAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAFBgMrZXAD\
    QQAPHgjcq90XfV5T5aLCb78OpBY3t/KCcjOv1/x6uJBK8UJedQTyp2rLrq470TiNAE8zmqtgpDfS\
    cggxGd7GNaIM";

/// Protects nothing: an Ed25519 key of 32 sevens, in PKCS #8 (RFC 8410, section 7).
fn key() -> PrivateKeyDer<'static> {
    let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    der.extend_from_slice(&[7; 32]);
    PrivatePkcs8KeyDer::from(der).into()
}

async fn self_signed_handshake(stream: TcpStream) -> io::Result<()> {
    let certificate = STANDARD.decode(CERTIFICATE).map_err(io::Error::other)?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key())
        .map_err(io::Error::other)?;
    let mut tls = ServerConnection::new(Arc::new(config)).map_err(io::Error::other)?;
    let mut stream = stream.into_std()?;
    stream.set_nonblocking(false)?;
    tokio::task::spawn_blocking(move || tls.complete_io(&mut stream).map(|_| ()))
        .await
        .map_err(io::Error::other)?
}

//! HTTP/1.1 by hand, so that a request goes out exactly as a test writes it.

use std::{io, net::SocketAddr};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::Outcome;

/// A request. `Host`, `Connection: close` and the length of the body are added when it is sent,
/// where they are not given.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    /// Adds a header, also where there is one of that name.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes headers of that name away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        self
    }

    /// Gives a header another value.
    pub(crate) fn instead(self, name: &str, value: &str) -> Self {
        self.without(name).header(name, value)
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The same with another method.
    pub(crate) fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// The same for another target.
    pub(crate) fn target(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let has = |name: &str| {
            self.headers
                .iter()
                .any(|(given, _)| given.eq_ignore_ascii_case(name))
        };
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let mut line = |name: &str, value: &str| {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        };
        if !has("host") {
            line("Host", "127.0.0.1");
        }
        if !has("connection") {
            line("Connection", "close");
        }
        if !self.body.is_empty() && !has("content-length") && !has("transfer-encoding") {
            line("Content-Length", &self.body.len().to_string());
        }
        for (name, value) in &self.headers {
            line(name, value);
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Sends it and reads the answer.
    pub(crate) async fn send(&self, to: SocketAddr) -> Outcome<Answer> {
        Answer::parse(&exchange(to, &self.encode()).await?)
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads the first answer in these bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Outcome<Self> {
        Ok(Self::parse_one(bytes)?.0)
    }

    /// Reads the answers to several requests on one connection.
    pub(crate) fn parse_all(mut bytes: &[u8]) -> Outcome<Vec<Self>> {
        let mut answers = Vec::new();
        while !bytes.is_empty() {
            let (answer, rest) = Self::parse_one(bytes)?;
            answers.push(answer);
            bytes = rest;
        }
        Ok(answers)
    }

    fn parse_one(bytes: &[u8]) -> Outcome<(Self, &[u8])> {
        let end = find(bytes, b"\r\n\r\n")
            .ok_or_else(|| format!("no answer: {:?}", String::from_utf8_lossy(bytes)))?;
        let (head, rest) = bytes.split_at(end + 4);
        let head = std::str::from_utf8(head)?;
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status: u16 = status.ok_or("no status")?.parse()?;
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Self {
            status,
            headers,
            body: Vec::new(),
        };
        let rest = if answer.header("transfer-encoding").is_some() {
            let (body, rest) = unchunk(rest)?;
            answer.body = body;
            rest
        } else if let Some(length) = answer.header("content-length") {
            // After HEAD and 304 there is no body, whatever its length is said to be.
            let (body, rest) = rest.split_at(length.parse::<usize>()?.min(rest.len()));
            answer.body = body.to_vec();
            rest
        } else {
            rest
        };
        Ok((answer, rest))
    }

    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).into_iter().next()
    }

    /// Every header of that name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// Every cookie that is set, but the inspector's, which says nothing of an attempt or a session.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let mut cookies = self.all("set-cookie");
        cookies.retain(|cookie| !cookie.contains("wrengate-inspector="));
        cookies
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Outcome<Value> {
        serde_json::from_slice(&self.body)
            .map_err(|error| format!("{} {}: {error}", self.status, self.text()).into())
    }

    /// Head and body as one text, to search in.
    pub(crate) fn whole(&self) -> String {
        format!("{:?}\n{}", self.headers, self.text())
    }
}

/// Sends bytes and reads until the other side closes.
///
/// A server that has seen enough answers and closes while we still write; what it said counts.
pub(crate) async fn exchange(to: SocketAddr, bytes: &[u8]) -> io::Result<Vec<u8>> {
    exchange_on(TcpStream::connect(to).await?, bytes).await
}

/// The same on a connection that is there.
pub(crate) async fn exchange_on(stream: TcpStream, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let (mut from, mut to) = stream.into_split();
    let write = async {
        let _ = to.write_all(bytes).await;
    };
    let mut answer = Vec::new();
    let read = async {
        // An error is an end as well: what was said before it counts.
        while let Ok(1..) = from.read_buf(&mut answer).await {}
    };
    tokio::pin!(write);
    tokio::pin!(read);
    tokio::select! {
        () = &mut read => {}
        () = &mut write => read.await,
    }
    Ok(answer)
}

fn unchunk(mut bytes: &[u8]) -> Outcome<(Vec<u8>, &[u8])> {
    let mut body = Vec::new();
    loop {
        let end = find(bytes, b"\r\n").ok_or("a chunk without an end")?;
        let (size, rest) = bytes.split_at(end);
        let size = usize::from_str_radix(std::str::from_utf8(size)?, 16)?;
        let rest = rest.get(2..).unwrap_or_default();
        body.extend_from_slice(rest.get(..size).ok_or("a chunk that is cut off")?);
        bytes = rest.get(size + 2..).unwrap_or_default();
        if size == 0 {
            return Ok((body, bytes));
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

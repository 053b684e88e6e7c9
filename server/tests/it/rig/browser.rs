//! A browser as far as the server sees one: cookies, fetch metadata, the values of an attempt.

use std::{collections::BTreeMap, net::SocketAddr};

use serde_json::{Value, json};
use wrengate_protocol::pkce::CodeVerifier;

use super::{Answer, Outcome, Provider, Request, World, provider::random};

/// A browser with its cookies.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    pub(crate) to: SocketAddr,
    origin: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// An attempt that was begun: what the tab keeps, and where it goes.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    pub(crate) verifier: String,
    pub(crate) state: String,
    pub(crate) url: String,
}

/// What the provider sends a browser back with.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) state: String,
    pub(crate) code: String,
    pub(crate) iss: Option<String>,
}

impl Arrival {
    /// The message of the callback page.
    pub(crate) fn message(&self, verifier: &str) -> Value {
        let mut message = json!({
            "state": self.state,
            "code": self.code,
            "code_verifier": verifier,
        });
        if let (Some(iss), Some(members)) = (&self.iss, message.as_object_mut()) {
            members.insert("iss".to_owned(), json!(iss));
        }
        message
    }
}

impl Browser {
    /// A new one, at the front door of a server.
    pub(crate) fn at(world: &World) -> Self {
        Self::of(world.addr, &world.origin)
    }

    /// A new one that finds an origin at an address.
    pub(crate) fn of(to: SocketAddr, origin: &str) -> Self {
        Self {
            to,
            origin: origin.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// From now on the front door leads to this server.
    pub(crate) fn turns_to(&mut self, world: &World) {
        self.to = world.addr;
    }

    /// A request with the cookies.
    pub(crate) fn with_cookies(&self, request: Request) -> Request {
        if self.cookies.is_empty() {
            return request;
        }
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request.header("Cookie", &cookies.join("; "))
    }

    /// A call of `/api`, as the app makes it.
    pub(crate) fn call(&self, endpoint: &str, message: &Value) -> Request {
        let request = Request::post(&format!("/api/{endpoint}"))
            .header("Origin", &self.origin)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Sec-Fetch-Mode", "cors")
            .header("Sec-Fetch-Dest", "empty")
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .body(message.to_string());
        self.with_cookies(request)
    }

    /// A form post of one of our own pages.
    pub(crate) fn form(&self, path: &str, body: &str) -> Request {
        let request = Request::post(path)
            .header("Origin", &self.origin)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Dest", "document")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body);
        self.with_cookies(request)
    }

    /// Sends a request and keeps the cookies of the answer.
    pub(crate) async fn send(&mut self, request: Request) -> Outcome<Answer> {
        let answer = request.send(self.to).await?;
        self.receives(&answer);
        Ok(answer)
    }

    /// Opens a page.
    pub(crate) async fn open(&mut self, path: &str) -> Outcome<Answer> {
        self.send(self.with_cookies(Request::get(path))).await
    }

    /// Posts a form.
    pub(crate) async fn post(&mut self, path: &str, body: &str) -> Outcome<Answer> {
        self.send(self.form(path, body)).await
    }

    /// Who is signed in, by the API.
    pub(crate) async fn session(&mut self) -> Outcome<Answer> {
        self.send(self.call("session", &json!({}))).await
    }

    /// Whether somebody is signed in.
    pub(crate) async fn is_signed_in(&mut self) -> Outcome<bool> {
        let answer = self.session().await?;
        match answer.status {
            200 => Ok(true),
            401 => Ok(false),
            _ => Err(answer.whole().into()),
        }
    }

    /// Begins a sign-in.
    pub(crate) async fn begin(&mut self) -> Outcome<Signing> {
        self.begin_for("/account").await
    }

    /// Begins a sign-in that ends somewhere.
    pub(crate) async fn begin_for(&mut self, return_to: &str) -> Outcome<Signing> {
        let (verifier, state) = (random()?, random()?);
        let message = begin_message(&verifier, &state, return_to)?;
        let answer = self.send(self.call("begin_sign_in", &message)).await?;
        let body = answer.json()?;
        let url = body.get("authorization_url").and_then(Value::as_str);
        let url = url.ok_or_else(|| answer.whole())?.to_owned();
        Ok(Signing {
            verifier,
            state,
            url,
        })
    }

    /// The call that completes a sign-in.
    pub(crate) fn completion(&self, signing: &Signing, arrival: &Arrival) -> Request {
        self.call("complete_sign_in", &arrival.message(&signing.verifier))
    }

    /// Completes a sign-in.
    pub(crate) async fn complete(
        &mut self,
        signing: &Signing,
        arrival: &Arrival,
    ) -> Outcome<Answer> {
        self.send(self.completion(signing, arrival)).await
    }

    /// Brings back an error in place of a code.
    pub(crate) async fn bring_error(&mut self, state: &str, error: &str) -> Outcome<Answer> {
        let message = json!({"state": state, "error": error});
        self.send(self.call("complete_sign_in", &message)).await
    }

    /// Signs somebody in, from the beginning to the end.
    pub(crate) async fn sign_in(&mut self, provider: &Provider, person: &str) -> Outcome<Answer> {
        let signing = self.begin().await?;
        let arrival = Arrival {
            iss: Some(provider.origin.clone()),
            ..provider.authorize(&signing.url, person)?
        };
        let answer = self.complete(&signing, &arrival).await?;
        if answer.status == 200 {
            Ok(answer)
        } else {
            Err(answer.whole().into())
        }
    }

    /// The session cookie.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        let names = ["__Host-wrengate", "wrengate"];
        let found = names.iter().find_map(|name| self.cookies.get(*name));
        found.map(String::as_str)
    }

    /// Keeps the cookies of an answer.
    pub(crate) fn receives(&mut self, answer: &Answer) {
        for cookie in answer.all("set-cookie") {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The message that begins a sign-in.
pub(crate) fn begin_message(verifier: &str, state: &str, return_to: &str) -> Outcome<Value> {
    let challenge = CodeVerifier::parse(verifier)?.challenge();
    Ok(json!({
        "code_challenge": challenge.as_str(),
        "state": state,
        "return_to": return_to,
    }))
}

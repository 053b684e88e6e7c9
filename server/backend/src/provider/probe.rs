//! What `wrengate doctor` asks: what a sign-in asks, without anybody signing in.

use std::{error::Error, io};

use reqwest::header::{DATE, HeaderMap};
use rustls::CertificateError;
use serde_json::{Map, Value};
use url::Url;
use wrengate_protocol::{
    Secret,
    discovery::{Metadata, MetadataError, well_known},
    issuer::Issuer,
    json::parse_object,
    jwks::Jwks,
    pkce::CodeVerifier,
    token::CodeExchange,
};

use super::{
    Provider,
    answer::Answer,
    error::{Leg, ProviderError, causes},
    refusal::Refusal,
    retry::RepeatPolicy,
};
use crate::clock::UnixSeconds;

/// The code that no provider has given out.
const MADE_UP_CODE: &str = "wrengate-doctor-made-this-code-up";

/// What came back, and how many seconds the clock of whoever answered was ahead of ours.
#[derive(Debug)]
pub(crate) struct Heard<T> {
    pub(crate) outcome: Result<T, ProviderError>,
    pub(crate) ahead: Option<i64>,
}

/// Metadata as they were found, not judged yet.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) address: Url,
    pub(crate) members: Map<String, Value>,
}

impl Provider {
    /// Looks for the metadata of an issuer at the well-known addresses.
    pub(crate) async fn find_document(&self, issuer: &Issuer) -> Heard<Document> {
        let deadline = self.http.deadline();
        let mut ahead = None;
        for address in well_known(issuer) {
            let request = || Ok(self.http.get(&address));
            let policy = RepeatPolicy::Idempotent;
            let answer = match self.call(Leg::Discovery, policy, deadline, request).await {
                Ok(answer) => answer,
                Err(error) => {
                    return Heard {
                        outcome: Err(error),
                        ahead,
                    };
                }
            };
            ahead = self.ahead(&answer);
            let refusal = Refusal::read(&answer, self.clock.now());
            if !answer.is_ok() && refusal.is_absence() {
                continue;
            }
            let outcome = self.granted(answer).and_then(|answer| {
                let json = |_| {
                    ProviderError::Metadata(MetadataError::Json(wrengate_protocol::json::JsonError))
                };
                let members = parse_object(answer.json()?).map_err(json)?;
                Ok(Document { address, members })
            });
            return Heard { outcome, ahead };
        }
        Heard {
            outcome: Err(ProviderError::NoMetadata),
            ahead,
        }
    }

    /// Connects to whoever serves an address and asks for its root; every answer in HTTP will do.
    ///
    /// # Errors
    /// Those of the connection.
    pub(crate) async fn reach(&self, url: &Url) -> Result<(), ProviderError> {
        let mut root = url.clone();
        root.set_path("/");
        root.set_query(None);
        let call = self
            .http
            .call(Leg::Discovery, self.http.get(&root), self.http.deadline());
        match call.await {
            Err(
                error @ (ProviderError::Unreachable { .. }
                | ProviderError::Silent { .. }
                | ProviderError::Deadline { .. }
                | ProviderError::Lost { .. }
                | ProviderError::NotHttp { .. }),
            ) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Reads the keys.
    pub(crate) async fn ask_for_keys(&self, uri: &Url) -> Heard<Jwks> {
        self.get(Leg::Jwks, uri, |answer| {
            Jwks::parse(self.granted(answer)?.json()?).map_err(ProviderError::Keys)
        })
        .await
    }

    /// Asks the userinfo endpoint without a token, which it should refuse: the status.
    pub(crate) async fn ask_for_nobody(&self, metadata: &Metadata) -> Heard<u16> {
        let url = &metadata.userinfo_endpoint;
        self.get(Leg::Userinfo, url, |answer| Ok(answer.status().as_u16()))
            .await
    }

    /// Presents a code that nobody gave out: how the token endpoint refuses tells what it thinks of
    /// the client, and nothing changes at the provider. Sent once.
    ///
    /// # Security
    /// The client proves who it is as in a sign-in, so `metadata` has to be the issuer's own.
    pub(crate) async fn present_made_up_code(
        &self,
        metadata: &Metadata,
        redirect_uri: &str,
    ) -> Heard<Refusal> {
        let code = Secret::new(MADE_UP_CODE.to_owned());
        let exchange = CodeExchange {
            code: &code,
            redirect_uri,
            client_id: &self.config.client_id,
            code_verifier: &CodeVerifier::from_random(&[0; 32]),
        };
        let url = &metadata.token_endpoint;
        let request = match self.post_as_client(Leg::Token, url, metadata, &exchange.form()) {
            Ok(request) => request,
            Err(error) => {
                return Heard {
                    outcome: Err(error),
                    ahead: None,
                };
            }
        };
        let call = self.http.call(Leg::Token, request, self.http.deadline());
        self.heard(call.await, |answer| {
            Ok(Refusal::read(&answer, self.clock.now()))
        })
    }

    async fn get<T>(
        &self,
        leg: Leg,
        url: &Url,
        read: impl FnOnce(Answer) -> Result<T, ProviderError>,
    ) -> Heard<T> {
        let request = || Ok(self.http.get(url));
        let deadline = self.http.deadline();
        let call = self.call(leg, RepeatPolicy::Idempotent, deadline, request);
        self.heard(call.await, read)
    }

    fn heard<T>(
        &self,
        answer: Result<Answer, ProviderError>,
        read: impl FnOnce(Answer) -> Result<T, ProviderError>,
    ) -> Heard<T> {
        match answer {
            Ok(answer) => {
                let ahead = self.ahead(&answer);
                Heard {
                    outcome: read(answer),
                    ahead,
                }
            }
            Err(error) => Heard {
                outcome: Err(error),
                ahead: None,
            },
        }
    }

    fn granted(&self, answer: Answer) -> Result<Answer, ProviderError> {
        if answer.is_ok() {
            return Ok(answer);
        }
        let refusal = Refusal::read(&answer, self.clock.now());
        Err(ProviderError::Refused(Box::new(refusal)))
    }

    fn ahead(&self, answer: &Answer) -> Option<i64> {
        Some(date(answer.headers())?.saturating_sub(self.clock.now()))
    }
}

/// The `Date` of an answer (RFC 9110, section 6.6.1).
fn date(headers: &HeaderMap) -> Option<UnixSeconds> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let since_1970 = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since_1970.as_secs()).ok()
}

/// Why there is no connection: what is wrong with the certificate, or what the system says.
///
/// `None` for every other error.
pub(crate) fn why_unreachable(error: &ProviderError) -> Option<String> {
    let ProviderError::Unreachable { source, .. } = error else {
        return None;
    };
    let mut innermost = None;
    for cause in causes(source) {
        let mut cause: &(dyn Error + 'static) = cause;
        // An I/O error does not name what it wraps as its source.
        while let Some(inner) = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            cause = inner;
        }
        if let Some(rustls::Error::InvalidCertificate(fault)) = cause.downcast_ref() {
            return Some(of_certificate(fault));
        }
        innermost = Some(cause.to_string());
    }
    innermost
}

fn of_certificate(fault: &CertificateError) -> String {
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host".to_owned()
        }
        CertificateError::Revoked => "its certificate was revoked".to_owned(),
        CertificateError::UnknownIssuer => {
            "its certificate is signed by nobody who is trusted here".to_owned()
        }
        other => format!("its certificate is refused: {other}"),
    }
}

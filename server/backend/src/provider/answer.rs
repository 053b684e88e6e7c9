//! An answer of the provider, read whole but never beyond its cap.

use reqwest::{
    Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use wrengate_protocol::Secret;

use super::error::{Leg, ProviderError};
use crate::clock::UnixSeconds;

/// The longest wait that is passed on, in seconds: an hour.
const LONGEST_WAIT: u32 = 3600;

/// Status, headers and body of an answer that grants (200 or 201, by the call) or refuses (4xx, 5xx).
///
/// The body is a secret, because it may hold tokens.
#[derive(Debug)]
pub(super) struct Answer {
    leg: Leg,
    status: StatusCode,
    headers: HeaderMap,
    body: Secret<Vec<u8>>,
}

impl Answer {
    /// Reads the body as it arrives and stops at `limit_bytes`.
    ///
    /// A refusal whose body is too long is kept without it, since its status says enough.
    ///
    /// # Errors
    /// [`ProviderError::Status`] for 1xx, 3xx, and 2xx other than the one the call grants with;
    /// [`ProviderError::TooLarge`]; those of the connection.
    pub(super) async fn read(
        leg: Leg,
        mut response: Response,
        limit_bytes: usize,
    ) -> Result<Self, ProviderError> {
        let status = response.status();
        let refuses = status.is_client_error() || status.is_server_error();
        if status != leg.granting_status() && !refuses {
            return Err(ProviderError::Status {
                leg,
                status: status.as_u16(),
            });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| ProviderError::transport(leg, error))?
        {
            if chunk.len() > limit_bytes.saturating_sub(body.len()) {
                if refuses {
                    body.clear();
                    break;
                }
                return Err(ProviderError::TooLarge { leg, limit_bytes });
            }
            body.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(response.headers_mut());
        Ok(Self {
            leg,
            status,
            headers,
            body: Secret::new(body),
        })
    }

    /// The call it answers.
    pub(super) const fn leg(&self) -> Leg {
        self.leg
    }

    /// 200 or 201, by the call, or 400 to 599.
    pub(super) const fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether it grants what was asked for.
    pub(super) fn is_ok(&self) -> bool {
        self.status == self.leg.granting_status()
    }

    /// The headers.
    pub(super) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, whatever it is.
    pub(super) fn body(&self) -> &[u8] {
        self.body.expose()
    }

    /// The body, if it is declared to be JSON: `application/json` or a `+json` type (RFC 6839,
    /// section 3.1), parameters ignored.
    ///
    /// # Errors
    /// [`ProviderError::SignedUserinfo`] for a JWT, [`ProviderError::ContentType`] for the rest.
    pub(super) fn json(&self) -> Result<&[u8], ProviderError> {
        let content_type = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let essence = content_type.map(|text| {
            text.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        });
        let found = match essence.as_deref() {
            Some("application/json") => return Ok(self.body()),
            Some(other) if other.ends_with("+json") && other.contains('/') => {
                return Ok(self.body());
            }
            Some("application/jwt") if self.leg == Leg::Userinfo => {
                return Err(ProviderError::SignedUserinfo);
            }
            Some("text/html") => "a page (text/html)",
            Some("text/plain") => "plain text",
            Some("application/x-www-form-urlencoded") => "a form",
            Some(_) => "of another content type",
            None => "without a content type",
        };
        Err(ProviderError::ContentType {
            leg: self.leg,
            found,
        })
    }

    /// `Retry-After` in seconds, 1 to 3600; a date counts from `now` (RFC 9110, section 10.2.3).
    ///
    /// What is neither a number of seconds nor a date counts as absent.
    pub(super) fn retry_after_seconds(&self, now: UnixSeconds) -> Option<u32> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        let seconds = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // Digits alone fail to parse only when they are too many.
            text.parse().unwrap_or(LONGEST_WAIT)
        } else {
            let date = httpdate::parse_http_date(text).ok()?;
            let since_1970 = date.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
            let wait = i64::try_from(since_1970).ok()?.saturating_sub(now);
            u32::try_from(wait.max(0)).unwrap_or(LONGEST_WAIT)
        };
        Some(seconds.clamp(1, LONGEST_WAIT))
    }
}

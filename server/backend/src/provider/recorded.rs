//! A call as the inspector records it.

use reqwest::{
    RequestBuilder,
    header::{HeaderMap, HeaderValue},
};
use tokio::time::Instant;
use wrengate_protocol::provider_error::ErrorCode;

use super::{
    answer::Answer,
    challenge,
    error::{Leg, ProviderError},
};
use crate::inspector::{Heard, Recorder, Request};

/// A request that is on its way, where somebody records it. One that is given up, as it is when the time
/// for the whole sign-in is over, is recorded without an answer.
#[derive(Debug)]
pub(super) struct Recorded {
    leg: Leg,
    ended: bool,
    recorder: Recorder,
    request: reqwest::Request,
    began: Instant,
}

impl Recorded {
    /// A copy of the request; `None` where nobody records.
    pub(super) fn of(leg: Leg, request: &RequestBuilder) -> Option<Self> {
        let recorder = Recorder::current();
        let copied = recorder.is_on().then(|| request.try_clone()).flatten();
        Some(Self {
            leg,
            ended: false,
            request: copied?.build().ok()?,
            recorder,
            began: Instant::now(),
        })
    }

    /// Hands over what came of it.
    pub(super) fn ended(mut self, outcome: &Result<Answer, ProviderError>) {
        self.ended = true;
        let code = outcome
            .as_ref()
            .ok()
            .and_then(|answer| challenge::bearer_error(answer.headers()));
        let heard = match outcome {
            Ok(answer) => Heard {
                status: Some(answer.status().as_u16()),
                headers: texts(answer.headers()),
                challenge: code.as_ref().map(ErrorCode::as_str),
                body: Some(answer.body()),
                trouble: None,
            },
            Err(error) => Heard {
                status: match error {
                    ProviderError::Status { status, .. } => Some(*status),
                    _ => None,
                },
                trouble: Some(error.failure()),
                ..Heard::default()
            },
        };
        self.tell(&heard);
    }

    fn tell(&self, heard: &Heard<'_>) {
        let body = self.request.body().and_then(reqwest::Body::as_bytes);
        let request = Request {
            method: self.request.method().as_str(),
            url: self.request.url(),
            headers: texts(self.request.headers()),
            form: body.unwrap_or_default(),
        };
        self.recorder.called(self.leg, &request, self.began, heard);
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(&Heard::default());
        }
    }
}

fn texts(headers: &HeaderMap<HeaderValue>) -> Vec<(&str, &str)> {
    let texts = headers.iter().map(|(name, value)| {
        let value = value.to_str().unwrap_or("(not text)");
        (name.as_str(), value)
    });
    texts.collect()
}

//! What a sign-out came to, carried to `/signed-out` in a one-time cookie, and past the provider where
//! the way leads there.

use axum::{http::HeaderMap, response::Response};
use wrengate_app::page_data::Farewell;
use wrengate_backend::{
    Services,
    sign_out::{AccessEnd, TICKET_LIFETIME},
};
use wrengate_protocol::encoding::{equal_in_constant_time, is_base64url};

use crate::one_time::{OneTimeCookie, utc};

/// How long it waits for the next page, in seconds, where that follows at once.
const NEXT_PAGE: i64 = 60;

const COOKIE: OneTimeCookie = OneTimeCookie {
    name: "wrengate-signed-out",
    secure_name: "__Host-wrengate-signed-out",
};

/// What a sign-out came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Whether every browser was signed out.
    pub(crate) everywhere: bool,
    /// What became of the access token.
    pub(crate) access: AccessEnd,
    /// What is known of the provider's own session.
    pub(crate) provider: AtProvider,
}

/// What is known of the provider's own session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AtProvider {
    /// Nothing.
    Unknown,
    /// This ticket leads to where it ends.
    Ticket(String),
    /// It is over if the provider brings this state back.
    State(String),
}

impl Outcome {
    /// Nobody was signed in, or nothing is known any more.
    pub(crate) const fn unknown() -> Self {
        Self {
            everywhere: false,
            access: AccessEnd::Over,
            provider: AtProvider::Unknown,
        }
    }

    /// The value of the cookie.
    fn to_code(&self) -> String {
        let which = if self.everywhere {
            "everywhere"
        } else {
            "here"
        };
        let access = match self.access {
            AccessEnd::Over => "over".to_owned(),
            AccessEnd::Unconfirmed(None) => "unknown".to_owned(),
            AccessEnd::Unconfirmed(Some(end)) => end.to_string(),
        };
        let provider = match &self.provider {
            AtProvider::Unknown => "unknown".to_owned(),
            AtProvider::Ticket(ticket) => format!("ticket.{ticket}"),
            AtProvider::State(state) => format!("state.{state}"),
        };
        format!("{which}.{access}.{provider}")
    }

    /// Reads the value of the cookie.
    ///
    /// # Security
    /// Anybody can plant one on http, so only what this server writes is taken, and nothing of it is
    /// shown as it stands but a time and a ticket that the store has to know.
    fn from_code(code: &str) -> Option<Self> {
        let mut parts = code.splitn(3, '.');
        let everywhere = match parts.next()? {
            "everywhere" => true,
            "here" => false,
            _ => return None,
        };
        let access = match parts.next()? {
            "over" => AccessEnd::Over,
            "unknown" => AccessEnd::Unconfirmed(None),
            end => AccessEnd::Unconfirmed(Some(end.parse().ok()?)),
        };
        let random =
            |value: &str| (value.len() == 43 && is_base64url(value)).then(|| value.to_owned());
        let provider = match parts.next()?.split_once('.') {
            None => AtProvider::Unknown,
            Some(("ticket", ticket)) => AtProvider::Ticket(random(ticket)?),
            Some(("state", state)) => AtProvider::State(random(state)?),
            Some(_) => return None,
        };
        Some(Self {
            everywhere,
            access,
            provider,
        })
    }

    /// Leaves it for the page. It waits longer where the way leads past the provider, who asks the
    /// person.
    pub(crate) fn leave(&self, services: &Services, response: &mut Response) {
        let max_age = match self.provider {
            AtProvider::Unknown | AtProvider::Ticket(_) => NEXT_PAGE,
            AtProvider::State(_) => TICKET_LIFETIME,
        };
        COOKIE.leave(services, response, &self.to_code(), max_age);
    }

    /// What the cookie of a request says.
    pub(crate) fn read(services: &Services, headers: &HeaderMap) -> Option<Self> {
        Self::from_code(COOKIE.read(services, headers)?)
    }

    /// What the page may know. `state` is what the provider brought back.
    ///
    /// # Security
    /// Without the state of this very sign-out, the page says nothing of the provider: a link that
    /// somebody else made brings none.
    pub(crate) fn for_page(&self, state: Option<&str>) -> Farewell {
        let (next, at_provider) = match &self.provider {
            AtProvider::Unknown => (None, false),
            AtProvider::Ticket(ticket) => (Some(ticket.clone()), false),
            AtProvider::State(expected) => {
                let back = state.unwrap_or_default();
                let fits = equal_in_constant_time(back.as_bytes(), expected.as_bytes());
                (None, fits)
            }
        };
        Farewell {
            everywhere: self.everywhere,
            at_provider,
            next,
            access_until: match self.access {
                AccessEnd::Over => None,
                AccessEnd::Unconfirmed(end) => Some(end.and_then(utc).unwrap_or_default()),
            },
        }
    }
}

/// Takes the cookie back, because it was told.
pub(crate) fn clear(services: &Services, response: &mut Response) {
    COOKIE.clear(services, response);
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0";

    #[test]
    fn what_is_written_is_read() {
        for everywhere in [true, false] {
            for access in [
                AccessEnd::Over,
                AccessEnd::Unconfirmed(None),
                AccessEnd::Unconfirmed(Some(1_767_225_600)),
            ] {
                for provider in [
                    AtProvider::Unknown,
                    AtProvider::Ticket(RANDOM.to_owned()),
                    AtProvider::State(RANDOM.to_owned()),
                ] {
                    let outcome = Outcome {
                        everywhere,
                        access,
                        provider,
                    };
                    assert_eq!(Outcome::from_code(&outcome.to_code()), Some(outcome));
                }
            }
        }
    }

    #[test]
    fn what_this_server_does_not_write_is_nothing() {
        for code in [
            "",
            "here",
            "here.over",
            "there.over.unknown",
            "here.never.unknown",
            "here.99999999999999999999.unknown",
            "here.over.ticket.",
            "here.over.ticket.short",
            "here.over.ticket.https://evil.example/aaaaaaaaaaaaaaaaaaaaaaa",
            "here.over.ticket.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO<0",
            "here.over.other.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0",
        ] {
            assert_eq!(Outcome::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn only_the_state_of_this_sign_out_says_that_the_provider_did_it() {
        let outcome = Outcome {
            provider: AtProvider::State(RANDOM.to_owned()),
            ..Outcome::unknown()
        };
        assert!(outcome.for_page(Some(RANDOM)).at_provider);
        for state in [None, Some(""), Some("other"), Some(&RANDOM[1..])] {
            assert!(!outcome.for_page(state).at_provider, "{state:?}");
        }
        assert!(!Outcome::unknown().for_page(Some("")).at_provider);
    }

    #[test]
    fn time_far_off_is_left_out() {
        let outcome = Outcome {
            access: AccessEnd::Unconfirmed(Some(i64::MAX)),
            ..Outcome::unknown()
        };
        assert_eq!(outcome.for_page(None).access_until.as_deref(), Some(""));
    }
}

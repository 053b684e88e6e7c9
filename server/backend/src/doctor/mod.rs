//! `wrengate doctor`: looks at settings and provider, and says what was found and what to do.
//!
//! It asks what a sign-in asks and changes nothing: requests are GETs, but for one to the token
//! endpoint with a made-up code. [`machine`] looks at what is here, [`metadata`] judges what the
//! provider says of itself, [`answers`] what it answers. Each check is a line of the [`Report`];
//! printing is the command's business.

mod answers;
mod machine;
mod metadata;
mod report;

use std::{sync::Arc, time::Duration};

use tokio::task::JoinSet;
use url::Url;

use self::metadata::Described;
pub use self::report::{Check, CheckId, Report, Status};
use crate::{
    clock::Clock,
    config::{Config, ConfigErrors, provider::ProviderSource},
    provider::{Limits, Provider, ProviderError, ProviderSetupError},
    random::Random,
};

/// How much is asked, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whether the token endpoint is asked what it thinks of the client.
    pub token_request: bool,
    /// What a call may cost. There are two in a row, discovery and one to everything it found, so with
    /// 6 s for each all is done within 20.
    pub limits: Limits,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            token_request: true,
            limits: Limits {
                total: Duration::from_secs(6),
                ..Limits::default()
            },
        }
    }
}

/// The settings are wrong, so nothing else can be looked at.
#[must_use]
pub fn wrong_settings(errors: &ConfigErrors) -> Report {
    Report::new(machine::wrong_settings(errors))
}

/// Looks at everything.
///
/// # Errors
/// [`ProviderSetupError`] when TLS cannot be set up on this machine.
pub async fn examine(
    config: &Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    plan: Plan,
) -> Result<Report, ProviderSetupError> {
    let Plan {
        token_request,
        limits,
    } = plan;
    let provider = config.provider.clone();
    let provider = Provider::with_limits(provider, clock, Arc::clone(&random), limits)?;
    let examination = Examination {
        config,
        provider: Arc::new(provider),
        token_request,
    };
    let (mut checks, others) =
        tokio::join!(machine::look(config, &*random), Box::pin(examination.run()));
    checks.extend(others);
    Ok(Report::new(checks))
}

/// One look at one provider.
struct Examination<'a> {
    config: &'a Config,
    provider: Arc<Provider>,
    token_request: bool,
}

impl Examination<'_> {
    async fn run(&self) -> Vec<Check> {
        let redirect_uri = self.config.http.public_origin.redirect_uri();
        let mut ahead = Vec::new();
        let (mut checks, described) = match &self.config.provider.source {
            ProviderSource::Discovery(issuer) => {
                let heard = self.provider.find_document(issuer).await;
                ahead.extend(heard.ahead);
                let described = heard
                    .outcome
                    .map(|document| Described::read(document, issuer));
                (metadata::found(&described, issuer), described.ok())
            }
            ProviderSource::Endpoints(metadata) => (
                metadata::by_hand(metadata),
                Some(Described::by_hand(metadata)),
            ),
        };
        let (others, dates) = self.ask(described.as_ref(), &redirect_uri).await;
        ahead.extend(dates);
        checks.extend(others);
        checks.push(answers::clock(&mut ahead, self.config));
        checks.push(Check::ok(
            CheckId::RedirectUri,
            format!("register exactly {redirect_uri} at the provider"),
        ));
        checks.extend(metadata::judge(described.as_ref(), self.config));
        checks
    }

    /// Asks everything the metadata name, all at once.
    async fn ask(
        &self,
        described: Option<&Described>,
        redirect_uri: &str,
    ) -> (Vec<Check>, Vec<i64>) {
        let metadata = described.and_then(|described| described.metadata.as_ref());
        let Some(metadata) = metadata else {
            let mut checks = vec![answers::connection(&self.connect(self.issuer()).await)];
            let because = "the metadata cannot be used";
            let rest = [CheckId::Jwks, CheckId::Userinfo, CheckId::ClientAccepted];
            checks.extend(rest.map(|id| Check::skipped(id, because)));
            return (checks, Vec::new());
        };
        let openid = metadata::asks_for_openid(&self.config.provider);
        let keys = async {
            match metadata.jwks_uri.as_ref().filter(|_| openid) {
                Some(uri) => Some(self.provider.ask_for_keys(uri).await),
                None => None,
            }
        };
        let trusted = described.is_some_and(Described::is_of_issuer);
        let client = async {
            if trusted && self.token_request {
                Some(
                    self.provider
                        .present_made_up_code(metadata, redirect_uri)
                        .await,
                )
            } else {
                None
            }
        };
        let (connections, keys, nobody, client) = tokio::join!(
            self.connect(metadata::hosts(self.issuer(), metadata)),
            keys,
            self.provider.ask_for_nobody(metadata),
            client
        );
        let mut dates = Vec::new();
        dates.extend(nobody.ahead);
        dates.extend(keys.as_ref().and_then(|heard| heard.ahead));
        dates.extend(client.as_ref().and_then(|heard| heard.ahead));
        let client = match (client, trusted) {
            (Some(heard), _) => answers::client(heard.outcome, &self.config.provider),
            (None, false) => Check::skipped(
                CheckId::ClientAccepted,
                "the metadata are not this issuer's, and the client proves itself to nobody else",
            ),
            (None, true) => Check::skipped(CheckId::ClientAccepted, "--no-token-request was given"),
        };
        let checks = vec![
            answers::connection(&connections),
            answers::keys(keys.map(|heard| heard.outcome), self.config, metadata),
            answers::userinfo(nobody.outcome),
            client,
        ];
        (checks, dates)
    }

    fn issuer(&self) -> Vec<Url> {
        let issuer = self.config.provider.source.issuer();
        issuer
            .and_then(|issuer| Url::parse(issuer.as_str()).ok())
            .into_iter()
            .collect()
    }

    /// Connects to each, all at once; in the order given.
    async fn connect(&self, urls: Vec<Url>) -> Vec<(String, Result<(), ProviderError>)> {
        let mut calls = JoinSet::new();
        for (number, url) in urls.into_iter().enumerate() {
            let provider = Arc::clone(&self.provider);
            calls.spawn(async move {
                let origin = url.origin().ascii_serialization();
                (number, (origin, provider.reach(&url).await))
            });
        }
        let mut done = calls.join_all().await;
        done.sort_by_key(|(number, _)| *number);
        done.into_iter().map(|(_, outcome)| outcome).collect()
    }
}

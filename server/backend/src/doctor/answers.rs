//! What the provider answers, held against what it should.

use std::{error::Error, fmt::Write as _};

use wrengate_protocol::{Failure, discovery::Metadata, jwks::Jwks};

use super::{
    metadata::{asks_for_openid, common, names},
    report::{Check, CheckId},
};
use crate::{
    advice,
    config::{Config, provider::ProviderConfig},
    provider::{ProviderError, Refusal, why_unreachable},
};

/// From how many seconds on two clocks differ enough to be told of.
const NOTICEABLE: u64 = 30;

/// What went wrong with a call, in words.
pub(super) fn trouble(error: &ProviderError) -> String {
    if let Some(why) = why_unreachable(error) {
        return format!("no connection: {why}");
    }
    if matches!(
        error,
        ProviderError::Silent { .. } | ProviderError::Deadline { .. }
    ) {
        return "no answer in time".to_owned();
    }
    let mut text = error.to_string();
    // What refused keeps nothing of the answer but codes of a fixed alphabet and numbers.
    if let Some(cause) = error.source() {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {cause}");
    }
    text
}

pub(super) fn connection(outcomes: &[(String, Result<(), ProviderError>)]) -> Check {
    let id = CheckId::Connection;
    let failed: Vec<String> = outcomes
        .iter()
        .filter_map(|(host, outcome)| {
            let error = outcome.as_ref().err()?;
            Some(format!("{host}: {}", trouble(error)))
        })
        .collect();
    if failed.is_empty() {
        let hosts: Vec<&str> = outcomes.iter().map(|(host, _)| host.as_str()).collect();
        return Check::ok(id, format!("{} reached", hosts.join(", ")));
    }
    let is_tls = outcomes
        .iter()
        .any(|(_, outcome)| outcome.as_ref().is_err_and(ProviderError::is_tls));
    let advice = if is_tls {
        "Have the certificate mended. If it is of an authority of your own, name that in WRENGATE_CA_FILE; there is no switch to turn the check off."
    } else {
        "Look at the address, at the name servers of this machine, and at what a firewall lets out. Proxy variables of the environment are not used."
    };
    Check::failed(id, failed.join("; "), &[advice])
}

/// `outcome` is `None` where the keys were not asked for.
pub(super) fn keys(
    outcome: Option<Result<Jwks, ProviderError>>,
    config: &Config,
    metadata: &Metadata,
) -> Check {
    let id = CheckId::Jwks;
    let provider = &config.provider;
    let keys = match outcome {
        None if !asks_for_openid(provider) => {
            return Check::skipped(id, "openid is not asked for");
        }
        None if matches!(
            provider.source,
            crate::config::provider::ProviderSource::Endpoints(_)
        ) =>
        {
            return Check::warning(
                id,
                "WRENGATE_JWKS_URI is not set, so ID tokens are not read",
                &["Set WRENGATE_JWKS_URI and WRENGATE_ISSUER, where the provider sends ID tokens."],
            );
        }
        None => {
            return Check::failed(
                id,
                "the metadata name no jwks_uri, and openid is asked for",
                &[
                    "The provider's metadata have to be mended, or openid taken out of WRENGATE_SCOPES.",
                ],
            );
        }
        Some(Err(error)) => {
            let advice = "Look at jwks_uri in the provider's metadata, or at WRENGATE_JWKS_URI: without keys no ID token can be checked.";
            return Check::failed(id, trouble(&error), &[advice]);
        }
        Some(Ok(keys)) => keys,
    };
    let (fitting, lacking): (Vec<_>, Vec<_>) = common(metadata, provider)
        .into_iter()
        .partition(|algorithm| keys.candidates(*algorithm, None).next().is_some());
    let found = format!("{} usable", keys.len());
    if lacking.is_empty() {
        return Check::ok(id, format!("{found}, for {}", names(&fitting)));
    }
    let found = format!("{found}, none for {}", names(&lacking));
    if fitting.is_empty() {
        let advice = "Set WRENGATE_ID_TOKEN_ALGS to what the provider really signs ID tokens with, or add such a key there.";
        return Check::failed(id, found, &[advice]);
    }
    let advice = "Take it out of WRENGATE_ID_TOKEN_ALGS, unless such a key is yet to come.";
    Check::warning(
        id,
        format!("{found}, one for {}", names(&fitting)),
        &[advice],
    )
}

pub(super) fn userinfo(outcome: Result<u16, ProviderError>) -> Check {
    let id = CheckId::Userinfo;
    let found = match outcome {
        Ok(401) => return Check::ok(id, "refuses who brings no token (401)"),
        Ok(200) => "answers 200 to a request without a token".to_owned(),
        Ok(status) => format!("answers {status} to a request without a token, in place of 401"),
        Err(error) => trouble(&error),
    };
    let advice = "Look at the address of the userinfo endpoint: without it nobody can sign in.";
    Check::warning(id, found, &[advice])
}

pub(super) fn client(outcome: Result<Refusal, ProviderError>, config: &ProviderConfig) -> Check {
    let id = CheckId::ClientAccepted;
    let method = config.client_auth.method();
    let refusal = match outcome {
        Ok(refusal) => refusal,
        Err(error) => {
            let advice =
                "Look at the address of the token endpoint: without it nobody can sign in.";
            return Check::failed(id, trouble(&error), &[advice]);
        }
    };
    let code = refusal
        .code
        .as_ref()
        .map_or("no code", |code| code.as_str());
    let said = format!("{code}, status {}", refusal.status);
    match refusal.failure() {
        Failure::CodeExpired => Check::ok(
            id,
            format!("by {method}; the made-up code was refused as it should ({said})"),
        ),
        Failure::ClientRejected => Check::failed(
            id,
            format!("the provider rejects the client, by {method} ({said})"),
            advice::how_to_fix(Failure::ClientRejected)
                .split_last()
                .map_or(&[], |(_, rest)| rest),
        ),
        Failure::ExchangeRefused => Check::failed(
            id,
            format!("the provider refuses the exchange ({said})"),
            advice::how_to_fix(Failure::ExchangeRefused)
                .split_last()
                .map_or(&[], |(_, rest)| rest),
        ),
        _ => Check::warning(
            id,
            format!("the answer to a made-up code does not tell ({said})"),
            &["Sign in once: whether the client is accepted shows there."],
        ),
    }
}

/// `ahead` is by how many seconds the clock of each answer was ahead of ours. The middle one counts,
/// because an answer out of a cache may have an old date.
pub(super) fn clock(ahead: &mut [i64], config: &Config) -> Check {
    let id = CheckId::Clock;
    ahead.sort_unstable();
    let Some(&middle) = ahead.get(ahead.len() / 2) else {
        return Check::skipped(id, "no answer told the time");
    };
    let skew = config.provider.id_token.clock_skew.as_secs();
    let (size, direction) = (
        middle.unsigned_abs(),
        if middle > 0 { "ahead of" } else { "behind" },
    );
    let found = format!("the provider's is {size} s {direction} this machine's");
    let advice = "Set this machine's clock by a time service (NTP).";
    // A date has whole seconds, and it travelled.
    if size > skew.max(2) {
        let found = format!("{found}, and {skew} s are allowed (WRENGATE_CLOCK_SKEW_SECONDS)");
        return Check::failed(id, found, &[advice]);
    }
    if size > NOTICEABLE {
        return Check::warning(id, found, &[advice]);
    }
    let found = if size <= 2 {
        "the same as this machine's".to_owned()
    } else {
        found
    };
    Check::ok(id, found)
}

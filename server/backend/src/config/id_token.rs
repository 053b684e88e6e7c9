//! What is believed of an ID token.

use std::time::Duration;

use wrengate_protocol::signing::SigningAlgorithm;

use super::given::Given;

/// What is believed of an ID token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenConfig {
    /// `WRENGATE_ID_TOKEN_ALGS`: algorithms that may sign one, where the provider offers them too.
    /// Default `RS256`, which every OpenID provider has (OpenID Connect Core, section 15.1).
    pub algorithms: Vec<SigningAlgorithm>,
    /// `WRENGATE_CLOCK_SKEW_SECONDS`: how far the provider's clock may differ, 0 to 600 s. Default 60.
    pub clock_skew: Duration,
    /// `WRENGATE_JWKS_COOLDOWN_SECONDS`: the least time between two fetches of keys because one is
    /// unknown, 1 to 3600 s. Default 60.
    pub jwks_cooldown: Duration,
    /// `WRENGATE_TRUSTED_AUDIENCES`: audiences that may stand beside the client id. Default none.
    pub trusted_audiences: Vec<String>,
}

impl Default for IdTokenConfig {
    fn default() -> Self {
        Self {
            algorithms: vec![SigningAlgorithm::Rs256],
            clock_skew: Duration::from_mins(1),
            jwks_cooldown: Duration::from_mins(1),
            trusted_audiences: Vec::new(),
        }
    }
}

impl IdTokenConfig {
    pub(super) fn read(given: &mut Given) -> Self {
        let default = Self::default();
        Self {
            algorithms: read_algorithms(given).unwrap_or(default.algorithms),
            clock_skew: given
                .seconds("WRENGATE_CLOCK_SKEW_SECONDS", 0..=600)
                .unwrap_or(default.clock_skew),
            jwks_cooldown: given
                .seconds("WRENGATE_JWKS_COOLDOWN_SECONDS", 1..=3600)
                .unwrap_or(default.jwks_cooldown),
            trusted_audiences: read_audiences(given),
        }
    }
}

fn read_algorithms(given: &mut Given) -> Option<Vec<SigningAlgorithm>> {
    let names = SigningAlgorithm::ALL.map(SigningAlgorithm::name).join(", ");
    let allowed = format!("allowed are {names}");
    given.parsed("WRENGATE_ID_TOKEN_ALGS", &allowed, |text| {
        let names = words(text);
        let known: Option<Vec<_>> = names.map(SigningAlgorithm::named).collect();
        known.ok_or("has an algorithm that cannot be used")
    })
}

fn read_audiences(given: &mut Given) -> Vec<String> {
    let allowed = "allowed are audiences of printable ASCII, separated by spaces or commas";
    let audiences = given.parsed("WRENGATE_TRUSTED_AUDIENCES", allowed, |text| {
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            Ok(words(text).map(str::to_owned).collect())
        } else {
            Err("has a character that no audience has")
        }
    });
    audiences.unwrap_or_default()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t']).filter(|word| !word.is_empty())
}

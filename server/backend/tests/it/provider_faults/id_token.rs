//! ID tokens with real signatures, and the keys they need (groups C and G).

use std::{slice::from_ref, sync::Arc};

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Respond,
    matchers::{method, path},
};
use wrengate_protocol::{
    Failure, Secret,
    discovery::Metadata,
    id_token::{IdToken, Occasion},
    issuer::parse_endpoint,
    nonce::Nonce,
    signing::SigningAlgorithm,
    token::TokenResponse,
};

use super::{ACCESS_TOKEN, BoxError, NOW, Setup, TestResult, answer, check, json, keys::Key};
use wrengate_backend::provider::{Limits, ProviderError};

/// A provider with keys, and an attempt at it.
pub(super) struct Signed {
    pub(super) server: MockServer,
    pub(super) setup: Setup,
    metadata: Metadata,
}

impl Signed {
    pub(super) async fn publishing(keys: &[Value]) -> Result<Self, BoxError> {
        let signed = Self::silent().await?;
        signed.publish(keys).await;
        Ok(signed)
    }

    async fn silent() -> Result<Self, BoxError> {
        Self::with_algorithms(SigningAlgorithm::ALL.to_vec()).await
    }

    async fn with_algorithms(algorithms: Vec<SigningAlgorithm>) -> Result<Self, BoxError> {
        Self::with_limits(algorithms, Limits::default()).await
    }

    pub(super) async fn with_limits(
        algorithms: Vec<SigningAlgorithm>,
        limits: Limits,
    ) -> Result<Self, BoxError> {
        let server = MockServer::start().await;
        let setup = Setup::configured(&server.uri(), limits, |config| {
            config.id_token.algorithms = algorithms;
        })?;
        let metadata = Metadata {
            jwks_uri: Some(parse_endpoint(&format!("{}/jwks", server.uri()))?),
            ..setup.metadata.clone()
        };
        Ok(Self {
            server,
            setup,
            metadata,
        })
    }

    /// From now on these are the provider's keys.
    pub(super) async fn publish(&self, keys: &[Value]) {
        self.answer_jwks(json(200, json!({ "keys": keys }).to_string()))
            .await;
    }

    pub(super) async fn answer_jwks(&self, answer: impl Respond + 'static) {
        self.server.reset().await;
        Mock::given(method("GET"))
            .and(path("/jwks"))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    pub(super) fn claims(&self) -> Value {
        json!({
            "iss": self.server.uri(), "aud": "client:id", "sub": "user_1",
            "exp": NOW + 600, "iat": NOW, "nonce": "NONCE-CANARY",
        })
    }

    pub(super) async fn check(&self, id_token: &str) -> Result<IdToken, ProviderError> {
        let tokens = TokenResponse {
            access_token: Secret::new(ACCESS_TOKEN.to_owned()),
            expires_in: None,
            refresh_token: None,
            id_token: Some(Secret::new(id_token.to_owned())),
            scope: None,
        };
        let nonce = Nonce::restore("NONCE-CANARY".to_owned());
        self.setup
            .provider
            .check_id_token(
                &self.metadata,
                "client:id",
                Occasion::SignIn(&nonce),
                &tokens,
            )
            .await
    }

    /// How often the keys were asked for since they were last published.
    pub(super) async fn asked(&self) -> usize {
        self.server
            .received_requests()
            .await
            .unwrap_or_default()
            .len()
    }
}

/// RS256 is the default; the others where they are allowed.
#[tokio::test]
async fn tokens_of_every_kind_of_key_are_accepted() -> TestResult {
    for key in [
        Key::rsa(0, "k", Algorithm::RS256)?,
        Key::rsa(0, "k", Algorithm::RS384)?,
        Key::rsa(0, "k", Algorithm::RS512)?,
        Key::rsa(0, "k", Algorithm::PS256)?,
        Key::rsa(0, "k", Algorithm::PS512)?,
        Key::p256("k")?,
        Key::ed25519("k")?,
    ] {
        let signed = Signed::publishing(from_ref(&key.public)).await?;
        let token = key.sign(json!({"kid": "k"}), &signed.claims())?;
        assert_eq!(signed.check(&token).await?.subject, "user_1", "{token:.40}");
        assert_eq!(signed.asked().await, 1);
        assert_eq!(signed.check(&token).await?.subject, "user_1");
        assert_eq!(signed.asked().await, 1, "the keys are remembered");
    }
    Ok(())
}

/// C10, C11, and algorithms that only one side allows.
#[tokio::test]
async fn an_algorithm_needs_both_the_settings_and_the_provider() -> TestResult {
    let (rsa, ec) = (Key::rsa(0, "k", Algorithm::RS256)?, Key::p256("k")?);
    for (settings, offered, is_accepted) in [
        (vec![SigningAlgorithm::Es256], vec![], true),
        (vec![SigningAlgorithm::Es256], vec!["ES256"], true),
        (vec![SigningAlgorithm::Es256], vec!["RS256"], false),
        (vec![SigningAlgorithm::Rs256], vec!["ES256"], false),
        (vec![SigningAlgorithm::Rs256], vec![], false),
    ] {
        let mut signed = Signed::with_algorithms(settings.clone()).await?;
        signed.metadata.id_token_algorithms = offered.iter().map(|it| (*it).to_owned()).collect();
        signed.publish(from_ref(&ec.public)).await;
        let outcome = signed.check(&ec.sign(json!({}), &signed.claims())?).await;
        let row = format!("{settings:?} {offered:?}");
        if is_accepted {
            assert!(outcome.is_ok(), "{row}: {outcome:?}");
        } else {
            check(&row, outcome, Failure::IdUntrusted)?;
            assert_eq!(signed.asked().await, 0, "{row}: no key is asked for");
        }
    }
    let signed = Signed::publishing(from_ref(&rsa.public)).await?;
    for algorithm in ["none", "HS256", "HS512"] {
        let token = rsa.sign(json!({"alg": algorithm, "kid": "k"}), &signed.claims())?;
        check(algorithm, signed.check(&token).await, Failure::IdUntrusted)?;
        let (unsigned, _) = token.rsplit_once('.').ok_or("three parts")?;
        let token = format!("{unsigned}.");
        check(algorithm, signed.check(&token).await, Failure::IdUntrusted)?;
    }
    Ok(())
}

/// C12, C16.
#[tokio::test]
async fn a_signature_is_of_a_key_that_the_provider_publishes() -> TestResult {
    let (real, foreign) = (
        Key::rsa(0, "k", Algorithm::RS256)?,
        Key::rsa(1, "k", Algorithm::RS256)?,
    );
    let signed = Signed::publishing(from_ref(&real.public)).await?;
    let good = real.sign(json!({"kid": "k"}), &signed.claims())?;
    let bytes = good.as_bytes();
    for place in [bytes.len() - 10, bytes.len() - 200] {
        let mut bent = bytes.to_vec();
        if let Some(byte) = bent.get_mut(place) {
            *byte = if *byte == b'A' { b'B' } else { b'A' };
        }
        let bent = String::from_utf8(bent)?;
        check(
            "one character",
            signed.check(&bent).await,
            Failure::IdUntrusted,
        )?;
    }
    let stolen = format!(
        "{}.{}",
        foreign
            .sign(json!({"kid": "k"}), &signed.claims())?
            .rsplit_once('.')
            .ok_or("three parts")?
            .0,
        good.rsplit_once('.').ok_or("three parts")?.1
    );
    assert!(signed.check(&stolen).await.is_ok(), "it is the same text");
    let foreign_url = format!("{}/other", signed.server.uri());
    for header in [
        json!({"kid": "k"}),
        json!({"kid": "k", "jku": foreign_url}),
        json!({"kid": "k", "x5u": foreign_url}),
        json!({"kid": "k", "jwk": foreign.public}),
    ] {
        let token = foreign.sign(header.clone(), &signed.claims())?;
        check(
            &header.to_string(),
            signed.check(&token).await,
            Failure::IdUntrusted,
        )?;
    }
    let requests = signed.server.received_requests().await.unwrap_or_default();
    assert!(requests.iter().all(|request| request.url.path() == "/jwks"));
    Ok(())
}

/// C13, C14, and two keys with one id.
#[tokio::test]
async fn without_a_key_id_the_fitting_keys_are_tried() -> TestResult {
    let signing = Key::rsa(0, "b", Algorithm::RS256)?;
    let others = [
        Key::rsa(1, "a", Algorithm::RS256)?.public,
        Key::p256("c")?.public,
        json!({"kty": "oct", "k": "AAAA", "kid": "d"}),
    ];
    let alone = Signed::publishing(from_ref(&signing.public)).await?;
    assert!(
        alone
            .check(&signing.sign(json!({}), &alone.claims())?)
            .await
            .is_ok()
    );
    let mut several = others.to_vec();
    several.push(signing.public.clone());
    let among = Signed::publishing(&several).await?;
    assert!(
        among
            .check(&signing.sign(json!({}), &among.claims())?)
            .await
            .is_ok()
    );
    let namesake = Key::rsa(1, "b", Algorithm::RS256)?.public;
    let twice = Signed::publishing(&[namesake, signing.public.clone()]).await?;
    let token = signing.sign(json!({"kid": "b"}), &twice.claims())?;
    assert!(twice.check(&token).await.is_ok());
    Ok(())
}

/// C15, G12.
#[tokio::test]
async fn a_new_key_is_fetched_once_when_it_is_needed() -> TestResult {
    let (old, new) = (
        Key::rsa(0, "old", Algorithm::RS256)?,
        Key::rsa(1, "new", Algorithm::RS256)?,
    );
    let signed = Signed::publishing(from_ref(&old.public)).await?;
    let before = old.sign(json!({"kid": "old"}), &signed.claims())?;
    assert!(signed.check(&before).await.is_ok());
    // A minute later the keys are others.
    signed.setup.clock.advance(60);
    signed.publish(from_ref(&new.public)).await;
    let after = new.sign(json!({"kid": "new"}), &signed.claims())?;
    assert!(signed.check(&after).await.is_ok());
    assert_eq!(signed.asked().await, 1, "one fetch");
    check(
        "the old key is gone",
        signed.check(&before).await,
        Failure::IdUntrusted,
    )?;
    assert_eq!(signed.asked().await, 1, "within the cool-down");
    Ok(())
}

/// G12: the keys change while a person is on the way, so right after they were fetched for another.
#[tokio::test]
async fn a_key_without_an_id_that_is_new_is_fetched_too() -> TestResult {
    let (old, new) = (
        Key::rsa(0, "k", Algorithm::RS256)?,
        Key::rsa(1, "k", Algorithm::RS256)?,
    );
    let signed = Signed::publishing(from_ref(&old.public)).await?;
    assert!(
        signed
            .check(&old.sign(json!({}), &signed.claims())?)
            .await
            .is_ok()
    );
    signed.setup.clock.advance(60);
    signed.publish(from_ref(&new.public)).await;
    assert!(
        signed
            .check(&new.sign(json!({}), &signed.claims())?)
            .await
            .is_ok()
    );
    signed.setup.clock.advance(60);
    signed.publish(from_ref(&old.public)).await;
    let same_id = old.sign(json!({"kid": "k"}), &signed.claims())?;
    assert!(
        signed.check(&same_id).await.is_ok(),
        "an id that was used again"
    );
    Ok(())
}

/// G13.
#[tokio::test]
async fn a_thousand_unknown_keys_are_one_request_a_minute() -> TestResult {
    let key = Key::rsa(0, "k", Algorithm::RS256)?;
    let signed = Arc::new(Signed::publishing(from_ref(&key.public)).await?);
    let claims = signed.claims();
    assert!(
        signed
            .check(&key.sign(json!({"kid": "k"}), &claims)?)
            .await
            .is_ok()
    );
    for minute in 0..3 {
        signed.setup.clock.advance(60);
        let mut checks = tokio::task::JoinSet::new();
        for number in 0..300 {
            let token = key.sign(json!({"kid": format!("x{number}")}), &claims)?;
            let signed = Arc::clone(&signed);
            checks.spawn(async move { signed.check(&token).await });
        }
        while let Some(outcome) = checks.join_next().await {
            check("unknown", outcome?, Failure::IdUntrusted)?;
        }
        assert_eq!(signed.asked().await, 2 + minute);
    }
    Ok(())
}

/// G14.
#[tokio::test]
async fn keys_that_cannot_be_had_end_the_sign_in_and_nothing_else() -> TestResult {
    let key = Key::rsa(0, "k", Algorithm::RS256)?;
    let encrypts = {
        let mut public = key.public.clone();
        public
            .as_object_mut()
            .ok_or("an object")?
            .insert("use".to_owned(), json!("enc"));
        public
    };
    let many: Vec<Value> = (0..10_000)
        .map(|_| json!({"kty": "oct", "k": "AAAA"}))
        .collect();
    let rows = [
        ("500", json(500, "{}"), Failure::ProviderFault),
        ("503", json(503, "{}"), Failure::ProviderBusy),
        ("404", json(404, "{}"), Failure::Unrecognised),
        (
            "html",
            answer(200, "text/html", "<html>"),
            Failure::AnswerUnreadable,
        ),
        (
            "redirect",
            answer(302, "text/html", ""),
            Failure::AnswerUnreadable,
        ),
        ("empty", json(200, r#"{"keys":[]}"#), Failure::IdUntrusted),
        ("no list", json(200, "{}"), Failure::AnswerUnreadable),
        ("not JSON", json(200, "{"), Failure::AnswerUnreadable),
        (
            "use enc",
            json(200, json!({"keys": [encrypts]}).to_string()),
            Failure::IdUntrusted,
        ),
        (
            "10 000 oct",
            json(200, json!({"keys": many}).to_string()),
            Failure::IdUntrusted,
        ),
        (
            "1 MB",
            json(200, " ".repeat(1 << 20)),
            Failure::AnswerUnreadable,
        ),
    ];
    for (row, jwks, failure) in rows {
        let signed = Signed::silent().await?;
        let token = key.sign(json!({"kid": "k"}), &signed.claims())?;
        signed.answer_jwks(jwks).await;
        check(row, signed.check(&token).await, failure)?;
        // Once it is mended, the next one is signed in.
        signed.setup.clock.advance(3);
        signed.publish(from_ref(&key.public)).await;
        assert!(signed.check(&token).await.is_ok(), "{row}, mended");
    }
    Ok(())
}

/// G15.
#[tokio::test]
async fn keys_that_are_known_serve_for_a_day_without_the_provider() -> TestResult {
    let key = Key::rsa(0, "k", Algorithm::RS256)?;
    let signed = Signed::publishing(from_ref(&key.public)).await?;
    let at = |offset: i64| {
        let mut claims = signed.claims();
        let members = claims.as_object_mut().ok_or("an object")?;
        members.insert("iat".to_owned(), json!(NOW + offset));
        members.insert("exp".to_owned(), json!(NOW + offset + 600));
        key.sign(json!({"kid": "k"}), &claims)
    };
    assert!(signed.check(&at(0)?).await.is_ok());
    signed.answer_jwks(json(500, "{}")).await;
    let almost_a_day = 24 * 60 * 60 - 1;
    signed.setup.clock.advance(almost_a_day);
    assert!(signed.check(&at(almost_a_day)?).await.is_ok());
    signed.setup.clock.advance(1);
    check(
        "a day",
        signed.check(&at(almost_a_day)?).await,
        Failure::ProviderFault,
    )
}

/// The claims are judged after the signature; every rule is tested where it is written.
#[tokio::test]
async fn a_good_signature_is_not_enough() -> TestResult {
    let key = Key::rsa(0, "k", Algorithm::RS256)?;
    let signed = Signed::publishing(from_ref(&key.public)).await?;
    for (claim, value, failure) in [
        ("iss", json!("https://other.example"), Failure::IdUntrusted),
        ("aud", json!("other"), Failure::IdUntrusted),
        ("azp", json!("other"), Failure::IdUntrusted),
        ("nonce", json!("other"), Failure::IdUntrusted),
        ("sub", json!(""), Failure::IdUntrusted),
        ("at_hash", json!("other"), Failure::IdUntrusted),
        ("exp", json!(NOW - 61), Failure::ClockSkew),
        ("iat", json!(NOW + 61), Failure::ClockSkew),
        ("iat", json!(null), Failure::ClockSkew),
    ] {
        let mut claims = signed.claims();
        let members = claims.as_object_mut().ok_or("an object")?;
        members.insert(claim.to_owned(), value);
        let token = key.sign(json!({"kid": "k"}), &claims)?;
        check(claim, signed.check(&token).await, failure)?;
    }
    for (row, token) in [("JWE", "a.b.c.d.e"), ("one part", "abc"), ("empty", "..")] {
        check(row, signed.check(token).await, Failure::AnswerUnreadable)?;
    }
    Ok(())
}

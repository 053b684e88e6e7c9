//! The ID token's signature, and then its claims (OpenID Connect Core, section 3.1.3.7).

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use wrengate_protocol::{
    discovery::Metadata,
    encoding::base64url,
    id_token::{
        Distrust, Expected, IdToken, IdTokenError, Occasion, SignedClaims, UnverifiedIdToken,
    },
    jwks::{Jwks, KeyMaterial},
    signing::SigningAlgorithm,
    token::TokenResponse,
};

use super::{Provider, error::ProviderError};

impl Provider {
    /// Step 9.7 of the walkthrough: finds out whether the provider really says who signed in, to us
    /// and in this attempt.
    ///
    /// Keys that do not fit are fetched anew once, so that a rotation between or during sign-ins
    /// goes unnoticed.
    ///
    /// # Errors
    /// [`ProviderError::IdToken`]; those of fetching the keys.
    ///
    /// # Security
    /// The signature is checked although the token came straight from the provider over TLS. Nothing
    /// of the tokens may be used when this fails.
    pub async fn check_id_token(
        &self,
        metadata: &Metadata,
        client_id: &str,
        occasion: Occasion<'_>,
        tokens: &TokenResponse,
    ) -> Result<IdToken, ProviderError> {
        let untrusted = |distrust: Distrust| ProviderError::IdToken(distrust.into());
        let token = tokens
            .id_token
            .as_ref()
            .ok_or(ProviderError::IdToken(IdTokenError::Missing))?;
        let issuer = metadata.issuer.as_ref();
        let issuer = issuer.ok_or_else(|| untrusted(Distrust::Issuer))?;
        let allowed = self.allowed_algorithms(metadata);
        let token = UnverifiedIdToken::parse(token, &allowed).map_err(ProviderError::IdToken)?;
        let claims = self.verify_signature(metadata, token).await?;
        let id_token = claims
            .judge(&Expected {
                issuer,
                client_id,
                trusted_audiences: &self.config.id_token.trusted_audiences,
                occasion,
                access_token: &tokens.access_token,
                now: self.clock.now(),
                tolerance: self.config.id_token.clock_skew,
            })
            .map_err(ProviderError::IdToken)?;
        let tolerance = self.config.id_token.clock_skew.as_secs();
        if id_token.clock_offset.unsigned_abs() > tolerance {
            tracing::warn!(
                offset_seconds = id_token.clock_offset,
                "the provider's clock and ours differ",
            );
        }
        Ok(id_token)
    }

    /// The claims, if one of the provider's keys signed them. Keys that do not fit are fetched anew
    /// once.
    pub(super) async fn verify_signature(
        &self,
        metadata: &Metadata,
        mut token: UnverifiedIdToken<'_>,
    ) -> Result<SignedClaims, ProviderError> {
        let untrusted = |distrust: Distrust| Err(ProviderError::IdToken(distrust.into()));
        let Some(uri) = &metadata.jwks_uri else {
            return untrusted(Distrust::NoKey);
        };
        let mut keys = self.keys(uri).await?;
        let mut newer = true;
        loop {
            let (unverified, distrust) = match verify(token, &keys) {
                Ok(claims) => return Ok(claims),
                Err(refused) => refused,
            };
            let next = if newer {
                self.newer_keys(uri, &keys).await?
            } else {
                None
            };
            let Some(next) = next else {
                return untrusted(distrust);
            };
            (token, keys, newer) = (unverified, next, false);
        }
    }

    /// What both the settings and the provider allow. A provider that says nothing allows everything
    /// the settings do.
    pub(super) fn allowed_algorithms(&self, metadata: &Metadata) -> Vec<SigningAlgorithm> {
        let offered = &metadata.id_token_algorithms;
        let is_offered = |algorithm: &SigningAlgorithm| {
            let named = |name: &String| SigningAlgorithm::named(name) == Some(*algorithm);
            offered.is_empty() || offered.iter().any(named)
        };
        let configured = self.config.id_token.algorithms.iter().copied();
        configured.filter(is_offered).collect()
    }
}

/// Tries every key that may have signed a token.
fn verify<'a>(
    token: UnverifiedIdToken<'a>,
    keys: &Arc<Jwks>,
) -> Result<SignedClaims, (UnverifiedIdToken<'a>, Distrust)> {
    let algorithm = token.algorithm();
    let candidates: Vec<KeyMaterial> = keys.candidates(algorithm, token.kid()).cloned().collect();
    if candidates.is_empty() {
        return Err((token, Distrust::NoKey));
    }
    token.verify(|signed, signature| {
        candidates.iter().any(|material| {
            // An error means that the key or the signature has not the form it needs.
            decoding_key(material).is_some_and(|key| {
                crypto::verify(signature, signed, &key, library_name(algorithm)).unwrap_or(false)
            })
        })
    })
}

fn decoding_key(material: &KeyMaterial) -> Option<DecodingKey> {
    match material {
        KeyMaterial::Rsa { n, e } => Some(DecodingKey::from_rsa_raw_components(n, e)),
        KeyMaterial::P256 { x, y } | KeyMaterial::P384 { x, y } => {
            DecodingKey::from_ec_components(&base64url(x), &base64url(y)).ok()
        }
        KeyMaterial::Ed25519 { x } => DecodingKey::from_ed_components(&base64url(x)).ok(),
    }
}

const fn library_name(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Rs384 => Algorithm::RS384,
        SigningAlgorithm::Rs512 => Algorithm::RS512,
        SigningAlgorithm::Ps256 => Algorithm::PS256,
        SigningAlgorithm::Ps384 => Algorithm::PS384,
        SigningAlgorithm::Ps512 => Algorithm::PS512,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::Es384 => Algorithm::ES384,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

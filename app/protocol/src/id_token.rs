//! The ID token: who signed in, as the provider signs it (OpenID Connect Core, sections 2 and 3.1.3.7).
//!
//! Three types keep the order: an [`UnverifiedIdToken`] can do nothing but be verified, which gives
//! [`SignedClaims`], which can do nothing but be judged, which gives an [`IdToken`].

use std::time::Duration;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use thiserror::Error;

use crate::{
    encoding::{base64url, equal_in_constant_time, from_base64url},
    issuer::Issuer,
    json,
    nonce::Nonce,
    profile::{AvatarHosts, Profile},
    secret::Secret,
    signing::SigningAlgorithm,
    userinfo::is_subject,
};

/// How old an ID token may be that a token endpoint has just given out: one hour.
///
/// It comes straight from the provider, so seconds would do; an hour tells an old token from a clock
/// that is wrong.
pub const OLDEST: Duration = Duration::from_hours(1);

/// The longest ID token that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// What is untrue about an ID token.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Distrust {
    /// `alg` is none of those that configuration and metadata both allow.
    #[error("its algorithm is not allowed")]
    Algorithm,
    /// `typ` is that of another kind of token (RFC 8725, section 3.11).
    #[error("its type is not that of an ID token")]
    Type,
    /// `crit` names extensions, of which none is understood (RFC 7515, section 4.1.11).
    #[error("its header has critical extensions")]
    Critical,
    /// No key of the provider may have signed it.
    #[error("no key of the provider fits it")]
    NoKey,
    /// The signature is not of the key it names.
    #[error("its signature is wrong")]
    Signature,
    /// `iss`.
    #[error("it is of another issuer")]
    Issuer,
    /// `aud`.
    #[error("it is not for this client")]
    Audience,
    /// `azp`.
    #[error("it was issued to another client")]
    AuthorizedParty,
    /// `nonce`.
    #[error("its nonce is not that of the attempt")]
    Nonce,
    /// `sub`.
    #[error("it names no subject")]
    Subject,
    /// `sub` after a refresh.
    #[error("it names another subject than the session")]
    OtherSubject,
    /// `at_hash`.
    #[error("it belongs to another access token")]
    AccessTokenHash,
}

/// Why an ID token is not accepted. Never with a value of the token in it, times excepted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IdTokenError {
    /// The token endpoint gave none although `openid` was asked for.
    #[error("there is no ID token")]
    Missing,
    /// Not three parts of base64url with a JSON object in the first two.
    #[error("the ID token is not a signed JWT")]
    Form,
    /// Something in it is not true.
    #[error("the ID token cannot be trusted: {0}")]
    Untrusted(#[from] Distrust),
    /// `exp`, `nbf` or `iat` do not fit our clock.
    #[error("the ID token's {claim} is {} s {}", .seconds.unsigned_abs(), if *.seconds < 0 { "in the past" } else { "ahead" })]
    Clock {
        /// The claim.
        claim: &'static str,
        /// Its distance from our clock, in seconds; negative in the past.
        seconds: i64,
    },
    /// `exp` or `iat` is missing or no number.
    #[error("the ID token has no {0}")]
    NoTime(&'static str),
}

/// An ID token that nobody has checked.
#[derive(Debug)]
pub struct UnverifiedIdToken<'a> {
    signed: &'a str,
    signature: &'a str,
    payload: Vec<u8>,
    algorithm: SigningAlgorithm,
    kid: Option<String>,
}

impl<'a> UnverifiedIdToken<'a> {
    /// Takes a token apart and looks at its header.
    ///
    /// # Errors
    /// [`IdTokenError::Form`]; [`IdTokenError::Untrusted`] for an algorithm that is not `allowed`,
    /// another type, critical extensions.
    ///
    /// # Security
    /// `jku`, `jwk`, `x5u` and `x5c` are not even looked at: the token cannot bring or name its own
    /// key (RFC 8725, section 3.10).
    pub fn parse(
        token: &'a Secret<String>,
        allowed: &[SigningAlgorithm],
    ) -> Result<Self, IdTokenError> {
        Self::parse_as(&["JWT"], token, allowed)
    }

    /// The same for a token whose `typ`, if it has one, is one of these.
    pub(crate) fn parse_as(
        types: &[&str],
        token: &'a Secret<String>,
        allowed: &[SigningAlgorithm],
    ) -> Result<Self, IdTokenError> {
        let token = token.expose();
        if token.len() > LONGEST {
            return Err(IdTokenError::Form);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(IdTokenError::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(IdTokenError::Form)?;
        if payload.contains('.') {
            return Err(IdTokenError::Form);
        }
        let header = from_base64url(header).ok_or(IdTokenError::Form)?;
        let payload = from_base64url(payload).ok_or(IdTokenError::Form)?;
        from_base64url(signature).ok_or(IdTokenError::Form)?;
        let header = json::parse_object(&header).map_err(|_| IdTokenError::Form)?;

        let algorithm = header.get("alg").and_then(Value::as_str);
        let algorithm = algorithm
            .and_then(SigningAlgorithm::named)
            .filter(|algorithm| allowed.contains(algorithm))
            .ok_or(Distrust::Algorithm)?;
        let is_of_type = header.get("typ").is_none_or(|kind| {
            kind.as_str()
                .is_some_and(|kind| types.iter().any(|it| kind.eq_ignore_ascii_case(it)))
        });
        if !is_of_type {
            return Err(Distrust::Type.into());
        }
        if header.contains_key("crit") {
            return Err(Distrust::Critical.into());
        }
        let kid = match header.get("kid") {
            None => None,
            Some(Value::String(kid)) => Some(kid.clone()),
            Some(_) => return Err(IdTokenError::Form),
        };
        Ok(Self {
            signed,
            signature,
            payload,
            algorithm,
            kid,
        })
    }

    /// The algorithm it says it was signed with, one of those allowed.
    #[must_use]
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The id of the key it says it was signed with.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The claims, if `verify` finds the signature right. It is given what was signed, and the
    /// signature as base64url.
    ///
    /// # Errors
    /// [`Distrust::Signature`] when it does not.
    pub fn verify(
        self,
        verify: impl FnOnce(&[u8], &str) -> bool,
    ) -> Result<SignedClaims, (Self, Distrust)> {
        if verify(self.signed.as_bytes(), self.signature) {
            Ok(SignedClaims {
                payload: self.payload,
                algorithm: self.algorithm,
            })
        } else {
            Err((self, Distrust::Signature))
        }
    }
}

/// Claims that the provider signed, not judged yet.
#[derive(Debug)]
pub struct SignedClaims {
    payload: Vec<u8>,
    algorithm: SigningAlgorithm,
}

/// What an ID token of this attempt has to say.
#[derive(Debug)]
pub struct Expected<'a> {
    /// The issuer of the attempt.
    pub issuer: &'a Issuer,
    /// Our client id.
    pub client_id: &'a str,
    /// Audiences besides us that are no cause for alarm.
    pub trusted_audiences: &'a [String],
    /// What it answers.
    pub occasion: Occasion<'a>,
    /// The access token that came with it.
    pub access_token: &'a Secret<String>,
    /// Our clock, in seconds since 1970.
    pub now: i64,
    /// How far the provider's clock may differ.
    pub tolerance: Duration,
}

/// What an ID token was given out for.
#[derive(Clone, Copy, Debug)]
pub enum Occasion<'a> {
    /// A sign-in: it repeats the nonce of the attempt.
    SignIn(&'a Nonce),
    /// A refresh (OpenID Connect Core, section 12.2): it is about the same person. It should have no
    /// nonce; one that it has equals that of the ID token before, where that has one.
    Refresh {
        /// The subject of the session.
        subject: &'a str,
        /// The nonce of the ID token before.
        nonce: Option<&'a Nonce>,
    },
}

/// The nonce of an ID token that was found true before. Nothing else may be read this way.
#[must_use]
pub fn nonce_of(accepted: &Secret<String>) -> Option<Nonce> {
    let payload = accepted.expose().split('.').nth(1)?;
    let claims = json::parse_object(&from_base64url(payload)?).ok()?;
    let nonce = claims.get("nonce").and_then(Value::as_str)?;
    Some(Nonce::restore(nonce.to_owned()))
}

/// An ID token in which everything was found true.
#[derive(Clone, Debug)]
pub struct IdToken {
    /// The subject: with the issuer, the key of the account.
    pub subject: String,
    /// The provider's session, by which it ends ours (Back-Channel Logout, section 2.1).
    pub sid: Option<String>,
    /// How far `iat` is from our clock, in seconds; negative in the past.
    pub clock_offset: i64,
    claims: Map<String, Value>,
}

impl IdToken {
    /// What of its claims may be shown.
    #[must_use]
    pub fn profile(&self, avatars: &AvatarHosts) -> Profile {
        Profile::of_claims(&self.claims, avatars)
    }
}

impl SignedClaims {
    /// What was signed, as JSON.
    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Compares every claim with what it has to be (OpenID Connect Core, section 3.1.3.7).
    ///
    /// # Errors
    /// The first [`IdTokenError`]: the parties, then the nonce, then the times, then the rest.
    pub fn judge(&self, expected: &Expected<'_>) -> Result<IdToken, IdTokenError> {
        let claims = json::parse_object(&self.payload).map_err(|_| IdTokenError::Form)?;
        if claims.get("iss").and_then(Value::as_str) != Some(expected.issuer.as_str()) {
            return Err(Distrust::Issuer.into());
        }
        check_parties(&claims, expected)?;
        check_nonce(&claims, &expected.occasion)?;
        let clock_offset = check_times(&claims, expected)?;
        let subject = claims.get("sub").and_then(Value::as_str);
        let subject = subject
            .filter(|subject| is_subject(subject))
            .ok_or(Distrust::Subject)?
            .to_owned();
        if let Occasion::Refresh { subject: same, .. } = expected.occasion
            && subject != same
        {
            return Err(Distrust::OtherSubject.into());
        }
        if let Some(hash) = claims.get("at_hash").filter(|hash| !hash.is_null()) {
            let fits = hash.as_str().is_some_and(|hash| {
                let right = at_hash(self.algorithm, expected.access_token.expose());
                equal_in_constant_time(hash.as_bytes(), right.as_bytes())
            });
            if !fits {
                return Err(Distrust::AccessTokenHash.into());
            }
        }
        let sid = claims.get("sid").and_then(Value::as_str);
        Ok(IdToken {
            subject,
            sid: sid.filter(|sid| is_subject(sid)).map(str::to_owned),
            clock_offset,
            claims,
        })
    }
}

/// Audience and authorized party.
fn check_parties(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Distrust> {
    let for_others = check_audience(claims, expected.client_id, expected.trusted_audiences)?;
    match claims.get("azp") {
        Some(party) if party == expected.client_id => Ok(()),
        None if !for_others => Ok(()),
        _ => Err(Distrust::AuthorizedParty),
    }
}

fn check_nonce(claims: &Map<String, Value>, occasion: &Occasion<'_>) -> Result<(), Distrust> {
    let nonce = claims.get("nonce").filter(|nonce| !nonce.is_null());
    let is = |expected: &Nonce| {
        let nonce = nonce.and_then(Value::as_str);
        nonce.is_some_and(|nonce| expected.equals(nonce))
    };
    let fits = match occasion {
        Occasion::SignIn(expected) => is(expected),
        Occasion::Refresh {
            nonce: Some(expected),
            ..
        } => nonce.is_none() || is(expected),
        // Nothing is left to compare it with. It guards the way through the browser, which an answer
        // of the token endpoint does not take.
        Occasion::Refresh { nonce: None, .. } => true,
    };
    if fits { Ok(()) } else { Err(Distrust::Nonce) }
}

/// Whether a token that is for us is also for others, all of whom are trusted.
pub(crate) fn check_audience(
    claims: &Map<String, Value>,
    client_id: &str,
    trusted_audiences: &[String],
) -> Result<bool, Distrust> {
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several
            .iter()
            .map(Value::as_str)
            .collect::<Option<_>>()
            .ok_or(Distrust::Audience)?,
        _ => return Err(Distrust::Audience),
    };
    let is_ours = |audience: &&str| **audience == *client_id;
    let is_trusted = |audience: &str| trusted_audiences.iter().any(|it| it == audience);
    let for_others = audiences.iter().any(|audience| !is_ours(audience));
    let all_known = audiences
        .iter()
        .all(|audience| is_ours(audience) || is_trusted(audience));
    if audiences.iter().any(is_ours) && all_known {
        Ok(for_others)
    } else {
        Err(Distrust::Audience)
    }
}

/// Answers how far the provider's clock is from ours.
fn check_times(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<i64, IdTokenError> {
    let tolerance = i64::try_from(expected.tolerance.as_secs()).unwrap_or(i64::MAX);
    let oldest = i64::try_from(OLDEST.as_secs()).unwrap_or(i64::MAX);
    let from_now = |claim: &'static str| -> Result<Option<i64>, IdTokenError> {
        let Some(time) = claims.get(claim).filter(|time| !time.is_null()) else {
            return Ok(None);
        };
        let seconds = seconds(time).ok_or(IdTokenError::NoTime(claim))?;
        Ok(Some(seconds.saturating_sub(expected.now)))
    };
    let off = |claim, seconds| Err(IdTokenError::Clock { claim, seconds });
    let exp = from_now("exp")?.ok_or(IdTokenError::NoTime("exp"))?;
    let iat = from_now("iat")?.ok_or(IdTokenError::NoTime("iat"))?;
    if exp < tolerance.saturating_neg() {
        return off("exp", exp);
    }
    if iat > tolerance || iat < oldest.saturating_add(tolerance).saturating_neg() {
        return off("iat", iat);
    }
    match from_now("nbf")? {
        Some(nbf) if nbf > tolerance => off("nbf", nbf),
        _ => Ok(iat),
    }
}

/// A `NumericDate` (RFC 7519, section 2); its fraction goes.
pub(crate) fn seconds(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from a float ends at the limits, which are as far off as any"
    )]
    let seconds = number.as_f64().filter(|it| it.is_finite())? as i64;
    Some(seconds)
}

/// The left half of the access token's hash (OpenID Connect Core, section 3.1.3.6). The hash is that
/// of the signature, SHA-512 for Ed25519.
fn at_hash(algorithm: SigningAlgorithm, access_token: &str) -> String {
    use SigningAlgorithm as Alg;
    let hash = match algorithm {
        Alg::Rs256 | Alg::Ps256 | Alg::Es256 => Sha256::digest(access_token).to_vec(),
        Alg::Rs384 | Alg::Ps384 | Alg::Es384 => Sha384::digest(access_token).to_vec(),
        Alg::Rs512 | Alg::Ps512 | Alg::EdDsa => Sha512::digest(access_token).to_vec(),
    };
    base64url(hash.get(..hash.len() / 2).unwrap_or_default())
}

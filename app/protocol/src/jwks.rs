//! The provider's signing keys (RFC 7517).

use serde_json::{Map, Value};
use thiserror::Error;

use crate::{
    encoding::from_base64url,
    json,
    signing::{KeyKind, SigningAlgorithm},
};

/// The most keys that are kept of one document; real ones have two to five.
pub const MOST_KEYS: usize = 100;

/// The shortest and the longest RSA modulus, in bytes: 2048 to 8192 bits (RFC 7518, section 3.3; the
/// upper bound keeps checking a signature cheap).
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The longest `kid` that is kept, in bytes.
const LONGEST_KID: usize = 512;

/// The public keys that may have signed an ID token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jwks(Vec<PublicKey>);

/// One public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    kid: Option<String>,
    /// The one algorithm it is for, where it says.
    algorithm: Option<SigningAlgorithm>,
    material: KeyMaterial,
}

/// The numbers of a key, big-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// Modulus and exponent (RFC 7518, section 6.3.1).
    Rsa {
        /// The modulus, without leading zeros.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
    /// The coordinates of a point on P-256 (RFC 7518, section 6.2.1).
    P256 {
        /// 32 bytes.
        x: Vec<u8>,
        /// 32 bytes.
        y: Vec<u8>,
    },
    /// The coordinates of a point on P-384.
    P384 {
        /// 48 bytes.
        x: Vec<u8>,
        /// 48 bytes.
        y: Vec<u8>,
    },
    /// An Ed25519 key (RFC 8037, section 2).
    Ed25519 {
        /// 32 bytes.
        x: Vec<u8>,
    },
}

/// Why a document has no keys for us.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum JwksError {
    /// Not a JSON object.
    #[error("the keys are {0}")]
    Json(#[from] json::JsonError),
    /// No list of keys.
    #[error("there is no list of keys")]
    NoList,
    /// None of the keys can check a signature.
    #[error("none of the keys can check a signature")]
    NoUsableKey,
}

impl Jwks {
    /// Reads a document. Keys that are unfit are skipped, because a provider may publish keys for
    /// other purposes and of kinds yet to come; at most [`MOST_KEYS`] are kept.
    ///
    /// # Errors
    /// [`JwksError`] when nothing usable is left.
    ///
    /// # Security
    /// Only public keys for signatures count. `oct` is a shared secret, and a private key that was
    /// published is everybody's (RFC 7517, section 9).
    pub fn parse(body: &[u8]) -> Result<Self, JwksError> {
        let object = json::parse_object(body)?;
        let list = object.get("keys").and_then(Value::as_array);
        let keys: Vec<PublicKey> = list
            .ok_or(JwksError::NoList)?
            .iter()
            .filter_map(|key| PublicKey::read(key.as_object()?))
            .take(MOST_KEYS)
            .collect();
        if keys.is_empty() {
            return Err(JwksError::NoUsableKey);
        }
        Ok(Self(keys))
    }

    /// The keys that a signature with this algorithm and key id may be of. Without a key id every
    /// key that fits the algorithm is one of them.
    pub fn candidates(
        &self,
        algorithm: SigningAlgorithm,
        kid: Option<&str>,
    ) -> impl Iterator<Item = &KeyMaterial> {
        self.0
            .iter()
            .filter(move |key| kid.is_none() || key.kid.as_deref() == kid)
            .filter(move |key| key.algorithm.is_none_or(|only| only == algorithm))
            .map(|key| &key.material)
            .filter(move |material| material.kind() == algorithm.key_kind())
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PublicKey {
    /// A key, if it is public, for signatures, and of a kind that is known here.
    fn read(key: &Map<String, Value>) -> Option<Self> {
        const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let is_private = PRIVATE.iter().any(|name| key.contains_key(*name));
        let for_signatures = key.get("use").is_none_or(|purpose| purpose == "sig");
        let may_verify = key.get("key_ops").is_none_or(|operations| {
            let operations = operations.as_array().into_iter().flatten();
            operations
                .into_iter()
                .any(|operation| operation == "verify")
        });
        if is_private || !for_signatures || !may_verify {
            return None;
        }
        let number = |name: &str| from_base64url(text(name)?);
        let coordinate = |name: &str, bytes: usize| number(name).filter(|it| it.len() == bytes);
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => KeyMaterial::Rsa {
                n: number("n")
                    .map(without_zeros)
                    .filter(|n| RSA_BYTES.contains(&n.len()))?,
                e: number("e").map(without_zeros).filter(|e| is_exponent(e))?,
            },
            ("EC", Some("P-256")) => KeyMaterial::P256 {
                x: coordinate("x", 32)?,
                y: coordinate("y", 32)?,
            },
            ("EC", Some("P-384")) => KeyMaterial::P384 {
                x: coordinate("x", 48)?,
                y: coordinate("y", 48)?,
            },
            ("OKP", Some("Ed25519")) => KeyMaterial::Ed25519 {
                x: coordinate("x", 32)?,
            },
            _ => return None,
        };
        let algorithm = match key.get("alg") {
            None | Some(Value::Null) => None,
            Some(name) => {
                let algorithm = SigningAlgorithm::named(name.as_str()?)?;
                if algorithm.key_kind() != material.kind() {
                    return None;
                }
                Some(algorithm)
            }
        };
        let kid = match key.get("kid") {
            None | Some(Value::Null) => None,
            Some(Value::String(kid)) if kid.len() <= LONGEST_KID => Some(kid.clone()),
            Some(_) => return None,
        };
        Some(Self {
            kid,
            algorithm,
            material,
        })
    }
}

impl KeyMaterial {
    /// What the key is.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::Rsa { .. } => KeyKind::Rsa,
            Self::P256 { .. } => KeyKind::P256,
            Self::P384 { .. } => KeyKind::P384,
            Self::Ed25519 { .. } => KeyKind::Ed25519,
        }
    }
}

/// Some providers write a leading zero, as signed encodings do, though none may be there.
fn without_zeros(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}

/// Odd, above one, and at most 32 bits long: what real keys have.
fn is_exponent(e: &[u8]) -> bool {
    matches!(e.len(), 1..=4) && e.last().is_some_and(|byte| byte % 2 == 1) && e != [1]
}

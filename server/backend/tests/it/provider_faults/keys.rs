//! Keys of a provider, made at test time, and ID tokens signed with them.

use std::sync::OnceLock;

use aws_lc_rs::{
    encoding::AsDer as _,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use wrengate_protocol::encoding::base64url;

use super::BoxError;

/// A key that signs, and the same as a provider publishes it.
#[derive(Clone)]
pub(super) struct Key {
    signs: EncodingKey,
    algorithm: Algorithm,
    pub(super) public: Value,
}

impl Key {
    /// RSA with 2048 bits. Made once for each number, because making one takes a while.
    pub(super) fn rsa(number: usize, kid: &str, algorithm: Algorithm) -> Result<Self, BoxError> {
        static PAIRS: [OnceLock<[Vec<u8>; 3]>; 3] = [const { OnceLock::new() }; 3];
        let made = PAIRS.get(number).ok_or("there are three")?;
        if made.get().is_none() {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
            let public = pair.public_key();
            let n = public.modulus().big_endian_without_leading_zero().to_vec();
            let e = public.exponent().big_endian_without_leading_zero().to_vec();
            // Somebody else may have been quicker, and theirs is as good.
            let _ = made.set([pkcs1(pair.as_der()?.as_ref())?, n, e]);
        }
        let [der, n, e] = made.get().ok_or("was made")?;
        Ok(Self {
            signs: EncodingKey::from_rsa_der(der),
            algorithm,
            public: json!({
                "kty": "RSA", "kid": kid, "use": "sig",
                "n": base64url(n), "e": base64url(e),
            }),
        })
    }

    /// P-256.
    pub(super) fn p256(kid: &str) -> Result<Self, BoxError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let point = pair.public_key().as_ref();
        let half = |range: std::ops::Range<usize>| point.get(range).map(base64url);
        Ok(Self {
            signs: EncodingKey::from_ec_der(pair.to_pkcs8v1()?.as_ref()),
            algorithm: Algorithm::ES256,
            public: json!({
                "kty": "EC", "crv": "P-256", "kid": kid, "x": half(1..33), "y": half(33..65),
            }),
        })
    }

    /// Ed25519.
    pub(super) fn ed25519(kid: &str) -> Result<Self, BoxError> {
        let pair = Ed25519KeyPair::generate()?;
        Ok(Self {
            signs: EncodingKey::from_ed_der(pair.to_pkcs8v1()?.as_ref()),
            algorithm: Algorithm::EdDSA,
            public: json!({
                "kty": "OKP", "crv": "Ed25519", "kid": kid,
                "x": base64url(pair.public_key().as_ref()),
            }),
        })
    }

    /// A token with this header and these claims. `alg` is the key's, unless the header says other.
    pub(super) fn sign(&self, mut header: Value, claims: &Value) -> Result<String, BoxError> {
        if let Some(members) = header.as_object_mut() {
            members
                .entry("alg")
                .or_insert_with(|| json!(format!("{:?}", self.algorithm)));
        }
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = crypto::sign(signed.as_bytes(), &self.signs, self.algorithm)?;
        Ok(format!("{signed}.{signature}"))
    }
}

/// The RSA key inside a PKCS#8 document: what follows the algorithm's identifier.
fn pkcs1(pkcs8: &[u8]) -> Result<Vec<u8>, BoxError> {
    // SEQUENCE (4), INTEGER version (3), SEQUENCE rsaEncryption (15), OCTET STRING header (4).
    Ok(pkcs8.get(26..).ok_or("too short for a key")?.to_vec())
}

//! Keys and certificates, made while the tests run, so that none lies in the repository.

use jsonwebtoken::{Algorithm, DecodingKey};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
    PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256,
    SignatureAlgorithm,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A key that a client may have: the file, and what the provider checks with.
pub(crate) struct ClientKeyPair {
    pub(crate) row: &'static str,
    pub(crate) pem: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) public: DecodingKey,
}

/// One key of each kind that is taken, RSA in both of its forms.
pub(crate) fn client_keys() -> Outcome<Vec<ClientKeyPair>> {
    let rsa = KeyPair::generate_for(&PKCS_RSA_SHA256)?;
    let ec = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let ed = KeyPair::generate_for(&PKCS_ED25519)?;
    let rsa_public = DecodingKey::from_rsa_pem(rsa.public_key_pem().as_bytes())?;
    // The header of PKCS #8 before the PKCS #1 key of 2048 bits is 26 bytes long.
    let pkcs1 = rsa.serialized_der().get(26..).ok_or("too short")?;
    Ok(vec![
        ClientKeyPair {
            row: "RSA, PKCS#8",
            pem: rsa.serialize_pem(),
            algorithm: Algorithm::RS256,
            public: rsa_public.clone(),
        },
        ClientKeyPair {
            row: "RSA, PKCS#1",
            pem: pem("RSA ", pkcs1),
            algorithm: Algorithm::RS256,
            public: rsa_public,
        },
        ClientKeyPair {
            row: "P-256",
            pem: ec.serialize_pem(),
            algorithm: Algorithm::ES256,
            public: DecodingKey::from_ec_pem(ec.public_key_pem().as_bytes())?,
        },
        ClientKeyPair {
            row: "Ed25519",
            pem: ed.serialize_pem(),
            algorithm: Algorithm::EdDSA,
            public: DecodingKey::from_ed_pem(ed.public_key_pem().as_bytes())?,
        },
    ])
}

/// Files that hold something else than a key that can be used.
pub(crate) fn unfit_keys() -> Outcome<Vec<(&'static str, String)>> {
    let ec = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let der = ec.serialized_der();
    // The SEC 1 key lies behind the 27 bytes that say which curve it is of.
    let sec1 = der.get(27..).ok_or("too short")?;
    let mut broken = der.to_vec();
    broken.truncate(der.len() / 2);
    Ok(vec![
        ("empty", String::new()),
        ("words", "not a key".to_owned()),
        ("a public key", ec.public_key_pem()),
        ("a certificate", Authority::new()?.pem()),
        ("another curve", generate(&PKCS_ECDSA_P384_SHA384)?),
        ("SEC 1", pem("EC ", sec1)),
        ("encrypted", pem("ENCRYPTED ", der)),
        ("cut", pem("", &broken)),
        ("no base64", pem("", der).replace("MI", "!!")),
    ])
}

fn generate(algorithm: &'static SignatureAlgorithm) -> Outcome<String> {
    Ok(KeyPair::generate_for(algorithm)?.serialize_pem())
}

/// A key as a file; the words stand apart so that no search for keys finds them here.
fn pem(kind: &str, der: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let base64 = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {kind}{}-----\n", concat!("PRIVATE", " KEY"));
    let mut rest = base64.as_str();
    while let Some((line, after)) = rest.split_at_checked(64) {
        text = format!("{text}{line}\n");
        rest = after;
    }
    format!(
        "{text}{rest}\n-----END {kind}{}-----\n",
        concat!("PRIVATE", " KEY")
    )
}

/// Signs certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a server shows: its certificate, and the key to it.
pub(crate) type Identity = (CertificateDer<'static>, PrivateKeyDer<'static>);

impl Authority {
    pub(crate) fn new() -> Outcome<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        let name = "An authority for tests";
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ok(Self(CertifiedIssuer::self_signed(
            params,
            KeyPair::generate()?,
        )?))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(crate) fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// Signs a certificate for a host, changed as a test wants it.
    pub(crate) fn issue(
        &self,
        host: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Outcome<Identity> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(vec![host.to_owned()])?;
        change(&mut params);
        let certificate = params.signed_by(&key, &self.0)?;
        Ok((certificate.der().clone(), private(&key)))
    }
}

/// A certificate that nobody but itself vouches for.
pub(crate) fn self_signed(host: &str) -> Outcome<Identity> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(vec![host.to_owned()])?.self_signed(&key)?;
    Ok((certificate.der().clone(), private(&key)))
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

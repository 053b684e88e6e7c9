//! Certificates that are trusted besides those of the system.

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::{client::read_file, error::quoted, given::Given};

const CA_FILE: &str = "WRENGATE_CA_FILE";

const ALLOWED: &str = "name a PEM file with certificates of authorities";

/// Reads the certificates; none when the setting is not given or, noted, wrong.
///
/// # Security
/// They are added to the system's, never put in their place, and each has to be usable: a file that
/// is broken in the middle would otherwise trust half of what its owner meant.
pub(super) fn read_ca_file(given: &mut Given) -> Vec<CertificateDer<'static>> {
    let Some(path) = given.text(CA_FILE).map(str::to_owned) else {
        return Vec::new();
    };
    let Some(pem) = read_file(given, CA_FILE, &path, ALLOWED) else {
        return Vec::new();
    };
    parse_certificates(pem.expose().as_bytes()).unwrap_or_else(|problem| {
        given.refuse(CA_FILE, format!("{} {problem}", quoted(&path)), ALLOWED);
        Vec::new()
    })
}

fn parse_certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| "is not PEM")?;
    if certificates.is_empty() {
        return Err("holds no certificate");
    }
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store
            .add(certificate.clone())
            .map_err(|_| "holds a certificate that cannot be used")?;
    }
    Ok(certificates)
}

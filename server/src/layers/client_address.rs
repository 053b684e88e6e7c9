//! Whose request it is: the address of the socket, or what a trusted proxy says.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::http::{HeaderMap, HeaderName};
use wrengate_backend::config::TrustedProxies;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// The address that a request counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Finds out whose requests these are.
#[derive(Clone, Debug)]
pub(crate) struct ClientAddresses {
    trusted: TrustedProxies,
    hinted: Arc<AtomicBool>,
}

impl ClientAddresses {
    pub(crate) fn new(trusted: TrustedProxies) -> Self {
        Self {
            trusted,
            hinted: Arc::default(),
        }
    }

    /// Whose request it is.
    ///
    /// # Security
    /// A header counts only from a trusted proxy, and in it only what trusted proxies wrote: it is
    /// read from the right, up to the first address that is none of them. Anything further left is
    /// the client's to choose, and so is one of the two headers where the proxy writes the other;
    /// hence they must agree.
    pub(crate) fn of(&self, peer: SocketAddr, headers: &HeaderMap) -> ClientAddress {
        let peer = peer.ip().to_canonical();
        if !self.trusted.contain(peer) {
            self.hint(peer, headers);
            return ClientAddress(peer);
        }
        let by_list = headers
            .contains_key(&FORWARDED_FOR)
            .then(|| self.client(peer, headers, &FORWARDED_FOR, address));
        let by_elements = headers
            .contains_key(&FORWARDED)
            .then(|| self.client(peer, headers, &FORWARDED, forwarded_for));
        ClientAddress(match (by_list, by_elements) {
            (Some(one), Some(other)) if one != other => peer,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        })
    }

    /// Reads the entries of a header from the right, passing over trusted proxies.
    fn client(
        &self,
        peer: IpAddr,
        headers: &HeaderMap,
        name: &HeaderName,
        read: impl Fn(&str) -> Option<IpAddr>,
    ) -> IpAddr {
        let mut nearest = peer;
        for value in headers.get_all(name).iter().rev() {
            // What is not text has no entry that could be told apart, so nothing left of it counts.
            let Ok(value) = value.to_str() else {
                return nearest;
            };
            for entry in value.rsplit(',') {
                let Some(address) = read(entry.trim()) else {
                    return nearest;
                };
                nearest = address.to_canonical();
                if !self.trusted.contain(nearest) {
                    return nearest;
                }
            }
        }
        nearest
    }

    /// Says once that there may be a proxy nobody named. From a public address it would be no proxy
    /// of ours, but somebody who writes headers.
    fn hint(&self, peer: IpAddr, headers: &HeaderMap) {
        let is_near = match peer {
            IpAddr::V4(peer) => peer.is_private() || peer.is_loopback(),
            IpAddr::V6(peer) => peer.is_unique_local() || peer.is_loopback(),
        };
        let forwards = headers.contains_key(&FORWARDED_FOR) || headers.contains_key(&FORWARDED);
        if is_near && forwards && !self.hinted.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %peer,
                "a request was forwarded by an address that is not in WRENGATE_TRUSTED_PROXIES; \
                 if that is your proxy, everybody behind it counts as one client"
            );
        }
    }
}

/// An address, perhaps with a port; one of IPv6 perhaps in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let in_brackets = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .filter(|text| text.contains(':'));
    in_brackets
        .unwrap_or(text)
        .parse()
        .ok()
        .or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

/// The `for` of one element of `Forwarded` (RFC 7239, section 4).
///
/// Commas and semicolons inside quotes are not told apart: no address has one, and a quote that a
/// client leaves open must not swallow what the proxy wrote after it.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in element.split(';') {
        let (name, value) = pair.trim().split_once('=')?;
        if !name.eq_ignore_ascii_case("for") {
            continue;
        }
        let value = value
            .strip_prefix('"')
            .map_or(Some(value), |value| value.strip_suffix('"'))?;
        if found.replace(address(value)?).is_some() {
            return None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The proxies here are `10.0.0.0/8` and `2001:db8:ffff::/48`.
    fn check(row: &str, peer: &str, headers: &[(&'static str, &str)], expected: &str) {
        let config = wrengate_backend::config::Config::from_pairs(
            [
                ("WRENGATE_PROVIDER", "local"),
                ("WRENGATE_TRUSTED_PROXIES", "10.0.0.0/8,2001:db8:ffff::/48"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
            None,
        );
        let addresses = ClientAddresses::new(config.unwrap().http.trusted_proxies);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                *name,
                axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
        let expected = ClientAddress(expected.parse().unwrap());
        assert_eq!(addresses.of(peer, &map), expected, "{row}");
    }

    const XFF: &str = "x-forwarded-for";
    const FWD: &str = "forwarded";

    #[test]
    fn header_of_somebody_who_is_not_trusted_changes_nothing() {
        let spoofed = [(XFF, "203.0.113.9"), (FWD, "for=203.0.113.9")];
        for peer in [
            "198.51.100.1",
            "127.0.0.1",
            "192.168.0.1",
            "2001:db8::1",
            "::1",
        ] {
            check(peer, peer, &spoofed, peer);
            check(peer, peer, &spoofed[..1], peer);
            check(peer, peer, &spoofed[1..], peer);
        }
        check("mapped", "::ffff:198.51.100.1", &spoofed, "198.51.100.1");
    }

    /// Headers in their order, and whom they name.
    const CHAINS: &[(&str, &[&str], &str)] = &[
        ("nothing", &[], "10.0.0.1"),
        ("one", &["203.0.113.9"], "203.0.113.9"),
        (
            "a chain",
            &["203.0.113.9, 10.0.0.3,10.0.0.2"],
            "203.0.113.9",
        ),
        (
            "spoofed to the left",
            &["1.1.1.1, 203.0.113.9, 10.0.0.2"],
            "203.0.113.9",
        ),
        (
            "a trusted one spoofed",
            &["10.0.0.9, 203.0.113.9"],
            "203.0.113.9",
        ),
        ("all trusted", &["10.0.0.4, 10.0.0.3, 10.0.0.2"], "10.0.0.4"),
        (
            "two headers",
            &["1.1.1.1, 203.0.113.9", "10.0.0.3", "10.0.0.2"],
            "203.0.113.9",
        ),
        ("port", &["203.0.113.9:4711"], "203.0.113.9"),
        ("IPv6", &["2001:db8::7"], "2001:db8::7"),
        ("IPv6 in brackets", &["[2001:db8::7]"], "2001:db8::7"),
        (
            "IPv6 with port",
            &["[2001:db8::7]:4711, 2001:db8:ffff::1"],
            "2001:db8::7",
        ),
        ("mapped", &["203.0.113.9, ::ffff:10.0.0.2"], "203.0.113.9"),
        ("space", &["  203.0.113.9  ,  10.0.0.2  "], "203.0.113.9"),
        ("garbage", &["203.0.113.9, what"], "10.0.0.1"),
        (
            "garbage behind a proxy",
            &["203.0.113.9, what, 10.0.0.2"],
            "10.0.0.2",
        ),
        ("garbage to the left", &["what, 203.0.113.9"], "203.0.113.9"),
        ("empty", &[""], "10.0.0.1"),
        ("comma at the end", &["203.0.113.9,"], "10.0.0.1"),
        ("not ASCII", &["203.0.113.9", "ä"], "10.0.0.1"),
        ("unknown", &["203.0.113.9, unknown"], "10.0.0.1"),
        ("too many dots", &["203.0.113.9.1"], "10.0.0.1"),
        ("IPv4 in brackets", &["[203.0.113.9]"], "10.0.0.1"),
    ];

    #[test]
    fn client_is_the_rightmost_address_that_is_not_trusted() {
        for (row, values, expected) in CHAINS {
            let headers: Vec<_> = values.iter().map(|value| (XFF, *value)).collect();
            check(row, "10.0.0.1", &headers, expected);
            check(row, "::ffff:10.0.0.1", &headers, expected);
        }
        let many = format!(
            "{}203.0.113.9{}",
            "1.1.1.1,".repeat(500),
            ",10.0.0.2".repeat(500)
        );
        check("many values", "10.0.0.1", &[(XFF, &many)], "203.0.113.9");
        let many = "10.0.0.2,".repeat(9999) + "10.0.0.3";
        check(
            "all of many trusted",
            "10.0.0.1",
            &[(XFF, &many)],
            "10.0.0.2",
        );
    }

    #[test]
    fn forwarded_is_read_the_same_way() {
        for (row, values, expected) in [
            ("one", &["for=203.0.113.9"][..], "203.0.113.9"),
            (
                "any case",
                &["Proto=https;FOR=203.0.113.9;by=10.0.0.1"],
                "203.0.113.9",
            ),
            ("quoted", &["for=\"203.0.113.9:4711\""], "203.0.113.9"),
            (
                "IPv6",
                &["for=\"[2001:db8::7]:4711\";proto=https"],
                "2001:db8::7",
            ),
            (
                "a chain",
                &["for=1.1.1.1, for=203.0.113.9", "for=10.0.0.2"],
                "203.0.113.9",
            ),
            ("hidden", &["for=203.0.113.9, for=_hidden"], "10.0.0.1"),
            (
                "unknown",
                &["for=203.0.113.9, for=unknown, for=10.0.0.2"],
                "10.0.0.2",
            ),
            ("no for", &["for=203.0.113.9, proto=https"], "10.0.0.1"),
            ("for twice", &["for=203.0.113.9;for=1.1.1.1"], "10.0.0.1"),
            (
                "an open quote",
                &["for=\"1.1.1.1, for=203.0.113.9"],
                "203.0.113.9",
            ),
            (
                "a quote that never ends",
                &["for=\"203.0.113.9"],
                "10.0.0.1",
            ),
            ("no pair", &["203.0.113.9"], "10.0.0.1"),
        ] {
            let headers: Vec<_> = values.iter().map(|value| (FWD, *value)).collect();
            check(row, "10.0.0.1", &headers, expected);
        }
    }

    #[test]
    fn two_kinds_of_header_must_agree() {
        for (row, list, elements, expected) in [
            ("agree", "203.0.113.9", "for=203.0.113.9", "203.0.113.9"),
            ("spoofed list", "1.1.1.1", "for=203.0.113.9", "10.0.0.1"),
            ("spoofed elements", "203.0.113.9", "for=1.1.1.1", "10.0.0.1"),
            ("garbage", "203.0.113.9", "what", "10.0.0.1"),
        ] {
            check(row, "10.0.0.1", &[(XFF, list), (FWD, elements)], expected);
        }
    }
}

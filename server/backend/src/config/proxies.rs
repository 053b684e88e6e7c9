//! Who may say in whose name a request comes.

use std::net::IpAddr;

use ipnet::IpNet;
use thiserror::Error;

/// The proxies that are believed about the address of a client: `WRENGATE_TRUSTED_PROXIES`.
///
/// Default none: then every client is who its socket says it is.
///
/// # Security
/// Whoever is trusted here chooses by whose rate limit a request counts. So the whole world cannot be
/// trusted (`0.0.0.0/0`, `::/0`), which would let every client choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// Why a list of proxies cannot be used. The text follows the quoted value.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum ProxiesError {
    /// An entry is neither an address nor a network.
    #[error("has an entry that is neither an IP address nor a network in CIDR notation")]
    Entry,
    /// A network with everybody in it.
    #[error("trusts every address there is")]
    Everybody,
    /// An IPv4 network in the clothes of IPv6, which no socket address would match.
    #[error("has an IPv4 address written as IPv6")]
    Mapped,
}

impl TrustedProxies {
    /// Reads addresses and networks, separated by commas, with or without space.
    pub(super) fn parse(text: &str) -> Result<Self, ProxiesError> {
        text.split(',')
            .map(|entry| network(entry.trim()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether an address is one of them. IPv4 inside IPv6 counts as IPv4.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(entry: &str) -> Result<IpNet, ProxiesError> {
    let network = match entry.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address),
        Err(_) => entry.parse::<IpNet>().map_err(|_| ProxiesError::Entry)?,
    };
    if network.prefix_len() == 0 {
        return Err(ProxiesError::Everybody);
    }
    if network.addr().to_canonical() != network.addr() {
        return Err(ProxiesError::Mapped);
    }
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_read_and_nothing_else() {
        for (text, expected) in [
            ("127.0.0.1", Ok(())),
            ("10.0.0.0/8, 192.0.2.1 ,2001:db8::/32,::1", Ok(())),
            ("10.1.2.3/8", Ok(())),
            ("", Err(ProxiesError::Entry)),
            ("10.0.0.0/8,", Err(ProxiesError::Entry)),
            ("10.0.0.0/33", Err(ProxiesError::Entry)),
            ("10.0.0.1:80", Err(ProxiesError::Entry)),
            ("proxy.example", Err(ProxiesError::Entry)),
            ("10.0.0.1 10.0.0.2", Err(ProxiesError::Entry)),
            ("0.0.0.0/0", Err(ProxiesError::Everybody)),
            ("10.0.0.1, ::/0", Err(ProxiesError::Everybody)),
            ("::ffff:10.0.0.1", Err(ProxiesError::Mapped)),
            ("::ffff:10.0.0.0/104", Err(ProxiesError::Mapped)),
        ] {
            assert_eq!(TrustedProxies::parse(text).map(drop), expected, "{text}");
        }
    }

    #[test]
    fn only_what_is_listed_is_trusted() {
        let proxies = TrustedProxies::parse("10.1.2.3/8, 192.0.2.1, 2001:db8::/32").unwrap();
        for (address, expected) in [
            ("10.255.0.1", true),
            ("::ffff:10.255.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.1", true),
            ("192.0.2.2", false),
            ("2001:db8:1::", true),
            ("2001:db9::", false),
        ] {
            assert_eq!(
                proxies.contain(address.parse().unwrap()),
                expected,
                "{address}"
            );
        }
        assert!(!TrustedProxies::default().contain("127.0.0.1".parse().unwrap()));
    }
}

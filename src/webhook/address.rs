//! Which addresses a message may be sent to: those of the public internet, and what the operator allows besides.
//! A name is looked up once for a connection, and the addresses that were checked are those that are connected
//! to, so that it does not help a name to resolve differently the next time.

use std::fmt;
use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Parts of IPv4 that are no public unicast addresses (RFC 6890 and what came after it).
const CLOSED_V4: [&str; 15] = [
    "0.0.0.0/8",       // this network
    "10.0.0.0/8",      // private
    "100.64.0.0/10",   // shared between carriers and customers
    "127.0.0.0/8",     // loopback
    "169.254.0.0/16",  // link-local, and the metadata of clouds
    "172.16.0.0/12",   // private
    "192.0.0.0/24",    // protocol assignments
    "192.0.2.0/24",    // documentation
    "192.88.99.0/24",  // relays of 6to4
    "192.168.0.0/16",  // private
    "198.18.0.0/15",   // benchmarks
    "198.51.100.0/24", // documentation
    "203.0.113.0/24",  // documentation
    "224.0.0.0/4",     // multicast
    "240.0.0.0/4",     // reserved, and broadcast
];

/// The only part of IPv6 that holds public unicast addresses. Loopback, unspecified, unique local, link-local and
/// multicast addresses lie outside, and so do IPv4-mapped and IPv4-compatible ones and those of NAT64.
const OPEN_V6: &str = "2000::/3";

/// Parts of it that are none.
const CLOSED_V6: [&str; 4] = [
    "2001::/23",     // protocol assignments: Teredo, benchmarks, ORCHID
    "2001:db8::/32", // documentation
    "2002::/16",     // 6to4, which holds IPv4 addresses
    "3fff::/20",     // documentation
];

/// Where messages may be sent.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    closed_v4: Vec<Ipv4Net>,
    open_v6: Option<Ipv6Net>,
    closed_v6: Vec<Ipv6Net>,
    besides: Vec<IpNet>,
}

impl Allowed {
    /// The public internet, and these networks.
    pub(super) fn new(besides: Vec<IpNet>) -> Self {
        Self {
            closed_v4: CLOSED_V4.iter().filter_map(|it| it.parse().ok()).collect(),
            open_v6: OPEN_V6.parse().ok(),
            closed_v6: CLOSED_V6.iter().filter_map(|it| it.parse().ok()).collect(),
            besides,
        }
    }

    /// Whether an address is one of them.
    pub(super) fn holds(&self, address: IpAddr) -> bool {
        let public = match address {
            IpAddr::V4(it) => !self.closed_v4.iter().any(|net| net.contains(&it)),
            IpAddr::V6(it) => {
                self.open_v6.is_some_and(|net| net.contains(&it))
                    && !self.closed_v6.iter().any(|net| net.contains(&it))
            }
        };
        public || self.besides.iter().any(|net| net.contains(&address))
    }
}

/// The error for an address that is not allowed. It does not say which address a name has: names of a network
/// inside are nothing for those who manage endpoints.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The address is not allowed: it is private, local or reserved.")
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for ureq::Error {
    fn from(refused: Refused) -> Self {
        Self::Other(Box::new(refused))
    }
}

/// Looks names up, and leaves out the addresses that are not allowed.
#[derive(Debug)]
pub(super) struct Checked<R> {
    pub(super) names: R,
    pub(super) allowed: Allowed,
}

impl<R: Resolver> Resolver for Checked<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for address in found.iter().filter(|it| self.allowed.holds(it.ip())) {
            kept.push(*address);
        }
        if kept.is_empty() {
            Err(Refused.into())
        } else {
            Ok(kept)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_open() {
        let allowed = Allowed::new(Vec::new());
        assert_eq!(allowed.closed_v4.len(), CLOSED_V4.len());
        assert_eq!(allowed.closed_v6.len(), CLOSED_V6.len());
        for open in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00::1",
            "2001:200::1",
        ] {
            assert!(allowed.holds(open.parse().unwrap()), "{open}");
        }
        for closed in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!allowed.holds(closed.parse().unwrap()), "{closed}");
        }
        let besides = ["127.0.0.0/8", "fd00::/8"].map(|it| it.parse().unwrap());
        let allowed = Allowed::new(besides.to_vec());
        for (address, open) in [
            ("127.0.0.1", true),
            ("fd00::1", true),
            ("1.1.1.1", true),
            ("10.0.0.1", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
        ] {
            assert_eq!(allowed.holds(address.parse().unwrap()), open, "{address}");
        }
    }
}

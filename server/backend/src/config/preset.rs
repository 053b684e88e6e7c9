//! Providers whose addresses are known.

use super::given::Given;

/// What `WRENGATE_PROVIDER` chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preset {
    /// The development provider of the repository.
    Local,
    /// A Clerk instance.
    Clerk(&'static Clerk),
    /// Everything by settings.
    Custom,
}

/// The addresses of a Clerk instance.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Clerk {
    pub(super) name: &'static str,
    pub(super) issuer: &'static str,
    pub(super) authorization_endpoint: &'static str,
    pub(super) token_endpoint: &'static str,
    pub(super) userinfo_endpoint: &'static str,
    pub(super) jwks_uri: &'static str,
    /// The profile page of Clerk's Account Portal, at its default address.
    pub(super) home: &'static str,
}

const CLERK_DEV: Clerk = Clerk {
    name: "clerk-dev",
    issuer: "https://optimal-wren-60.clerk.accounts.dev",
    authorization_endpoint: "https://optimal-wren-60.clerk.accounts.dev/oauth/authorize",
    token_endpoint: "https://optimal-wren-60.clerk.accounts.dev/oauth/token",
    userinfo_endpoint: "https://optimal-wren-60.clerk.accounts.dev/oauth/userinfo",
    jwks_uri: "https://optimal-wren-60.clerk.accounts.dev/.well-known/jwks.json",
    home: "https://optimal-wren-60.accounts.dev/user",
};

const CLERK_PROD: Clerk = Clerk {
    name: "clerk-prod",
    issuer: "https://clerk.stiegleredtech.org",
    authorization_endpoint: "https://clerk.stiegleredtech.org/oauth/authorize",
    token_endpoint: "https://clerk.stiegleredtech.org/oauth/token",
    userinfo_endpoint: "https://clerk.stiegleredtech.org/oauth/userinfo",
    jwks_uri: "https://clerk.stiegleredtech.org/.well-known/jwks.json",
    home: "https://accounts.stiegleredtech.org/user",
};

/// Where the development provider is, unless `WRENGATE_ISSUER` says otherwise.
pub(super) const LOCAL_ISSUER: &str = "http://localhost:9400";

/// The public client that the development provider knows.
pub(super) const LOCAL_CLIENT_ID: &str = "wrengate-dev";

/// Where Clerk keeps profile pictures.
pub(super) const CLERK_AVATAR_HOST: &str = "img.clerk.com";

const PROVIDER: &str = "WRENGATE_PROVIDER";
const ISSUER: &str = "WRENGATE_ISSUER";

/// The settings that describe a provider by hand.
pub(super) const ENDPOINTS: [&str; 3] = [
    "WRENGATE_AUTHORIZATION_ENDPOINT",
    "WRENGATE_TOKEN_ENDPOINT",
    "WRENGATE_USERINFO_ENDPOINT",
];

impl Preset {
    /// What was chosen; `custom` where an issuer or an endpoint says so. `None` is noted.
    pub(super) fn read(given: &mut Given) -> Option<Self> {
        let by_hand = given.has(ISSUER) || ENDPOINTS.iter().any(|name| given.has(name));
        if !given.has(PROVIDER) {
            if by_hand {
                return Some(Self::Custom);
            }
            given.require(
                PROVIDER,
                "choose local, clerk-dev, clerk-prod or custom, or give WRENGATE_ISSUER",
            );
            return None;
        }
        let allowed = "allowed are local, clerk-dev, clerk-prod and custom";
        given.parsed(PROVIDER, allowed, |text| match text {
            "local" => Ok(Self::Local),
            "clerk-dev" => Ok(Self::Clerk(&CLERK_DEV)),
            "clerk-prod" => Ok(Self::Clerk(&CLERK_PROD)),
            "custom" => Ok(Self::Custom),
            _ => Err("is not one of the choices"),
        })
    }

    /// What a setting is when it is not given.
    pub(super) fn default(self, name: &str) -> Option<&'static str> {
        match (self, name) {
            (Self::Local, ISSUER) => Some(LOCAL_ISSUER),
            (Self::Clerk(clerk), _) => clerk.setting(name),
            _ => None,
        }
    }

    /// Notes settings that say something else than the preset.
    ///
    /// # Security
    /// A preset with one address of another provider could send a code or the client secret to the
    /// wrong one (mix-up, RFC 9700, section 4.4), or production to a left-over test provider.
    pub(super) fn refuse_contradictions(self, given: &mut Given) {
        let Self::Clerk(clerk) = self else { return };
        for name in ENDPOINTS.into_iter().chain([ISSUER, "WRENGATE_JWKS_URI"]) {
            if given
                .text(name)
                .is_some_and(|text| Some(text) != clerk.setting(name))
            {
                given.refuse(
                    name,
                    format!("contradicts WRENGATE_PROVIDER={}", clerk.name),
                    "leave it out, or use WRENGATE_PROVIDER=custom",
                );
            }
        }
    }
}

impl Clerk {
    fn setting(&self, name: &str) -> Option<&'static str> {
        match name {
            ISSUER => Some(self.issuer),
            "WRENGATE_AUTHORIZATION_ENDPOINT" => Some(self.authorization_endpoint),
            "WRENGATE_TOKEN_ENDPOINT" => Some(self.token_endpoint),
            "WRENGATE_USERINFO_ENDPOINT" => Some(self.userinfo_endpoint),
            "WRENGATE_JWKS_URI" => Some(self.jwks_uri),
            _ => None,
        }
    }
}

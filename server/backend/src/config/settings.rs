//! The list of every setting: name, default, meaning.

/// A setting as the documents describe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// What holds when it is not set: a value between backquotes, or words.
    pub default: &'static str,
    /// What it does and which values are allowed, in Markdown.
    pub meaning: &'static str,
}

/// What every environment variable of Wrengate begins with.
pub(super) const PREFIX: &str = "WRENGATE_";

/// Variables that the scripts and the browser tests read; the server passes them over, because it
/// inherits them.
pub const READ_BY_SCRIPTS: &[&str] = &[
    "WRENGATE_BROWSER",
    "WRENGATE_TEST_POSTGRES",
    "WRENGATE_TEST_REDIS",
    "WRENGATE_TOOLS",
];

/// Every setting, in the order of the documents.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "WRENGATE_ADDR",
        default: "`127.0.0.1:3000`",
        meaning: "Address to listen on: an IP address with a port.",
    },
    Setting {
        name: "WRENGATE_PUBLIC_ORIGIN",
        default: "`http://` and the address, where that is loopback; else required",
        meaning: "The origin that browsers use, exactly as they write it: `https://host` or `https://host:port`; http on loopback only. The provider must know `<origin>/callback` as redirect URI.",
    },
    Setting {
        name: "WRENGATE_PROVIDER",
        default: "`custom` when an issuer or endpoints are given, else required",
        meaning: "Who signs people in: `local` (the development provider), `clerk-dev`, `clerk-prod` or `custom`.",
    },
    Setting {
        name: "WRENGATE_PROVIDER_NAME",
        default: "`Clerk`, `the development provider`, else the provider's host",
        meaning: "What pages call the provider, 1 to 40 characters.",
    },
    Setting {
        name: "WRENGATE_PROVIDER_ACCOUNT_URL",
        default: "Clerk's own page with its presets, else none",
        meaning: "Where people manage their account at the provider: https (http on loopback only).",
    },
    Setting {
        name: "WRENGATE_PROVIDER_STATUS_URL",
        default: "none",
        meaning: "Where the provider says how it is doing, linked from error pages: https (http on loopback only).",
    },
    Setting {
        name: "WRENGATE_ISSUER",
        default: "the preset's",
        meaning: "Issuer URL, compared character by character with what the provider says of itself. Alone, it finds the endpoints by discovery.",
    },
    Setting {
        name: "WRENGATE_AUTHORIZATION_ENDPOINT",
        default: "the preset's, or by discovery",
        meaning: "Where people are sent. The three endpoints are given together or not at all; given, they replace discovery.",
    },
    Setting {
        name: "WRENGATE_TOKEN_ENDPOINT",
        default: "the preset's, or by discovery",
        meaning: "Where the server redeems the code.",
    },
    Setting {
        name: "WRENGATE_USERINFO_ENDPOINT",
        default: "the preset's, or by discovery",
        meaning: "Where the server asks who signed in.",
    },
    Setting {
        name: "WRENGATE_CLIENT_ID",
        default: "`wrengate-dev` for `local`, else required",
        meaning: "The client id that the provider gave out.",
    },
    Setting {
        name: "WRENGATE_CLIENT_SECRET",
        default: "none: a public client",
        meaning: "The client secret, at least 8 characters.",
    },
    Setting {
        name: "WRENGATE_CLIENT_SECRET_FILE",
        default: "none",
        meaning: "A file with the client secret alone, in place of the variable. A line end at its end is not part of the secret.",
    },
    Setting {
        name: "WRENGATE_CLIENT_AUTH",
        default: "`client_secret_basic` with a secret, `private_key_jwt` with a key file, else `none`",
        meaning: "How the server proves which client it is: `none`, `client_secret_basic`, `client_secret_post` or `private_key_jwt`. What the method needs is given, and nothing else.",
    },
    Setting {
        name: "WRENGATE_CLIENT_KEY_FILE",
        default: "none",
        meaning: "PEM file with the private key for `private_key_jwt`: PKCS#8 with RSA of at least 2048 bits (signs RS256), P-256 (ES256) or Ed25519 (EdDSA), or PKCS#1 with RSA.",
    },
    Setting {
        name: "WRENGATE_CLIENT_KEY_ID",
        default: "none",
        meaning: "The `kid` that the provider knows the key by, where it wants one.",
    },
    Setting {
        name: "WRENGATE_CLIENT_ASSERTION_AUDIENCE",
        default: "`issuer`",
        meaning: "Whom `private_key_jwt` is made for: `issuer`, or `token_endpoint` for providers that want the older form. Without an issuer it is the token endpoint.",
    },
    Setting {
        name: "WRENGATE_PAR",
        default: "`auto`",
        meaning: "Pushed authorization requests (RFC 9126): `auto` when the provider's metadata require them, `always`, or `never`.",
    },
    Setting {
        name: "WRENGATE_CA_FILE",
        default: "none",
        meaning: "PEM file with certificates of authorities to trust at the provider, besides those of the system.",
    },
    Setting {
        name: "WRENGATE_SCOPES",
        default: "`openid profile email`",
        meaning: "What to ask the provider for, separated by spaces, each once.",
    },
    Setting {
        name: "WRENGATE_JWKS_URI",
        default: "the preset's, or by discovery; else none: ID tokens are not read",
        meaning: "Where the provider's signing keys are, for endpoints by hand. With it ID tokens are required and checked.",
    },
    Setting {
        name: "WRENGATE_ID_TOKEN_ALGS",
        default: "`RS256`",
        meaning: "Algorithms that may sign an ID token, if the provider offers them too, separated by spaces or commas: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA.",
    },
    Setting {
        name: "WRENGATE_CLOCK_SKEW_SECONDS",
        default: "`60`",
        meaning: "How far the provider's clock may differ from ours when an ID token is checked, 0 to 600.",
    },
    Setting {
        name: "WRENGATE_JWKS_COOLDOWN_SECONDS",
        default: "`60`",
        meaning: "The least time between two fetches of the signing keys because a token needs an unknown one, 1 to 3600.",
    },
    Setting {
        name: "WRENGATE_TRUSTED_AUDIENCES",
        default: "none",
        meaning: "Audiences that an ID token may have beside the client id, separated by spaces or commas.",
    },
    Setting {
        name: "WRENGATE_AVATAR_HOSTS",
        default: "the preset's; none for `custom`",
        meaning: "Hosts that profile pictures may come from, `host` or `host:port`, separated by commas or spaces.",
    },
    Setting {
        name: "WRENGATE_SESSION_IDLE_SECONDS",
        default: "`1800`",
        meaning: "How long a session lasts that nobody uses, 10 to 31536000. Pages that ask by themselves are no use.",
    },
    Setting {
        name: "WRENGATE_SESSION_ABSOLUTE_SECONDS",
        default: "`43200`",
        meaning: "How long a session lasts however much it is used, 10 to 31536000.",
    },
    Setting {
        name: "WRENGATE_REFRESH_MARGIN_SECONDS",
        default: "`60`",
        meaning: "How long before its end an access token is renewed, 0 to 3600.",
    },
    Setting {
        name: "WRENGATE_STORE",
        default: "`sqlite:data/wrengate.db`",
        meaning: "Where sessions are kept: `sqlite:path`; `sqlite::memory:`, which forgets at each stop; or a server that several processes may share, `postgres://user:password@host/database`, `redis://…` or `rediss://…` (TLS).",
    },
    Setting {
        name: "WRENGATE_STORE_FILE",
        default: "none",
        meaning: "A file with that address alone, in place of the variable, because it may hold a password. A line end at its end is not part of the address.",
    },
    Setting {
        name: "WRENGATE_KEYS",
        default: "a file `wrengate.key` beside the store, made at the first start with mode 0600; required with PostgreSQL and Redis",
        meaning: "Keys that seal the stored tokens: base64, at least 32 bytes each, separated by commas, newest first. To change the key, put a new one in front.",
    },
    Setting {
        name: "WRENGATE_SITE_ROOT",
        default: "`target/site`",
        meaning: "Folder with the built site.",
    },
    Setting {
        name: "WRENGATE_LANGUAGES",
        default: "none",
        meaning: "Folder with further languages, one TOML file each; see CONTRIBUTING.md.",
    },
    Setting {
        name: "WRENGATE_APP_NAME",
        default: "`Wrengate`",
        meaning: "What pages call this installation, 1 to 40 characters.",
    },
    Setting {
        name: "WRENGATE_SUPPORT_URL",
        default: "none",
        meaning: "Help page of your own, linked from error pages and from `/help`: https (http on loopback only).",
    },
    Setting {
        name: "WRENGATE_SUPPORT_EMAIL",
        default: "none",
        meaning: "E-mail address shown on error pages and on `/help`.",
    },
    Setting {
        name: "WRENGATE_SOURCE_URL",
        default: "none",
        meaning: "Where the source is, linked as \"Source\" from every page: https (http on loopback only).",
    },
    Setting {
        name: "WRENGATE_PRIVACY_URL",
        default: "none",
        meaning: "What you say about privacy, linked as \"Privacy\" from every page: https (http on loopback only).",
    },
    Setting {
        name: "WRENGATE_TRUSTED_PROXIES",
        default: "none",
        meaning: "Addresses and networks (CIDR) of the proxies before this server, separated by commas. Only a request from one of them is counted by the client address in its `X-Forwarded-For` or `Forwarded`.",
    },
    Setting {
        name: "WRENGATE_RATE_BEGIN",
        default: "`30`",
        meaning: "Sign-ins begun per client address and minute, 0 to 1000000; 0 is no limit.",
    },
    Setting {
        name: "WRENGATE_RATE_COMPLETE",
        default: "`60`",
        meaning: "Sign-ins completed per client address and minute, 0 to 1000000; 0 is no limit.",
    },
    Setting {
        name: "WRENGATE_RATE_API",
        default: "`300`",
        meaning: "Other calls to `/api`, and forms, per client address and minute, 0 to 1000000; 0 is no limit.",
    },
    Setting {
        name: "WRENGATE_RATE_PAGES",
        default: "`600`",
        meaning: "Pages, forms and `/readyz` per client address and minute, 0 to 1000000; 0 is no limit. Files and `/healthz` do not count.",
    },
    Setting {
        name: "WRENGATE_RATE_BEGIN_ALL",
        default: "`6000`",
        meaning: "Sign-ins begun by everybody together per minute, 0 to 1000000; 0 is no limit.",
    },
    Setting {
        name: "WRENGATE_RATE_COMPLETE_ALL",
        default: "`12000`",
        meaning: "Sign-ins completed by everybody together per minute, 0 to 1000000; 0 is no limit.",
    },
    Setting {
        name: "WRENGATE_LOG_FORMAT",
        default: "`text`",
        meaning: "How a line of the log is written: `text`, or `json` for one JSON object on each line. `RUST_LOG` chooses what is logged.",
    },
    Setting {
        name: "WRENGATE_INSPECTOR",
        default: "`own` where the public origin is http, else `off`",
        meaning: "Who may look at recorded sign-ins at `/inspector`: `off`, nobody, or `own`, each browser at its own of the last 15 minutes, without secrets.",
    },
    Setting {
        name: "WRENGATE_METRICS_ADDR",
        default: "none: no metrics",
        meaning: "Address where Prometheus reads `/metrics`: an IP address with a port, another one than `WRENGATE_ADDR`.",
    },
    Setting {
        name: "WRENGATE_ALERT_WEBHOOK",
        default: "none: no alerts",
        meaning: "Where alerts are posted to: https (http on loopback only).",
    },
    Setting {
        name: "WRENGATE_ALERT_SECRET",
        default: "none",
        meaning: "The key that alerts are signed with, at least 16 characters; required with the webhook.",
    },
    Setting {
        name: "WRENGATE_ALERT_SECRET_FILE",
        default: "none",
        meaning: "A file with that key alone, in place of the variable. A line end at its end is not part of the key.",
    },
];

impl Setting {
    /// The setting of this exact name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// The key in the TOML file.
    #[must_use]
    pub fn key(&self) -> String {
        self.stem().to_ascii_lowercase()
    }

    /// The setting that was probably meant by an unknown name.
    ///
    /// Close enough is a third of the letters wrong at most, or a name that holds what was written as
    /// whole words.
    pub(super) fn nearest(unknown: &str) -> Option<&'static Self> {
        let upper = unknown.to_ascii_uppercase().replace('-', "_");
        let stem = upper.strip_prefix(PREFIX).unwrap_or(&upper);
        let by_letters = SETTINGS
            .iter()
            .map(|setting| (distance(stem, setting.stem()), setting))
            .min_by_key(|(distance, _)| *distance)
            .filter(|(distance, setting)| distance * 3 <= setting.stem().len())
            .map(|(_, setting)| setting);
        by_letters.or_else(|| {
            let words = format!("_{stem}_");
            SETTINGS
                .iter()
                .find(|setting| format!("_{}_", setting.stem()).contains(&words))
        })
    }

    fn stem(&self) -> &'static str {
        self.name.strip_prefix(PREFIX).unwrap_or(self.name)
    }
}

/// How many letters must be added, removed or replaced to turn one word into the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, left) in from.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        for (cell, right) in row.iter_mut().skip(1).zip(to.chars()) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *cell;
            before = replaced.min(diagonal + 1).min(before + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

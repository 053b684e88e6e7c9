//! What each parameter, claim and header of a sign-in is for, and where it is defined.

/// Why something is there, in at most 90 characters, and its source. `None` for what is not used here.
pub(crate) fn why(name: &str) -> Option<(&'static str, &'static str)> {
    request(name)
        .or_else(|| answer(name))
        .or_else(|| claim(name))
        .or_else(|| surroundings(name))
}

fn request(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "response_type" => (
            "The answer brings a code, never a token.",
            "RFC 6749, 4.1.1",
        ),
        "client_id" => ("Which application asks. It is public.", "RFC 6749, 2.2"),
        "redirect_uri" => (
            "Where the answer goes. It has to equal the registered one, character by character.",
            "RFC 9700, 2.1",
        ),
        "scope" => ("What is asked for, or was granted.", "RFC 6749, 3.3"),
        "state" => (
            "Ties the answer to this browser's attempt, against forged callbacks.",
            "RFC 6749, 10.12",
        ),
        "nonce" => (
            "Ties the ID token to this attempt, against replay.",
            "OIDC Core, 3.1.2.1",
        ),
        "code_challenge" => (
            "The hash of the verifier. Only whoever has the verifier can use the code.",
            "RFC 7636, 4.2",
        ),
        "code_challenge_method" => (
            "The challenge is the SHA-256 hash, which does not tell the verifier.",
            "RFC 7636, 4.3",
        ),
        "prompt" => (
            "What the provider has to ask the person anew.",
            "OIDC Core, 3.1.2.1",
        ),
        "request_uri" => (
            "Stands for the parameters, which were pushed to the provider before.",
            "RFC 9126, 2.2",
        ),
        "resource" => ("Which service the access token is for.", "RFC 8707, 2"),
        "grant_type" => ("What is exchanged for tokens.", "RFC 6749, 4.1.3"),
        "code" => (
            "Works once, for a short time, and only with the verifier.",
            "RFC 6749, 4.1.2",
        ),
        "code_verifier" => (
            "Proves that the attempt that asks for tokens is the one that began.",
            "RFC 7636, 4.5",
        ),
        "client_secret" => ("Proves which application asks.", "RFC 6749, 2.3.1"),
        "client_assertion" => (
            "Proves which application asks, by a signature.",
            "RFC 7523, 2.2",
        ),
        "client_assertion_type" => ("Says that the proof is a JWT.", "RFC 7523, 2.2"),
        _ => return None,
    })
}

fn answer(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "error" => ("Why the provider refuses.", "RFC 6749, 4.1.2.1 and 5.2"),
        "error_description" => ("The provider's own words about it.", "RFC 6749, 5.2"),
        "error_uri" => ("A page about the error; not followed.", "RFC 6749, 5.2"),
        "access_token" => ("Opens userinfo. It stays on the server.", "RFC 6749, 1.4"),
        "refresh_token" => (
            "Renews the access token. It stays on the server.",
            "RFC 6749, 1.5",
        ),
        "id_token" => (
            "Says who signed in, signed by the provider.",
            "OIDC Core, 3.1.3.3",
        ),
        "token_type" => ("How the access token is used.", "RFC 6749, 7.1"),
        "expires_in" => (
            "How long the access token works, in seconds.",
            "RFC 6749, 5.1",
        ),
        "session_state" => (
            "The provider's session; not used here.",
            "OIDC Session Management, 2",
        ),
        _ => return None,
    })
}

fn claim(name: &str) -> Option<(&'static str, &'static str)> {
    const PROFILE: &str = "OIDC Core, 5.1";
    const ID_TOKEN: &str = "OIDC Core, 2";
    Some(match name {
        "iss" => (
            "Who answers. It has to be the issuer that was asked.",
            "RFC 9207, 2 and OIDC Core, 2",
        ),
        "sub" | "user_id" => ("Who it is. With the issuer, this is the account.", ID_TOKEN),
        "aud" => (
            "For whom the token is. This application has to be among them.",
            ID_TOKEN,
        ),
        "azp" => ("To whom it was issued, where it is for several.", ID_TOKEN),
        "exp" => ("After this the token is over.", ID_TOKEN),
        "iat" => ("When it was issued.", ID_TOKEN),
        "nbf" => ("Before this the token is not good.", "RFC 7519, 4.1.5"),
        "auth_time" => ("When the person last proved who they are.", ID_TOKEN),
        "at_hash" => (
            "The hash of the access token that belongs to it.",
            "OIDC Core, 3.1.3.6",
        ),
        "c_hash" => ("The hash of the code.", "OIDC Core, 3.3.2.11"),
        "acr" => ("How strongly the person proved who they are.", ID_TOKEN),
        "amr" => (
            "By what means the person proved who they are.",
            "RFC 8176, 1",
        ),
        "sid" => (
            "The provider's session, which a logout token names.",
            "OIDC Back-Channel Logout, 2.1",
        ),
        "jti" => ("The token's own number.", "RFC 7519, 4.1.7"),
        "alg" => (
            "How it is signed. Only expected ways count.",
            "RFC 7515, 4.1.1",
        ),
        "kid" => ("Which of the provider's keys signed it.", "RFC 7515, 4.1.4"),
        "typ" => ("What kind of token it is.", "RFC 7515, 4.1.9"),
        "name" | "given_name" | "family_name" | "middle_name" | "nickname" => {
            ("How the person is called.", PROFILE)
        }
        "preferred_username" | "username" => ("A name to show. It can change hands.", PROFILE),
        "email" | "phone_number" => ("How to reach the person. Never the account.", PROFILE),
        "email_verified" | "phone_number_verified" => (
            "Whether the provider checked that it is the person's.",
            PROFILE,
        ),
        "picture" | "profile" | "website" => ("An address; only its host is shown.", PROFILE),
        "locale" | "zoneinfo" | "gender" | "birthdate" | "address" => {
            ("About the person.", PROFILE)
        }
        "updated_at" => ("When the profile last changed.", PROFILE),
        _ => return None,
    })
}

fn surroundings(name: &str) -> Option<(&'static str, &'static str)> {
    const METADATA: &str = "RFC 8414, 2";
    const COOKIE: &str = "RFC 6265, 4.1.2";
    Some(match name {
        "issuer" => ("The provider's name for itself.", METADATA),
        "authorization_endpoint" => ("Where the browser goes.", METADATA),
        "token_endpoint" => ("Where the code is exchanged.", METADATA),
        "userinfo_endpoint" => ("Where the profile is read.", "OIDC Discovery, 3"),
        "jwks_uri" => ("Where the signing keys are.", METADATA),
        "pushed_authorization_request_endpoint" => {
            ("Where the parameters can be pushed.", "RFC 9126, 5")
        }
        "authorization_response_iss_parameter_supported" => {
            ("Whether each answer says who it is of.", "RFC 9207, 3")
        }
        "token_endpoint_auth_method" => ("How this application proves who it is.", "RFC 7591, 2"),
        "authorization" => ("Carries the credentials.", "RFC 9110, 11.6.2"),
        "content-type" => ("What the body is.", "RFC 9110, 8.3"),
        "accept" => ("What answer can be read.", "RFC 9110, 12.5.1"),
        "cache-control" => ("Tokens must not be cached.", "RFC 6749, 5.1"),
        "date" => ("The provider's clock.", "RFC 9110, 6.6.1"),
        "retry-after" => ("How long to wait before asking again.", "RFC 9110, 10.2.3"),
        "user-agent" => ("Which software asks.", "RFC 9110, 10.1.5"),
        "HttpOnly" => ("No script can read the cookie.", "RFC 6265, 4.1.2.6"),
        "Secure" => ("Sent over TLS alone.", "RFC 6265, 4.1.2.5"),
        "SameSite" => (
            "Which other sites' requests bring it.",
            "RFC 6265bis, 4.1.2.7",
        ),
        "cookie" => ("Its name. The value is in no trace.", "RFC 6265bis, 4.1.3"),
        "Path" => ("For all addresses of this origin.", COOKIE),
        "Max-Age" => ("How long the browser keeps it.", COOKIE),
        "idle" => (
            "How long the session lasts without use.",
            "NIST SP 800-63B, 7.2",
        ),
        "absolute" => ("How long it lasts in any case.", "NIST SP 800-63B, 7.2"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_short_and_have_a_source() {
        let text = include_str!("parameters.rs");
        let (table, _) = text.split_once("#[cfg(test)]").unwrap_or_default();
        let names = table.split('"').skip(1).step_by(2);
        let known: Vec<_> = names.filter_map(why).collect();
        assert!(known.len() > 60, "{}", known.len());
        for (reason, source) in known {
            assert!(reason.chars().count() <= 90, "{reason}");
            assert!(reason.ends_with('.'), "{reason}");
            let standards = ["RFC ", "OIDC ", "NIST "];
            assert!(
                standards.iter().any(|it| source.starts_with(it)),
                "{source}"
            );
            assert!(source.contains(char::is_numeric), "{source}");
        }
    }
}

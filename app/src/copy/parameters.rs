//! What each parameter, claim and header of a sign-in is for, and where it is defined.

use super::Msg;

/// Why something is there, in at most 90 characters, and its source. `None` for what is not used here.
pub(crate) fn why(name: &str) -> Option<(Msg, &'static str)> {
    request(name)
        .or_else(|| answer(name))
        .or_else(|| claim(name))
        .or_else(|| surroundings(name))
}

fn request(name: &str) -> Option<(Msg, &'static str)> {
    Some(match name {
        "response_type" => (Msg::WhyResponseType, "RFC 6749, 4.1.1"),
        "client_id" => (Msg::WhyClientId, "RFC 6749, 2.2"),
        "redirect_uri" => (Msg::WhyRedirectUri, "RFC 9700, 2.1"),
        "scope" => (Msg::WhyScope, "RFC 6749, 3.3"),
        "state" => (Msg::WhyState, "RFC 6749, 10.12"),
        "nonce" => (Msg::WhyNonce, "OIDC Core, 3.1.2.1"),
        "code_challenge" => (Msg::WhyCodeChallenge, "RFC 7636, 4.2"),
        "code_challenge_method" => (Msg::WhyCodeChallengeMethod, "RFC 7636, 4.3"),
        "prompt" => (Msg::WhyPrompt, "OIDC Core, 3.1.2.1"),
        "request_uri" => (Msg::WhyRequestUri, "RFC 9126, 2.2"),
        "resource" => (Msg::WhyResource, "RFC 8707, 2"),
        "grant_type" => (Msg::WhyGrantType, "RFC 6749, 4.1.3"),
        "code" => (Msg::WhyCode, "RFC 6749, 4.1.2"),
        "code_verifier" => (Msg::WhyCodeVerifier, "RFC 7636, 4.5"),
        "client_secret" => (Msg::WhyClientSecret, "RFC 6749, 2.3.1"),
        "client_assertion" => (Msg::WhyClientAssertion, "RFC 7523, 2.2"),
        "client_assertion_type" => (Msg::WhyClientAssertionType, "RFC 7523, 2.2"),
        _ => return None,
    })
}

fn answer(name: &str) -> Option<(Msg, &'static str)> {
    Some(match name {
        "error" => (Msg::WhyError, "RFC 6749, 4.1.2.1 and 5.2"),
        "error_description" => (Msg::WhyErrorDescription, "RFC 6749, 5.2"),
        "error_uri" => (Msg::WhyErrorUri, "RFC 6749, 5.2"),
        "access_token" => (Msg::WhyAccessToken, "RFC 6749, 1.4"),
        "refresh_token" => (Msg::WhyRefreshToken, "RFC 6749, 1.5"),
        "id_token" => (Msg::WhyIdToken, "OIDC Core, 3.1.3.3"),
        "token_type" => (Msg::WhyTokenType, "RFC 6749, 7.1"),
        "expires_in" => (Msg::WhyExpiresIn, "RFC 6749, 5.1"),
        "session_state" => (Msg::WhySessionState, "OIDC Session Management, 2"),
        _ => return None,
    })
}

fn claim(name: &str) -> Option<(Msg, &'static str)> {
    const PROFILE: &str = "OIDC Core, 5.1";
    const ID_TOKEN: &str = "OIDC Core, 2";
    Some(match name {
        "iss" => (Msg::WhyIss, "RFC 9207, 2 and OIDC Core, 2"),
        "sub" | "user_id" => (Msg::WhySub, ID_TOKEN),
        "aud" => (Msg::WhyAud, ID_TOKEN),
        "azp" => (Msg::WhyAzp, ID_TOKEN),
        "exp" => (Msg::WhyExp, ID_TOKEN),
        "iat" => (Msg::WhyIat, ID_TOKEN),
        "nbf" => (Msg::WhyNbf, "RFC 7519, 4.1.5"),
        "auth_time" => (Msg::WhyAuthTime, ID_TOKEN),
        "at_hash" => (Msg::WhyAtHash, "OIDC Core, 3.1.3.6"),
        "c_hash" => (Msg::WhyCHash, "OIDC Core, 3.3.2.11"),
        "acr" => (Msg::WhyAcr, ID_TOKEN),
        "amr" => (Msg::WhyAmr, "RFC 8176, 1"),
        "sid" => (Msg::WhySid, "OIDC Back-Channel Logout, 2.1"),
        "jti" => (Msg::WhyJti, "RFC 7519, 4.1.7"),
        "alg" => (Msg::WhyAlg, "RFC 7515, 4.1.1"),
        "kid" => (Msg::WhyKid, "RFC 7515, 4.1.4"),
        "typ" => (Msg::WhyTyp, "RFC 7515, 4.1.9"),
        "name" | "given_name" | "family_name" | "middle_name" | "nickname" => {
            (Msg::WhyName, PROFILE)
        }
        "preferred_username" | "username" => (Msg::WhyPreferredUsername, PROFILE),
        "email" | "phone_number" => (Msg::WhyEmail, PROFILE),
        "email_verified" | "phone_number_verified" => (Msg::WhyEmailVerified, PROFILE),
        "picture" | "profile" | "website" => (Msg::WhyPicture, PROFILE),
        "locale" | "zoneinfo" | "gender" | "birthdate" | "address" => (Msg::WhyLocale, PROFILE),
        "updated_at" => (Msg::WhyUpdatedAt, PROFILE),
        _ => return None,
    })
}

fn surroundings(name: &str) -> Option<(Msg, &'static str)> {
    const METADATA: &str = "RFC 8414, 2";
    const COOKIE: &str = "RFC 6265, 4.1.2";
    Some(match name {
        "issuer" => (Msg::WhyIssuer, METADATA),
        "authorization_endpoint" => (Msg::WhyAuthorizationEndpoint, METADATA),
        "token_endpoint" => (Msg::WhyTokenEndpoint, METADATA),
        "userinfo_endpoint" => (Msg::WhyUserinfoEndpoint, "OIDC Discovery, 3"),
        "jwks_uri" => (Msg::WhyJwksUri, METADATA),
        "pushed_authorization_request_endpoint" => {
            (Msg::WhyPushedAuthorizationRequestEndpoint, "RFC 9126, 5")
        }
        "authorization_response_iss_parameter_supported" => (
            Msg::WhyAuthorizationResponseIssParameterSupported,
            "RFC 9207, 3",
        ),
        "token_endpoint_auth_method" => (Msg::WhyTokenEndpointAuthMethod, "RFC 7591, 2"),
        "authorization" => (Msg::WhyAuthorization, "RFC 9110, 11.6.2"),
        "content-type" => (Msg::WhyContentType, "RFC 9110, 8.3"),
        "accept" => (Msg::WhyAccept, "RFC 9110, 12.5.1"),
        "cache-control" => (Msg::WhyCacheControl, "RFC 6749, 5.1"),
        "date" => (Msg::WhyDate, "RFC 9110, 6.6.1"),
        "retry-after" => (Msg::WhyRetryAfter, "RFC 9110, 10.2.3"),
        "user-agent" => (Msg::WhyUserAgent, "RFC 9110, 10.1.5"),
        "HttpOnly" => (Msg::WhyHttpOnly, "RFC 6265, 4.1.2.6"),
        "Secure" => (Msg::WhySecure, "RFC 6265, 4.1.2.5"),
        "SameSite" => (Msg::WhySameSite, "RFC 6265bis, 4.1.2.7"),
        "cookie" => (Msg::WhyCookie, "RFC 6265bis, 4.1.3"),
        "Path" => (Msg::WhyPath, COOKIE),
        "Max-Age" => (Msg::WhyMaxAge, COOKIE),
        "idle" => (Msg::WhyIdle, "NIST SP 800-63B, 7.2"),
        "absolute" => (Msg::WhyAbsolute, "NIST SP 800-63B, 7.2"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::languages::Languages, *};
    use crate::page_data::PageData;

    #[test]
    fn reasons_are_short_and_have_a_source() {
        let text = include_str!("parameters.rs");
        let (table, _) = text.split_once("#[cfg(test)]").unwrap_or_default();
        let names = table.split('"').skip(1).step_by(2);
        let known: Vec<_> = names.filter_map(why).collect();
        assert!(known.len() > 60, "{}", known.len());
        let languages = Languages::new(&[]).expect("English is complete");
        let english = languages
            .choose(None, "")
            .words(&PageData::default().client);
        for (reason, source) in known {
            let reason = english.text(reason);
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

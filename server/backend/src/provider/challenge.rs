//! The error code in `WWW-Authenticate` (RFC 6750, section 3; RFC 9110, section 11.6.1).

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use wrengate_protocol::provider_error::ErrorCode;

/// The `error` parameter of a Bearer challenge, where there is one.
///
/// # Security
/// Quoted strings are read as a whole, so that a description which quotes another error cannot pose
/// as one.
pub(super) fn bearer_error(headers: &HeaderMap) -> Option<ErrorCode> {
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(error_parameter)
        .map(|code| ErrorCode::parse(&code))
}

/// Walks over the challenges of one header. A word before a space names a scheme; `name=value` pairs
/// after it, divided by commas, are its parameters.
fn error_parameter(header: &str) -> Option<String> {
    let mut rest = header;
    let mut in_bearer = false;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        if word.is_empty() {
            return None;
        }
        let after = after.trim_start_matches([' ', '\t']);
        let Some(value) = after.strip_prefix('=') else {
            in_bearer = word.eq_ignore_ascii_case("bearer");
            rest = after;
            continue;
        };
        let (value, after) = parameter_value(value.trim_start_matches([' ', '\t']))?;
        if in_bearer && word.eq_ignore_ascii_case("error") {
            return Some(value);
        }
        rest = after;
    }
}

/// A token or a quoted string, and what follows it; `None` for a quoted string without an end.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return text
            .split_at_checked(text.find([' ', '\t', ',']).unwrap_or(text.len()))
            .map(|(value, after)| (value.to_owned(), after));
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            character => value.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<&str>) {
        assert_eq!(error_parameter(header).as_deref(), expected, "{header}");
    }

    #[test]
    fn the_error_of_a_bearer_challenge_is_found() {
        check(r#"Bearer error="invalid_token""#, Some("invalid_token"));
        check("bearer error=invalid_token", Some("invalid_token"));
        check(
            r#"Bearer realm="a, b", error = "insufficient_scope""#,
            Some("insufficient_scope"),
        );
        check(
            r#"DPoP algs="ES256", Bearer error="invalid_token""#,
            Some("invalid_token"),
        );
        check(
            r#"Negotiate abc==, Bearer error="invalid_token""#,
            Some("invalid_token"),
        );
        check(
            r#"Bearer, Bearer error="invalid_token""#,
            Some("invalid_token"),
        );
    }

    #[test]
    fn a_description_that_quotes_an_error_is_not_one() {
        check(
            r#"Bearer error_description="error=\"invalid_token\"""#,
            None,
        );
        check(r#"Bearer error_description=", error=invalid_token""#, None);
        check(r#"DPoP error="invalid_token""#, None);
    }

    #[test]
    fn no_header_panics_or_loops() {
        for header in [
            "",
            ",",
            "=",
            "Bearer",
            "Bearer =",
            "Bearer error=",
            "Bearer error",
            "\"",
            "ä",
        ] {
            assert_eq!(error_parameter(header).unwrap_or_default(), "", "{header}");
        }
        check(r#"Bearer error="invalid_token"#, None);
        check(r#"Bearer error="invalid\"#, None);
    }
}

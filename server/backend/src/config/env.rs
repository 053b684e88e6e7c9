//! The one place that reads the environment.

/// Whether `NO_COLOR` asks for plain text: set, and not empty (no-color.org).
#[must_use]
pub fn no_color() -> bool {
    read()
        .into_iter()
        .any(|(name, value)| name == "NO_COLOR" && value.as_deref() != Some(""))
}

/// Every variable; `None` where the value is not UTF-8.
///
/// A variable whose name is not UTF-8 is left out: no setting has such a name.
pub(super) fn read() -> Vec<(String, Option<String>)> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the environment"
    )]
    let variables = std::env::vars_os();
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok())))
        .collect()
}

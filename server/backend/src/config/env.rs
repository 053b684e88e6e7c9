//! The one place that reads the environment.

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

//! A request as a line for a shell.

use super::{RequestView, Row, Shown, TraceValue};

impl RequestView {
    /// Puts a request together.
    ///
    /// # Security
    /// What is redacted becomes a variable of the shell, so the line can be sent to somebody; what is
    /// shown stands between single quotes, so a shell expands nothing in it.
    #[must_use]
    pub fn new(method: &str, url: TraceValue, headers: Vec<Row>, parameters: Vec<Row>) -> Self {
        let mut view = Self {
            method: Shown::name(method),
            url,
            headers,
            parameters,
            curl: Shown::whole(String::new()),
        };
        view.curl = Shown::whole(view.line());
        view
    }

    fn line(&self) -> String {
        let mut line = match self.method.as_str() {
            "GET" => "curl --get".to_owned(),
            method => format!("curl --request {method}"),
        };
        for header in &self.headers {
            let name = header.name.as_str();
            let value = match (name, &header.value) {
                (_, TraceValue::Shown(text)) => quoted(&format!("{name}: {text}")),
                (_, TraceValue::Redacted { .. }) => format!("\"{name}: ${}\"", variable(name)),
            };
            line.push_str(" --header ");
            line.push_str(&value);
        }
        for parameter in &self.parameters {
            let name = parameter.name.as_str();
            let value = match &parameter.value {
                TraceValue::Shown(text) => quoted(&format!("{name}={text}")),
                TraceValue::Redacted { .. } => format!("\"{name}=${}\"", variable(name)),
            };
            line.push_str(" --data-urlencode ");
            line.push_str(&value);
        }
        let url = match &self.url {
            TraceValue::Shown(url) => quoted(url.as_str()),
            TraceValue::Redacted { .. } => "\"$URL\"".to_owned(),
        };
        format!("{line} {url}")
    }
}

/// Between single quotes, the ones inside closed, escaped and opened again.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// `code_verifier` is `$VERIFIER`, the others are called as the parameter is.
fn variable(name: &str) -> String {
    match name {
        "code_verifier" => "VERIFIER".to_owned(),
        _ => name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect(),
    }
}

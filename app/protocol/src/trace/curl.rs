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
            query: Vec::new(),
            parameters,
            curl: Shown::whole(String::new()),
        };
        view.curl = Shown::whole(view.line());
        view
    }

    /// The same to an address that has a query of its own.
    #[must_use]
    pub fn to_query(mut self, query: Vec<Row>) -> Self {
        self.query = query;
        self.curl = Shown::whole(self.line());
        self
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
        format!("{line} {url}{}", self.query_part())
    }

    /// The query, which joins on to the address: a shell takes two quoted texts without a space for one.
    fn query_part(&self) -> String {
        let pairs = self.query.iter().map(|row| {
            let name = encoded(row.name.as_str());
            match &row.value {
                TraceValue::Shown(text) => format!("{name}={}", encoded(text.as_str())),
                TraceValue::Redacted { .. } => format!("{name}=${}", variable(row.name.as_str())),
            }
        });
        let pairs = pairs.collect::<Vec<_>>().join("&");
        if pairs.is_empty() {
            pairs
        } else {
            // What is encoded has nothing that a shell looks for between these.
            format!("\"?{pairs}\"")
        }
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
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

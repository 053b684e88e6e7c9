//! What a browser is called, for somebody who looks for one they know.

/// On what a browser runs, as far as it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// A computer.
    Computer,
    /// A telephone or a tablet.
    Phone,
    /// It does not tell.
    Unknown,
}

/// A browser and its system: "Firefox 145 on Windows", "Safari on iPhone".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrowserName {
    browser: &'static str,
    version: Option<u16>,
    system: Option<(&'static str, Device)>,
}

/// The mark of each browser in its User-Agent header (RFC 9110, section 10.1.5). Most name those they
/// descend from as well, so the first that fits counts. Safari's is where its version stands.
const BROWSERS: [(&str, &str); 14] = [
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Version/", SAFARI),
];

const SAFARI: &str = "Safari";

/// The mark of each system.
const SYSTEMS: [(&str, &str, Device); 8] = [
    ("iPhone", "iPhone", Device::Phone),
    ("iPad", "iPad", Device::Phone),
    ("Android", "Android", Device::Phone),
    ("Windows NT", "Windows", Device::Computer),
    ("CrOS", "ChromeOS", Device::Computer),
    ("Macintosh", "macOS", Device::Computer),
    ("FreeBSD", "FreeBSD", Device::Computer),
    ("Linux", "Linux", Device::Computer),
];

impl BrowserName {
    /// Reads what a browser calls itself; `None` where it is none that is known, or no browser.
    ///
    /// # Security
    /// Anything can stand in that header. Nothing of it is kept but a number: every word is ours.
    #[must_use]
    pub fn of(user_agent: &str) -> Option<Self> {
        let rest = user_agent.strip_prefix("Mozilla/5.0 (")?;
        let (system, products) = rest.split_once(')')?;
        let (mark, browser) = BROWSERS
            .into_iter()
            .find(|(mark, _)| products.contains(&format!(" {mark}")))?;
        let is_safari = browser == SAFARI;
        let pretends = products.contains("compatible") || system.contains("compatible");
        if pretends || (is_safari && !products.contains(" Safari/")) {
            return None;
        }
        let system = SYSTEMS.into_iter().find(|(mark, ..)| system.contains(mark));
        // On a telephone the version is that of the system, which updates it.
        let phone = matches!(system, Some((.., Device::Phone)));
        let version = (!(is_safari && phone)).then(|| version(products, mark));
        Some(Self {
            browser,
            version: version.flatten(),
            system: system.map(|(_, name, device)| (name, device)),
        })
    }

    /// Whether a text is a name as [`Display`](std::fmt::Display) writes one.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let (name, system) = match text.split_once(" on ") {
            Some((name, system)) => (name, Some(system)),
            None => (text, None),
        };
        let known = |text: &str| BROWSERS.into_iter().any(|(_, name)| name == text);
        let is_number =
            |text: &str| text.len() < 6 && text.parse::<u16>().is_ok() && !text.starts_with('+');
        let named = known(name)
            || name
                .rsplit_once(' ')
                .is_some_and(|(name, version)| known(name) && is_number(version));
        let placed = system.is_none_or(|text| SYSTEMS.into_iter().any(|(_, name, _)| name == text));
        named && placed
    }

    /// On what it runs.
    #[must_use]
    pub fn device(&self) -> Device {
        self.system.map_or(Device::Unknown, |(_, device)| device)
    }
}

impl std::fmt::Display for BrowserName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.browser)?;
        if let Some(version) = self.version {
            write!(f, " {version}")?;
        }
        match self.system {
            Some((system, _)) => write!(f, " on {system}"),
            None => Ok(()),
        }
    }
}

/// The first part of the number behind a mark.
fn version(products: &str, mark: &str) -> Option<u16> {
    let (_, after) = products.split_once(mark)?;
    let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    use super::Device::{Computer, Phone, Unknown};

    fn told(user_agent: &str) -> Option<(String, Device)> {
        BrowserName::of(user_agent).map(|name| (name.to_string(), name.device()))
    }

    const REAL: &[(&str, &str, Device)] = &[
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox 145 on Windows",
            Computer,
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
            "Firefox 144 on Linux",
            Computer,
        ),
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
            "Firefox 145 on Android",
            Phone,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/132.0 Mobile/15E148 Safari/605.1.15",
            "Firefox 132 on iPhone",
            Phone,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Chrome 142 on Windows",
            Computer,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
            "",
            Unknown,
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Chrome 142 on ChromeOS",
            Computer,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome 142 on Android",
            Phone,
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
            "Chrome 131 on iPad",
            Phone,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge 142 on Windows",
            Computer,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36 EdgA/142.0.0.0",
            "Edge 142 on Android",
            Phone,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
            "Safari 26 on macOS",
            Computer,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
            Phone,
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
            "Safari on iPad",
            Phone,
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet 28 on Android",
            Phone,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0",
            "Opera 124 on macOS",
            Computer,
        ),
        (
            "Mozilla/5.0 (Haiku) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0 Safari/537.36",
            "Chrome 99",
            Unknown,
        ),
    ];

    #[test]
    fn real_browsers_are_called_by_their_names() {
        for &(user_agent, name, device) in REAL {
            let expected = (!name.is_empty()).then(|| (name.to_owned(), device));
            assert_eq!(told(user_agent), expected, "{user_agent}");
            assert_eq!(BrowserName::is_one(name), !name.is_empty(), "{name}");
        }
    }

    #[test]
    fn what_is_no_browser_has_no_name() {
        let rubbish = "(){}<>/;\u{202e}".repeat(32);
        let many = format!("Mozilla/5.0 (X) {}", "Firefox/".repeat(30));
        for user_agent in [
            "",
            "curl/8.11.0",
            "python-requests/2.32.3",
            "Mozilla/5.0",
            "Mozilla/5.0 (",
            "Mozilla/5.0 ()",
            "Mozilla/5.0 (Windows NT 10.0) Firefox",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0 Safari/537.36",
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)",
            "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.16",
            "<script>alert(1)</script>",
            rubbish.as_str(),
        ] {
            assert_eq!(told(user_agent), None, "{user_agent}");
        }
        assert_eq!(told(&many), Some(("Firefox".to_owned(), Unknown)));
    }

    #[test]
    fn of_what_a_browser_says_only_a_number_is_shown() {
        for (user_agent, name) in [
            (
                "Mozilla/5.0 (Windows NT <b>) Gecko Firefox/<script>",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10) Gecko Firefox/99999999999",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10) Gecko Firefox/-1",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (\u{202e}) Gecko Firefox/7\u{0661}",
                "Firefox 7",
            ),
        ] {
            let told = told(user_agent).map(|(name, _)| name);
            assert_eq!(told.as_deref(), Some(name), "{user_agent}");
        }
    }

    #[test]
    fn only_a_name_of_ours_is_taken_for_one() {
        for text in [
            "",
            "Firefox 145 on Mars",
            "Netscape 4 on Windows",
            "Firefox +1 on Windows",
            "Firefox 145 on Windows on Windows",
            "Firefox 70000",
            "Firefox  145",
            "firefox 145 on windows",
            "Your account is in danger",
        ] {
            assert!(!BrowserName::is_one(text), "{text}");
        }
        for text in ["Firefox", "Samsung Internet 28", "Safari on iPhone"] {
            assert!(BrowserName::is_one(text), "{text}");
        }
    }
}

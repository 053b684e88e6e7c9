//! The switchboard of the development provider, which makes it fail on demand.

use std::time::Duration;

use url::Url;

use super::Provider;

/// How long the switchboard may take: 2 s. It is on this machine.
const PATIENCE: Duration = Duration::from_secs(2);

impl Provider {
    /// Disarms all faults of the development provider, then arms this one for one sign-in. Answers whether
    /// that was done.
    ///
    /// # Security
    /// There is a switchboard for the preset `local` with an issuer on this machine alone; at every other
    /// provider nothing is sent. The address is of the settings, and no secret goes there.
    pub async fn arm(&self, fault: Option<&str>) -> bool {
        let switchboard = self.config.switchboard.as_deref();
        let Some(url) = switchboard.and_then(|address| Url::parse(address).ok()) else {
            return false;
        };
        // Two at once would each clear first, and leave both faults.
        let _alone = self.arming.lock().await;
        if !self.tells(&url, &[("clear", "yes")]).await {
            return false;
        }
        match fault {
            // One that is left over would break a sign-in that nobody broke.
            Some(fault) => {
                let fields = [("fault", fault), ("for", "sign-in")];
                self.tells(&url, &fields).await
            }
            None => true,
        }
    }

    async fn tells(&self, url: &Url, fields: &[(&str, &str)]) -> bool {
        let request = self.http.post(url).form(fields).timeout(PATIENCE);
        match request.send().await {
            // It leads back to its page.
            Ok(answer) => answer.status().is_redirection(),
            Err(error) => {
                tracing::warn!(cause = %error.without_url(), "the switchboard does not answer");
                false
            }
        }
    }
}

//! The calls of pages that need a session.

use leptos::prelude::*;
use wrengate_protocol::{Failure, preferences::Preferences};

use super::{Ask, SessionWatch, Stopped};
use crate::{
    api::save_preferences,
    browser::{drafts, environment},
    copy::Msg,
};

impl SessionWatch {
    /// Keeps what the person chose, which is `chosen` as it was typed into these fields.
    ///
    /// # Errors
    /// Those of [`call`](Self::call).
    pub(crate) async fn save(
        self,
        chosen: Preferences,
        call_me: String,
        times: String,
    ) -> Result<(), Stopped> {
        let account = self.account();
        let sent = [("call_me", call_me.clone()), ("times", times.clone())];
        let ask: Ask<_> = Box::new(move || {
            let (call_me, times, account) = (call_me.clone(), times.clone(), account.clone());
            Box::pin(save_preferences(call_me, times, account))
        });
        let present = self.call(ask).await?;
        for (name, text) in &sent {
            drafts::mark_saved(name, text);
        }
        drafts::forget();
        if self.said.get_untracked() == Msg::DraftRestored.text() {
            // It asked to send what is sent now.
            self.said.set(String::new());
        }
        self.preferences.set(chosen);
        self.used(&present);
        Ok(())
    }
}

/// Whether the network is what a call failed for.
pub(crate) fn is_offline(failure: Failure) -> bool {
    failure == Failure::AppUnreachable && !environment::is_online()
}

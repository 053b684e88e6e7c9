//! Notes and preferences in Redis.

use async_trait::async_trait;

use super::{RedisStore, hex};
use crate::{
    clock::UnixSeconds,
    store::{Hash, NoteStore, PreferenceStore, StoreError},
};

/// Where what an owner chose stands. No expiry: it outlives every session.
fn key(owner: &Hash) -> String {
    format!("wrengate:preferences:{}", hex(owner))
}

#[async_trait]
impl NoteStore for RedisStore {
    async fn leave_note(
        &self,
        name: &Hash,
        text: &str,
        drop_at: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let mut step = self.upkeep.prepare_invoke();
        step.arg("leave")
            .arg(hex(name))
            .arg(text)
            .arg(drop_at)
            .arg(now);
        self.run(&step).await
    }

    async fn take_note(&self, name: &Hash, now: UnixSeconds) -> Result<Option<String>, StoreError> {
        let mut step = self.upkeep.prepare_invoke();
        step.arg("take-note").arg(hex(name)).arg(now);
        self.run(&step).await
    }
}

#[async_trait]
impl PreferenceStore for RedisStore {
    async fn find_preferences(&self, owner: &Hash) -> Result<Option<String>, StoreError> {
        let mut get = redis::cmd("GET");
        get.arg(key(owner));
        self.command(get).await
    }

    async fn write_preferences(
        &self,
        owner: &Hash,
        text: &str,
        _now: UnixSeconds,
    ) -> Result<(), StoreError> {
        let mut set = redis::cmd("SET");
        set.arg(key(owner)).arg(text);
        self.command(set).await
    }
}

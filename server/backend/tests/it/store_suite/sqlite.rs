//! What SQLite alone promises: about its file, damage to it, and a process that was killed.

use std::{fs, path::Path, sync::Arc};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use wrengate_backend::store::{
    self, AttemptCaps, AttemptRecord, IdRecord, SessionRecord, Stage, Store, StoreError,
};

use super::{NOW, TestResult, hash};

const CAPS: AttemptCaps = AttemptCaps {
    per_owner: 5,
    overall: 100,
};

async fn open(file: &Path) -> TestResult<Arc<dyn Store>> {
    Ok(store::open(&format!("sqlite:{}", file.display())).await?)
}

/// Another process's connection to the same file.
async fn outsider(file: &Path) -> TestResult<SqliteConnection> {
    Ok(SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await?)
}

/// A store with the attempt 1 and the session "key" under the id 2.
async fn filled(file: &Path) -> TestResult<Arc<dyn Store>> {
    let store = open(file).await?;
    let attempt = AttemptRecord {
        id: "attempt".to_owned(),
        lookup: hash(1),
        owner: hash(3),
        stage: Stage::Pending,
        created: NOW,
        expires: NOW + 600,
        drop_at: NOW + 4200,
        lasting: String::new(),
        passing: Some("passing text of an attempt".to_owned()),
        claim: None,
        outcome: None,
    };
    assert!(store.insert_attempt(&attempt, CAPS, NOW).await?);
    let session = SessionRecord {
        key: "key".to_owned(),
        owner: hash(4),
        cohort: None,
        body: String::new(),
        profile: String::new(),
        access: String::new(),
        sealed: String::new(),
        version: 0,
        created: NOW,
        last_used: NOW,
        idle_end: NOW + 1800,
        absolute_end: NOW + 43_200,
    };
    store
        .insert_session(&session, &hash(2), NOW + 300, None)
        .await?;
    Ok(store)
}

#[tokio::test]
async fn a_killed_process_loses_no_acknowledged_session_and_frees_no_attempt() -> TestResult {
    let folder = tempfile::tempdir()?;
    let store = filled(&folder.path().join("store.db")).await?;
    assert!(store.take_attempt("attempt", "claim", NOW).await?);
    // What a kill leaves: the files as they are, closed by nobody.
    let left = tempfile::tempdir()?;
    for name in ["store.db", "store.db-wal"] {
        fs::copy(folder.path().join(name), left.path().join(name))?;
    }
    let restarted = open(&left.path().join("store.db")).await?;
    let session = restarted.find_session_id(&hash(2), NOW).await?;
    assert!(matches!(session, Some(IdRecord::Live { .. })));
    assert!(!restarted.take_attempt("attempt", "claim", NOW).await?);
    Ok(())
}

#[tokio::test]
async fn two_processes_share_one_file() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("store.db");
    let (one, two) = (filled(&file).await?, open(&file).await?);
    assert!(two.take_attempt("attempt", "claim", NOW).await?);
    assert!(!one.take_attempt("attempt", "claim", NOW).await?);
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_and_its_files_are_for_the_owner_alone() -> TestResult {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir()?;
    let inner = folder.path().join("some/data");
    let _store = filled(&inner.join("store.db")).await?;
    let mode = |path: &Path| fs::metadata(path).map(|found| found.permissions().mode() & 0o777);
    assert_eq!(mode(&inner)?, 0o700);
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        assert_eq!(mode(&inner.join(name))?, 0o600, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn a_damaged_attempt_is_dropped_and_absent() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("store.db");
    for damage in ["stage = 'unknown'", "owner = x'00'"] {
        let store = filled(&file).await?;
        let damage = sqlx::AssertSqlSafe(format!("UPDATE attempts SET {damage}"));
        sqlx::query(damage)
            .execute(&mut outsider(&file).await?)
            .await?;
        assert_eq!(store.find_attempt(&hash(1), NOW).await?, None);
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM attempts")
            .fetch_one(&mut outsider(&file).await?)
            .await?;
        assert_eq!(left, 0);
        store.delete_session("key").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_damaged_session_is_dropped_and_absent() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("store.db");
    for damage in [
        "sessions SET owner = x'00'",
        "session_ids SET ended = 'unknown'",
    ] {
        let store = filled(&file).await?;
        let damage = sqlx::AssertSqlSafe(format!("UPDATE {damage}"));
        sqlx::query(damage)
            .execute(&mut outsider(&file).await?)
            .await?;
        assert_eq!(store.find_session_id(&hash(2), NOW).await?, None);
        assert_eq!(store.find_session("key").await?, None);
        store.delete_attempt("attempt").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_broken_store_is_an_error_with_its_cause() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("store.db");
    let store = filled(&file).await?;
    sqlx::query("DROP TABLE attempts")
        .execute(&mut outsider(&file).await?)
        .await?;
    let Err(error) = store.take_attempt("attempt", "claim", NOW).await else {
        return Err("a table that is gone was written to".into());
    };
    assert!(matches!(error, StoreError::Failed(_)));
    assert!(std::error::Error::source(&error).is_some());
    Ok(())
}

#[tokio::test]
async fn a_lock_that_is_held_too_long_is_an_error_and_passes() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("store.db");
    let store = filled(&file).await?;
    let mut other = outsider(&file).await?;
    let lock = other.begin_with("BEGIN IMMEDIATE").await?;
    let (taken, ping) = tokio::join!(store.take_attempt("attempt", "claim", NOW), store.ping());
    assert!(taken.is_err() && ping.is_err());
    assert!(
        store.find_attempt(&hash(1), NOW).await?.is_some(),
        "reading goes on"
    );
    lock.rollback().await?;
    assert!(
        store.take_attempt("attempt", "claim", NOW).await?,
        "what was refused did not happen"
    );
    Ok(())
}

#[tokio::test]
async fn a_schema_of_a_newer_version_is_refused() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("store.db");
    drop(filled(&file).await?);
    let newer = "UPDATE _sqlx_migrations SET version = 998 + version";
    sqlx::query(newer)
        .execute(&mut outsider(&file).await?)
        .await?;
    assert!(open(&file).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_an_error() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("file");
    fs::write(&file, "not a folder")?;
    assert!(open(&file.join("store.db")).await.is_err());
    assert!(open(&file).await.is_err(), "nor is it a database");
    assert!(matches!(
        store::open("mysql://h/d").await,
        Err(StoreError::Address)
    ));
    Ok(())
}

#[tokio::test]
async fn what_is_wiped_is_in_no_page_of_the_file() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("store.db");
    let store = filled(&file).await?;
    let holds = |text: &str| {
        let bytes = fs::read(&file)?;
        TestResult::Ok(
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes()),
        )
    };
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let mut other = outsider(&file).await?;
    sqlx::query(checkpoint).execute(&mut other).await?;
    assert!(holds("passing text of an attempt")?);
    store.close_attempt("attempt", "over", NOW + 3600).await?;
    sqlx::query(checkpoint).execute(&mut other).await?;
    assert!(!holds("passing text of an attempt")?);
    Ok(())
}

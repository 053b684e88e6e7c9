//! What PostgreSQL alone promises: about its schema, damage, an outage, and its address.

use sqlx::{Connection as _, PgConnection};
use wrengate_backend::store::{self, Inspection, StoreError};

use super::{
    NOW, TestResult,
    attempts::attempt,
    hash,
    kinds::{self, Kind},
    outage,
    own_server::OwnServer,
    sessions::insert,
};

async fn execute(address: &str, sql: &'static str) -> TestResult {
    let mut outsider = PgConnection::connect(address).await?;
    sqlx::raw_sql(sql).execute(&mut outsider).await?;
    Ok(outsider.close().await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_make_the_tables_once() -> TestResult {
    let place = Kind::Postgres.place().await?;
    let open = || store::open(&place.address);
    let (a, b, c, d) = tokio::join!(open(), open(), open(), open());
    for opened in [a, b, c, d] {
        opened?.ping().await?;
    }
    Ok(())
}

#[tokio::test]
async fn looking_makes_nothing_and_tells_what_is_there() -> TestResult {
    let place = Kind::Postgres.place().await?;
    let present = |schema| Inspection::Present { schema, ours: 1 };
    assert_eq!(store::inspect(&place.address).await?, present(0));
    assert_eq!(store::inspect(&place.address).await?, present(0));
    drop(store::open(&place.address).await?);
    assert_eq!(store::inspect(&place.address).await?, present(1));
    execute(
        &place.address,
        "UPDATE _sqlx_migrations SET version = 998 + version",
    )
    .await?;
    assert_eq!(store::inspect(&place.address).await?, present(999));
    assert!(
        store::open(&place.address).await.is_err(),
        "of a newer version"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_damaged_is_dropped_and_absent() -> TestResult {
    let place = Kind::Postgres.place().await?;
    let store = store::open(&place.address).await?;
    for (attempts, sessions) in [
        (
            "UPDATE attempts SET stage = 'unknown'",
            "UPDATE sessions SET owner = '\\x00'",
        ),
        (
            "UPDATE attempts SET owner = '\\x00'",
            "UPDATE session_ids SET ended = 'unknown'",
        ),
    ] {
        let caps = super::attempts::CAPS;
        assert!(store.insert_attempt(&attempt(1), caps, NOW).await?);
        insert(&*store, "one", 1).await?;
        execute(&place.address, attempts).await?;
        execute(&place.address, sessions).await?;
        assert_eq!(store.find_attempt(&hash(1), NOW).await?, None);
        assert_eq!(store.find_session_id(&hash(1), NOW).await?, None);
        assert_eq!(store.find_session("one").await?, None);
    }
    Ok(())
}

#[tokio::test]
async fn a_lock_that_is_held_too_long_is_an_error_and_passes() -> TestResult {
    let place = Kind::Postgres.place().await?;
    let store = store::open(&place.address).await?;
    insert(&*store, "one", 1).await?;
    let mut outsider = PgConnection::connect(&place.address).await?;
    let mut lock = outsider.begin().await?;
    sqlx::query("SELECT 1 FROM sessions FOR UPDATE")
        .execute(&mut *lock)
        .await?;
    let touch = || store.touch_session("one", NOW + 60, NOW + 1860, NOW);
    assert!(touch().await.is_err());
    lock.rollback().await?;
    assert!(touch().await?, "what was refused did not happen");
    Ok(())
}

#[tokio::test]
async fn a_database_that_only_reads_is_an_error() -> TestResult {
    let place = Kind::Postgres.place().await?;
    let store = store::open(&place.address).await?;
    let name = place.address.rsplit('/').next().ok_or("no name")?;
    let mut outsider = PgConnection::connect(&place.address).await?;
    let alter = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    sqlx::raw_sql(sqlx::AssertSqlSafe(alter))
        .execute(&mut outsider)
        .await?;
    assert!(store.ping().await.is_err());
    assert!(store::inspect(&place.address).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_an_error_in_time_and_passes_without_a_restart() -> TestResult {
    let mut server = OwnServer::start("postgres")?;
    let place = kinds::database(&server.address()?).await?;
    let store = store::open(&place.address).await?;
    insert(&*store, "one", 1).await?;
    outage(&*store, &mut server).await?;
    assert!(
        store.find_session("one").await?.is_some(),
        "what was acknowledged is kept"
    );
    drop(place);
    Ok(())
}

#[tokio::test]
async fn the_password_is_in_no_error() -> TestResult {
    let place = Kind::Postgres.place().await?;
    let with_password = place.address.replacen("wrengate@", "wrengate:hunter2@", 1);
    let store = store::open(&with_password).await?;
    assert!(!format!("{store:?}").contains("hunter2"));
    let absent = format!("{with_password}_is_absent");
    for address in [
        absent.as_str(),
        "postgres://wrengate:hunter2@127.0.0.1:1/wrengate",
        "postgres://wrengate:hunter2@[::1/wrengate",
        "postgres://wrengate:hunter2@h/d?sslmode=hunter2",
        "postgres://h/d?password=hunter2&port=hunter2",
    ] {
        for error in [
            store::open(address).await.err(),
            store::inspect(address).await.err(),
        ] {
            let error: StoreError = error.ok_or("it was opened")?;
            let told = format!("{error} {error:?}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
    Ok(())
}

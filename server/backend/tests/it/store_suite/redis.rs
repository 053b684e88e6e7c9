//! What Redis alone promises: about its schema, expiry, damage, an outage, and its address.

use wrengate_backend::store::{self, Ended, IdRecord, Inspection, SessionsOf, StoreError};

use super::{
    NOW, TestResult,
    attempts::attempt,
    hash,
    kinds::{self, Kind},
    outage,
    own_server::OwnServer,
    sessions::insert,
};

/// One command of another process.
async fn command<T: redis::FromRedisValue>(address: &str, words: &[&str]) -> TestResult<T> {
    let client = redis::Client::open(address)?;
    let mut outsider = client.get_multiplexed_async_connection().await?;
    let (name, arguments) = words.split_first().ok_or("no command")?;
    let mut command = redis::cmd(name);
    command.arg(arguments);
    Ok(command.query_async(&mut outsider).await?)
}

#[tokio::test]
async fn looking_makes_nothing_and_tells_what_is_there() -> TestResult {
    let place = Kind::Redis.place().await?;
    let address = place.address.as_str();
    let present = |schema| Inspection::Present { schema, ours: 1 };
    assert_eq!(store::inspect(address).await?, present(0));
    assert_eq!(command::<u32>(address, &["DBSIZE"]).await?, 0);
    drop(store::open(address).await?);
    assert_eq!(store::inspect(address).await?, present(1));
    command::<()>(address, &["SET", "wrengate:schema", "2"]).await?;
    assert_eq!(store::inspect(address).await?, present(2));
    assert!(store::open(address).await.is_err(), "of a newer version");
    Ok(())
}

#[tokio::test]
async fn every_key_but_the_preferences_goes_by_itself() -> TestResult {
    let place = Kind::Redis.place().await?;
    let address = place.address.as_str();
    let store = store::open(address).await?;
    let caps = super::attempts::CAPS;
    for number in 1..=7 {
        assert!(store.insert_attempt(&attempt(number), caps, NOW).await?);
        insert(&*store, &format!("session-{number}"), number).await?;
    }
    store.take_attempt("attempt-7", "claim", NOW).await?;
    store.close_attempt("attempt-7", "over", NOW + 3600).await?;
    store.count_miss("attempt-6", 1, "over", NOW + 3600).await?;
    store.mark_presented(&hash(1), NOW).await?;
    store
        .insert_session_id("session-1", &hash(100), NOW + 300, NOW)
        .await?;
    store
        .touch_session("session-1", NOW + 60, NOW + 1860, NOW)
        .await?;
    store
        .hold_lease("session-1", "holder", NOW + 10, NOW)
        .await?;
    let other = SessionsOf::Key("session-2");
    store.end_sessions(other, Ended::Revoked, NOW).await?;
    store.leave_note(&hash(1), "text", NOW + 60, NOW).await?;
    store.write_preferences(&hash(1), "text", NOW).await?;
    let mut lasting = Vec::new();
    for key in command::<Vec<String>>(address, &["KEYS", "*"]).await? {
        if command::<i64>(address, &["TTL", &key]).await? < 0 {
            lasting.push(key.chars().take(20).collect::<String>());
        }
    }
    lasting.sort();
    assert_eq!(lasting, ["wrengate:preferences", "wrengate:schema"]);
    let ttl: i64 = command(address, &["TTL", "wrengate:session:session-3"]).await?;
    assert!(ttl >= 1800, "not before the session is over: {ttl}");
    store.delete_session("session-1").await?;
    store.sweep(NOW + 1_000_000).await?;
    store.sweep(NOW + 2_000_000).await?;
    let mut left: Vec<String> = command(address, &["KEYS", "*"]).await?;
    left.retain(|key| !key.starts_with("wrengate:preferences"));
    left.sort();
    assert_eq!(left, ["wrengate:attempts-seq", "wrengate:schema"]);
    Ok(())
}

#[tokio::test]
async fn what_redis_dropped_by_itself_is_absent_everywhere() -> TestResult {
    let place = Kind::Redis.place().await?;
    let store = store::open(&place.address).await?;
    let caps = super::attempts::CAPS;
    assert!(store.insert_attempt(&attempt(1), caps, NOW).await?);
    insert(&*store, "one", 1).await?;
    insert(&*store, "two", 2).await?;
    for key in ["wrengate:session:one", "wrengate:attempt:attempt-1"] {
        command::<u32>(&place.address, &["DEL", key]).await?;
    }
    assert_eq!(store.find_attempt(&hash(1), NOW).await?, None);
    assert!(!store.has_live_attempt(&hash(200), None, NOW).await?);
    assert!(store.insert_attempt(&attempt(1), caps, NOW).await?);
    assert_eq!(store.find_session_id(&hash(1), NOW).await?, None);
    assert_eq!(store.list_sessions(&hash(200), 9, NOW).await?.len(), 1);
    let all = SessionsOf::Owner(&hash(200));
    assert_eq!(store.end_sessions(all, Ended::Revoked, NOW).await?.len(), 1);
    let found = store.find_session_id(&hash(2), NOW).await?;
    assert_eq!(found, Some(IdRecord::Ended(Ended::Revoked)));
    Ok(())
}

#[tokio::test]
async fn what_is_damaged_is_dropped_and_absent() -> TestResult {
    let place = Kind::Redis.place().await?;
    let store = store::open(&place.address).await?;
    let id = format!("wrengate:id:{}", "01".repeat(32));
    for damage in [
        ["wrengate:session:one", "owner", "00"],
        ["wrengate:session:one", "version", "many"],
        [id.as_str(), "ended", "unknown"],
    ] {
        let caps = super::attempts::CAPS;
        assert!(store.insert_attempt(&attempt(1), caps, NOW).await?);
        insert(&*store, "one", 1).await?;
        for [key, name, value] in [damage, ["wrengate:attempt:attempt-1", "stage", "unknown"]] {
            command::<u32>(&place.address, &["HSET", key, name, value]).await?;
        }
        if damage[1] == "ended" {
            let later = (NOW + 60).to_string();
            command::<u32>(&place.address, &["HSET", &id, "drop_at", &later]).await?;
        }
        assert_eq!(store.find_attempt(&hash(1), NOW).await?, None);
        assert_eq!(store.find_session_id(&hash(1), NOW).await?, None);
        assert_eq!(store.find_session("one").await?, None);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_an_error_in_time_and_ends_every_session() -> TestResult {
    let mut server = OwnServer::start("redis")?;
    let place = kinds::numbered(&server.address()?).await?;
    let store = store::open(&place.address).await?;
    insert(&*store, "one", 1).await?;
    outage(&*store, &mut server).await?;
    // This server keeps nothing on a disk.
    assert_eq!(store.find_session_id(&hash(1), NOW).await?, None);
    insert(&*store, "two", 2).await?;
    assert!(store.find_session("two").await?.is_some());
    drop(place);
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_full_is_an_error() -> TestResult {
    let server = OwnServer::start("redis")?;
    let address = server.address()?;
    let store = store::open(&address).await?;
    insert(&*store, "one", 1).await?;
    command::<()>(&address, &["CONFIG", "SET", "maxmemory", "1"]).await?;
    assert!(store.ping().await.is_err());
    assert!(insert(&*store, "two", 2).await.is_err());
    assert!(store.find_session("one").await.is_ok(), "reading goes on");
    command::<()>(&address, &["CONFIG", "SET", "maxmemory", "0"]).await?;
    store.ping().await?;
    assert_eq!(
        store.find_session("two").await?,
        None,
        "what was refused did not happen"
    );
    Ok(())
}

#[tokio::test]
async fn the_password_is_in_no_error() -> TestResult {
    let server = OwnServer::start("redis")?;
    let address = server.address()?;
    let with = |password: &str| address.replacen("redis://", &format!("redis://:{password}@"), 1);
    command::<()>(&address, &["CONFIG", "SET", "requirepass", "hunter2"]).await?;
    let store = store::open(&with("hunter2")).await?;
    assert!(!format!("{store:?}").contains("hunter2"));
    for address in [
        with("hunter22").as_str(),
        "redis://:hunter2@127.0.0.1:1",
        "redis://:hunter2@[::1",
        "redis://:hunter2@127.0.0.1/hunter2",
        "rediss://:hunter2@127.0.0.1:1/#insecure",
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

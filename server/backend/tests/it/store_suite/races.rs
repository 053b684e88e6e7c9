//! What a store promises when several do something at once.

use std::sync::Arc;

use tokio::{sync::Barrier, task::JoinSet};
use wrengate_backend::store::{
    AttemptCaps, Ended, IdRecord, Renewed, SessionRecord, SessionsOf, Store, StoreError,
};

use super::{
    NOW, TestResult,
    attempts::attempt,
    hash,
    sessions::{insert, session},
};

/// What these tasks answered, once all of them have.
async fn all<T: 'static>(mut tasks: JoinSet<Result<T, StoreError>>) -> TestResult<Vec<T>> {
    let mut answers = Vec::new();
    while let Some(done) = tasks.join_next().await {
        answers.push(done??);
    }
    Ok(answers)
}

pub(super) async fn a_session_that_ends_while_it_is_renewed_answers_with_its_last_tokens(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "one", 1).await?;
    let start = Arc::new(Barrier::new(2));
    let renewing = tokio::spawn({
        let (store, start) = (Arc::clone(&store), Arc::clone(&start));
        async move {
            start.wait().await;
            let mut version = 0;
            loop {
                let text = (version + 1).to_string();
                let renewed = Renewed {
                    key: "one",
                    version,
                    access: &text,
                    sealed: &text,
                };
                match store.renew_session(&renewed).await {
                    Ok(true) => version += 1,
                    Ok(false) => return Ok(version),
                    Err(error) => return Err(error),
                }
            }
        }
    });
    start.wait().await;
    let key = SessionsOf::Key("one");
    let ended = store.end_sessions(key, Ended::SignedOut, NOW).await?;
    let version = renewing.await??;
    let [ended] = ended.as_slice() else {
        return Err("not one session ended".into());
    };
    assert_eq!(ended.version, version, "no renewal is lost");
    assert_eq!(store.find_session("one").await?, None, "nothing is left");
    Ok(())
}

pub(super) async fn one_session_takes_the_place_of_another_whoever_is_first(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "old", 1).await?;
    let start = Arc::new(Barrier::new(8));
    let mut tasks = JoinSet::new();
    for number in 2..10 {
        let (store, start) = (Arc::clone(&store), Arc::clone(&start));
        tasks.spawn(async move {
            start.wait().await;
            let record = session(&format!("new-{number}"));
            let replaces = hash(1);
            store
                .insert_session(&record, &hash(number), NOW + 300, Some(&replaces))
                .await?;
            // Whoever lists sees the new one, and not the old.
            store.list_sessions(&hash(200), 20, NOW).await
        });
    }
    for listed in all(tasks).await? {
        assert!(listed.iter().all(|record| record.key != "old"));
    }
    let found = store.find_session_id(&hash(1), NOW).await?;
    assert_eq!(found, Some(IdRecord::Ended(Ended::Replaced)));
    assert_eq!(store.list_sessions(&hash(200), 20, NOW).await?.len(), 8);
    Ok(())
}

pub(super) async fn the_cap_of_an_owner_holds_when_they_begin_all_at_once(
    store: Arc<dyn Store>,
) -> TestResult {
    let caps = AttemptCaps {
        per_owner: 5,
        overall: 1000,
    };
    let mut tasks = JoinSet::new();
    for number in 0..40 {
        let store = Arc::clone(&store);
        tasks.spawn(async move { store.insert_attempt(&attempt(number), caps, NOW).await });
    }
    assert!(all(tasks).await?.into_iter().all(|inserted| inserted));
    let mut kept = 0;
    for number in 0..40 {
        kept += usize::from(store.find_attempt(&hash(number), NOW).await?.is_some());
    }
    assert_eq!(kept, 5);
    Ok(())
}

pub(super) async fn an_attempt_is_added_once_whoever_is_first(store: Arc<dyn Store>) -> TestResult {
    let caps = AttemptCaps {
        per_owner: 5,
        overall: 1000,
    };
    let mut tasks = JoinSet::new();
    for owner in 0..20 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let mut record = attempt(1);
            record.id = format!("attempt-of-{owner}");
            record.owner = hash(owner);
            store.insert_attempt(&record, caps, NOW).await
        });
    }
    let added = all(tasks).await?.into_iter().filter(|added| *added);
    assert_eq!(added.count(), 1);
    Ok(())
}

pub(super) async fn each_record_is_swept_once(store: Arc<dyn Store>) -> TestResult {
    for number in 0..60 {
        insert(&*store, &format!("session-{number}"), number).await?;
        store.mark_presented(&hash(number), NOW).await?;
        store
            .leave_note(&hash(number), "text", NOW + 60, NOW)
            .await?;
    }
    let mut tasks = JoinSet::new();
    for _ in 0..6 {
        let store = Arc::clone(&store);
        tasks.spawn(async move { store.sweep(NOW + 1800).await });
    }
    assert_eq!(all(tasks).await?.into_iter().sum::<u64>(), 120);
    for number in 0..60 {
        let found = store.find_session_id(&hash(number), NOW + 1800).await?;
        assert_eq!(found, Some(IdRecord::Ended(Ended::Idle)), "{number}");
    }
    Ok(())
}

/// One of the things that can happen to the sessions of the owner 200.
async fn happen(store: &dyn Store, what: u8, number: u8) -> Result<(), StoreError> {
    let key = format!("session-{}", number % 10);
    let (owner, cohort, id) = (hash(200), hash(90), hash(number % 10));
    let end = |which| store.end_sessions(which, Ended::Revoked, NOW);
    match what {
        0 => end(SessionsOf::Owner(&owner)).await.map(drop),
        1 => end(SessionsOf::Cohort(&cohort)).await.map(drop),
        2 => end(SessionsOf::OwnersOthers(&owner, &key)).await.map(drop),
        3 => store.delete_stale_id(&id, NOW + 300).await,
        4 => store.sweep(NOW + 300).await.map(drop),
        5 => {
            let further = hash(100 + number);
            let added = store.insert_session_id(&key, &further, NOW + 900, NOW);
            added.await.map(drop)
        }
        6 => {
            let touched = store.touch_session(&key, NOW + 60, NOW + 1860, NOW + 60);
            touched.await.map(drop)
        }
        _ => {
            let record = SessionRecord {
                cohort: Some(cohort),
                ..session(&format!("replacing-{number}"))
            };
            store
                .insert_session(&record, &hash(150 + number), NOW + 900, Some(&id))
                .await
        }
    }
}

pub(super) async fn nobody_waits_in_a_circle(store: Arc<dyn Store>) -> TestResult {
    for number in 0..10 {
        let record = SessionRecord {
            cohort: Some(hash(90)),
            ..session(&format!("session-{number}"))
        };
        store
            .insert_session(&record, &hash(number), NOW + 300, None)
            .await?;
    }
    let mut tasks = JoinSet::new();
    for number in 0..40 {
        for what in 0..8 {
            let store = Arc::clone(&store);
            tasks.spawn(async move { happen(&*store, what, number).await });
        }
    }
    all(tasks).await?;
    let all = SessionsOf::Owner(&hash(200));
    store.end_sessions(all, Ended::Revoked, NOW).await?;
    // An id that outlived its session would lead nowhere, and be found live or damaged.
    for number in 0..=255 {
        let found = store.find_session_id(&hash(number), NOW + 1).await?;
        assert!(
            matches!(found, None | Some(IdRecord::Ended(_))),
            "{number}: {found:?}"
        );
    }
    assert_eq!(store.list_sessions(&hash(200), 99, NOW).await?, []);
    Ok(())
}

pub(super) async fn names_out_of_a_request_may_be_anything(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    let long = "k".repeat(100_000);
    let owner = hash(200);
    for name in [
        "", "\0", "one\0", "*", "one:", "s:one", "\u{fffd}", "'; --", &long,
    ] {
        assert_eq!(store.find_session(name).await?, None, "{name:.9}");
        let which = SessionsOf::OwnersKey(&owner, name);
        let ended = store.end_sessions(which, Ended::Revoked, NOW).await?;
        assert_eq!(ended, [], "{name:.9}");
        assert!(!store.hold_lease(name, name, NOW + 10, NOW).await?);
        assert!(!store.take_attempt(name, "claim", NOW).await?);
        assert!(!store.has_live_attempt(&owner, Some(name), NOW).await?);
    }
    assert_eq!(store.list_sessions(&owner, 9, NOW).await?, [session("one")]);
    Ok(())
}

//! What a store promises about renewing, listing and ending sessions, about notes and preferences.

use std::{collections::BTreeSet, sync::Arc};

use tokio::task::JoinSet;
use wrengate_backend::store::{Ended, IdRecord, Renewed, SessionRecord, SessionsOf, Store};

use super::{
    NOW, TestResult, hash,
    sessions::{insert, session},
};

async fn insert_of(store: &dyn Store, number: u8, record: SessionRecord) -> TestResult {
    Ok(store
        .insert_session(&record, &hash(number), NOW + 300, None)
        .await?)
}

fn keys(records: &[SessionRecord]) -> BTreeSet<&str> {
    records.iter().map(|record| record.key.as_str()).collect()
}

pub(super) async fn a_renewal_of_an_older_version_is_refused(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    let first = Renewed {
        key: "one",
        version: 0,
        access: "second access",
        sealed: "second sealed",
    };
    assert!(store.renew_session(&first).await?);
    let late = Renewed {
        access: "late",
        sealed: "late",
        ..first
    };
    assert!(!store.renew_session(&late).await?);
    let expected = SessionRecord {
        access: "second access".to_owned(),
        sealed: "second sealed".to_owned(),
        version: 1,
        ..session("one")
    };
    assert_eq!(store.find_session("one").await?, Some(expected));
    let unknown = Renewed {
        key: "unknown",
        ..first
    };
    assert!(!store.renew_session(&unknown).await?);
    Ok(())
}

pub(super) async fn one_of_a_hundred_parallel_renewals_wins(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    let mut tasks = JoinSet::new();
    for number in 0..100 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let text = number.to_string();
            let renewed = Renewed {
                key: "one",
                version: 0,
                access: &text,
                sealed: &text,
            };
            store.renew_session(&renewed).await.map(|won| (won, text))
        });
    }
    let mut winners = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let (won, text) = done??;
        winners.extend(won.then_some(text));
    }
    let stored = store.find_session("one").await?.ok_or("no session")?;
    assert_eq!(winners, [stored.access]);
    assert_eq!(stored.version, 1);
    Ok(())
}

pub(super) async fn a_lease_has_one_holder_until_its_time_is_over(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "one", 1).await?;
    assert!(store.hold_lease("one", "a", NOW + 10, NOW).await?);
    assert!(!store.hold_lease("one", "b", NOW + 10, NOW).await?);
    assert!(
        store.hold_lease("one", "a", NOW + 13, NOW + 3).await?,
        "prolonged"
    );
    assert!(!store.hold_lease("one", "b", NOW + 22, NOW + 12).await?);
    assert!(
        store.hold_lease("one", "b", NOW + 23, NOW + 13).await?,
        "over"
    );
    assert!(!store.hold_lease("one", "a", NOW + 24, NOW + 14).await?);
    store.drop_lease("one", "a").await?;
    assert!(
        !store.hold_lease("one", "a", NOW + 24, NOW + 14).await?,
        "it was not theirs to drop"
    );
    store.drop_lease("one", "b").await?;
    assert!(store.hold_lease("one", "a", NOW + 24, NOW + 14).await?);
    assert!(!store.hold_lease("unknown", "a", NOW + 10, NOW).await?);
    assert_eq!(store.find_session("one").await?, Some(session("one")));
    Ok(())
}

pub(super) async fn one_of_a_hundred_takes_a_free_lease(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    let mut tasks = JoinSet::new();
    for number in 0..100 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let holder = number.to_string();
            store.hold_lease("one", &holder, NOW + 10, NOW).await
        });
    }
    let mut held = 0;
    while let Some(done) = tasks.join_next().await {
        held += usize::from(done??);
    }
    assert_eq!(held, 1);
    Ok(())
}

pub(super) async fn an_account_is_listed_the_last_used_first(store: Arc<dyn Store>) -> TestResult {
    for (number, (name, used)) in (1..).zip([("old", 5), ("new", 20), ("middle", 10)]) {
        let record = SessionRecord {
            last_used: NOW + used,
            ..session(name)
        };
        insert_of(&*store, number, record).await?;
    }
    let over = SessionRecord {
        last_used: NOW + 30,
        idle_end: NOW + 40,
        ..session("over")
    };
    insert_of(&*store, 4, over).await?;
    let foreign = SessionRecord {
        owner: hash(201),
        ..session("foreign")
    };
    insert_of(&*store, 5, foreign).await?;
    let listed = store.list_sessions(&hash(200), 10, NOW + 40).await?;
    let names: Vec<_> = listed.iter().map(|record| record.key.as_str()).collect();
    assert_eq!(names, ["new", "middle", "old"]);
    store
        .touch_session("old", NOW + 50, NOW + 1850, NOW + 50)
        .await?;
    let listed = store.list_sessions(&hash(200), 2, NOW + 50).await?;
    let names: Vec<_> = listed.iter().map(|record| record.key.as_str()).collect();
    assert_eq!(names, ["old", "new"]);
    Ok(())
}

pub(super) async fn an_owner_ends_one_or_all_others_of_their_own(
    store: Arc<dyn Store>,
) -> TestResult {
    for (number, name) in (1..).zip(["this", "two", "three"]) {
        insert(&*store, name, number).await?;
    }
    let foreign = SessionRecord {
        owner: hash(201),
        ..session("foreign")
    };
    insert_of(&*store, 4, foreign).await?;
    let owner = hash(200);
    let end = |which| store.end_sessions(which, Ended::Revoked, NOW);
    assert_eq!(end(SessionsOf::OwnersKey(&owner, "foreign")).await?, []);
    assert_eq!(
        end(SessionsOf::OwnersKey(&owner, "two")).await?,
        [session("two")]
    );
    let ended = end(SessionsOf::OwnersOthers(&owner, "this")).await?;
    assert_eq!(ended, [session("three")]);
    let listed = store.list_sessions(&owner, 10, NOW).await?;
    assert_eq!(keys(&listed), BTreeSet::from(["this"]));
    assert!(store.find_session("foreign").await?.is_some());
    Ok(())
}

pub(super) async fn a_cohort_ends_together(store: Arc<dyn Store>) -> TestResult {
    for (number, (name, cohort)) in (1..).zip([("one", 90), ("two", 90), ("other", 91)]) {
        let record = SessionRecord {
            cohort: Some(hash(cohort)),
            ..session(name)
        };
        insert_of(&*store, number, record).await?;
    }
    insert(&*store, "alone", 4).await?;
    let cohort = hash(90);
    let ended = store
        .end_sessions(SessionsOf::Cohort(&cohort), Ended::ByProvider, NOW)
        .await?;
    assert_eq!(keys(&ended), BTreeSet::from(["one", "two"]));
    let found = store.find_session_id(&hash(1), NOW).await?;
    assert_eq!(found, Some(IdRecord::Ended(Ended::ByProvider)));
    assert!(store.find_session("other").await?.is_some());
    assert!(store.find_session("alone").await?.is_some());
    Ok(())
}

pub(super) async fn no_two_callers_end_the_same_session(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let owner = hash(200);
            let all = SessionsOf::Owner(&owner);
            store.end_sessions(all, Ended::Revoked, NOW).await
        });
    }
    let mut ended = Vec::new();
    while let Some(done) = tasks.join_next().await {
        ended.extend(done??);
    }
    assert_eq!(ended, [session("one")]);
    Ok(())
}

pub(super) async fn a_note_is_left_once_and_taken_once(store: Arc<dyn Store>) -> TestResult {
    assert!(store.leave_note(&hash(1), "text", NOW + 60, NOW).await?);
    assert!(
        !store
            .leave_note(&hash(1), "other", NOW + 60, NOW + 59)
            .await?
    );
    assert_eq!(store.take_note(&hash(2), NOW).await?, None);
    assert_eq!(store.take_note(&hash(1), NOW + 60).await?, None, "too late");
    assert_eq!(
        store.take_note(&hash(1), NOW + 59).await?.as_deref(),
        Some("text")
    );
    assert_eq!(store.take_note(&hash(1), NOW + 59).await?, None, "taken");
    assert!(store.leave_note(&hash(3), "first", NOW + 60, NOW).await?);
    assert!(
        store
            .leave_note(&hash(3), "second", NOW + 99, NOW + 60)
            .await?,
        "its time was over"
    );
    assert_eq!(
        store.take_note(&hash(3), NOW + 61).await?.as_deref(),
        Some("second")
    );
    Ok(())
}

pub(super) async fn one_of_a_hundred_leaves_and_takes_a_note(store: Arc<dyn Store>) -> TestResult {
    let mut leaving = JoinSet::new();
    for _ in 0..100 {
        let store = Arc::clone(&store);
        leaving.spawn(async move { store.leave_note(&hash(1), "text", NOW + 60, NOW).await });
    }
    let mut left = 0;
    while let Some(done) = leaving.join_next().await {
        left += usize::from(done??);
    }
    assert_eq!(left, 1);
    let mut taking = JoinSet::new();
    for _ in 0..100 {
        let store = Arc::clone(&store);
        taking.spawn(async move { store.take_note(&hash(1), NOW).await });
    }
    let mut taken = Vec::new();
    while let Some(done) = taking.join_next().await {
        taken.extend(done??);
    }
    assert_eq!(taken, ["text"]);
    Ok(())
}

pub(super) async fn notes_past_their_time_are_swept(store: Arc<dyn Store>) -> TestResult {
    store.leave_note(&hash(1), "old", NOW + 60, NOW).await?;
    store.leave_note(&hash(2), "new", NOW + 61, NOW).await?;
    store.sweep(NOW + 60).await?;
    assert_eq!(store.take_note(&hash(1), NOW).await?, None);
    assert_eq!(
        store.take_note(&hash(2), NOW).await?.as_deref(),
        Some("new")
    );
    Ok(())
}

pub(super) async fn preferences_are_of_their_owner_and_outlive_sessions(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "one", 1).await?;
    let (owner, other) = (hash(200), hash(201));
    assert_eq!(store.find_preferences(&owner).await?, None);
    store.write_preferences(&owner, "first", NOW).await?;
    store.write_preferences(&owner, "second", NOW + 1).await?;
    let all = SessionsOf::Owner(&owner);
    store.end_sessions(all, Ended::Revoked, NOW).await?;
    store.sweep(NOW + 100_000).await?;
    assert_eq!(
        store.find_preferences(&owner).await?.as_deref(),
        Some("second")
    );
    assert_eq!(store.find_preferences(&other).await?, None);
    Ok(())
}

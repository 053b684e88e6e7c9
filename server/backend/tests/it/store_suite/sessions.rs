//! What a store promises about sessions.

use std::sync::Arc;

use wrengate_backend::store::{
    ENDED_ID_LIFETIME, Ended, IdRecord, Reseal, SessionRecord, SessionsOf, Store,
};

use super::{NOW, TestResult, hash};

/// A session with the key `name`, of the owner with the byte 200.
pub(super) fn session(name: &str) -> SessionRecord {
    SessionRecord {
        key: name.to_owned(),
        owner: hash(200),
        cohort: None,
        body: "body".to_owned(),
        profile: "profile".to_owned(),
        access: "access".to_owned(),
        sealed: "sealed".to_owned(),
        version: 0,
        created: NOW,
        last_used: NOW,
        idle_end: NOW + 1800,
        absolute_end: NOW + 43_200,
    }
}

/// Adds the session `name` with the id made of `number`.
pub(super) async fn insert(store: &dyn Store, name: &str, number: u8) -> TestResult {
    Ok(store
        .insert_session(&session(name), &hash(number), NOW + 300, None)
        .await?)
}

async fn is_live(store: &dyn Store, number: u8) -> TestResult<bool> {
    Ok(matches!(
        store.find_session_id(&hash(number), NOW).await?,
        Some(IdRecord::Live { .. })
    ))
}

pub(super) async fn a_session_is_found_by_id_and_by_key_as_it_was_written(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "one", 1).await?;
    let found = IdRecord::Live {
        present_by: Some(NOW + 300),
        session: Box::new(session("one")),
    };
    assert_eq!(store.find_session_id(&hash(1), NOW).await?, Some(found));
    assert_eq!(store.find_session_id(&hash(2), NOW).await?, None);
    assert_eq!(store.find_session("one").await?, Some(session("one")));
    assert_eq!(store.find_session("two").await?, None);
    Ok(())
}

pub(super) async fn a_replaced_session_ends_with_the_new_one(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "old", 1).await?;
    store
        .insert_session_id("old", &hash(2), NOW + 300, NOW)
        .await?;
    store
        .insert_session(&session("new"), &hash(3), NOW + 300, Some(&hash(2)))
        .await?;
    assert_eq!(store.find_session("old").await?, None);
    for number in [1, 2] {
        let found = store.find_session_id(&hash(number), NOW).await?;
        assert_eq!(found, Some(IdRecord::Ended(Ended::Replaced)));
    }
    assert!(is_live(&*store, 3).await?);
    Ok(())
}

pub(super) async fn a_replacement_that_fails_ends_nothing(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "old", 1).await?;
    let same_key = store
        .insert_session(&session("old"), &hash(2), NOW + 300, None)
        .await;
    assert!(same_key.is_err());
    let same_id = store
        .insert_session(&session("new"), &hash(1), NOW + 300, Some(&hash(1)))
        .await;
    assert!(same_id.is_err());
    assert!(is_live(&*store, 1).await?);
    assert_eq!(store.find_session("new").await?, None);
    Ok(())
}

pub(super) async fn a_further_id_leads_to_the_same_session(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    assert!(
        store
            .insert_session_id("one", &hash(2), NOW + 310, NOW + 10)
            .await?
    );
    let found = IdRecord::Live {
        present_by: Some(NOW + 310),
        session: Box::new(session("one")),
    };
    assert_eq!(store.find_session_id(&hash(2), NOW).await?, Some(found));
    Ok(())
}

pub(super) async fn a_session_past_a_limit_gets_no_further_id(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    assert!(
        !store
            .insert_session_id("one", &hash(2), NOW + 9999, NOW + 1800)
            .await?
    );
    let over = SessionRecord {
        absolute_end: NOW + 5,
        ..session("two")
    };
    store
        .insert_session(&over, &hash(3), NOW + 300, None)
        .await?;
    assert!(
        !store
            .insert_session_id("two", &hash(4), NOW + 9999, NOW + 5)
            .await?
    );
    assert!(
        !store
            .insert_session_id("unknown", &hash(5), NOW + 9999, NOW)
            .await?
    );
    Ok(())
}

pub(super) async fn a_stale_id_goes_and_takes_a_session_without_another(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "one", 1).await?;
    store
        .insert_session_id("one", &hash(2), NOW + 400, NOW)
        .await?;
    store.delete_stale_id(&hash(1), NOW + 299).await?;
    assert!(is_live(&*store, 1).await?, "it has time until then");
    store.delete_stale_id(&hash(1), NOW + 300).await?;
    assert_eq!(store.find_session_id(&hash(1), NOW).await?, None);
    assert!(is_live(&*store, 2).await?, "the other id keeps the session");
    store.delete_stale_id(&hash(2), NOW + 400).await?;
    assert_eq!(store.find_session("one").await?, None);
    Ok(())
}

pub(super) async fn an_id_is_marked_once_and_in_time(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    assert!(
        !store.mark_presented(&hash(1), NOW + 300).await?,
        "too late"
    );
    assert!(store.mark_presented(&hash(1), NOW + 299).await?);
    assert!(!store.mark_presented(&hash(1), NOW + 299).await?, "already");
    store.delete_stale_id(&hash(1), NOW + 9999).await?;
    assert!(
        is_live(&*store, 1).await?,
        "what was presented is never stale"
    );
    Ok(())
}

pub(super) async fn a_use_is_noted_once_per_interval(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    assert!(
        !store
            .touch_session("one", NOW + 59, NOW + 1859, NOW - 1)
            .await?
    );
    assert!(
        store
            .touch_session("one", NOW + 60, NOW + 1860, NOW)
            .await?
    );
    let used = SessionRecord {
        last_used: NOW + 60,
        idle_end: NOW + 1860,
        ..session("one")
    };
    assert_eq!(store.find_session("one").await?, Some(used));
    assert!(!store.touch_session("unknown", NOW, NOW, NOW).await?);
    Ok(())
}

pub(super) async fn sealed_text_is_replaced_only_if_it_is_the_one_that_was_read(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "one", 1).await?;
    let stale = Reseal {
        from: "other",
        to: "wrong",
    };
    store.write_profile("one", "second", Some(stale)).await?;
    let expected = SessionRecord {
        profile: "second".to_owned(),
        ..session("one")
    };
    assert_eq!(store.find_session("one").await?, Some(expected.clone()));
    store.write_profile("one", "second", None).await?;
    assert_eq!(store.find_session("one").await?, Some(expected.clone()));
    let fitting = Reseal {
        from: "sealed",
        to: "anew",
    };
    store.write_profile("one", "second", Some(fitting)).await?;
    let expected = SessionRecord {
        sealed: "anew".to_owned(),
        ..expected
    };
    assert_eq!(store.find_session("one").await?, Some(expected));
    Ok(())
}

pub(super) async fn ended_ids_keep_their_reason_for_a_day(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    store
        .insert_session_id("one", &hash(2), NOW + 300, NOW)
        .await?;
    let one = SessionsOf::Id(&hash(1));
    let ended = store.end_sessions(one, Ended::SignedOut, NOW).await?;
    assert_eq!(ended, [session("one")]);
    assert_eq!(store.end_sessions(one, Ended::Revoked, NOW).await?, []);
    assert_eq!(store.find_session("one").await?, None);
    let day = i64::try_from(ENDED_ID_LIFETIME.as_secs())?;
    for number in [1, 2] {
        let last_second = store.find_session_id(&hash(number), NOW + day - 1).await?;
        assert_eq!(last_second, Some(IdRecord::Ended(Ended::SignedOut)));
        let over = store.find_session_id(&hash(number), NOW + day).await?;
        assert_eq!(over, None, "before any sweep");
    }
    assert_eq!(store.sweep(NOW + day - 1).await?, 0);
    assert_eq!(store.sweep(NOW + day).await?, 2);
    assert_eq!(store.find_session_id(&hash(1), NOW).await?, None);
    Ok(())
}

pub(super) async fn all_sessions_of_one_owner_end_together(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    insert(&*store, "two", 2).await?;
    let other = SessionRecord {
        owner: hash(201),
        ..session("other")
    };
    store
        .insert_session(&other, &hash(3), NOW + 300, None)
        .await?;
    let all = SessionsOf::Owner(&hash(200));
    assert_eq!(store.end_sessions(all, Ended::Revoked, NOW).await?.len(), 2);
    for number in [1, 2] {
        let found = store.find_session_id(&hash(number), NOW).await?;
        assert_eq!(found, Some(IdRecord::Ended(Ended::Revoked)));
    }
    assert!(is_live(&*store, 3).await?);
    Ok(())
}

pub(super) async fn sweeping_ends_what_is_over_and_keeps_the_rest(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, "live", 1).await?;
    insert(&*store, "idle", 2).await?;
    insert(&*store, "lost", 4).await?;
    let over = SessionRecord {
        absolute_end: NOW + 1000,
        ..session("over")
    };
    store
        .insert_session(&over, &hash(3), NOW + 300, None)
        .await?;
    for number in 1..=3 {
        store.mark_presented(&hash(number), NOW).await?;
    }
    store
        .touch_session("live", NOW + 100, NOW + 1900, NOW)
        .await?;
    assert_eq!(store.sweep(NOW + 299).await?, 0);
    // Two sessions over a limit, and the one whose id was never presented.
    assert_eq!(store.sweep(NOW + 1800).await?, 3);
    assert!(is_live(&*store, 1).await?);
    let reasons = [
        (2, Some(Ended::Idle)),
        (3, Some(Ended::Absolute)),
        (4, None),
    ];
    for (number, reason) in reasons {
        let found = store.find_session_id(&hash(number), NOW).await?;
        assert_eq!(found, reason.map(IdRecord::Ended), "{number}");
    }
    for key in ["idle", "over", "lost"] {
        assert_eq!(store.find_session(key).await?, None, "{key}");
    }
    Ok(())
}

pub(super) async fn a_deleted_session_leaves_nothing(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, "one", 1).await?;
    store.delete_session("one").await?;
    assert_eq!(store.find_session("one").await?, None);
    assert_eq!(store.find_session_id(&hash(1), NOW).await?, None);
    Ok(())
}

pub(super) async fn the_store_answers(store: Arc<dyn Store>) -> TestResult {
    Ok(store.ping().await?)
}

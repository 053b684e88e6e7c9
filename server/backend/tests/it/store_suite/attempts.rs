//! What a store promises about attempts.

use std::sync::Arc;

use wrengate_backend::store::{AttemptCaps, AttemptRecord, Stage, Store};

use super::{NOW, TestResult, hash};

pub(super) const CAPS: AttemptCaps = AttemptCaps {
    per_owner: 5,
    overall: 100,
};

/// An attempt whose lookup is made of `number`, of the owner with the byte 200.
pub(super) fn attempt(number: u8) -> AttemptRecord {
    AttemptRecord {
        id: format!("attempt-{number}"),
        lookup: hash(number),
        owner: hash(200),
        stage: Stage::Pending,
        created: NOW,
        expires: NOW + 600,
        drop_at: NOW + 4200,
        lasting: "lasting".to_owned(),
        passing: Some("passing".to_owned()),
        claim: None,
        outcome: None,
    }
}

async fn insert(store: &dyn Store, record: &AttemptRecord) -> TestResult {
    assert!(store.insert_attempt(record, CAPS, NOW).await?);
    Ok(())
}

async fn get(store: &dyn Store, number: u8) -> TestResult<AttemptRecord> {
    Ok(store
        .find_attempt(&hash(number), NOW)
        .await?
        .ok_or("the attempt is gone")?)
}

async fn kept(store: &dyn Store, numbers: std::ops::RangeInclusive<u8>) -> TestResult<Vec<u8>> {
    let mut kept = Vec::new();
    for number in numbers {
        if store.find_attempt(&hash(number), NOW).await?.is_some() {
            kept.push(number);
        }
    }
    Ok(kept)
}

pub(super) async fn an_attempt_is_found_as_it_was_written(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    assert_eq!(store.find_attempt(&hash(1), NOW).await?, Some(attempt(1)));
    assert_eq!(store.find_attempt(&hash(2), NOW).await?, None);
    store.delete_attempt("attempt-1").await?;
    assert_eq!(store.find_attempt(&hash(1), NOW).await?, None);
    Ok(())
}

pub(super) async fn a_lookup_in_use_is_refused_until_its_record_is_dropped(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    let second = AttemptRecord {
        id: "second".to_owned(),
        owner: hash(201),
        ..attempt(1)
    };
    assert!(!store.insert_attempt(&second, CAPS, NOW).await?);
    store.close_attempt("attempt-1", "over", NOW + 3600).await?;
    assert!(!store.insert_attempt(&second, CAPS, NOW + 3599).await?);
    assert_eq!(get(&*store, 1).await?.id, "attempt-1");
    assert!(store.insert_attempt(&second, CAPS, NOW + 3600).await?);
    assert_eq!(get(&*store, 1).await?.id, "second");
    Ok(())
}

pub(super) async fn an_owner_above_the_cap_loses_the_oldest_attempt(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(
        &*store,
        &AttemptRecord {
            owner: hash(201),
            ..attempt(100)
        },
    )
    .await?;
    for number in 1..=7 {
        insert(&*store, &attempt(number)).await?;
    }
    assert_eq!(kept(&*store, 1..=7).await?, [3, 4, 5, 6, 7]);
    assert_eq!(
        kept(&*store, 100..=100).await?,
        [100],
        "another owner loses nothing"
    );
    Ok(())
}

pub(super) async fn an_attempt_in_work_is_evicted_after_the_pending_ones(
    store: Arc<dyn Store>,
) -> TestResult {
    for number in 1..=5 {
        insert(&*store, &attempt(number)).await?;
    }
    assert!(store.take_attempt("attempt-1", "claim", NOW).await?);
    insert(&*store, &attempt(6)).await?;
    assert_eq!(kept(&*store, 1..=6).await?, [1, 3, 4, 5, 6]);
    Ok(())
}

pub(super) async fn the_oldest_of_all_goes_above_the_overall_cap(
    store: Arc<dyn Store>,
) -> TestResult {
    let caps = AttemptCaps {
        per_owner: 5,
        overall: 3,
    };
    for number in 1..=5 {
        let record = AttemptRecord {
            owner: hash(200 + number),
            ..attempt(number)
        };
        assert!(store.insert_attempt(&record, caps, NOW).await?);
    }
    assert_eq!(kept(&*store, 1..=5).await?, [3, 4, 5]);
    Ok(())
}

pub(super) async fn closed_and_expired_attempts_count_for_no_cap(
    store: Arc<dyn Store>,
) -> TestResult {
    for number in 1..=3 {
        insert(&*store, &attempt(number)).await?;
        store
            .close_attempt(&format!("attempt-{number}"), "over", NOW + 3600)
            .await?;
    }
    insert(
        &*store,
        &AttemptRecord {
            expires: NOW,
            ..attempt(4)
        },
    )
    .await?;
    for number in 5..=9 {
        let caps = AttemptCaps {
            per_owner: 5,
            overall: 5,
        };
        assert!(store.insert_attempt(&attempt(number), caps, NOW).await?);
    }
    assert_eq!(kept(&*store, 1..=9).await?, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    Ok(())
}

pub(super) async fn one_of_a_hundred_parallel_takers_wins(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    let start = Arc::new(tokio::sync::Barrier::new(100));
    let mut takers = tokio::task::JoinSet::new();
    for number in 0..100 {
        let (store, start) = (Arc::clone(&store), Arc::clone(&start));
        takers.spawn(async move {
            start.wait().await;
            let won = store
                .take_attempt("attempt-1", &number.to_string(), NOW)
                .await;
            won.map(|won| won.then_some(number))
        });
    }
    let mut winners = Vec::new();
    while let Some(taker) = takers.join_next().await {
        winners.extend(taker??);
    }
    let [winner] = *winners else {
        return Err(format!("{} won", winners.len()).into());
    };
    let taken = get(&*store, 1).await?;
    assert_eq!(
        (taken.stage, taken.claim),
        (Stage::Working, Some(winner.to_string()))
    );
    Ok(())
}

pub(super) async fn an_expired_or_closed_attempt_cannot_be_taken(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    assert!(!store.take_attempt("attempt-1", "claim", NOW + 600).await?);
    store.close_attempt("attempt-1", "over", NOW + 3600).await?;
    assert!(!store.take_attempt("attempt-1", "claim", NOW).await?);
    assert!(!store.take_attempt("unknown", "claim", NOW).await?);
    Ok(())
}

pub(super) async fn the_last_miss_closes_and_wipes(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    for _ in 0..2 {
        store
            .count_miss("attempt-1", 3, "missed", NOW + 3600)
            .await?;
        assert_eq!(get(&*store, 1).await?, attempt(1));
    }
    store
        .count_miss("attempt-1", 3, "missed", NOW + 3600)
        .await?;
    let closed = AttemptRecord {
        stage: Stage::Closed,
        passing: None,
        outcome: Some("missed".to_owned()),
        drop_at: NOW + 3600,
        ..attempt(1)
    };
    assert_eq!(get(&*store, 1).await?, closed);
    Ok(())
}

pub(super) async fn an_attempt_in_work_counts_no_misses(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    store.take_attempt("attempt-1", "claim", NOW).await?;
    store
        .count_miss("attempt-1", 1, "missed", NOW + 3600)
        .await?;
    assert_eq!(get(&*store, 1).await?.stage, Stage::Working);
    Ok(())
}

pub(super) async fn closing_wipes_and_keeps_the_first_outcome(store: Arc<dyn Store>) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    store.take_attempt("attempt-1", "claim", NOW).await?;
    assert!(
        store
            .close_attempt("attempt-1", "first", NOW + 3600)
            .await?
    );
    assert!(
        !store
            .close_attempt("attempt-1", "second", NOW + 9999)
            .await?
    );
    let closed = AttemptRecord {
        stage: Stage::Closed,
        passing: None,
        claim: Some("claim".to_owned()),
        outcome: Some("first".to_owned()),
        drop_at: NOW + 3600,
        ..attempt(1)
    };
    assert_eq!(get(&*store, 1).await?, closed);
    Ok(())
}

pub(super) async fn an_owner_is_live_while_an_attempt_is(store: Arc<dyn Store>) -> TestResult {
    let owner = hash(200);
    assert!(!store.has_live_attempt(&owner, None, NOW).await?);
    insert(&*store, &attempt(1)).await?;
    assert!(store.has_live_attempt(&owner, None, NOW + 599).await?);
    assert!(
        !store.has_live_attempt(&owner, None, NOW + 600).await?,
        "expired"
    );
    assert!(
        !store.has_live_attempt(&hash(201), None, NOW).await?,
        "of somebody else"
    );
    assert!(
        !store
            .has_live_attempt(&owner, Some("attempt-1"), NOW)
            .await?,
        "no other"
    );
    insert(&*store, &attempt(2)).await?;
    assert!(
        store
            .has_live_attempt(&owner, Some("attempt-1"), NOW)
            .await?
    );
    store.close_attempt("attempt-2", "over", NOW + 3600).await?;
    assert!(
        !store
            .has_live_attempt(&owner, Some("attempt-1"), NOW)
            .await?,
        "closed"
    );
    Ok(())
}

pub(super) async fn attempts_past_their_time_are_absent_and_swept(
    store: Arc<dyn Store>,
) -> TestResult {
    insert(&*store, &attempt(1)).await?;
    insert(&*store, &attempt(2)).await?;
    store.close_attempt("attempt-2", "over", NOW + 3600).await?;
    assert_eq!(store.sweep(NOW + 3599).await?, 0);
    assert!(
        store.find_attempt(&hash(2), NOW + 3600).await?.is_none(),
        "before any sweep"
    );
    assert_eq!(store.sweep(NOW + 3600).await?, 1);
    assert_eq!(kept(&*store, 1..=2).await?, [1]);
    assert_eq!(store.sweep(NOW + 4200).await?, 1);
    assert!(kept(&*store, 1..=2).await?.is_empty());
    Ok(())
}

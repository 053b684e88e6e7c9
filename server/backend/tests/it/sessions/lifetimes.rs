//! How long a session lasts, and an id that nobody has presented.

use std::{sync::Arc, time::Duration};

use wrengate_backend::{
    random::SeededRandom,
    session::{Activity, Ended, Lifetimes, Lookup, Sessions},
};
use wrengate_protocol::Failure;

use super::{Found, TestResult, World, new, ring};

#[tokio::test]
async fn an_unused_session_ends_after_the_idle_limit_and_its_record_goes() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    let active = Found::Active(session.key.clone());
    for _ in 0..3 {
        world.clock.advance(299);
        assert_eq!(world.look_up(&id, Activity::Person).await?, active);
    }
    world.clock.advance(1799);
    assert_eq!(world.look_up(&id, Activity::Poll).await?, active);
    world.clock.advance(1);
    assert!(world.sessions.by_key(&session.key).await?.is_none());
    assert!(world.sessions.add_id(&session.key).await?.is_none());
    let ended = Found::Ended(Failure::SessionExpired);
    assert_eq!(world.look_up(&id, Activity::Person).await?, ended);
    assert_eq!(world.store.find_session(&session.key).await?, None);
    assert_eq!(
        world.look_up(&id, Activity::Person).await?,
        ended,
        "the reason stays"
    );
    world.clock.advance(86_400);
    assert_eq!(
        world.look_up(&id, Activity::Person).await?,
        Found::Absent,
        "for a day"
    );
    Ok(())
}

#[tokio::test]
async fn polling_does_not_keep_a_session_alive() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    for _ in 0..17 {
        world.clock.advance(100);
        let found = world.look_up(&id, Activity::Poll).await?;
        assert_eq!(found, Found::Active(session.key.clone()));
    }
    world.clock.advance(100);
    let ended = Found::Ended(Failure::SessionExpired);
    assert_eq!(world.look_up(&id, Activity::Poll).await?, ended);
    Ok(())
}

#[tokio::test]
async fn a_used_session_ends_at_its_absolute_limit() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    for _ in 0..(43_200 / 240 - 1) {
        world.clock.advance(240);
        let found = world.look_up(&id, Activity::Person).await?;
        assert_eq!(found, Found::Active(session.key.clone()));
    }
    world.clock.advance(240);
    let ended = Found::Ended(Failure::SessionOver);
    assert_eq!(world.look_up(&id, Activity::Person).await?, ended);
    assert_eq!(world.look_up(&id, Activity::Person).await?, ended);
    Ok(())
}

#[tokio::test]
async fn a_use_is_written_at_most_once_a_minute() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    for (seconds, noted) in [(59, 0), (1, 60), (59, 60), (1, 120)] {
        world.clock.advance(seconds);
        world.look_up(&id, Activity::Person).await?;
        let stored = world
            .store
            .find_session(&session.key)
            .await?
            .ok_or("gone")?;
        assert_eq!(stored.last_used - session.created, noted);
    }
    Ok(())
}

#[tokio::test]
async fn an_id_that_is_not_presented_within_five_minutes_is_worthless() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    world.clock.advance(200);
    let second = world
        .sessions
        .add_id(&session.key)
        .await?
        .ok_or("no second id")?;
    let active = Found::Active(session.key.clone());
    assert_eq!(world.look_up(&second, Activity::Poll).await?, active);
    world.clock.advance(100);
    assert_eq!(world.look_up(&id, Activity::Person).await?, Found::Absent);
    world.clock.advance(300);
    assert_eq!(
        world.look_up(&second, Activity::Person).await?,
        active,
        "it was presented"
    );
    let (lost, alone) = world.open("grace").await?;
    world.clock.advance(300);
    assert_eq!(world.look_up(&lost, Activity::Person).await?, Found::Absent);
    assert!(
        world.sessions.by_key(&alone.key).await?.is_none(),
        "nobody can reach it"
    );
    Ok(())
}

#[tokio::test]
async fn short_limits_are_kept_to_the_second() -> TestResult {
    let world = World::new().await?;
    let lifetimes = Lifetimes {
        idle: Duration::from_secs(10),
        absolute: Duration::from_secs(25),
    };
    let sessions = Sessions::new(
        Arc::clone(&world.store),
        Arc::clone(&world.clock) as _,
        Arc::new(SeededRandom::default()),
        ring(&[1])?,
        lifetimes,
    );
    assert_eq!(sessions.lifetimes(), lifetimes);
    let (id, _) = sessions.open(new("ada"), None).await?;
    for _ in 0..3 {
        world.clock.advance(8);
        let found = sessions.look_up(&id, Activity::Person).await?;
        assert!(matches!(found, Lookup::Active(_)));
    }
    world.clock.advance(1);
    let found = sessions.look_up(&id, Activity::Person).await?;
    assert!(matches!(found, Lookup::Ended(Ended::Absolute)));
    Ok(())
}

//! What a verdict says is so: nothing passed that was not checked, nothing differs that is equal.

use serde_json::json;
use wrengate_protocol::trace::{CheckName, TraceStatus, TraceView, Verdict};

use super::{newest, row, step, verdict};
use crate::rig::{Browser, Outcome, Plan, World};

/// As long as those of large providers are, and so as long as a token.
const LONG_ID: &str = "K7vQ2mN8xR4tY6wZ1aB3cD5eF9gH0jL2";
const OTHER_ID: &str = "Z9yX8wV7uT6sR5qP4oN3mL2kJ1iH0gF9";

async fn sign_in(world: &World, browser: &mut Browser) -> Outcome<TraceView> {
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    browser.complete(&signing, &arrival).await?;
    newest(browser).await
}

fn first_advice(trace: &TraceView) -> &str {
    trace.advice.first().map_or("", |advice| advice.as_str())
}

async fn with_a_long_client_id() -> Outcome<World> {
    Plan::new()
        .discovers()
        .without("WRENGATE_CLIENT_ID")
        .setting("WRENGATE_CLIENT_ID", LONG_ID)
        .setting("WRENGATE_TRUSTED_AUDIENCES", "trusted")
        .start()
        .await
}

#[tokio::test]
async fn an_audience_that_is_ours_is_equal_however_long_it_is() -> Outcome {
    let world = with_a_long_client_id().await?;
    for claims in [
        json!({"aud": LONG_ID}),
        json!({"aud": [LONG_ID], "azp": LONG_ID}),
        json!({"aud": [LONG_ID, "trusted"], "azp": LONG_ID}),
    ] {
        world.provider.claims(claims.clone());
        let trace = sign_in(&world, &mut Browser::at(&world)).await?;
        assert_eq!(trace.status, TraceStatus::SignedIn, "{claims}");
        let token = step(&trace, 5)?.id_token.as_ref().ok_or("no ID token")?;
        for name in ["aud", "azp"]
            .into_iter()
            .filter(|it| claims.get(it).is_some())
        {
            let row = row(&token.claims, name)?;
            assert_eq!(row.expected.as_ref(), Some(&row.value), "{claims}");
            let shown = row.value.shown().unwrap_or_default();
            assert!(shown.contains(LONG_ID), "{claims}: {shown}");
        }
    }
    Ok(())
}

/// Both can be read, or compared by their fingerprints.
#[tokio::test]
async fn an_audience_that_is_not_ours_differs_from_what_was_expected() -> Outcome {
    let world = with_a_long_client_id().await?;
    for (claims, name, readable) in [
        (json!({"aud": OTHER_ID}), "aud", false),
        (json!({"aud": "short"}), "aud", true),
        (
            json!({"aud": [LONG_ID, OTHER_ID], "azp": LONG_ID}),
            "aud",
            true,
        ),
        (json!({"aud": LONG_ID, "azp": OTHER_ID}), "azp", false),
    ] {
        world.provider.claims(claims.clone());
        let trace = sign_in(&world, &mut Browser::at(&world)).await?;
        assert_eq!(
            verdict(&trace, CheckName::Audience),
            Some(Verdict::Failed),
            "{claims}"
        );
        let token = step(&trace, 5)?.id_token.as_ref().ok_or("no ID token")?;
        let row = row(&token.claims, name)?;
        let expected = row.expected.as_ref().ok_or("nothing was expected")?;
        assert_ne!(expected, &row.value, "{claims}");
        assert_eq!(expected.shown().is_some(), readable, "{claims}");
        assert_eq!(row.value.shown().is_some(), readable, "{claims}");
        assert!(!format!("{trace:?}").contains(OTHER_ID), "{claims}");
        let advice = first_advice(&trace);
        assert!(advice.contains(LONG_ID), "{claims}: {advice}");
        assert!(!advice.contains("(not shown)"), "{claims}: {advice}");
    }
    Ok(())
}

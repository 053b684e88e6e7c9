//! Sign-ins whose authorization request goes from server to server.

use serde_json::{Value, json};
use url::Url;

use crate::rig::{
    Answer, Browser, Outcome, Plan, Reply, browser::begin_message, check_failure, log,
    provider::random,
};

#[tokio::test]
async fn a_person_signs_in_where_requests_have_to_be_pushed() -> Outcome {
    let world = Plan::new().pushed_only().start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin_for("/there").await?;
    let url = Url::parse(&signing.url)?;
    let carried: Vec<_> = url.query_pairs().map(|(name, _)| name).collect();
    assert_eq!(carried, ["client_id", "request_uri"]);
    let pushed = world.provider.asked("/par");
    let [pushed] = pushed.as_slice() else {
        return Err(format!("not pushed once, but {}", pushed.len()).into());
    };
    assert!(pushed.headers.contains_key("authorization"));
    assert_eq!(pushed.field("state").as_deref(), Some(&*signing.state));
    assert_eq!(pushed.field("code_verifier"), None);
    let uri = url.query_pairs().last().ok_or("no request_uri")?.1;
    assert_eq!(log::lines_with(&uri), [""; 0]);

    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    let answer = browser.complete(&signing, &arrival).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()?.get("return_to"), Some(&json!("/there")));
    assert!(browser.is_signed_in().await?);
    Ok(())
}

/// Begins once and gives the answer.
async fn begin(browser: &mut Browser) -> Outcome<Answer> {
    let message = begin_message(&random()?, &random()?, "/account")?;
    browser.send(browser.call("begin_sign_in", &message)).await
}

#[tokio::test]
async fn a_refused_push_leaves_the_browser_where_it_is() -> Outcome {
    let world = Plan::new().pushed_only().start().await?;
    let mut browser = Browser::at(&world);
    for (status, body, told, failure) in [
        (
            401,
            json!({"error": "invalid_client"}),
            502,
            "client-rejected",
        ),
        (
            400,
            json!({"error": "invalid_request"}),
            502,
            "request-unreadable",
        ),
        (400, json!({"error": "invalid_scope"}), 502, "scope-refused"),
        (
            400,
            json!({"error": "unauthorized_client"}),
            502,
            "client-not-allowed",
        ),
        (
            200,
            json!({"request_uri": "urn:a", "expires_in": 60}),
            502,
            "answer-unreadable",
        ),
        (
            201,
            json!({"request_uri": "", "expires_in": 60}),
            502,
            "answer-unreadable",
        ),
        (500, Value::Null, 502, "provider-fault"),
        (503, Value::Null, 503, "provider-busy"),
    ] {
        world.provider.replies("/par", Reply::json(status, &body));
        let answer = begin(&mut browser).await?;
        let row = format!("{status} {body}");
        check_failure(&row, &answer, told, failure)?;
        assert_eq!(answer.cookies(), [""; 0], "{row}: nothing was begun");
        world.provider.behaves();
        assert!(browser.begin().await.is_ok(), "{row}: the next one goes on");
    }
    Ok(())
}

#[tokio::test]
async fn a_setting_against_what_the_provider_requires_is_told_at_once() -> Outcome {
    let world = Plan::new()
        .pushed_only()
        .setting("WRENGATE_PAR", "never")
        .start()
        .await?;
    let answer = begin(&mut Browser::at(&world)).await?;
    check_failure("never", &answer, 502, "metadata-wrong")?;
    assert_eq!(world.provider.asked("/par").len(), 0);
    Ok(())
}

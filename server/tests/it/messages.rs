//! Messages of `/api`: what is none, and what is one of wrong values (F10 to F12).

use serde_json::{Value, json};

use crate::rig::{
    Browser, Outcome, World, browser::begin_message, check_failure, check_refusal, log,
    provider::random,
};

/// Bodies that are no message of any endpoint.
const NO_MESSAGES: &[&str] = &[
    "",
    "canary",
    "{",
    "{\"canary",
    "null",
    "true",
    "7",
    "\"canary\"",
    "[]",
    "[\"canary\"]",
    "{\"canary\": 1}",
    "{}{}",
    "{} canary",
    "\u{feff}{}",
    "{'state': 'canary'}",
    "{,}",
    "\0\0\0\0",
];

/// Messages that are almost right.
fn almost_messages() -> Outcome<Vec<(&'static str, String)>> {
    let (state, verifier) = (random()?, random()?);
    let begin = begin_message(&verifier, &state, "/account")?.to_string();
    let quoted = format!("\"{state}\"");
    let complete = json!({"state": state, "code": "c", "code_verifier": verifier}).to_string();
    let begin_with = |member: &str| begin.replacen('{', &format!("{{{member},"), 1);
    let complete_with = |member: &str| complete.replacen('{', &format!("{{{member},"), 1);
    let begins = [
        begin_with(&format!("\"state\":{quoted}")),
        begin_with("\"canary\":1"),
        begin_with("\"prompt\":{\"canary\":1}"),
        begin.replace(&quoted, "7"),
        begin.replace(&quoted, "null"),
        begin.replace(&quoted, "[\"canary\"]"),
        begin.replace("code_challenge", "canary"),
        format!("[\"{}\",{quoted},\"/\",null]", "a".repeat(43)),
    ];
    let completes = [
        complete_with("\"canary\":1"),
        complete_with("\"code\":\"canary\""),
        complete_with("\"error\":7"),
        complete_with(&format!("\"iss\":\"{}\"", "a".repeat(513))),
        complete.replace("\"c\"", "7"),
        complete.replace("\"c\"", "{\"canary\":1}"),
    ];
    let begins = begins.into_iter().map(|body| ("begin_sign_in", body));
    let completes = completes.into_iter().map(|body| ("complete_sign_in", body));
    Ok(begins.chain(completes).collect())
}

/// F10: what is no message is refused, and nothing of it comes back.
#[tokio::test]
async fn what_is_no_message_is_refused_and_not_echoed() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(1500), close.repeat(1500));
    let mut rows: Vec<(&str, Vec<u8>)> = Vec::new();
    for endpoint in [
        "begin_sign_in",
        "complete_sign_in",
        "session",
        "refresh_profile",
    ] {
        let bodies = NO_MESSAGES.iter().map(|body| (endpoint, (*body).into()));
        rows.extend(bodies);
        rows.push((endpoint, deep("[", "]").into()));
        rows.push((endpoint, deep("{\"state\":", "}").into()));
        rows.push((endpoint, b"{\"state\": \"\xff\xfe canary\"}".to_vec()));
    }
    let almost = almost_messages()?.into_iter();
    rows.extend(almost.map(|(endpoint, body)| (endpoint, body.into_bytes())));
    for (endpoint, body) in rows {
        let row = format!("{endpoint} {:.80}", String::from_utf8_lossy(&body));
        let call = browser.call(endpoint, &json!({})).body(body);
        let answer = call.send(world.addr).await?;
        check_refusal(&row, &answer, 400)?;
        assert!(
            !answer.whole().contains("canary"),
            "{row}: {}",
            answer.whole()
        );
    }
    assert_eq!(log::lines_with("canary"), [""; 0]);
    Ok(())
}

/// F11, F12 and A16: values that no page of ours makes, but that a person can come by.
#[tokio::test]
async fn an_answer_of_wrong_form_goes_nowhere() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let good = arrival.message(&signing.verifier);
    let (proof, incomplete, unmatched) = ("proof-mismatch", "answer-incomplete", "state-unmatched");
    let with = |name: &str, value: Value| {
        let mut message = good.clone();
        message[name] = value;
        message
    };
    for (message, failure) in [
        (with("code_verifier", json!("a".repeat(42))), proof),
        (with("code_verifier", json!("a".repeat(129))), proof),
        (
            with("code_verifier", json!(format!("{}+", "a".repeat(42)))),
            proof,
        ),
        (with("code_verifier", json!("ä".repeat(50))), proof),
        (with("code_verifier", json!("")), proof),
        (with("code_verifier", json!(null)), proof),
        (with("code", json!(null)), incomplete),
        (with("code", json!("")), incomplete),
        (with("code", json!("a".repeat(4097))), incomplete),
        (with("code", json!("a\0b")), incomplete),
        (with("code", json!("a\r\nb")), incomplete),
        (with("code", json!("cödé")), incomplete),
        (with("error", json!("access_denied")), incomplete),
        (with("state", json!("")), unmatched),
        (with("state", json!("a".repeat(129))), unmatched),
        (with("state", json!("a/b".repeat(10))), unmatched),
    ] {
        let answer = browser
            .send(browser.call("complete_sign_in", &message))
            .await?;
        check_failure(&message.to_string(), &answer, 400, failure)?;
    }
    assert_eq!(world.provider.calls(), 0);
    let answer = browser.complete(&signing, &arrival).await?;
    assert_eq!(
        answer.status,
        200,
        "none of them used it up: {}",
        answer.text()
    );
    Ok(())
}

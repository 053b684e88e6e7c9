//! The cookies: exactly their attributes, and which ones are believed.

use serde_json::json;

use crate::rig::{Browser, Outcome, Plan, Reply, Request, World, provider::random};

/// Every cookie that a server sets in a whole run, without the values.
async fn cookies_of_a_run(world: &World) -> Outcome<Vec<String>> {
    let mut browser = Browser::at(world);
    let mut seen = Vec::new();
    let mut see = |answer: &crate::rig::Answer| {
        for cookie in answer.all("set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap_or((cookie, ""));
            let (value, attributes) = rest.split_once(';').unwrap_or((rest, ""));
            let shown = match value.len() {
                0 => String::new(),
                43 => "<43>".to_owned(),
                _ => "<other>".to_owned(),
            };
            seen.push(format!("{name}={shown};{attributes}"));
        }
    };
    let before = browser.clone();
    let signing = browser.begin().await?;
    // `begin` keeps the answer to itself, so the same is asked once more for its cookie.
    let message = crate::rig::browser::begin_message(&random()?, &random()?, "/")?;
    see(&before
        .call("begin_sign_in", &message)
        .send(world.addr)
        .await?);
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    see(&browser.complete(&signing, &arrival).await?);
    see(&browser.post("/profile/refresh", "").await?);
    see(&browser.open("/account").await?);
    world
        .provider
        .replies("/userinfo", Reply::text(500, "text/plain", ""));
    see(&browser.post("/profile/refresh", "").await?);
    see(&browser.open("/problem/provider-fault").await?);
    let mut stale = browser.clone();
    see(&browser.post("/sign-out", "").await?);
    see(&browser.open("/signed-out").await?);
    see(&browser.open("/signed-out").await?);
    see(&stale.clone().open("/account").await?);
    see(&stale.session().await?);
    Ok(seen)
}

/// E8.
#[tokio::test]
async fn every_cookie_has_exactly_its_attributes() -> Outcome {
    for (plan, prefix, secure) in [
        (Plan::new(), "", ""),
        (Plan::new().https(), "__Host-", " Secure;"),
    ] {
        let world = plan.start().await?;
        let cookie = |name: &str, value: &str, same_site: &str, max_age: u32| {
            format!(
                "{prefix}{name}={value}; HttpOnly; SameSite={same_site};{secure} Path=/; Max-Age={max_age}"
            )
        };
        let session_ends = cookie("wrengate", "", "Lax", 0);
        let notice = cookie("wrengate-notice", "<other>", "Lax", 60);
        let notice_ends = cookie("wrengate-notice", "", "Lax", 0);
        // Where the origin is https, the inspector is off.
        let inspector = secure
            .is_empty()
            .then(|| cookie("wrengate-inspector", "<43>", "Strict", 30 * 60));
        let signs_in = [
            cookie("wrengate-attempt", "<43>", "Strict", 600),
            cookie("wrengate", "<43>", "Lax", 12 * 60 * 60),
            cookie("wrengate-attempt", "", "Strict", 0),
            notice.clone(),
            notice_ends.clone(),
            notice,
            notice_ends,
            session_ends.clone(),
        ];
        let signs_out = [
            cookie("wrengate-signed-out", "<other>", "Lax", 60),
            cookie("wrengate-signed-out", "", "Lax", 0),
            session_ends.clone(),
            session_ends,
        ];
        // Whoever signs out leaves the next one another.
        let before = inspector.clone().into_iter().chain(signs_in);
        let expected: Vec<_> = before.chain(inspector).chain(signs_out).collect();
        assert_eq!(cookies_of_a_run(&world).await?, expected);
    }
    Ok(())
}

/// `Cookie` headers, and whether they say that somebody is signed in. `ID` stands for the right id,
/// `OTHER` for another, `MUCH` and `MANY` for a lot of cookies that are not ours.
type Row = (&'static [&'static str], bool);

const ON_HTTP: &[Row] = &[
    (&["wrengate=ID"], true),
    (&["a=b; wrengate=ID; c=d"], true),
    (&["a=b", "wrengate=ID"], true),
    (&["wrengate=ID;"], true),
    (&["; ;=; x; wrengate=ID; ="], true),
    (&["MUCH; wrengate=ID"], true),
    (&["MANY; wrengate=ID"], true),
    (&["wrengate=ID; wrengate-attempt=OTHER"], true),
    (&["wrengate=ID; wrengate=ID"], false),
    (&["wrengate=ID; wrengate=OTHER"], false),
    (&["wrengate=OTHER; wrengate=ID"], false),
    (&["wrengate=ID; wrengate="], false),
    (&["wrengate=ID; wrengate=x"], false),
    (&["wrengate=ID", "wrengate=OTHER"], false),
    (&["wrengate=OTHER"], false),
    (&["Wrengate=ID"], false),
    (&["__Host-wrengate=ID"], false),
    (&["__Secure-wrengate=ID"], false),
    (&["wrengate-attempt=ID"], false),
    (&["xwrengate=ID"], false),
    (&["wrengate=\"ID\""], false),
    (&["wrengate=IDa"], false),
    (&["wrengate=ID%20"], false),
    (&["wrengate=ID,x=y"], false),
    (&["wrengate="], false),
    (&["wrengate"], false),
    (&["wrengate=ä"], false),
    (&["wrengate=' OR 1=1 --"], false),
    (&["$Version=1; $Path=/"], false),
];

const ON_HTTPS: &[Row] = &[
    (&["__Host-wrengate=ID"], true),
    (&["wrengate=OTHER; __Host-wrengate=ID"], true),
    (&["wrengate=ID"], false),
    (&["__Secure-wrengate=ID"], false),
    (&["__host-wrengate=ID"], false),
    (&["__Host-wrengate=ID; __Host-wrengate=OTHER"], false),
];

#[tokio::test]
async fn a_session_cookie_counts_when_it_is_there_once_and_whole() -> Outcome {
    let much = format!("a={}", "b".repeat(100_000));
    let many = "a=b; ".repeat(10_000);
    for (plan, rows) in [(Plan::new(), ON_HTTP), (Plan::new().https(), ON_HTTPS)] {
        let world = plan.start().await?;
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        let id = browser.session_cookie().ok_or("no session")?;
        let other = random()?;
        for (headers, is_signed_in) in rows {
            let mut page = Request::get("/account");
            let mut call = browser.call("session", &json!({})).without("Cookie");
            for header in *headers {
                let header = header.replace("OTHER", &other).replace("ID", id);
                let header = header.replace("MUCH", &much).replace("MANY", &many);
                page = page.header("Cookie", &header);
                call = call.header("Cookie", &header);
            }
            let (page, call) = (page.send(world.addr).await?, call.send(world.addr).await?);
            let expected = if *is_signed_in {
                (200, 200)
            } else {
                (303, 401)
            };
            assert_eq!((page.status, call.status), expected, "{headers:?}");
        }
        assert!(browser.is_signed_in().await?);
    }
    Ok(())
}

/// The same rule for the attempt cookie: two of a name, and one was planted.
#[tokio::test]
async fn an_attempt_cookie_counts_when_it_is_there_once_and_whole() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let value = browser
        .cookies
        .get("wrengate-attempt")
        .ok_or("no attempt")?;
    let completion = browser.completion(&signing, &arrival);
    for header in [
        format!("wrengate-attempt={value}; wrengate-attempt={}", random()?),
        format!("wrengate-attempt={value}; wrengate-attempt={value}"),
        format!("wrengate-attempt=\"{value}\""),
        format!("wrengate={value}"),
        format!("__Host-wrengate-attempt={value}"),
        format!("wrengate-attempt={}", value.to_lowercase()),
    ] {
        let answer = completion
            .clone()
            .instead("Cookie", &header)
            .send(world.addr)
            .await?;
        crate::rig::check_failure(&header, &answer, 400, "state-unmatched")?;
    }
    assert_eq!(world.provider.calls(), 0);
    assert_eq!(completion.send(world.addr).await?.status, 200);
    Ok(())
}

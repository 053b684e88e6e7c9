//! A sign-in that is broken on purpose: who may ask for it, what is armed, what is told afterwards.

use serde_json::json;
use wrengate_protocol::trace::Shown;

use super::{newest, traces};
use crate::rig::{Browser, Outcome, Plan, Reply, World};

/// At the development provider, which is on this machine.
async fn local() -> Outcome<World> {
    let plan = Plan::new().discovers().without("WRENGATE_CLIENT_SECRET");
    let world = plan.setting("WRENGATE_PROVIDER", "local").start().await?;
    let switched = Reply::text(303, "text/plain", "").and("location", "/switchboard");
    world.provider.replies("/switchboard", switched);
    Ok(world)
}

/// What the switchboard was told, in order.
fn told(world: &World) -> Vec<String> {
    let asked = world.provider.asked("/switchboard").into_iter();
    asked.map(|asked| asked.body).collect()
}

/// The provider refuses with an error, and says who it is.
async fn refuses(browser: &mut Browser, world: &World, state: &str, error: &str) -> Outcome {
    let message = json!({"state": state, "error": error, "iss": world.provider.origin});
    let call = browser.call("complete_sign_in", &message);
    browser.send(call).await?;
    Ok(())
}

async fn result_of(browser: &mut Browser, fault: &str) -> Outcome<String> {
    let page = browser.open("/inspector").await?.text();
    let (_, rest) = page
        .split_once(&format!("value=\"{fault}\""))
        .ok_or("the fault is not offered")?;
    let (row, _) = rest.split_once("</li>").unwrap_or((rest, ""));
    Ok(row.to_owned())
}

#[tokio::test]
async fn one_press_arms_a_fault_alone_and_the_next_sign_in_tells_what_it_came_to() -> Outcome {
    let world = local().await?;
    let mut browser = Browser::at(&world);
    browser.open("/inspector").await?;
    assert!(
        result_of(&mut browser, "denied")
            .await?
            .contains("Not run yet")
    );
    let page = browser.open("/inspector").await?.text();
    assert!(page.contains("another browser may meet it first"), "{page}");
    let answer = browser.post("/inspector/break", "fault=denied").await?;
    assert_eq!(answer.status, 303, "{}", answer.whole());
    let to = answer.header("location");
    assert_eq!(to, Some("/?again=1&return_to=%2Finspector"));
    assert_eq!(told(&world), ["clear=yes", "fault=denied&for=sign-in"]);

    let signing = browser.begin().await?;
    let fault = newest(&mut browser).await?.fault;
    assert_eq!(fault.as_ref().map(Shown::as_str), Some("denied"));
    assert!(result_of(&mut browser, "denied").await?.contains("Running"));
    refuses(&mut browser, &world, &signing.state, "access_denied").await?;
    let row = result_of(&mut browser, "denied").await?;
    assert!(row.contains("Cancelled, as expected"), "{row}");

    // It is of one sign-in; the one after it was broken by nobody here.
    browser.begin().await?;
    assert_eq!(newest(&mut browser).await?.fault, None);
    Ok(())
}

#[tokio::test]
async fn two_presses_at_once_leave_one_fault() -> Outcome {
    let world = local().await?;
    let (browser, before) = (Browser::at(&world), world.provider.calls());
    world.provider.holds();
    let press = |fault: &str| {
        let press = browser.form("/inspector/break", &format!("fault={fault}"));
        let addr = world.addr;
        tokio::spawn(async move { press.send(addr).await })
    };
    let presses = [press("denied"), press("token-500")];
    world.provider.arrived(before + 1).await?;
    world.provider.goes_on();
    for press in presses {
        assert_eq!(press.await??.status, 303);
    }
    let told = told(&world);
    let cleared: Vec<_> = told.iter().map(|body| body == "clear=yes").collect();
    assert_eq!(cleared, [true, false, true, false], "{told:?}");
    Ok(())
}

#[tokio::test]
async fn what_did_not_come_as_expected_is_said() -> Outcome {
    let world = local().await?;
    let mut browser = Browser::at(&world);
    browser.open("/inspector").await?;
    browser.post("/inspector/break", "fault=denied").await?;
    let signing = browser.begin().await?;
    refuses(&mut browser, &world, &signing.state, "server_error").await?;
    let row = result_of(&mut browser, "denied").await?;
    assert!(row.contains("provider-fault, not as expected"), "{row}");

    browser.post("/inspector/break", "fault=none").await?;
    assert_eq!(told(&world).last().map(String::as_str), Some("clear=yes"));
    let signing = browser.begin().await?;
    refuses(&mut browser, &world, &signing.state, "access_denied").await?;
    let row = result_of(&mut browser, "none").await?;
    assert!(row.contains("Cancelled, not as expected"), "{row}");
    let report = browser.open("/inspector/report?format=text").await?.text();
    assert!(report.contains("Broken on purpose: denied"), "{report}");
    assert!(!report.contains("Broken on purpose: none"), "{report}");
    Ok(())
}

#[tokio::test]
async fn what_another_browser_arms_is_not_of_this_one() -> Outcome {
    let world = local().await?;
    let (mut alice, mut bob) = (Browser::at(&world), Browser::at(&world));
    alice.open("/inspector").await?;
    bob.open("/inspector").await?;
    alice.post("/inspector/break", "fault=denied").await?;
    bob.begin().await?;
    assert_eq!(newest(&mut bob).await?.fault, None);
    alice.begin().await?;
    assert!(newest(&mut alice).await?.fault.is_some());
    Ok(())
}

/// A press that nobody followed up says nothing of a sign-in much later, and clearing forgets it.
#[tokio::test]
async fn what_was_armed_is_forgotten_in_time() -> Outcome {
    let world = local().await?;
    for path in [None, Some("/inspector/clear"), Some("/sign-out")] {
        let mut browser = Browser::at(&world);
        browser.open("/inspector").await?;
        browser.post("/inspector/break", "fault=denied").await?;
        let kept = browser.cookies.clone();
        match path {
            Some(path) => {
                browser.post(path, "").await?;
            }
            None => world.clock.advance(15 * 60),
        }
        browser.cookies = kept;
        browser.begin().await?;
        assert_eq!(newest(&mut browser).await?.fault, None, "{path:?}");
    }
    Ok(())
}

#[tokio::test]
async fn only_faults_of_the_page_are_armed_and_only_by_a_page_of_ours() -> Outcome {
    let world = local().await?;
    let mut browser = Browser::at(&world);
    browser.open("/inspector").await?;
    for odd in [
        "",
        "fault=",
        "fault=down",
        "fault=denied%26x",
        "clear=yes",
        "{}",
    ] {
        let answer = browser.post("/inspector/break", odd).await?;
        assert_eq!(answer.status, 303, "{odd}");
        assert_eq!(answer.header("location"), Some("/inspector"), "{odd}");
    }
    let foreign = browser
        .form("/inspector/break", "fault=denied")
        .header("Origin", "https://elsewhere.example");
    assert_eq!(foreign.send(world.addr).await?.status, 403);
    assert_eq!(browser.open("/inspector/break").await?.status, 405);
    assert_eq!(told(&world), Vec::<String>::new());
    browser.begin().await?;
    assert_eq!(newest(&mut browser).await?.fault, None);
    Ok(())
}

#[tokio::test]
async fn a_switchboard_that_does_not_answer_is_said_and_marks_nothing() -> Outcome {
    let world = local().await?;
    let mut browser = Browser::at(&world);
    browser.open("/inspector").await?;
    let broken = Reply::json(500, &json!({}));
    world.provider.replies("/switchboard", broken);
    let answer = browser.post("/inspector/break", "fault=denied").await?;
    let to = answer.header("location").unwrap_or_default().to_owned();
    assert_eq!(to, "/inspector?unbroken=1");
    let page = browser.open(&to).await?.text();
    assert!(
        page.contains("The switchboard didn&#x27;t answer")
            || page.contains("The switchboard didn't answer"),
        "{page}"
    );
    browser.begin().await?;
    assert_eq!(newest(&mut browser).await?.fault, None);
    Ok(())
}

#[tokio::test]
async fn at_any_other_provider_nothing_can_be_broken() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    let page = browser.open("/inspector").await?.text();
    assert!(!page.contains("/inspector/break"), "{page}");
    let answer = browser.post("/inspector/break", "fault=denied").await?;
    assert_ne!(answer.status, 303, "{}", answer.whole());
    assert_eq!(told(&world), Vec::<String>::new());
    browser.begin().await?;
    assert_eq!(traces(&mut browser).await?.len(), 1);
    assert_eq!(newest(&mut browser).await?.fault, None);
    Ok(())
}

//! The gate before the forms: who may not come in, and that nothing happens to them.

use crate::{
    origin_gate::{sent_by, strangers},
    rig::{Browser, Outcome, Plan, World},
};

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() -> Outcome {
    let world = Plan::new().https().start().await?;
    let mut alice = Browser::at(&world);
    alice.sign_in(&world.provider, "alice").await?;
    let calls = world.provider.calls();
    for sender in strangers() {
        for path in [
            "/sign-out",
            "/profile/refresh",
            "/preferences",
            "/sessions/end",
            "/sessions/end-others",
        ] {
            let row = format!("{path} {sender:?}");
            let form = alice.form(path, "where=everywhere");
            let answer = sent_by(&form, &sender).send(world.addr).await?;
            assert_eq!(answer.status, 403, "{row}");
            assert_eq!(answer.all("set-cookie"), [""; 0], "{row}");
            assert!(answer.text().contains("nothing was changed"), "{row}");
        }
    }
    assert!(alice.is_signed_in().await?);
    assert_eq!(world.provider.calls(), calls);
    Ok(())
}

/// The app posts forms with fetch metadata of a navigation, some browsers with none.
#[tokio::test]
async fn a_form_of_ours_is_let_in() -> Outcome {
    let world = World::start().await?;
    for without in ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Content-Type", "Cookie"] {
        let mut alice = Browser::at(&world);
        alice.sign_in(&world.provider, "alice").await?;
        let form = alice.form("/sign-out", "").without(without);
        let answer = form.send(world.addr).await?;
        assert_eq!(answer.status, 303, "without {without}");
        assert_eq!(answer.header("location"), Some("/signed-out"));
        let stays = without == "Cookie";
        assert_eq!(alice.is_signed_in().await?, stays, "without {without}");
    }
    let nobody = Browser::at(&world);
    let answer = nobody.form("/profile/refresh", "").send(world.addr).await?;
    assert_eq!(answer.header("location"), Some("/account"));
    Ok(())
}

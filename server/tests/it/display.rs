//! How pages look in a browser: chosen in a plain form, kept in a cookie, drawn by the server.

use crate::{
    rig::{Answer, Browser, Outcome, Plan, Request, World},
    words::{folder, start},
};

/// Whether a document is drawn in a theme from its first byte on.
fn is_in(answer: &Answer, theme: &str, schemes: &str) -> bool {
    let page = answer.text();
    page.contains(&format!(
        "<html lang=\"en\" dir=\"ltr\" data-theme=\"{theme}\">"
    )) && page.contains(&format!(
        "<meta name=\"color-scheme\" content=\"{schemes}\">"
    ))
}

fn choice(theme: &str, return_to: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("theme", theme)
        .append_pair("return_to", return_to)
        .finish()
}

#[tokio::test]
async fn a_choice_holds_on_every_page_from_the_first_byte() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    assert!(is_in(
        &browser.open("/account").await?,
        "system",
        "light dark"
    ));
    for (theme, schemes) in [
        ("dark", "dark"),
        ("light", "light"),
        ("system", "light dark"),
    ] {
        let answer = browser
            .post("/display/save", &choice(theme, "/account"))
            .await?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/account"))
        );
        for path in [
            "/account",
            "/sessions",
            "/help",
            "/display",
            "/callback",
            "/problem/cancelled",
            "/nowhere",
        ] {
            let page = browser.open(path).await?;
            assert!(is_in(&page, theme, schemes), "{path}: {}", page.text());
        }
        let form = browser.open("/display").await?.text();
        // There is one language, and so none to choose.
        assert!(!form.contains("name=\"lang\""), "{form}");
        let chosen = format!("value=\"{theme}\" checked=\"\"");
        assert!(form.contains(&chosen), "{form}");
        assert_eq!(form.matches(" checked=\"\"").count(), 1, "{form}");
    }
    Ok(())
}

#[tokio::test]
async fn the_cookie_says_the_theme_and_nothing_else() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let answer = browser.post("/display/save", &choice("dark", "/")).await?;
    let cookies = answer.all("set-cookie");
    assert!(
        cookies.contains(&"theme=dark; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"),
        "{cookies:?}"
    );
    let https = Plan::new().https().start().await?;
    let mut browser = Browser::at(&https);
    let answer = browser.post("/display/save", &choice("dark", "/")).await?;
    let cookies = answer.all("set-cookie");
    assert!(
        cookies.contains(&"theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"),
        "{cookies:?}"
    );
    Ok(())
}

#[tokio::test]
async fn it_is_said_once_that_a_choice_was_kept() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    browser
        .post("/display/save", &choice("dark", "/account"))
        .await?;
    let page = browser.open("/account").await?.text();
    assert!(
        page.contains("<p role=\"status\" class=\"saved\">Saved.</p>"),
        "{page}"
    );
    // The form of the preferences has not saved anything.
    assert_eq!(page.matches(">Saved.</p>").count(), 1, "{page}");
    let again = browser.open("/account").await?.text();
    assert!(!again.contains("Saved."), "{again}");
    Ok(())
}

#[tokio::test]
async fn a_forged_cookie_is_the_devices_own_theme_and_is_never_drawn() -> Outcome {
    let world = World::start().await?;
    for cookie in [
        "theme=",
        "theme=Dark",
        "theme=dark%20",
        "theme=\"dark",
        "theme=dark\u{e9}",
        "theme=darkdark",
        "theme=canary\"><script>alert(1)</script>",
        "theme=canary%22%3E%3Cscript%3E",
        "theme",
        "Theme=dark",
        "__Host-theme=dark",
        &format!("theme={}", "canary".repeat(900)),
    ] {
        for path in ["/", "/display", "/callback"] {
            let answer = Request::get(path)
                .header("cookie", cookie)
                .send(world.addr)
                .await?;
            assert_eq!(answer.status, 200, "{cookie}");
            assert!(
                is_in(&answer, "system", "light dark"),
                "{cookie}: {}",
                answer.text()
            );
            assert!(
                !answer.text().contains("canary"),
                "{cookie}: {}",
                answer.text()
            );
        }
    }
    // Of two the first that is one of ours counts: another app of the same host may have set one too.
    for two in ["theme=dark; theme=light", "theme=neon; theme=dark"] {
        let two = Request::get("/").header("cookie", two);
        assert!(is_in(&two.send(world.addr).await?, "dark", "dark"));
    }
    Ok(())
}

#[tokio::test]
async fn the_form_leads_back_to_where_its_link_stood_but_not_to_itself() -> Outcome {
    let world = World::start().await?;
    let origin = &world.origin;
    for (from, back) in [
        (format!("{origin}/help"), "/help"),
        (format!("{origin}/display"), "/"),
        (format!("{origin}/display?a"), "/"),
        (format!("{origin}.evil.example/help"), "/"),
        ("https://evil.example/help".to_owned(), "/"),
    ] {
        let page = Request::get("/display").header("referer", &from);
        let page = page.send(world.addr).await?.text();
        let field = format!("name=\"return_to\" value=\"{back}\"");
        assert!(page.contains(&field), "{from}: {page}");
    }
    Ok(())
}

#[tokio::test]
async fn the_form_leads_back_to_a_page_of_ours_alone() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for (wanted, place) in [
        ("/help", "/help"),
        ("/sessions?all=1", "/sessions?all=1"),
        ("/display", "/display"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/sign-out", "/"),
        ("/callback?code=a", "/"),
        ("/api/session", "/"),
    ] {
        let answer = browser
            .post("/display/save", &choice("dark", wanted))
            .await?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some(place)),
            "{wanted}"
        );
    }
    for body in [
        "",
        "theme",
        "theme=dark&theme=light",
        "%ff=%fe",
        "theme=neon",
    ] {
        let answer = browser.post("/display/save", body).await?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/")),
            "{body}"
        );
        let cookies = answer.all("set-cookie");
        let system = cookies
            .iter()
            .any(|cookie| cookie.starts_with("theme=system;"));
        assert!(system, "{body}: {cookies:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_page_knows_where_somebody_came_from() -> Outcome {
    let world = World::start().await?;
    let origin = world.origin.clone();
    for (referer, place) in [
        (format!("{origin}/sessions?all=1"), "/sessions?all=1"),
        (format!("{origin}/help"), "/help"),
        (format!("{origin}/problem/cancelled"), "/"),
        (format!("{origin}0/help"), "/"),
        (format!("{origin}@evil.example/help"), "/"),
        (format!("{origin}.evil.example/help"), "/"),
        (format!("{origin}//evil.example"), "/"),
        ("https://evil.example/help".to_owned(), "/"),
        ("/help".to_owned(), "/"),
        (String::new(), "/"),
    ] {
        let request = Request::get("/display").header("referer", &referer);
        let page = request.send(world.addr).await?.text();
        let field = format!("name=\"return_to\" value=\"{place}\"");
        assert!(page.contains(&field), "{referer}: {page}");
        assert!(page.contains(&format!("<a href=\"{place}\" rel=\"external\">Go back</a>")));
        assert!(!page.contains("evil"), "{referer}: {page}");
    }
    Ok(())
}

#[tokio::test]
async fn another_site_cannot_choose() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    let request = browser.form("/display/save", &choice("dark", "/"));
    let request = request.header("origin", "https://evil.example");
    let answer = request.send(world.addr).await?;
    assert_eq!(answer.status, 403, "{answer:?}");
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    let answer = Request::get("/display/save?theme=dark")
        .send(world.addr)
        .await?;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn the_footer_leads_to_what_is_configured() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for path in ["/", "/callback", "/help", "/problem/cancelled", "/nowhere"] {
        let page = browser.open(path).await?.text();
        let footer = page.split("<footer").nth(1).unwrap_or_default();
        assert!(
            footer.contains("<a class=\"\" href=\"/help\" rel=\"external\">Help</a>"),
            "{page}"
        );
        assert!(
            footer.contains("href=\"/display\" rel=\"external\">Theme</a>"),
            "{page}"
        );
        assert!(
            !footer.contains(">Source<") && !footer.contains(">Privacy<"),
            "{page}"
        );
    }
    let told = Plan::new()
        .setting(
            "WRENGATE_SOURCE_URL",
            "https://code.example.org/wren?a=1&b=2",
        )
        .setting("WRENGATE_PRIVACY_URL", "https://example.org/privacy")
        .start()
        .await?;
    let page = Browser::at(&told).open("/").await?.text();
    for link in [
        "<a href=\"https://code.example.org/wren?a=1&amp;b=2\" rel=\"external noreferrer\">Source</a>",
        "<a href=\"https://example.org/privacy\" rel=\"external noreferrer\">Privacy</a>",
    ] {
        assert!(page.contains(link), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn the_menu_is_for_people_who_are_signed_in() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for path in [
        "/account",
        "/sessions",
        "/help",
        "/display",
        "/problem/cancelled",
    ] {
        let page = browser.open(path).await?.text();
        assert!(
            page.contains("popovertarget=\"account-menu\""),
            "{path}: {page}"
        );
        assert!(
            page.contains("<strong><bdi dir=\"auto\">Dr. alice</bdi></strong>"),
            "{path}: {page}"
        );
    }
    let callback = browser.open("/callback").await?.text();
    assert!(
        !callback.contains("account-menu") && !callback.contains("alice"),
        "{callback}"
    );
    browser.post("/sign-out", "").await?;
    let help = browser.open("/help").await?.text();
    assert!(
        !help.contains("account-menu") && !help.contains("alice"),
        "{help}"
    );
    Ok(())
}

#[tokio::test]
async fn where_there_are_languages_the_same_form_chooses_one() -> Outcome {
    let folder = folder()?;
    let world = start(folder.path()).await?;
    let mut browser = Browser::at(&world);
    let form = browser.open("/display").await?.text();
    for radio in [
        "name=\"lang\" value=\"\" checked=\"\"",
        "name=\"lang\" value=\"en\">",
        "name=\"lang\" value=\"ar-XB\"><bdi lang=\"ar-XB\" dir=\"rtl\">",
    ] {
        assert!(form.contains(radio), "{radio}: {form}");
    }
    assert!(form.contains(">Theme and language</a>"), "{form}");
    for (asked, cookie, root) in [
        ("ar-XB", "lang=ar-XB; ", "<html lang=\"ar-XB\" dir=\"rtl\""),
        ("EN-xa", "lang=en-XA; ", "<html lang=\"en-XA\" dir=\"ltr\""),
        ("", "lang=; ", "<html lang=\"en\" dir=\"ltr\""),
        ("tlh", "lang=; ", "<html lang=\"en\" dir=\"ltr\""),
        (
            "en; Domain=evil",
            "lang=; ",
            "<html lang=\"en\" dir=\"ltr\"",
        ),
    ] {
        let body = form_urlencoded::Serializer::new(choice("dark", "/help"))
            .append_pair("lang", asked)
            .finish();
        let answer = browser.post("/display/save", &body).await?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/help"))
        );
        let cookies = answer.all("set-cookie");
        let ours = cookies.iter().find(|it| it.starts_with(cookie));
        let age = if asked.is_empty() || cookie == "lang=; " {
            0
        } else {
            31_536_000
        };
        let ends = format!("; Path=/; Max-Age={age}");
        assert!(
            ours.is_some_and(|it| it.ends_with(&ends)),
            "{asked}: {cookies:?}"
        );
        let page = browser.open("/help").await?.text();
        assert!(
            page.contains(root) && page.contains("data-theme=\"dark\""),
            "{asked}: {page}"
        );
    }
    // A form without the choice leaves it as it is.
    browser
        .post("/display/save", "theme=light&lang=ar-XB")
        .await?;
    browser.post("/display/save", "theme=dark").await?;
    let page = browser.open("/display").await?.text();
    assert!(page.contains("value=\"ar-XB\" checked=\"\""), "{page}");
    Ok(())
}

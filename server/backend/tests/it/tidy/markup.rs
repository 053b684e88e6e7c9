//! Rules about markup: what the Content-Security-Policy would block, and what could run foreign text.

use super::{
    Outcome, complaint, hold,
    source::{is_word, places_of, without_comments},
    tree::complaints,
};

/// Attributes that hold script.
const HANDLERS: [&str; 6] = [
    "onclick", "onerror", "onfocus", "oninput", "onload", "onsubmit",
];

/// Inline styles, in markup and in builders: the policy forbids them, so they would do nothing.
fn styles_inline(path: &str, text: &str) -> Vec<String> {
    let code = without_comments(text);
    let advice = "the policy blocks inline style; give the element a class or a data attribute";
    let in_markup = places_of("style", &code).filter(|&place| {
        let before = code.get(..place).unwrap_or_default();
        let after = code.get(place + "style".len()..).unwrap_or_default();
        let attribute = after.starts_with('=') && !after.starts_with("==");
        let directive = after.starts_with(':') && after.chars().nth(1).is_some_and(is_word);
        let builder = before.ends_with('.') && after.starts_with('(');
        let element = before.ends_with('<') && after.starts_with(['>', ' ', '\n']);
        attribute || directive || builder || element
    });
    in_markup
        .map(|place| complaint(path, text, place, advice))
        .collect()
}

/// Markup from a text: the one way in which foreign words could become elements.
fn sets_markup(path: &str, text: &str) -> Vec<String> {
    let code = without_comments(text);
    [
        "inner_html",
        "innerHTML",
        "set_inner_html",
        "set_outer_html",
        "insert_adjacent_html",
    ]
    .iter()
    .flat_map(|word| places_of(word, &code))
    .map(|place| {
        complaint(
            path,
            text,
            place,
            "draw text as text; a view has no need for this",
        )
    })
    .collect()
}

/// Scripts that the policy would block: without nonce, or as an attribute.
fn scripts_inline(path: &str, text: &str) -> Vec<String> {
    let code = without_comments(text);
    let elements = code.match_indices("<script").filter(|(place, _)| {
        let element = code.get(*place..).unwrap_or_default();
        let element = element.split("</script").next().unwrap_or_default();
        places_of("nonce", element).next().is_none()
    });
    let handlers = HANDLERS.iter().flat_map(|handler| {
        places_of(handler, &code).filter(|&place| {
            code.get(place + handler.len()..)
                .is_some_and(|after| after.starts_with('='))
        })
    });
    elements
        .map(|(place, _)| complaint(path, text, place, "an inline script carries the nonce"))
        .chain(handlers.map(|place| {
            complaint(
                path,
                text,
                place,
                "the policy blocks script in attributes; use `on:`",
            )
        }))
        .collect()
}

const PAGES: [&str; 3] = ["app/src", "frontend/src", "server/src"];

#[test]
fn no_markup_has_inline_style() -> Outcome {
    hold(complaints(&PAGES, &["rs"], styles_inline)?)
}

#[test]
fn no_text_becomes_markup() -> Outcome {
    hold(complaints(&PAGES, &["rs"], sets_markup)?)
}

#[test]
fn inline_scripts_carry_the_nonce() -> Outcome {
    hold(complaints(&PAGES, &["rs"], scripts_inline)?)
}

#[test]
fn inline_style_is_found() {
    for text in [
        "view! { <p style=\"color:red\"/> }",
        "view! { <p style=move || x()/> }",
        "view! { <p style:width=\"1px\"/> }",
        "p().style(\"color:red\")",
        "\"<p style='color:red'>\"",
        "view! { <style>\"p{}\"</style> }",
    ] {
        assert_eq!(styles_inline("a.rs", text).len(), 1, "{text}");
    }
    for text in [
        "let style = 1;",
        "if style == x {}",
        "A { style: address()? }",
        "style::Main",
        "// style=\"x\"",
        "view! { <link rel=\"stylesheet\" href=style/> }",
        "let freestyle=1;",
        "assets.style.clone()",
    ] {
        assert_eq!(styles_inline("a.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn markup_from_text_is_found() {
    for text in [
        "<p inner_html=x/>",
        "e.set_inner_html(x)",
        "p().inner_html(x)",
    ] {
        assert_eq!(sets_markup("a.rs", text).len(), 1, "{text}");
    }
    assert_eq!(sets_markup("a.rs", "// inner_html"), [""; 0]);
}

#[test]
fn a_script_without_nonce_is_found() {
    for text in [
        "<script>\"x\"</script>",
        "<script src=x></script>",
        "<script data-a=nonces>{x}</script> <p nonce=x/>",
        "\"<p onclick='x()'>\"",
        "<img onerror=\"x\"/>",
    ] {
        assert_eq!(scripts_inline("a.rs", text).len(), 1, "{text}");
    }
    for text in [
        "<script nonce=nonce>{x}</script>",
        "<p on:click=f/>",
        "let onload = 1;",
    ] {
        assert_eq!(scripts_inline("a.rs", text), [""; 0], "{text}");
    }
}

//! The HTML document around the app.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    App,
    components::boot_bars,
    copy::{
        self, Msg,
        languages::{Direction, Language},
    },
    display::display,
    element::Body,
    page_data::{ELEMENT, PERSON, element_text, page_data},
    pages::inspector,
    routes::{self, Place},
};

/// The addresses of the built files, found once at start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The script that wasm-bindgen wrote.
    pub script: String,
    /// The WebAssembly module.
    pub module: String,
    /// The style sheet.
    pub style: String,
    /// The style sheet that the inspector's page has besides.
    pub inspector_style: Option<String>,
    /// What is there besides where the module comes in parts.
    pub parts: Option<Parts>,
}

/// The files of a module that comes in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The script that fetches parts, which the first script imports.
    pub loader: String,
    /// The part that is for people who are signed in.
    pub signed_in: String,
}

/// The document.
///
/// The framework's own hydration script has no answer to a file that does not load and leaves a dead
/// page, so `boot.js` starts the app here and watches over it.
pub fn shell(assets: Assets, path: &str) -> impl IntoView + use<> {
    let data = page_data();
    let title = copy::title(path);
    let language = use_context::<Language>();
    let spoken = language.as_ref();
    let tag = spoken.map_or("en", Language::tag).to_owned();
    let direction = spoken.map_or(Direction::Ltr, Language::direction).as_str();
    let words = spoken.map(|it| it.list(data.signed_in).address.clone());
    let nonce = use_nonce();
    let person = data.person.as_ref().map(|person| {
        view! { <script type="application/json" id=PERSON nonce=nonce.clone()>{element_text(person)}</script> }
    });
    let display = display();
    let theme = display.theme;
    // After the app, which hydrates what stands before.
    let bars = Body(boot_bars().into());
    let saved = display
        .saved
        .then(|| view! { <p class="saved" role="status">{Msg::Saved.text()}</p> });
    let follows = data.inspector && routes::place(path) == Place::Inspector;
    let live = follows.then(|| view! { <script nonce=nonce.clone()>{inspector::LIVE}</script> });
    let Assets {
        script,
        module,
        style,
        inspector_style,
        parts,
    } = assets;
    let inspector_style = inspector_style.filter(|_| follows);
    let inspector_style = inspector_style.map(|href| view! { <link rel="stylesheet" href=href/> });
    let (loader, part) = parts.map(|it| (it.loader, it.signed_in)).unzip();
    let part = part.filter(|_| data.signed_in);
    let loader = loader.map(|href| view! { <link rel="modulepreload" href=href/> });
    let part = part.map(|href| view! { <link rel="preload" href=href r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/> });
    view! {
        <!DOCTYPE html>
        <html lang=tag dir=direction data-theme=theme.code()>
            <head>
                <meta charset="utf-8"/>
                <title>{title}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=theme.schemes()/>
                <meta name="robots" content="noindex"/>
                <script
                    nonce=nonce.clone()
                    data-script=script.clone()
                    data-module=module.clone()
                    data-words=words.clone()
                >
                    {include_str!("boot.js")}
                </script>
                {live}
                <link rel="stylesheet" href=style/>
                {inspector_style}
                <link rel="modulepreload" href=script/>
                <link rel="preload" href=module r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <link rel="preload" href=words r#as="fetch" crossorigin="anonymous"/>
                {loader}
                {part}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script type="application/json" id=ELEMENT nonce=nonce>{element_text(&data)}</script>
                {person}
            </head>
            <body>
                <App/>
                {bars}
                {saved}
            </body>
        </html>
    }
}

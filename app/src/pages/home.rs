//! The sign-in page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wrengate_protocol::authorize::Prompt;

use crate::{
    components::{Boot, Thread, ThreadState},
    copy::{self, Words},
    page_data::page_data,
    routes,
    sign_in::SignInButton,
};

/// `/`
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let data = page_data();
    let words = Words::of(&data.client);
    let query = use_query_map();
    let return_to = Signal::derive(move || query.with(|query| query.get("return_to")));

    let notice = move || {
        return_to.get().map(|path| {
            let to_account = path.split(['?', '#']).next() == Some(routes::ACCOUNT);
            let sentence = if to_account {
                copy::SIGN_IN_TO_SEE_ACCOUNT
            } else {
                copy::SIGN_IN_TO_CONTINUE
            };
            view! { <p class="message message-info">{sentence}</p> }
        })
    };
    let provider_down = (!data.provider_ready).then(|| {
        view! { <p class="message message-warn">{words.fill(copy::PROVIDER_DOWN)}</p> }
    });
    let rows = data.client.scopes.iter().map(|scope| {
        view! {
            <tr>
                <th scope="row"><code>{scope.clone()}</code></th>
                <td>{copy::scope_meaning(scope).to_owned()}</td>
            </tr>
        }
    });
    let title = words.fill(copy::HOME_TITLE);

    view! {
        <Title text=title.clone()/>
        <section class="page home">
            <h1 tabindex="-1">{title}</h1>
            {notice}
            {provider_down}
            <p class="lead">{words.fill(copy::HOME_LEAD)}</p>
            <Thread state=ThreadState::Still/>
            <div class="needs-wasm">
                <SignInButton label=copy::CONTINUE return_to/>
            </div>
            <Boot title=copy::CANNOT_START_TITLE body=copy::CANNOT_START/>
            <noscript>
                <p class="message">
                    "Signing in needs JavaScript and WebAssembly. Turn on JavaScript for this site, "
                    "then reload this page. If you're already signed in, your account pages work "
                    "without it."
                </p>
            </noscript>
            <p>{words.fill(copy::asked_for(&data.client.scopes))}</p>
            <details class="details">
                <summary>{copy::WHAT_IS_REQUESTED}</summary>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{copy::SCOPE}</th>
                            <th scope="col">{copy::MEANING}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </details>
            <div class="needs-wasm home-other">
                <SignInButton
                    label=copy::DIFFERENT_ACCOUNT
                    prompt=Some(Prompt::SelectAccount)
                    return_to
                    quiet=true
                />
            </div>
        </section>
    }
}

//! What to do when a sign-in fails, and what each of its ends means.

use wrengate_protocol::{Failure, failure::Actor};

use crate::{
    components::external,
    copy::{self, Words, shell as words},
    element::{El, el},
    page_data::page_data,
};

/// `/help`: the whole catalogue, by who can fix it, so that a browser's own search finds everything.
pub(crate) fn help_page() -> El {
    let client = page_data().client;
    let names = Words::of(&client);
    let to_do = words::TO_DO.map(|text| el("li").string(names.fill(text)));
    let groups = GROUPS.map(|group| group.draw(&names));
    let way = |group: Group| {
        let link = el("a")
            .attr("href", group.address)
            .attr("rel", "external")
            .string(names.fill(group.title));
        el("li").child(link)
    };
    el("section")
        .class("page help")
        .child(el("h1").attr("tabindex", "-1").text(copy::HELP_TITLE))
        .child(el("p").class("lead").text(words::HELP_LEAD))
        .child(
            part("when", words::WHEN_IT_FAILS.to_owned())
                .child(el("ul").class("help-steps").children(to_do.into())),
        )
        .child(
            part("ask", words::ASK.to_owned())
                .children(whom(client.support_url, client.support_email, &names))
                .child(el("p").string(names.fill(words::ASK_WITH_REFERENCE))),
        )
        .child(
            part("all", words::EVERY_END.to_owned())
                .child(el("p").text(words::EVERY_END_LEAD))
                .child(el("ul").class("help-ways").children(GROUPS.map(way).into())),
        )
        .children(groups.into())
}

fn part(id: &'static str, title: String) -> El {
    el("section")
        .attr("aria-labelledby", id)
        .child(el("h2").attr("id", id).string(title))
}

/// Whoever helps here.
fn whom(url: Option<String>, email: Option<String>, names: &Words) -> Vec<El> {
    let url = url.map(|url| el("p").child(external(url, names.fill(words::ASK_AT))));
    let email = email.map(|email| {
        el("p")
            .text(words::ASK_BY_MAIL)
            .text(" ")
            .child(external(format!("mailto:{email}"), email))
    });
    let whom: Vec<_> = url.into_iter().chain(email).collect();
    if whom.is_empty() {
        return vec![el("p").string(names.fill(words::ASK_NOBODY))];
    }
    whom
}

/// The failures that somebody can fix.
#[derive(Clone, Copy)]
struct Group {
    actor: Actor,
    id: &'static str,
    address: &'static str,
    title: &'static str,
    lead: &'static str,
}

/// Ids with a capital letter, which no code has.
const GROUPS: [Group; 3] = [
    Group {
        actor: Actor::Person,
        id: "By-you",
        address: "#By-you",
        title: words::BY_PERSON,
        lead: words::BY_PERSON_LEAD,
    },
    Group {
        actor: Actor::Operator,
        id: "By-team",
        address: "#By-team",
        title: words::BY_OPERATOR,
        lead: words::BY_OPERATOR_LEAD,
    },
    Group {
        actor: Actor::Provider,
        id: "By-provider",
        address: "#By-provider",
        title: words::BY_PROVIDER,
        lead: words::BY_PROVIDER_LEAD,
    },
];

impl Group {
    fn draw(self, names: &Words) -> El {
        let failures = Failure::ALL.iter().copied();
        let entries = failures
            .filter(|failure| failure.actor() == self.actor)
            .map(|failure| entry(failure, names));
        part(self.id, names.fill(self.title))
            .child(el("p").class("absent").text(self.lead))
            .child(el("ul").class("help-list").children(entries.collect()))
    }
}

fn entry(failure: Failure, names: &Words) -> El {
    let row = copy::failure(failure);
    let body = names.fill(row.body).replace("{n}", &copy::wait(None));
    let status = match failure.status() {
        Some(status) => status.to_string(),
        None => words::NO_STATUS.to_owned(),
    };
    let itself = el("a")
        .attr_text("href", format!("#{}", failure.code()))
        .attr("rel", "external")
        .child(el("code").text(failure.code()));
    let fact = |name: &'static str, value: El| el("div").child(el("dt").text(name)).child(value);
    el("li")
        .attr("id", failure.code())
        .child(el("h3").string(names.fill(row.title)))
        .child(el("p").string(body))
        .child(
            el("dl")
                .child(fact(words::CODE, el("dd").child(itself)))
                .child(fact(words::STATUS, el("dd").string(status))),
        )
}

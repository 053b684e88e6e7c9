//! What to do when a sign-in fails, and what each of its ends means.

use wrengate_protocol::{Failure, failure::Actor};

use crate::{
    components::external,
    copy::{self, Msg},
    element::{El, el},
    page_data::page_data,
};

/// `/help`: the whole catalogue, by who can fix it, so that a browser's own search finds everything.
pub(crate) fn help_page() -> El {
    let client = page_data().client;
    let to_do = TO_DO.map(|to_do| el("li").say(to_do));
    let groups = GROUPS.map(Group::draw);
    let way = |group: Group| {
        let link = el("a")
            .attr("href", group.address)
            .attr("rel", "external")
            .say(group.title);
        el("li").child(link)
    };
    el("section")
        .class("page help")
        .child(el("h1").attr("tabindex", "-1").say(Msg::HelpTitle))
        .child(el("p").class("lead").say(Msg::HelpLead))
        .child(
            part("when", Msg::HelpWhen).child(el("ul").class("help-steps").children(to_do.into())),
        )
        .child(
            part("ask", Msg::HelpAsk)
                .children(whom(client.support_url, client.support_email))
                .child(el("p").say(Msg::HelpAskReference)),
        )
        .child(
            part("all", Msg::HelpAll)
                .child(el("p").say(Msg::HelpAllLead))
                .child(el("ul").class("help-ways").children(GROUPS.map(way).into())),
        )
        .children(groups.into())
}

fn part(id: &'static str, title: Msg) -> El {
    el("section")
        .attr("aria-labelledby", id)
        .child(el("h2").attr("id", id).say(title))
}

/// Whoever helps here.
fn whom(url: Option<String>, email: Option<String>) -> Vec<El> {
    let url = url.map(|url| el("p").child(external(url, Msg::HelpAskAt)));
    let email = email.map(|email| {
        let link = el("a")
            .attr_text("href", format!("mailto:{email}"))
            .attr("rel", "external")
            .string(Msg::HelpAskByMail.with("{email}", &email));
        el("p").child(link)
    });
    let whom: Vec<_> = url.into_iter().chain(email).collect();
    if whom.is_empty() {
        return vec![el("p").say(Msg::HelpAskNobody)];
    }
    whom
}

/// What helps with most of them.
const TO_DO: [Msg; 4] = [
    Msg::HelpStartAgain,
    Msg::HelpSameTab,
    Msg::HelpAllow,
    Msg::HelpWait,
];

/// The failures that somebody can fix.
#[derive(Clone, Copy)]
struct Group {
    actor: Actor,
    id: &'static str,
    address: &'static str,
    title: Msg,
    lead: Msg,
}

/// Ids with a capital letter, which no code has.
const GROUPS: [Group; 3] = [
    Group {
        actor: Actor::Person,
        id: "By-you",
        address: "#By-you",
        title: Msg::HelpByPerson,
        lead: Msg::HelpByPersonLead,
    },
    Group {
        actor: Actor::Operator,
        id: "By-team",
        address: "#By-team",
        title: Msg::HelpByOperator,
        lead: Msg::HelpByOperatorLead,
    },
    Group {
        actor: Actor::Provider,
        id: "By-provider",
        address: "#By-provider",
        title: Msg::HelpByProvider,
        lead: Msg::HelpByProviderLead,
    },
];

impl Group {
    fn draw(self) -> El {
        let failures = Failure::ALL.iter().copied();
        let entries = failures
            .filter(|failure| failure.actor() == self.actor)
            .map(entry);
        part(self.id, self.title)
            .child(el("p").class("absent").say(self.lead))
            .child(el("ul").class("help-list").children(entries.collect()))
    }
}

fn entry(failure: Failure) -> El {
    let row = copy::failure(failure);
    let body = row.body.text().replace("{n}", &copy::wait(None));
    let status = match failure.status() {
        Some(status) => status.to_string(),
        None => Msg::DetailBrowserOnly.text(),
    };
    let itself = el("a")
        .attr_text("href", format!("#{}", failure.code()))
        .attr("rel", "external")
        .child(el("code").text(failure.code()));
    let fact = |name: Msg, value: El| el("div").child(el("dt").say(name)).child(value);
    el("li")
        .attr("id", failure.code())
        .child(el("h3").say(row.title))
        .child(el("p").string(body))
        .child(
            el("dl")
                .child(fact(Msg::DetailCode, el("dd").child(itself)))
                .child(fact(Msg::DetailStatus, el("dd").string(status))),
        )
}

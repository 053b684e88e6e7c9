//! Where the development provider is used: sign-ins that go wrong on purpose.

use wrengate_protocol::Failure;

use super::tables::foreign;
use crate::{
    components::external,
    copy::{self, Words, inspector as words},
    element::{El, el},
    inspection::Inspection,
};

/// What can be broken, and where; nothing at any other provider.
pub(super) fn faults(inspection: &Inspection, names: &Words) -> Option<El> {
    let switchboard = inspection.switchboard.clone()?;
    let item = |(fault, what, code): (&'static str, &'static str, &'static str)| {
        let page = Failure::from_code(code).map_or(String::new(), |failure| {
            format!(
                "\u{201c}{}\u{201d}",
                names.fill(copy::failure(failure).title)
            )
        });
        el("li")
            .child(el("span").text(what))
            .child(foreign(fault.to_owned()))
            .child(el("span").string(words::EXPECT.replace("{page}", &page)))
    };
    let items = words::FAULTS.into_iter().map(item);
    Some(
        el("section")
            .class("inspector-faults")
            .attr("aria-labelledby", "faults")
            .child(el("h2").attr("id", "faults").text(words::BREAK_IT))
            .child(el("p").text(words::BREAK_LEAD))
            .child(el("ul").children(items.collect()))
            .child(el("p").child(external(switchboard, words::ARM.to_owned()))),
    )
}

//! Where the development provider is used: sign-ins that go wrong on purpose.

use wrengate_protocol::Failure;

use super::tables::foreign;
use crate::{
    components::external,
    copy::{self, Msg, inspector as words},
    element::{El, el},
    inspection::Inspection,
};

/// What can be broken, and where; nothing at any other provider.
pub(super) fn faults(inspection: &Inspection) -> Option<El> {
    let switchboard = inspection.switchboard.clone()?;
    let item = |(fault, what, code): (&'static str, Msg, &'static str)| {
        let page = Failure::from_code(code).map_or(String::new(), |failure| {
            format!("\u{201c}{}\u{201d}", copy::failure(failure).title.text())
        });
        el("li")
            .child(el("span").say(what))
            .child(foreign(fault.to_owned()))
            .child(el("span").string(Msg::InspectorExpect.with("{page}", &page)))
    };
    let items = words::FAULTS.into_iter().map(item);
    Some(
        el("section")
            .class("inspector-faults")
            .attr("aria-labelledby", "faults")
            .child(el("h2").attr("id", "faults").say(Msg::InspectorBreakIt))
            .child(el("p").say(Msg::InspectorBreakLead))
            .child(el("ul").children(items.collect()))
            .child(el("p").child(external(switchboard, Msg::InspectorArm))),
    )
}

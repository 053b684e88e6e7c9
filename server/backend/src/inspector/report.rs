//! The traces as text that can be sent to somebody.

use std::fmt::{self, Write as _};

use wrengate_protocol::trace::{
    Exchange, NO_FAULT, Row, Shown, StepName, TraceList, TraceStatus, TraceStep, TraceView,
};

/// Writes the attempts of a browser, the newest first.
///
/// # Security
/// It is made of the same values as the JSON, and of nothing else.
#[must_use]
pub fn text(list: &TraceList) -> String {
    let mut text = String::from("Sign-ins of one browser. Secrets were removed on the server.\n");
    for trace in &list.traces {
        // Writing to a String cannot fail.
        let _ = write_trace(&mut text, trace);
    }
    text
}

fn write_trace(out: &mut String, trace: &TraceView) -> fmt::Result {
    writeln!(
        out,
        "\nAttempt {} begun at {}: {}",
        trace.id.as_str(),
        trace.begun_at,
        verdict(trace.status)
    )?;
    if let Some(fault) = trace.fault.as_ref().filter(|it| it.as_str() != NO_FAULT) {
        writeln!(out, "Broken on purpose: {fault}")?;
    }
    if let Some(reference) = &trace.reference {
        writeln!(out, "Reference {reference}")?;
    }
    let totals = trace.totals;
    writeln!(
        out,
        "{} ms away, {} ms calls to the provider, {} ms ours",
        totals.away_ms, totals.provider_ms, totals.ours_ms
    )?;
    for advice in &trace.advice {
        writeln!(out, "- {advice}")?;
    }
    for check in &trace.checks {
        writeln!(out, "check {:?}: {:?}", check.name, check.verdict)?;
    }
    trace
        .steps
        .iter()
        .try_for_each(|step| write_step(out, step))
}

fn verdict(status: TraceStatus) -> String {
    match status {
        TraceStatus::Running => "running".to_owned(),
        TraceStatus::SignedIn => "signed in".to_owned(),
        TraceStatus::Cancelled => "cancelled".to_owned(),
        TraceStatus::Expired => "nobody came back in time".to_owned(),
        TraceStatus::Failed {
            at,
            number,
            failure,
        } => format!("failed at step {number}, {at}: {failure}"),
    }
}

fn write_step(out: &mut String, step: &TraceStep) -> fmt::Result {
    let number = StepName::number(step.name);
    write!(out, "\n{number} {:?}: {:?}", step.name, step.progress)?;
    if let (Some(start), Some(duration)) = (step.start_ms, step.duration_ms) {
        write!(out, ", at {start} ms for {duration} ms")?;
    }
    writeln!(out)?;
    write_rows(out, "", &step.rows)?;
    for exchange in &step.exchanges {
        write_exchange(out, exchange)?;
    }
    if let Some(token) = &step.id_token {
        write_rows(out, "ID token header ", &token.header)?;
        write_rows(out, "ID token ", &token.claims)?;
    }
    write_rows(out, "claim ", &step.claims)?;
    if !step.differing.is_empty() {
        let names: Vec<_> = step.differing.iter().map(Shown::as_str).collect();
        writeln!(
            out,
            "  ID token and userinfo differ in {}",
            names.join(", ")
        )?;
    }
    Ok(())
}

fn write_rows(out: &mut String, what: &str, rows: &[Row]) -> fmt::Result {
    for row in rows {
        write!(out, "  {what}{} = {}", row.name, row.value)?;
        if let Some(expected) = &row.expected {
            write!(out, " (expected {expected})")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_exchange(out: &mut String, exchange: &Exchange) -> fmt::Result {
    let request = &exchange.request;
    writeln!(out, "  {} {}", request.method, request.url)?;
    write_rows(out, "  > header ", &request.headers)?;
    write_rows(out, "  > query ", &request.query)?;
    write_rows(out, "  > ", &request.parameters)?;
    writeln!(out, "    {}", request.curl)?;
    if let Some(answer) = &exchange.response {
        writeln!(out, "    status {}", answer.status)?;
        write_rows(out, "  < header ", &answer.headers)?;
        write_rows(out, "  < ", &answer.parameters)?;
    }
    match exchange.trouble {
        Some(failure) => writeln!(out, "    {failure} after {} ms", exchange.duration_ms),
        None => writeln!(out, "    after {} ms", exchange.duration_ms),
    }
}

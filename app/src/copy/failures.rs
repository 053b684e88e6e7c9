//! The words of every failure: what happened, what it means, what to do next.

use wrengate_protocol::Failure;

/// Where the thread between browser, app and provider breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// In the browser.
    Browser,
    /// In this application.
    App,
    /// At the provider.
    Provider,
    /// Between this application and the provider.
    Between,
    /// Nothing broke; the person chose not to go on.
    Gap,
    /// There was no sign-in.
    None,
}

/// What a person can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// A sign-in from the beginning, with this label.
    SignIn(&'static str),
    /// The same, with an account of the person's choice, with this label.
    OtherAccount(&'static str),
    /// The same, asking for consent again, with this label.
    Consent(&'static str),
    /// The same page once more.
    Reload(&'static str),
    /// Tell whoever runs this installation, with this label.
    Report(&'static str),
    /// The sign-in page.
    Home,
    /// The account page, with this label.
    Account(&'static str),
    /// Nothing more.
    Nothing,
}

/// The words of a failure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FailureCopy {
    pub(crate) title: &'static str,
    pub(crate) body: &'static str,
    pub(crate) primary: Advice,
    pub(crate) secondary: Advice,
    pub(crate) broken: Break,
}

const RETRY: Advice = Advice::SignIn(super::TRY_AGAIN);
const AGAIN: Advice = Advice::SignIn(super::START_AGAIN);
const SIGN_IN_AGAIN: Advice = Advice::SignIn(super::SIGN_IN_AGAIN);
const REPORT: Advice = Advice::Report(super::REPORT);
const SECURITY: Advice = Advice::Report(super::REPORT_SECURITY);
const HELP: Advice = Advice::Report(super::GET_HELP);

const fn row(
    title: &'static str,
    body: &'static str,
    primary: Advice,
    secondary: Advice,
    broken: Break,
) -> FailureCopy {
    FailureCopy {
        title,
        body,
        primary,
        secondary,
        broken,
    }
}

/// The catalogue.
#[expect(clippy::too_many_lines, reason = "a table, one row a failure")]
pub(crate) const fn failure(failure: Failure) -> FailureCopy {
    use Advice::{Account, Consent, Home, Nothing, OtherAccount, Reload, SignIn};
    use Break::{App, Between, Browser, Gap, Provider};
    match failure {
        Failure::Cancelled => row(
            "You cancelled sign-in",
            "You chose not to share your details with {app}. Nothing was shared and nothing changed.",
            RETRY,
            Home,
            Gap,
        ),
        Failure::NotAllowed => row(
            "{provider} didn't allow this sign-in",
            "Your account isn't allowed to use {app}. Someone who manages accounts at your organisation can change that.",
            OtherAccount(super::DIFFERENT_ACCOUNT),
            HELP,
            Provider,
        ),
        Failure::RequestUnreadable => row(
            "{app} sent {provider} a request it couldn't read",
            "This is a fault in {app}, not something you did. Trying again probably won't help.",
            REPORT,
            Home,
            App,
        ),
        Failure::ClientNotAllowed => row(
            "{app} isn't set up to sign in this way",
            "{provider} doesn't allow {app} to use this kind of sign-in. Only {app}'s team can fix this.",
            REPORT,
            Home,
            App,
        ),
        Failure::AnswerType => row(
            "{app} and {provider} don't agree on how to sign in",
            "{app} asked for a kind of answer {provider} doesn't give. Only {app}'s team can fix this.",
            REPORT,
            Home,
            App,
        ),
        Failure::ScopeRefused => row(
            "{app} asked for something {provider} doesn't offer",
            "You're not signed in and nothing was shared. {app}'s team needs to change what it asks for.",
            REPORT,
            Home,
            App,
        ),
        Failure::ProviderFault => row(
            "{provider} had a problem",
            "Something went wrong at {provider}. Your account is fine; try again in a minute.",
            RETRY,
            Home,
            Provider,
        ),
        Failure::ProviderBusy => row(
            "{provider} is busy right now",
            "It's overloaded or being worked on. Wait a few minutes, then try again.",
            RETRY,
            Home,
            Provider,
        ),
        Failure::SignInNeeded => row(
            "Sign in at {provider} to continue",
            "{provider} needs to see you before it can go on.",
            SignIn(super::CONTINUE),
            Home,
            Provider,
        ),
        Failure::ConsentNeeded => row(
            "{provider} needs your permission",
            "You haven't agreed to share your details with {app} yet. You can see what it asks for first.",
            Consent("Review and continue"),
            Home,
            Provider,
        ),
        Failure::PickAccount => row(
            "Choose which account to use",
            "You're signed in to {provider} with more than one account. Choose the one you want to use with {app}.",
            OtherAccount("Choose an account"),
            Home,
            Provider,
        ),
        Failure::OptionUnknown => row(
            "{app} used an option {provider} doesn't support",
            "This is a fault in how {app} is set up. Only {app}'s team can fix it.",
            REPORT,
            Home,
            App,
        ),
        Failure::StepUp => row(
            "{provider} needs a stronger sign-in",
            "Sign in again with your second step, such as a passkey or a code. Nothing has changed until you do.",
            SignIn("Sign in with a second step"),
            Home,
            Provider,
        ),
        Failure::TargetUnknown => row(
            "{app} asked to reach a service {provider} doesn't know",
            "You're not signed in, and this isn't something you did. Only {app}'s team can fix it.",
            REPORT,
            Home,
            App,
        ),
        Failure::Unrecognised => row(
            "{provider} reported a problem we don't recognise",
            "You're not signed in. Try again; if it keeps happening, send us the reference.",
            RETRY,
            REPORT,
            Provider,
        ),
        Failure::NoState => row(
            "This sign-in didn't start here",
            "The link you followed isn't from a sign-in you began in this browser. For your safety we ignored it.",
            SignIn("Start sign-in"),
            Home,
            Browser,
        ),
        Failure::StateUnmatched => row(
            "We couldn't match this sign-in",
            "It may have started in another browser or been open too long. Nothing is wrong with your account.",
            AGAIN,
            Home,
            Browser,
        ),
        Failure::VerifierLost => row(
            "This tab lost its part of the sign-in",
            "The security check made when you began is no longer here. Start again and finish in the same tab.",
            AGAIN,
            Home,
            Browser,
        ),
        Failure::TooLong => row(
            "That took a little too long",
            "For your safety a sign-in has to finish within 10 minutes. Start again whenever you're ready.",
            AGAIN,
            Home,
            Browser,
        ),
        Failure::AlreadyUsed => row(
            "This sign-in link was already used",
            "Each link works once. Start again to get a new one.",
            AGAIN,
            Home,
            Browser,
        ),
        Failure::AnswerIncomplete => row(
            "{provider}'s answer was incomplete",
            "We can't use it safely, so we stopped. You're not signed in.",
            AGAIN,
            REPORT,
            Provider,
        ),
        Failure::WrongIssuer => row(
            "The answer came from the wrong place",
            "We expected {provider} but someone else replied, so we stopped. You're not signed in.",
            AGAIN,
            SECURITY,
            Provider,
        ),
        Failure::CodeExpired => row(
            "That sign-in expired",
            "The one-time code from {provider} was too old or already used. Start again to get a new one.",
            AGAIN,
            REPORT,
            Between,
        ),
        Failure::ProofMismatch => row(
            "The security check didn't match",
            "The proof from your browser isn't the one this sign-in began with. You're not signed in.",
            AGAIN,
            REPORT,
            Browser,
        ),
        Failure::ClientRejected => row(
            "{app} couldn't prove who it is",
            "{provider} rejected {app}'s own credentials. Only {app}'s team can fix this.",
            REPORT,
            Home,
            App,
        ),
        Failure::ExchangeRefused => row(
            "{app} and {provider} don't agree on how to sign in",
            "{provider} refused the way {app} asked for access. Only {app}'s team can fix this.",
            REPORT,
            Home,
            App,
        ),
        Failure::AnswerUnreadable => row(
            "{provider} sent an answer we couldn't read",
            "We got something back, but not what a sign-in needs. Try again; if it keeps happening, send us the reference.",
            RETRY,
            REPORT,
            Provider,
        ),
        Failure::AnswerLost => row(
            "We lost {provider}'s answer",
            "The connection broke while {provider} was answering, so this sign-in can't be finished. Start again; nothing is wrong with your account.",
            AGAIN,
            REPORT,
            Between,
        ),
        Failure::IdUntrusted => row(
            "We couldn't trust {provider}'s answer",
            "A security check failed, so we stopped. You're not signed in.",
            AGAIN,
            SECURITY,
            Provider,
        ),
        Failure::ClockSkew => row(
            "The clocks don't agree",
            "The time on {app}'s server and the time at {provider} differ too much to check this sign-in. Trying again in a minute may help.",
            RETRY,
            REPORT,
            Between,
        ),
        Failure::SubjectMismatch => row(
            "We couldn't trust {provider}'s answer",
            "Your profile and your sign-in named different accounts, so we stopped. You're not signed in.",
            AGAIN,
            SECURITY,
            Provider,
        ),
        Failure::AccessEnded => row(
            "Your access has ended",
            "{provider} no longer accepts this sign-in. Sign in again to see your profile.",
            SIGN_IN_AGAIN,
            Home,
            Provider,
        ),
        Failure::ProfileRefused => row(
            "{app} isn't allowed to see your profile",
            "{provider} won't share your profile without extra permission, so you can't be signed in.",
            Consent("Allow access"),
            Home,
            Provider,
        ),
        Failure::ProviderTimeout => row(
            "{provider} isn't answering",
            "We waited 10 seconds and heard nothing. Your account is fine.",
            RETRY,
            Home,
            Between,
        ),
        Failure::ProviderUnreachable => row(
            "We can't reach {provider}",
            "The connection between {app} and {provider} is down. Your own connection is fine, so try again shortly.",
            RETRY,
            Home,
            Between,
        ),
        Failure::MetadataWrong => row(
            "{app} and {provider} aren't set up for each other",
            "{provider} doesn't describe itself the way {app} expects. Only {app}'s team can fix this.",
            REPORT,
            Home,
            App,
        ),
        Failure::Offline => row(
            "You're offline",
            "Reconnect and we'll pick up where you left off.",
            RETRY,
            Nothing,
            Browser,
        ),
        Failure::AppUnreachable => row(
            "We can't reach {app}",
            "Your browser couldn't connect to {app}. Check your connection, then try again.",
            RETRY,
            Nothing,
            Browser,
        ),
        Failure::TooMany => row(
            "Too many attempts",
            "Wait {n}, then try again. The limit protects everyone's account.",
            RETRY,
            Home,
            App,
        ),
        Failure::ProviderLimit => row(
            "{provider} asked us to slow down",
            "Nothing is wrong with your account. Try again in {n}.",
            RETRY,
            Home,
            Between,
        ),
        Failure::SessionExpired => row(
            "You've been signed out",
            "You were away for a while, so we ended your session to keep your account safe.",
            SIGN_IN_AGAIN,
            Home,
            App,
        ),
        Failure::SessionOver => row(
            "Time to sign in again",
            "A session lasts 12 hours at most, and this one is over.",
            SIGN_IN_AGAIN,
            Home,
            App,
        ),
        Failure::SessionRevoked => row(
            "This browser was signed out",
            "Someone using your account signed this browser out. If that wasn't you, change your password at {provider}.",
            SIGN_IN_AGAIN,
            Home,
            App,
        ),
        Failure::StorageBlocked => row(
            "Your browser is blocking what sign-in needs",
            "Sign-in keeps a short-lived security check in this tab while you're at {provider}. Allow site data for this site, then try again.",
            RETRY,
            HELP,
            Browser,
        ),
        Failure::CookiesBlocked => row(
            "Your browser is blocking cookies",
            "{app} uses a cookie to keep your sign-in yours. Allow cookies for this site, then try again.",
            RETRY,
            HELP,
            Browser,
        ),
        Failure::InsecurePage => row(
            "This page needs a secure connection",
            "Sign-in can't be protected at this address. Open {app} at its https:// address.",
            Home,
            Nothing,
            Browser,
        ),
        Failure::NoRandom => row(
            "Your browser couldn't make a secure key",
            "Sign-in needs random numbers that this browser didn't provide. Update it or use another one.",
            RETRY,
            HELP,
            Browser,
        ),
        Failure::PageOutdated => row(
            "This page is out of date",
            "{app} was updated while this page was open. Reload to get the new version; what you typed is kept.",
            Reload(super::RELOAD),
            Nothing,
            Browser,
        ),
        Failure::NotFromHere => row(
            "We couldn't tell where that came from",
            "The request didn't come from a page of {app}, so nothing was changed. Open the page again and repeat it there.",
            Home,
            REPORT,
            Browser,
        ),
        Failure::AppBusy => row(
            "{app} is busy right now",
            "Too many people are using it at once. Wait a minute, then try again.",
            RETRY,
            Nothing,
            App,
        ),
        Failure::StoreDown => row(
            "{app} can't reach its records",
            "We couldn't look up sign-ins just now. Nothing is lost; try again in a minute.",
            RETRY,
            Home,
            App,
        ),
        Failure::NotConfigured => row(
            "{app} isn't ready yet",
            "Sign-in hasn't been set up here. If you run this site, its server log says what is missing.",
            Reload(super::RELOAD),
            Nothing,
            App,
        ),
        Failure::NotFound => row(
            "There's nothing here",
            "The address may be mistyped, or the page may have moved.",
            Home,
            Account(super::ACCOUNT),
            Break::None,
        ),
        Failure::Unexpected => row(
            "Something broke on our side",
            "It isn't your fault, and we've recorded it. Try again; if it keeps happening, send us the reference.",
            RETRY,
            REPORT,
            App,
        ),
    }
}

/// "7 seconds", for `{n}` in a sentence; "a minute" where nobody said.
pub(crate) fn wait(seconds: Option<u32>) -> String {
    match seconds {
        Some(1) => "1 second".to_owned(),
        Some(seconds @ 2..120) => format!("{seconds} seconds"),
        Some(seconds) if seconds >= 120 => format!("{} minutes", seconds.div_ceil(60)),
        _ => "a minute".to_owned(),
    }
}

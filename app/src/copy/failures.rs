//! The words of every failure: what happened, what it means, what to do next.

use wrengate_protocol::Failure;

use super::Msg;

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
    SignIn(Msg),
    /// The same, with an account of the person's choice, with this label.
    OtherAccount(Msg),
    /// The same, asking for consent again, with this label.
    Consent(Msg),
    /// The same page once more.
    Reload(Msg),
    /// Tell whoever runs this installation, with this label.
    Report(Msg),
    /// The sign-in page.
    Home,
    /// Where the provider says how it is doing; the sign-in page where nobody knows.
    Status,
    /// The person's account at the provider, for their safety; the sign-in page where nobody knows.
    Security,
    /// The account page, with this label.
    Account(Msg),
    /// Nothing more.
    Nothing,
}

/// The words of a failure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FailureCopy {
    pub(crate) title: Msg,
    pub(crate) body: Msg,
    pub(crate) primary: Advice,
    pub(crate) secondary: Advice,
    pub(crate) broken: Break,
}

const RETRY: Advice = Advice::SignIn(Msg::TryAgain);
const AGAIN: Advice = Advice::SignIn(Msg::StartAgain);
const SIGN_IN_AGAIN: Advice = Advice::SignIn(Msg::SignInAgain);
const REPORT: Advice = Advice::Report(Msg::Report);
const SECURITY: Advice = Advice::Report(Msg::ReportSecurity);
const HELP: Advice = Advice::Report(Msg::GetHelp);

const fn row(
    title: Msg,
    body: Msg,
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
    use Advice::{Account, Consent, Home, Nothing, OtherAccount, Reload, Security, SignIn, Status};
    use Break::{App, Between, Browser, Gap, Provider};
    match failure {
        Failure::Cancelled => row(Msg::CancelledTitle, Msg::CancelledBody, RETRY, Home, Gap),
        Failure::NotAllowed => row(
            Msg::NotAllowedTitle,
            Msg::NotAllowedBody,
            OtherAccount(Msg::DifferentAccount),
            HELP,
            Provider,
        ),
        Failure::RequestUnreadable => row(
            Msg::RequestUnreadableTitle,
            Msg::RequestUnreadableBody,
            REPORT,
            Home,
            App,
        ),
        Failure::ClientNotAllowed => row(
            Msg::ClientNotAllowedTitle,
            Msg::ClientNotAllowedBody,
            REPORT,
            Home,
            App,
        ),
        Failure::AnswerType => row(Msg::AnswerTypeTitle, Msg::AnswerTypeBody, REPORT, Home, App),
        Failure::ScopeRefused => row(
            Msg::ScopeRefusedTitle,
            Msg::ScopeRefusedBody,
            REPORT,
            Home,
            App,
        ),
        Failure::ProviderFault => row(
            Msg::ProviderFaultTitle,
            Msg::ProviderFaultBody,
            RETRY,
            Status,
            Provider,
        ),
        Failure::ProviderBusy => row(
            Msg::ProviderBusyTitle,
            Msg::ProviderBusyBody,
            RETRY,
            Status,
            Provider,
        ),
        Failure::SignInNeeded => row(
            Msg::SignInNeededTitle,
            Msg::SignInNeededBody,
            SignIn(Msg::Continue),
            Home,
            Provider,
        ),
        Failure::ConsentNeeded => row(
            Msg::ConsentNeededTitle,
            Msg::ConsentNeededBody,
            Consent(Msg::ReviewAndContinue),
            Home,
            Provider,
        ),
        Failure::PickAccount => row(
            Msg::PickAccountTitle,
            Msg::PickAccountBody,
            OtherAccount(Msg::ChooseAnAccount),
            Home,
            Provider,
        ),
        Failure::OptionUnknown => row(
            Msg::OptionUnknownTitle,
            Msg::OptionUnknownBody,
            REPORT,
            Home,
            App,
        ),
        Failure::StepUp => row(
            Msg::StepUpTitle,
            Msg::StepUpBody,
            SignIn(Msg::SignInWithSecondStep),
            Home,
            Provider,
        ),
        Failure::TargetUnknown => row(
            Msg::TargetUnknownTitle,
            Msg::TargetUnknownBody,
            REPORT,
            Home,
            App,
        ),
        Failure::Unrecognised => row(
            Msg::UnrecognisedTitle,
            Msg::UnrecognisedBody,
            RETRY,
            REPORT,
            Provider,
        ),
        Failure::NoState => row(
            Msg::NoStateTitle,
            Msg::NoStateBody,
            SignIn(Msg::StartSignIn),
            Home,
            Browser,
        ),
        Failure::StateUnmatched => row(
            Msg::StateUnmatchedTitle,
            Msg::StateUnmatchedBody,
            AGAIN,
            Home,
            Browser,
        ),
        Failure::VerifierLost => row(
            Msg::VerifierLostTitle,
            Msg::VerifierLostBody,
            AGAIN,
            Home,
            Browser,
        ),
        Failure::TooLong => row(Msg::TooLongTitle, Msg::TooLongBody, AGAIN, Home, Browser),
        Failure::AlreadyUsed => row(
            Msg::AlreadyUsedTitle,
            Msg::AlreadyUsedBody,
            AGAIN,
            Home,
            Browser,
        ),
        Failure::AnswerIncomplete => row(
            Msg::AnswerIncompleteTitle,
            Msg::AnswerIncompleteBody,
            AGAIN,
            REPORT,
            Provider,
        ),
        Failure::WrongIssuer => row(
            Msg::WrongIssuerTitle,
            Msg::WrongIssuerBody,
            AGAIN,
            SECURITY,
            Provider,
        ),
        Failure::CodeExpired => row(
            Msg::CodeExpiredTitle,
            Msg::CodeExpiredBody,
            AGAIN,
            REPORT,
            Between,
        ),
        Failure::ProofMismatch => row(
            Msg::ProofMismatchTitle,
            Msg::ProofMismatchBody,
            AGAIN,
            REPORT,
            Browser,
        ),
        Failure::ClientRejected => row(
            Msg::ClientRejectedTitle,
            Msg::ClientRejectedBody,
            REPORT,
            Home,
            App,
        ),
        Failure::ExchangeRefused => row(
            Msg::ExchangeRefusedTitle,
            Msg::ExchangeRefusedBody,
            REPORT,
            Home,
            App,
        ),
        Failure::AnswerUnreadable => row(
            Msg::AnswerUnreadableTitle,
            Msg::AnswerUnreadableBody,
            RETRY,
            REPORT,
            Provider,
        ),
        Failure::AnswerLost => row(
            Msg::AnswerLostTitle,
            Msg::AnswerLostBody,
            AGAIN,
            REPORT,
            Between,
        ),
        Failure::IdUntrusted => row(
            Msg::IdUntrustedTitle,
            Msg::IdUntrustedBody,
            AGAIN,
            SECURITY,
            Provider,
        ),
        Failure::ClockSkew => row(
            Msg::ClockSkewTitle,
            Msg::ClockSkewBody,
            RETRY,
            REPORT,
            Between,
        ),
        Failure::SubjectMismatch => row(
            Msg::SubjectMismatchTitle,
            Msg::SubjectMismatchBody,
            AGAIN,
            SECURITY,
            Provider,
        ),
        Failure::AccessEnded => row(
            Msg::AccessEndedTitle,
            Msg::AccessEndedBody,
            SIGN_IN_AGAIN,
            Home,
            Provider,
        ),
        Failure::ProfileRefused => row(
            Msg::ProfileRefusedTitle,
            Msg::ProfileRefusedBody,
            Consent(Msg::AllowAccess),
            Home,
            Provider,
        ),
        Failure::ProviderTimeout => row(
            Msg::ProviderTimeoutTitle,
            Msg::ProviderTimeoutBody,
            RETRY,
            Status,
            Between,
        ),
        Failure::ProviderUnreachable => row(
            Msg::ProviderUnreachableTitle,
            Msg::ProviderUnreachableBody,
            RETRY,
            Status,
            Between,
        ),
        Failure::MetadataWrong => row(
            Msg::MetadataWrongTitle,
            Msg::MetadataWrongBody,
            REPORT,
            Home,
            App,
        ),
        Failure::Offline => row(Msg::OfflineTitle, Msg::OfflineBody, RETRY, Nothing, Browser),
        Failure::AppUnreachable => row(
            Msg::AppUnreachableTitle,
            Msg::AppUnreachableBody,
            RETRY,
            Nothing,
            Browser,
        ),
        Failure::TooMany => row(Msg::TooManyTitle, Msg::TooManyBody, RETRY, Home, App),
        Failure::ProviderLimit => row(
            Msg::ProviderLimitTitle,
            Msg::ProviderLimitBody,
            RETRY,
            Home,
            Between,
        ),
        Failure::SessionExpired => row(
            Msg::SessionExpiredTitle,
            Msg::SessionExpiredBody,
            SIGN_IN_AGAIN,
            Home,
            App,
        ),
        Failure::SessionOver => row(
            Msg::SessionOverTitle,
            Msg::SessionOverBody,
            SIGN_IN_AGAIN,
            Home,
            App,
        ),
        Failure::SessionRevoked => row(
            Msg::SessionRevokedTitle,
            Msg::SessionRevokedBody,
            SIGN_IN_AGAIN,
            Security,
            App,
        ),
        Failure::StorageBlocked => row(
            Msg::StorageBlockedTitle,
            Msg::StorageBlockedBody,
            RETRY,
            HELP,
            Browser,
        ),
        Failure::CookiesBlocked => row(
            Msg::CookiesBlockedTitle,
            Msg::CookiesBlockedBody,
            RETRY,
            HELP,
            Browser,
        ),
        Failure::InsecurePage => row(
            Msg::InsecurePageTitle,
            Msg::InsecurePageBody,
            Home,
            Nothing,
            Browser,
        ),
        Failure::NoRandom => row(Msg::NoRandomTitle, Msg::NoRandomBody, RETRY, HELP, Browser),
        Failure::PageOutdated => row(
            Msg::PageOutdatedTitle,
            Msg::PageOutdatedBody,
            Reload(Msg::Reload),
            Nothing,
            Browser,
        ),
        Failure::NotFromHere => row(
            Msg::NotFromHereTitle,
            Msg::NotFromHereBody,
            Home,
            REPORT,
            Browser,
        ),
        Failure::AppBusy => row(Msg::AppBusyTitle, Msg::AppBusyBody, RETRY, Nothing, App),
        Failure::StoreDown => row(Msg::StoreDownTitle, Msg::StoreDownBody, RETRY, Home, App),
        Failure::NotConfigured => row(
            Msg::NotConfiguredTitle,
            Msg::NotConfiguredBody,
            Reload(Msg::Reload),
            Nothing,
            App,
        ),
        Failure::NotFound => row(
            Msg::NotFoundTitle,
            Msg::NotFoundBody,
            Home,
            Account(Msg::Account),
            Break::None,
        ),
        Failure::Unexpected => row(
            Msg::UnexpectedTitle,
            Msg::UnexpectedBody,
            RETRY,
            REPORT,
            App,
        ),
    }
}

/// "7 seconds", for `{n}` in a sentence; "a minute" where nobody said.
pub(crate) fn wait(seconds: Option<u32>) -> String {
    let (wait, number) = waiting(seconds);
    wait.with("{n}", &number.to_string())
}

/// The same as a sentence and what stands for `{n}` in it.
pub(crate) const fn waiting(seconds: Option<u32>) -> (Msg, u32) {
    match seconds {
        Some(1) => (Msg::WaitASecond, 1),
        Some(seconds @ 2..120) => (Msg::WaitSeconds, seconds),
        Some(seconds) if seconds >= 120 => (Msg::WaitMinutes, seconds.div_ceil(60)),
        _ => (Msg::WaitAMinute, 1),
    }
}

//! The sentences of what the server alone draws: footer, account menu, help and display choices.

pub(crate) const HELP: &str = "Help";
pub(crate) const SOURCE: &str = "Source";
pub(crate) const PRIVACY: &str = "Privacy";
pub(crate) const THEME: &str = "Theme";
pub(crate) const MENU: &str = "Your account menu";
pub(crate) const SIGNED_IN_AS: &str = "Signed in as";

pub(crate) const DISPLAY_LEAD: &str =
    "This is kept in this browser, and changes nothing in your others.";
pub(crate) const SYSTEM: &str = "System";
pub(crate) const SYSTEM_HINT: &str = "Light or dark, as this device is set";
pub(crate) const LIGHT: &str = "Light";
pub(crate) const DARK: &str = "Dark";
pub(crate) const GO_BACK: &str = "Go back";

pub(crate) const HELP_LEAD: &str = "A sign-in that fails ends on a page that says what happened, who can fix it and what to do next.";
pub(crate) const WHEN_IT_FAILS: &str = "When a sign-in fails";
pub(crate) const TO_DO: [&str; 4] = [
    "Start again from the sign-in page, and not with Back: each answer from {provider} works once.",
    "Finish in the tab you began in, within 10 minutes.",
    "Allow cookies and site data for this site. While you're away at {provider}, they hold what keeps your sign-in yours.",
    "If the page says that it's up to {provider} or to {app}'s team, nothing is wrong with your browser. Wait a while, or ask for help.",
];
pub(crate) const ASK: &str = "Ask for help";
pub(crate) const ASK_WITH_REFERENCE: &str = "Give the reference from the foot of the page. It holds nothing secret, and finds your sign-in in {app}'s log.";
pub(crate) const ASK_AT: &str = "Help for {app}";
pub(crate) const ASK_BY_MAIL: &str = "Write to";
pub(crate) const ASK_NOBODY: &str =
    "No address is set here. Ask whoever gave you the link to {app}.";
pub(crate) const EVERY_END: &str = "Every way it can end";
pub(crate) const EVERY_END_LEAD: &str = "Looking for one of them? Search this page for its title, or for the code under \u{201c}Details for developers\u{201d}.";
pub(crate) const BY_PERSON: &str = "What you can fix";
pub(crate) const BY_PERSON_LEAD: &str = "In this browser, or by starting again.";
pub(crate) const BY_OPERATOR: &str = "What {app}'s team can fix";
pub(crate) const BY_OPERATOR_LEAD: &str =
    "Nothing you do changes these, but telling the team helps everybody.";
pub(crate) const BY_PROVIDER: &str = "What {provider} can fix";
pub(crate) const BY_PROVIDER_LEAD: &str = "Waiting usually helps; your account is fine.";
pub(crate) const CODE: &str = "Code";
pub(crate) const STATUS: &str = "HTTP status";
pub(crate) const NO_STATUS: &str = "none; it happens in the browser";

//! A page without the app, for when drawing the app is what there is too much of, or what broke.
//!
//! It says less than the pages of the app and needs nothing: no session, no script, no style sheet.

use html_escape::encode_text;
use wrengate_protocol::client::PublicClient;

use crate::{
    copy::{Msg, languages::Language, waiting},
    display::Theme,
};

/// What a page without the app is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// A form came from elsewhere.
    NotFromHere,
    /// A form could not be read.
    NotArrived,
    /// Too many requests: after so many seconds another one is allowed.
    TooMany(u32),
    /// It took too long.
    Busy,
    /// A fault in our own code.
    Broken,
}

impl Plain {
    const fn words(self) -> (Msg, Msg) {
        match self {
            Self::NotFromHere => (Msg::NotFromHereTitle, Msg::NotFromHereBody),
            Self::NotArrived => (Msg::NotArrivedTitle, Msg::NotArrivedBody),
            Self::TooMany(_) => (Msg::TooManyTitle, Msg::TooManyBody),
            Self::Busy => (Msg::AppBusyTitle, Msg::AppBusyBody),
            Self::Broken => (Msg::UnexpectedTitle, Msg::UnexpectedBody),
        }
    }

    /// The whole document, in the words and colours of a browser; `reference` is what is in the log.
    #[must_use]
    pub fn document(
        self,
        language: &Language,
        theme: Theme,
        client: &PublicClient,
        reference: &str,
    ) -> String {
        let words = language.words(client);
        let (title, body) = self.words();
        let (title, mut body) = (words.text(title), words.text(body));
        if let Self::TooMany(seconds) = self {
            let (wait, number) = waiting(Some(seconds));
            let wait = words.text(wait).replace("{n}", &number.to_string());
            body = body.replace("{n}", &wait);
        }
        let page = words.text(Msg::PageTitle).replace("{page}", &title);
        let back = words.text(Msg::BackToStart);
        let reference = words
            .text(Msg::ReferenceLine)
            .replace("{reference}", reference);
        format!(
            "<!DOCTYPE html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"{schemes}\"><title>{page}</title>\
             <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>\
             <body><main><h1>{title}</h1><p>{body}</p><p><a href=\"/\">{back}</a></p>\
             <p>{reference}</p></main></body></html>\n",
            lang = language.tag(),
            dir = language.direction().as_str(),
            schemes = theme.schemes(),
            page = encode_text(&page),
            title = encode_text(&title),
            body = encode_text(&body),
            back = encode_text(&back),
            reference = encode_text(&reference),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{copy::languages::Languages, page_data::PageData};

    #[test]
    fn it_is_in_the_words_and_colours_of_the_browser_and_escapes_names() -> Result<(), String> {
        let languages = Languages::new(&[]).map_err(|error| error.to_string())?;
        let english = languages.all().first().ok_or("no English")?;
        let mut client = PageData::default().client;
        client.app = "<b>Ours</b>".to_owned();
        let page = |plain: Plain| plain.document(english, Theme::Dark, &client, "AB12-CD34");
        let busy = page(Plain::Busy);
        for expected in [
            "<html lang=\"en\" dir=\"ltr\">",
            "content=\"dark\"",
            "<title>&lt;b&gt;Ours&lt;/b&gt; is busy right now — &lt;b&gt;Ours&lt;/b&gt;</title>",
            "<h1>&lt;b&gt;Ours&lt;/b&gt; is busy right now</h1>",
            "<p>Reference AB12-CD34</p>",
            "<a href=\"/\">Back to start</a>",
        ] {
            assert!(busy.contains(expected), "{expected}: {busy}");
        }
        for (seconds, wait) in [
            (1, "Wait 1 second, then"),
            (59, "Wait 59 seconds, then"),
            (121, "Wait 3 minutes, then"),
        ] {
            let page = page(Plain::TooMany(seconds));
            assert!(page.contains(wait), "{wait}: {page}");
        }
        for plain in [Plain::NotFromHere, Plain::NotArrived, Plain::Broken] {
            assert!(!page(plain).contains('{'), "{plain:?}");
        }
        Ok(())
    }
}

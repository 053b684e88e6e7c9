//! What is said: the languages, the one a browser gets, and the lists it fetches.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use axum::{
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse as _, Response},
};
use brotli::enc::BrotliEncoderParams;
use wrengate_app::copy::languages::{Language, LanguageError, Languages, List};
use wrengate_backend::cookies::ChoiceCookie;

use crate::{one_time, router::AppState};

/// The largest file that is read, in bytes: some times what any language needs.
const LARGEST_FILE: u64 = 512 * 1024;

/// Why the words cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// The folder, or a file in it, cannot be read.
    #[error("{} cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// A file is not complete.
    #[error(transparent)]
    Language(#[from] LanguageError),
}

/// The languages, and their lists as they are sent.
#[derive(Clone, Debug)]
pub struct Spoken(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    languages: Languages,
    /// Compressed when they are first asked for.
    lists: Vec<(List, OnceLock<Bytes>)>,
}

impl Spoken {
    /// Reads the files of a folder besides what is built in: those whose names end in `.toml`.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file in it is no complete language.
    pub fn find(folder: Option<&Path>) -> Result<Self, WordsError> {
        let files = folder.map(files).transpose()?.unwrap_or_default();
        let languages = Languages::new(&files)?;
        let all = languages.all().iter();
        let lists = all.flat_map(|it| [it.list(false), it.list(true)]);
        let lists = lists.map(|list| (list.clone(), OnceLock::new())).collect();
        Ok(Self(Arc::new(Inner { languages, lists })))
    }

    /// All languages.
    #[must_use]
    pub fn languages(&self) -> &Languages {
        &self.0.languages
    }

    /// The language for a browser that sends these headers.
    pub(crate) fn for_browser(&self, headers: &HeaderMap) -> &Language {
        let accepts = headers.get(ACCEPT_LANGUAGE).map(HeaderValue::to_str);
        let accepts = accepts.and_then(Result::ok).unwrap_or_default();
        self.0.languages.choose(self.chosen(headers), accepts)
    }

    /// The language that was chosen in a browser, as long as it is spoken.
    pub(crate) fn chosen(&self, headers: &HeaderMap) -> Option<&Language> {
        one_time::cookies(headers, ChoiceCookie::Language.name())
            .find_map(|tag| self.0.languages.of_tag(tag))
    }

    fn list_at(&self, address: &str) -> Option<&(List, OnceLock<Bytes>)> {
        self.0.lists.iter().find(|(it, _)| it.address == address)
    }
}

/// Names and texts of the files in a folder, by name.
fn files(folder: &Path) -> Result<Vec<(String, String)>, WordsError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error| WordsError::Unreadable(path, error)
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_none_or(|it| it != "toml") {
            continue;
        }
        let size = fs::metadata(&path).map_err(unreadable(&path))?.len();
        if size > LARGEST_FILE {
            let too_large = io::Error::new(io::ErrorKind::FileTooLarge, "it is too large");
            return Err(WordsError::Unreadable(path, too_large));
        }
        let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
        let name = path.file_name().unwrap_or_default();
        files.push((name.to_string_lossy().into_owned(), text));
    }
    files.sort();
    Ok(files)
}

/// One list, which never changes at its address.
pub(crate) async fn list(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let Some((list, compressed)) = state.spoken.list_at(uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = headers.get_all(ACCEPT_ENCODING).into_iter();
    let mut encodings = accepts
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','));
    let takes_brotli = encodings.any(|it| it.trim() == "br");
    let mut response = if takes_brotli {
        let body = compressed.get_or_init(|| compress(&list.text)).clone();
        ([(CONTENT_ENCODING, "br")], body).into_response()
    } else {
        list.text.clone().into_response()
    };
    let headers = response.headers_mut();
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(CONTENT_TYPE, text);
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

fn compress(text: &str) -> Bytes {
    let mut compressed = Vec::new();
    let parameters = BrotliEncoderParams {
        quality: 11,
        size_hint: text.len(),
        ..BrotliEncoderParams::default()
    };
    // Neither reading from memory nor writing to it fails.
    let _ = brotli::BrotliCompress(&mut text.as_bytes(), &mut compressed, &parameters);
    compressed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    const ENGLISH: &str = include_str!("../../app/languages/en.toml");

    #[test]
    fn a_file_in_the_folder_is_a_language() -> Outcome {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("readme.md"), "no language")?;
        let german = ENGLISH.replace("tag = \"en\"", "tag = \"de\"");
        fs::write(folder.path().join("de.toml"), german)?;
        let spoken = Spoken::find(Some(folder.path()))?;
        let tags: Vec<_> = spoken.languages().all().iter().map(Language::tag).collect();
        assert_eq!(tags, ["en", "de"]);
        Ok(())
    }

    #[test]
    fn what_is_wrong_is_told_with_the_name_of_the_file() -> Outcome {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("fr.toml"), "tag = \"fr\"")?;
        let refused = Spoken::find(Some(folder.path())).err().ok_or("taken")?;
        assert!(refused.to_string().contains("fr.toml"), "{refused}");
        let refused = Spoken::find(Some(&folder.path().join("none"))).err();
        assert!(matches!(refused, Some(WordsError::Unreadable(..))));
        Ok(())
    }

    #[test]
    fn what_is_compressed_is_the_same_text() -> Outcome {
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut compress(ENGLISH).as_ref(), &mut text)?;
        assert_eq!(text, ENGLISH.as_bytes());
        Ok(())
    }
}

//! A document as screens get it: without names, as bytes in a text. Reading JSON would be half of a
//! display's bundle.

use super::Document;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

/// Only software of the same version reads it: postcard of the document, in base64.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed(pub String);

impl Packed {
    pub fn of(document: &Document) -> Self {
        let bytes = postcard::to_allocvec(document);
        let bytes = bytes.expect("a document has only what postcard can write");
        Self(BASE64_STANDARD.encode(bytes))
    }

    /// `None` where another version wrote it.
    pub fn open(&self) -> Option<Document> {
        let bytes = BASE64_STANDARD.decode(&self.0).ok()?;
        postcard::from_bytes(&bytes).ok()
    }
}

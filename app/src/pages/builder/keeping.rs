//! What becomes of edits: they wait a moment, are sent together, and are kept in the browser until
//! the server has them.
//!
//! Owns the order of saves: one at a time, each on top of the one before, none lost. Pure; knows no
//! timer, no request and no browser.

use model::document::{Document, Edit};
use serde::{Deserialize, Serialize};

/// Edits that the server does not have, as the browser keeps them over a reload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsaved {
    /// Of the draft that they were made on.
    pub revision: u64,
    pub edits: Vec<Edit>,
}

/// One save on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    pub revision: u64,
    pub edits: Vec<Edit>,
}

/// What came of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The revision of the draft since.
    Saved(u64),
    /// The server cannot be asked now.
    Away,
    /// The draft is another one than it was made on: as the server has it now.
    Stale { revision: u64, draft: Box<Document> },
    /// It is not taken, and why.
    Refused(String),
}

/// What is said of it beside the template's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Saved,
    Saving,
    /// Kept here until the server is back.
    Away,
    /// Somebody else saved; nothing is sent any more.
    Stale,
    Refused(String),
}

#[derive(Debug)]
pub struct Keeping {
    revision: u64,
    waiting: Vec<Edit>,
    /// What still goes on, and is told anew with each key: it waits until it is settled.
    going_on: Option<Edit>,
    flying: Option<Flying>,
    standing: Standing,
}

#[derive(Debug)]
struct Flying {
    edits: Vec<Edit>,
    /// What the draft is once they are saved.
    then: Document,
}

impl Keeping {
    pub fn new(revision: u64) -> Self {
        Self {
            revision,
            waiting: Vec::new(),
            going_on: None,
            flying: None,
            standing: Standing::Saved,
        }
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Whether the server has all.
    pub fn is_saved(&self) -> bool {
        self.waiting.is_empty() && self.going_on.is_none() && self.flying.is_none()
    }

    pub fn is_sending(&self) -> bool {
        self.flying.is_some()
    }

    /// `going_on`: what is edited now, which is not over. False where there is nothing of either.
    pub fn edited(&mut self, edits: Vec<Edit>, going_on: Option<&Edit>) -> bool {
        if edits.is_empty() && going_on.is_none() && self.going_on.is_none() {
            return false;
        }
        self.waiting.extend(edits);
        self.going_on = going_on.cloned();
        if self.is_saved() {
            self.standing = Standing::Saved;
        } else if matches!(self.standing, Standing::Saved | Standing::Refused(_)) {
            self.standing = Standing::Saving;
        }
        true
    }

    /// The next save, if it is time for one. `document` has all edits in it.
    pub fn next(&mut self, document: &Document) -> Option<Save> {
        if self.flying.is_some() || self.waiting.is_empty() || self.standing == Standing::Stale {
            return None;
        }
        let edits = std::mem::take(&mut self.waiting);
        self.flying = Some(Flying {
            edits: edits.clone(),
            then: document.clone(),
        });
        Some(Save {
            revision: self.revision,
            edits,
        })
    }

    pub fn answered(&mut self, answer: Answer) {
        let Some(flying) = self.flying.take() else {
            return;
        };
        self.standing = match answer {
            Answer::Saved(revision) => return self.saved(revision),
            // Saved before, and only the answer was lost.
            Answer::Stale { revision, draft } if *draft == flying.then => {
                return self.saved(revision);
            }
            Answer::Stale { .. } => Standing::Stale,
            Answer::Away => Standing::Away,
            // Sent again with what comes next, which may be what mends it.
            Answer::Refused(problem) => Standing::Refused(problem),
        };
        self.waiting.splice(..0, flying.edits);
    }

    fn saved(&mut self, revision: u64) {
        self.revision = revision;
        self.standing = match self.is_saved() {
            true => Standing::Saved,
            false => Standing::Saving,
        };
    }

    /// What the browser keeps; nothing once the server has all.
    pub fn unsaved(&self) -> Option<Unsaved> {
        if self.is_saved() {
            return None;
        }
        let flying = self.flying.iter().flat_map(|flying| &flying.edits);
        Some(Unsaved {
            revision: self.revision,
            edits: flying
                .chain(&self.waiting)
                .chain(&self.going_on)
                .cloned()
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::document::Subject;

    const FIRST: Edit = Edit::Subject(Subject::Nobody);
    const SECOND: Edit = Edit::Subject(Subject::Arrivals);

    fn document(subject: Subject) -> Document {
        let mut document = model::BuiltIn::Clock.document().clone();
        document.subject = subject;
        document
    }

    /// One edit on its way.
    fn saving() -> Keeping {
        let mut keeping = Keeping::new(7);
        keeping.edited(vec![FIRST], None);
        let save = keeping.next(&document(Subject::Nobody));
        let expected = Save {
            revision: 7,
            edits: vec![FIRST],
        };
        assert_eq!(save, Some(expected));
        keeping
    }

    fn kept(keeping: &Keeping) -> Vec<Edit> {
        keeping
            .unsaved()
            .map_or_else(Vec::new, |unsaved| unsaved.edits)
    }

    #[test]
    fn one_save_follows_the_other() {
        let mut keeping = saving();
        keeping.edited(vec![SECOND], None);
        assert_eq!(keeping.next(&document(Subject::Arrivals)), None);
        assert_eq!(kept(&keeping), [FIRST, SECOND]);
        keeping.answered(Answer::Saved(8));
        assert_eq!(keeping.standing(), &Standing::Saving);
        let save = keeping.next(&document(Subject::Arrivals)).unwrap();
        assert_eq!((save.revision, save.edits), (8, vec![SECOND]));
        keeping.answered(Answer::Saved(9));
        assert_eq!(keeping.standing(), &Standing::Saved);
        assert_eq!(keeping.unsaved(), None);
        assert_eq!(keeping.next(&document(Subject::Arrivals)), None);
    }

    #[test]
    fn what_goes_on_is_kept_and_not_sent_yet() {
        let mut keeping = Keeping::new(7);
        assert!(!keeping.edited(Vec::new(), None));
        assert!(keeping.edited(Vec::new(), Some(&FIRST)));
        assert_eq!(keeping.standing(), &Standing::Saving);
        assert_eq!(kept(&keeping), [FIRST]);
        assert_eq!(keeping.next(&document(Subject::Nobody)), None);
        keeping.edited(vec![FIRST], None);
        assert_eq!(kept(&keeping), [FIRST]);
        assert!(keeping.next(&document(Subject::Nobody)).is_some());
        keeping.edited(Vec::new(), Some(&SECOND));
        keeping.answered(Answer::Saved(8));
        assert_eq!(keeping.standing(), &Standing::Saving);
        // It was taken back before it was over.
        keeping.edited(Vec::new(), None);
        assert_eq!(keeping.standing(), &Standing::Saved);
        assert_eq!(keeping.unsaved(), None);
    }

    #[test]
    fn nothing_is_lost_while_the_server_is_away() {
        let mut keeping = saving();
        keeping.edited(vec![SECOND], None);
        keeping.answered(Answer::Away);
        assert_eq!(keeping.standing(), &Standing::Away);
        assert_eq!(kept(&keeping), [FIRST, SECOND]);
        let save = keeping.next(&document(Subject::Arrivals)).unwrap();
        assert_eq!((save.revision, save.edits), (7, vec![FIRST, SECOND]));
    }

    #[test]
    fn an_answer_that_was_lost_is_no_conflict() {
        let mut keeping = saving();
        keeping.edited(vec![SECOND], None);
        keeping.answered(Answer::Stale {
            revision: 8,
            draft: Box::new(document(Subject::Nobody)),
        });
        assert_eq!(keeping.standing(), &Standing::Saving);
        assert_eq!(kept(&keeping), [SECOND]);
        assert_eq!(keeping.revision(), 8);
    }

    #[test]
    fn what_somebody_else_saved_is_not_written_over() {
        let mut keeping = saving();
        keeping.answered(Answer::Stale {
            revision: 8,
            draft: Box::new(document(Subject::Runner)),
        });
        assert_eq!(keeping.standing(), &Standing::Stale);
        assert_eq!(kept(&keeping), [FIRST]);
        keeping.edited(vec![SECOND], None);
        assert_eq!(keeping.next(&document(Subject::Arrivals)), None);
        assert_eq!(kept(&keeping), [FIRST, SECOND]);
    }

    #[test]
    fn what_is_refused_is_tried_with_what_comes_next() {
        let mut keeping = saving();
        keeping.answered(Answer::Refused("too large".to_owned()));
        assert_eq!(
            keeping.standing(),
            &Standing::Refused("too large".to_owned())
        );
        keeping.edited(vec![SECOND], None);
        let save = keeping.next(&document(Subject::Arrivals)).unwrap();
        assert_eq!(save.edits, [FIRST, SECOND]);
    }
}

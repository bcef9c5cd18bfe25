//! Rosters: from a file to the store, and from the store to "who is it".

mod file;
mod index;

pub use file::{Rejected, RosterFile, parse};
pub use index::RosterIndex;

use crate::{Caller, ServiceError, setup};
use model::EventId;
use store::Store;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    pub imported: u64,
    pub updated: u64,
    /// Rows that were in the roster already, just so.
    pub unchanged: u64,
    pub rejected: Vec<Rejected>,
}

/// Brings a roster file into an event. Never deletes anybody; a row that cannot be used is
/// rejected with its line and reason, and the others go in.
pub async fn import(
    store: &dyn Store,
    caller: Caller,
    event: EventId,
    bytes: &[u8],
) -> Result<Imported, ServiceError> {
    let scope = setup::scope_of_event(store, caller, event).await?;
    let RosterFile { rows, mut rejected } = parse(bytes)?;
    let people: Vec<_> = rows.iter().map(|(_, person)| person.clone()).collect();
    let done = store.import_roster(&scope, event, &people).await?;
    let line_of = |bib: &str| {
        rows.iter()
            .find(|(_, person)| model::fold_tag(&person.bib) == model::fold_tag(bib))
            .map_or(0, |(line, _)| *line)
    };
    for conflict in &done.conflicts {
        rejected.push(Rejected {
            line: line_of(&conflict.bib),
            reason: format!(
                "chip {} belongs to bib {}; it was left there, and the rest of the row went in",
                conflict.chip, conflict.owner_bib
            ),
        });
    }
    rejected.sort_by_key(|row| row.line);
    Ok(Imported {
        imported: done.imported,
        updated: done.updated,
        unchanged: done.unchanged,
        rejected,
    })
}

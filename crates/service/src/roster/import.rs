//! A roster file brought in at once, as the command line does it.

use super::{Mapping, Reading, Rejected, apply, fields_of, parse, plan, unwatched};
use crate::{Caller, Right, ServiceError, setup};
use chrono::NaiveDate;
use model::EventId;
use store::{PartnerScope, Store};

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
    caller: &Caller,
    event: EventId,
    bytes: &[u8],
) -> Result<Imported, ServiceError> {
    let scope = setup::scope_of_event(store, caller, event, Right::Run).await?;
    let event_on = event_on(store, &scope, event).await?;
    let remembered = remembered(store, &scope, event).await?;
    let file = parse(bytes, remembered.as_ref(), event_on, &mut unwatched)?;
    let present = store.participants(&scope, event).await?;
    let races = store.races(&scope, event).await?;
    let fields = fields_of(&file.mapping);
    let reading = Reading {
        rows: &file.rows,
        fields: &fields,
        is_part: false,
    };
    let plan = plan(&present, reading, &races, store::new_participant_id);
    let written = apply::write(store, &scope, event, &plan, &mut |_| false).await?;
    remember(store, &scope, event, &file.mapping).await?;
    let doubts = file.doubts.into_iter();
    let mut rejected = file.rejected;
    rejected.extend(doubts.map(|doubt| said(doubt.line, doubt.reason)));
    rejected.extend(plan.rejected);
    rejected.extend(plan.races.into_iter().map(|race| {
        let reason = format!(
            "the race {}, or a wave of it, is not made yet; its people went in without it; make it \
             and import the file again",
            race.name
        );
        said(file.header_line, reason)
    }));
    rejected.extend(written.rejected);
    rejected.sort_by_key(|row| row.line);
    Ok(Imported {
        imported: written.added,
        updated: written.updated,
        unchanged: plan.unchanged,
        rejected,
    })
}

pub(super) fn said(line: u64, reason: String) -> Rejected {
    Rejected {
        line,
        reason,
        cells: Vec::new(),
    }
}

pub(super) async fn event_on(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
) -> Result<NaiveDate, ServiceError> {
    let date = store.event(scope, event).await?.date;
    let parsed = date.parse();
    parsed.map_err(|_| ServiceError::invalid("date", format!("the event's date {date} is none")))
}

/// How the event's last file was understood.
pub(super) async fn remembered(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
) -> Result<Option<Mapping>, ServiceError> {
    let text = store.roster_mapping(scope, event).await?;
    // One of a version that nobody knows any more is none.
    Ok(serde_json::from_str(&text).ok())
}

pub(super) async fn remember(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    mapping: &Mapping,
) -> Result<(), ServiceError> {
    let text = serde_json::to_string(mapping).expect("a mapping is JSON");
    if store.roster_mapping(scope, event).await? == text {
        return Ok(());
    }
    match store.set_roster_mapping(scope, event, &text).await {
        // A file with that many columns is understood anew each time.
        Err(store::StoreError::TooMany { .. }) => Ok(()),
        done => Ok(done?),
    }
}

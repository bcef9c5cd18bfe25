//! The roster: looked through window by window, repaired by hand, and files for it.

#[cfg(feature = "ssr")]
use super::{Backend, backend};
use super::{RpcError, event::EventRow};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{DeedId, EventId, Participant, ParticipantId, Unit, WaveId};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
mod search;
#[cfg(feature = "ssr")]
pub(super) use search::with_bib;

/// Rows of a window of the table; the server sends no more at once.
pub const WINDOW_ROWS: usize = 100;

/// All that the page needs at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterHead {
    pub event: EventRow,
    /// As they are called on the page, races in their order.
    pub waves: Vec<(WaveId, String)>,
    pub page: RosterWindow,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterQuery {
    pub text: String,
    /// Best first where it is searched, else by bib.
    pub sort: Option<(SortBy, bool)>,
    pub offset: usize,
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SortBy {
    Bib,
    Name,
    Race,
    Gender,
    Age,
    City,
    Team,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterWindow {
    /// Another one means that the roster is another.
    pub revision: u64,
    /// On the roster.
    pub total: usize,
    /// By the search.
    pub found: usize,
    pub rows: Vec<RosterLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterLine {
    pub id: ParticipantId,
    pub bib: String,
    pub name: String,
    pub race: String,
    pub gender: String,
    pub age: Option<u16>,
    pub city: String,
    /// Team, or else division.
    pub team: String,
    pub chips: String,
    pub withdrawn: bool,
    pub private: bool,
    pub edited: bool,
}

/// A column of an uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    pub header: String,
    /// What it is taken for.
    pub word: String,
    pub sure: bool,
    pub samples: Vec<String>,
}

/// What somebody decided of a file's columns, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionForm {
    pub words: Vec<String>,
    pub day_first: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewView {
    pub rows: usize,
    /// None in a file of chips.
    pub columns: Vec<ColumnView>,
    pub question: Option<DateQuestion>,
    /// Or why nothing can happen until the columns are mended.
    pub outcome: Result<OutcomeView, String>,
}

/// A date that can be read in two ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateQuestion {
    pub header: String,
    pub example: String,
    pub day_first: bool,
}

/// The first of a list, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListView<T> {
    pub count: usize,
    pub first: Vec<T>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeView {
    pub added: ListView<Who>,
    pub changed: ListView<Who>,
    pub unchanged: u64,
    pub kept: ListView<Who>,
    pub missing: ListView<Who>,
    pub rejected: ListView<RejectedRow>,
    /// Rows that go in but for something.
    pub doubts: ListView<RejectedRow>,
    pub races: Vec<WantedRace>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    pub bib: String,
    pub name: String,
    /// What of them.
    pub fields: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    pub line: u64,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedRace {
    pub name: String,
    pub is_there: bool,
    pub distance: Option<(u32, Unit)>,
    pub waves: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StageView {
    Waiting,
    /// Rows so far of so many; 0 where nobody knows.
    Working {
        rows: usize,
        of: usize,
    },
    Done(ImportedView),
    Stopped(ImportedView),
    Failed(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedView {
    pub imported: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
}

#[server(prefix = "/rpc", endpoint = "roster", input = Json, output = Postcard)]
pub async fn read_roster(event: EventId) -> Result<RosterHead, RpcError> {
    let Backend { node, caller } = backend()?;
    let row = service::setup::event(node.store(), &caller, event).await?;
    let waves = search::waves(&node, &caller, event).await?;
    let query = RosterQuery {
        limit: WINDOW_ROWS,
        ..RosterQuery::default()
    };
    let page = search::page(&node, &caller, event, &query).await?;
    Ok(RosterHead {
        event: super::event::event_row(row, node.clock.now())?,
        waves,
        page,
    })
}

#[server(prefix = "/rpc", endpoint = "roster-page", input = Json, output = Postcard)]
pub async fn roster_page(event: EventId, query: RosterQuery) -> Result<RosterWindow, RpcError> {
    let Backend { node, caller } = backend()?;
    search::page(&node, &caller, event, &query).await
}

#[server(prefix = "/rpc", endpoint = "participant", input = Json, output = Postcard)]
pub async fn read_participant(event: EventId, id: ParticipantId) -> Result<Participant, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::roster::hand::person(node.store(), &caller, event, id).await?)
}

/// The id of what is handed in is not looked at.
#[server(prefix = "/rpc", endpoint = "add-participant", input = Json, output = Postcard)]
pub async fn add_participant(
    event: EventId,
    new: Participant,
) -> Result<(ParticipantId, DeedId), RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::roster::hand::add(node.store(), &caller, event, new, now).await?)
}

/// From what the page showed to what is wanted; nothing where they are the same.
#[server(prefix = "/rpc", endpoint = "edit-participant", input = Json, output = Postcard)]
pub async fn edit_participant(
    event: EventId,
    before: Participant,
    wanted: Participant,
) -> Result<Option<DeedId>, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::roster::hand::edit(node.store(), &caller, event, before, wanted, now).await?)
}

#[server(prefix = "/rpc", endpoint = "withdraw-participant", input = Json, output = Postcard)]
pub async fn withdraw_participant(
    event: EventId,
    id: ParticipantId,
    withdrawn: bool,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::roster::hand::withdraw(node.store(), &caller, event, id, withdrawn, now).await?)
}

#[server(prefix = "/rpc", endpoint = "remove-participant", input = Json, output = Postcard)]
pub async fn remove_participant(event: EventId, id: ParticipantId) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::roster::hand::remove(node.store(), &caller, event, id, now).await?)
}

#[server(prefix = "/rpc", endpoint = "swap-bibs", input = Json, output = Postcard)]
pub async fn swap_bibs(
    event: EventId,
    one: ParticipantId,
    other: ParticipantId,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::roster::hand::swap_bibs(node.store(), &caller, event, (one, other), now).await?)
}

/// From now on, or as if they had always had it.
#[server(prefix = "/rpc", endpoint = "give-chip", input = Json, output = Postcard)]
pub async fn give_chip(
    event: EventId,
    id: ParticipantId,
    tag: String,
    from_now: bool,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    let from = from_now.then_some(now);
    Ok(service::roster::hand::give_chip(node.store(), &caller, event, id, &tag, from, now).await?)
}

/// What an uploaded file would do.
#[server(prefix = "/rpc", endpoint = "preview-roster", input = Json, output = Postcard)]
pub async fn preview_roster(
    event: EventId,
    upload: u64,
    decision: Option<DecisionForm>,
) -> Result<PreviewView, RpcError> {
    use service::roster::{DateOrder, Decision, UploadId};
    let Backend { node, caller } = backend()?;
    let decision = decision.map(|form| Decision {
        columns: form.words,
        date_order: form.day_first.map(|day_first| match day_first {
            true => DateOrder::DayFirst,
            false => DateOrder::MonthFirst,
        }),
    });
    let preview = node
        .preview(&caller, event, UploadId(upload), decision)
        .await?;
    Ok(view_of(preview))
}

#[server(prefix = "/rpc", endpoint = "apply-roster", input = Json, output = Postcard)]
pub async fn apply_roster(event: EventId, upload: u64, make_races: bool) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let id = service::roster::UploadId(upload);
    Ok(node.apply(&caller, event, id, make_races).await?)
}

#[server(prefix = "/rpc", endpoint = "roster-stage", input = Json, output = Postcard)]
pub async fn roster_stage(event: EventId, upload: u64) -> Result<StageView, RpcError> {
    use service::roster::{Imported, Stage, UploadId};
    let Backend { node, caller } = backend()?;
    let view = |done: Imported| ImportedView {
        imported: done.imported,
        updated: done.updated,
        unchanged: done.unchanged,
        rejected: done.rejected.len() as u64,
    };
    let stage = node.upload_stage(&caller, event, UploadId(upload)).await?;
    Ok(match stage {
        Stage::Waiting => StageView::Waiting,
        Stage::Working { rows, of } => StageView::Working { rows, of },
        Stage::Done(done) => StageView::Done(view(done)),
        Stage::Stopped(done) => StageView::Stopped(view(done)),
        Stage::Failed(problem) => StageView::Failed(problem),
    })
}

#[server(prefix = "/rpc", endpoint = "stop-roster", input = Json, output = Postcard)]
pub async fn stop_roster(event: EventId, upload: u64) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let id = service::roster::UploadId(upload);
    Ok(node.stop_upload(&caller, event, id).await?)
}

#[cfg(feature = "ssr")]
fn view_of(preview: service::roster::Preview) -> PreviewView {
    use service::roster::{DateOrder, Outcome, Question};
    let columns = preview.columns.into_iter().map(|column| ColumnView {
        word: column.column.word().to_owned(),
        header: column.header,
        sure: column.is_sure,
        samples: column.samples,
    });
    let question = preview.questions.into_iter().next();
    let outcome = preview.outcome.map(|outcome| {
        let Outcome {
            added,
            changed,
            unchanged,
            kept,
            missing,
            rejected,
            doubts,
            races,
        } = outcome;
        let races = races.into_iter().map(|race| WantedRace {
            name: race.name,
            is_there: race.is_there,
            distance: race.distance,
            waves: race.waves,
        });
        OutcomeView {
            added: list(added, who),
            changed: list(changed, who),
            unchanged,
            kept: list(kept, who),
            missing: list(missing, who),
            rejected: list(rejected, |row| RejectedRow {
                line: row.line,
                reason: row.reason,
            }),
            doubts: list(doubts, |row| RejectedRow {
                line: row.line,
                reason: row.reason,
            }),
            races: races.collect(),
        }
    });
    PreviewView {
        rows: preview.rows,
        columns: columns.collect(),
        question: question.map(
            |Question::DateOrder {
                 header,
                 example,
                 taken,
                 ..
             }| DateQuestion {
                header,
                example,
                day_first: taken == DateOrder::DayFirst,
            },
        ),
        outcome: outcome.map_err(|error| error.to_string()),
    }
}

#[cfg(feature = "ssr")]
fn list<T, U>(all: service::roster::Beginning<T>, view: impl Fn(T) -> U) -> ListView<U> {
    ListView {
        count: all.count,
        first: all.first.into_iter().map(view).collect(),
    }
}

#[cfg(feature = "ssr")]
fn who(planned: service::roster::Planned) -> Who {
    let fields = planned.fields.iter();
    let fields = fields.map(|field| field.name().replace('-', " "));
    Who {
        fields: fields.collect(),
        bib: planned.bib,
        name: planned.name,
    }
}

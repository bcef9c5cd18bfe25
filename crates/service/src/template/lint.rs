//! A template is looked over with an event's people, and published by who knows what was found.
//!
//! Owns when somebody is asked: of each finding once, until it is mended and comes back. What there
//! is to find is `render::lint`'s.

use super::{Publish, publish_template, scope_of_template};
use crate::{Caller, Right, ServiceError, limits, sample, setup::scope_of_event};
use model::{
    EventId, Finding, Panel, TemplateId, UnixMicros,
    limits::{
        PANEL_WIDTH_MM_MAX, PANEL_WIDTH_MM_MIN, VIEWING_DISTANCE_MM_MAX, VIEWING_DISTANCE_MM_MIN,
    },
};
use render::{
    fit::Advances,
    lint::{Facts, findings},
};
use store::Store;
use tokio::sync::Semaphore;

/// What a template is judged with, beside what is stored of it.
#[derive(Clone, Copy, Debug)]
pub struct Audience {
    /// Whose people it is tried with.
    pub event: EventId,
    /// Screens of `Level::Lite` that show it, or are about to.
    pub lite_screens: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Of the draft that was looked at.
    pub revision: u64,
    pub panel: Option<Panel>,
    pub findings: Vec<Finding>,
    /// The keys of those that somebody has published it in spite of.
    pub accepted: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// The number of the version.
    Version(u32),
    /// Nothing was done: these are not accepted yet, and not all of them were seen.
    Asks(Vec<Finding>),
}

/// Past it: whoever comes waits.
static TURNS: Semaphore = Semaphore::const_new(limits::LINTS_AT_ONCE);

pub async fn lint_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    audience: Audience,
    now: UnixMicros,
) -> Result<Checked, ServiceError> {
    let Audience {
        event,
        lite_screens,
    } = audience;
    let scope = scope_of_template(store, caller, id, Right::See).await?;
    let of_event = scope_of_event(store, caller, event, Right::See).await?;
    if of_event.partner() != scope.partner() {
        return Err(ServiceError::NotFound {
            what: "template",
            which: id.to_string(),
            hint: "it is another partner's than the event",
        });
    }
    // A roster is large, so no more of them are in memory either.
    let _turn = TURNS.acquire().await.expect("nobody closes it");
    let draft = store.draft(&scope, id).await?;
    let samples = sample::samples(store, caller, event, now).await?;
    let pool = store.messages(&of_event, event).await?;
    let messages: Vec<String> = pool.into_iter().map(|message| message.text).collect();
    let (panel, document) = (draft.panel, draft.document);
    let work = move || {
        let facts = Facts {
            panel,
            board: &samples.board,
            people: &samples.people,
            messages: &messages,
            lite_screens,
            advances: Advances::shipped(),
        };
        findings(&document, &facts)
    };
    let findings = tokio::task::spawn_blocking(work).await;
    Ok(Checked {
        revision: draft.revision,
        panel,
        findings: findings.expect("the lint ends, and does not panic"),
        accepted: draft.accepted,
    })
}

/// Publishes unless there is something to be asked. `publish.accepted` are the keys of findings
/// that somebody has seen and publishes in spite of; those of earlier times are remembered.
pub async fn publish_checked(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    audience: Audience,
    mut publish: Publish,
    now: UnixMicros,
) -> Result<Published, ServiceError> {
    scope_of_template(store, caller, id, Right::Run).await?;
    let checked = lint_template(store, caller, id, audience, now).await?;
    let Checked {
        findings, accepted, ..
    } = checked;
    let keys: Vec<String> = findings.iter().map(Finding::key).collect();
    let is_seen = |key: &String| accepted.contains(key) || publish.accepted.contains(key);
    if !keys.iter().all(is_seen) {
        let open = findings.into_iter().zip(keys);
        let open = open.filter(|(_, key)| !accepted.contains(key));
        return Ok(Published::Asks(open.map(|(finding, _)| finding).collect()));
    }
    // What is mended is not remembered: it is asked again when it comes back.
    publish.accepted = keys;
    let number = publish_template(store, caller, id, publish, now).await?;
    Ok(Published::Version(number))
}

/// The screen that it is for. `None`: sizes are not judged.
pub async fn set_panel(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    panel: Option<Panel>,
) -> Result<(), ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    if let Some(panel) = panel {
        let widths = PANEL_WIDTH_MM_MIN..=PANEL_WIDTH_MM_MAX;
        let distances = VIEWING_DISTANCE_MM_MIN..=VIEWING_DISTANCE_MM_MAX;
        for (field, value_mm, range) in [
            ("width", panel.width_mm, widths),
            ("distance", panel.distance_mm, distances),
        ] {
            if !range.contains(&value_mm) {
                let [least, most] = [range.start(), range.end()].map(|mm| f64::from(*mm) / 1_000.0);
                let problem = format!("it is not between {least} and {most} m");
                return Err(ServiceError::invalid(field, problem));
            }
        }
    }
    Ok(store.set_panel(&scope, id, panel).await?)
}

//! What is set up by hand for an event's timing, and people to choose from. Alters rarely.

use crate::{Caller, Node, Right, ServiceError, limits, setup};
use model::{EventId, PointId, TagRange, UnixMicros, fold_tag, timing_view::Whose};
use store::Stream;

#[derive(Clone, Debug)]
pub struct TimingFacts {
    /// Along the course.
    pub points: Vec<PointFacts>,
    pub ignored: Vec<TagRange>,
    pub streams: Vec<Stream>,
    /// Whether a tag that is no chip may be a bib.
    pub tags_are_bibs: bool,
    /// Whether there are reads of the simulator that nobody has put aside.
    pub simulated: bool,
}

#[derive(Clone, Debug)]
pub struct PointFacts {
    pub id: PointId,
    pub name: String,
    /// `None`: all of its reads count.
    pub counts_from: Option<UnixMicros>,
}

pub async fn facts(
    node: &Node,
    caller: &Caller,
    event: EventId,
) -> Result<TimingFacts, ServiceError> {
    let store = node.store();
    let scope = setup::scope_of_event(store, caller, event, Right::See).await?;
    let row = store.event(&scope, event).await?;
    let marks = store.zero_counts(&scope, event).await?;
    let points = store.points(&scope, event).await?.into_iter();
    let points = points.map(|point| PointFacts {
        counts_from: marks.iter().find(|(of, _)| *of == point.id).map(|it| it.1),
        id: point.id,
        name: point.name,
    });
    let roster = node.registry.roster(event);
    Ok(TimingFacts {
        points: points.collect(),
        ignored: store.ignored_tags(&scope, event).await?,
        streams: store.streams(&scope, event).await?,
        tags_are_bibs: roster.is_none_or(|roster| roster.bibs_count()),
        simulated: has_simulated(node, event, row.simulated_until),
    })
}

/// Told from memory, as all of this page: after a restart, once the simulator sends again.
fn has_simulated(node: &Node, event: EventId, put_aside_until: Option<UnixMicros>) -> bool {
    let newest = node.watch.counter.last();
    let streams = node.registry.streams().into_iter();
    let mut own = streams.filter(|stream| stream.event == event);
    own.any(|stream| {
        let watch = stream.watch();
        let mut reads = watch.reads(0, newest);
        reads.any(|read| read.simulated && Some(read.received_at) > put_aside_until)
    })
}

/// Those whose bib is the text first, then those whose bib or name begins with it or has it in it.
pub async fn find_people(
    node: &Node,
    caller: &Caller,
    event: EventId,
    text: &str,
) -> Result<Vec<Whose>, ServiceError> {
    let store = node.store();
    let scope = setup::scope_of_event(store, caller, event, Right::See).await?;
    let (folded, text) = (fold_tag(text), text.trim().to_lowercase());
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let place = |bib: &str, name: &str| {
        let name = name.to_lowercase();
        if fold_tag(bib) == folded {
            Some(0)
        } else if name.split(' ').any(|word| word.starts_with(&text)) {
            Some(1)
        } else if bib.to_lowercase().starts_with(&text) {
            Some(2)
        } else {
            name.contains(&text).then_some(3)
        }
    };
    let whose = |person: &model::Participant| {
        let name = person.name();
        let place = place(&person.bib, &name)?;
        let found = Whose {
            participant: person.id,
            bib: person.bib.clone(),
            name,
        };
        Some((place, found))
    };
    let mut found: Vec<_> = match node.registry.roster(event) {
        Some(roster) => roster.people().iter().filter_map(whose).collect(),
        None => {
            let people = store.participants(&scope, event).await?;
            people.iter().filter_map(whose).collect()
        }
    };
    found.sort_by(|a, b| {
        let key = |it: &(i32, Whose)| (it.0, it.1.bib.len(), it.1.bib.clone());
        key(a).cmp(&key(b))
    });
    found.truncate(limits::PEOPLE_FOUND_MAX);
    Ok(found.into_iter().map(|(_, whose)| whose).collect())
}

//! Reads that need a person: tags that are nobody's.

use super::shown;
use crate::{Caller, Node, Right, ServiceError, node::EventEntry, setup, watch::Unknown};
use model::{
    EventId, UnixMicros, fold_tag,
    limits::EXCEPTIONS_MAX,
    timing_view::{Exceptions, UnknownTag},
};
use std::collections::HashMap;

/// The tags of an event that are nobody's as the roster is now, and that nobody has ignored.
pub async fn exceptions(
    node: &Node,
    caller: &Caller,
    event: EventId,
) -> Result<Exceptions, ServiceError> {
    setup::scope_of_event(node.store(), caller, event, Right::See).await?;
    let Some(entry) = node.registry.event(event) else {
        return Ok(Exceptions::default());
    };
    let (activity, others) = activity(node, event, &entry);
    let mut tags: Vec<_> = activity.into_values().collect();
    tags.sort_by(|a, b| (b.last_at, &a.tag).cmp(&(a.last_at, &b.tag)));
    let more = tags.len().saturating_sub(EXCEPTIONS_MAX) as u64 + others;
    tags.truncate(EXCEPTIONS_MAX);
    Ok(Exceptions { tags, more })
}

/// What the event's unknown tags did, by folded tag, and how many reads are of further ones.
///
/// The one place that says where this is known from: the watches of the streams, which begin with
/// the server. What was read before comes from the store's activity of tags, which is to be joined
/// here.
fn activity(node: &Node, event: EventId, entry: &EventEntry) -> (HashMap<String, UnknownTag>, u64) {
    let mut found: HashMap<String, UnknownTag> = HashMap::new();
    let mut others = 0;
    for stream in node.registry.streams() {
        if stream.event != event {
            continue;
        }
        let watch = stream.watch();
        others += watch.unknown.others;
        let listed = watch.unknown.list();
        let listed: Vec<(String, Unknown)> = listed
            .map(|(folded, tag)| (folded.to_owned(), tag.clone()))
            .collect();
        drop(watch);
        for (folded, unknown) in listed {
            if entry.knows(&unknown.tag) || entry.is_ignored(&unknown.tag) {
                continue;
            }
            debug_assert_eq!(folded, fold_tag(&unknown.tag));
            let tag = found.entry(folded).or_insert_with(|| UnknownTag {
                tag: shown(&unknown.tag),
                reads: 0,
                points: Vec::new(),
                first_at: UnixMicros(i64::MAX),
                last_at: UnixMicros(i64::MIN),
            });
            tag.reads += unknown.reads;
            tag.first_at = tag.first_at.min(unknown.first_at);
            tag.last_at = tag.last_at.max(unknown.last_at);
            for place in &unknown.places {
                let point = entry.point_of(&stream, place);
                let name = shown(point.as_ref().map_or(&**place, |(_, name)| name));
                if !tag.points.contains(&name) {
                    tag.points.push(name);
                }
            }
        }
    }
    (found, others)
}

//! What the demo's start page shows, from the node's memory.

use crate::{http::Web, listen::ListenerState, serve::reachable};
use app::overview::{Connection, ConnectionState, Display, Overview, Totals};
use model::UnixMicros;
use service::ingest;
use std::sync::atomic::Ordering;

/// A connection without a read for so long counts as silent.
const SILENT_MS: i64 = 60_000;

/// `host` is how the asker reached this server; share links begin with it unless one is set.
pub fn of(web: &Web, host: Option<&str>) -> Overview {
    let now = web.node.clock.now();
    let (timing_address, timing_trouble) = listener(web);
    let displays = displays(web, host, now);
    let connections = connections(web, now);
    let mut totals = Totals {
        screens: u64::try_from(web.node.hub.sockets()).unwrap_or(0),
        unknown: Some(0),
        ..Totals::default()
    };
    for stream in web.node.registry.streams() {
        totals.reads += stream.counters.reads.load(Ordering::Relaxed);
        totals.duplicates += stream.counters.duplicates.load(Ordering::Relaxed);
        totals.late += stream.counters.late.load(Ordering::Relaxed);
        let unknown = totals.unknown.zip(stream.counters.unknown.known());
        totals.unknown = unknown.map(|(sum, of_stream)| sum + of_stream);
    }
    for display in web.node.registry.displays() {
        totals.frames += web
            .node
            .hub
            .status(&display.code)
            .map_or(0, |status| status.frames);
    }
    Overview {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        timing_address,
        timing_trouble,
        displays,
        connections,
        totals,
    }
}

/// The address that devices connect to, empty where it is not open, and all that is wrong.
pub fn listener(web: &Web) -> (String, String) {
    let address = match web.listeners.shared() {
        Some(ListenerState::Open(open)) => reachable(open).to_string(),
        Some(ListenerState::Failed(_)) | None => String::new(),
    };
    let failed = |state| match state {
        ListenerState::Open(_) => None,
        ListenerState::Failed(reason) => Some(reason),
    };
    let states = web.listeners.states().into_values();
    let mut troubles: Vec<_> = states.filter_map(failed).collect();
    let journal = web.node.journal.state();
    if let Some(trouble) = journal.trouble {
        troubles.push(format!(
            "the database cannot be written ({trouble}); reads wait in memory"
        ));
    }
    if web.node.journal.is_full() {
        troubles.push("the queue of reads is full; devices are made to wait".to_owned());
    }
    (address, troubles.join("; "))
}

fn displays(web: &Web, host: Option<&str>, now: UnixMicros) -> Vec<Display> {
    let base = match (&web.base_url, host) {
        (Some(base), _) => base.clone(),
        (None, Some(host)) => format!("http://{host}"),
        (None, None) => String::new(),
    };
    let list = web.node.registry.displays().into_iter().map(|display| {
        let event = web.node.registry.event(display.event);
        let status = web.node.hub.status(&display.code);
        let points = event.iter().flat_map(|event| &event.points);
        Display {
            name: event
                .as_ref()
                .map(|event| event.name.clone())
                .unwrap_or_default(),
            points: points
                .filter(|(id, _)| display.points.contains(id))
                .map(|(_, name)| name.clone())
                .collect(),
            template: display.template.to_string(),
            url: format!("{base}/d/{}", display.code),
            screens: status.as_ref().map_or(0, |status| {
                u32::try_from(status.sockets).unwrap_or(u32::MAX)
            }),
            last_frame_age_ms: status.map(|status| age_ms(now, status.sent_at)),
        }
    });
    list.collect()
}

fn connections(web: &Web, now: UnixMicros) -> Vec<Connection> {
    let list = web.node.connections.list().into_iter().map(|status| {
        let runtime = status
            .stream
            .and_then(|stream| web.node.registry.stream(stream));
        let alarms = runtime.as_ref().map_or_else(Vec::new, |runtime| {
            let intake = runtime.intake();
            let wrong = intake.wrong_clocks(now);
            let here = wrong.iter().filter(|clock| {
                status.locations.is_empty() || status.locations.contains(&clock.location)
            });
            here.map(ToString::to_string).collect()
        });
        let silent = status
            .last_read_at
            .is_none_or(|at| now.ms_since(at) > SILENT_MS);
        let count = |pick: fn(&service::node::StreamCounters) -> &std::sync::atomic::AtomicU64| {
            runtime
                .as_ref()
                .map_or(0, |runtime| pick(&runtime.counters).load(Ordering::Relaxed))
        };
        Connection {
            peer: status.peer.to_string(),
            program: status.program,
            version: status.version,
            stream: runtime.as_ref().map(|runtime| runtime.row().name),
            event: status.event_name.unwrap_or_default(),
            locations: status.locations,
            reads: status.reads,
            duplicates: count(|counters| &counters.duplicates),
            late: count(|counters| &counters.late),
            unknown: match &runtime {
                Some(runtime) => runtime.counters.unknown.known(),
                None => Some(0),
            },
            last_read_age_ms: status.last_read_at.map(|at| age_ms(now, at)),
            clock_difference_ms: status.clock_difference_ms.map(|behind| -behind),
            state: match status.state {
                ingest::ConnectionState::Identifying => ConnectionState::Connecting,
                ingest::ConnectionState::Unclaimed => ConnectionState::Unclaimed,
                ingest::ConnectionState::Ended => ConnectionState::Gone,
                ingest::ConnectionState::Held | ingest::ConnectionState::Stale => {
                    ConnectionState::Silent
                }
                ingest::ConnectionState::Streaming if silent => ConnectionState::Silent,
                ingest::ConnectionState::Streaming => ConnectionState::Streaming,
            },
            alarms,
        }
    });
    list.collect()
}

fn age_ms(now: UnixMicros, then: UnixMicros) -> u64 {
    u64::try_from(now.ms_since(then)).unwrap_or(0)
}

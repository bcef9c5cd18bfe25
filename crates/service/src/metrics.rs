//! What the node counts and measures, in the form that Prometheus scrapes.
//!
//! Knows no HTTP. No label takes its values from the network: what is per stream stands on the
//! pages of its partner, and a scrape stays as small as it is.

use model::UnixMicros;
use prometheus_client::{
    encoding::text::{encode_eof, encode_registry},
    metrics::{counter::Counter, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use std::{sync::atomic::AtomicU64, time::Duration};

/// Seconds, from the commit of one read alone to a database that was away for minutes.
const DELAY_BUCKETS_S: [f64; 13] = [
    0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0,
];

/// Seconds; the budget is 2 ms for half of them and 10 ms for nearly all (design §8).
const FRAME_BUCKETS_S: [f64; 11] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0,
];

const BATCH_BUCKETS: [f64; 8] = [1.0, 4.0, 16.0, 64.0, 256.0, 1_024.0, 4_096.0, 16_384.0];

/// Counters rise from zero with each start of the server, as Prometheus expects.
pub struct Metrics {
    registry: Registry,
    pub(crate) reads: Counter,
    pub(crate) duplicates: Counter,
    pub(crate) late: Counter,
    pub(crate) unknown: Counter,
    pub(crate) quarantined: Counter,
    pub(crate) journal_delay_s: Histogram,
    pub(crate) journal_batch_reads: Histogram,
    pub(crate) frames: Counter,
    pub(crate) read_to_frame_s: Histogram,
    gauges: Gauges,
    backups: Backups,
}

/// How it stands with the backups that the server makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupReport {
    pub works: bool,
    /// Since the newest one was made and checked; `None` before the first.
    pub age: Option<Duration>,
}

/// In a registry of their own: a server that makes none says nothing of them.
struct Backups {
    registry: Registry,
    works: Gauge,
    age_s: Gauge<f64, AtomicU64>,
}

/// Set at each scrape from what the node holds.
#[derive(Default)]
struct Gauges {
    journal_writes: Gauge,
    journal_queue_bytes: Gauge,
    sockets: Gauge,
    displays: Gauge,
    connections: Gauge,
    unclaimed: Gauge,
}

/// What the node holds at the moment of a scrape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) journal_writes: bool,
    pub(crate) journal_queue_bytes: usize,
    pub(crate) sockets: usize,
    pub(crate) displays: usize,
    pub(crate) connections: usize,
    pub(crate) unclaimed: usize,
    pub(crate) backups: Option<BackupReport>,
}

impl Default for Backups {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gantry");
        let works = Gauge::default();
        let age_s = Gauge::default();
        registry.register(
            "backup_works",
            "1 while backups are made as they should, 0 while there is an alarm",
            works.clone(),
        );
        registry.register_with_unit(
            "backup_age",
            "Since the newest backup was made and checked; infinite before the first",
            Unit::Seconds,
            age_s.clone(),
        );
        Self {
            registry,
            works,
            age_s,
        }
    }
}

impl Backups {
    fn set(&self, report: BackupReport) {
        self.works.set(i64::from(report.works));
        let age_s = report.age.map_or(f64::INFINITY, |age| age.as_secs_f64());
        self.age_s.set(age_s);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gantry");
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "The software that runs", Info::new(version));
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let reads = counter("reads", "Reads stored, each once");
        let duplicates = counter("duplicates", "Reads that were stored already");
        let late = counter(
            "late",
            "Stored reads that came too late to be shown as they happened",
        );
        let unknown = counter("unknown", "Reads of tags that are nobody's in the event");
        let quarantined = counter("quarantined", "Lines of connections that nobody owns");
        let frames = counter("frames", "States published to displays");
        let mut histogram = |name: &str, help: &str, unit: Option<Unit>, buckets: &[f64]| {
            let histogram = Histogram::new(buckets.iter().copied());
            match unit {
                Some(unit) => registry.register_with_unit(name, help, unit, histogram.clone()),
                None => registry.register(name, help, histogram.clone()),
            }
            histogram
        };
        let journal_delay_s = histogram(
            "journal_delay",
            "From the arrival of a read until it is stored and synced",
            Some(Unit::Seconds),
            &DELAY_BUCKETS_S,
        );
        let journal_batch_reads = histogram(
            "journal_batch_reads",
            "Reads handed to the database in one transaction",
            None,
            &BATCH_BUCKETS,
        );
        let read_to_frame_s = histogram(
            "read_to_frame",
            "From the arrival of a read until its frame is published",
            Some(Unit::Seconds),
            &FRAME_BUCKETS_S,
        );
        let gauges = Gauges::default();
        for (name, help, gauge) in [
            (
                "journal_writes",
                "1 while the database takes reads, 0 while they wait in memory",
                &gauges.journal_writes,
            ),
            (
                "journal_queue_bytes",
                "Reads in memory that are not stored yet",
                &gauges.journal_queue_bytes,
            ),
            ("sockets", "Screens connected", &gauges.sockets),
            ("displays", "Displays open", &gauges.displays),
            ("connections", "Timing connections", &gauges.connections),
            (
                "connections_unclaimed",
                "Timing connections that nobody owns",
                &gauges.unclaimed,
            ),
        ] {
            registry.register(name, help, gauge.clone());
        }
        Self {
            registry,
            reads,
            duplicates,
            late,
            unknown,
            quarantined,
            journal_delay_s,
            journal_batch_reads,
            frames,
            read_to_frame_s,
            gauges,
            backups: Backups::default(),
        }
    }
}

impl Metrics {
    /// In the text format of OpenMetrics 1.0.
    pub(crate) fn text(&self, held: Held) -> String {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let gauges = &self.gauges;
        gauges.journal_writes.set(i64::from(held.journal_writes));
        gauges
            .journal_queue_bytes
            .set(count(held.journal_queue_bytes));
        gauges.sockets.set(count(held.sockets));
        gauges.displays.set(count(held.displays));
        gauges.connections.set(count(held.connections));
        gauges.unclaimed.set(count(held.unclaimed));
        let mut text = String::new();
        let mut encoded = encode_registry(&mut text, &self.registry);
        if let Some(report) = held.backups {
            self.backups.set(report);
            encoded = encoded.and(encode_registry(&mut text, &self.backups.registry));
        }
        encoded
            .and(encode_eof(&mut text))
            .expect("a string takes all that is written to it");
        text
    }
}

/// For a histogram. A clock that was set back makes no negative time.
pub(crate) fn seconds_between(from: UnixMicros, to: UnixMicros) -> f64 {
    to.0.saturating_sub(from.0).max(0) as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_tells_what_was_counted_and_what_is_held() {
        let metrics = Metrics::default();
        metrics.reads.inc_by(3);
        metrics.journal_delay_s.observe(seconds_between(
            UnixMicros(1_000_000),
            UnixMicros(1_004_000),
        ));
        let text = metrics.text(Held {
            journal_writes: true,
            sockets: 7,
            ..Held::default()
        });
        for line in [
            "gantry_reads_total 3",
            "gantry_duplicates_total 0",
            "gantry_journal_delay_seconds_count 1",
            "gantry_journal_delay_seconds_bucket{le=\"0.002\"} 0",
            "gantry_journal_delay_seconds_bucket{le=\"0.005\"} 1",
            "gantry_journal_writes 1",
            "gantry_sockets 7",
            "gantry_connections_unclaimed 0",
            "# EOF",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} in:\n{text}"
            );
        }
    }

    #[test]
    fn a_scrape_tells_of_backups_where_there_are_to_be_some() {
        let check = |backups, lines: &[&str]| {
            let text = Metrics::default().text(Held {
                backups,
                ..Held::default()
            });
            let told = text
                .lines()
                .filter(|line| line.starts_with("gantry_backup"));
            assert_eq!(told.collect::<Vec<_>>(), lines);
            assert_eq!(text.matches("# EOF").count(), 1);
            assert!(text.ends_with("# EOF\n"), "{text}");
        };
        let report = |works, age_ms: Option<u64>| {
            let age = age_ms.map(Duration::from_millis);
            Some(BackupReport { works, age })
        };
        check(None, &[]);
        check(
            report(true, Some(90_500)),
            &["gantry_backup_works 1", "gantry_backup_age_seconds 90.5"],
        );
        check(
            report(false, None),
            &["gantry_backup_works 0", "gantry_backup_age_seconds inf"],
        );
    }

    #[test]
    fn a_clock_set_back_makes_no_negative_time() {
        let check = |from, to, seconds: f64| {
            let between = seconds_between(UnixMicros(from), UnixMicros(to));
            assert!((between - seconds).abs() < 1e-9, "{between}");
        };
        check(0, 1_500, 0.0015);
        check(5_000_000, 0, 0.0);
        check(i64::MIN, i64::MAX, i64::MAX as f64 / 1e6);
    }
}

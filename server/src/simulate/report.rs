//! The closing summary, for people and for machines.

use super::{
    Sender, SimArgs,
    args::StampArg,
    plan::{Plan, stamp_text},
};
use serde::Serialize;
use std::fmt;

/// Rows left out that the summary names; `rejected_rows` counts them all.
const REJECTED_MAX: usize = 100;

#[derive(Clone, Debug, Serialize)]
pub struct SimReport {
    /// Whether everything was sent that the server asked for.
    pub complete: bool,
    pub runners: usize,
    pub points: Vec<String>,
    pub seed: u64,
    pub speed: f64,
    /// `now` or `recorded`: what times the reads carried.
    pub stamp: &'static str,
    /// Runners over mats in the script.
    pub passages: usize,
    /// Reads in the script, whether sent or not.
    pub scripted: usize,
    /// Lines sent that were reads, each as often as it was sent.
    pub sent: u64,
    /// Reads sent that differ in location, tag, time, reader or antenna.
    pub distinct: u64,
    /// Of `sent`, lines sent before on this or an earlier connection.
    pub repeated: u64,
    /// Further reads of a passage.
    pub duplicates: u64,
    /// Chips that nobody has, staff tags and UNKNOWN.
    pub strays: u64,
    pub guns: u64,
    pub new_locations: u64,
    pub connections: u64,
    pub reconnects: u64,
    /// Connections that the simulator broke.
    pub hangups: u64,
    pub failed_dials: u64,
    /// Lines from the server that were not understood.
    pub unknown_lines: u64,
    pub bytes_sent: u64,
    pub seconds: f64,
    pub rejected_rows: usize,
    pub rejected: Vec<RejectedRow>,
    #[serde(skip)]
    stamp_text: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct RejectedRow {
    pub line: u64,
    pub reason: String,
}

impl SimReport {
    pub(super) fn new(plan: &Plan, args: &SimArgs, sender: &Sender<'_>) -> Self {
        let stats = sender
            .device
            .as_ref()
            .map(sim::Device::stats)
            .unwrap_or_default();
        let named = plan.rejected.iter().take(REJECTED_MAX);
        Self {
            complete: false,
            runners: plan.runners,
            points: plan
                .script
                .points()
                .iter()
                .map(|point| point.location.clone())
                .collect(),
            seed: args.seed,
            speed: args.speed,
            stamp: match args.stamp {
                StampArg::Now => "now",
                StampArg::Recorded => "recorded",
            },
            passages: plan.script.passages(),
            scripted: plan.script.reads().len(),
            sent: stats.read_lines,
            distinct: stats.distinct,
            repeated: stats.repeated_lines,
            duplicates: stats.duplicates,
            strays: stats.strays,
            guns: stats.guns,
            new_locations: stats.new_locations,
            connections: stats.connections,
            reconnects: stats.connections.saturating_sub(1),
            hangups: stats.hangups,
            failed_dials: sender.failed_dials,
            unknown_lines: stats.unknown_lines,
            bytes_sent: sender.bytes_sent,
            seconds: sender.began.elapsed().as_secs_f64(),
            rejected_rows: plan.rejected.len(),
            rejected: named
                .map(|row| RejectedRow {
                    line: row.line,
                    reason: row.reason.clone(),
                })
                .collect(),
            stamp_text: stamp_text(args),
        }
    }
}

impl fmt::Display for SimReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.complete {
            "the whole race"
        } else {
            "a part of the race"
        };
        write!(
            f,
            "{end}: {} lines sent in {:.1} s, {}: {} distinct reads of {} runners at {}, {} sent \
             again, {} duplicates, {} strays, {} guns, {} reconnects",
            self.sent,
            self.seconds,
            self.stamp_text,
            self.distinct,
            self.runners,
            self.points.join(", "),
            self.repeated,
            self.duplicates,
            self.strays,
            self.guns,
            self.reconnects,
        )?;
        if self.rejected_rows > 0 {
            write!(f, "; {} rows of the file were left out", self.rejected_rows)?;
        }
        Ok(())
    }
}

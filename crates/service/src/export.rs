//! Reads as a file, in the order in which they were stored.

use crate::{Caller, Right, ServiceError, setup};
use model::EventId;
use serde::Serialize;
use std::io::Write;
use store::{Store, StoredRead};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

/// Rows fetched from the store at a time.
const PAGE_READS: u32 = 5_000;

/// One exported read.
#[derive(Debug, Serialize)]
struct ReadLine {
    position: u64,
    stream: String,
    kind: &'static str,
    sequence: Option<u64>,
    location: String,
    tag: String,
    time: String,
    time_as_sent: String,
    occurrence: String,
    reader: String,
    antenna: String,
    received_at_us: i64,
    late: bool,
    /// By Gantry's own simulator: no result counts it.
    simulated: bool,
    raw: String,
}

/// Writes every read of an event. Returns how many.
pub async fn reads(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    format: Format,
    out: &mut (impl Write + Send),
) -> Result<u64, ServiceError> {
    let scope = setup::scope_of_event(store, caller, event, Right::See).await?;
    let failed = |error: &dyn std::fmt::Display| {
        ServiceError::invalid("out", format!("the file cannot be written: {error}"))
    };
    let mut csv = csv::Writer::from_writer(Vec::new());
    let mut count = 0;
    let mut after = 0;
    if format == Format::Json {
        out.write_all(b"[").map_err(|error| failed(&error))?;
    }
    loop {
        let page = store.reads_page(&scope, event, after, PAGE_READS).await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for row in page {
            let line = line_of(row);
            match format {
                Format::Csv => csv.serialize(&line).map_err(|error| failed(&error))?,
                Format::Json => {
                    out.write_all(if count == 0 { b"\n" } else { b",\n" })
                        .map_err(|error| failed(&error))?;
                    serde_json::to_writer(&mut *out, &line).map_err(|error| failed(&error))?;
                }
            }
            count += 1;
        }
        csv.flush().map_err(|error| failed(&error))?;
        out.write_all(csv.get_ref())
            .map_err(|error| failed(&error))?;
        let header_done = count > 0;
        csv = csv::WriterBuilder::new()
            .has_headers(!header_done)
            .from_writer(Vec::new());
    }
    if format == Format::Json {
        out.write_all(b"\n]\n").map_err(|error| failed(&error))?;
    }
    out.flush().map_err(|error| failed(&error))?;
    Ok(count)
}

fn line_of(row: StoredRead) -> ReadLine {
    let read = row.read;
    ReadLine {
        position: row.position,
        stream: read.stream.to_string(),
        kind: match read.kind {
            model::ReadKind::Tag => "tag",
            model::ReadKind::Gun => "gun",
        },
        sequence: read.sequence,
        location: read.location,
        tag: read.tag,
        time: read.wall.to_string(),
        time_as_sent: read.time_text,
        occurrence: read.occurrence,
        reader: read.reader,
        antenna: read.antenna,
        received_at_us: read.received_at.0,
        late: read.late,
        simulated: read.simulated,
        raw: String::from_utf8_lossy(&read.raw).into_owned(),
    }
}

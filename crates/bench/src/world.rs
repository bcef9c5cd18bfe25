//! A database to measure on: one partner, one event, one stream, thirty thousand runners with the
//! simulator's hard names, and displays of points. Made by the same use cases as the command line.

use crate::limits;
use anyhow::Context;
use model::{BuiltIn, DisplayCode, EventId, RundownOverrides, ShowMode, StreamId};
use service::{Caller, Clock, Right, roster, setup};
use sim::{Course, Field};
use std::{path::Path, sync::Arc, time::Duration};
use store::{Location, OpenMode, PartnerScope, Store};
use tempfile::TempDir;

/// What every display of a bench shows.
pub const DISPLAYED: BuiltIn = BuiltIn::Arrivals;

pub struct World {
    pub folder: TempDir,
    pub store: Arc<dyn Store>,
    pub scope: PartnerScope,
    pub event: EventId,
    pub stream: StreamId,
}

impl World {
    /// In a temporary folder beside the server's binary, so that it is a disk and not memory.
    pub async fn new(gantry: &Path) -> anyhow::Result<Self> {
        let beside = gantry
            .parent()
            .context("the server's binary lies in a folder")?;
        let folder = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(beside)?;
        let file = Location::Sqlite(folder.path().join("gantry.sqlite"));
        Self::at(folder, &file).await
    }

    /// In an empty database; the folder is for what lies beside it.
    pub async fn at(folder: TempDir, database: &Location) -> anyhow::Result<Self> {
        let store = store::open(database, OpenMode::Migrate).await?;
        let caller = &Caller::Shell;
        setup::create_partner(&*store, caller, "Bench Timing").await?;
        let date = "2026-03-06";
        let event =
            setup::create_event(&*store, caller, "Bench Timing", "Loopback Run", date, "UTC")
                .await?;
        let stream = setup::create_stream(&*store, caller, event, "Mats", "ctp01", None).await?;
        let scope = setup::scope_of_event(&*store, caller, event, Right::Run).await?;
        Ok(Self {
            folder,
            store,
            scope,
            event,
            stream,
        })
    }

    pub async fn import(&self, csv: &[u8]) -> anyhow::Result<roster::Imported> {
        Ok(roster::import(&*self.store, &Caller::Shell, self.event, csv).await?)
    }

    pub async fn display(&self, point: &str) -> anyhow::Result<DisplayCode> {
        let new = setup::NewDisplay {
            event: self.event,
            name: String::new(),
            mode: ShowMode::PreRace,
            template: DISPLAYED.into(),
            rundown: RundownOverrides::default(),
            stream: None,
            points: vec![point.to_owned()],
            ttl: Duration::from_secs(3_600),
        };
        let now = Clock::start().now();
        Ok(
            setup::create_display(&*self.store, &Caller::Shell, new, now)
                .await?
                .code,
        )
    }
}

/// A roster file of `limits::RUNNERS` people, with bibs from `limits::FIRST_BIB` on.
pub fn roster_csv() -> anyhow::Result<Vec<u8>> {
    let course = Course::parse(&["FINISH"])?;
    let mut field = Field::made_up(limits::RUNNERS as usize, course, 2_026)?;
    for (bib, runner) in (limits::FIRST_BIB..).zip(&mut field.runners) {
        runner.bib = bib.to_string();
    }
    let mut csv = Vec::new();
    field.write_csv(&mut csv)?;
    Ok(csv)
}

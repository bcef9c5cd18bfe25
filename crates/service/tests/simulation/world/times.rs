//! The race of a simulated day, and whether the board ends up with its times.

use super::{super::server::START, BEGINS_AT, LEAD_MS, World};
use model::{Gun, GunId, GunSource, Race, RaceId, ReadKind, Unit, Wave, WaveId, fold_tag};
use scoring::{Passage, RaceBook, race_time, start_of};
use service::ingest::live_path::RaceSetup;
use std::collections::HashMap;
use timing::ctp01::time::{self, DeviceTime};

/// One race that everybody runs, and its gun.
pub(super) fn setup() -> RaceSetup {
    let number = uuid::Uuid::from_u128(1);
    let gun = Gun {
        id: GunId(number),
        name: String::new(),
        fired_at: BEGINS_AT.plus_ms(LEAD_MS.into()),
        source: GunSource::Typed,
        device_key: None,
    };
    let wave = Wave {
        id: WaveId(number),
        name: String::new(),
        scheduled_at: None,
        gun: Some(gun.id),
    };
    let race = Race {
        id: RaceId(number),
        name: "Race".to_owned(),
        distance_m: 20_000,
        unit: Unit::Km,
        course: Vec::new(),
        waves: vec![wave],
    };
    RaceSetup {
        races: vec![race],
        guns: vec![gun],
        ..RaceSetup::default()
    }
}

impl World {
    /// At rest, whatever went wrong before: the board has the times that follow from what is
    /// stored.
    pub(super) async fn check_times(&self) {
        let (scope, stream) = (&self.site.scope, self.site.stream);
        let mut starts: HashMap<String, Vec<Passage>> = HashMap::new();
        let rows = self.store.recent_reads(scope, stream, START, 50_000).await;
        let reads = rows.unwrap().into_iter().map(|row| row.read);
        for read in reads.filter(|read| read.kind == ReadKind::Tag) {
            let at = self.clock.instant_of(read.wall, read.received_at);
            let passages = starts.entry(fold_tag(&read.tag)).or_default();
            passages.push(Passage::of(at));
        }
        let setup = &self.site.setup;
        let book = RaceBook::new(&setup.races, &setup.guns, &self.site.points);
        let entry = book.entry(None).unwrap();
        let mut timed = 0;
        for arrival in &self.ledger.board {
            let start = start_of(
                entry,
                starts
                    .get(&fold_tag(&arrival.bib))
                    .cloned()
                    .unwrap_or_default(),
            );
            let Ok(DeviceTime::Dated(wall)) = time::parse(&arrival.read_time) else {
                panic!("no wall time: {arrival:?}");
            };
            let read_at = self.clock.instant_of(wall, self.at());
            let point = self
                .site
                .points
                .iter()
                .find(|(_, name)| *name == arrival.point);
            let expected = race_time(entry, start, point.unwrap().0, read_at);
            let shown = (arrival.gun_time_ms, arrival.chip_time_ms);
            let expected = (expected.gun_time_ms, expected.chip_time_ms);
            assert_eq!(
                shown, expected,
                "seed {}: {arrival:?}, started {start:?}",
                self.seed
            );
            timed += u64::from(arrival.chip_time_ms.is_some());
        }
        self.tell(&format!(
            "{timed} of {} have a chip time",
            self.ledger.board.len()
        ));
    }
}

//! Two partners with everything a partner can have, in one database.

use crate::database::{Database, Home};
use model::{
    DisplayId, EventId, PointId, Read, ReadKind, ShowMode, StreamId, Template, UnixMicros, WallTime,
};
use std::sync::Arc;
use store::{
    Display, JournalEntry, NewDisplay, NewEvent, NewParticipant, NewStream, PartnerScope, Proof,
    Protocol, Store,
};

pub const NOW: UnixMicros = UnixMicros(1_772_800_000_000_000);

pub struct World {
    pub home: Home,
    pub store: Arc<dyn Store>,
    pub harbour: Side,
    pub meadow: Side,
}

/// One partner with an event, a stream, a mapped point, a runner, a display and a read.
pub struct Side {
    pub scope: PartnerScope,
    pub event: EventId,
    pub stream: StreamId,
    pub point: PointId,
    pub display: Display,
}

impl World {
    pub async fn new(on: Database) -> Self {
        let home = Home::new(on).await;
        let store = home.open().await;
        let harbour = Side::new(&*store, "Harbour Timing").await;
        let meadow = Side::new(&*store, "Meadow Timing").await;
        Self {
            home,
            store,
            harbour,
            meadow,
        }
    }
}

impl Side {
    pub async fn new(store: &dyn Store, name: &str) -> Self {
        let partner = store.create_partner(name).await.unwrap();
        let scope = PartnerScope::proven(partner, Proof::Shell);
        let event = store.create_event(&scope, new_event("Run")).await.unwrap();
        let stream = store
            .create_stream(&scope, new_stream(event, "Mats"))
            .await
            .unwrap();
        let point = store
            .ensure_location(&scope, stream, "FINISH")
            .await
            .unwrap();
        let runner = NewParticipant {
            chips: vec!["F00D".to_owned()],
            ..runner("101", "Ada")
        };
        store.import_roster(&scope, event, &[runner]).await.unwrap();
        let display = store
            .create_display(&scope, new_display(event, stream, vec![point]))
            .await
            .unwrap();
        let side = Self {
            scope,
            event,
            stream,
            point,
            display,
        };
        store
            .append_reads(&[side.entry("FINISH", "101", 0)])
            .await
            .unwrap();
        side
    }

    /// A read of this side's stream, so many hundredths after the start of the day.
    pub fn entry(&self, location: &str, tag: &str, hundredths: i64) -> JournalEntry {
        JournalEntry {
            scope: self.scope,
            read: read(self.stream, location, tag, hundredths),
        }
    }

    pub fn display_id(&self) -> DisplayId {
        self.display.id
    }
}

pub fn read(stream: StreamId, location: &str, tag: &str, hundredths: i64) -> Read {
    let wall = WallTime::from_day(20_518, hundredths);
    Read {
        stream,
        kind: ReadKind::Tag,
        location: location.to_owned(),
        tag: tag.to_owned(),
        wall,
        time_text: wall.to_string(),
        dated: true,
        sequence: None,
        occurrence: "0".to_owned(),
        reader: "0F2A38".to_owned(),
        antenna: "1".to_owned(),
        connection_name: None,
        raw: format!("CT01_33~1~{location}~{tag}~{wall}~0~0F2A38~1").into_bytes(),
        received_at: NOW,
        late: false,
    }
}

pub fn new_event(name: &str) -> NewEvent {
    NewEvent {
        name: name.to_owned(),
        date: "2026-03-06".to_owned(),
        timezone: "Europe/Vienna".to_owned(),
    }
}

pub fn new_stream(event: EventId, name: &str) -> NewStream {
    NewStream {
        event,
        name: name.to_owned(),
        protocol: Protocol::Ctp01,
        port: None,
    }
}

pub fn new_display(event: EventId, stream: StreamId, points: Vec<PointId>) -> NewDisplay {
    NewDisplay {
        event,
        mode: ShowMode::Results,
        template: Template::Arrivals,
        stream,
        points,
        expires_at: NOW.plus_ms(3_600_000),
    }
}

pub fn runner(bib: &str, first_name: &str) -> NewParticipant {
    NewParticipant {
        bib: bib.to_owned(),
        first_name: first_name.to_owned(),
        last_name: "Ängström".to_owned(),
        gender: "F".to_owned(),
        age: Some(34),
        city: "Linz".to_owned(),
        state: String::new(),
        country: "AUT".to_owned(),
        chips: Vec::new(),
    }
}

//! Two partners with everything a partner can have, in one database.

use crate::database::{Database, Home};
use model::{
    BuiltIn, Chip, Conditions, CoursePoint, DeedId, DisplayId, Edit, EventId, Gun, GunId,
    GunSource, MessageId, Participant, ParticipantId, PointId, PoolMessage, RaceId, Read, ReadKind,
    RundownOverrides, ShowMode, StreamId, TagRange, TemplateId, TemplatePin, Unit, UnixMicros,
    WallTime, WaveId,
};
use std::sync::Arc;
use store::{
    Display, JournalEntry, NewDeed, NewDisplay, NewEvent, NewRace, NewStream, NewTemplate,
    PartnerScope, Proof, Protocol, RaceChange, RosterWrite, Store, StreamChange,
};

pub const NOW: UnixMicros = UnixMicros(1_772_800_000_000_000);

pub struct World {
    pub home: Home,
    pub store: Arc<dyn Store>,
    pub harbour: Side,
    pub meadow: Side,
}

/// One partner with an event, a stream and its address, a mapped point, a race past it whose one
/// wave was started by a gun, a runner in that wave, a mark at the point, an ignored tag, a
/// template with a version, a display that draws with it and has a message of its own, and a read.
/// The deed is that of the gun and the marks.
pub struct Side {
    pub scope: PartnerScope,
    pub event: EventId,
    pub stream: StreamId,
    pub point: PointId,
    pub race: RaceId,
    pub wave: WaveId,
    pub gun: GunId,
    pub deed: DeedId,
    pub runner: ParticipantId,
    pub template: TemplateId,
    pub display: Display,
    pub message: MessageId,
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
        let race = store.create_race(&scope, new_race(event)).await.unwrap();
        let course = vec![CoursePoint {
            point,
            distance_m: Some(10_000),
        }];
        let change = RaceChange {
            course: Some(course),
            ..RaceChange::default()
        };
        store.update_race(&scope, race, change).await.unwrap();
        let wave = store.races(&scope, event).await.unwrap()[0].waves[0].id;
        let gun = new_gun("Start");
        let edits = vec![
            Edit::Gun {
                id: gun.id,
                before: None,
                after: Some(gun.clone()),
            },
            Edit::WaveGun {
                wave,
                before: None,
                after: Some(gun.id),
            },
            Edit::ZeroCount {
                point,
                before: None,
                after: Some(UnixMicros(1)),
            },
            Edit::IgnoredTags {
                tags: TagRange::one("TEST".to_owned()),
                before: false,
                after: true,
            },
        ];
        let deed = store.do_deed(&scope, event, new_deed(edits)).await.unwrap();
        let change = StreamChange {
            addresses: Some(vec!["192.0.2.7".parse().unwrap()]),
            ..StreamChange::default()
        };
        store.update_stream(&scope, stream, change).await.unwrap();
        let runner = Participant {
            chips: vec![Chip::always("F00D")],
            wave: Some(wave),
            ..runner("101", "Ada")
        };
        let id = runner.id;
        let writes = [RosterWrite::Add(Box::new(runner))];
        store.import_roster(&scope, event, &writes).await.unwrap();
        let template = new_template("Finish 2026");
        let template = store.create_template(&scope, template, NOW).await.unwrap();
        let kept = store.keep_draft(&scope, template, "First", "", NOW).await;
        let pin = TemplatePin::Version {
            template,
            number: kept.unwrap(),
        };
        let display = NewDisplay {
            template: pin,
            ..new_display(event, stream, vec![point])
        };
        let display = store.create_display(&scope, display).await.unwrap();
        let message = PoolMessage {
            show: Some(display.show),
            ..new_message("Well done, {first_name}!")
        };
        let own = std::slice::from_ref(&message);
        store.add_messages(&scope, event, own).await.unwrap();
        let side = Self {
            scope,
            event,
            stream,
            point,
            race,
            wave,
            gun: gun.id,
            deed,
            runner: id,
            template,
            display,
            message: message.id,
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

    /// The runners by bib with their chips, as they are stored.
    pub async fn people(&self, store: &dyn Store) -> Vec<Participant> {
        store.participants(&self.scope, self.event).await.unwrap()
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
        simulated: false,
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
        name: "Finish screen".to_owned(),
        mode: ShowMode::Results,
        template: TemplatePin::BuiltIn(BuiltIn::Arrivals),
        rundown: RundownOverrides::default(),
        stream,
        points,
        expires_at: NOW.plus_ms(3_600_000),
    }
}

pub fn new_template(name: &str) -> NewTemplate {
    NewTemplate {
        name: name.to_owned(),
        document: BuiltIn::Clock.document().clone(),
        made_from: BuiltIn::Clock,
    }
}

/// Somebody new.
pub fn runner(bib: &str, first_name: &str) -> Participant {
    Participant {
        bib: bib.to_owned(),
        first_name: first_name.to_owned(),
        last_name: "Ängström".to_owned(),
        gender: "F".to_owned(),
        age: Some(34),
        city: "Linz".to_owned(),
        country: "AUT".to_owned(),
        ..Participant::new(store::new_participant_id())
    }
}

pub fn new_message(text: &str) -> PoolMessage {
    PoolMessage {
        id: store::new_message_id(),
        show: None,
        text: text.to_owned(),
        weight: 1,
        conditions: Conditions::default(),
    }
}

pub fn new_race(event: EventId) -> NewRace {
    NewRace {
        event,
        name: "10 km".to_owned(),
        distance_m: 10_000,
        unit: Unit::Km,
    }
}

pub fn new_gun(name: &str) -> Gun {
    Gun {
        id: store::new_gun_id(),
        name: name.to_owned(),
        fired_at: NOW,
        source: GunSource::Studio,
        device_key: None,
    }
}

pub fn new_deed(edits: Vec<Edit>) -> NewDeed {
    NewDeed {
        at: NOW,
        by: "ada@example.com".to_owned(),
        summary: "set up".to_owned(),
        edits,
    }
}

/// What brings somebody new in, or alters or takes away who is there.
pub fn edit(before: Option<&Participant>, after: Option<&Participant>) -> Edit {
    let either = before.or(after).unwrap();
    Edit::Participant {
        id: either.id,
        before: before.cloned().map(Box::new),
        after: after.cloned().map(Box::new),
    }
}

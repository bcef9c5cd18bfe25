//! A file in two steps: looked at, then brought in, watched and stopped.

use crate::world;
use model::EventId;
use service::{
    Caller, Clock, Node, Right, ServiceError, limits,
    roster::{Decision, FileKind, Preview, Stage, UploadId},
    setup,
};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;

const CALLER: Caller = Caller::Shell;

struct World {
    _folder: TempDir,
    node: Arc<Node>,
    event: EventId,
}

impl World {
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        let partner = setup::create_partner(&*store, &CALLER, "Harbor Timing")
            .await
            .unwrap();
        let (partner, day) = (partner.to_string(), "2026-11-21");
        let made = setup::create_event(&*store, &CALLER, &partner, "Harbor Run", day, "UTC");
        let event = made.await.unwrap();
        let node = Node::start(store, Clock::start()).await.unwrap();
        Self {
            _folder: folder,
            node,
            event,
        }
    }

    async fn upload(&self, kind: FileKind, text: &str) -> UploadId {
        let bytes = text.as_bytes().to_vec();
        self.node
            .upload(&CALLER, self.event, kind, bytes)
            .await
            .unwrap()
    }

    async fn look(&self, id: UploadId, words: Option<&[&str]>) -> Preview {
        let decision = words.map(|words| Decision {
            columns: words.iter().map(|word| (*word).to_owned()).collect(),
            date_order: None,
        });
        self.node
            .preview(&CALLER, self.event, id, decision)
            .await
            .unwrap()
    }

    async fn begin(&self, id: UploadId, make_races: bool) {
        self.node
            .apply(&CALLER, self.event, id, make_races)
            .await
            .unwrap();
    }

    /// Waits until it has ended.
    async fn end(&self, id: UploadId) -> Stage {
        loop {
            match self
                .node
                .upload_stage(&CALLER, self.event, id)
                .await
                .unwrap()
            {
                Stage::Working { .. } => tokio::time::sleep(Duration::from_millis(5)).await,
                end => return end,
            }
        }
    }

    async fn apply(&self, id: UploadId, make_races: bool) -> Stage {
        self.begin(id, make_races).await;
        self.end(id).await
    }

    /// `bib name race/wave chips`
    async fn people(&self) -> Vec<String> {
        let store = self.node.store();
        let scope = setup::scope_of_event(store, &CALLER, self.event, Right::See);
        let scope = scope.await.unwrap();
        let races = store.races(&scope, self.event).await.unwrap();
        let people = store
            .participants(&scope, self.event)
            .await
            .unwrap()
            .into_iter();
        let mut shown: Vec<_> = people
            .map(|person| {
                let race = races.iter().find_map(|race| {
                    let mut waves = race.waves.iter();
                    let wave = waves.find(|wave| Some(wave.id) == person.wave)?;
                    Some(format!("{}/{}", race.name, wave.name))
                });
                let chips: Vec<_> = person.chips.iter().map(|chip| chip.tag.as_str()).collect();
                let race = race.unwrap_or_default();
                format!(
                    "{} {} {race} {}",
                    person.bib,
                    person.name(),
                    chips.join(",")
                )
            })
            .collect();
        shown.sort();
        shown
    }
}

const ROSTER: &str = "bib,name,race,wave\n7,Ana Sol,10K,Red\n8,Bo Reyes,10K,Blue\n,Cy None,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_and_then_goes_in_with_its_races() {
    let world = World::new().await;
    let id = world.upload(FileKind::Roster, ROSTER).await;
    let outcome = world.look(id, None).await.outcome.unwrap();
    assert_eq!((outcome.added.count, outcome.rejected.count), (2, 1));
    let [race] = &outcome.races[..] else {
        panic!("{:?}", outcome.races);
    };
    assert_eq!((race.name.as_str(), race.waves.len()), ("10K", 2));
    assert!(world.people().await.is_empty(), "nothing before it is said");

    let Stage::Done(done) = world.apply(id, true).await else {
        panic!("it went in");
    };
    assert_eq!(
        (done.imported, done.updated, done.rejected.len()),
        (2, 0, 1)
    );
    assert_eq!(
        world.people().await,
        ["7 Ana Sol 10K/Red ", "8 Bo Reyes 10K/Blue "]
    );
    let rejected = world
        .node
        .rejected_rows(&CALLER, world.event, id)
        .await
        .unwrap();
    assert!(String::from_utf8(rejected).unwrap().contains("Cy None"));

    let chips = world
        .upload(FileKind::Chips, "bib,chip\n7,A1\n99,C1\n")
        .await;
    let outcome = world.look(chips, None).await.outcome.unwrap();
    assert_eq!((outcome.changed.count, outcome.rejected.count), (1, 1));
    assert_eq!(outcome.missing.count, 0);
    world.apply(chips, false).await;
    assert_eq!(world.people().await[0], "7 Ana Sol 10K/Red A1");
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_mended_by_a_person_and_remembered() {
    let world = World::new().await;
    let file = "Plaque,Somebody,Age,City\n7,Ana Sol,34,Pau\n8,Bo Reyes,41,Lyon\n";
    let id = world.upload(FileKind::Roster, file).await;
    let look = world.look(id, None).await;
    assert!(look.outcome.is_err(), "nothing in it is a bib: {look:?}");
    let not_yet = world.node.apply(&CALLER, world.event, id, false).await;
    assert!(
        matches!(not_yet, Err(ServiceError::Invalid { .. })),
        "{not_yet:?}"
    );
    let words = ["bib", "full-name", "age", "city"];
    let outcome = world.look(id, Some(&words)).await.outcome.unwrap();
    assert_eq!(outcome.added.count, 2);
    world.apply(id, false).await;

    let again = world
        .upload(FileKind::Roster, &file.replace("34", "35"))
        .await;
    let outcome = world.look(again, None).await.outcome.unwrap();
    assert_eq!((outcome.changed.count, outcome.unchanged), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn few_files_are_kept_and_only_for_their_event() {
    let world = World::new().await;
    let first = world.upload(FileKind::Roster, ROSTER).await;
    for _ in 0..limits::UPLOADS_PER_PARTNER_MAX {
        world.upload(FileKind::Roster, ROSTER).await;
    }
    let gone = world.node.preview(&CALLER, world.event, first, None).await;
    assert!(
        matches!(gone, Err(ServiceError::NotFound { .. })),
        "{gone:?}"
    );
    let last = world.upload(FileKind::Roster, ROSTER).await;
    let other = EventId("00000000-0000-7000-8000-000000000000".parse().unwrap());
    let foreign = world.node.preview(&CALLER, other, last, None).await;
    assert!(foreign.is_err(), "{foreign:?}");
}

/// On one thread, so that the file does not go in while who stops it waits for a turn.
#[tokio::test]
async fn who_stops_it_keeps_what_went_in_and_can_go_on() {
    let world = World::new().await;
    let mut file = "bib,name\n".to_owned();
    let rows = 3 * limits::ROSTER_SLICE_ROWS;
    for bib in 1..=rows {
        file.push_str(&format!("{bib},Runner {bib}\n"));
    }
    let id = world.upload(FileKind::Roster, &file).await;
    world.look(id, None).await;
    world.begin(id, false).await;
    world
        .node
        .stop_upload(&CALLER, world.event, id)
        .await
        .unwrap();
    let end = world.end(id).await;
    let Stage::Stopped(stopped) = end else {
        panic!("{end:?}");
    };
    assert!(stopped.imported < rows as u64);
    let Stage::Done(done) = world.apply(id, false).await else {
        panic!("it goes on");
    };
    assert_eq!(stopped.imported + done.imported, rows as u64);
}

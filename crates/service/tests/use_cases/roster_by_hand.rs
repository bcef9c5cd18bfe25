//! The roster repaired by hand against a real store, and undone again.

use crate::world;
use model::{DeedId, EventId, Field, Participant, ParticipantId, UnixMicros};
use service::{
    Caller, ServiceError, StoreError, deed,
    roster::{self, hand},
    setup,
};
use std::{collections::BTreeSet, sync::Arc};
use store::Store;
use tempfile::TempDir;

const NOW: UnixMicros = UnixMicros(1_795_000_000_000_000);
const CALLER: Caller = Caller::Shell;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    event: EventId,
}

impl World {
    async fn with(csv: &str) -> Self {
        let (folder, store) = world::store().await;
        setup::create_partner(&*store, &CALLER, "Harbor Timing")
            .await
            .unwrap();
        let made = setup::create_event(
            &*store,
            &CALLER,
            "Harbor Timing",
            "Harbor Run",
            "2026-11-21",
            "UTC",
        );
        let event = made.await.unwrap();
        roster::import(&*store, &CALLER, event, csv.as_bytes())
            .await
            .unwrap();
        Self {
            _folder: folder,
            store,
            event,
        }
    }

    fn store(&self) -> &dyn Store {
        &*self.store
    }

    async fn people(&self) -> Vec<Participant> {
        let owner = setup::scope_of_event(self.store(), &CALLER, self.event, service::Right::See);
        let scope = owner.await.unwrap();
        self.store.participants(&scope, self.event).await.unwrap()
    }

    /// `bib name city chips` of everybody, by name.
    async fn shown(&self) -> Vec<String> {
        let people = self.people().await.into_iter();
        let mut lines: Vec<_> = people
            .map(|it| {
                let chips: Vec<_> = it.chips.iter().map(|chip| chip.tag.as_str()).collect();
                let gone = if it.withdrawn { " withdrawn" } else { "" };
                format!(
                    "{} {} {} {}{gone}",
                    it.name(),
                    it.bib,
                    it.city,
                    chips.join(",")
                )
            })
            .collect();
        lines.sort();
        lines
    }

    async fn called(&self, last_name: &str) -> Participant {
        let people = self.people().await.into_iter();
        let mut found = people.filter(|it| it.last_name == last_name);
        found.next().unwrap()
    }

    async fn undo(&self, done: DeedId) {
        deed::undo(self.store(), &CALLER, self.event, done, NOW)
            .await
            .unwrap();
    }

    async fn import(&self, csv: &str) -> (u64, u64, u64, usize) {
        let bytes = csv.as_bytes();
        let done = roster::import(self.store(), &CALLER, self.event, bytes)
            .await
            .unwrap();
        (
            done.imported,
            done.updated,
            done.unchanged,
            done.rejected.len(),
        )
    }
}

const TWO: &str = "bib,first name,last name,city,chip\n7,Ana,Sol,Pau,A1\n8,Bo,Reyes,Lyon,B1\n";
const AS_IT_WAS: [&str; 2] = ["Ana Sol 7 Pau A1", "Bo Reyes 8 Lyon B1"];

#[tokio::test]
async fn each_act_is_done_and_undone() {
    let world = World::with(TWO).await;
    let (store, event) = (world.store(), world.event);
    let ana = world.called("Sol").await;
    let bo = world.called("Reyes").await;

    let done = hand::swap_bibs(store, &CALLER, event, (ana.id, bo.id), NOW)
        .await
        .unwrap();
    assert_eq!(
        world.shown().await,
        ["Ana Sol 8 Pau B1", "Bo Reyes 7 Lyon A1"]
    );
    world.undo(done).await;
    assert_eq!(world.shown().await, AS_IT_WAS);

    let done = hand::withdraw(store, &CALLER, event, ana.id, true, NOW)
        .await
        .unwrap();
    assert_eq!(world.shown().await[0], "Ana Sol 7 Pau A1 withdrawn");
    world.undo(done).await;
    assert_eq!(world.shown().await, AS_IT_WAS);

    let done = hand::remove(store, &CALLER, event, ana.id, NOW)
        .await
        .unwrap();
    assert_eq!(world.shown().await, AS_IT_WAS[1..]);
    world.undo(done).await;
    assert_eq!(world.shown().await, AS_IT_WAS);

    let new = Participant {
        bib: " 9 ".to_owned(),
        last_name: "Cho".to_owned(),
        ..Participant::new(ana.id)
    };
    let (id, done) = hand::add(store, &CALLER, event, new, NOW).await.unwrap();
    assert_ne!(id, ana.id);
    let cho = world.called("Cho").await;
    assert_eq!(cho.bib, "9");
    assert_eq!(
        cho.hand_edited,
        BTreeSet::from([Field::Bib, Field::LastName])
    );
    world.undo(done).await;
    assert_eq!(world.shown().await, AS_IT_WAS);
}

#[tokio::test]
async fn a_chip_is_given_on_from_a_moment_or_as_if_always() {
    let world = World::with(TWO).await;
    let (store, event) = (world.store(), world.event);
    let (ana, bo) = (world.called("Sol").await, world.called("Reyes").await);
    let give =
        |id: ParticipantId, from| hand::give_chip(store, &CALLER, event, id, "a1", from, NOW);

    let done = give(bo.id, Some(NOW)).await.unwrap();
    let had = world.called("Sol").await.chips;
    assert_eq!((had[0].valid_from, had[0].valid_to), (None, Some(NOW)));
    let has = world.called("Reyes").await.chips;
    assert_eq!((has[0].valid_from, has[0].valid_to), (Some(NOW), None));
    world.undo(done).await;

    let done = give(bo.id, None).await.unwrap();
    assert_eq!(
        world.shown().await,
        ["Ana Sol 7 Pau ", "Bo Reyes 8 Lyon a1,B1"]
    );
    world.undo(done).await;
    assert_eq!(world.shown().await, AS_IT_WAS);

    let unknown = hand::give_chip(store, &CALLER, event, ana.id, "C3", Some(NOW), NOW);
    unknown.await.unwrap();
    assert_eq!(world.called("Sol").await.chips.len(), 2);
    let empty = hand::give_chip(store, &CALLER, event, ana.id, " ", None, NOW).await;
    assert!(
        matches!(empty, Err(ServiceError::Invalid { field: "tag", .. })),
        "{empty:?}"
    );
}

#[tokio::test]
async fn an_edit_is_kept_by_the_next_import_and_refused_where_it_is_stale() {
    let world = World::with(TWO).await;
    let (store, event) = (world.store(), world.event);
    let before = world.called("Sol").await;
    let wanted = Participant {
        city: "Nice".to_owned(),
        ..before.clone()
    };
    let edit = |before: &Participant, wanted: &Participant| {
        hand::edit(store, &CALLER, event, before.clone(), wanted.clone(), NOW)
    };
    assert_eq!(edit(&before, &before).await.unwrap(), None);
    edit(&before, &wanted).await.unwrap().unwrap();
    let stale = edit(&before, &wanted).await;
    assert!(
        matches!(stale, Err(ServiceError::Store(StoreError::Stale { .. }))),
        "{stale:?}"
    );
    assert_eq!(
        world.import(&TWO.replace("Ana", "Anna")).await,
        (0, 1, 1, 0)
    );
    assert_eq!(world.shown().await[0], "Anna Sol 7 Nice A1");

    let check = async |alter: fn(&mut Participant), field: &str| {
        let before = world.called("Sol").await;
        let mut wanted = before.clone();
        alter(&mut wanted);
        match edit(&before, &wanted).await {
            Err(ServiceError::Invalid { field: found, .. }) => assert_eq!(found, field),
            other => panic!("{field}: {other:?}"),
        }
    };
    check(|it| it.bib.clear(), "bib").await;
    check(|it| it.birth_date = "31.5.1987".to_owned(), "birth date").await;
    check(|it| it.age = Some(400), "age").await;
    check(|it| it.city = "x".repeat(500), "city").await;
    let taken = Participant {
        bib: "8".to_owned(),
        ..world.called("Sol").await
    };
    let taken = edit(&world.called("Sol").await, &taken).await;
    assert!(
        matches!(taken, Err(ServiceError::Store(StoreError::Taken { .. }))),
        "{taken:?}"
    );
}

#[tokio::test]
async fn a_swap_by_hand_outlives_the_same_file() {
    let world = World::with(TWO).await;
    let (ana, bo) = (world.called("Sol").await, world.called("Reyes").await);
    let swapped = hand::swap_bibs(world.store(), &CALLER, world.event, (ana.id, bo.id), NOW);
    swapped.await.unwrap();
    assert_eq!(world.import(TWO).await, (0, 0, 2, 0));
    assert_eq!(
        world.shown().await,
        ["Ana Sol 8 Pau B1", "Bo Reyes 7 Lyon A1"]
    );
}

#[tokio::test]
async fn registrations_keep_people_apart_when_the_service_swaps_their_bibs() {
    let world =
        World::with("registration id,bib,name,chip\nR1,7,Ana Sol,A1\nR2,8,Bo Reyes,B1\n").await;
    let ana = world.called("Sol").await.id;
    let swapped = "registration id,bib,name,chip\nR1,8,Ana Sol,B1\nR2,7,Bo Reyes,A1\n";
    assert_eq!(world.import(swapped).await, (0, 2, 0, 0));
    assert_eq!(world.shown().await, ["Ana Sol 8  B1", "Bo Reyes 7  A1"]);
    assert_eq!(world.called("Sol").await.id, ana);
}

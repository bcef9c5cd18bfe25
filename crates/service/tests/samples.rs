//! Whom a template is tried with, over a real store.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

use model::{EventId, Participant, PartnerId, PersonId, Role, UnixMicros, limits::ARRIVALS_MAX};
use service::{Caller, Right, ServiceError, roster, sample, setup};
use std::{fmt::Write, sync::Arc};
use store::{Location, OpenMode, Store};
use tempfile::TempDir;

const NOW: UnixMicros = UnixMicros(1_800_000_000_000_000);
const SHELL: Caller = Caller::Shell;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    partner: PartnerId,
    event: EventId,
}

impl World {
    async fn with_people(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Location::Sqlite(folder.path().join("db"));
        let store = store::open(&database, OpenMode::Migrate).await.unwrap();
        let partner = setup::create_partner(&*store, &SHELL, "Alder Timing").await;
        let partner = partner.unwrap();
        let named = partner.to_string();
        let event = setup::create_event(&*store, &SHELL, &named, "Alder Run", "2026-11-21", "UTC");
        let event = event.await.unwrap();
        let mut csv = "bib,first_name,last_name,club\n".to_owned();
        for bib in 1..=count {
            writeln!(csv, "{bib},Ada,Number {bib},Heath").unwrap();
        }
        if count > 0 {
            roster::import(&*store, &SHELL, event, csv.as_bytes())
                .await
                .unwrap();
        }
        Self {
            _folder: folder,
            store,
            partner,
            event,
        }
    }

    async fn people(&self) -> Vec<Participant> {
        let scope = setup::scope_of_event(&*self.store, &SHELL, self.event, Right::See).await;
        let people = self.store.participants(&scope.unwrap(), self.event).await;
        people.unwrap()
    }
}

#[tokio::test]
async fn somebody_of_a_window_crosses_as_they_would_among_all() {
    let world = World::with_people(2 * ARRIVALS_MAX + 1).await;
    let (store, event) = (&*world.store, world.event);
    let all = sample::samples(store, &SHELL, event, NOW).await.unwrap();
    let people = world.people().await;
    for last in [0, 1, ARRIVALS_MAX - 1, ARRIVALS_MAX, 2 * ARRIVALS_MAX] {
        let first = last.saturating_sub(ARRIVALS_MAX - 1);
        let window: Vec<_> = people[first..=last].iter().collect();
        let board = sample::crossed(store, &SHELL, event, (&window, first), NOW).await;
        let board = board.unwrap();
        assert_eq!(board, all.board_of(last), "{last}");
        let shown = board.runner.as_ref().map(|one| one.bib.as_str());
        assert_eq!(shown, Some(&*people[last].bib));
        assert_eq!(board.arrivals.len(), window.len());
    }
}

#[tokio::test]
async fn without_anybody_the_event_is_shown() {
    let world = World::with_people(0).await;
    let (store, event) = (&*world.store, world.event);
    let board = sample::crossed(store, &SHELL, event, (&[], 0), NOW).await;
    let board = board.unwrap();
    assert_eq!((board.event.as_str(), board.runner), ("Alder Run", None));
}

#[tokio::test]
async fn people_are_shown_to_their_own_partner_alone() {
    let world = World::with_people(1).await;
    let elsewhere = setup::create_partner(&*world.store, &SHELL, "Birch Timing").await;
    let check = async |partner, is_shown: bool| {
        let caller = Caller::Person {
            person: PersonId("00000000-0000-7000-8000-000000000001".parse().unwrap()),
            email: "bo@example.com".to_owned(),
            partner,
            role: Role::Viewer,
        };
        let said = sample::crossed(&*world.store, &caller, world.event, (&[], 0), NOW).await;
        match said {
            Ok(_) => assert!(is_shown),
            Err(ServiceError::NotFound { .. }) => assert!(!is_shown),
            Err(other) => panic!("{other}"),
        }
    };
    check(world.partner, true).await;
    check(elsewhere.unwrap(), false).await;
}

//! Displays over a real store: who may change them, and what cannot be done with them.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

use model::{
    DisplayCode, DisplayId, EventId, PartnerId, PersonId, Role, ShowMode, Template, UnixMicros,
};
use service::{Caller, ServiceError, setup};
use std::{sync::Arc, time::Duration};
use store::{Location, OpenMode, Store};
use tempfile::TempDir;

const NOW: UnixMicros = UnixMicros(1_800_000_000_000_000);
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    partner: PartnerId,
    event: EventId,
    display: DisplayId,
    code: DisplayCode,
}

impl World {
    /// An event with one display that lives a day.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Location::Sqlite(folder.path().join("db"));
        let store = store::open(&database, OpenMode::Migrate).await.unwrap();
        let shell = &Caller::Shell;
        let partner = setup::create_partner(&*store, shell, "Alder Timing")
            .await
            .unwrap();
        let named = partner.to_string();
        let event = setup::create_event(&*store, shell, &named, "Alder Run", "2026-11-21", "UTC");
        let event = event.await.unwrap();
        setup::create_stream(&*store, shell, event, "mats", "ctp01", None)
            .await
            .unwrap();
        let new = setup::NewDisplay {
            event,
            name: " Finish arch ".to_owned(),
            mode: ShowMode::Results,
            template: Template::Arrivals,
            stream: None,
            points: vec!["FINISH".to_owned()],
            ttl: Duration::from_secs(24 * 3_600),
        };
        let made = setup::create_display(&*store, shell, new, NOW)
            .await
            .unwrap();
        Self {
            _folder: folder,
            store,
            partner,
            event,
            display: made.id,
            code: made.code,
        }
    }

    fn person(&self, role: Role) -> Caller {
        Caller::Person {
            person: PersonId("00000000-0000-7000-8000-000000000001".parse().unwrap()),
            email: "bo@example.com".to_owned(),
            partner: self.partner,
            role,
        }
    }

    async fn extend(&self, until: UnixMicros) -> Result<UnixMicros, ServiceError> {
        let director = self.person(Role::Director);
        let (event, display) = (self.event, self.display);
        setup::extend_display(&*self.store, &director, event, display, until, NOW).await
    }

    async fn end(&self, caller: &Caller) -> Result<(), ServiceError> {
        setup::end_display(&*self.store, caller, self.event, self.display).await
    }

    async fn rename(&self, caller: &Caller, name: &str) -> Result<String, ServiceError> {
        setup::rename_display(&*self.store, caller, self.event, self.display, name).await
    }

    async fn code(&self, caller: &Caller) -> Result<DisplayCode, ServiceError> {
        setup::commanded_display(&*self.store, caller, self.event, self.display).await
    }
}

#[tokio::test]
async fn only_who_runs_events_changes_displays() {
    let world = World::new().await;
    let viewer = world.person(Role::Viewer);
    let seen = setup::displays(&*world.store, &viewer, world.event).await;
    assert_eq!(seen.unwrap()[0].name, "Finish arch");
    let refused = |said: Option<ServiceError>| {
        assert!(
            matches!(said, Some(ServiceError::Forbidden { .. })),
            "{said:?}"
        );
    };
    refused(world.end(&viewer).await.err());
    refused(world.rename(&viewer, "Mine").await.err());
    refused(world.code(&viewer).await.err());

    let Caller::Person {
        person,
        email,
        role,
        ..
    } = world.person(Role::Owner)
    else {
        unreachable!("it is a person");
    };
    let partner = setup::create_partner(&*world.store, &Caller::Shell, "Birch Timing")
        .await
        .unwrap();
    let stranger = Caller::Person {
        person,
        email,
        partner,
        role,
    };
    assert!(world.end(&stranger).await.is_err());
    assert!(world.code(&stranger).await.is_err());
    let director = world.person(Role::Director);
    assert_eq!(world.code(&director).await.unwrap(), world.code);
}

#[tokio::test]
async fn a_display_lives_as_long_as_somebody_says_within_limits() {
    let world = World::new().await;
    let planned = NOW.plus_ms(DAY_MS);
    assert_eq!(
        world.extend(NOW.plus_ms(2 * DAY_MS)).await.unwrap(),
        planned
    );
    // Shorter too.
    let before = world.extend(NOW.plus_ms(HOUR_MS)).await.unwrap();
    assert_eq!(before, NOW.plus_ms(2 * DAY_MS));
    for until in [NOW, NOW.plus_ms(-HOUR_MS), NOW.plus_ms(500 * DAY_MS)] {
        let said = world.extend(until).await;
        assert!(
            matches!(said, Err(ServiceError::Invalid { field: "until", .. })),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn what_is_switched_off_stays_so() {
    let world = World::new().await;
    let director = world.person(Role::Director);
    assert_eq!(world.rename(&director, "").await.unwrap(), "Finish arch");
    world.end(&director).await.unwrap();
    let invalid = |said: Option<ServiceError>| {
        assert!(
            matches!(
                said,
                Some(ServiceError::Invalid {
                    field: "display",
                    ..
                })
            ),
            "{said:?}"
        );
    };
    invalid(world.extend(NOW.plus_ms(DAY_MS)).await.err());
    invalid(world.code(&director).await.err());
}

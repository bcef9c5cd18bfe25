//! Displays over a real store: who may change them, and what cannot be done with them.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

use model::{
    DisplayCode, DisplayId, EventId, PartnerId, PersonId, Read, ReadKind, Role, RundownOverrides,
    ShowMode, Template, UnixMicros, WallTime,
};
use service::{Caller, Clock, Node, OperatorCommand, Right, ServiceError, roster, setup};
use std::{sync::Arc, time::Duration};
use store::{Display, JournalEntry, Location, OpenMode, ShowChange, Store};
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
            rundown: RundownOverrides::default(),
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

    async fn update(&self, caller: &Caller, change: ShowChange) -> Result<Display, ServiceError> {
        setup::update_show(&*self.store, caller, self.display, change).await
    }

    async fn code(&self, caller: &Caller) -> Result<DisplayCode, ServiceError> {
        setup::commanded_display(&*self.store, caller, self.event, self.display).await
    }
}

fn window(window_ms: Option<u64>) -> ShowChange {
    ShowChange {
        rundown: Some(RundownOverrides {
            window_ms,
            ..RundownOverrides::default()
        }),
        ..ShowChange::default()
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
    refused(world.update(&viewer, window(None)).await.err());
    let own = setup::display(&*world.store, &viewer, world.display).await;
    assert_eq!(own.unwrap().rundown, RundownOverrides::default());

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
    let missing = |said: Option<ServiceError>| {
        assert!(
            matches!(said, Some(ServiceError::NotFound { .. })),
            "{said:?}"
        );
    };
    missing(world.update(&stranger, window(None)).await.err());
    let theirs = setup::display(&*world.store, &stranger, world.display).await;
    missing(theirs.err());
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
    invalid(world.update(&director, window(None)).await.err());
}

#[tokio::test]
async fn turns_are_set_within_limits() {
    let world = World::new().await;
    let director = world.person(Role::Director);
    let set = window(Some(5_000));
    let before = world.update(&director, set.clone()).await.unwrap();
    assert_eq!(before.rundown, RundownOverrides::default());
    let said = world.update(&director, window(Some(0))).await;
    assert!(
        matches!(
            said,
            Err(ServiceError::Invalid {
                field: "window",
                ..
            })
        ),
        "{said:?}"
    );
    let template = ShowChange {
        template: Some(Template::Arrivals),
        ..ShowChange::default()
    };
    let before = world.update(&director, template).await.unwrap();
    assert_eq!(Some(before.rundown), set.rundown);
}

/// Who comes again five seconds later is one passage, until somebody says that it is two.
#[tokio::test]
async fn what_is_set_reaches_the_running_server() {
    let world = World::new().await;
    let (store, event, director) = (&*world.store, world.event, world.person(Role::Director));
    let people = b"bib,first_name,last_name\n7,Ada,Pendlebury\n";
    roster::import(store, &Caller::Shell, event, people)
        .await
        .unwrap();
    let stream = setup::display(store, &director, world.display)
        .await
        .unwrap()
        .stream;
    let scope = setup::scope_of_event(store, &director, event, Right::Run)
        .await
        .unwrap();
    let clock = Clock::start();
    let read = |ago_ms: i64| {
        let received_at = clock.now().plus_ms(-ago_ms);
        let read = Read {
            stream,
            kind: ReadKind::Tag,
            location: "FINISH".to_owned(),
            tag: "7".to_owned(),
            wall: WallTime(received_at.0 / 10_000),
            time_text: String::new(),
            dated: true,
            sequence: None,
            occurrence: "1".to_owned(),
            reader: String::new(),
            antenna: String::new(),
            connection_name: None,
            raw: Vec::new(),
            received_at,
            late: false,
            simulated: false,
        };
        JournalEntry { scope, read }
    };
    store
        .append_reads(&[read(60_000), read(55_000)])
        .await
        .unwrap();
    let until = clock.now().plus_ms(DAY_MS);
    store
        .extend_display(&scope, world.display, until)
        .await
        .unwrap();
    let node = Node::start(Arc::clone(&world.store), clock).await.unwrap();
    let listed = async |count: usize| {
        let shown = async || node.shown(&world.code).await.unwrap().unwrap();
        let waiting = async {
            while shown().await.state.arrivals.len() != count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        assert!(waited.is_ok(), "not {count} within 20 s");
    };
    listed(1).await;
    world.update(&director, window(Some(2_000))).await.unwrap();
    listed(2).await;
    world.update(&director, window(None)).await.unwrap();
    listed(1).await;

    // It lists everybody at once, so there is no turn to take in hand.
    let skip = node.operate(&director, world.display, OperatorCommand::Skip);
    let said = skip.await;
    assert!(
        matches!(
            said,
            Err(ServiceError::Invalid {
                field: "template",
                ..
            })
        ),
        "{said:?}"
    );
    let viewer = world.person(Role::Viewer);
    let hold = node.operate(&viewer, world.display, OperatorCommand::Hold);
    let said = hold.await;
    assert!(
        matches!(said, Err(ServiceError::Forbidden { .. })),
        "{said:?}"
    );
}

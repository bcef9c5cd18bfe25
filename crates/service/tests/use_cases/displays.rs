//! Displays over a real store: who may change them, and what cannot be done with them.

use crate::world::{self, Side, is_forbidden, is_missing, person, until};
use model::{BuiltIn, DisplayCode, Read, ReadKind, Role, RundownOverrides, UnixMicros, WallTime};
use service::{Caller, Clock, Node, OperatorCommand, Right, ServiceError, roster, setup};
use std::sync::Arc;
use store::{Display, JournalEntry, ShowChange, Store};
use tempfile::TempDir;

const NOW: UnixMicros = UnixMicros(1_800_000_000_000_000);
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    alder: Side,
}

impl World {
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        Self {
            alder: Side::new(&*store, "Alder Timing", NOW).await,
            store,
            _folder: folder,
        }
    }

    async fn extend(&self, until: UnixMicros) -> Result<UnixMicros, ServiceError> {
        let director = self.alder.person(Role::Director);
        let (event, display) = (self.alder.event, self.alder.display.id);
        setup::extend_display(&*self.store, &director, event, display, until, NOW).await
    }

    async fn end(&self, caller: &Caller) -> Result<(), ServiceError> {
        setup::end_display(
            &*self.store,
            caller,
            self.alder.event,
            self.alder.display.id,
        )
        .await
    }

    async fn rename(&self, caller: &Caller, name: &str) -> Result<String, ServiceError> {
        setup::rename_display(
            &*self.store,
            caller,
            self.alder.event,
            self.alder.display.id,
            name,
        )
        .await
    }

    async fn update(&self, caller: &Caller, change: ShowChange) -> Result<Display, ServiceError> {
        setup::update_show(&*self.store, caller, self.alder.display.id, change).await
    }

    async fn code(&self, caller: &Caller) -> Result<DisplayCode, ServiceError> {
        setup::commanded_display(
            &*self.store,
            caller,
            self.alder.event,
            self.alder.display.id,
        )
        .await
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
    let viewer = world.alder.person(Role::Viewer);
    let seen = setup::displays(&*world.store, &viewer, world.alder.event).await;
    assert_eq!(seen.unwrap()[0].name, "Finish arch");
    let refused = |said: Option<ServiceError>| {
        assert!(is_forbidden(&said), "{said:?}");
    };
    refused(world.end(&viewer).await.err());
    refused(world.rename(&viewer, "Mine").await.err());
    refused(world.code(&viewer).await.err());
    refused(world.update(&viewer, window(None)).await.err());
    let own = setup::display(&*world.store, &viewer, world.alder.display.id).await;
    assert_eq!(own.unwrap().rundown, RundownOverrides::default());

    let partner = setup::create_partner(&*world.store, &Caller::Shell, "Birch Timing")
        .await
        .unwrap();
    let stranger = person(partner, Role::Owner);
    assert!(world.end(&stranger).await.is_err());
    assert!(world.code(&stranger).await.is_err());
    let missing = |said: Option<ServiceError>| {
        assert!(is_missing(&said), "{said:?}");
    };
    missing(world.update(&stranger, window(None)).await.err());
    let theirs = setup::display(&*world.store, &stranger, world.alder.display.id).await;
    missing(theirs.err());
    let director = world.alder.person(Role::Director);
    assert_eq!(
        world.code(&director).await.unwrap(),
        world.alder.display.code
    );
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
    let director = world.alder.person(Role::Director);
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
    let director = world.alder.person(Role::Director);
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
        template: Some(BuiltIn::Arrivals.into()),
        ..ShowChange::default()
    };
    let before = world.update(&director, template).await.unwrap();
    assert_eq!(Some(before.rundown), set.rundown);
}

/// Who comes again five seconds later is one passage, until somebody says that it is two.
#[tokio::test]
async fn what_is_set_reaches_the_running_server() {
    let world = World::new().await;
    let (store, event, director) = (
        &*world.store,
        world.alder.event,
        world.alder.person(Role::Director),
    );
    let people = b"bib,first_name,last_name\n7,Ada,Pendlebury\n";
    roster::import(store, &Caller::Shell, event, people)
        .await
        .unwrap();
    let stream = setup::display(store, &director, world.alder.display.id)
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
    let tomorrow = clock.now().plus_ms(DAY_MS);
    store
        .extend_display(&scope, world.alder.display.id, tomorrow)
        .await
        .unwrap();
    let node = Node::start(Arc::clone(&world.store), clock).await.unwrap();
    let listed = async |count: usize| {
        until(&format!("{count} are listed"), async || {
            let shown = node.shown(&world.alder.display.code).await;
            shown.unwrap().unwrap().state.arrivals.len() == count
        })
        .await;
    };
    listed(1).await;
    world.update(&director, window(Some(2_000))).await.unwrap();
    listed(2).await;
    world.update(&director, window(None)).await.unwrap();
    listed(1).await;

    // It lists everybody at once, so there is no turn to take in hand.
    let skip = node.operate(&director, world.alder.display.id, OperatorCommand::Skip);
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
    let viewer = world.alder.person(Role::Viewer);
    let hold = node.operate(&viewer, world.alder.display.id, OperatorCommand::Hold);
    let said = hold.await.err();
    assert!(is_forbidden(&said), "{said:?}");
}

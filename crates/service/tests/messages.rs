//! The pool of messages over a real store: who may change it, what a paste becomes, and that a
//! running node has it.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

use model::{
    Conditions, EventId, MessageId, PartnerId, PersonId, PoolMessage, Role, ShowId, ShowMode,
    Template,
};
use service::{
    Caller, Clock, Node, ServiceError, limits,
    message::{self, Added, NewMessages},
    setup,
};
use std::{sync::Arc, time::Duration};
use store::{Location, OpenMode, Store};
use tempfile::TempDir;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    partner: PartnerId,
    event: EventId,
    show: ShowId,
}

impl World {
    /// An event with one display.
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
            rundown: model::RundownOverrides::default(),
            event,
            name: String::new(),
            mode: ShowMode::Results,
            template: Template::Arrivals,
            stream: None,
            points: vec!["FINISH".to_owned()],
            ttl: Duration::from_secs(24 * 3_600),
        };
        let now = Clock::start().now();
        setup::create_display(&*store, shell, new, now)
            .await
            .unwrap();
        let displays = setup::displays(&*store, shell, event).await.unwrap();
        Self {
            _folder: folder,
            store,
            partner,
            event,
            show: displays[0].show,
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

    async fn add(&self, new: NewMessages) -> Result<Added, ServiceError> {
        let director = self.person(Role::Director);
        message::add_messages(&*self.store, &director, self.event, new).await
    }

    async fn texts(&self) -> Vec<String> {
        let viewer = self.person(Role::Viewer);
        let messages = message::messages(&*self.store, &viewer, self.event);
        let messages = messages.await.unwrap().into_iter();
        messages.map(|message| message.text).collect()
    }
}

fn lines(lines: &str) -> NewMessages {
    NewMessages {
        show: None,
        lines: lines.to_owned(),
        weight: 1,
        conditions: Conditions::default(),
    }
}

fn in_city(city: &str) -> Conditions {
    Conditions {
        city: city.to_owned(),
        ..Conditions::default()
    }
}

#[track_caller]
fn invalid(said: Option<ServiceError>, of: &str, tells: &str) {
    match said {
        Some(ServiceError::Invalid { field, problem }) => {
            assert_eq!(field, of);
            assert!(problem.contains(tells), "{problem}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_line_is_a_message_once() {
    let world = World::new().await;
    let paste = "\u{feff}Go, {first_name}!\r\n\r\n  Nearly\tthere  \nGo, {first_name}!\n \n";
    let added = world.add(lines(paste)).await.unwrap();
    assert_eq!((added.ids.len(), added.known), (2, 1));
    assert_eq!(world.texts().await, ["Go, {first_name}!", "Nearly there"]);

    let again = world.add(lines("Nearly there\nNew one")).await.unwrap();
    assert_eq!((again.ids.len(), again.known), (1, 1));
    let nothing_new = world.add(lines("New one")).await.unwrap();
    assert_eq!((nothing_new.ids.len(), nothing_new.known), (0, 1));
    // For others the same words are another message.
    for (show, city, expected) in [
        (None, "Pau", 1),
        (None, " PAU", 0),
        (None, "Lyon", 1),
        (Some(world.show), "", 1),
    ] {
        let new = NewMessages {
            show,
            conditions: in_city(city),
            ..lines("New one")
        };
        assert_eq!(world.add(new).await.unwrap().ids.len(), expected, "{city}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_named_and_nothing_is_stored() {
    let world = World::new().await;
    let long = "é".repeat(281);
    let two_bad = format!("Good\n\n{long}\nGood too");
    let said = world.add(lines(&two_bad)).await;
    let shorten = "line 3 has 281 characters; shorten it to 280";
    invalid(said.err(), "text", shorten);
    let said = world.add(lines("Good\nB\u{7}d")).await;
    invalid(said.err(), "text", "line 2 has a control character");
    invalid(world.add(lines(" \n\t\n")).await.err(), "text", "empty");
    let huge = "x\n".repeat(limits::MESSAGE_LINES_BYTES_MAX);
    let said = world.add(lines(&huge)).await;
    invalid(said.err(), "text", "500 messages");
    let many: String = (0..501).map(|at| format!("{at}\n")).collect();
    let said = world.add(lines(&many)).await;
    invalid(said.err(), "text", "leave out 1 of these lines");
    for weight in [0, 101] {
        let new = NewMessages {
            weight,
            ..lines("Go")
        };
        invalid(world.add(new).await.err(), "weight", "from 1 to 100");
    }
    let new = NewMessages {
        conditions: in_city(&long),
        ..lines("Go")
    };
    invalid(world.add(new).await.err(), "city", "characters");
    assert!(world.texts().await.is_empty());
    let most: String = (0..500).map(|at| format!("{at}\n")).collect();
    assert_eq!(world.add(lines(&most)).await.unwrap().ids.len(), 500);
}

#[tokio::test]
async fn a_message_is_changed_and_taken_away_and_put_back() {
    let world = World::new().await;
    let director = &world.person(Role::Director);
    let (store, event) = (&*world.store, world.event);
    let id = world.add(lines("Go!")).await.unwrap().ids[0];
    let wanted = PoolMessage {
        id,
        show: Some(world.show),
        text: " Go\nfaster ".to_owned(),
        weight: 5,
        conditions: in_city(" Pau "),
    };
    let before = message::change_message(store, director, event, wanted.clone());
    assert_eq!(before.await.unwrap().text, "Go!");
    let known = message::messages(store, director, event).await.unwrap();
    let kept = PoolMessage {
        text: "Go faster".to_owned(),
        conditions: in_city("Pau"),
        ..wanted.clone()
    };
    assert_eq!(known, std::slice::from_ref(&kept));
    let empty = PoolMessage {
        text: " ".to_owned(),
        ..wanted
    };
    let said = message::change_message(store, director, event, empty).await;
    invalid(said.err(), "text", "it is empty");

    let removed = message::remove_message(store, director, event, id).await;
    assert_eq!(removed.as_ref().unwrap(), &kept);
    assert!(world.texts().await.is_empty());
    let back = message::restore_message(store, director, event, removed.unwrap());
    back.await.unwrap();
    let known = message::messages(store, director, event).await.unwrap();
    assert_eq!(known, [kept]);
}

#[tokio::test]
async fn only_who_runs_events_changes_messages() {
    let world = World::new().await;
    let id = world.add(lines("Go!")).await.unwrap().ids[0];
    let viewer = &world.person(Role::Viewer);
    let (store, event) = (&*world.store, world.event);
    let known = message::messages(store, viewer, event).await.unwrap();
    let elsewhere = setup::create_partner(store, &Caller::Shell, "Birch Timing").await;
    let Caller::Person { person, email, .. } = world.person(Role::Owner) else {
        unreachable!("it is a person");
    };
    let stranger = &Caller::Person {
        person,
        email,
        partner: elsewhere.unwrap(),
        role: Role::Owner,
    };
    for caller in [viewer, stranger] {
        let message = known[0].clone();
        let restored = PoolMessage {
            id: MessageId(store::new_message_id().0),
            ..message.clone()
        };
        let said = [
            message::add_messages(store, caller, event, lines("Mine"))
                .await
                .err(),
            message::change_message(store, caller, event, message)
                .await
                .err(),
            message::remove_message(store, caller, event, id)
                .await
                .err(),
            message::restore_message(store, caller, event, restored)
                .await
                .err(),
        ];
        for said in said {
            let refused = match caller == viewer {
                true => matches!(said, Some(ServiceError::Forbidden { .. })),
                false => matches!(said, Some(ServiceError::NotFound { .. })),
            };
            assert!(refused, "{said:?}");
        }
    }
    assert!(message::messages(store, stranger, event).await.is_err());
    assert_eq!(world.texts().await, ["Go!"]);
}

#[tokio::test]
async fn a_running_node_has_the_messages_and_hears_of_each_change() {
    let world = World::new().await;
    world.add(lines("Go!")).await.unwrap();
    let node = Node::start(Arc::clone(&world.store), Clock::start());
    let node = node.await.unwrap();
    let known = || {
        let entry = node.registry.event(world.event).unwrap();
        let texts = entry.messages.iter().map(|message| message.text.clone());
        texts.collect::<Vec<_>>()
    };
    assert_eq!(known(), ["Go!"]);
    let id = world.add(lines("Faster!")).await.unwrap().ids[0];
    let until = async |expected: &[&str]| {
        let waiting = async {
            while known() != expected {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        assert!(waited.is_ok(), "not within 20 s: {expected:?}");
    };
    until(&["Go!", "Faster!"]).await;
    let director = world.person(Role::Director);
    let remove = message::remove_message(&*world.store, &director, world.event, id);
    remove.await.unwrap();
    until(&["Go!"]).await;
}

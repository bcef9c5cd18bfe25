//! The pool of messages over a real store: who may change it, what a paste becomes, and that a
//! running node has it.

use crate::world::{self, Side, invalid, is_forbidden, is_missing, person, until};
use model::{Conditions, MessageId, PoolMessage, Role};
use service::{
    Caller, Clock, Node, ServiceError, limits,
    message::{self, Added, NewMessages},
    setup,
};
use std::sync::Arc;
use store::Store;
use tempfile::TempDir;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    alder: Side,
}

impl World {
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        Self {
            alder: Side::new(&*store, "Alder Timing", Clock::start().now()).await,
            store,
            _folder: folder,
        }
    }

    async fn add(&self, new: NewMessages) -> Result<Added, ServiceError> {
        let director = self.alder.person(Role::Director);
        message::add_messages(&*self.store, &director, self.alder.event, new).await
    }

    async fn texts(&self) -> Vec<String> {
        let viewer = self.alder.person(Role::Viewer);
        let messages = message::messages(&*self.store, &viewer, self.alder.event);
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
        (Some(world.alder.display.show), "", 1),
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
    invalid(said, "text", shorten);
    let said = world.add(lines("Good\nB\u{7}d")).await;
    invalid(said, "text", "line 2 has a control character");
    invalid(world.add(lines(" \n\t\n")).await, "text", "empty");
    let huge = "x\n".repeat(limits::MESSAGE_LINES_BYTES_MAX);
    let said = world.add(lines(&huge)).await;
    invalid(said, "text", "500 messages");
    let many: String = (0..501).map(|at| format!("{at}\n")).collect();
    let said = world.add(lines(&many)).await;
    invalid(said, "text", "leave out 1 of these lines");
    for weight in [0, 101] {
        let new = NewMessages {
            weight,
            ..lines("Go")
        };
        invalid(world.add(new).await, "weight", "from 1 to 100");
    }
    let new = NewMessages {
        conditions: in_city(&long),
        ..lines("Go")
    };
    invalid(world.add(new).await, "city", "characters");
    assert!(world.texts().await.is_empty());
    let most: String = (0..500).map(|at| format!("{at}\n")).collect();
    assert_eq!(world.add(lines(&most)).await.unwrap().ids.len(), 500);
}

#[tokio::test]
async fn a_message_is_changed_and_taken_away_and_put_back() {
    let world = World::new().await;
    let director = &world.alder.person(Role::Director);
    let (store, event) = (&*world.store, world.alder.event);
    let id = world.add(lines("Go!")).await.unwrap().ids[0];
    let wanted = PoolMessage {
        id,
        show: Some(world.alder.display.show),
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
    invalid(said, "text", "it is empty");

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
    let viewer = &world.alder.person(Role::Viewer);
    let (store, event) = (&*world.store, world.alder.event);
    let known = message::messages(store, viewer, event).await.unwrap();
    let elsewhere = setup::create_partner(store, &Caller::Shell, "Birch Timing").await;
    let stranger = &person(elsewhere.unwrap(), Role::Owner);
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
                true => is_forbidden(&said),
                false => is_missing(&said),
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
        let entry = node.registry.event(world.alder.event).unwrap();
        let texts = entry.messages.iter().map(|message| message.text.clone());
        texts.collect::<Vec<_>>()
    };
    assert_eq!(known(), ["Go!"]);
    let id = world.add(lines("Faster!")).await.unwrap().ids[0];
    until("the new one is known", async || {
        known() == ["Go!", "Faster!"]
    })
    .await;
    let director = world.alder.person(Role::Director);
    let remove = message::remove_message(&*world.store, &director, world.alder.event, id);
    remove.await.unwrap();
    until("the first is alone again", async || known() == ["Go!"]).await;
}

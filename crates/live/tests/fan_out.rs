//! The hub under many sockets: who is slow misses states and holds up nobody.

use live::{Board, Heard, Hub, HubError, Published, Subscription, limits};
use model::socket::{Command, Screen};
use model::{Arrival, BoardState, BuiltIn, Design, DisplayCode, UnixMicros};
use proptest::prelude::*;
use std::sync::Arc;

fn code(idx: usize) -> DisplayCode {
    let random: Vec<u8> = (0..8)
        .map(|sign| ((idx >> (4 * sign)) & 15) as u8)
        .collect();
    DisplayCode::from_random(&random).expect("eight signs")
}

fn board(bib: u64) -> Board {
    let arrival = Arrival {
        bib: bib.to_string(),
        name: "Žofie Nováková".to_owned(),
        city: "Plzeň".to_owned(),
        point: "Finish".to_owned(),
        read_time: "2026-03-06T20:27:47.39".to_owned(),
        ..Arrival::default()
    };
    let state = BoardState {
        arrivals: vec![arrival],
        ..BoardState::default()
    };
    Board {
        design: Design::built_in(BuiltIn::Arrivals),
        state,
        received_at: UnixMicros(0),
    }
}

fn publish(hub: &Hub, code: &DisplayCode, bib: u64) -> u64 {
    assert_eq!(hub.publish(code, board(bib), UnixMicros(0)), Ok(true));
    hub.latest(code).expect("it is open").seq
}

fn seq(published: &Published) -> u64 {
    match published {
        Published::Showing(shown) => shown.seq,
        Published::Ended => u64::MAX,
    }
}

proptest! {
    /// A socket looks whenever it has time for it. Whatever the others do, it sees rising numbers,
    /// and after its last look it has the newest.
    #[test]
    fn every_socket_sees_the_newest_whenever_it_looks(
        steps in prop::collection::vec((0..2_usize, 0..10_usize, any::<bool>()), 1..200),
    ) {
        let hub = Hub::new(1);
        let mut newest = [0, 1].map(|display| {
            hub.open(&code(display), board(0), UnixMicros(0)).unwrap();
            hub.latest(&code(display)).unwrap().seq
        });
        let mut sockets: Vec<(usize, Subscription, u64)> = (0..10)
            .map(|idx| (idx % 2, hub.subscribe(&code(idx % 2)).unwrap(), 0))
            .collect();
        for (bib, (display, socket, publishes)) in (1..).zip(steps) {
            if publishes {
                newest[display] = publish(&hub, &code(display), bib);
            } else {
                let (display, subscription, seen) = &mut sockets[socket];
                let latest = seq(&subscription.latest());
                prop_assert!(*seen <= latest);
                prop_assert_eq!(latest, newest[*display]);
                *seen = latest;
            }
        }
    }
}

/// Commands are no states: all of them come, in order, as far as they are not too many, and a
/// socket that takes them too slowly misses the oldest and never the state.
#[tokio::test]
async fn commands_come_beside_the_newest_state() {
    let hub = Hub::new(1);
    let code = code(7);
    hub.open(&code, board(0), UnixMicros(0)).unwrap();
    let mut early = hub.subscribe(&code).unwrap();
    let mut late = hub.subscribe(&code).unwrap();
    let say = |text: String| hub.command(&code, Command::Message { text });
    let first = say("one".to_owned()).unwrap();
    let second = say("x".repeat(model::limits::MESSAGE_CHARS_MAX)).unwrap();
    assert!(first < second);
    assert_eq!(
        say("é".repeat(model::limits::MESSAGE_CHARS_MAX + 1)),
        Err(HubError::MessageTooLong)
    );
    let newest = publish(&hub, &code, 1);
    let mut heard = (Vec::new(), 0);
    for _ in 0..3 {
        match early.next().await {
            Heard::Command(command) => heard.0.push(command),
            Heard::Published(published) => heard.1 = seq(&published),
        }
    }
    assert_eq!((heard.0.len(), heard.1), (2, newest));
    assert!(heard.0.is_sorted_by_key(|command| number(command)));

    let many: Vec<u64> = (0..100).map(|n| say(n.to_string()).unwrap()).collect();
    let mut commands = Vec::new();
    while commands.last() != many.last() {
        if let Heard::Command(command) = late.next().await {
            commands.push(number(&command));
        }
    }
    assert!(commands.len() <= limits::COMMANDS_WAITING_MAX);
    assert!(many.ends_with(&commands), "{commands:?}");
    // A command that waits at the end may be left; that it is the end is heard all the same.
    say("last".to_owned()).unwrap();
    hub.end(&code);
    while !matches!(late.next().await, Heard::Published(Published::Ended)) {}
    assert_eq!(say("gone".to_owned()), Err(HubError::Unknown));
}

fn number(command: &[u8]) -> u64 {
    let command: serde_json::Value = serde_json::from_slice(command).expect("JSON");
    command["id"].as_u64().expect("a number")
}

/// Real tasks on two threads: the slow give way a hundred times for every look, the fast never do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_slow_miss_states_and_all_reach_the_last() {
    const STATES: u64 = 2_000;
    let hub = Arc::new(Hub::new(1));
    let code = code(7);
    hub.open(&code, board(0), UnixMicros(0)).unwrap();
    let last = hub.latest(&code).unwrap().seq + STATES;
    let follow = |yields: usize| {
        let mut subscription = hub.subscribe(&code).unwrap();
        tokio::spawn(async move {
            let mut seen = Vec::new();
            while seen.last() != Some(&last) {
                let Heard::Published(published) = subscription.next().await else {
                    panic!("nobody gave a command");
                };
                seen.push(seq(&published));
                for _ in 0..yields {
                    tokio::task::yield_now().await;
                }
            }
            seen
        })
    };
    let slow: Vec<_> = (0..50).map(|_| follow(100)).collect();
    let fast: Vec<_> = (0..50).map(|_| follow(0)).collect();
    for bib in 1..=STATES {
        publish(&hub, &code, bib);
        tokio::task::yield_now().await;
    }
    for task in slow.into_iter().chain(fast) {
        let seen = task.await.unwrap();
        assert!(
            seen.is_sorted_by(|earlier, later| earlier < later),
            "each at most once, in order"
        );
    }
    assert_eq!(hub.sockets(), 0, "a socket that is gone is not counted");
}

#[test]
fn a_state_is_encoded_once_for_all() {
    let hub = Hub::new(1);
    hub.open(&code(1), board(0), UnixMicros(0)).unwrap();
    let mut sockets: Vec<_> = (0..3).map(|_| hub.subscribe(&code(1)).unwrap()).collect();
    publish(&hub, &code(1), 1);
    let frames: Vec<_> = sockets
        .iter_mut()
        .map(|subscription| match subscription.latest() {
            Published::Showing(shown) => shown.frame(),
            Published::Ended => unreachable!("it was not ended"),
        })
        .collect();
    assert!(
        frames
            .iter()
            .all(|frame| frame.as_ptr() == frames[0].as_ptr())
    );
}

#[test]
fn opening_again_keeps_the_sockets_and_sends_only_what_differs() {
    let hub = Hub::new(1);
    let code = code(1);
    hub.open(&code, board(1), UnixMicros(0)).unwrap();
    let mut socket = hub.subscribe(&code).unwrap();
    let before = seq(&socket.latest());
    hub.open(&code, board(1), UnixMicros(5)).unwrap();
    assert_eq!(seq(&socket.latest()), before);
    hub.open(&code, board(2), UnixMicros(6)).unwrap();
    assert!(before < seq(&socket.latest()));
    let status = hub.status(&code).unwrap();
    assert_eq!(
        (status.sockets, status.frames, status.sent_at),
        (1, 2, UnixMicros(6))
    );
}

#[test]
fn an_ended_display_is_unknown_and_its_sockets_know() {
    let hub = Hub::new(1);
    let code = code(1);
    assert_eq!(hub.subscribe(&code).err(), Some(HubError::Unknown));
    hub.open(&code, board(1), UnixMicros(0)).unwrap();
    let mut socket = hub.subscribe(&code).unwrap();
    hub.end(&code);
    assert!(matches!(socket.latest(), Published::Ended));
    assert_eq!(hub.subscribe(&code).err(), Some(HubError::Unknown));
    assert_eq!(
        hub.publish(&code, board(2), UnixMicros(0)),
        Err(HubError::Unknown)
    );
    assert!(hub.latest(&code).is_none() && hub.status(&code).is_none());
    hub.end(&code);
}

#[test]
fn counts_have_an_end() {
    let hub = Hub::new(1);
    for idx in 0..limits::DISPLAYS_MAX {
        hub.open(&code(idx), board(1), UnixMicros(0)).unwrap();
    }
    let one_more = hub.open(&code(limits::DISPLAYS_MAX), board(1), UnixMicros(0));
    assert_eq!(one_more, Err(HubError::DisplaysFull));
    assert_eq!(hub.open(&code(0), board(2), UnixMicros(0)), Ok(()));

    let fill = |display: usize| -> Vec<Subscription> {
        (0..limits::SOCKETS_PER_DISPLAY_MAX)
            .map_while(|_| hub.subscribe(&code(display)).ok())
            .collect()
    };
    let first = fill(0);
    assert_eq!(hub.subscribe(&code(0)).err(), Some(HubError::SocketsFull));
    assert_eq!(
        hub.sockets(),
        first.len(),
        "a refused socket takes no place"
    );
    let second = fill(1);
    assert_eq!(hub.sockets(), limits::SOCKETS_MAX);
    assert_eq!(hub.subscribe(&code(2)).err(), Some(HubError::NodeFull));
    drop(first);
    assert!(hub.subscribe(&code(0)).is_ok());
    drop(second);
    assert_eq!(hub.sockets(), 0);
}

#[test]
fn a_screen_is_known_from_its_hello_until_its_socket_is_gone() {
    let hub = Hub::new(1);
    hub.open(&code(0), board(0), UnixMicros(0)).unwrap();
    let screen = |width| Screen {
        width,
        height: 1_080,
        ..Screen::default()
    };
    let mut wide = hub.subscribe(&code(0)).unwrap();
    let mut narrow = hub.subscribe(&code(0)).unwrap();
    assert_eq!(hub.screens(&code(0)), []);
    narrow.introduce(&screen(390));
    wide.introduce(&screen(1_920));
    assert_eq!(hub.screens(&code(0)), [screen(390), screen(1_920)]);
    narrow.introduce(&screen(844));
    assert_eq!(hub.screens(&code(0)), [screen(844), screen(1_920)]);
    drop(narrow);
    assert_eq!(hub.screens(&code(0)), [screen(1_920)]);
    hub.end(&code(0));
    assert_eq!(hub.screens(&code(0)), []);
    // It may go later than its display.
    drop(wide);
}

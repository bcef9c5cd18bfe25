//! The link's behaviour at its boundary: inputs with times in, actions out.

use super::*;
use crate::limits::IDENTIFY_MS;
use model::{Arrival, BuiltIn, Scene, document::Packed};
use proptest::prelude::*;

const MIDDLE: u32 = u32::MAX / 2;

fn at(ms: u64) -> Moment {
    Moment {
        mono: MonoMs(ms),
        unix_us: 1_000_000,
        random: MIDDLE,
    }
}

fn state(bib: &str) -> BoardState {
    BoardState {
        event: "Harbor Half".to_owned(),
        points: vec!["Finish".to_owned()],
        arrivals: vec![Arrival {
            bib: bib.to_owned(),
            name: "Ada Quill".to_owned(),
            city: String::new(),
            point: "Finish".to_owned(),
            read_time: "2026-03-06T20:27:47.39".to_owned(),
            ..Arrival::default()
        }],
        ..BoardState::default()
    }
}

fn link() -> Link {
    let state = state("1");
    let has = (Some(9), Some(4));
    Link::new(
        Screen::default(),
        has,
        "one".to_owned(),
        &state,
        (MonoMs(0), MonoMs(0)),
    )
}

fn say(link: &mut Link, ms: u64, message: &ServerMessage) -> Vec<Action> {
    link.step(at(ms), Input::Heard(Some(message.clone())))
}

fn frame(seq: u64, bib: &str, replay: bool) -> ServerMessage {
    ServerMessage::Frame {
        seq,
        received_at_us: 1,
        sent_at_us: 2,
        scene: Scene::Runner,
        state: state(bib),
        replay,
    }
}

fn snapshot(epoch: u64, seq: u64, bib: &str) -> ServerMessage {
    ServerMessage::Snapshot {
        epoch,
        seq,
        template: BuiltIn::Arrivals.into(),
        document: document(),
        state: state(bib),
    }
}

fn document() -> Packed {
    Packed("a template".to_owned())
}

fn ping(sent_at_us: i64) -> ServerMessage {
    ServerMessage::Ping {
        sent_at_us,
        software: "one".to_owned(),
    }
}

fn open(link: &mut Link, ms: u64) -> Vec<Action> {
    assert_eq!(link.step(at(ms), Input::Tick), [Action::Connect]);
    link.step(at(ms), Input::Opened)
}

fn hello(epoch: u64, seq: u64) -> Action {
    Action::Send(ClientMessage::Hello {
        epoch: Some(epoch),
        seq: Some(seq),
        screen: Screen::default(),
    })
}

fn show(bib: &str, animate: bool) -> Action {
    Action::Show {
        document: None,
        state: state(bib),
        animate,
    }
}

fn show_whole(bib: &str) -> Action {
    Action::Show {
        document: Some(document()),
        state: state(bib),
        animate: false,
    }
}

/// Of a live frame.
fn time() -> Action {
    Action::Time {
        sent_at_us: 2,
        is_ping: false,
    }
}

#[test]
fn it_says_hello_with_what_the_page_knew() {
    let mut link = link();
    assert_eq!(open(&mut link, 0), [hello(9, 4)]);
}

#[test]
fn a_screen_that_was_turned_says_so_once() {
    let mut link = link();
    let turned = Screen {
        width: 1_080,
        height: 1_920,
        ..Screen::default()
    };
    let measured = Input::Measured(1_080, 1_920);
    // Its next connection is not there yet to hear it.
    assert_eq!(link.step(at(0), measured.clone()), []);
    assert_eq!(open(&mut link, 0), [hello(9, 4)]);
    let again = ClientMessage::Hello {
        epoch: Some(9),
        seq: Some(4),
        screen: turned,
    };
    assert_eq!(link.step(at(10), measured.clone()), [Action::Send(again)]);
    assert_eq!(link.step(at(20), measured), []);
}

#[test]
fn frames_are_shown_once_and_replays_stand_still() {
    let mut link = link();
    open(&mut link, 0);
    let mut check = |message, expected: &[Action]| {
        assert_eq!(say(&mut link, 10, &message), expected, "{message:?}");
    };
    check(frame(4, "1", false), &[]);
    check(frame(5, "2", false), &[time(), show("2", true)]);
    check(frame(5, "2", false), &[]);
    check(frame(9, "3", false), &[time(), show("3", true)]);
    check(frame(10, "4", true), &[show("4", false)]);
    check(snapshot(10, 1, "5"), &[show_whole("5")]);
    check(frame(2, "6", false), &[time(), show("6", true)]);
}

#[test]
fn a_ping_is_answered_with_the_echo() {
    let mut link = link();
    open(&mut link, 0);
    say(&mut link, 1_000, &frame(5, "2", false));
    assert_eq!(
        say(&mut link, 4_000, &ping(77)),
        [
            Action::Time {
                sent_at_us: 77,
                is_ping: true,
            },
            Action::Send(ClientMessage::Pong {
                sent_at_us: 77,
                screen_at_us: 1_000_000,
                echo: Echo {
                    seq: Some(5),
                    top: "2".to_owned(),
                    age_ms: 3_000
                },
            })
        ]
    );
}

#[test]
fn a_lost_connection_is_tried_again_with_doubling_waits() {
    let mut link = link();
    open(&mut link, 0);
    let mut now = 0;
    for wait in [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000] {
        let lost = link.step(at(now), Input::Closed);
        assert_eq!(lost[0], Action::Disconnect);
        // One less, as half of the largest random number is rounded down.
        assert_eq!(link.step(at(now + wait - 2), Input::Tick), []);
        assert_eq!(link.step(at(now + wait), Input::Tick), [Action::Connect]);
        now += wait;
    }
    link.step(at(now), Input::Opened);
    say(&mut link, now, &ping(1));
    link.step(at(now), Input::Closed);
    assert_eq!(
        link.step(at(now + 500), Input::Tick),
        [Action::Connect],
        "a word from the server starts the waits anew"
    );
}

#[test]
fn silence_ends_a_socket_and_so_does_a_connect_that_hangs() {
    let mut link = link();
    open(&mut link, 0);
    assert_eq!(link.step(at(SILENCE_MS_MAX), Input::Tick), []);
    let late = SILENCE_MS_MAX + 1;
    assert_eq!(link.step(at(late), Input::Tick), [Action::Disconnect]);
    let again = late + BACKOFF_FIRST_MS;
    assert_eq!(link.step(at(again), Input::Tick), [Action::Connect]);
    assert_eq!(link.step(at(again + CONNECT_MS_MAX), Input::Tick), []);
    assert_eq!(
        link.step(at(again + CONNECT_MS_MAX + 1), Input::Tick),
        [Action::Disconnect]
    );
}

#[test]
fn the_notice_waits_and_counts_from_the_last_word() {
    let mut link = link();
    open(&mut link, 0);
    say(&mut link, 2_000, &ping(1));
    assert_eq!(link.silent_ms(MonoMs(20_000)), None, "connected");
    link.step(at(20_000), Input::Closed);
    assert_eq!(link.silent_ms(MonoMs(20_000 + NOTICE_AFTER_MS - 1)), None);
    assert_eq!(
        link.silent_ms(MonoMs(20_000 + NOTICE_AFTER_MS)),
        Some(23_000)
    );
    open(&mut link, 30_000);
    assert_eq!(link.silent_ms(MonoMs(30_000)), None);
}

#[test]
fn a_picture_that_was_kept_is_as_old_as_it_says() {
    let state = BoardState::default();
    let kept = (MonoMs(100_000), MonoMs(40_000));
    let mut link = Link::new(Screen::default(), (None, None), String::new(), &state, kept);
    let told_ms = 100_000 + NOTICE_AFTER_MS;
    assert_eq!(link.silent_ms(MonoMs(told_ms)), Some(told_ms - 40_000));
    assert_eq!(link.step(at(100_000), Input::Tick), [Action::Connect]);
}

#[test]
fn an_ended_display_is_asked_for_seldom_and_may_come_back() {
    let mut link = link();
    open(&mut link, 0);
    assert_eq!(
        say(&mut link, 0, &ServerMessage::Ended),
        [Action::ShowEnded, Action::Disconnect]
    );
    assert_eq!(link.step(at(30_000), Input::Tick), []);
    assert_eq!(link.silent_ms(MonoMs(30_000)), None);
    assert_eq!(open(&mut link, ENDED_RETRY_MS), [hello(9, 4)]);
    assert_eq!(
        say(&mut link, ENDED_RETRY_MS, &snapshot(9, 4, "1")),
        [show_whole("1")]
    );
}

fn command(id: u64, command: Command) -> ServerMessage {
    ServerMessage::Command { id, command }
}

fn ack(id: u64, done: bool) -> Action {
    Action::Send(ClientMessage::Ack { id, done })
}

fn message(text: &str) -> Command {
    Command::Message {
        text: text.to_owned(),
    }
}

#[test]
fn what_the_staff_lay_over_the_board_stays_until_they_take_it_off() {
    let mut link = link();
    open(&mut link, 0);
    let mut id = 0;
    let mut check = |now: u64, told: Option<Command>, expected: Overlay| {
        if let Some(told) = told {
            id += 1;
            assert_eq!(say(&mut link, now, &command(id, told)), [ack(id, true)]);
        }
        assert_eq!(link.overlay(MonoMs(now)), expected, "at {now}");
    };
    check(0, None, Overlay::None);
    check(
        1,
        Some(message("Late start")),
        Overlay::Message("Late start".to_owned()),
    );
    check(2, Some(Command::Blank { on: true }), Overlay::Blank);
    check(3, Some(Command::Identify), Overlay::Identify);
    check(3 + IDENTIFY_MS - 1, None, Overlay::Identify);
    check(3 + IDENTIFY_MS, None, Overlay::Blank);
    check(
        20_000,
        Some(Command::Blank { on: false }),
        Overlay::Message("Late start".to_owned()),
    );
    check(20_001, Some(message("")), Overlay::None);
    check(20_002, Some(Command::Blank { on: true }), Overlay::Blank);
    link.step(at(20_003), Input::Closed);
    assert_eq!(
        link.overlay(MonoMs(99_000)),
        Overlay::Blank,
        "also without a connection"
    );
}

#[test]
fn it_leaves_only_for_a_page_that_is_there() {
    let target = || Target::Other("wxyz6789".parse().unwrap());
    let redirect = |id| {
        let code = "wxyz6789".parse().unwrap();
        command(id, Command::Redirect { code })
    };
    let mut link = link();
    open(&mut link, 0);
    assert_eq!(say(&mut link, 1, &redirect(1)), [Action::Look(target())]);
    assert_eq!(link.step(at(2), Input::Looked(Page::Gone)), [ack(1, false)]);
    assert_eq!(say(&mut link, 3, &redirect(2)), [Action::Look(target())]);
    assert_eq!(
        link.step(at(4), Input::Looked(Page::Unknown)),
        [ack(2, false)]
    );
    // Told otherwise before it knew: the first is not done.
    assert_eq!(say(&mut link, 5, &redirect(3)), [Action::Look(target())]);
    assert_eq!(
        say(&mut link, 6, &command(4, Command::Reload)),
        [ack(3, false), Action::Look(Target::Own)]
    );
    assert_eq!(link.step(at(7), Input::Looked(Page::Here)), [ack(4, true)]);
    assert_eq!(link.step(at(7 + LEAVE_AFTER_MS - 1), Input::Tick), []);
    assert_eq!(
        link.step(at(7 + LEAVE_AFTER_MS), Input::Tick),
        [Action::Leave(Target::Own)]
    );
    assert_eq!(link.step(at(7 + LEAVE_AFTER_MS + 1), Input::Tick), []);
}

fn other_software(link: &mut Link, ms: u64) -> Vec<Action> {
    let ping = ServerMessage::Ping {
        sent_at_us: 1,
        software: "two".to_owned(),
    };
    let mut actions = say(link, ms, &ping);
    actions.drain(..2);
    actions
}

#[test]
fn another_version_is_taken_up_at_a_moment_of_its_own_and_between_runners() {
    let look = [Action::Look(Target::Own)];
    let mut link = link();
    open(&mut link, 0);
    assert_eq!(other_software(&mut link, 1), look);
    assert_eq!(other_software(&mut link, 2), [], "it looks already");
    // The page is not there: the picture stays, and it looks again.
    assert_eq!(link.step(at(3), Input::Looked(Page::Unknown)), []);
    assert_eq!(other_software(&mut link, 4), look);
    assert_eq!(link.step(at(5), Input::Looked(Page::Here)), []);
    let moment = 5 + share(at(0), UPDATE_SPREAD_MS);
    assert_eq!(link.step(at(moment - 1), Input::Tick), []);
    let mut featured = state("3");
    featured.runner = Some(Arrival::default());
    let frame = ServerMessage::Frame {
        seq: 9,
        received_at_us: 1,
        sent_at_us: 2,
        scene: Scene::Runner,
        state: featured,
        replay: true,
    };
    say(&mut link, moment - 1, &frame);
    assert_eq!(link.step(at(moment), Input::Tick), []);
    let latest = moment + UPDATE_WAIT_MS_MAX;
    say(&mut link, latest - 1, &ping(1));
    assert_eq!(link.step(at(latest - 1), Input::Tick), []);
    let leave = [Action::Leave(Target::Own)];
    assert_eq!(link.step(at(latest), Input::Tick), leave);
}

#[test]
fn a_page_of_no_server_is_of_no_version() {
    let has = (None, None);
    let state = BoardState::default();
    let mut link = Link::new(
        Screen::default(),
        has,
        String::new(),
        &state,
        (MonoMs(0), MonoMs(0)),
    );
    open(&mut link, 0);
    assert_eq!(other_software(&mut link, 1), []);
}

#[test]
fn a_screen_that_slept_hears_soon_or_connects_anew() {
    let mut link = link();
    open(&mut link, 0);
    // The clock that runs evenly stood still while it slept.
    let now = 1_000;
    assert_eq!(link.step(at(now), Input::Woke), []);
    say(&mut link, now + 1, &ping(1));
    assert_eq!(link.step(at(now + WOKE_MS_MAX + 1), Input::Tick), []);
    let now = now + WOKE_MS_MAX + 1;
    assert_eq!(link.step(at(now), Input::Woke), []);
    // Once more is no reason to wait longer.
    assert_eq!(link.step(at(now + 5_000), Input::Woke), []);
    assert_eq!(link.step(at(now + WOKE_MS_MAX), Input::Tick), []);
    let late = now + WOKE_MS_MAX + 1;
    assert_eq!(link.step(at(late), Input::Tick), [Action::Disconnect]);
    // And it does not wait when it wakes without a socket.
    assert_eq!(link.step(at(late + 1), Input::Woke), []);
    assert_eq!(link.step(at(late + 1), Input::Tick), [Action::Connect]);
}

/// A browser tells a refused socket from a server that is down only by asking for the page.
#[test]
fn a_display_that_ended_while_the_server_was_down_is_found_out() {
    let mut link = link();
    open(&mut link, 0);
    assert_eq!(link.step(at(10), Input::Closed), [Action::Disconnect]);
    assert_eq!(link.step(at(510), Input::Tick), [Action::Connect]);
    let refused = [Action::Disconnect, Action::Look(Target::Own)];
    assert_eq!(link.step(at(511), Input::Closed), refused);
    assert_eq!(link.step(at(512), Input::Looked(Page::Unknown)), []);
    assert_eq!(link.step(at(513), Input::Looked(Page::Here)), []);
    assert_eq!(link.step(at(1_600), Input::Tick), [Action::Connect]);
    // An answer from before does not end a connection that is under way.
    assert_eq!(link.step(at(1_601), Input::Looked(Page::Gone)), []);
    assert_eq!(link.step(at(1_602), Input::Closed), refused);
    let gone = Input::Looked(Page::Gone);
    assert_eq!(link.step(at(1_603), gone.clone()), [Action::ShowEnded]);
    assert_eq!(link.step(at(1_604), gone), [], "once");
    assert_eq!(link.silent_ms(MonoMs(60_000)), None);
    assert_eq!(link.step(at(40_000), Input::Tick), []);
    assert_eq!(
        link.step(at(1_603 + ENDED_RETRY_MS), Input::Tick),
        [Action::Connect]
    );
    link.step(at(62_000), Input::Opened);
    assert_eq!(
        say(&mut link, 62_001, &snapshot(11, 1, "9")),
        [show_whole("9")]
    );
}

#[test]
fn what_it_does_not_know_it_passes_over() {
    let mut link = link();
    open(&mut link, 0);
    assert_eq!(link.step(at(SILENCE_MS_MAX), Input::Heard(None)), []);
    assert_eq!(
        link.step(at(2 * SILENCE_MS_MAX), Input::Tick),
        [],
        "it was heard all the same"
    );
    assert_eq!(
        say(&mut link, 60_000, &frame(5, "2", false)),
        [time(), show("2", true)]
    );
}

proptest! {
    #[test]
    fn a_wait_keeps_within_its_spread(random in any::<u32>(), wait in 1u64..100_000) {
        let moment = Moment { mono: MonoMs(7), unix_us: 0, random };
        let waited = spread(moment, wait).ms_since(MonoMs(7));
        prop_assert!(waited >= wait * 3 / 4 && waited <= wait * 5 / 4 + 1);
    }

    /// Whatever happens, it comes back: from any history, time alone leads to a new connection
    /// or to a socket that is heard.
    #[test]
    fn it_always_tries_again(history in proptest::collection::vec(0u8..4, 0..40)) {
        let mut link = link();
        let mut now = 0;
        for input in history {
            now += 700;
            let input = match input {
                0 => Input::Opened,
                1 => Input::Closed,
                2 => Input::Heard(Some(ServerMessage::Ended)),
                _ => Input::Tick,
            };
            link.step(at(now), input);
        }
        let connects = (0..200).any(|_| {
            now += 1_000;
            link.step(at(now), Input::Tick).contains(&Action::Connect)
        });
        prop_assert!(connects);
    }
}

//! One socket, driven by hand: inputs and instants in, outputs read as text.

use super::*;
use crate::{Board, Hub, Subscription};
use model::socket::{Command, Level};
use model::{Arrival, BoardState, BuiltIn, Design, DisplayCode};

const EPOCH: u64 = 1_700_000_000;

/// A hub with one display, and a screen at it. `now` stands still unless a test moves it.
struct Bench {
    hub: Hub,
    code: DisplayCode,
    subscription: Subscription,
    session: DisplaySession,
    now: MonoMs,
}

fn software() -> Arc<str> {
    "one".into()
}

fn board(bibs: &[&str]) -> Board {
    let arrival = |bib: &&str| Arrival {
        bib: (*bib).to_owned(),
        name: "Ines Ólafsdóttir".to_owned(),
        city: "Akureyri".to_owned(),
        point: "Finish".to_owned(),
        read_time: "2026-03-06T20:27:47.39".to_owned(),
        ..Arrival::default()
    };
    let state = BoardState {
        event: "Winter Run".to_owned(),
        points: vec!["Finish".to_owned()],
        arrivals: bibs.iter().map(arrival).collect(),
        ..BoardState::default()
    };
    Board {
        design: Design::built_in(BuiltIn::Arrivals),
        state,
        received_at: UnixMicros(5),
    }
}

impl Bench {
    fn new() -> Self {
        let hub = Hub::new(EPOCH);
        let code: DisplayCode = "abcd2345".parse().unwrap();
        hub.open(&code, board(&[]), UnixMicros(1)).unwrap();
        let mut subscription = hub.subscribe(&code).unwrap();
        let now = MonoMs(1_000);
        let session = DisplaySession::new(now, subscription.latest(), software());
        Self {
            hub,
            code,
            subscription,
            session,
            now,
        }
    }

    fn watching() -> Self {
        let mut bench = Self::new();
        bench.hello("null", "null", "full");
        bench
    }

    /// The screen's socket breaks and it comes back.
    fn reconnect(&mut self) {
        self.subscription = self.hub.subscribe(&self.code).unwrap();
        self.session = DisplaySession::new(self.now, self.subscription.latest(), software());
    }

    fn input(&mut self, input: SessionInput<'_>) -> Vec<String> {
        let wall = UnixMicros(1_000_000 + i64::try_from(self.now.0).unwrap() * 1_000);
        let output = |output| match output {
            SessionOutput::Send(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            SessionOutput::SendHtml(shown) => format!("html {}", shown.seq),
            SessionOutput::Close(reason) => format!("close {reason:?}"),
        };
        self.session
            .apply(self.now, wall, input)
            .into_iter()
            .map(output)
            .collect()
    }

    fn text(&mut self, text: &str) -> Vec<String> {
        self.input(SessionInput::Text(text))
    }

    fn hello(&mut self, epoch: &str, seq: &str, level: &str) -> Vec<String> {
        self.text(&format!(
            r#"{{"type":"hello","epoch":{epoch},"seq":{seq},"screen":{{"level":"{level}","width":1920,"height":1080,"version":"1"}}}}"#
        ))
    }

    fn publish(&mut self, bibs: &[&str]) -> Vec<String> {
        self.hub
            .publish(&self.code, board(bibs), UnixMicros(9))
            .unwrap();
        let latest = self.subscription.latest();
        self.input(SessionInput::Published(&latest))
    }

    fn timer(&mut self) -> Vec<String> {
        self.now = self.session.next_timer().unwrap();
        self.input(SessionInput::Timer)
    }

    fn seq(&self) -> u64 {
        self.hub.latest(&self.code).unwrap().seq
    }
}

/// A message told by its type and number: `snapshot 3`, `replay 4`, `frame 5`, `ping`.
fn short(outputs: &[String]) -> String {
    let one = |text: &String| match serde_json::from_str::<ServerMessage>(text) {
        Ok(ServerMessage::Snapshot { seq, .. }) => format!("snapshot {seq}"),
        Ok(ServerMessage::Frame {
            seq, replay: true, ..
        }) => format!("replay {seq}"),
        Ok(ServerMessage::Frame { seq, .. }) => format!("frame {seq}"),
        Ok(ServerMessage::Ping { .. }) => "ping".to_owned(),
        Ok(ServerMessage::Command { id, .. }) => format!("command {id}"),
        Ok(ServerMessage::Ended) => "ended".to_owned(),
        Ok(ServerMessage::Html { .. }) | Err(_) => text.clone(),
    };
    outputs.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_hello_is_answered_with_what_the_screen_lacks() {
    // States 1 to 3 are published; the screen says what it has.
    let check = |epoch: &str, seq: &str, level: &str, answer: &str| {
        let mut bench = Bench::new();
        bench.publish(&["1"]);
        bench.publish(&["2", "1"]);
        assert_eq!(
            short(&bench.hello(epoch, seq, level)),
            answer,
            "{epoch} {seq} {level}"
        );
    };
    let epoch = EPOCH.to_string();
    check("null", "null", "full", "snapshot 3, ping");
    check(&epoch, "null", "full", "snapshot 3, ping");
    check("null", "3", "full", "snapshot 3, ping");
    check("1", "3", "full", "snapshot 3, ping");
    check(&epoch, "3", "full", "ping");
    check(&epoch, "2", "full", "replay 3, ping");
    check(&epoch, "1", "full", "replay 3, ping");
    // Before the template came, and never published: neither can be built on.
    check(&epoch, "0", "full", "snapshot 3, ping");
    check(&epoch, "4", "full", "snapshot 3, ping");
    check("null", "null", "lite", "html 3, ping");
    check(&epoch, "2", "lite", "html 3, ping");
    check(&epoch, "3", "lite", "ping");
}

#[test]
fn a_screen_follows_and_comes_back() {
    let mut bench = Bench::watching();
    let epoch = EPOCH.to_string();
    assert_eq!(short(&bench.publish(&["1"])), "frame 2");
    assert_eq!(short(&bench.publish(&["1"])), "", "nothing new");

    bench.reconnect();
    assert_eq!(short(&bench.hello(&epoch, "2", "full")), "ping");
    assert_eq!(short(&bench.publish(&["2", "1"])), "frame 3");

    bench.reconnect();
    let replay = bench.hello(&epoch, "2", "full");
    assert_eq!(short(&replay), "replay 3, ping");
    assert!(replay[0].contains(r#""replay":true"#));
    assert!(replay[0].contains(r#""scene":"runner""#));

    // Published between the upgrade and the hello: part of the answer, and not said twice.
    bench.reconnect();
    assert_eq!(short(&bench.publish(&["3"])), "");
    assert_eq!(short(&bench.hello(&epoch, "3", "full")), "replay 4, ping");

    // The server starts anew: another epoch, and numbers that begin again.
    bench.hub = Hub::new(EPOCH + 1);
    bench
        .hub
        .open(&bench.code, board(&["3"]), UnixMicros(1))
        .unwrap();
    bench.reconnect();
    let answer = bench.hello(&epoch, "1", "full");
    assert_eq!(short(&answer), "snapshot 1, ping");
}

#[test]
fn another_template_comes_as_a_snapshot() {
    let mut bench = Bench::watching();
    bench.publish(&["1"]);
    let before = bench.hub.latest(&bench.code).unwrap();
    let with_template = |seq, template_seq| {
        Published::Showing(Arc::new(Shown {
            epoch: EPOCH,
            seq,
            template_seq,
            design: Design::built_in(BuiltIn::Arrivals),
            state: before.state.clone(),
            received_at: before.received_at,
            sent_at: before.sent_at,
            messages: frame::Messages::default(),
        }))
    };
    let input = with_template(7, 7);
    assert_eq!(
        short(&bench.input(SessionInput::Published(&input))),
        "snapshot 7"
    );
    let input = with_template(8, 7);
    assert_eq!(
        short(&bench.input(SessionInput::Published(&input))),
        "frame 8"
    );

    // Two changes at once: the screen had neither the template nor the frame after it.
    let input = with_template(12, 11);
    assert_eq!(
        short(&bench.input(SessionInput::Published(&input))),
        "snapshot 12"
    );

    bench.session = DisplaySession::new(bench.now, with_template(12, 11), software());
    assert_eq!(
        short(&bench.hello(&EPOCH.to_string(), "10", "full")),
        "snapshot 12, ping"
    );
}

#[test]
fn hello_must_come_in_time() {
    let mut bench = Bench::new();
    assert_eq!(bench.session.next_timer(), Some(MonoMs(6_000)));
    bench.now = MonoMs(5_999);
    assert!(bench.input(SessionInput::Timer).is_empty());
    assert!(bench.publish(&["1"]).is_empty());
    assert_eq!(bench.timer(), ["close NoHello"]);
    assert_eq!(bench.session.next_timer(), None);
    assert!(
        bench.hello("null", "null", "full").is_empty(),
        "nothing after the end"
    );

    let mut talker = Bench::new();
    talker.now = MonoMs(6_000);
    assert_eq!(talker.text(r#"{"type":"wave"}"#), ["close NoHello"]);
}

#[test]
fn messages_of_a_screen_are_bounded_and_typed() {
    let check = |text: &str, outputs: &[&str]| {
        let told = text.get(..60).unwrap_or(text);
        for mut bench in [Bench::new(), Bench::watching()] {
            assert_eq!(bench.text(text), outputs, "{told}");
            assert_eq!(bench.session.next_timer().is_none(), !outputs.is_empty());
        }
    };
    // Types of later versions, and no type at all.
    check(r#"{"type":"wave","id":7}"#, &[]);
    check(r#"{"type":7}"#, &[]);
    check("{}", &[]);
    check("42", &[]);
    check(r#"["hello"]"#, &[]);
    check(r#"[{"type":"hello"}]"#, &[]);
    // A pong to nothing.
    check(
        r#"{"type":"pong","sent_at_us":1,"screen_at_us":2,"echo":{}}"#,
        &[],
    );
    check("", &["close NotJson"]);
    check("hello", &["close NotJson"]);
    check(r#"{"type":"hello""#, &["close NotJson"]);
    check(&"[".repeat(4_000), &["close NotJson"]);
    check(r#"{"type":"hello"}"#, &["close Malformed"]);
    check(
        r#"{"type":"hello","seq":-1,"screen":{}}"#,
        &["close Malformed"],
    );
    check(r#"{"type":"pong","sent_at_us":"1"}"#, &["close Malformed"]);
    check(&" ".repeat(4_097), &["close TooLong"]);
    let longest = format!(r#"{{"type":"wave"{}}}"#, " ".repeat(4_096 - 15));
    assert_eq!(longest.len(), 4_096);
    check(&longest, &[]);
    assert_eq!(
        Bench::watching().input(SessionInput::Binary),
        ["close NotJson"]
    );
    assert_eq!(Bench::new().input(SessionInput::Binary), ["close NotJson"]);
}

#[test]
fn a_screen_that_talks_without_end_is_let_go() {
    let mut bench = Bench::watching();
    for _ in 0..limits::CLIENT_MESSAGES_PER_PING_MAX {
        assert!(bench.text("{}").is_empty());
    }
    assert_eq!(bench.text("{}"), ["close TooMany"]);

    let mut calm = Bench::watching();
    for _ in 0..limits::CLIENT_MESSAGES_PER_PING_MAX {
        calm.text("{}");
    }
    calm.timer();
    assert!(calm.text("{}").is_empty());
}

#[test]
fn pings_measure_the_way_and_the_clock() {
    let mut bench = Bench::watching();
    assert_eq!(bench.session.next_timer(), Some(MonoMs(11_000)));
    assert_eq!(
        bench.timer(),
        [r#"{"type":"ping","sent_at_us":12000000,"software":"one"}"#]
    );
    bench.now = bench.now.plus_ms(40);
    // The screen's clock is 2 s ahead; the ping took 20 ms to it.
    let pong = format!(
        r#"{{"type":"pong","sent_at_us":12000000,"screen_at_us":14020000,"echo":{{"seq":1,"top":"{}","age_ms":3}}}}"#,
        "é".repeat(100)
    );
    assert!(bench.text(&pong).is_empty());
    let status = bench.session.status().unwrap();
    assert_eq!(status.round_trip_ms, Some(40));
    assert_eq!(status.clock_offset_ms, Some(2_000));
    assert_eq!((status.screen.width, status.screen.height), (1_920, 1_080));
    let echo = status.echo.clone().unwrap();
    assert_eq!((echo.seq, echo.age_ms), (Some(1), 3));
    assert_eq!(echo.top, "é".repeat(limits::SCREEN_TEXT_CHARS_MAX));

    // The same pong once more is of a ping no longer awaited.
    bench.now = bench.now.plus_ms(500);
    bench.text(&pong);
    assert_eq!(bench.session.status().unwrap().round_trip_ms, Some(40));

    // The next is not waited for as long as usual.
    assert_eq!(bench.session.next_timer(), Some(MonoMs(11_540)));
    let wild =
        r#"{"type":"pong","sent_at_us":12540000,"screen_at_us":-9223372036854775808,"echo":{}}"#;
    assert_eq!(short(&bench.timer()), "ping");
    assert!(bench.text(wild).is_empty());
}

#[test]
fn the_first_pings_follow_one_another_soon() {
    let mut bench = Bench::watching();
    let mut waits_ms = Vec::new();
    for _ in 0..limits::PINGS_SOON + 2 {
        assert_eq!(short(&bench.timer()), "ping");
        let sent_at_us = bench.now.0 * 1_000 + 1_000_000;
        bench.now = bench.now.plus_ms(20);
        bench.text(&format!(
            r#"{{"type":"pong","sent_at_us":{sent_at_us},"screen_at_us":0,"echo":{{}}}}"#
        ));
        waits_ms.push(bench.session.next_timer().unwrap().ms_since(bench.now));
    }
    assert_eq!(waits_ms, [500, 500, 500, 500, 9_980, 9_980]);
}

#[test]
fn commands_go_to_who_watches_and_are_acknowledged() {
    let mut bench = Bench::new();
    let command = frame::encode(&ServerMessage::Command {
        id: 3,
        command: Command::Identify,
    });
    assert!(bench.input(SessionInput::Command(&command)).is_empty());
    bench.hello("null", "null", "full");
    assert_eq!(
        bench.input(SessionInput::Command(&command)),
        [r#"{"type":"command","id":3,"action":"identify"}"#]
    );
    assert_eq!(bench.session.status().unwrap().acked, None);
    let mut check = |ack: &str, expected| {
        assert!(bench.text(ack).is_empty());
        assert_eq!(bench.session.status().unwrap().acked, expected);
    };
    let acked = |id, done| Some(Acked { id, done });
    check(r#"{"type":"ack","id":3,"done":true}"#, acked(3, true));
    check(r#"{"type":"ack","id":4,"done":false}"#, acked(4, false));
    assert_eq!(
        bench.text(r#"{"type":"ack","id":"5"}"#),
        ["close Malformed"]
    );
}

#[test]
fn three_pings_without_an_answer_end_it() {
    let mut bench = Bench::watching();
    // The first came with the answer to the hello.
    assert_eq!(short(&bench.timer()), "ping");
    assert_eq!(short(&bench.timer()), "ping");
    // Any answer will do, and what was sent before it is no longer awaited.
    let answer = r#"{"type":"pong","sent_at_us":22000000,"screen_at_us":0,"echo":{}}"#;
    assert!(bench.text(answer).is_empty());
    assert_eq!(short(&bench.timer()), "ping");
    assert_eq!(short(&bench.timer()), "ping");
    let stranger = r#"{"type":"pong","sent_at_us":1,"screen_at_us":0,"echo":{}}"#;
    assert!(bench.text(stranger).is_empty());
    assert_eq!(short(&bench.timer()), "ping");
    assert_eq!(bench.timer(), ["close Silent"]);
    assert!(bench.session.status().is_none());
}

#[test]
fn an_hour_without_the_server_running_is_not_the_screens_silence() {
    let mut bench = Bench::watching();
    assert_eq!(short(&bench.timer()), "ping");
    bench.now = bench.now.plus_ms(3_600_000);
    assert_eq!(short(&bench.input(SessionInput::Timer)), "ping");
    assert!(
        bench.input(SessionInput::Timer).is_empty(),
        "one ping, not all that were missed"
    );
}

#[test]
fn a_second_hello_tells_the_size_of_the_screen_and_is_not_answered() {
    let mut bench = Bench::watching();
    let hello = r#"{"type":"hello","screen":{"level":"lite","width":1080,"height":1920}}"#;
    assert!(bench.text(hello).is_empty());
    let screen = &bench.session.status().unwrap().screen;
    assert_eq!((screen.width, screen.height), (1_080, 1_920));
    // It is drawn as it said at first.
    assert_eq!((screen.level, &*screen.version), (Level::Full, "1"));
    assert_eq!(short(&bench.publish(&["1"])), "frame 2");
}

#[test]
fn a_lite_screen_gets_the_newest_at_most_twice_a_second() {
    let mut bench = Bench::new();
    bench.hello("null", "null", "lite");
    assert_eq!(bench.session.next_timer(), Some(MonoMs(11_000)));
    assert!(bench.publish(&["1"]).is_empty());
    assert!(bench.publish(&["2", "1"]).is_empty());
    assert_eq!(bench.session.next_timer(), Some(MonoMs(1_500)));
    assert_eq!(bench.timer(), ["html 3"]);
    assert_eq!(bench.session.next_timer(), Some(MonoMs(11_000)));
    bench.now = bench.now.plus_ms(limits::HTML_MS);
    assert_eq!(bench.publish(&["3"]), ["html 4"], "at once after a pause");

    let shown = bench.hub.latest(&bench.code).unwrap();
    let html = shown.html(|document, state| {
        let subject = document.subject;
        format!("<p>{subject:?} {}</p>", state.arrivals[0].bib)
    });
    assert_eq!(
        html,
        r#"{"type":"html","seq":4,"html":"<p>Arrivals 3</p>"}"#
    );
    assert_eq!(shown.html(|_, _| unreachable!("it is rendered once")), html);
}

#[test]
fn an_ended_display_says_so_and_closes() {
    let closing = [r#"{"type":"ended"}"#, "close Ended"];
    for mut bench in [Bench::watching(), Bench::new()] {
        bench.hub.end(&bench.code);
        let latest = bench.subscription.latest();
        assert_eq!(bench.input(SessionInput::Published(&latest)), closing);
        assert!(bench.input(SessionInput::Timer).is_empty());
    }
    // It ended between the upgrade and the first look.
    let mut bench = Bench::new();
    bench.session = DisplaySession::new(bench.now, Published::Ended, software());
    assert_eq!(bench.hello("null", "null", "full"), closing);
}

#[test]
fn a_code_that_opens_again_repeats_no_number() {
    let mut bench = Bench::watching();
    bench.publish(&["1"]);
    let had = bench.seq();
    bench.hub.end(&bench.code);
    bench
        .hub
        .open(&bench.code, board(&["9"]), UnixMicros(1))
        .unwrap();
    bench.reconnect();
    let answer = bench.hello(&EPOCH.to_string(), &had.to_string(), "full");
    assert_eq!(short(&answer), format!("snapshot {}, ping", bench.seq()));
}

#[test]
fn reasons_fit_a_close_frame() {
    use CloseReason::{Ended, Malformed, NoHello, NotJson, Silent, TooLong, TooMany};
    for reason in [Ended, Malformed, NoHello, NotJson, Silent, TooLong, TooMany] {
        assert!(reason.to_string().len() <= 123, "{reason}");
        assert!((1_000..=1_015).contains(&reason.code()));
    }
}

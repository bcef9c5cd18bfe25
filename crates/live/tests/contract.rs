//! Holds the server to `docs/asyncapi.yaml`: the document is sound, its examples are the messages
//! of `model::socket`, and what a session sends is what the document says.

mod schema;

use live::{
    Board, Crossing, DisplaySession, Heard, Hub, Input, Published, Rundown, SessionInput,
    SessionOutput, Settings,
};
use model::socket::{ClientMessage, Command, ServerMessage};
use model::{
    BoardState, BuiltIn, Design, DisplayCode, MonoMs, ParticipantId, PointId, UnixMicros,
    document::Subject,
};
use schema::{Schemas, document};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

const HEARD: [&str; 3] = ["hello", "pong", "ack"];
const TOLD: [&str; 6] = ["snapshot", "frame", "html", "ping", "command", "ended"];

/// The schema of a message's payload is named after its type.
fn check(schemas: &Schemas<'_>, message: &Value) -> Result<(), String> {
    let name = message["type"].as_str().ok_or("no type")?;
    schemas.check(name, message)
}

#[test]
fn the_document_is_whole() {
    let document = document();
    assert_eq!(document["asyncapi"], "3.0.0");
    for reference in schema::references(&document) {
        let pointer = reference
            .strip_prefix('#')
            .expect("references stay in the document");
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
    let said = |operation: &str, action: &str| -> Vec<String> {
        let operation = &document["operations"][operation];
        assert_eq!(operation["action"], action);
        let messages = operation["messages"]
            .as_array()
            .expect("an operation has messages");
        let name = |message: &Value| {
            let reference = message["$ref"].as_str().expect("by reference");
            reference.rsplit('/').next().unwrap_or_default().to_owned()
        };
        messages.iter().map(name).collect()
    };
    assert_eq!(said("hear", "receive"), HEARD);
    assert_eq!(said("tell", "send"), TOLD);
    let messages = document["channels"]["display"]["messages"]
        .as_object()
        .unwrap();
    let all: BTreeSet<&str> = messages.keys().map(String::as_str).collect();
    assert_eq!(all, HEARD.into_iter().chain(TOLD).collect());
}

#[test]
fn the_examples_are_messages() {
    let document = document();
    let schemas = Schemas::new(&document);
    for name in HEARD.into_iter().chain(TOLD) {
        let examples = &document["components"]["messages"][name]["examples"];
        for example in examples.as_array().expect("each message has an example") {
            let payload = &example["payload"];
            assert_eq!(payload["type"], name);
            check(&schemas, payload).unwrap();
            if HEARD.contains(&name) {
                serde_json::from_value::<ClientMessage>(payload.clone()).unwrap();
            } else {
                let message: ServerMessage = serde_json::from_value(payload.clone()).unwrap();
                assert_eq!(serde_json::to_value(message).unwrap(), *payload);
            }
        }
    }
}

#[test]
fn limits_in_the_document_are_those_of_the_code() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let arrivals = &schemas["boardState"]["properties"]["arrivals"];
    assert_eq!(arrivals["maxItems"], json!(model::limits::ARRIVALS_MAX));
    assert_eq!(schemas["epoch"]["maximum"], json!(live::limits::EPOCH_MAX));
    let template = schemas["template"]["description"].as_str().unwrap();
    for built_in in BuiltIn::ALL {
        assert!(template.contains(&format!("`{built_in}`")), "{built_in}");
    }
    let text = &schemas["command"]["properties"]["text"];
    assert_eq!(text["maxLength"], json!(model::limits::MESSAGE_CHARS_MAX));
    let prose = document["info"]["description"].as_str().unwrap();
    for (number, text) in [
        (model::limits::HELLO_MS, "within 5 seconds"),
        (
            model::limits::CLIENT_MESSAGE_BYTES_MAX as u64,
            "4,096 bytes",
        ),
        (
            u64::from(live::limits::CLIENT_MESSAGES_PER_PING_MAX),
            "32 between two pings",
        ),
        (live::limits::PINGS_UNANSWERED_MAX as u64, "three pings"),
    ] {
        assert!(prose.contains(text), "{text}, for {number}");
    }
    assert_eq!(model::limits::HELLO_MS, 5_000);
    assert_eq!(model::limits::CLIENT_MESSAGE_BYTES_MAX, 4_096);
    assert_eq!(live::limits::CLIENT_MESSAGES_PER_PING_MAX, 32);
    assert_eq!(live::limits::PINGS_UNANSWERED_MAX, 3);
    assert_eq!(model::limits::PING_MS, 10_000);
    assert_eq!(live::limits::HTML_MS, 500);
}

/// A schema that lets everything pass would make the other tests say nothing.
#[test]
fn other_messages_are_refused() {
    let document = document();
    let schemas = Schemas::new(&document);
    let refused = |message: Value| {
        assert!(check(&schemas, &message).is_err(), "{message}");
    };
    for name in HEARD.into_iter().chain(TOLD) {
        let example = &document["components"]["messages"][name]["examples"][0]["payload"];
        let required = document["components"]["schemas"][name]["required"]
            .as_array()
            .unwrap();
        for member in required.iter().filter_map(Value::as_str) {
            let mut without = example.clone();
            without.as_object_mut().unwrap().remove(member);
            refused(without);
            let mut wrong = example.clone();
            wrong[member] = json!([7]);
            refused(wrong);
        }
        if TOLD.contains(&name) {
            let mut more = example.clone();
            more["roster"] = json!([]);
            refused(more);
        }
    }
    let frame = &document["components"]["messages"]["frame"]["examples"][0]["payload"];
    let with = |pointer: &str, value: Value| {
        let mut changed = frame.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        refused(changed);
    };
    with("/scene", json!("black"));
    with("/seq", json!(0));
    with("/seq", json!(1.5));
    with("/state/arrivals/0/bib", json!(101));
    with("/state/arrivals/1/late", json!(false));
    with(
        "/state/arrivals",
        json!(vec![frame["state"]["arrivals"][0].clone(); 21]),
    );
    let mut leak = frame.clone();
    leak["state"]["arrivals"][0]["age"] = json!(17);
    refused(leak);
}

#[test]
fn what_a_session_sends_is_as_published() {
    let document = document();
    let schemas = Schemas::new(&document);
    let mut sent = BTreeSet::new();
    let mut screens = Screens::new();
    let mut told = |outputs: Vec<Value>| {
        for message in outputs {
            check(&schemas, &message).unwrap_or_else(|error| panic!("{error} in {message}"));
            let kind = message["type"].as_str().unwrap().to_owned();
            let again = if message.get("replay").is_some() {
                " again"
            } else {
                ""
            };
            sent.insert(format!("{kind}{again}"));
        }
    };
    let fresh = r#"{"type":"hello","epoch":null,"seq":null,"screen":{"level":"full"}}"#;
    told(screens.connect(fresh));
    for bib in 0..30 {
        told(screens.cross(bib, bib % 7 == 3));
    }
    told(screens.connect(r#"{"type":"hello","epoch":77,"seq":2,"screen":{"level":"full"}}"#));
    told(screens.connect(r#"{"type":"hello","screen":{"level":"lite"}}"#));
    told(screens.timer());
    for command in [
        Command::Identify,
        Command::Reload,
        Command::Blank { on: true },
        Command::Message {
            text: "Water at the finish".to_owned(),
        },
        Command::Redirect {
            code: screens.code.clone(),
        },
    ] {
        told(screens.command(command));
    }
    screens.hub.end(&screens.code);
    told(screens.published());
    let expected = [
        "command",
        "ended",
        "frame",
        "frame again",
        "html",
        "ping",
        "snapshot",
    ];
    assert_eq!(sent, expected.map(str::to_owned).into());
}

/// A display fed by a rundown, and the sockets at it.
struct Screens {
    hub: Hub,
    code: DisplayCode,
    rundown: Rundown,
    sessions: Vec<DisplaySession>,
    now: MonoMs,
}

impl Screens {
    fn new() -> Self {
        let hub = Hub::new(77);
        let code: DisplayCode = "wxyz6789".parse().expect("a code");
        let rundown = Rundown::new(Settings::for_subject(Subject::Arrivals));
        hub.open(&code, Self::board(&rundown), UnixMicros(1))
            .expect("there is room");
        Self {
            hub,
            code,
            rundown,
            sessions: Vec::new(),
            now: MonoMs(0),
        }
    }

    fn board(rundown: &Rundown) -> Board {
        let state = BoardState {
            event: "Winter Run".to_owned(),
            points: vec!["Finish".to_owned()],
            arrivals: rundown.arrivals().to_vec(),
            unofficial: rundown
                .arrivals()
                .iter()
                .any(|arrival| arrival.gun_time_ms.is_some()),
            demo: rundown.demo(),
            ..BoardState::default()
        };
        Board {
            design: Design::built_in(BuiltIn::Arrivals),
            state,
            received_at: rundown.received_at(),
        }
    }

    fn connect(&mut self, hello: &str) -> Vec<Value> {
        let latest = Published::Showing(self.hub.latest(&self.code).expect("it is open"));
        self.sessions
            .push(DisplaySession::new(self.now, latest, "8d3c".into()));
        let session = self.sessions.last_mut().expect("one was just added");
        Self::read(session.apply(self.now, UnixMicros(1), SessionInput::Text(hello)))
    }

    fn cross(&mut self, bib: u32, late: bool) -> Vec<Value> {
        let crossing = Arc::new(Crossing {
            participant: ParticipantId(Uuid::from_u128(u128::from(bib))),
            point: PointId(Uuid::from_u128(1)),
            read_at: UnixMicros(i64::from(bib) * 1_000_000),
            received_at: UnixMicros(i64::from(bib) * 1_000_000 + 3_000),
            bib: bib.to_string(),
            name: "Łucja \"Lu\" O’Neill".to_owned(),
            city: String::new(),
            point_name: "Finish".to_owned(),
            race: if late { "" } else { "10K" }.to_owned(),
            gun_time_ms: (!late).then_some(2_401_390),
            chip_time_ms: (!late).then_some(2_388_020),
            read_time: "2026-03-06T20:27:47.39".to_owned(),
            simulated: !late,
            distance_m: (!late).then_some(10_000),
        });
        let input = if late {
            Input::Late(crossing)
        } else {
            Input::Live(crossing)
        };
        assert!(self.rundown.apply(self.now, input).is_some());
        let board = Self::board(&self.rundown);
        assert_eq!(self.hub.publish(&self.code, board, UnixMicros(2)), Ok(true));
        self.published()
    }

    fn published(&mut self) -> Vec<Value> {
        let latest = self
            .hub
            .latest(&self.code)
            .map_or(Published::Ended, Published::Showing);
        self.all(SessionInput::Published(&latest))
    }

    fn command(&mut self, command: Command) -> Vec<Value> {
        let mut subscription = self.hub.subscribe(&self.code).expect("it is open");
        self.hub.command(&self.code, command).expect("it is open");
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let heard = runtime
            .expect("it has no I/O")
            .block_on(subscription.next());
        let Heard::Command(command) = heard else {
            panic!("no command came: {heard:?}");
        };
        self.all(SessionInput::Command(&command))
    }

    fn timer(&mut self) -> Vec<Value> {
        self.now = self.now.plus_ms(model::limits::PING_MS);
        self.all(SessionInput::Timer)
    }

    fn all(&mut self, input: SessionInput<'_>) -> Vec<Value> {
        let now = self.now;
        let apply = |session: &mut DisplaySession| session.apply(now, UnixMicros(3), input);
        self.sessions
            .iter_mut()
            .flat_map(apply)
            .flat_map(|output| Self::read(vec![output]))
            .collect()
    }

    fn read(outputs: Vec<SessionOutput>) -> Vec<Value> {
        let text = |output| match output {
            SessionOutput::Send(text) => Some(text),
            SessionOutput::SendHtml(shown) => Some(shown.html(|_, _| "<p>é</p>".to_owned())),
            SessionOutput::Close(_) => None,
        };
        let parse = |text: bytes::Bytes| serde_json::from_slice(&text).expect("JSON text");
        outputs.into_iter().filter_map(text).map(parse).collect()
    }
}

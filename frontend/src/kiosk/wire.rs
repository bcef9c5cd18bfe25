//! The socket's JSON read and written by the browser's own `JSON`: a parser in wasm would be a
//! fifth of the bundle.
//!
//! Owns the way from text to the types of `model::socket` and back. What is missing or of another
//! type reads as empty, zero or false; a `type` that is not known reads as nothing.

use js_sys::{Array, JSON, Object, Reflect};
use model::{
    Arrival, BoardState, BuiltIn, RaceClock, Scene, TemplatePin, Texts,
    document::Packed,
    socket::{ClientMessage, Command, Level, ServerMessage},
};
use render::page::PageState;
use wasm_bindgen::{JsCast, JsValue};

/// A snapshot always brings another template, whichever that is.
const ANY: TemplatePin = TemplatePin::BuiltIn(BuiltIn::Arrivals);

pub fn page_state(json: &str) -> Option<PageState> {
    let page = JSON::parse(json).ok()?;
    Some(PageState {
        code: text(&page, "code").parse().ok()?,
        epoch: number(&page, "epoch") as u64,
        seq: number(&page, "seq") as u64,
        template: ANY,
        document: Packed(text(&page, "document")),
        state: board_state(&get(&page, "state")),
        received_at_us: number(&page, "received_at_us") as i64,
        sent_at_us: number(&page, "sent_at_us") as i64,
        software: text(&page, "software"),
    })
}

pub fn server_message(json: &str) -> Option<ServerMessage> {
    let message = JSON::parse(json).ok()?;
    let seq = number(&message, "seq") as u64;
    match text(&message, "type").as_str() {
        "snapshot" => Some(ServerMessage::Snapshot {
            epoch: number(&message, "epoch") as u64,
            seq,
            template: ANY,
            document: Packed(text(&message, "document")),
            state: board_state(&get(&message, "state")),
        }),
        "frame" => {
            let state = board_state(&get(&message, "state"));
            Some(ServerMessage::Frame {
                seq,
                received_at_us: number(&message, "received_at_us") as i64,
                sent_at_us: number(&message, "sent_at_us") as i64,
                scene: match text(&message, "scene").as_str() {
                    "runner" => Scene::Runner,
                    _ => Scene::Resting,
                },
                state,
                replay: truth(&message, "replay"),
            })
        }
        "ping" => Some(ServerMessage::Ping {
            sent_at_us: number(&message, "sent_at_us") as i64,
            software: text(&message, "software"),
        }),
        "command" => Some(ServerMessage::Command {
            id: number(&message, "id") as u64,
            command: match text(&message, "action").as_str() {
                "identify" => Command::Identify,
                "reload" => Command::Reload,
                "blank" => Command::Blank {
                    on: truth(&message, "on"),
                },
                "message" => Command::Message {
                    text: text(&message, "text"),
                },
                "redirect" => Command::Redirect {
                    code: text(&message, "code").parse().ok()?,
                },
                _ => return None,
            },
        }),
        "ended" => Some(ServerMessage::Ended),
        _ => None,
    }
}

pub fn client_text(message: &ClientMessage) -> String {
    let json = match message {
        ClientMessage::Hello { epoch, seq, screen } => object(&[
            ("type", "hello".into()),
            ("epoch", optional(*epoch)),
            ("seq", optional(*seq)),
            (
                "screen",
                object(&[
                    (
                        "level",
                        match screen.level {
                            Level::Full => "full",
                            Level::Lite => "lite",
                        }
                        .into(),
                    ),
                    ("width", screen.width.into()),
                    ("height", screen.height.into()),
                    ("version", screen.version.as_str().into()),
                ]),
            ),
        ]),
        ClientMessage::Pong {
            sent_at_us,
            screen_at_us,
            echo,
        } => object(&[
            ("type", "pong".into()),
            ("sent_at_us", (*sent_at_us as f64).into()),
            ("screen_at_us", (*screen_at_us as f64).into()),
            (
                "echo",
                object(&[
                    ("seq", optional(echo.seq)),
                    ("top", echo.top.as_str().into()),
                    ("age_ms", (echo.age_ms as f64).into()),
                ]),
            ),
        ]),
        ClientMessage::Ack { id, done } => object(&[
            ("type", "ack".into()),
            ("id", (*id as f64).into()),
            ("done", (*done).into()),
        ]),
    };
    JSON::stringify(&json).map(String::from).unwrap_or_default()
}

fn board_state(state: &JsValue) -> BoardState {
    let runner = get(state, "runner");
    BoardState {
        event: text(state, "event"),
        event_date: text(state, "event_date"),
        points: list(state, "points")
            .iter()
            .filter_map(|point| point.as_string())
            .collect(),
        runner: runner.is_object().then(|| arrival(&runner)),
        arrivals: list(state, "arrivals")
            .iter()
            .map(|of| arrival(&of))
            .collect(),
        races: list(state, "races").iter().map(|of| race(&of)).collect(),
        utc_offset_s: optional_number(state, "utc_offset_s").map(|number| number as i32),
        unofficial: truth(state, "unofficial"),
        demo: truth(state, "demo"),
    }
}

fn arrival(of: &JsValue) -> Arrival {
    let more: Object = get(of, "more").unchecked_into();
    let whole = |key| optional_number(of, key).map(|number| number as u64);
    Arrival {
        bib: text(of, "bib"),
        name: text(of, "name"),
        city: text(of, "city"),
        point: text(of, "point"),
        race: text(of, "race"),
        gun_time_ms: whole("gun_time_ms"),
        chip_time_ms: whole("chip_time_ms"),
        distance_m: optional_number(of, "distance_m").map(|number| number as u32),
        read_time: text(of, "read_time"),
        late: truth(of, "late"),
        more: match more.is_object() {
            true => texts(&more),
            false => Texts::default(),
        },
    }
}

fn texts(object: &Object) -> Texts {
    let names = Object::keys(object);
    let names = names.iter().filter_map(|name| name.as_string());
    Texts(
        names
            .map(|name| (name.clone(), text(object, &name)))
            .collect(),
    )
}

fn race(of: &JsValue) -> RaceClock {
    let instant = |key| optional_number(of, key).map(|number| number as i64);
    RaceClock {
        name: text(of, "name"),
        gun_at_us: instant("gun_at_us"),
        scheduled_at_us: instant("scheduled_at_us"),
    }
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

fn text(object: &JsValue, key: &str) -> String {
    get(object, key).as_string().unwrap_or_default()
}

fn number(object: &JsValue, key: &str) -> f64 {
    get(object, key).as_f64().unwrap_or_default()
}

fn optional_number(object: &JsValue, key: &str) -> Option<f64> {
    get(object, key).as_f64()
}

fn truth(object: &JsValue, key: &str) -> bool {
    get(object, key).as_bool().unwrap_or_default()
}

fn list(object: &JsValue, key: &str) -> Array {
    let value = get(object, key);
    if Array::is_array(&value) {
        Array::from(&value)
    } else {
        Array::new()
    }
}

fn optional(number: Option<u64>) -> JsValue {
    number.map_or(JsValue::NULL, |number| (number as f64).into())
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in fields {
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object.into()
}

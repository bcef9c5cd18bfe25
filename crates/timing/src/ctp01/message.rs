//! What a line from the client says, once it has greeted.
//!
//! Turns bytes into one closed enum and bounds every name in it. Knows no state of the session.

use super::{
    EventInfo, UnknownReason,
    record::{self, DeviceRead, Record},
    text::{self, shown},
};
use crate::limits;

/// A location name, as text and as the bytes by which the client knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub text: String,
    pub wire: Vec<u8>,
}

impl Name {
    /// A read's location, where it is usable.
    pub fn of(read: &DeviceRead) -> Option<Self> {
        Self::new(field(&read.raw, 2), &read.location)
    }

    /// `None` for what could not be sent back in a line of ours, or is too long to be a name.
    fn new(wire: &[u8], text: &str) -> Option<Self> {
        let usable = !text.trim().is_empty()
            && text.chars().count() <= limits::LOCATION_CHARS_MAX
            && !text
                .chars()
                .any(|sign| sign.is_ascii_control() || sign == '~');
        usable.then(|| Self {
            text: text.to_owned(),
            wire: wire.to_vec(),
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    Read(DeviceRead),
    NewLocation(Name),
    Ping,
    /// `None` where the client has none to give.
    ConnectionName(Option<String>),
    EventInfo(EventInfo),
    /// The usable ones, and whether any was not.
    Locations {
        names: Vec<Name>,
        unusable: bool,
    },
    /// `err~start…`.
    StartRefused,
    /// `err~…` to another of our commands. It is reported, and counts as that command's answer.
    QueryRefused(Query),
    /// An acknowledgement, expected or not. There is nothing to do.
    Ack,
    Unknown(UnknownReason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Query {
    ConnectionName,
    EventInfo,
    Locations,
    Other,
}

impl Query {
    fn named(command: &str) -> Self {
        match command.trim().to_ascii_lowercase().as_str() {
            "getconnectionid" => Self::ConnectionName,
            "geteventinfo" => Self::EventInfo,
            "getlocations" => Self::Locations,
            _ => Self::Other,
        }
    }
}

pub(super) fn parse(raw: &[u8]) -> Message {
    match record::parse(raw) {
        Some(Ok(Record::Read(read))) => return Message::Read(read),
        Some(Ok(Record::NewLocation { location })) => {
            return match Name::new(field(raw, 2), &location) {
                Some(name) => Message::NewLocation(name),
                None => Message::Unknown(UnknownReason::UnusableName),
            };
        }
        Some(Err(error)) => return Message::Unknown(error.into()),
        None => {}
    }
    let line = text::decode(raw);
    let mut fields = line.split('~');
    let mut next = || fields.next().unwrap_or_default().trim();
    let (first, second) = (next(), next());
    if first.eq_ignore_ascii_case("ping") {
        return if second.eq_ignore_ascii_case("ack") {
            Message::Ack
        } else {
            Message::Ping
        };
    }
    if first.eq_ignore_ascii_case("err") {
        return if second.eq_ignore_ascii_case("start") {
            Message::StartRefused
        } else {
            Message::QueryRefused(Query::named(second))
        };
    }
    if !first.eq_ignore_ascii_case("ack") {
        return Message::Unknown(UnknownReason::Unrecognized);
    }
    match Query::named(second) {
        Query::ConnectionName => {
            let name = line.splitn(3, '~').nth(2).unwrap_or_default().trim();
            let usable = !name.is_empty()
                && name.chars().count() <= limits::CONNECTION_NAME_CHARS_MAX
                && !name.chars().any(char::is_control);
            Message::ConnectionName(usable.then(|| name.to_owned()))
        }
        Query::EventInfo => {
            let (name, id) = (next(), next());
            let description = line.splitn(5, '~').nth(4).unwrap_or_default().trim();
            let cut = |text| shown(text, limits::SHOWN_TEXT_CHARS_MAX);
            Message::EventInfo(EventInfo {
                name: cut(name),
                id: cut(id),
                description: cut(description),
            })
        }
        Query::Locations => locations(raw, &line),
        Query::Other => Message::Ack,
    }
}

fn locations(raw: &[u8], line: &str) -> Message {
    let mut names = Vec::new();
    let mut unusable = false;
    for (wire, text) in raw.split(|byte| *byte == b'~').zip(line.split('~')).skip(2) {
        match Name::new(wire, text) {
            Some(name) => names.push(name),
            None => unusable |= !text.trim().is_empty(),
        }
    }
    Message::Locations { names, unusable }
}

/// A field's bytes. `~` is one byte in both character sets, and never part of another sign.
fn field(raw: &[u8], index: usize) -> &[u8] {
    raw.split(|byte| *byte == b'~')
        .nth(index)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name {
            text: text.to_owned(),
            wire: text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn lines_are_told_apart() {
        let check = |line: &str, expected: Message| {
            assert_eq!(parse(line.as_bytes()), expected, "{line:?}");
        };
        check("ping", Message::Ping);
        check("PING", Message::Ping);
        check("ack~ping", Message::Ack);
        check("Ack~Ping", Message::Ack);
        check("ping~ack", Message::Ack);
        check("ack~init", Message::Ack);
        check("ack~start~finish", Message::Ack);
        check("ack", Message::Ack);
        let connection = "0123456789abcdef0123456789abcdef01234567";
        check(
            &format!("ack~getconnectionid~{connection}"),
            Message::ConnectionName(Some(connection.to_owned())),
        );
        check(
            "ack~getconnectionid~a~b",
            Message::ConnectionName(Some("a~b".to_owned())),
        );
        check("ack~getconnectionid~", Message::ConnectionName(None));
        check("ack~getconnectionid", Message::ConnectionName(None));
        check(
            &format!(
                "ack~getconnectionid~{}",
                "x".repeat(limits::CONNECTION_NAME_CHARS_MAX + 1)
            ),
            Message::ConnectionName(None),
        );
        check(
            "ack~geteventinfo~RACE2024~1~Test Race 2024",
            Message::EventInfo(EventInfo {
                name: "RACE2024".to_owned(),
                id: "1".to_owned(),
                description: "Test Race 2024".to_owned(),
            }),
        );
        check(
            "ack~geteventinfo~~~",
            Message::EventInfo(EventInfo::default()),
        );
        check("ack~geteventinfo", Message::EventInfo(EventInfo::default()));
        let locations = |names: &[&str], unusable| Message::Locations {
            names: names.iter().map(|text| name(text)).collect(),
            unusable,
        };
        check(
            "ack~getlocations~start~finish",
            locations(&["start", "finish"], false),
        );
        check("ack~getlocations", locations(&[], false));
        check("ack~getlocations~", locations(&[], false));
        check("ack~getlocations~a\rstop~b", locations(&["b"], true));
        check(
            &format!("ack~getlocations~b~{}", "x".repeat(101)),
            locations(&["b"], true),
        );
        check("err~~unknown command", Message::QueryRefused(Query::Other));
        check(
            "err~getlocations~no",
            Message::QueryRefused(Query::Locations),
        );
        check("err~start~invalid location", Message::StartRefused);
        check("err~START", Message::StartRefused);
        check("hello", Message::Unknown(UnknownReason::Unrecognized));
        check(
            "CT01_33~1~start",
            Message::Unknown(record::RecordError::FieldCount(3).into()),
        );
        check(
            "CT01_33~2038~30k~newlocation~09:15:21.00~0~ED932A~0",
            Message::NewLocation(name("30k")),
        );
    }

    #[test]
    fn a_location_keeps_the_bytes_it_came_in() {
        let zurich = Name {
            text: "ZÜRICH".to_owned(),
            wire: b"Z\xdcRICH".to_vec(),
        };
        assert_eq!(
            parse(b"ack~getlocations~Z\xdcRICH"),
            Message::Locations {
                names: vec![zurich.clone()],
                unusable: false
            },
        );
        let line = b"CT01_33~1~Z\xdcRICH~9478~14:02:15.31~0~0F2A38~1";
        let Message::Read(read) = parse(line) else {
            panic!("it is a read")
        };
        assert_eq!(Name::of(&read), Some(zurich));
    }
}

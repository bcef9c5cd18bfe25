//! Every sample line and server opening known from the wire.

use crate::support::{read, wall};
use model::{MonoMs, ReadKind};
use proptest::prelude::*;
use timing::ctp01::{
    ClientConfig, ClientInput, ClientOutput, ClientSession, DeviceRead, DeviceTime, EventInfo,
    Layout, Record, RecordError, TimeFormat,
    record::{self, GUN_TAG},
    text,
};

#[test]
fn sample_lines_are_reads() {
    struct Expected<'a> {
        kind: ReadKind,
        sequence: u64,
        location: &'a str,
        tag: &'a str,
        time: DeviceTime,
        time_text: &'a str,
        rest: [&'a str; 3],
    }
    let check = |line: &str, expected: Expected<'_>| {
        let read = read(line);
        assert_eq!(read.kind, expected.kind, "{line}");
        assert_eq!(read.sequence, Some(expected.sequence), "{line}");
        assert_eq!(read.location, expected.location, "{line}");
        assert_eq!(read.tag, expected.tag, "{line}");
        assert_eq!(read.time, expected.time, "{line}");
        assert_eq!(read.time_text, expected.time_text, "{line}");
        assert_eq!(
            [&*read.occurrence, &*read.reader, &*read.antenna],
            expected.rest,
            "{line}"
        );
        assert_eq!(read.raw, line.as_bytes(), "{line}");
    };
    check(
        "CT01_33~1~start~9478~14:02:15.31~0~0F2A38~1",
        Expected {
            kind: ReadKind::Tag,
            sequence: 1,
            location: "start",
            tag: "9478",
            time: DeviceTime::TimeOfDay { cs: 5_053_531 },
            time_text: "14:02:15.31",
            rest: ["0", "0F2A38", "1"],
        },
    );
    check(
        "CT01_33~4~start~guntime~07:45:01.01~0~DF239A~0",
        Expected {
            kind: ReadKind::Gun,
            sequence: 4,
            location: "start",
            tag: "guntime",
            time: DeviceTime::TimeOfDay { cs: 2_790_101 },
            time_text: "07:45:01.01",
            rest: ["0", "DF239A", "0"],
        },
    );
    check(
        "CT01_33~2000~PHASER~3132~2025-06-01T08:30:22.04~1~23H016~1",
        Expected {
            kind: ReadKind::Tag,
            sequence: 2000,
            location: "PHASER",
            tag: "3132",
            time: DeviceTime::Dated(wall("2025-06-01T08:30:22.04")),
            time_text: "2025-06-01T08:30:22.04",
            rest: ["1", "23H016", "1"],
        },
    );
    check(
        "CT01_13~21~START~abc123~2024-09-20T15:54:48.90~1~117F37~8",
        Expected {
            kind: ReadKind::Tag,
            sequence: 21,
            location: "START",
            tag: "abc123",
            time: DeviceTime::Dated(wall("2024-09-20T15:54:48.90")),
            time_text: "2024-09-20T15:54:48.90",
            rest: ["1", "117F37", "8"],
        },
    );
    check(
        "CT01_33~7~FINISH~UNKNOWN~1738418535.31~1~0F2A38~2",
        Expected {
            kind: ReadKind::Tag,
            sequence: 7,
            location: "FINISH",
            tag: "UNKNOWN",
            time: DeviceTime::Dated(wall("2025-02-01T14:02:15.31")),
            time_text: "1738418535.31",
            rest: ["1", "0F2A38", "2"],
        },
    );
    check(
        "ct01_33~7~~GunTime~50535310~~~",
        Expected {
            kind: ReadKind::Gun,
            sequence: 7,
            location: "",
            tag: "GunTime",
            time: DeviceTime::TimeOfDay { cs: 5_053_531 },
            time_text: "50535310",
            rest: ["", "", ""],
        },
    );
}

#[test]
fn a_new_location_is_no_read() {
    let check = |line: &str, location: &str| {
        let expected = Record::NewLocation {
            location: location.to_owned(),
        };
        assert_eq!(record::parse(line.as_bytes()), Some(Ok(expected)), "{line}");
    };
    check("CT01_33~2038~30k~newlocation~09:15:21.00~0~ED932A~0", "30k");
    check(
        "CT01_33~12388~OnBridge~newlocation~2024-09-20T09:15:21.00~0~0~0",
        "OnBridge",
    );
    check("CT01_33~0~30k~NewLocation~~0~0~0", "30k");
}

#[test]
fn other_lines_are_malformed_or_no_records() {
    let check = |line: &str, expected: Option<RecordError>| {
        let found = record::parse(line.as_bytes());
        match (found, expected) {
            (None, None) => {}
            (Some(Err(found)), Some(expected)) => assert_eq!(found, expected, "{line:?}"),
            (found, expected) => panic!("{line:?}: {found:?}, not {expected:?}"),
        }
    };
    check("ack~ping", None);
    check("", None);
    check("CT01_34~1~start~9478~14:02:15.31~0~0F2A38~1", None);
    // The file format, which is not for the socket.
    check("CT01_13,24,START,50101,15:54:48.90,1,117F37,8", None);
    check("CT01_33", Some(RecordError::FieldCount(1)));
    check(
        "CT01_33~1~start~9478~14:02:15.31~0~0F2A38",
        Some(RecordError::FieldCount(7)),
    );
    check(
        "CT01_33~1~start~9478~14:02:15.31~0~0F2A38~1~",
        Some(RecordError::FieldCount(9)),
    );
    check(
        "CT01_33~1~start~ ~14:02:15.31~0~0F2A38~1",
        Some(RecordError::NoTag),
    );
    check(
        "CT01_33~1~st\tart~1~14:02:15.31~0~0F2A38~1",
        Some(RecordError::ControlCharacters),
    );
    check(
        "CT01_33~1~start~9\0~14:02:15.31~0~0F2A38~1",
        Some(RecordError::ControlCharacters),
    );
    check(
        "CT01_33~1~start~9478~25:02:15.31~0~0F2A38~1",
        Some(RecordError::Time(timing::ctp01::time::InvalidTime)),
    );
}

#[test]
fn a_read_without_a_usable_number_is_still_a_read() {
    let check = |sequence: &str, expected: Option<u64>| {
        let line = format!("CT01_33~{sequence}~start~9478~14:02:15.31~0~0F2A38~1");
        assert_eq!(read(&line).sequence, expected, "{line}");
    };
    check("", None);
    check("x1", None);
    check("-1", None);
    check("000017", Some(17));
    check(" 17", Some(17));
    check("9223372036854775807", Some(i64::MAX as u64));
    check("9223372036854775808", None);
}

/// The openings of real servers, each with what the client then sends for a gun and a read.
#[test]
fn a_client_understands_the_openings_of_real_servers() {
    let check = |opening: &[&str], answers: &str, reads: &str| {
        let now = MonoMs(0);
        let config = ClientConfig {
            connection_name: Some("c1".to_owned()),
            event: EventInfo {
                name: "RACE2024".to_owned(),
                ..EventInfo::default()
            },
            locations: vec!["start".to_owned(), "finish".to_owned()],
            ..ClientConfig::default()
        };
        let mut client = ClientSession::new(config, now);
        let greeting = client.apply(now, ClientInput::Timer);
        let greeted = b"SimpleClient~0.6.0~CTP01\r\n".to_vec();
        assert_eq!(greeting, [ClientOutput::Send(greeted)]);
        let bytes = opening.join("\r\n") + "\r\n";
        let out = client.apply(now, ClientInput::Bytes(bytes.as_bytes()));
        assert!(out.contains(&ClientOutput::Ready), "{opening:?}");
        assert!(
            client.is_started("start") && client.is_started("finish"),
            "{opening:?}"
        );
        assert_eq!(sent(&out), answers, "{opening:?}");
        let time = DeviceTime::Dated(wall("2025-06-01T08:30:22.04"));
        let sends = [
            DeviceRead::new(1, "start", GUN_TAG, time),
            DeviceRead::new(2, "finish", "9478", time),
        ];
        let out = client.apply(now, ClientInput::Reads(&sends));
        assert_eq!(sent(&out), reads, "{opening:?}");
    };
    check(
        &[
            "TimeChip~Version 2013 rev 1~2",
            "stream-mode=push",
            "pushmode-ack=false",
            "start",
        ],
        "",
        "CT01_33~2~finish~9478~08:30:22.04~1~0F2A38~1",
    );
    check(
        &["chronoserv~0.0.1 2014/05/13~1", "stream-mode=push", "start"],
        "",
        "CT01_33~2~finish~9478~08:30:22.04~1~0F2A38~1",
    );
    check(
        &[
            "RaceDisplay~Version 1.0 Level 2024.02~6",
            "location=multi",
            "guntimes=true",
            "newlocations=true",
            "authentication=none",
            "stream-mode=push",
            "time-format=iso",
            "geteventinfo",
            "getlocations",
            "start",
        ],
        "ack~geteventinfo~RACE2024~~|ack~getlocations~start~finish",
        "CT01_33~1~start~guntime~2025-06-01T08:30:22.04~1~0F2A38~1|\
         CT01_33~2~finish~9478~2025-06-01T08:30:22.04~1~0F2A38~1",
    );
    check(
        &[
            "ChronoTrack2RMForwarder~1.1.3~5",
            "guntimes=true",
            "newlocations=true",
            "connection-id=false",
            "stream-mode=push",
            "time-format=unix",
            "getconnectionid",
            "geteventinfo",
            "getlocations",
            "authorize",
            "start",
        ],
        "ack~getconnectionid~c1|ack~geteventinfo~RACE2024~~|ack~getlocations~start~finish|\
         err~~unknown command",
        "CT01_33~1~start~guntime~1748766622.04~1~0F2A38~1|\
         CT01_33~2~finish~9478~1748766622.04~1~0F2A38~1",
    );
    check(
        &[
            "x~1~4",
            "pushmode-ack=true",
            "tagevent-format=CT01_13",
            "time-format=msecs",
            "y=z",
            "start",
        ],
        "ack~start",
        "CT01_13~2~finish~9478~30622040~1~0F2A38~1",
    );
}

fn sent(out: &[ClientOutput]) -> String {
    let bytes = out.iter().filter_map(|output| match output {
        ClientOutput::Send(bytes) => Some(&bytes[..]),
        _ => None,
    });
    String::from_utf8(bytes.flatten().copied().collect())
        .expect("these tests send UTF-8")
        .trim_end()
        .replace("\r\n", "|")
}

fn field() -> impl Strategy<Value = String> {
    // Names, accents, other scripts, blanks; no control characters and no ~.
    "[ -}À-ÿΑ-Ωא-ת一-三]{1,12}"
}

proptest! {
    #[test]
    fn records_are_read_as_they_are_written(
        sequence in prop::option::of(0u64..=i64::MAX as u64),
        texts in prop::collection::vec(field(), 5),
        cs in 0i64..253_402_300_800 * 100,
        format in 0usize..4,
        layout in prop::bool::ANY,
    ) {
        let format = TimeFormat::ALL[format];
        let layout = if layout { Layout::Ct01_33 } else { Layout::Ct01_13 };
        let dated = DeviceTime::Dated(model::WallTime(cs));
        let mut expected = DeviceRead::new(0, &texts[0], &texts[1], dated);
        prop_assume!(!texts[1].trim().is_empty());
        expected.sequence = sequence;
        expected.occurrence = texts[2].clone();
        expected.reader = texts[3].clone();
        expected.antenna = texts[4].clone();
        let line = expected.write(layout, format);
        let parsed = read(&line);
        if matches!(format, TimeFormat::Normal | TimeFormat::Msecs) {
            expected.time = DeviceTime::TimeOfDay { cs: expected.time.time_of_day_cs() };
        }
        expected.time_text = format.write(expected.time);
        expected.raw = line.clone().into_bytes();
        prop_assert_eq!(&parsed, &expected);
        prop_assert_eq!(parsed.write(layout, format), line);
    }

    #[test]
    fn any_bytes_are_a_line_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = record::parse(&bytes);
        let line = [b"CT01_33~".as_slice(), &bytes].concat();
        match record::parse(&line) {
            Some(Ok(Record::Read(read))) => {
                prop_assert_eq!(&read.raw, &line);
                // Nothing of the text is lost, whatever its character set.
                let written = text::decode(&line);
                prop_assert!(written.contains(&read.tag) && written.contains(&read.location));
            }
            Some(_) => {}
            None => prop_assert!(false, "the first field names the layout"),
        }
    }
}

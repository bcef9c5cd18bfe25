//! Greeting, identifying, waiting: what is sent when, and what the host is told.

use crate::support::{GREETING, Server, identity, sent, tags};
use timing::ctp01::{CloseReason, EventInfo, Identity, Input, Output, UnknownReason};

const OPENING: &str = concat!(
    "Gantry~",
    env!("CARGO_PKG_VERSION"),
    "~6|location=multi|guntimes=true|newlocations=true|authentication=none|stream-mode=push|\
     time-format=iso|getconnectionid|geteventinfo|getlocations"
);

#[test]
fn the_greeting_is_answered_at_once_and_in_one_piece() {
    let check = |greeting: &str, program: &str, version: &str| {
        let out = Server::new().bytes(greeting.as_bytes());
        let greeted = Output::Greeted {
            program: program.to_owned(),
            version: version.to_owned(),
        };
        assert_eq!(out[0], greeted, "{greeting:?}");
        assert_eq!(out.len(), 2, "{out:?}");
        assert_eq!(sent(&out), OPENING, "{greeting:?}");
    };
    check("SimpleClient~0.5.0~CTP01\r\n", "SimpleClient", "0.5.0");
    check("SimpleClient~0.6.0~CTP01\n", "SimpleClient", "0.6.0");
    check(
        "Camera Tool 3~Version 2 rev 1~CTP01\r\n",
        "Camera Tool 3",
        "Version 2 rev 1",
    );
    check("TsConnector~~ctp01 \r\n", "TsConnector", "");
    check("\r\nSimpleClient~0.6.0~CTP01\r\n", "SimpleClient", "0.6.0");
}

#[test]
fn who_is_no_ctp01_client_is_closed_with_a_reason() {
    let check = |line: &[u8], greeting: &str| {
        let mut server = Server::new();
        let out = server.bytes(&[line, b"\r\n"].concat());
        let reason = CloseReason::WrongProtocol {
            greeting: greeting.to_owned(),
        };
        assert_eq!(out, [Output::Close(reason)]);
        assert_eq!(server.session.next_timer(), None);
        assert_eq!(server.bytes(GREETING.as_bytes()), []);
    };
    check(b"GET / HTTP/1.1", "GET / HTTP/1.1");
    check(b"SimpleClient~0.6.0~CTP02", "SimpleClient~0.6.0~CTP02");
    check(b"SimpleClient~0.6.0", "SimpleClient~0.6.0");
    check(b"\x16\x03\x01\x02", "");
    check(&[b'x'; 5_000], &"x".repeat(256));
}

#[test]
fn without_a_greeting_it_closes_after_ten_seconds() {
    let mut server = Server::new();
    server.bytes(b"SimpleClient~0.6");
    assert_eq!(server.wait(9_999), []);
    assert_eq!(
        server.wait(1),
        [Output::Close(CloseReason::GreetingTimeout)]
    );
}

#[test]
fn all_replies_identify_the_client_once() {
    let mut server = Server::new();
    server.bytes(GREETING.as_bytes());
    assert_eq!(server.line("ack~init"), []);
    assert_eq!(
        server.line("ack~geteventinfo~RACE2024~1~Test Race 2024"),
        []
    );
    assert_eq!(server.line("ack~getlocations~start~finish~start"), []);
    let out = server.line("ack~getconnectionid~0123456789abcdef");
    let expected = Identity {
        connection_name: Some("0123456789abcdef".to_owned()),
        event: Some(EventInfo {
            name: "RACE2024".to_owned(),
            id: "1".to_owned(),
            description: "Test Race 2024".to_owned(),
        }),
        locations: vec!["start".to_owned(), "finish".to_owned()],
    };
    assert_eq!(out, [Output::Identified(expected)]);
    // Nothing of it is asked or told again.
    assert_eq!(server.line("ack~getconnectionid~other"), []);
    assert_eq!(server.line("ack~getlocations~start~finish"), []);
    assert_eq!(server.wait(5_000), []);
}

#[test]
fn after_two_seconds_it_goes_on_without_the_missing_replies() {
    let mut server = Server::new();
    server.bytes(GREETING.as_bytes());
    server.line("ack~getlocations~start");
    assert_eq!(server.wait(1_999), []);
    let out = server.wait(1);
    let expected = Identity {
        locations: vec!["start".to_owned()],
        ..Identity::default()
    };
    assert_eq!(out, [Output::Identified(expected)]);
    let locations = Output::Locations(vec!["start".to_owned(), "finish".to_owned()]);
    assert_eq!(server.line("ack~getlocations~finish"), [locations]);
}

#[test]
fn a_refused_query_counts_as_its_reply_and_is_reported() {
    let mut server = Server::new();
    server.bytes(GREETING.as_bytes());
    server.line("ack~getlocations~start");
    server.line("ack~geteventinfo~~~");
    let out = server.line("err~getconnectionid~unknown command");
    assert_eq!(identity(&out).unwrap().connection_name, None);
    assert!(matches!(
        &out[0],
        Output::Unknown {
            reason: UnknownReason::Refused,
            ..
        }
    ));
}

#[test]
fn reads_pushed_unasked_come_through_before_a_start() {
    let read = "CT01_33~1~start~9478~14:02:15.31~0~0F2A38~1";
    let mut server = Server::new();
    let out = server.bytes(format!("{GREETING}{read}\r\n").as_bytes());
    assert_eq!(tags(&out), ["9478"]);
    let out = server.wait(2_000);
    assert_eq!(identity(&out).unwrap().locations, ["start"]);
    let out = server.line("CT01_33~2~finish~9479~14:02:15.31~0~0F2A38~1");
    assert_eq!(tags(&out), ["9479"]);
    let locations = Output::Locations(vec!["start".to_owned(), "finish".to_owned()]);
    assert!(out.contains(&locations));
    assert_eq!(sent(&out), "");
}

#[test]
fn a_start_before_the_identity_waits_for_it() {
    let mut server = Server::new();
    assert_eq!(sent(&server.start(&[])), "");
    assert_eq!(sent(&server.bytes(GREETING.as_bytes())), OPENING);
    server.line("ack~getconnectionid~c1");
    server.line("ack~geteventinfo~~~");
    let out = server.line("ack~getlocations~start~finish");
    assert_eq!(sent(&out), "start~start~1|start~finish~1");
    // A hold takes it back.
    let mut server = Server::new();
    server.start(&[]);
    server.session.apply(server.now, Input::Hold);
    server.bytes(GREETING.as_bytes());
    assert_eq!(sent(&server.wait(2_500)), "");
}

#[test]
fn lines_that_mean_nothing_are_reported_with_their_bytes_and_harm_nothing() {
    let check = |raw: &[u8], reason: UnknownReason| {
        let mut server = Server::identified("~start");
        let out = server.bytes(&[raw, b"\nping\n"].concat());
        let mut kept = raw.to_vec();
        kept.truncate(if raw.len() > 4096 { 256 } else { 4096 });
        let unknown = Output::Unknown { raw: kept, reason };
        assert_eq!(out, [unknown, Output::Send(b"ack~ping\r\n".to_vec())]);
    };
    check(b"hello", UnknownReason::Unrecognized);
    check(b"\xff\xfe\x00", UnknownReason::Unrecognized);
    check(b"err~~unknown command", UnknownReason::Refused);
    check(&[b'x'; 4097], UnknownReason::TooLong);
    check(&[b'x'; 100_000], UnknownReason::TooLong);
    check(b"ack~getlocations~a\x01b", UnknownReason::UnusableName);
    check(
        b"CT01_33~1~start",
        UnknownReason::Malformed(timing::ctp01::RecordError::FieldCount(3)),
    );
}

#[test]
fn no_number_of_locations_is_too_much() {
    let mut server = Server::identified("");
    let mut listed = 0;
    for block in 0..100 {
        let names: String = (0..100).map(|n| format!("~p{block}-{n}")).collect();
        for output in server.line(&format!("ack~getlocations{names}")) {
            match output {
                Output::Locations(names) => listed = names.len(),
                Output::Unknown { reason, .. } => {
                    assert_eq!(reason, UnknownReason::TooManyLocations);
                }
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(listed, timing::limits::LOCATIONS_MAX);
    server.start(&[]);
    // Reads of one more still come through, and it is not asked for by name.
    let out = server.line("CT01_33~1~one-more~9478~14:02:15.31~0~0F2A38~1");
    assert_eq!(tags(&out), ["9478"]);
    assert_eq!(out.len(), 1);
}

//! Each rule of starting and resuming, and that restarted numbers lose nothing.

use crate::support::{Server, sent, stored, tags};
use timing::ctp01::{Output, UnknownReason};

const LAST: &str = "CT01_33~4530~finish~101~2025-06-01T08:30:22.04~1~23H016~1";
const DATE: &str = "2025-06-01T08:30:22.04";

/// One location, with its last read stored, asked to go on from there.
fn resuming() -> Server {
    let mut server = Server::identified("~finish");
    assert_eq!(
        sent(&server.start(&[stored(LAST, DATE)])),
        "start~finish~4530"
    );
    server
}

#[test]
fn a_resume_holds_when_the_first_read_back_is_the_stored_one() {
    let check = |back: &str| {
        let mut server = resuming();
        let out = server.line(back);
        assert_eq!(
            (tags(&out), sent(&out)),
            (vec!["101"], String::new()),
            "{back}"
        );
        let out = server.line("CT01_33~4531~finish~102~2025-06-01T08:30:23.00~1~23H016~1");
        assert_eq!((tags(&out), sent(&out)), (vec!["102"], String::new()));
        assert_eq!(sent(&server.wait(9_000)), "");
    };
    check(LAST);
    // Undated: by time of day. Fields 6 and the layout may differ.
    check("CT01_33~4530~finish~101~08:30:22.04~1~23H016~1");
    check("CT01_33~4530~finish~101~30622049~3~23H016~1");
    check("CT01_13~4530~finish~101~1748766622.04~3~23H016~1");
}

#[test]
fn a_resume_that_does_not_hold_starts_from_the_first_read() {
    let check = |back: &str| {
        let mut server = resuming();
        let out = server.line(back);
        assert_eq!(tags(&out).len(), 1, "it is still a read: {back}");
        assert_eq!(sent(&out), "start~finish~1", "{back}");
        // Once: what comes then is that start's.
        assert_eq!(sent(&server.line(back)), "");
        assert_eq!(sent(&server.wait(9_000)), "");
    };
    check("CT01_33~4531~finish~101~2025-06-01T08:30:22.04~1~23H016~1");
    check("CT01_33~~finish~101~2025-06-01T08:30:22.04~1~23H016~1");
    check("CT01_33~4530~finish~102~2025-06-01T08:30:22.04~1~23H016~1");
    check("CT01_33~4530~finish~101~2025-06-01T08:30:22.05~1~23H016~1");
    check("CT01_33~4530~finish~101~2025-06-02T08:30:22.04~1~23H016~1");
    check("CT01_33~4530~finish~101~08:30:22.05~1~23H016~1");
    check("CT01_33~4530~finish~101~2025-06-01T08:30:22.04~1~23H017~1");
    check("CT01_33~4530~finish~101~2025-06-01T08:30:22.04~1~23H016~2");
}

#[test]
fn three_seconds_of_silence_start_from_the_first_read() {
    let mut server = resuming();
    assert_eq!(server.wait(2_999), []);
    assert_eq!(sent(&server.wait(1)), "start~finish~1");
    assert_eq!(sent(&server.wait(6_000)), "");
}

#[test]
fn silence_is_each_locations_own() {
    let mut server = Server::identified("~start~finish~10k");
    let start = "CT01_33~12~start~101~2025-06-01T07:00:00.00~1~23H016~1";
    let plan = [stored(LAST, DATE), stored(start, "2025-06-01T07:00:00.00")];
    // One with nothing stored is asked for from its first read.
    let out = server.start(&plan);
    assert_eq!(sent(&out), "start~start~12|start~finish~4530|start~10k~1");
    server.wait(1_000);
    assert_eq!(sent(&server.line(start)), "");
    assert_eq!(sent(&server.wait(2_000)), "start~finish~1");
    assert_eq!(sent(&server.wait(3_000)), "");
}

#[test]
fn a_refused_start_falls_back_to_the_bare_one_once() {
    let mut server = resuming();
    assert_eq!(sent(&server.line("err~start~invalid sequence")), "start");
    // All that comes then is taken, and nothing is asked again.
    let first = "CT01_33~1~finish~7~2025-06-01T08:00:00.00~1~23H016~1";
    let out = server.line(first);
    assert_eq!((tags(&out), sent(&out)), (vec!["7"], String::new()));
    assert_eq!(sent(&server.wait(5_000)), "");
    // Refused even so: reported, and no loop.
    let out = server.line("err~start~no");
    assert!(
        matches!(
            &out[..],
            [Output::Unknown {
                reason: UnknownReason::Refused,
                ..
            }]
        ),
        "{out:?}"
    );
}

#[test]
fn a_client_that_knows_no_start_by_location_gets_one_bare_start() {
    let mut server = Server::identified("~a~b~c");
    assert_eq!(sent(&server.start(&[])), "start~a~1|start~b~1|start~c~1");
    let out = server.bytes(b"err~start~x\r\nerr~start~x\r\nerr~start~x\r\n");
    assert_eq!(sent(&out), "start");
    // A location that only shows up now flows already.
    let out = server.line("CT01_33~1~d~7~2025-06-01T08:00:00.00~1~23H016~1");
    assert_eq!((tags(&out), sent(&out)), (vec!["7"], String::new()));
}

#[test]
fn one_refused_location_leaves_the_others_their_check() {
    let mut server = Server::identified("~gone~finish");
    server.start(&[stored(LAST, DATE)]);
    assert_eq!(sent(&server.line("err~start~invalid location")), "start");
    let restarted = "CT01_33~1~finish~7~2025-06-01T08:00:00.00~1~23H016~1";
    assert_eq!(sent(&server.line(restarted)), "start~finish~1");
}

#[test]
fn with_no_location_known_the_bare_start_goes_out_after_two_seconds() {
    let mut server = Server::identified("");
    assert_eq!(sent(&server.start(&[])), "");
    assert_eq!(sent(&server.wait(1_999)), "");
    assert_eq!(sent(&server.wait(1)), "start");
    // What then turns out to exist may have older reads.
    let out = server.line("CT01_33~9~finish~7~2025-06-01T08:00:00.00~1~23H016~1");
    assert_eq!(
        (tags(&out), sent(&out)),
        (vec!["7"], "start~finish~1".to_owned())
    );
    // Known in time: no bare start.
    let mut server = Server::identified("");
    server.start(&[stored(LAST, DATE)]);
    assert_eq!(
        sent(&server.line("ack~getlocations~finish")),
        "start~finish~4530"
    );
    assert_eq!(sent(&server.wait(2_500)), "");
}

#[test]
fn a_stored_location_that_the_client_does_not_list_is_not_asked_for() {
    let mut server = Server::identified("~start");
    assert_eq!(sent(&server.start(&[stored(LAST, DATE)])), "start~start~1");
    // Until it shows up.
    assert_eq!(
        sent(&server.line("ack~getlocations~start~finish")),
        "start~finish~4530"
    );
}

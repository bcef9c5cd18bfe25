//! While it runs: pings, staleness, new locations, hold.

use crate::support::{Server, sent, tags};
use timing::ctp01::{CloseReason, Input, Output};

#[test]
fn pings_go_both_ways() {
    let mut server = Server::identified("~start");
    for ping in ["ping", "PING", "Ping"] {
        assert_eq!(sent(&server.line(ping)), "ack~ping");
    }
    for answer in ["ack~ping", "ACK~PING", "ping~ack", "Ping~Ack"] {
        for _ in 0..6 {
            assert_eq!(server.wait(10_000), [Output::Send(b"ping\r\n".to_vec())]);
            assert_eq!(server.line(answer), []);
        }
    }
}

#[test]
fn three_missed_pings_make_it_stale_and_ten_minutes_close_it() {
    let mut server = Server::identified("~start");
    assert_eq!(server.wait(39_999).len(), 3);
    assert_eq!(
        server.wait(1),
        [Output::Stale, Output::Send(b"ping\r\n".to_vec())]
    );
    assert!(
        server
            .wait(20_000)
            .iter()
            .all(|output| matches!(output, Output::Send(_)))
    );
    // Any byte will do.
    assert_eq!(server.bytes(b"C"), [Output::Heard]);
    let out = server.wait(599_999);
    assert_eq!(
        out.iter()
            .filter(|output| matches!(output, Output::Stale))
            .count(),
        1
    );
    assert!(!out.contains(&Output::Close(CloseReason::Idle)));
    assert_eq!(
        server.wait(1).last(),
        Some(&Output::Close(CloseReason::Idle))
    );
    assert_eq!(server.bytes(b"x"), []);
}

#[test]
fn a_pause_of_our_own_is_not_held_against_the_client() {
    let mut server = Server::identified("~start");
    server.now = server.now.plus_ms(120_000);
    let out = server.session.apply(server.now, Input::Timer);
    assert_eq!(out, [Output::Send(b"ping\r\n".to_vec())]);
    assert_eq!(server.line("ack~ping"), []);
}

#[test]
fn a_new_location_is_asked_for_and_started_after_a_second() {
    let line = "CT01_33~2038~30k~newlocation~09:15:21.00~0~ED932A~0";
    let mut server = Server::identified("~start");
    server.start(&[]);
    let out = server.line(line);
    let locations = Output::Locations(vec!["start".to_owned(), "30k".to_owned()]);
    assert!(out.contains(&locations), "{out:?}");
    assert_eq!(sent(&out), "getlocations");
    // The reply changes nothing that is known.
    assert_eq!(server.line("ack~getlocations~start~30k"), []);
    assert_eq!(server.wait(999), []);
    assert_eq!(sent(&server.wait(1)), "start~30k~1");
    // Its session, sent again, holds that line too: it must not start it for ever.
    assert_eq!(server.line(line), []);
    assert_eq!(server.wait(5_000), []);
    assert_eq!(
        tags(&server.line("CT01_33~2039~30k~7~09:15:22.00~0~ED932A~1")),
        ["7"]
    );
}

#[test]
fn a_new_location_before_a_start_is_started_with_the_rest() {
    let mut server = Server::identified("~start");
    let out = server.line("CT01_33~2038~30k~newlocation~09:15:21.00~0~ED932A~0");
    assert_eq!(sent(&out), "getlocations");
    assert_eq!(server.wait(2_000), []);
    assert_eq!(sent(&server.start(&[])), "start~start~1|start~30k~1");
}

#[test]
fn a_location_listed_late_is_started() {
    let mut server = Server::identified("~start");
    server.start(&[]);
    assert_eq!(
        sent(&server.line("ack~getlocations~start~finish")),
        "start~finish~1"
    );
}

#[test]
fn hold_stops_the_reads_and_keeps_the_connection() {
    let mut server = Server::identified("~start");
    server.start(&[]);
    let out = server.session.apply(server.now, Input::Hold);
    assert_eq!(sent(&out), "stop");
    assert_eq!(server.session.apply(server.now, Input::Hold), []);
    // What is under way still comes through.
    assert_eq!(
        tags(&server.line("CT01_33~1~start~7~09:15:22.00~0~ED932A~1")),
        ["7"]
    );
    assert_eq!(sent(&server.wait(10_000)), "ping");
    assert_eq!(sent(&server.start(&[])), "start~start~1");
}

#[test]
fn a_location_goes_back_in_the_bytes_it_came_in() {
    let mut server = Server::identified("");
    server.bytes(b"ack~getlocations~Z\xdcRICH\r\n");
    let out = server.start(&[]);
    assert_eq!(out, [Output::Send(b"start~Z\xdcRICH~1\r\n".to_vec())]);
    assert_eq!(
        tags(&server.bytes(b"CT01_33~1~Z\xdcRICH~7~09:15:22.00~0~ED932A~1\r\n")),
        ["7"]
    );
}

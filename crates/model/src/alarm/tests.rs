use super::*;
use uuid::Uuid;

fn stream() -> StreamId {
    StreamId(Uuid::from_u128(7))
}

fn place() -> Place {
    Place {
        event: EventId(Uuid::from_u128(1)),
        stream: stream(),
        location: "FINISH".to_owned(),
        point: "Finish".to_owned(),
    }
}

fn wrong_clock(difference_ms: i64, zone: bool, offset_ms: Option<i64>) -> Trouble {
    Trouble::WrongClock {
        place: place(),
        difference_ms,
        zone,
        effect: ClockEffect::NothingShown,
        offset_ms,
    }
}

fn unknown(unknown: u32, people: u64) -> Trouble {
    Trouble::UnknownTags {
        place: place(),
        unknown,
        of: 50,
        tags: vec!["9001".to_owned(), "9002".to_owned()],
        people,
    }
}

fn unclaimed(connection: u64, streams: &[&str]) -> Trouble {
    Trouble::Unclaimed {
        connection,
        program: "SimpleClient".to_owned(),
        peer: "192.0.2.7".to_owned(),
        locations: vec!["START".to_owned(), "FINISH".to_owned()],
        streams: streams
            .iter()
            .map(|name| Candidate {
                stream: stream(),
                name: (*name).to_owned(),
                event: "Willow 10K".to_owned(),
            })
            .collect(),
    }
}

#[test]
fn each_says_what_is_wrong_and_what_to_do() {
    let check = |trouble: Trouble, severity: Severity, title: &str, advice: &str| {
        assert_eq!(trouble.title(), title);
        assert!(trouble.advice().contains(advice), "{}", trouble.advice());
        assert!(trouble.advice().ends_with('.'), "{}", trouble.advice());
        assert_eq!(trouble.severity(), severity, "{title}");
    };
    check(
        wrong_clock(3_603_000, true, Some(3_600_000)),
        Severity::Urgent,
        "Finish is 1 h 00 m 03 s behind this computer; nothing is shown",
        "time zone",
    );
    check(
        wrong_clock(-90_000, false, None),
        Severity::Urgent,
        "Finish is 1 m 30 s ahead of this computer; nothing is shown",
        "Other points of the same stream are right",
    );
    check(
        unknown(30, 300),
        Severity::Warning,
        "Finish: 30 of the last 50 tags are nobody's; wrong chip file?",
        "9001, 9002",
    );
    check(
        unknown(50, 0),
        Severity::Urgent,
        "Finish: 50 of the last 50 tags are nobody's; the event has no roster yet",
        "Import the roster",
    );
    check(
        Trouble::Silent {
            place: place(),
            per_minute: 48,
        },
        Severity::Urgent,
        "Finish has fallen silent, where 48 a minute came before",
        "mat",
    );
    check(
        Trouble::ReadersDiffer {
            place: place(),
            behind: "0F2A38".to_owned(),
            ahead: "0F2A39".to_owned(),
            difference_ms: 1_240,
        },
        Severity::Warning,
        "Finish: reader 0F2A38 is 1.2 s behind reader 0F2A39",
        "same time server",
    );
    check(
        Trouble::ClientGone {
            event: place().event,
            stream: stream(),
            stream_name: "Mats".to_owned(),
            program: "SimpleClient".to_owned(),
            peer: "192.0.2.7".to_owned(),
            locations: vec!["FINISH".to_owned()],
            reason: "closed by the device".to_owned(),
        },
        Severity::Urgent,
        "SimpleClient of Mats is gone (FINISH)",
        "tick \"Activate connection\" again",
    );
    check(
        unclaimed(4, &["Mats"]),
        Severity::Warning,
        "SimpleClient at 192.0.2.7 (START, FINISH) belongs to no stream yet",
        "Say which stream it is",
    );
    check(
        unclaimed(4, &[]),
        Severity::Warning,
        &unclaimed(4, &["x"]).title(),
        "Make a stream",
    );
    check(
        Trouble::DiskLow {
            free_bytes: 1_940_000_000,
            nearly_full: false,
        },
        Severity::Warning,
        "Only 1.9 GB are free on the disk of the data folder",
        "larger one",
    );
    check(
        Trouble::DiskLow {
            free_bytes: 150_000_000,
            nearly_full: true,
        },
        Severity::Urgent,
        "Only 150 MB are free on the disk of the data folder",
        "larger one",
    );
    check(
        Trouble::JournalSlow { delay_ms: 2_480 },
        Severity::Warning,
        "The disk is slow: reads wait 2.5 s until they are stored",
        "virus scanner",
    );
    check(
        Trouble::NoBackup {
            reason: "there is no /stick; plug it in".to_owned(),
        },
        Severity::Warning,
        "No backup is made",
        "There is no /stick; plug it in.",
    );
}

#[test]
fn an_alarm_is_the_same_whatever_its_figures() {
    let same = |one: Trouble, other: Trouble| assert_eq!(one.id(), other.id());
    same(
        wrong_clock(3_603_000, true, None),
        wrong_clock(3_604_000, true, Some(1)),
    );
    same(unknown(11, 3), unknown(50, 0));
    same(unclaimed(4, &["Mats"]), unclaimed(5, &[]));
    assert_ne!(unknown(11, 3).id(), wrong_clock(1, true, None).id());
}

#[test]
fn a_click_mends_what_a_click_can() {
    let check = |trouble: Trouble, offers: &[(Fix, &str)]| {
        let made = trouble.offers();
        let made: Vec<_> = made
            .iter()
            .map(|offer| (offer.fix.clone(), offer.label.as_str()))
            .collect();
        assert_eq!(made, offers);
    };
    let set = |offset_ms| Fix::SetOffset {
        stream: stream(),
        offset_ms,
    };
    check(
        wrong_clock(3_603_000, true, Some(3_600_000)),
        &[(set(3_600_000), "Add 1 h 00 m 00 s to its reads")],
    );
    check(
        wrong_clock(-90_000, false, Some(-90_000)),
        &[(set(-90_000), "Take 1 m 30 s off its reads")],
    );
    check(
        wrong_clock(-90_000, false, Some(0)),
        &[(set(0), "Take the stream's offset away")],
    );
    check(wrong_clock(3_603_000, true, None), &[]);
    let claim = Fix::Claim {
        connection: 4,
        stream: stream(),
    };
    check(
        unclaimed(4, &["Mats", "Spare"]),
        &[
            (claim.clone(), "It is Mats of Willow 10K"),
            (claim, "It is Spare of Willow 10K"),
        ],
    );
    check(unknown(50, 0), &[]);
    check(Trouble::JournalFull, &[]);
}

#[test]
fn it_goes_to_the_browser_and_back() {
    let alarm = Alarm::new(unclaimed(4, &["Mats"]), UnixMicros(5));
    let bytes = postcard::to_allocvec(&alarm).unwrap();
    assert_eq!(postcard::from_bytes::<Alarm>(&bytes).unwrap(), alarm);
}

//! Both ends of CTP01 and the dating of reads, fed whatever the fuzzer finds.
//!
//! The first byte of each piece says what happens; a 0xff ends a piece. Run it with
//! `cargo +nightly fuzz run ctp01` in `crates/timing`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{MonoMs, UnixMicros};
use timing::{
    DateBook, StreamClock, WrongClockDetector,
    ctp01::{ClientConfig, ClientInput, ClientSession, Input, Output, ServerSession, StartPlan},
    judge, limits, parse_zone,
};

fuzz_target!(|data: &[u8]| {
    let mut now = MonoMs(0);
    let mut server = ServerSession::new(now);
    let mut client = ClientSession::new(ClientConfig::default(), now);
    let zone = parse_zone("Europe/Berlin").expect("the zone exists");
    let clock = StreamClock { zone, offset_ms: 0 };
    let mut dates = DateBook::default();
    let mut detector = WrongClockDetector::new("FINISH".to_owned());
    for piece in data.split(|byte| *byte == 0xff) {
        let Some((what, bytes)) = piece.split_first() else {
            continue;
        };
        let outputs = match what % 8 {
            0 => {
                now = now.plus_ms(u64::from(*what) * 100);
                server.apply(now, Input::Timer)
            }
            1 => server.apply(now, Input::Start(StartPlan::default())),
            2 => server.apply(now, Input::Hold),
            3 => {
                client.apply(now, ClientInput::Bytes(bytes));
                continue;
            }
            _ => server.apply(now, Input::Bytes(bytes)),
        };
        for output in outputs {
            match output {
                Output::Read(read) => {
                    let received_at = UnixMicros(1_750_000_000_000_000).plus_ms(now.0 as i64);
                    let wall = dates.date(&read, &clock, received_at);
                    let instant = clock.instant_of(wall, received_at);
                    judge(instant, received_at);
                    detector.observe(instant, received_at);
                    if let Some(found) = detector.verdict(received_at) {
                        let _ = found.to_string();
                    }
                }
                Output::Locations(names) => assert!(names.len() <= limits::LOCATIONS_MAX),
                _ => {}
            }
        }
    }
});

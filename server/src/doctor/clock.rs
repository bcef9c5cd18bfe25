//! This computer's clock and time zone. What a device's clock says is for the server to judge.

use super::report::Finding;
use crate::limits;
use chrono::{DateTime, FixedOffset, Local};
#[cfg(target_os = "linux")]
use std::path::Path;

const CHECK: &str = "clock";

pub struct Clock {
    now: DateTime<FixedOffset>,
    /// The zone's name, where the system tells.
    zone: Option<String>,
    set: Set,
}

/// Whether the clock is set from the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    FromNetwork,
    NotYet,
    Unknown,
}

pub fn look() -> Clock {
    Clock {
        now: Local::now().fixed_offset(),
        zone: iana_time_zone::get_timezone().ok(),
        set: set(),
    }
}

/// systemd-timesyncd makes the folder when it starts, and the file once it has set the clock
/// (systemd-timesyncd.service(8), "Files"). Other programs that set the clock leave no such trace.
#[cfg(target_os = "linux")]
fn set() -> Set {
    let timesync = Path::new("/run/systemd/timesync");
    if timesync.join("synchronized").exists() {
        Set::FromNetwork
    } else if timesync.exists() {
        Set::NotYet
    } else {
        Set::Unknown
    }
}

#[cfg(not(target_os = "linux"))]
fn set() -> Set {
    Set::Unknown
}

pub fn judge(clock: &Clock) -> Finding {
    let time = clock.now.format("%A %-d %B %Y, %H:%M:%S");
    let offset = clock.now.format("UTC%:z");
    let zone = match &clock.zone {
        Some(zone) => format!("time zone {zone} ({offset})"),
        None => format!("time zone {offset}"),
    };
    let plausible = limits::CLOCK_S_MIN..limits::CLOCK_S_MAX;
    if !plausible.contains(&clock.now.timestamp()) {
        return Finding::bad(
            CHECK,
            format!("it says {time}, {zone}, which cannot be"),
            "set this computer's date and time, and start Gantry anew; if it is wrong again after \
             switching off, the battery on its main board is empty",
        );
    }
    let set = match clock.set {
        Set::FromNetwork => "; it is set from the network",
        Set::NotYet => "; it was not set from the network, which is normal without internet",
        Set::Unknown => "",
    };
    Finding::ok(
        CHECK,
        format!("{time}, {zone}{set}; compare this with the clock on the timing box"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };

    #[test]
    fn a_clock_is_judged() {
        let check = |now: &str, zone: Option<&str>, set, state, parts: &[&str]| {
            let clock = Clock {
                now: DateTime::parse_from_rfc3339(now).unwrap(),
                zone: zone.map(str::to_owned),
                set,
            };
            check(&judge(&clock), state, parts);
        };
        let madrid = Some("Europe/Madrid");
        let morning = "2027-05-30T05:04:09+02:00";
        let parts = [
            "Sunday 30 May 2027, 05:04:09",
            "Europe/Madrid (UTC+02:00)",
            "timing box",
        ];
        check(morning, madrid, Set::Unknown, State::Ok, &parts);
        check(
            morning,
            None,
            Set::Unknown,
            State::Ok,
            &["time zone UTC+02:00"],
        );
        check(
            morning,
            madrid,
            Set::FromNetwork,
            State::Ok,
            &["is set from the network"],
        );
        check(
            morning,
            madrid,
            Set::NotYet,
            State::Ok,
            &["normal without internet"],
        );
        let parts = ["Thursday 1 January 1970, 00:00:12", "battery"];
        check(
            "1970-01-01T00:00:12Z",
            None,
            Set::NotYet,
            State::Bad,
            &parts,
        );
        check(
            "2099-01-01T00:00:00Z",
            madrid,
            Set::FromNetwork,
            State::Bad,
            &["2099"],
        );
    }
}

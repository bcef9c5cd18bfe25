//! The disk of the data folder: how much room it has, and how soon a write is safe on it.

use super::report::{Finding, size};
use crate::limits;
use app::format::count;
use std::{
    io::{self, Write},
    path::Path,
    time::{Duration, Instant},
};

const SPACE: &str = "disk space";
const SPEED: &str = "disk speed";

/// Bytes that this user may still fill.
pub fn space(folder: &Path) -> io::Result<u64> {
    fs4::available_space(folder)
}

/// The median of some writes, each brought to the disk as the journal's are, in a file without a
/// name that the system takes away with the process.
pub fn speed(folder: &Path) -> io::Result<Duration> {
    let mut file = tempfile::tempfile_in(folder)?;
    let page = [0_u8; 4_096];
    let started = Instant::now();
    let mut took = Vec::new();
    while took.len() < limits::DOCTOR_WRITES
        && started.elapsed() < Duration::from_millis(limits::DOCTOR_WRITES_MS_MAX)
    {
        let write_started = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        took.push(write_started.elapsed());
    }
    Ok(median(took))
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took.get(took.len() / 2).copied().unwrap_or_default()
}

pub fn judge_space(free: Option<io::Result<u64>>) -> Finding {
    let free = match free {
        Some(Ok(free)) => free,
        Some(Err(error)) => return unseen(SPACE, &error.to_string()),
        None => return unseen(SPACE, "the disk did not answer"),
    };
    let found = format!(
        "{} free on the disk of the data folder, room for about {} reads",
        size(free),
        rounded(free / limits::READ_BYTES)
    );
    let advice = "empty the trash and move large files to another disk, or choose a data folder \
                  on a larger one with --data-dir";
    if free < limits::DISK_FREE_BYTES_MIN {
        Finding::bad(SPACE, found, advice)
    } else if free < limits::DISK_FREE_BYTES_FEW {
        Finding::warning(SPACE, found, advice)
    } else {
        Finding::ok(SPACE, found)
    }
}

pub fn judge_speed(median: Option<io::Result<Duration>>) -> Finding {
    let median = match median {
        Some(Ok(median)) => median,
        Some(Err(error)) if error.kind() == io::ErrorKind::StorageFull => {
            return Finding::bad(
                SPEED,
                "nothing can be written: the disk is full",
                "delete or move other files on that disk; Gantry goes on by itself once there is \
                 room",
            );
        }
        Some(Err(error)) => {
            return Finding::bad(
                SPEED,
                format!("nothing can be written: {error}"),
                "choose a data folder on another disk with --data-dir; this one may be failing",
            );
        }
        None => {
            return Finding::bad(
                SPEED,
                "a write did not reach the disk in time",
                format!("{SLOW}; if it is this computer's own disk, it may be failing"),
            );
        }
    };
    let ms = median.as_millis();
    let found = match ms {
        0 => "a write is safe on it in less than 1 ms".to_owned(),
        _ => format!("a write is safe on it in {ms} ms"),
    };
    if ms > u128::from(limits::WRITE_MS_SLOW) {
        Finding::warning(SPEED, format!("{found}, which is slow"), SLOW)
    } else {
        Finding::ok(SPEED, found)
    }
}

const SLOW: &str = "the likely cause is a stick, a memory card, a network drive or a virus \
                    scanner: choose a data folder on this computer's own disk with --data-dir, \
                    and have the scanner leave that folder out";

fn unseen(check: &'static str, why: &str) -> Finding {
    Finding::warning(
        check,
        format!("it cannot be seen: {why}"),
        "look at the free space yourself, in the properties of the disk",
    )
}

/// To two digits: how large a read is depends on the names of its points and readers.
fn rounded(reads: u64) -> String {
    match reads {
        1_000_000.. => format!("{} million", count(reads / 1_000_000)),
        1_000.. => format!("{},000", reads / 1_000),
        _ => reads.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };

    #[test]
    fn the_room_is_told_in_reads() {
        let check = |free: u64, state, parts: &[&str]| {
            check(&judge_space(Some(Ok(free))), state, parts);
        };
        check(0, State::Bad, &["0 KB free", "about 0 reads"]);
        check(
            199_999_999,
            State::Bad,
            &["199 MB free", "about 869,000 reads", "--data-dir"],
        );
        check(
            200_000_000,
            State::Warning,
            &["200 MB free", "869,000 reads"],
        );
        check(
            1_999_999_999,
            State::Warning,
            &["1.9 GB free", "8 million reads"],
        );
        check(
            2_000_000_000,
            State::Ok,
            &["2.0 GB free", "8 million reads"],
        );
        check(
            500_000_000_000,
            State::Ok,
            &["500.0 GB free", "2,173 million reads"],
        );
        super::super::report::check(&judge_space(None), State::Warning, &["did not answer"]);
        let error = io::Error::other("no such device");
        super::super::report::check(
            &judge_space(Some(Err(error))),
            State::Warning,
            &["no such device"],
        );
    }

    #[test]
    fn a_slow_disk_is_told_with_its_likely_cause() {
        let judged = |ms| judge_speed(Some(Ok(Duration::from_millis(ms))));
        check(&judged(0), State::Ok, &["less than 1 ms"]);
        check(&judged(50), State::Ok, &["50 ms"]);
        check(
            &judged(51),
            State::Warning,
            &["51 ms", "stick", "network drive", "scanner"],
        );
        check(&judge_speed(None), State::Bad, &["in time", "stick"]);
        let failed = |kind: io::ErrorKind| judge_speed(Some(Err(kind.into())));
        check(
            &failed(io::ErrorKind::StorageFull),
            State::Bad,
            &["disk is full"],
        );
        check(
            &failed(io::ErrorKind::Other),
            State::Bad,
            &["nothing can be written"],
        );
    }

    #[test]
    fn the_middle_one_counts() {
        let check = |ms: &[u64], middle| {
            let took = ms.iter().copied().map(Duration::from_millis).collect();
            assert_eq!(median(took), Duration::from_millis(middle));
        };
        check(&[], 0);
        check(&[7], 7);
        check(&[900, 1, 2], 2);
        check(&[4, 3, 2, 1], 3);
    }

    #[test]
    fn measuring_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(speed(folder.path()).unwrap() > Duration::ZERO);
        assert!(space(folder.path()).unwrap() > 0);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

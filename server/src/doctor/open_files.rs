//! How many files and connections the system lets a process have at once.

use super::report::{Finding, grouped};
use crate::limits;

const CHECK: &str = "open files";

/// The limit of this process, which is that of a server started from the same place.
/// `None` where there is none.
#[cfg(unix)]
pub fn look() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub fn look() -> Option<u64> {
    None
}

pub fn judge(limit: u64) -> Finding {
    // Some are the database's, the listeners' and the program's own; in hundreds, as they vary.
    let left = limit.saturating_sub(100) / 100 * 100;
    let found = format!(
        "{} at once, enough for about {} screens and devices",
        grouped(limit),
        grouped(left)
    );
    if limit < limits::OPEN_FILES_FEW {
        Finding::warning(
            CHECK,
            found,
            "nothing, if there are fewer. For more, type `ulimit -n 65536` in the window in which \
             you then start Gantry, or set LimitNOFILE=65536 in its systemd unit",
        )
    } else {
        Finding::ok(CHECK, found)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };

    #[test]
    fn few_open_files_are_told_with_what_to_do() {
        let check = |limit, state, parts: &[&str]| check(&judge(limit), state, parts);
        check(
            1_024,
            State::Warning,
            &["1,024 at once", "900 screens", "ulimit -n 65536"],
        );
        check(64, State::Warning, &["about 0 screens"]);
        check(4_095, State::Warning, &["4,095"]);
        check(4_096, State::Ok, &["4,096"]);
        check(u64::MAX, State::Ok, &["at once"]);
    }
}

//! How many files and connections a server may have open at once.

use super::report::Finding;
use crate::{data_folder::Holder, limits, open_files};
use app::format::count;

const CHECK: &str = "open files";

/// Of whom the limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The server that works in the data folder.
    Running,
    /// One that is started from where the doctor is.
    Next,
}

/// `None` where there is no limit. The server raises its own when it starts, so that is done here
/// too, for a figure that is true of it.
pub fn look(holder: &Holder) -> Option<(u64, Whose)> {
    if let Holder::Server {
        process: Some(process),
    } = holder
        && let Some(limit) = open_files::of_process(*process)
    {
        return Some((limit, Whose::Running));
    }
    Some((open_files::raise()?, Whose::Next))
}

pub fn judge((limit, whose): (u64, Whose)) -> Finding {
    // Some are the database's, the listeners' and the program's own; in hundreds, as they vary.
    let left = limit.saturating_sub(100) / 100 * 100;
    let found = format!(
        "{} {} at once, enough for about {} screens and devices",
        match whose {
            Whose::Running => "the running server may have",
            Whose::Next => "a server that is started here may have",
        },
        count(limit),
        count(left)
    );
    if limit < limits::OPEN_FILES_FEW {
        Finding::warning(
            CHECK,
            found,
            "nothing, if there are fewer. For more, set LimitNOFILE=65536 in its systemd unit; \
             where it is started by hand, raise the hard limit of this user, as in \
             /etc/security/limits.conf",
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
        let check = |limit, state, parts: &[&str]| {
            check(&judge((limit, Whose::Next)), state, parts);
        };
        check(
            1_024,
            State::Warning,
            &["1,024 at once", "900 screens", "LimitNOFILE=65536"],
        );
        check(64, State::Warning, &["about 0 screens"]);
        check(4_095, State::Warning, &["4,095"]);
        check(4_096, State::Ok, &["started here", "4,096"]);
        check(u64::MAX, State::Ok, &["at once"]);
        let running = judge((1_024, Whose::Running));
        super::super::report::check(&running, State::Warning, &["the running server", "1,024"]);
    }
}

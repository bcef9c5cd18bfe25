//! How many files and connections this process may have open at once.
//!
//! Each screen takes one. What a shell allows at first is a fraction of what it would allow:
//! often 1,024, and 256 on a Mac.

/// What a process gets of a system that names no bound of its own; the first that it takes.
#[cfg(unix)]
const UNBOUNDED: [u64; 3] = [1 << 20, 1 << 16, 10_240];

/// Raises the limit of this process as far as the system lets it, and gives what it is then;
/// `None` where there is none.
#[cfg(unix)]
pub fn raise() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let before = current?;
    let wanted = maximum.map_or_else(|| UNBOUNDED.to_vec(), |maximum| vec![maximum]);
    let mut higher = wanted.into_iter().filter(|wanted| *wanted > before);
    let raised = higher.find(|wanted| {
        let limit = Rlimit {
            current: Some(*wanted),
            maximum,
        };
        setrlimit(Resource::Nofile, limit).is_ok()
    });
    Some(raised.unwrap_or(before))
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub fn raise() -> Option<u64> {
    None
}

/// The limit of another process, where the system tells.
#[cfg(target_os = "linux")]
pub fn of_process(id: u32) -> Option<u64> {
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).ok()?;
    read(&limits)
}

#[cfg(not(target_os = "linux"))]
pub fn of_process(_id: u32) -> Option<u64> {
    None
}

/// From `/proc/ID/limits` (man7.org: proc_pid_limits), the one that is in force.
#[cfg(target_os = "linux")]
fn read(limits: &str) -> Option<u64> {
    let mut lines = limits.lines();
    let numbers = lines.find_map(|line| line.strip_prefix("Max open files"))?;
    numbers.split_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_limit_in_force_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max processes             96042                96042                processes\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(read(limits), Some(1_024));
        assert_eq!(read("Max open files            unlimited"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn this_process_is_told_of_like_any_other() {
        let raised = raise();
        assert_eq!(of_process(std::process::id()), raised);
        assert_eq!(raise(), raised, "there is nothing left to raise");
    }
}

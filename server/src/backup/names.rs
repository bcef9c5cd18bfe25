//! The names of backups that the server makes by itself, and which of them go.
//!
//! Pure: a list of names comes in. A folder may be used by several installs and by people, so a
//! name says whose it is.

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};

/// `gantry-1f0c2a9b-20260531T101500Z.zip`: of one install, and in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install(String);

/// When a backup was made, to the second.
pub type Stamp = DateTime<Utc>;

const STAMP: &str = "%Y%m%dT%H%M%SZ";

pub fn stamp_text(stamp: Stamp) -> String {
    stamp.format(STAMP).to_string()
}

impl Install {
    const DIGITS: usize = 8;

    pub fn new(id: &str) -> Option<Self> {
        let fits = id.len() == Self::DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Self(id.to_owned()))
    }

    pub fn made_up() -> Self {
        let mut id = uuid::Uuid::now_v7().simple().to_string();
        // The end of it is by chance, the beginning is the time.
        Self(id.split_off(id.len() - Self::DIGITS))
    }

    pub fn id(&self) -> &str {
        &self.0
    }

    pub fn file_name(&self, stamp: Stamp) -> String {
        format!("gantry-{}-{}.zip", self.0, stamp_text(stamp))
    }

    /// What the unfinished ones begin with. No other server of this install works at the same
    /// time, so what lies there is of one that was cut off.
    pub fn unfinished(&self) -> String {
        format!(".gantry-{}-", self.0)
    }

    /// When it was made, where the name is just as we would have given it.
    pub fn stamp(&self, name: &str) -> Option<Stamp> {
        let text = name
            .strip_prefix("gantry-")?
            .strip_prefix(&self.0)?
            .strip_prefix('-')?
            .strip_suffix(".zip")?;
        let stamp = NaiveDateTime::parse_from_str(text, STAMP).ok()?.and_utc();
        (self.file_name(stamp) == name).then_some(stamp)
    }
}

/// The next name: now, but after all that are there, also where the clock was set back. So the
/// newest is always the last.
pub fn next_stamp(now: Stamp, newest: Option<Stamp>) -> Stamp {
    let now = now.trunc_subsecs(0);
    newest.map_or(now, |newest| now.max(newest + TimeDelta::seconds(1)))
}

/// All but the newest so many.
pub fn too_many(mut stamps: Vec<Stamp>, keep: usize) -> Vec<Stamp> {
    stamps.sort_unstable();
    stamps.truncate(stamps.len().saturating_sub(keep));
    stamps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Stamp {
        DateTime::from_timestamp(1_780_222_500 + second, 0).unwrap()
    }

    #[test]
    fn only_our_own_names_are_ours() {
        let ours = Install::new("1f0c2a9b").unwrap();
        assert_eq!(
            ours.file_name(at(0)),
            "gantry-1f0c2a9b-20260531T101500Z.zip"
        );
        let check = |name: &str, stamp| assert_eq!(ours.stamp(name), stamp, "{name}");
        check("gantry-1f0c2a9b-20260531T101500Z.zip", Some(at(0)));
        for other in [
            "gantry-1f0c2a9c-20260531T101500Z.zip",
            "gantry-1f0c2a9b-20260531T101500Z.zip.old",
            "gantry-1f0c2a9b-20260531T101500Z (1).zip",
            "gantry-1f0c2a9b-20260531T101500.zip",
            "gantry-1f0c2a9b-20260531T101561Z.zip",
            "gantry-1f0c2a9b-2026531T101500Z.zip",
            "gantry-1f0c2a9b-.zip",
            "Gantry-1f0c2a9b-20260531T101500Z.zip",
            "saturday.zip",
            "",
        ] {
            check(other, None);
        }
        for id in ["", "1f0c2a9", "1f0c2a9b0", "../../ab", "1f0c2a9g"] {
            assert_eq!(Install::new(id), None, "{id}");
        }
        let made_up = Install::made_up();
        assert_eq!(Install::new(made_up.id()), Some(made_up));
    }

    #[test]
    fn the_newest_is_last_whatever_the_clock_does() {
        assert_eq!(next_stamp(at(5), None), at(5));
        assert_eq!(next_stamp(at(5), Some(at(3))), at(5));
        assert_eq!(next_stamp(at(5), Some(at(5))), at(6));
        assert_eq!(next_stamp(at(5), Some(at(3_600))), at(3_601));
    }

    #[test]
    fn the_oldest_go() {
        let check = |stamps: &[i64], keep, gone: &[i64]| {
            let all = |seconds: &[i64]| seconds.iter().copied().map(at).collect::<Vec<_>>();
            assert_eq!(too_many(all(stamps), keep), all(gone));
        };
        check(&[3, 1, 2], 2, &[1]);
        check(&[3, 1, 2], 3, &[]);
        check(&[3, 1, 2], 1, &[1, 2]);
        check(&[], 1, &[]);
    }
}

//! What a screen shows, and which of its rows are new enough to be marked.
//!
//! Owns the rule of what may be marked: a row that a live frame brought and that is not late.
//! Knows no timer: whoever holds it says what time it is.

use crate::limits::FRESH_MS;
use model::{Arrival, BoardState, MonoMs};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub state: BoardState,
    /// The display was switched off or is over: a calm page instead of the board.
    pub ended: bool,
    /// For each arrival of `state`, until when it is marked as new.
    fresh_until: Vec<Option<MonoMs>>,
}

impl Shown {
    /// With nothing marked: the first picture, a snapshot, a replay.
    pub fn still(state: BoardState) -> Self {
        let fresh_until = vec![None; state.arrivals.len()];
        Self {
            state,
            ended: false,
            fresh_until,
        }
    }

    /// Nothing of the board any more.
    pub fn ended() -> Self {
        Self {
            ended: true,
            ..Self::default()
        }
    }

    /// The next frame. Rows that were there keep what they had; new ones are marked where the
    /// frame is live and the read was not late.
    #[must_use]
    pub fn followed_by(&self, state: BoardState, animate: bool, now: MonoMs) -> Self {
        if !animate {
            return Self::still(state);
        }
        let fresh_until = state
            .arrivals
            .iter()
            .map(|arrival| match self.index_of(arrival) {
                Some(index) => self.fresh_until[index],
                None => (!arrival.late).then(|| now.plus_ms(FRESH_MS)),
            })
            .collect();
        Self {
            state,
            ended: false,
            fresh_until,
        }
    }

    /// Takes off the marks whose time is over. True where it took any.
    pub fn settle(&mut self, now: MonoMs) -> bool {
        let mut changed = false;
        for until in &mut self.fresh_until {
            if until.is_some_and(|until| until <= now) {
                *until = None;
                changed = true;
            }
        }
        changed
    }

    pub fn is_fresh(&self, index: usize) -> bool {
        self.fresh_until.get(index).is_some_and(Option::is_some)
    }

    /// The same crossing, even where a name was corrected in between.
    fn index_of(&self, arrival: &Arrival) -> Option<usize> {
        self.state.arrivals.iter().position(|known| {
            known.bib == arrival.bib
                && known.point == arrival.point
                && known.read_time == arrival.read_time
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(bib: &str, late: bool) -> Arrival {
        Arrival {
            bib: bib.to_owned(),
            name: format!("Runner {bib}"),
            city: String::new(),
            point: "Finish".to_owned(),
            read_time: format!("2026-03-06T10:00:{bib}.00"),
            late,
            ..Arrival::default()
        }
    }

    fn state(arrivals: Vec<Arrival>) -> BoardState {
        BoardState {
            arrivals,
            ..BoardState::default()
        }
    }

    fn fresh(shown: &Shown) -> Vec<bool> {
        (0..shown.state.arrivals.len())
            .map(|index| shown.is_fresh(index))
            .collect()
    }

    #[test]
    fn only_live_new_rows_in_time_are_marked() {
        let first = Shown::still(state(vec![arrival("10", false)]));
        assert_eq!(fresh(&first), [false]);

        let next = first.followed_by(
            state(vec![arrival("11", false), arrival("10", false)]),
            true,
            MonoMs(100),
        );
        assert_eq!(fresh(&next), [true, false]);

        let late = next.followed_by(
            state(vec![
                arrival("11", false),
                arrival("10", false),
                arrival("09", true),
            ]),
            true,
            MonoMs(200),
        );
        assert_eq!(
            fresh(&late),
            [true, false, false],
            "the mark moves with its row"
        );

        let replay = late.followed_by(state(vec![arrival("12", false)]), false, MonoMs(300));
        assert_eq!(fresh(&replay), [false]);
    }

    #[test]
    fn an_ended_display_comes_back_with_its_next_frame() {
        let ended = Shown::ended();
        assert!(ended.ended);
        let next = ended.followed_by(state(vec![arrival("10", false)]), true, MonoMs(0));
        assert!(!next.ended);
    }

    #[test]
    fn a_mark_ends_by_itself() {
        let mut shown =
            Shown::default().followed_by(state(vec![arrival("10", false)]), true, MonoMs(1_000));
        assert!(!shown.settle(MonoMs(1_000 + FRESH_MS - 1)));
        assert!(shown.settle(MonoMs(1_000 + FRESH_MS)));
        assert_eq!(fresh(&shown), [false]);
        assert!(!shown.settle(MonoMs(1_000 + FRESH_MS)));
    }

    #[test]
    fn a_corrected_name_is_no_new_arrival() {
        let first = Shown::still(state(vec![arrival("10", false)]));
        let mut corrected = arrival("10", false);
        corrected.name = "Runa Ten".to_owned();
        let next = first.followed_by(state(vec![corrected]), true, MonoMs(0));
        assert_eq!(fresh(&next), [false]);
    }
}

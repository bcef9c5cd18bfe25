//! The texts of a board and their sizes, worked out before anything is drawn.
//!
//! Owns what a row says and how large. Knows no Leptos, so that all of it is tested as values.

use crate::{Shown, fit};
/// Between a point and the city after it, in thousandths of an em: `.point`'s margin.
const POINT_GAP_MEM: u32 = 600;

/// One row of the board. Empty rows stay in place, so that the others do not move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub class: &'static str,
    pub bib: String,
    pub bib_style: String,
    pub name: String,
    pub name_style: String,
    /// Empty where the display is bound to one point only: the header names it.
    pub point: String,
    pub city: String,
    pub place_style: String,
    pub time: String,
    /// The word for a late read, or nothing.
    pub mark: &'static str,
}

impl Line {
    pub fn at(shown: &Shown, index: usize) -> Self {
        let state = &shown.state;
        let Some(arrival) = state.arrivals.get(index) else {
            return Self::empty();
        };
        let point = if state.points.len() > 1 {
            arrival.point.clone()
        } else {
            String::new()
        };
        // The margin is the point's own, and there without a city too.
        let gap = if point.is_empty() { 0 } else { POINT_GAP_MEM };
        let place_width = fit::width_mem(&point)
            .saturating_add(gap)
            .saturating_add(fit::width_mem(&arrival.city));
        Self {
            class: match (shown.is_fresh(index), arrival.late) {
                (true, _) => "row fresh",
                (false, true) => "row late",
                (false, false) => "row",
            },
            bib_style: fit::style(&arrival.bib, fit::BIB),
            bib: arrival.bib.clone(),
            name_style: fit::style(&arrival.name, fit::NAME),
            name: arrival.name.clone(),
            point,
            city: arrival.city.clone(),
            place_style: fit::style_of_width(place_width, fit::PLACE_LINE),
            time: clock_time(&arrival.read_time).to_owned(),
            mark: if arrival.late { "late" } else { "" },
        }
    }

    fn empty() -> Self {
        Self {
            class: "row empty",
            bib: String::new(),
            bib_style: String::new(),
            name: String::new(),
            name_style: String::new(),
            point: String::new(),
            city: String::new(),
            place_style: String::new(),
            time: String::new(),
            mark: "",
        }
    }
}

/// What stands over the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub class: &'static str,
    pub event: String,
    pub event_style: String,
    pub points: String,
    pub points_style: String,
    /// What stands in place of rows, or nothing.
    pub message: &'static str,
}

impl Header {
    pub fn of(shown: &Shown) -> Self {
        let state = &shown.state;
        let points = state.points.join(" · ");
        let (class, message) = match (shown.ended, state.arrivals.is_empty()) {
            (true, _) => ("board ended", "This display has ended"),
            (false, true) => ("board resting", "Waiting for the first arrival"),
            (false, false) if state.points.len() > 1 => ("board many", ""),
            (false, false) => ("board", ""),
        };
        Self {
            class,
            event_style: fit::style(&state.event, fit::EVENT),
            event: state.event.clone(),
            points_style: fit::style(&points, fit::POINTS),
            points,
            message,
        }
    }
}

/// `2026-03-06T20:27:47.39` as `20:27:47`. Whole seconds are cut, not rounded: a clock that
/// shows 47 has not shown 48 yet. A text of another shape stays as it is.
fn clock_time(read_time: &str) -> &str {
    let time = read_time
        .split_once('T')
        .map_or(read_time, |(_, time)| time);
    time.split_once('.').map_or(time, |(seconds, _)| seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Arrival, BoardState};

    fn state(points: &[&str], late: bool) -> BoardState {
        BoardState {
            event: "Harbor Half".to_owned(),
            points: points.iter().map(|&point| point.to_owned()).collect(),
            arrivals: vec![Arrival {
                bib: "7".to_owned(),
                name: "Ada Quill".to_owned(),
                city: "Port Nowhere".to_owned(),
                point: "10K".to_owned(),
                read_time: "2026-03-06T20:27:47.99".to_owned(),
                late,
            }],
        }
    }

    #[test]
    fn a_clock_time_is_cut_to_seconds() {
        let check = |read_time, shown| assert_eq!(clock_time(read_time), shown);
        check("2026-03-06T20:27:47.39", "20:27:47");
        check("2026-03-06T00:00:00.00", "00:00:00");
        check("20:27:47", "20:27:47");
        check("", "");
    }

    #[test]
    fn a_point_is_named_in_the_row_only_among_several() {
        let check = |points: &[&str], point: &str| {
            let shown = Shown::still(state(points, false));
            assert_eq!(Line::at(&shown, 0).point, point);
        };
        check(&[], "");
        check(&["10K"], "");
        check(&["10K", "Finish"], "10K");
    }

    #[test]
    fn late_is_a_word() {
        let line = Line::at(&Shown::still(state(&["10K"], true)), 0);
        assert_eq!((line.mark, line.class), ("late", "row late"));
        let line = Line::at(&Shown::still(state(&["10K"], false)), 0);
        assert_eq!((line.mark, line.class), ("", "row"));
        assert_eq!(
            Line::at(&Shown::still(state(&["10K"], false)), 1),
            Line::empty()
        );
    }

    #[test]
    fn a_message_stands_only_where_no_rows_do() {
        let check = |shown: &Shown, class, points, message| {
            let header = Header::of(shown);
            assert_eq!(
                (header.class, header.points.as_str(), header.message),
                (class, points, message)
            );
        };
        let waiting = "Waiting for the first arrival";
        check(&Shown::default(), "board resting", "", waiting);
        let one = Shown::still(state(&["10K"], false));
        check(&one, "board", "10K", "");
        let many = Shown::still(state(&["10K", "Finish"], false));
        check(&many, "board many", "10K · Finish", "");
        check(&Shown::ended(), "board ended", "", "This display has ended");
    }
}

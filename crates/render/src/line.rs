//! The texts of a board and their sizes, worked out before anything is drawn.
//!
//! Owns what a row says and how large. Knows no Leptos, so that all of it is tested as values.

use crate::{
    Shown,
    fit::{self, Fitted, TextBox},
};
use model::{Arrival, race_time_text};

/// Between a point and the city after it, in thousandths of an em: `.point`'s margin.
const POINT_GAP_MEM: u32 = 600;

/// A city that has less room than this beside its point, and needs more, is left out: three
/// letters of it tell nobody anything.
const CITY_MEM_MIN: u32 = 3_000;

/// One row of the board. Empty rows stay in place, so that the others do not move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub class: &'static str,
    pub bib: Fitted,
    pub name: Fitted,
    /// Empty where the display is bound to one point only: the header names it.
    pub point: String,
    pub city: String,
    pub place_style: String,
    /// Gun time, else chip time, else a dash: never a time of day.
    pub time: String,
    /// Below the time: the word for a late read, and the chip time.
    pub mark: String,
}

impl Line {
    pub fn at(shown: &Shown, index: usize) -> Self {
        let state = &shown.state;
        let Some(arrival) = state.arrivals.get(index) else {
            return Self::empty();
        };
        let place_box = if index == 0 {
            fit::PLACE_LINE_FIRST
        } else {
            fit::PLACE_LINE
        };
        let (point, city, place_style) = place_line(arrival, state.points.len() > 1, place_box);
        Self {
            class: match (shown.is_fresh(index), arrival.late) {
                (true, _) => "row fresh",
                (false, true) => "row late",
                (false, false) => "row",
            },
            bib: fit::fitted(&arrival.bib, fit::BIB),
            name: fit::fitted(&name_of(arrival), fit::NAME),
            point,
            city,
            place_style,
            time: (arrival.gun_time_ms.or(arrival.chip_time_ms))
                .map_or_else(|| "–".to_owned(), race_time_text),
            mark: mark_of(arrival),
        }
    }

    fn empty() -> Self {
        Self {
            class: "row empty",
            bib: Fitted::default(),
            name: Fitted::default(),
            point: String::new(),
            city: String::new(),
            place_style: String::new(),
            time: String::new(),
            mark: String::new(),
        }
    }
}

/// Somebody without a name, or whose name is hidden, is known by the bib.
fn name_of(arrival: &Arrival) -> String {
    if arrival.name.is_empty() {
        ["Bib ", &arrival.bib].concat()
    } else {
        arrival.name.clone()
    }
}

fn mark_of(arrival: &Arrival) -> String {
    let late = if arrival.late { "late" } else { "" };
    let (word, chip) = match (arrival.gun_time_ms, arrival.chip_time_ms) {
        (_, None) => return late.to_owned(),
        (None, Some(_)) => ("chip time", String::new()),
        (Some(_), Some(ms)) => ("chip ", race_time_text(ms)),
    };
    let between = if arrival.late { " · " } else { "" };
    [late, between, word, &chip].concat()
}

/// Point and city, cut to their line, and its style. The point is cut last: it says where.
fn place_line(
    arrival: &Arrival,
    names_point: bool,
    place_box: TextBox,
) -> (String, String, String) {
    let point = if names_point { &*arrival.point } else { "" };
    // The margin is the point's own, and there without a city too.
    let gap_mem = if point.is_empty() { 0 } else { POINT_GAP_MEM };
    let whole_mem = |point: &str| fit::width_mem(point).saturating_add(gap_mem);
    let city_mem = fit::width_mem(&arrival.city);
    let percent = place_box.percent(whole_mem(point).saturating_add(city_mem));
    let room_mem = place_box.room_mem(percent);
    let point = fit::cut(point, room_mem.saturating_sub(gap_mem));
    let left_mem = room_mem.saturating_sub(whole_mem(&point));
    let city = if left_mem < CITY_MEM_MIN.min(city_mem) {
        String::new()
    } else {
        fit::cut(&arrival.city, left_mem)
    };
    (point, city, fit::style(percent))
}

/// What stands over the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Of the whole board.
    pub class: &'static str,
    /// Of the header: many or long points have a line of their own.
    pub head_class: &'static str,
    pub kicker_class: &'static str,
    pub kicker: &'static str,
    pub time_label: &'static str,
    pub event: Fitted,
    pub points: Fitted,
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
        let (head_class, points_box) = if fit::POINTS.holds(fit::width_mem(&points)) {
            ("head", fit::POINTS)
        } else {
            ("head long", fit::POINTS_LINE)
        };
        let (kicker_class, kicker) = if state.demo {
            ("kicker demo", "DEMO")
        } else {
            ("kicker", "Latest arrivals")
        };
        Self {
            class,
            head_class,
            kicker_class,
            kicker,
            time_label: if state.unofficial {
                "Gun time · unofficial"
            } else {
                "Gun time"
            },
            event: fit::fitted(&state.event, fit::EVENT),
            points: fit::fitted(&points, points_box),
            message,
        }
    }
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
                ..Arrival::default()
            }],
            ..BoardState::default()
        }
    }

    #[test]
    fn a_row_has_a_race_time_or_a_dash_and_never_a_time_of_day() {
        let check = |gun_s: Option<u64>, chip_s: Option<u64>, late, time: &str, mark: &str| {
            let mut state = state(&["10K"], late);
            state.arrivals[0].gun_time_ms = gun_s.map(|seconds| seconds * 1_000);
            state.arrivals[0].chip_time_ms = chip_s.map(|seconds| seconds * 1_000);
            let line = Line::at(&Shown::still(state), 0);
            assert_eq!((&*line.time, &*line.mark), (time, mark));
        };
        check(None, None, false, "–", "");
        check(None, None, true, "–", "late");
        check(Some(3_754), None, false, "1:02:34", "");
        check(Some(3_754), Some(2_530), false, "1:02:34", "chip 42:10");
        check(
            Some(3_754),
            Some(2_530),
            true,
            "1:02:34",
            "late · chip 42:10",
        );
        check(None, Some(2_530), false, "42:10", "chip time");
        check(None, Some(2_530), true, "42:10", "late · chip time");
    }

    #[test]
    fn who_has_no_name_is_known_by_the_bib() {
        let mut state = state(&["10K"], false);
        state.arrivals[0].name.clear();
        assert_eq!(Line::at(&Shown::still(state), 0).name.text, "Bib 7");
    }

    #[test]
    fn the_header_says_what_the_times_are_and_whether_it_is_a_demo() {
        let check = |unofficial, demo, kicker: (&str, &str), time_label: &str| {
            let state = BoardState {
                unofficial,
                demo,
                ..state(&["10K"], false)
            };
            let header = Header::of(&Shown::still(state));
            assert_eq!((header.kicker_class, header.kicker), kicker);
            assert_eq!(header.time_label, time_label);
        };
        let latest = ("kicker", "Latest arrivals");
        check(false, false, latest, "Gun time");
        check(true, false, latest, "Gun time · unofficial");
        check(true, true, ("kicker demo", "DEMO"), "Gun time · unofficial");
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
    fn a_place_line_is_cut_at_its_end_first() {
        let check = |point: &str, city: &str, expected: (&str, &str, &str)| {
            let mut state = state(&["10K", "Finish"], false);
            state.arrivals[0].point = point.to_owned();
            state.arrivals[0].city = city.to_owned();
            state.arrivals.push(state.arrivals[0].clone());
            let line = Line::at(&Shown::still(state), 1);
            let shown = (&*line.point, &*line.city, &*line.place_style);
            assert_eq!(shown, expected);
        };
        let (full, small) = ("font-size:1.00em", "font-size:0.85em");
        check("10K", "Port Nowhere", ("10K", "Port Nowhere", full));
        check("10K", "", ("10K", "", full));
        check(
            "Finish",
            "Lower Pendlebury Hea",
            ("Finish", "Lower Pendlebury Hea", small),
        );
        check(
            "Finish",
            "Lower Pendlebury Heath at Sandford",
            ("Finish", "Lower Pendlebury H…", small),
        );
        // Of a city that hardly begins nothing is shown; a short one has its room.
        let long = "Kilometer 30 at a Bridge";
        check(long, "Port Nowhere", (long, "", small));
        check(long, "Au", (long, "Au", small));
        check(
            "Kilometer 30 at the Bridge in the Harbor",
            "Port Nowhere",
            ("Kilometer 30 at the Bridge…", "", small),
        );
    }

    #[test]
    fn the_first_row_has_room_for_a_longer_place() {
        let mut state = state(&["10K", "Finish"], false);
        state.arrivals[0].city = "Lower Pendlebury Heath at Sandford".to_owned();
        state.arrivals.push(state.arrivals[0].clone());
        let shown = Shown::still(state);
        assert_eq!(Line::at(&shown, 0).city, shown.state.arrivals[0].city);
        assert_ne!(Line::at(&shown, 1).city, shown.state.arrivals[1].city);
    }

    #[test]
    fn long_points_have_a_line_of_their_own() {
        let check = |points: &[&str], head_class| {
            let header = Header::of(&Shown::still(state(points, false)));
            assert_eq!(header.head_class, head_class, "{points:?}");
        };
        check(&[], "head");
        check(&["Finish"], "head");
        check(&["5K", "10K", "Half", "Finish"], "head");
        check(
            &["Kilometer 30 at the Bridge", "Old Town Hall"],
            "head long",
        );
    }

    #[test]
    fn late_is_a_word() {
        let line = Line::at(&Shown::still(state(&["10K"], true)), 0);
        assert_eq!((&*line.mark, line.class), ("late", "row late"));
        let line = Line::at(&Shown::still(state(&["10K"], false)), 0);
        assert_eq!((&*line.mark, line.class), ("", "row"));
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
                (header.class, header.points.text.as_str(), header.message),
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

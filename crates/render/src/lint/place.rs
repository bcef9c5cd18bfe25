//! Where each element of a scene lies on the canvas, and what has to hold for it to be there.
//!
//! Knows no color and no text.

use model::document::{Area, Condition, Draw, Element};

/// A turn, then a shift: what stands in a box, on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    cos: f64,
    sin: f64,
    x: f64,
    y: f64,
}

/// Whose fields are meant, as in `draw`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    None,
    Arrival,
    Race,
}

/// What has to hold for an element to be drawn. The number is that of the row that it stands in,
/// 0 for none: what holds in one row may not hold in another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Need<'a> {
    /// The row itself is there.
    Row(usize),
    When(usize, &'a Condition),
}

pub(super) struct Placed<'a> {
    pub element: &'a Element,
    /// Of its box.
    pub frame: Frame,
    /// With that of what it stands in, from 0 to 1.
    pub opacity: f64,
    pub needs: Vec<Need<'a>>,
    pub row: Row,
}

#[derive(Clone)]
struct Around<'a> {
    frame: Frame,
    opacity: f64,
    needs: Vec<Need<'a>>,
    row: Row,
    number: usize,
}

/// All that is drawn, in its order. Of the rows of a list there are the first, one in the middle
/// and the last: what is behind them is not the same.
pub(super) fn laid(elements: &[Element]) -> Vec<Placed<'_>> {
    let around = Around {
        frame: Frame {
            cos: 1.0,
            sin: 0.0,
            x: 0.0,
            y: 0.0,
        },
        opacity: 1.0,
        needs: Vec::new(),
        row: Row::None,
        number: 0,
    };
    let mut laid = Vec::new();
    lay(elements, &around, &mut 0, &mut laid);
    laid
}

fn lay<'a>(
    elements: &'a [Element],
    around: &Around<'a>,
    rows: &mut usize,
    laid: &mut Vec<Placed<'a>>,
) {
    for element in elements {
        if element.hidden || element.opacity_percent == 0 {
            continue;
        }
        let mut inside = around.clone();
        inside.frame = around.frame.turned(element.at, element.rotation_deg);
        inside.opacity *= f64::from(element.opacity_percent) / 100.0;
        if let Some(when) = &element.when {
            push_parts(when, around.number, &mut inside.needs);
        }
        laid.push(Placed {
            element,
            frame: inside.frame,
            opacity: inside.opacity,
            needs: inside.needs.clone(),
            row: around.row,
        });
        let (list, row) = match &element.draw {
            Draw::Group(group) => {
                lay(&group.elements, &inside, rows, laid);
                continue;
            }
            Draw::Arrivals(list) => (list, Row::Arrival),
            Draw::Races(list) => (list, Row::Race),
            _ => continue,
        };
        let last = list.count_max.saturating_sub(1);
        let mut seen = vec![0, last / 2, last];
        seen.dedup();
        for index in seen {
            *rows += 1;
            let mut of_row = inside.clone();
            let down = f64::from(list.pitch_px) * f64::from(index);
            of_row.frame = inside.frame.shifted(0.0, down);
            (of_row.row, of_row.number) = (row, *rows);
            of_row.needs.push(Need::Row(*rows));
            lay(&list.elements, &of_row, rows, laid);
        }
    }
}

/// Each part of what all has to hold by itself.
fn push_parts<'a>(condition: &'a Condition, row: usize, needs: &mut Vec<Need<'a>>) {
    match condition {
        Condition::All(all) => all.iter().for_each(|one| push_parts(one, row, needs)),
        _ => needs.push(Need::When(row, condition)),
    }
}

/// How the one is there while the other is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Always,
    Perhaps,
    Never,
}

/// Whether a thing with those needs is there while one with `given` is.
pub(super) fn presence(needs: &[Need<'_>], given: &[Need<'_>]) -> Presence {
    let excluded = |need| given.iter().any(|known| exclude(need, known));
    if needs.iter().any(excluded) {
        return Presence::Never;
    }
    match needs.iter().all(|need| given.contains(need)) {
        true => Presence::Always,
        false => Presence::Perhaps,
    }
}

fn exclude(one: &Need<'_>, other: &Need<'_>) -> bool {
    use Condition::{Has, Is, Lacks, Not};
    let (Need::When(row, one), Need::When(of, other)) = (one, other) else {
        return false;
    };
    row == of
        && match (one, other) {
            (Has(a), Lacks(b)) | (Lacks(a), Has(b)) => a == b,
            (Is { field: a, text }, Lacks(b)) | (Lacks(b), Is { field: a, text }) => {
                a == b && !text.is_empty()
            }
            (Is { field: a, text }, Is { field: b, text: to }) => {
                a == b && !text.eq_ignore_ascii_case(to)
            }
            (Not(a), b) | (b, Not(a)) => **a == **b,
            _ => false,
        }
}

impl Frame {
    fn turned(self, at: Area, rotation_deg: i16) -> Self {
        let (sin, cos) = f64::from(rotation_deg).to_radians().sin_cos();
        let [x, y, width, height] = [at.x_px, at.y_px, at.width_px, at.height_px].map(f64::from);
        let (middle_x, middle_y) = (width / 2.0, height / 2.0);
        // About the middle.
        let own_x = x + middle_x - (cos * middle_x - sin * middle_y);
        let own_y = y + middle_y - (sin * middle_x + cos * middle_y);
        let (x, y) = self.point(own_x, own_y);
        Self {
            cos: self.cos * cos - self.sin * sin,
            sin: self.sin * cos + self.cos * sin,
            x,
            y,
        }
    }

    fn shifted(self, x: f64, y: f64) -> Self {
        let (x, y) = self.point(x, y);
        Self { x, y, ..self }
    }

    /// On the canvas.
    pub fn point(self, x: f64, y: f64) -> (f64, f64) {
        let Self { cos, sin, .. } = self;
        (cos * x - sin * y + self.x, sin * x + cos * y + self.y)
    }

    /// In the box.
    pub fn back(self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x - self.x, y - self.y);
        let Self { cos, sin, .. } = self;
        (cos * x + sin * y, cos * y - sin * x)
    }

    /// The corners of a rectangle in the box, from left, top, right and bottom.
    pub fn corners(self, [left, top, right, bottom]: [f64; 4]) -> [(f64, f64); 4] {
        [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| self.point(x, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::document::DataField;

    #[test]
    fn a_turned_box_turns_about_its_middle() {
        let still = Frame {
            cos: 1.0,
            sin: 0.0,
            x: 0.0,
            y: 0.0,
        };
        let check = |deg, from: (f64, f64), to: (f64, f64)| {
            let frame = still.turned([100, 200, 40, 20].into(), deg);
            let (x, y) = frame.point(from.0, from.1);
            assert!((x - to.0).hypot(y - to.1) < 1e-9, "{deg}: {x} {y}");
            let (x, y) = frame.back(x, y);
            assert!((x - from.0).hypot(y - from.1) < 1e-9, "{deg}: {x} {y}");
        };
        check(0, (0.0, 0.0), (100.0, 200.0));
        check(90, (20.0, 10.0), (120.0, 210.0));
        check(90, (0.0, 0.0), (130.0, 190.0));
        check(180, (0.0, 0.0), (140.0, 220.0));
    }

    #[test]
    fn what_is_there_together_is_known_by_its_conditions() {
        use Condition::{Has, Is, Lacks, Not};
        let name = DataField::Name;
        let races = |text: &str| Is {
            field: DataField::Races,
            text: text.to_owned(),
        };
        let check = |one: &Condition, other: &Condition, expected| {
            let of = |condition| [Need::When(0, condition)];
            assert_eq!(
                presence(&of(one), &of(other)),
                expected,
                "{one:?} {other:?}"
            );
        };
        check(&Has(name.clone()), &Has(name.clone()), Presence::Always);
        check(&Has(name.clone()), &Lacks(name.clone()), Presence::Never);
        check(&Has(name.clone()), &Has(DataField::City), Presence::Perhaps);
        check(&races("1"), &races("2"), Presence::Never);
        check(&races("1"), &Lacks(DataField::Races), Presence::Never);
        let not = Not(Box::new(Has(name.clone())));
        check(&not, &Has(name.clone()), Presence::Never);
        // In another row it may be otherwise.
        let (has, lacks) = (Has(name.clone()), Lacks(name));
        let rows = presence(&[Need::When(1, &has)], &[Need::When(2, &lacks)]);
        assert_eq!(rows, Presence::Perhaps);
        assert_eq!(presence(&[], &[Need::Row(1)]), Presence::Always);
    }
}

//! Points, rectangles, and how a turned one lies in what it is turned in.
//!
//! Owns the arithmetic of places. Knows no document beyond `Area`, and no viewport.

use model::document::Area;
use model::limits::PLACE_PX_MAX;
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

pub const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    pub fn distance(self, other: Self) -> f64 {
        length(self.x - other.x, self.y - other.y)
    }

    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Self;
    fn mul(self, by: f64) -> Self {
        point(self.x * by, self.y * by)
    }
}

/// Corners in the order top left, top right, bottom right, bottom left, before any turn.
pub type Quad = [Point; 4];

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn between(a: Point, b: Point) -> Self {
        Self {
            left: a.x.min(b.x),
            top: a.y.min(b.y),
            right: a.x.max(b.x),
            bottom: a.y.max(b.y),
        }
    }

    /// The least that has them all in it. `None` of none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let rects = points.into_iter().map(|at| Self::between(at, at));
        rects.reduce(Self::and)
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub fn width(self) -> f64 {
        self.right - self.left
    }

    pub fn height(self) -> f64 {
        self.bottom - self.top
    }

    pub fn center(self) -> Point {
        point(
            f64::midpoint(self.left, self.right),
            f64::midpoint(self.top, self.bottom),
        )
    }

    pub fn corners(self) -> Quad {
        [
            point(self.left, self.top),
            point(self.right, self.top),
            point(self.right, self.bottom),
            point(self.left, self.bottom),
        ]
    }

    pub fn moved(self, by: Point) -> Self {
        Self {
            left: self.left + by.x,
            top: self.top + by.y,
            right: self.right + by.x,
            bottom: self.bottom + by.y,
        }
    }

    /// Also where only their edges meet.
    pub fn touches(self, other: Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    pub fn holds(self, at: Point) -> bool {
        self.touches(Self::between(at, at))
    }
}

impl From<Area> for Rect {
    fn from(area: Area) -> Self {
        Self {
            left: area.x_px.into(),
            top: area.y_px.into(),
            right: (area.x_px + area.width_px).into(),
            bottom: (area.y_px + area.height_px).into(),
        }
    }
}

/// Of the way across and down together. Lengths of a canvas, whose squares are no trouble.
pub fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// Cosine and sine of one degree. What reckons them for any angle would be a fiftieth of the
/// builder's bundle.
const DEGREE: (f64, f64) = (0.999_847_695_156_391_3, 0.017_452_406_437_283_51);

/// A turn by whole degrees, clockwise. Exact for quarters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    pub deg: i32,
    cos: f64,
    sin: f64,
}

impl Turn {
    pub const NONE: Self = Self {
        deg: 0,
        cos: 1.0,
        sin: 0.0,
    };

    pub fn of(deg: i32) -> Self {
        let deg = deg.rem_euclid(360);
        let (cos, sin) = match deg {
            0 => (1.0, 0.0),
            90 => (0.0, 1.0),
            180 => (-1.0, 0.0),
            270 => (0.0, -1.0),
            _ => {
                let quarter = Self::of(deg - deg % 90);
                let degrees = (0..deg % 90).fold(quarter, |turn, _| Self {
                    cos: turn.cos * DEGREE.0 - turn.sin * DEGREE.1,
                    sin: turn.sin * DEGREE.0 + turn.cos * DEGREE.1,
                    ..turn
                });
                (degrees.cos, degrees.sin)
            }
        };
        Self { deg, cos, sin }
    }

    pub fn of_point(self, at: Point) -> Point {
        point(
            at.x * self.cos - at.y * self.sin,
            at.x * self.sin + at.y * self.cos,
        )
    }

    pub fn back(self) -> Self {
        Self::of(-self.deg)
    }

    pub fn and(self, other: Self) -> Self {
        Self::of(self.deg + other.deg)
    }

    /// How much longer a length becomes that lies across after the turn, and one that lies upright.
    pub fn stretch(self, x: f64, y: f64) -> (f64, f64) {
        (
            length(x * self.cos, y * self.sin),
            length(x * self.sin, y * self.cos),
        )
    }
}

/// In `-179..=180`.
pub fn normal_deg(deg: i32) -> i16 {
    let deg = deg.rem_euclid(360);
    let deg = if deg > 180 { deg - 360 } else { deg };
    i16::try_from(deg).unwrap_or(0)
}

/// A rectangle turned about its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turned {
    pub center: Point,
    pub width: f64,
    pub height: f64,
    pub turn: Turn,
}

impl Turned {
    pub fn of(area: Area, deg: i16) -> Self {
        Self {
            turn: Turn::of(deg.into()),
            ..Self::from(Rect::from(area))
        }
    }

    /// A place in it: `-1` is its left or top, `1` its right or bottom.
    pub fn place(self, x: f64, y: f64) -> Point {
        let from_center = point(x * self.width / 2.0, y * self.height / 2.0);
        self.center + self.turn.of_point(from_center)
    }

    pub fn corners(self) -> Quad {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y)| self.place(x, y))
    }

    pub fn bounds(self) -> Rect {
        let [a, b, c, d] = self.corners();
        Rect::between(a, c).and(Rect::between(b, d))
    }

    /// From its middle, in its own axes.
    pub fn own(self, at: Point) -> Point {
        self.turn.back().of_point(at - self.center)
    }

    pub fn holds(self, at: Point) -> bool {
        let own = self.own(at);
        own.x.abs() <= self.width / 2.0 && own.y.abs() <= self.height / 2.0
    }

    /// Whether an upright rectangle has something of it.
    pub fn touches(self, rect: Rect) -> bool {
        let corners = rect.corners().map(|corner| self.own(corner));
        let [a, b, c, d] = corners;
        let seen = Rect::between(a, c).and(Rect::between(b, d));
        let own = Rect::between(
            point(-self.width / 2.0, -self.height / 2.0),
            point(self.width / 2.0, self.height / 2.0),
        );
        seen.touches(own) && self.bounds().touches(rect)
    }
}

impl From<Rect> for Turned {
    fn from(rect: Rect) -> Self {
        Self {
            center: rect.center(),
            width: rect.width(),
            height: rect.height(),
            turn: Turn::NONE,
        }
    }
}

/// How coordinates of a group or row lie on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub origin: Point,
    pub turn: Turn,
}

impl Frame {
    pub const CANVAS: Self = Self {
        origin: point(0.0, 0.0),
        turn: Turn::NONE,
    };

    pub fn out(self, at: Point) -> Point {
        self.origin + self.turn.of_point(at)
    }

    /// From the canvas into it.
    pub fn into(self, at: Point) -> Point {
        self.turn.back().of_point(at - self.origin)
    }

    pub fn out_box(self, of: Turned) -> Turned {
        Turned {
            center: self.out(of.center),
            turn: self.turn.and(of.turn),
            ..of
        }
    }

    /// That of what lies in something that lies in this one.
    pub fn within(self, of: Turned) -> Self {
        Self {
            origin: self.out(of.place(-1.0, -1.0)),
            turn: self.turn.and(of.turn),
        }
    }
}

/// The nearest whole pixel. Halves go to the right and down, so that moving keeps distances.
pub fn whole(px: f64) -> i32 {
    (px + 0.5).floor() as i32
}

/// The nearest pixel where something can stand.
pub fn place_px(px: f64) -> i32 {
    whole(px).clamp(-PLACE_PX_MAX, PLACE_PX_MAX)
}

/// The nearest width or height that something can have.
pub fn size_px(px: f64) -> i32 {
    whole(px).clamp(1, PLACE_PX_MAX)
}

/// The area of that size whose middle is nearest to a place.
pub fn area_about(center: Point, (width_px, height_px): (i32, i32)) -> Area {
    Area {
        x_px: place_px(center.x - f64::from(width_px) / 2.0),
        y_px: place_px(center.y - f64::from(height_px) / 2.0),
        width_px,
        height_px,
    }
}

pub fn moved(at: Area, (x, y): (i32, i32)) -> Area {
    Area {
        x_px: at.x_px + x,
        y_px: at.y_px + y,
        ..at
    }
}

/// As far as all of them can go, by the same.
pub fn bounded_by(areas: impl Iterator<Item = Area>, by: (i32, i32)) -> (i32, i32) {
    areas.fold(by, |(x, y), at| {
        let one = |start: i32, by: i32| {
            by.clamp(
                (-PLACE_PX_MAX - start).min(0),
                (PLACE_PX_MAX - start).max(0),
            )
        };
        (one(at.x_px, x), one(at.y_px, y))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_rectangle_is_hit_exactly() {
        let check = |deg: i16, at: [f64; 2], expected: bool| {
            let turned = Turned::of([0, 0, 100, 20].into(), deg);
            assert_eq!(turned.holds(point(at[0], at[1])), expected, "{deg} {at:?}");
        };
        check(0, [1.0, 1.0], true);
        check(90, [1.0, 1.0], false);
        check(90, [50.0, 59.0], true);
        check(90, [50.0, 61.0], false);
        check(45, [80.0, 40.0], true);
        check(45, [80.0, 10.0], false);
    }

    #[test]
    fn a_turned_rectangle_is_touched_exactly() {
        let check = |rect: [f64; 4], expected: bool| {
            let turned = Turned::of([0, 0, 100, 20].into(), 45);
            let rect = Rect::between(point(rect[0], rect[1]), point(rect[2], rect[3]));
            assert_eq!(turned.touches(rect), expected, "{rect:?}");
        };
        check([70.0, 30.0, 200.0, 200.0], true);
        // In its bounds and beside it.
        check([75.0, -20.0, 90.0, 0.0], false);
        check([200.0, 0.0, 300.0, 10.0], false);
    }

    #[test]
    fn frames_lie_in_frames() {
        let outer = Frame::CANVAS.within(Turned::of([100, 100, 40, 20].into(), 90));
        assert_eq!(outer.out(point(0.0, 0.0)), point(130.0, 90.0));
        let inner = outer.within(Turned::of([10, 0, 10, 10].into(), 0));
        assert_eq!(inner.out(point(0.0, 0.0)), point(130.0, 100.0));
        assert_eq!(inner.into(point(130.0, 100.0)), point(0.0, 0.0));
    }
}

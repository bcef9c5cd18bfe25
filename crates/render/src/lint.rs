//! Looks a template over before somebody stands in front of the screen: what is too small to be
//! read from there, too pale, cut, off the canvas, missing, or left empty by this event's roster.
//!
//! Owns the rules; what each says to people is `model::finding`'s. Pure, and only a server has it:
//! no byte of it is in a browser. What is hidden, or in a scene that no screen shows, is not
//! judged.

mod behind;
mod measured;
mod place;
mod said;
#[cfg(test)]
mod tests;

use crate::{draw::font_of, fit::Advances, limits::FINDINGS_MAX};
use behind::Behind;
use measured::{Boxed, Measured};
use model::{
    Arrival, BoardState, Family, Font, Scene,
    document::{
        Canvas, ClockShows, Condition, DataField, Document, Draw, Element, Pattern, Picture,
        SceneLayout, Subject, TextStyle, Theme,
    },
    finding::{Finding, FindingKind, Missing, Panel, Reach, Undrawn},
};
use place::{Need, Placed, laid};
use said::{Asked, Texts, Whose, is_unfilled};

/// What a template is judged by.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// `None`: no size is judged.
    pub panel: Option<Panel>,
    /// The event with nobody in it.
    pub board: &'a BoardState,
    /// Its roster. Where it is empty, texts of people are judged by their smallest size.
    pub people: &'a [Arrival],
    /// Of the pool.
    pub messages: &'a [String],
    /// Screens of `Level::Lite` that show the template now.
    pub lite_screens: u32,
    pub advances: &'a Advances,
}

/// Letters are too small that are lower than this share of the distance: an inch for 25 feet, the
/// "minimum safe viewing distance" of ANSI Z535.2 (annex B) for signs in good light, which is also
/// what sign makers reckon as the farthest that letters are read from. It is half of what ISO
/// 9241-303 wants of a screen that is read all day, and who stands at a finish reads one line.
const DISTANCE_PER_CAPITAL: f64 = 300.0;

/// Of WCAG 2.1, 1.4.3: for text, and for large text.
const RATIO: f64 = 4.5;
const RATIO_LARGE: f64 = 3.0;

/// From where text is large by WCAG: 18 points, which are 24 CSS pixels, or 14 where it is bold.
const LARGE_PX: f64 = 24.0;
const LARGE_BOLD_PX: f64 = 18.66;

/// A CSS pixel as seen, as a share of the distance: 1/96 inch from 28 inches (CSS Values 3, 5.2).
const CSS_PX: f64 = 1.0 / 96.0 / 28.0;

/// How far a text may reach over the canvas unseen.
const OVER_PX: f64 = 1.0;

/// Places in a text at which it is compared with what is behind: across, and down.
const ACROSS: u8 = 9;
const DOWN: u8 = 3;

/// In the order of layouts, scenes and drawing, each once.
pub fn findings(document: &Document, facts: &Facts<'_>) -> Vec<Finding> {
    let mut texts = Texts::new(facts);
    let mut found = Vec::new();
    for (index, layout) in document.layouts.iter().enumerate() {
        let shown = layout.scenes.iter();
        for scene in shown.filter(|scene| is_shown(document, scene)) {
            let laid = laid(&scene.elements);
            let judge = Judge {
                facts,
                theme: &document.theme,
                canvas: layout.canvas,
                scene: &scene.name,
                behind: Behind {
                    theme: &document.theme,
                    canvas: layout.canvas,
                    scene,
                    laid: &laid,
                },
            };
            if laid.iter().all(is_of_demo) {
                found.push(Finding {
                    layout: index,
                    scene: scene.name.clone(),
                    element: String::new(),
                    name: String::new(),
                    kind: FindingKind::EmptyScene,
                });
            }
            for (at, placed) in laid.iter().enumerate() {
                if is_of_demo(placed) {
                    continue;
                }
                for kind in judge.kinds(at, placed, &mut texts) {
                    add(&mut found, (index, &scene.name), placed.element, kind);
                }
                if found.len() >= FINDINGS_MAX {
                    found.truncate(FINDINGS_MAX);
                    return found;
                }
            }
        }
    }
    found
}

/// Whether it is there only while a display plays made-up people, which is no part of the event.
fn is_of_demo(placed: &Placed<'_>) -> bool {
    let asks = |need: &Need<'_>| match need {
        Need::When(_, condition) => **condition == Condition::Has(DataField::Demo),
        Need::Row(_) => false,
    };
    placed.needs.iter().any(asks)
}

/// By some screen at some moment: where nobody is featured, a display always rests.
fn is_shown(document: &Document, scene: &SceneLayout) -> bool {
    scene.name == Scene::Resting.name()
        || scene.name == Scene::Runner.name() && document.subject != Subject::Nobody
}

fn add(
    found: &mut Vec<Finding>,
    (layout, scene): (usize, &str),
    element: &Element,
    kind: FindingKind,
) {
    if found.iter().any(|known| tells_all(&known.kind, &kind)) {
        return;
    }
    let finding = Finding {
        layout,
        scene: scene.to_owned(),
        element: element.id.clone(),
        name: called(element),
        kind,
    };
    // The rows of a list are judged each.
    let key = finding.key();
    match found.iter_mut().find(|known| known.key() == key) {
        None => found.push(finding),
        Some(known) if is_worse(&finding.kind, &known.kind) => *known = finding,
        Some(_) => {}
    }
}

/// Whether it is said once for the template, as it is mended at one place.
fn tells_all(known: &FindingKind, kind: &FindingKind) -> bool {
    use FindingKind::{MissingImage, OldScreens};
    match (known, kind) {
        (MissingImage(Missing::Logo), MissingImage(Missing::Logo)) => true,
        (OldScreens { what: known, .. }, OldScreens { what, .. }) => known == what,
        _ => false,
    }
}

fn is_worse(one: &FindingKind, other: &FindingKind) -> bool {
    match (one, other) {
        (
            FindingKind::Contrast {
                ratio_x100: one, ..
            },
            FindingKind::Contrast {
                ratio_x100: other, ..
            },
        ) => one < other,
        _ => false,
    }
}

fn called(element: &Element) -> String {
    const CHARS_MAX: usize = 40;
    let title = element.title().unwrap_or_else(|| element.id.clone());
    title.chars().take(CHARS_MAX).collect()
}

struct Judge<'a> {
    facts: &'a Facts<'a>,
    theme: &'a Theme,
    canvas: Canvas,
    scene: &'a str,
    behind: Behind<'a>,
}

impl Judge<'_> {
    fn kinds<'a>(&self, at: usize, placed: &Placed<'a>, texts: &mut Texts<'a>) -> Vec<FindingKind> {
        let mut kinds = Vec::new();
        let element = placed.element;
        let [width, height] = [element.at.width_px, element.at.height_px].map(f64::from);
        let area = [0.0, 0.0, width, height];
        let is_group = matches!(element.draw, Draw::Group(_));
        if !is_group && self.is_off(placed, area) {
            return vec![FindingKind::OffCanvas(Reach::Wholly)];
        }
        match &element.draw {
            Draw::Text(text) => self.text(at, placed, &text.text, &text.style, texts, &mut kinds),
            Draw::Message(text) => {
                self.text(at, placed, &text.text, &text.style, texts, &mut kinds);
            }
            Draw::Clock(clock) => {
                let widest = match clock.shows {
                    ClockShows::TimeOfDay => "00:00:00",
                    ClockShows::Elapsed | ClockShows::Countdown => "0:00:00",
                };
                let measured = self.boxed(placed, &clock.style).of_one(widest);
                self.seen(at, placed, &clock.style, measured, &mut kinds);
            }
            Draw::Ticker(ticker) => {
                self.unfilled(placed, &ticker.text, &mut kinds);
                // It is as wide as it likes, and comes by everywhere.
                let mut measured = self.boxed(placed, &ticker.style).of_one("0");
                [measured.ink[0], measured.ink[2]] = [0.0, width];
                self.seen(at, placed, &ticker.style, measured, &mut kinds);
            }
            Draw::QrCode(code) => {
                self.unfilled(placed, &code.text, &mut kinds);
                if self.reaches_over(placed, area) {
                    kinds.push(FindingKind::OffCanvas(Reach::Partly));
                }
            }
            Draw::Image(image) => self.picture(&image.picture, &mut kinds),
            Draw::Sponsors(reel) => {
                if reel.pictures.is_empty() {
                    kinds.push(FindingKind::MissingImage(Missing::Sponsors));
                }
                for picture in &reel.pictures {
                    self.picture(picture, &mut kinds);
                }
            }
            Draw::Shape(_) | Draw::Arrivals(_) | Draw::Races(_) | Draw::Group(_) => {}
        }
        let motion = element.motion;
        let moves = [motion.enter, motion.exit, motion.change];
        if moves.iter().any(Option::is_some) {
            self.undrawn(Undrawn::Motion, &mut kinds);
        }
        kinds
    }

    fn text<'a>(
        &self,
        at: usize,
        placed: &Placed<'a>,
        pattern: &'a Pattern,
        style: &'a TextStyle,
        texts: &mut Texts<'a>,
        kinds: &mut Vec<FindingKind>,
    ) {
        self.unfilled(placed, pattern, kinds);
        let boxed = self.boxed(placed, style);
        let asked = Asked {
            pattern,
            is_message: matches!(placed.element.draw, Draw::Message(_)),
            whose: Whose::of(placed.row, self.scene),
            style,
            needs: &placed.needs,
        };
        let wide = texts.wide(&asked, boxed.font);
        let Some(measured) = boxed.of_all(&wide, &mut texts.fits_left) else {
            return;
        };
        self.seen(at, placed, style, measured, kinds);
    }

    fn boxed<'a>(&'a self, placed: &Placed<'_>, style: &'a TextStyle) -> Boxed<'a> {
        Boxed {
            style,
            at: placed.element.at,
            font: font_of(self.theme, style),
            advances: self.facts.advances,
        }
    }

    /// What holds for every text, whatever it says.
    fn seen(
        &self,
        at: usize,
        placed: &Placed<'_>,
        style: &TextStyle,
        measured: Measured,
        kinds: &mut Vec<FindingKind>,
    ) {
        let font = font_of(self.theme, style);
        let mm_per_px = |panel: Panel| f64::from(panel.width_mm) / f64::from(self.canvas.width_px);
        if let Some(panel) = self.facts.panel {
            let height = measured.size_px * capital(font) * mm_per_px(panel);
            let needed = f64::from(panel.distance_mm) / DISTANCE_PER_CAPITAL;
            if height < needed {
                kinds.push(FindingKind::TooSmall {
                    height_mm: height.floor() as u32,
                    needed_mm: needed.ceil() as u32,
                });
            }
        }
        // As large as on a page that is held in the hands.
        let css_px = self.facts.panel.map_or(measured.size_px, |panel| {
            let seen = measured.size_px * mm_per_px(panel) / f64::from(panel.distance_mm.max(1));
            seen / CSS_PX
        });
        let large_px = if font.bold { LARGE_BOLD_PX } else { LARGE_PX };
        let needed = if css_px < large_px {
            RATIO
        } else {
            RATIO_LARGE
        };
        if let Some(ratio) = self.ratio(at, placed, style, measured.ink)
            && ratio < needed
        {
            kinds.push(FindingKind::Contrast {
                ratio_x100: (ratio * 100.0).floor() as u32,
                needed_x100: (needed * 100.0) as u32,
            });
        }
        if self.reaches_over(placed, measured.ink) {
            kinds.push(FindingKind::OffCanvas(Reach::Partly));
        }
        if let Some((text, others)) = measured.cut {
            kinds.push(FindingKind::DoesNotFit { text, others });
        }
    }

    /// The least over the whole of a text. `None` where a picture is behind all of it.
    fn ratio(
        &self,
        at: usize,
        placed: &Placed<'_>,
        style: &TextStyle,
        [left, top, right, bottom]: [f64; 4],
    ) -> Option<f64> {
        let share = |index: u8, of: u8| (f64::from(index) + 0.5) / f64::from(of);
        let points = (0..ACROSS).flat_map(|x| (0..DOWN).map(move |y| (x, y)));
        let ratios = points.filter_map(|(x, y)| {
            let x = left + (right - left) * share(x, ACROSS);
            let y = top + (bottom - top) * share(y, DOWN);
            let point = placed.frame.point(x, y);
            self.behind.ratio(at, style.color, point)
        });
        let least = ratios.min_by(f64::total_cmp)?;
        // Letters with a line round them stand out from that.
        let outlined = style.outline.filter(|outline| outline.width_px > 0);
        let outlined = outlined
            .map(|outline| behind::ratio_of(style.color, outline.color, &self.theme.colors));
        Some(least.max(outlined.unwrap_or(0.0)))
    }

    /// A condition that asks for a field says that it may be empty, and then the element is not
    /// drawn.
    fn unfilled(&self, placed: &Placed<'_>, pattern: &Pattern, kinds: &mut Vec<FindingKind>) {
        let mut expected: Vec<&DataField> = Vec::new();
        for need in &placed.needs {
            if let Need::When(_, condition) = need {
                condition.fields(&mut |field| expected.push(field));
            }
        }
        let whose = Whose::of(placed.row, self.scene);
        for binding in pattern.bindings() {
            let field = &binding.field;
            let is_open = binding.fallback.is_none() && !expected.contains(&field);
            if is_open && is_unfilled(self.facts, whose, field) {
                let field = field.clone();
                kinds.push(FindingKind::Unfilled { field });
            }
        }
    }

    fn picture(&self, picture: &Picture, kinds: &mut Vec<FindingKind>) {
        let address = match (picture, &self.theme.logo) {
            (Picture::Data(address), _) | (Picture::Logo, Some(Picture::Data(address))) => address,
            (Picture::Logo, _) => {
                kinds.push(FindingKind::MissingImage(Missing::Logo));
                return;
            }
        };
        let is_empty = address
            .split_once(',')
            .is_none_or(|(_, data)| data.is_empty());
        if is_empty {
            kinds.push(FindingKind::MissingImage(Missing::Picture));
        } else if address.starts_with("data:image/webp") {
            self.undrawn(Undrawn::Webp, kinds);
        }
    }

    fn undrawn(&self, what: Undrawn, kinds: &mut Vec<FindingKind>) {
        let screens = self.facts.lite_screens;
        if screens > 0 {
            kinds.push(FindingKind::OldScreens { what, screens });
        }
    }

    fn is_off(&self, placed: &Placed<'_>, area: [f64; 4]) -> bool {
        let [left, top, right, bottom] = reach(placed, area);
        let [width, height] = [self.canvas.width_px, self.canvas.height_px].map(f64::from);
        right <= 0.0 || bottom <= 0.0 || left >= width || top >= height
    }

    fn reaches_over(&self, placed: &Placed<'_>, area: [f64; 4]) -> bool {
        let [left, top, right, bottom] = reach(placed, area);
        let [width, height] = [self.canvas.width_px, self.canvas.height_px].map(f64::from);
        left < -OVER_PX || top < -OVER_PX || right > width + OVER_PX || bottom > height + OVER_PX
    }
}

/// The outermost places on the canvas of a rectangle in a box.
fn reach(placed: &Placed<'_>, area: [f64; 4]) -> [f64; 4] {
    let corners = placed.frame.corners(area);
    let xs = corners.map(|(x, _)| x);
    let ys = corners.map(|(_, y)| y);
    let least = |of: [f64; 4]| of.into_iter().fold(f64::INFINITY, f64::min);
    let most = |of: [f64; 4]| of.into_iter().fold(f64::NEG_INFINITY, f64::max);
    [least(xs), least(ys), most(xs), most(ys)]
}

/// The height of a capital letter by the size, as the fonts say it (`sCapHeight`).
const fn capital(font: Font) -> f64 {
    match font.family {
        Family::Sans | Family::Condensed => 0.70,
        Family::Slab => 0.71,
        Family::Mono => 0.73,
    }
}

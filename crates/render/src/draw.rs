//! Draws a scene of a template with what it is to show: boxes with their places, styles and
//! texts, all worked out. What is left to an engine is to paint them.
//!
//! The only renderer: the server writes the boxes as HTML, a screen patches them into its page.
//! Pure: the moment comes in, for clocks and reels.

mod clock;
#[cfg(test)]
mod tests;
mod ticker;

use crate::{
    Shown,
    fit::Advances,
    style::{self, Style, rem},
    text,
};
pub use clock::Tick;
use clock::drawn as clock_text;
use model::{
    Arrival, Font, RaceClock,
    document::{
        Align, Area, Binding, Canvas, Case, ClockShows, DataField, Document, Draw, Element,
        FontRole, Form, ImageFit, Layout, Letters, Motion, Picture, QrCode, Rows, SceneLayout,
        Shape, Sponsors, TextStyle, Theme, Value, VerticalAlign,
    },
    limits::SCENE_FADE_MS,
};

/// A whole scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    pub canvas: Canvas,
    /// Of the canvas.
    pub style: String,
    /// How long it takes to cover the scene before it.
    pub fade_ms: u16,
    pub boxes: Vec<Drawn>,
    /// When it is so, on the server's clock.
    pub now_us: i64,
}

/// One box. Its places in the tree stay the same from frame to frame of a scene.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    pub class: String,
    pub style: String,
    pub content: Content,
    pub motion: Motion,
    /// What makes its text run on by itself.
    pub tick: Option<Tick>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Content {
    #[default]
    Nothing,
    Text(String),
    /// Squares of a QR code: the side of the picture, and its path.
    Boxes(Vec<Drawn>),
}

/// What is not the same on a server and in a browser.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    pub advances: &'a Advances,
    pub letters: Letters,
    /// What the address of a QR code's picture begins with; its text follows.
    pub qr_url: &'a str,
    /// How often the clock was set right by so much that what runs past has to jump.
    pub clock_steps: u32,
}

/// What a scene is drawn with.
#[derive(Clone, Copy)]
struct Painter<'a> {
    theme: &'a Theme,
    shown: &'a Shown,
    /// The server's clock, microseconds since 1970.
    now_us: i64,
    tools: Tools<'a>,
    row: Row<'a>,
}

/// Whose fields are meant.
#[derive(Clone, Copy)]
enum Row<'a> {
    /// The featured runner's.
    None,
    Arrival {
        index: usize,
        arrival: &'a Arrival,
    },
    Race(&'a RaceClock),
}

/// The scene that is shown, on that layout's canvas.
pub fn drawing(
    document: &Document,
    layout: &Layout,
    shown: &Shown,
    now_us: i64,
    tools: Tools<'_>,
) -> Drawing {
    let name = shown.state.scene(document.subject).name();
    match Document::scene(layout, name) {
        Some(scene) => scene_drawing(&document.theme, layout.canvas, scene, shown, now_us, tools),
        // A document that was checked has it.
        None => Drawing {
            canvas: layout.canvas,
            style: String::new(),
            fade_ms: 0,
            boxes: Vec::new(),
            now_us,
        },
    }
}

/// Any scene, whoever is shown.
pub fn scene_drawing(
    theme: &Theme,
    canvas: Canvas,
    scene: &SceneLayout,
    shown: &Shown,
    now_us: i64,
    tools: Tools<'_>,
) -> Drawing {
    let painter = Painter::new(theme, shown, now_us, tools);
    let mut style = size(px(canvas.width_px), px(canvas.height_px));
    let background = model::document::Role::Background.into();
    style.push("background-color", &style::color(background, &theme.colors));
    style::push_fill(&mut style, &scene.background, &theme.colors);
    // The style sheet has it for the others.
    if scene.fade_ms != SCENE_FADE_MS {
        style::push_duration(&mut style, scene.fade_ms.into());
    }
    Drawing {
        canvas,
        style: style.into_text(),
        fade_ms: scene.fade_ms,
        boxes: painter.all(&scene.elements),
        now_us,
    }
}

/// One element of a scene alone, as it is in the drawing of all of it.
pub fn element_drawn(
    theme: &Theme,
    element: &Element,
    shown: &Shown,
    now_us: i64,
    tools: Tools<'_>,
) -> Drawn {
    Painter::new(theme, shown, now_us, tools).one(element)
}

impl Drawing {
    /// The next moment at which it looks different by itself.
    pub fn next_change_us(&self, now_us: i64) -> Option<i64> {
        next_change_us(&self.boxes, now_us)
    }
}

fn next_change_us(boxes: &[Drawn], now_us: i64) -> Option<i64> {
    let of_one = |drawn: &Drawn| {
        let own = drawn.tick.map(|tick| tick.next_change_us(now_us));
        let inside = match &drawn.content {
            Content::Boxes(boxes) => next_change_us(boxes, now_us),
            Content::Nothing | Content::Text(_) => None,
        };
        own.into_iter().chain(inside).min()
    };
    boxes.iter().filter_map(of_one).min()
}

/// The state of a board changes what stands where, never how many boxes there are.
impl<'a> Painter<'a> {
    fn new(theme: &'a Theme, shown: &'a Shown, now_us: i64, tools: Tools<'a>) -> Self {
        Self {
            theme,
            shown,
            now_us,
            tools,
            row: Row::None,
        }
    }

    fn all(self, elements: &[Element]) -> Vec<Drawn> {
        elements.iter().map(|element| self.one(element)).collect()
    }

    /// Rows move up when somebody comes: that is no change of theirs, and only what marks a new one
    /// comes in with a motion.
    fn motion(self, element: &Element) -> Motion {
        if matches!(self.row, Row::None) {
            return element.motion;
        }
        let mut marks_new = false;
        if let Some(when) = &element.when {
            when.fields(&mut |field| marks_new |= *field == DataField::Fresh);
        }
        Motion {
            enter: element.motion.enter.filter(|_| marks_new),
            ..Motion::default()
        }
    }

    fn one(self, element: &Element) -> Drawn {
        let motion = self.motion(element);
        // By the second a builder or a test finds an element's boxes.
        let class = ["b e-", &element.id].concat();
        let holds = element
            .when
            .as_ref()
            .is_none_or(|when| when.holds(&|field| self.value(field).plain()));
        let visible = holds && !element.hidden;
        if !visible {
            return Drawn {
                class: [&*class, " off"].concat(),
                motion,
                ..Drawn::default()
            };
        }
        let mut style = place(element.at);
        if element.rotation_deg != 0 {
            let degrees = style::number(element.rotation_deg.into());
            style.push_prefixed("transform", &["rotate(", &degrees, "deg)"].concat());
        }
        if element.opacity_percent != 100 {
            let opacity = style::thousandths(i32::from(element.opacity_percent) * 10);
            style.push("opacity", &opacity);
        }
        let mut drawn = Drawn {
            class,
            motion,
            ..Drawn::default()
        };
        match &element.draw {
            Draw::Text(text) => {
                let said = self.said(&text.text);
                self.text(&mut drawn, &mut style, said, &text.style, element.at);
            }
            Draw::Message(text) => {
                let message = self.value(&DataField::Message).plain();
                let said = match &*message {
                    "" => self.said(&text.text),
                    _ => message,
                };
                self.text(&mut drawn, &mut style, said, &text.style, element.at);
            }
            Draw::Clock(clock) => {
                let (said, tick) =
                    clock_text(clock.shows, self.race(), &self.shown.state, self.now_us);
                drawn.tick = tick;
                self.text(&mut drawn, &mut style, said, &clock.style, element.at);
            }
            Draw::Ticker(ticker) => self.ticker(&mut drawn, &mut style, ticker, element.at),
            Draw::Shape(shape) => self.shape(&mut style, shape),
            Draw::Image(image) => self.picture(&mut style, &image.picture, image.fit),
            Draw::Sponsors(reel) => {
                let tick = Tick::Reel(reel.each_ms);
                drawn.tick = Some(tick);
                drawn.content = Content::Boxes(self.reel(reel, tick, motion));
            }
            Draw::QrCode(code) => self.qr(&mut style, code),
            Draw::Arrivals(rows) => {
                let arrivals = self.shown.state.arrivals.iter().enumerate();
                let entries = arrivals.map(|(index, arrival)| Row::Arrival { index, arrival });
                drawn.content = Content::Boxes(self.rows(rows, element.at, entries));
            }
            Draw::Races(rows) => {
                let entries = self.shown.state.races.iter().map(Row::Race);
                drawn.content = Content::Boxes(self.rows(rows, element.at, entries));
            }
            Draw::Group(group) => drawn.content = Content::Boxes(self.all(&group.elements)),
        }
        drawn.style = style.into_text();
        drawn
    }

    /// Empty rows stay in place, so that nothing has to be made anew when they fill.
    fn rows<'b>(self, rows: &Rows, at: Area, entries: impl Iterator<Item = Row<'b>>) -> Vec<Drawn>
    where
        'a: 'b,
    {
        let mut entries = entries.skip(rows.skip.into());
        (0..rows.count_max)
            .map(|index| {
                let Some(row) = entries.next() else {
                    return Drawn {
                        class: "b off".to_owned(),
                        ..Drawn::default()
                    };
                };
                let area = Area {
                    x_px: 0,
                    y_px: i32::from(rows.pitch_px) * i32::from(index),
                    width_px: at.width_px,
                    height_px: rows.pitch_px.into(),
                };
                let painter: Painter<'b> = Painter { row, ..self };
                Drawn {
                    class: "b".to_owned(),
                    style: place(area).into_text(),
                    content: Content::Boxes(painter.all(&rows.elements)),
                    ..Drawn::default()
                }
            })
            .collect()
    }

    /// Gives the size that it came to.
    fn text(
        self,
        drawn: &mut Drawn,
        style: &mut Style,
        said: String,
        of: &TextStyle,
        at: Area,
    ) -> u32 {
        let font = font_of(self.theme, of);
        drawn.class.push(' ');
        drawn.class.push_str(style::family_class(font.family));
        if font.bold {
            drawn.class.push_str(" bold");
        }
        let said = match of.case {
            Some(Case::Upper) => (self.tools.letters.upper)(&said),
            Some(Case::Lower) => (self.tools.letters.lower)(&said),
            None => said,
        };
        let [left_px, top_px] = of.padding_px.map(i32::from);
        let (width_px, height_px) = room_px(of, at);
        if let Some(plate) = &of.plate {
            self.shape(style, plate);
        }
        // A clock keeps its size while its digits change.
        let measured = match drawn.tick {
            Some(_) => clock::widest(&said),
            None => said.clone(),
        };
        let fitted = text::fitted(
            &measured,
            of,
            font,
            (width_px.unsigned_abs(), height_px.unsigned_abs()),
            self.tools.advances,
        );
        let size_px = px(fitted.size_px);
        let line_px = px(fitted.line_px);
        style.push("font-size", &rem(size_px));
        style.push("line-height", &rem(line_px));
        style.push("color", &style::color(of.color, &self.theme.colors));
        match of.align {
            Align::Left => {}
            Align::Center => style.push("text-align", "center"),
            Align::Right => style.push("text-align", "right"),
        }
        if of.spacing_mem != 0 {
            let spacing = style::thousandths(of.spacing_mem.into());
            style.push("letter-spacing", &[&*spacing, "em"].concat());
        }
        let mut shadows = of.outline.map_or_else(String::new, |outline| {
            let color = style::color(outline.color, &self.theme.colors);
            style::outline(outline.width_px.into(), &color)
        });
        if let Some(shadow) = of.shadow {
            if !shadows.is_empty() {
                shadows.push(',');
            }
            shadows.push_str(&self.shadow(shadow));
        }
        if !shadows.is_empty() {
            style.push("text-shadow", &shadows);
        }
        let lines = match drawn.tick {
            Some(_) => vec![said],
            None => fitted.lines,
        };
        let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        let free_px = height_px.saturating_sub(line_px.saturating_mul(count));
        let top_px = top_px
            + match of.vertical {
                VerticalAlign::Top => 0,
                VerticalAlign::Middle => free_px / 2,
                VerticalAlign::Bottom => free_px,
            };
        let tick = drawn.tick.take();
        let lines = (0..).zip(lines).map(|(index, line)| Drawn {
            class: "l".to_owned(),
            style: line_style(top_px + line_px * index, left_px),
            content: Content::Text(line),
            motion: Motion::default(),
            tick,
        });
        drawn.content = Content::Boxes(lines.collect());
        fitted.size_px
    }

    fn shape(self, style: &mut Style, shape: &Shape) {
        let colors = &self.theme.colors;
        style::push_fill(style, &shape.fill, colors);
        if let Some(border) = shape.border {
            let color = style::color(border.color, colors);
            let width = rem(border.width_px.into());
            style.push("border", &[&*width, " solid ", &color].concat());
        }
        match (shape.form, shape.radius_px) {
            (Form::Ellipse, _) => style.push("border-radius", "50%"),
            (Form::Rectangle, 0) => {}
            (Form::Rectangle, radius) => style.push("border-radius", &rem(radius.into())),
        }
        if let Some(shadow) = shape.shadow {
            style.push("box-shadow", &self.shadow(shadow));
        }
    }

    fn shadow(self, shadow: model::document::Shadow) -> String {
        let color = style::color(shadow.color, &self.theme.colors);
        let [x, y, blur] = [
            shadow.x_px.into(),
            shadow.y_px.into(),
            i32::from(shadow.blur_px),
        ]
        .map(rem);
        [&*x, " ", &y, " ", &blur, " ", &color].concat()
    }

    fn picture(self, style: &mut Style, picture: &Picture, fit: ImageFit) {
        let picture = match picture {
            Picture::Logo => self.theme.logo.as_ref(),
            Picture::Data(_) => Some(picture),
        };
        let Some(Picture::Data(address)) = picture else {
            return;
        };
        style.push("background-image", &["url(", address, ")"].concat());
        style.push("background-repeat", "no-repeat");
        style.push("background-position", "50% 50%");
        style.push(
            "background-size",
            match fit {
                ImageFit::Contain => "contain",
                ImageFit::Cover => "cover",
            },
        );
    }

    /// All pictures lie there, so that none has to be loaded when its turn comes.
    fn reel(self, reel: &Sponsors, tick: Tick, motion: Motion) -> Vec<Drawn> {
        let now = tick.turn(self.now_us, reel.pictures.len());
        let pictures = reel.pictures.iter().enumerate();
        pictures
            .map(|(index, picture)| {
                let mut style = Style::default();
                self.picture(&mut style, picture, reel.fit);
                Drawn {
                    class: if index == now { "b all" } else { "b all off" }.to_owned(),
                    style: style.into_text(),
                    motion,
                    ..Drawn::default()
                }
            })
            .collect()
    }

    /// The server makes the picture: a maker of its own would be a share of the kiosk's bundle.
    fn qr(self, style: &mut Style, code: &QrCode) {
        let said = self.said(&code.text);
        if said.is_empty() {
            return;
        }
        let address = [self.tools.qr_url, &style::percent_encoded(&said)].concat();
        style.push("background-image", &["url(", &address, ")"].concat());
        style.push("background-size", "100% 100%");
    }

    fn said(self, pattern: &model::document::Pattern) -> String {
        pattern.filled(self.tools.letters, &|binding: &Binding| {
            self.value(&binding.field)
        })
    }

    fn value(self, field: &DataField) -> Value {
        let state = &self.shown.state;
        let runs = |shows| {
            let tick = clock::tick(shows, self.race(), state, self.now_us);
            Value::truth(tick.is_some())
        };
        match (self.row, field) {
            (_, DataField::Started) => runs(ClockShows::Elapsed),
            (_, DataField::Awaited) => runs(ClockShows::Countdown),
            (Row::Race(race), DataField::Race) => Value::Text(race.name.clone()),
            (Row::Race(_), _) => state.value(None, field),
            (Row::Arrival { index, .. }, DataField::Fresh) => {
                Value::truth(self.shown.is_fresh(index))
            }
            (Row::Arrival { arrival, .. }, _) => state.value(Some(arrival), field),
            (Row::None, _) => state.value(state.runner.as_ref(), field),
        }
    }

    fn race(self) -> Option<&'a RaceClock> {
        match self.row {
            Row::Race(race) => Some(race),
            Row::None | Row::Arrival { .. } => None,
        }
    }
}

/// Of a text of that style.
pub(crate) fn font_of(theme: &Theme, style: &TextStyle) -> Font {
    let fonts = theme.fonts;
    Font {
        family: match style.font {
            FontRole::Heading => fonts.heading,
            FontRole::Body => fonts.body,
            FontRole::Times => fonts.times,
            FontRole::Own(family) => family,
        },
        bold: style.bold,
    }
}

/// How wide and high a text may be in such a box.
pub(crate) fn room_px(style: &TextStyle, at: Area) -> (i32, i32) {
    let [left_px, top_px] = style.padding_px.map(i32::from);
    let edge_px = style.plate.as_ref().and_then(|plate| plate.border);
    let edge_px = edge_px.map_or(0, |border| 2 * i32::from(border.width_px));
    let room = |px: i32, padding_px: i32| (px - edge_px - 2 * padding_px).max(1);
    (room(at.width_px, left_px), room(at.height_px, top_px))
}

fn place(at: Area) -> Style {
    let place = Style::default()
        .with("left", &rem(at.x_px))
        .with("top", &rem(at.y_px));
    let Area {
        width_px,
        height_px,
        ..
    } = at;
    place
        .with("width", &rem(width_px))
        .with("height", &rem(height_px))
}

fn line_style(top_px: i32, padding_px: i32) -> String {
    let mut style = Style::default().with("top", &rem(top_px));
    if padding_px != 0 {
        style.push("left", &rem(padding_px));
        style.push("right", &rem(padding_px));
    }
    style.into_text()
}

fn size(width_px: i32, height_px: i32) -> Style {
    Style::default()
        .with("width", &rem(width_px))
        .with("height", &rem(height_px))
}

fn px(px: u32) -> i32 {
    i32::try_from(px).unwrap_or(i32::MAX)
}

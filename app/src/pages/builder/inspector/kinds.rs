//! What only one kind of element has.

use super::{
    Desk, fill,
    part::{Part, drawn, pixels, redrawn, within},
    picture, text,
};
use crate::parts::{Glyph, IconButton, When};
use editor::{Command, Editor};
use leptos::{html, prelude::*};
use model::{
    document::{
        Border, ClockShows, Draw, Fill, Form, Image, ImageFit, Pattern, Picture, Rows, Shape,
        Sponsors,
    },
    limits::{ROWS_MAX, TICKER_PX_PER_S_MAX, TICKER_PX_PER_S_MIN},
};

const SHAPE: Part<Shape> = drawn!(Draw::Shape(shape) => *shape);
const FILL: Part<Fill> = drawn!(Draw::Shape(shape) => shape.fill);
const BORDER: Part<Option<Border>> = drawn!(Draw::Shape(shape) => shape.border);
const CLOCK: Part<ClockShows> = drawn!(Draw::Clock(clock) => clock.shows);
const QR: Part<Pattern> = drawn!(Draw::QrCode(code) => code.text);
const FIT: Part<ImageFit> =
    drawn!(Draw::Image(Image { fit, .. }) | Draw::Sponsors(Sponsors { fit, .. }) => *fit);
const SPONSORS: Part<Sponsors> = drawn!(Draw::Sponsors(reel) => *reel);
const SPEED: Part<u16> = drawn!(Draw::Ticker(ticker) => ticker.px_per_s);
const ROWS: Part<Rows> = drawn!(Draw::Arrivals(rows) | Draw::Races(rows) => *rows);

const FORMS: [(Form, &str); 2] = [(Form::Rectangle, "Rectangle"), (Form::Ellipse, "Ellipse")];

const SHOWS: [(ClockShows, &str); 3] = [
    (ClockShows::Elapsed, "The race's time"),
    (ClockShows::Countdown, "How long to the start"),
    (ClockShows::TimeOfDay, "The time of day"),
];

const FITS: [(ImageFit, &str); 2] = [
    (ImageFit::Contain, "All of it is seen"),
    (ImageFit::Cover, "It fills the area"),
];

pub(super) fn shape(desk: Desk) -> AnyView {
    let is_gradient = desk.watch(|editor| FILL.alike(editor, angle).is_some());
    view! {
        <section>
            <h2>"Shape"</h2>
            {SHAPE.choice(desk, "Form", &FORMS, |shape| Some(shape.form), |shape, form| {
                shape.form = form;
            })}
            {fill::slots(desk, FILL, &fill::KINDS)}
            <When holds=move || is_gradient.get()>
                {FILL.number(
                    desk,
                    "Angle",
                    "Angle of the gradient in degrees; 90 goes to the right",
                    angle,
                    |fill, degrees| {
                        if let Fill::Gradient { angle_deg, .. } = fill {
                            *angle_deg = i16::try_from(degrees.rem_euclid(360)).unwrap_or(0);
                        }
                    },
                )}
            </When>
            {fill::edge(desk, SHAPE, BORDER)}
        </section>
    }
    .into_any()
}

fn angle(fill: &Fill) -> Option<i32> {
    match fill {
        Fill::Gradient { angle_deg, .. } => Some((*angle_deg).into()),
        Fill::None | Fill::Color(_) => None,
    }
}

pub(super) fn clock(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"Clock"</h2>
            {CLOCK.choice(desk, "Shows", &SHOWS, |shows| Some(*shows), |shows, to| *shows = to)}
        </section>
    }
    .into_any()
}

pub(super) fn ticker(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"Ticker"</h2>
            {SPEED.number(
                desk,
                "Speed",
                "How fast it runs, in pixels a second",
                |speed| Some((*speed).into()),
                |speed, px| *speed = within(px, TICKER_PX_PER_S_MIN, TICKER_PX_PER_S_MAX),
            )}
        </section>
    }
    .into_any()
}

pub(super) fn qr(desk: Desk) -> AnyView {
    let words = "What the QR code says, an address as a rule";
    // Each one is asked for at the server: not with every letter.
    let live = false;
    view! {
        <section>
            <h2>"QR code"</h2>
            {text::pattern(desk, words, QR, NodeRef::<html::Textarea>::new(), live)}
        </section>
    }
    .into_any()
}

pub(super) fn image(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"Picture"</h2>
            {FIT.choice(desk, "Fits", &FITS, |fit| Some(*fit), |fit, to| *fit = to)}
            {picture::chooser(desk, "Choose a picture…", put, true)}
        </section>
    }
    .into_any()
}

pub(super) fn sponsors(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"Pictures"</h2>
            {reel(desk)}
            {picture::chooser(desk, "Add a picture…", put, false)}
            {FIT.choice(desk, "Fits", &FITS, |fit| Some(*fit), |fit, to| *fit = to)}
            {SPONSORS.number(
                desk,
                "Each",
                "How long each is seen, in seconds",
                |reel| i32::try_from(reel.each_ms / 1_000).ok(),
                |reel, seconds| reel.each_ms = u32::from(within(seconds, 1_u16, 600)) * 1_000,
            )}
        </section>
    }
    .into_any()
}

/// The logo has an empty one.
fn addresses(reel: &Sponsors) -> Option<Vec<String>> {
    let address = |picture: &Picture| match picture {
        Picture::Logo => String::new(),
        Picture::Data(address) => address.clone(),
    };
    Some(reel.pictures.iter().map(address).collect())
}

/// The pictures of a reel in their order.
fn reel(desk: Desk) -> AnyView {
    let pictures = desk.watch(|editor| SPONSORS.alike(editor, addresses).unwrap_or_default());
    let line = move |count: usize, (at, address): (usize, String)| {
        let number = (at + 1).to_string();
        let [called, earlier, out] = [
            ["Picture ", ""],
            ["Show picture ", " earlier"],
            ["Take picture ", " out"],
        ]
        .map(|[before, after]| [before, &number, after].concat());
        let seen = match address.is_empty() {
            true => view! { <span class="reel-logo">"The logo"</span> }.into_any(),
            false => {
                let style = ["background-image:url(", &address, ")"].concat();
                view! { <span class="reel-picture" role="img" aria-label=called style=style></span> }
                    .into_any()
            }
        };
        let changed =
            move |change: fn(&mut Vec<Picture>, usize)| {
                desk.step(desk.read(|editor| {
                    (SPONSORS.change)(editor, &|reel| change(&mut reel.pictures, at))
                }));
            };
        view! {
            <li class="reel-line">
                {seen}
                <IconButton
                    icon=Glyph::ChevronUp
                    small=true
                    label=earlier
                    disabled=at == 0
                    on_press=move || changed(|pictures, at| pictures.swap(at - 1, at))
                />
                <IconButton
                    icon=Glyph::Trash
                    small=true
                    label=out
                    disabled=count == 1
                    on_press=move || changed(|pictures, at| drop(pictures.remove(at)))
                />
            </li>
        }
        .into_any()
    };
    let rows = move || {
        let pictures = pictures.get();
        let count = pictures.len();
        let lines = pictures.into_iter().enumerate();
        let lines = lines.map(|picture| line(count, picture));
        lines.collect_view()
    };
    view! {
        <ul class="whole reel-list">
            {rows}
        </ul>
    }
    .into_any()
}

pub(super) fn rows(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"Rows"</h2>
            {ROWS.number(
                desk,
                "Rows",
                "Rows at most",
                |rows| Some(rows.count_max.into()),
                |rows, count| rows.count_max = within(count, 1, ROWS_MAX),
            )}
            {ROWS.number(
                desk,
                "Pitch",
                "From the top of one row to that of the next, in pixels",
                |rows| Some(rows.pitch_px.into()),
                |rows, px| rows.pitch_px = pixels(px).max(1),
            )}
            {ROWS.number(
                desk,
                "Skip",
                "Entries left out before the first row",
                |rows| Some(rows.skip.into()),
                |rows, count| rows.skip = within(count, 0, ROWS_MAX),
            )}
        </section>
    }
    .into_any()
}

/// Takes the place of an image; a reel of sponsors gets one more.
fn put(editor: &Editor, picture: Picture) -> Option<Command> {
    let put = |draw: &mut Draw| {
        match draw {
            Draw::Image(image) => image.picture = picture.clone(),
            Draw::Sponsors(reel) => reel.pictures.push(picture.clone()),
            _ => return false,
        }
        true
    };
    redrawn(editor, &put)
}

//! Writes inline styles: only what engines of 2014 understand (design §6).
//!
//! Made without the formatting machinery, which would be a share of the kiosk's bundle.

use model::{
    Family,
    document::{Color, Colors, Fill, Paint, Rgb, Transition},
};

/// Declarations, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style(String);

impl Style {
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.push(name, value);
        self
    }

    pub fn push(&mut self, name: &str, value: &str) {
        for part in [name, ":", value, ";"] {
            self.0.push_str(part);
        }
    }

    /// Engines of 2014 that build on WebKit know it only by its old name.
    pub fn push_prefixed(&mut self, name: &str, value: &str) {
        self.push(&["-webkit-", name].concat(), value);
        self.push(name, value);
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

/// Pixels of the canvas. A hundred of them are one `rem`, so that the size of the root's font
/// scales a whole display where there is no script to do it.
pub fn rem(px: i32) -> String {
    let mut text = String::new();
    if px < 0 {
        text.push('-');
    }
    let px = px.unsigned_abs();
    push_number(&mut text, px / 100);
    if !px.is_multiple_of(100) {
        text.push('.');
        text.push(digit(px / 10 % 10));
        if !px.is_multiple_of(10) {
            text.push(digit(px % 10));
        }
    }
    text.push_str("rem");
    text
}

/// A whole number.
pub fn number(number: i32) -> String {
    let mut text = String::new();
    if number < 0 {
        text.push('-');
    }
    push_number(&mut text, number.unsigned_abs());
    text
}

/// Thousandths with three digits after the point.
pub fn thousandths(number: i32) -> String {
    fixed(number, 3)
}

/// A number with so many of its digits after the point.
pub fn fixed(number: i32, places: u32) -> String {
    let mut text = String::new();
    if number < 0 {
        text.push('-');
    }
    let number = number.unsigned_abs();
    push_number(&mut text, number / 10u32.pow(places));
    text.push('.');
    for place in (0..places).rev() {
        text.push(digit(number / 10u32.pow(place) % 10));
    }
    text
}

/// As a part of an address.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                encoded.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
    encoded
}

fn push_number(text: &mut String, number: u32) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(digit(number % 10));
}

fn digit(number: u32) -> char {
    char::from(b'0' + (number % 10) as u8)
}

/// Shadows all round: strokes of letters are drawn over them by some engines, and by others not at
/// all.
pub fn outline(width_px: i32, color: &str) -> String {
    // Sixteen directions, in thousandths.
    const QUARTER: [(i32, i32); 4] = [(1_000, 0), (924, 383), (707, 707), (383, 924)];
    let mut shadows = String::new();
    for (x, y) in QUARTER {
        for (x, y) in [(x, y), (-y, x), (-x, -y), (y, -x)] {
            let part = |of: i32| rem((of * width_px + 500).div_euclid(1_000));
            if !shadows.is_empty() {
                shadows.push(',');
            }
            for word in [&*part(x), " ", &part(y), " 0 ", color] {
                shadows.push_str(word);
            }
        }
    }
    shadows
}

pub fn color(color: Color, colors: &Colors) -> String {
    let Rgb([red, green, blue]) = match color.paint {
        Paint::Fixed(rgb) => rgb,
        Paint::Theme(role) => colors.of(role),
    };
    let [red, green, blue] = [red, green, blue].map(|part| number(part.into()));
    if color.opacity_percent == 100 {
        return ["rgb(", &red, ",", &green, ",", &blue, ")"].concat();
    }
    let opacity = thousandths(i32::from(color.opacity_percent) * 10);
    ["rgba(", &red, ",", &green, ",", &blue, ",", &opacity, ")"].concat()
}

pub fn push_fill(style: &mut Style, fill: &Fill, colors: &Colors) {
    match fill {
        Fill::None => {}
        Fill::Color(of) => style.push("background-color", &color(*of, colors)),
        Fill::Gradient {
            from,
            to,
            angle_deg,
        } => {
            let (from, to) = (color(*from, colors), color(*to, colors));
            let angle = number((*angle_deg).into());
            let gradient = ["linear-gradient(", &angle, "deg,", &from, ",", &to, ")"].concat();
            style.push("background-image", &gradient);
        }
    }
}

/// The class of a typeface; the style sheet names the fonts.
pub fn family_class(family: Family) -> &'static str {
    match family {
        Family::Sans => "f-sans",
        Family::Condensed => "f-condensed",
        Family::Slab => "f-slab",
        Family::Mono => "f-mono",
    }
}

/// For an animation of that class: how long, and after what.
pub fn push_timing(style: &mut Style, transition: Transition) {
    push_duration(style, transition.ms.into());
    style.push_prefixed("animation-delay", &seconds(transition.delay_ms.into()));
}

pub fn push_duration(style: &mut Style, ms: u32) {
    style.push_prefixed("animation-duration", &seconds(ms));
}

/// As one that began so long ago.
pub fn push_begun(style: &mut Style, ms: u32) {
    style.push_prefixed("animation-delay", &["-", &*seconds(ms)].concat());
}

fn seconds(ms: u32) -> String {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    [&*thousandths(ms), "s"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_hundreds_of_pixels() {
        let check = |px, text| assert_eq!(rem(px), text);
        check(0, "0rem");
        check(7, "0.07rem");
        check(70, "0.7rem");
        check(1_920, "19.2rem");
        check(-1_205, "-12.05rem");
    }

    #[test]
    fn thousandths_have_three_digits() {
        let check = |number, text| assert_eq!(thousandths(number), text);
        check(0, "0.000");
        check(45, "0.045");
        check(-1_500, "-1.500");
    }
}

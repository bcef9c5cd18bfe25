//! How texts and areas look.

use super::{Color, Shape};
use crate::{Family, limits};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextStyle {
    #[serde(default)]
    pub font: FontRole,
    #[serde(default)]
    pub bold: bool,
    pub size_px: u16,
    /// What is too long at this size is cut. Not given: half of `size_px`.
    #[serde(default)]
    pub size_px_min: Option<u16>,
    #[serde(default = "one_line")]
    pub lines_max: u8,
    /// From one line to the next, in percent of the size.
    #[serde(default = "line_percent")]
    pub line_percent: u16,
    /// Added after each sign, in thousandths of the size.
    #[serde(default)]
    pub spacing_mem: i16,
    pub color: Color,
    #[serde(default)]
    pub align: Align,
    #[serde(default)]
    pub vertical: VerticalAlign,
    #[serde(default)]
    pub case: Option<Case>,
    /// Round each sign.
    #[serde(default)]
    pub outline: Option<Border>,
    #[serde(default)]
    pub shadow: Option<Shadow>,
    /// What lies behind the text, as large as its area.
    #[serde(default)]
    pub plate: Option<Shape>,
    /// Between the edges of the area and the text: across, and down.
    #[serde(default)]
    pub padding_px: [u16; 2],
}

/// Which of the theme's typefaces, or one whatever the theme says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FontRole {
    Heading,
    #[default]
    Body,
    Times,
    Own(Family),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerticalAlign {
    Top,
    #[default]
    Middle,
    Bottom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    Upper,
    Lower,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fill {
    #[default]
    None,
    Color(Color),
    /// Straight, from one color to the other. `0` degrees goes up, `90` to the right.
    Gradient {
        from: Color,
        to: Color,
        angle_deg: i16,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Border {
    pub color: Color,
    pub width_px: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shadow {
    pub color: Color,
    #[serde(default)]
    pub x_px: i16,
    #[serde(default)]
    pub y_px: i16,
    #[serde(default)]
    pub blur_px: u16,
}

impl TextStyle {
    /// The smallest size at which a text stands.
    pub fn size_min_px(&self) -> u16 {
        let half = self.size_px.div_ceil(2);
        let least = self.size_px_min.unwrap_or(half);
        least.clamp(limits::TEXT_PX_MIN, self.size_px)
    }
}

fn one_line() -> u8 {
    1
}

fn line_percent() -> u16 {
    112
}

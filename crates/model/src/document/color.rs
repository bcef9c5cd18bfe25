//! Colors: of the theme by their role, or fixed ones, each with an opacity.

use super::Colors;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// A fixed color, `#1b2c3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

/// A color that a theme gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Background,
    Panel,
    Text,
    Muted,
    Accent,
    OnAccent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    Theme(Role),
    Fixed(Rgb),
}

/// `accent`, `#1b2c3d`, or either with an opacity in percent after it: `text/60`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    pub paint: Paint,
    pub opacity_percent: u8,
}

impl Role {
    pub const ALL: [Self; 6] = [
        Self::Background,
        Self::Panel,
        Self::Text,
        Self::Muted,
        Self::Accent,
        Self::OnAccent,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Panel => "panel",
            Self::Text => "text",
            Self::Muted => "muted",
            Self::Accent => "accent",
            Self::OnAccent => "on-accent",
        }
    }
}

impl Colors {
    pub fn of(&self, role: Role) -> Rgb {
        match role {
            Role::Background => self.background,
            Role::Panel => self.panel,
            Role::Text => self.text,
            Role::Muted => self.muted,
            Role::Accent => self.accent,
            Role::OnAccent => self.on_accent,
        }
    }

    pub fn of_mut(&mut self, role: Role) -> &mut Rgb {
        match role {
            Role::Background => &mut self.background,
            Role::Panel => &mut self.panel,
            Role::Text => &mut self.text,
            Role::Muted => &mut self.muted,
            Role::Accent => &mut self.accent,
            Role::OnAccent => &mut self.on_accent,
        }
    }
}

impl From<Role> for Color {
    fn from(role: Role) -> Self {
        Self {
            paint: Paint::Theme(role),
            opacity_percent: 100,
        }
    }
}

/// Neither a role of the theme nor a fixed color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a color: write `#1b2c3d` or one of background, panel, text, muted, accent and on-accent; \
     an opacity in percent may follow, as in `text/60`"
)]
pub struct NoColor;

impl FromStr for Role {
    type Err = NoColor;

    fn from_str(name: &str) -> Result<Self, NoColor> {
        let mut roles = Self::ALL.into_iter();
        roles.find(|role| role.name() == name).ok_or(NoColor)
    }
}

impl FromStr for Rgb {
    type Err = NoColor;

    fn from_str(text: &str) -> Result<Self, NoColor> {
        let digits = text.strip_prefix('#').ok_or(NoColor)?;
        let is_hex = digits.len() == 6 && digits.bytes().all(|sign| sign.is_ascii_hexdigit());
        if !is_hex {
            return Err(NoColor);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| NoColor)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl FromStr for Color {
    type Err = NoColor;

    fn from_str(text: &str) -> Result<Self, NoColor> {
        let (paint, opacity) = text.split_once('/').unwrap_or((text, "100"));
        let opacity_percent = opacity.parse().map_err(|_| NoColor)?;
        let is_plain = opacity.bytes().all(|sign| sign.is_ascii_digit());
        if opacity_percent > 100 || !is_plain {
            return Err(NoColor);
        }
        let paint = match paint.parse() {
            Ok(role) => Paint::Theme(role),
            Err(NoColor) => Paint::Fixed(paint.parse()?),
        };
        Ok(Self {
            paint,
            opacity_percent,
        })
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.paint {
            Paint::Theme(role) => f.write_str(role.name())?,
            Paint::Fixed(rgb) => rgb.fmt(f)?,
        }
        match self.opacity_percent {
            100 => Ok(()),
            percent => write!(f, "/{percent}"),
        }
    }
}

macro_rules! as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text: Cow<'de, str> = Cow::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

as_text!(Rgb);
as_text!(Color);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_and_written_alike() {
        let check = |text: &str, written: Option<&str>| {
            let color: Option<Color> = text.parse().ok();
            assert_eq!(color.map(|color| color.to_string()).as_deref(), written);
        };
        check("accent", Some("accent"));
        check("on-accent/100", Some("on-accent"));
        check("#1B2c3D", Some("#1b2c3d"));
        check("#1b2c3d/7", Some("#1b2c3d/7"));
        for wrong in [
            "", "red", "#12345", "#1234567", "#+12345", "#12345g", "text/101", "text/", "text/+5",
        ] {
            check(wrong, None);
        }
    }
}

//! Kinds of elements, as people choose and see them.

use model::document::{Draw, Form};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Message,
    Image,
    Rectangle,
    Ellipse,
    Arrivals,
    Races,
    Clock,
    QrCode,
    Sponsors,
    Ticker,
    Group,
}

impl Kind {
    /// What can be put in. Groups are made of what is there.
    pub const INSERTED: [Self; 11] = [
        Self::Text,
        Self::Message,
        Self::Image,
        Self::Rectangle,
        Self::Ellipse,
        Self::Arrivals,
        Self::Races,
        Self::Clock,
        Self::QrCode,
        Self::Sponsors,
        Self::Ticker,
    ];

    pub fn of(draw: &Draw) -> Self {
        match draw {
            Draw::Text(_) => Self::Text,
            Draw::Message(_) => Self::Message,
            Draw::Image(_) => Self::Image,
            Draw::Shape(shape) => match shape.form {
                Form::Rectangle => Self::Rectangle,
                Form::Ellipse => Self::Ellipse,
            },
            Draw::Arrivals(_) => Self::Arrivals,
            Draw::Races(_) => Self::Races,
            Draw::Clock(_) => Self::Clock,
            Draw::QrCode(_) => Self::QrCode,
            Draw::Sponsors(_) => Self::Sponsors,
            Draw::Ticker(_) => Self::Ticker,
            Draw::Group(_) => Self::Group,
        }
    }

    /// On screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Message => "Message",
            Self::Image => "Image",
            Self::Rectangle => "Rectangle",
            Self::Ellipse => "Ellipse",
            Self::Arrivals => "Arrivals",
            Self::Races => "Races",
            Self::Clock => "Clock",
            Self::QrCode => "QR code",
            Self::Sponsors => "Sponsors",
            Self::Ticker => "Ticker",
            Self::Group => "Group",
        }
    }

    /// What ids begin with.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Message => "message",
            Self::Image => "image",
            Self::Rectangle | Self::Ellipse => "shape",
            Self::Arrivals => "arrivals",
            Self::Races => "races",
            Self::Clock => "clock",
            Self::QrCode => "qr-code",
            Self::Sponsors => "sponsors",
            Self::Ticker => "ticker",
            Self::Group => "group",
        }
    }
}

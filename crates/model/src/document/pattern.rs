//! Text with bindings: `Well run, {first_name|runner}!`, `{gun_time:pace-km}`.
//!
//! Owns the writing of bindings, and which fields and formats there are. What a field says for
//! somebody is `value`'s.

mod names;

pub use names::{DataField, Format};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// Pieces in order. `{{` and `}}` stand for braces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    pub pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Never empty, and no two of them follow each other.
    Text(String),
    Bound(Binding),
}

/// `{field:format:format|fallback}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub field: DataField,
    pub formats: Vec<Format>,
    /// In place of a field that says nothing. It may be empty.
    pub fallback: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("a `{{` is not closed; write `{{{{` for a brace that is to be seen")]
    Open,
    #[error("a `}}` closes nothing; write `}}}}` for a brace that is to be seen")]
    Close,
    #[error("there is no field `{0}`; use one of: {names}, or custom.NAME", names = DataField::names())]
    NoField(String),
    #[error("there is no format `{0}`; use one of: {names}", names = Format::names())]
    NoFormat(String),
}

impl Pattern {
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Bound(binding) => Some(binding),
            Piece::Text(_) => None,
        })
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text.chars();
        while let Some(sign) = rest.next() {
            if !matches!(sign, '{' | '}') {
                plain.push(sign);
                continue;
            }
            if let Some(after) = rest.as_str().strip_prefix(sign) {
                plain.push(sign);
                rest = after.chars();
                continue;
            }
            if sign == '}' {
                return Err(PatternError::Close);
            }
            let (inside, after) = rest.as_str().split_once('}').ok_or(PatternError::Open)?;
            if inside.contains('{') {
                return Err(PatternError::Open);
            }
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Bound(inside.parse()?));
            rest = after.chars();
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self { pieces })
    }
}

impl Pattern {
    /// What cannot be read as a field stays as it was typed, to be seen on the canvas.
    pub fn forgiving(text: &str) -> Self {
        let mut written = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            let (brace, after) = from.split_at(1);
            // A brace that stands twice, or a field.
            let length = if after.starts_with(brace) {
                Some(2)
            } else {
                after.find('}').map(|end| end + 2)
            };
            let known = length.and_then(|length| from.get(..length));
            let known = known.filter(|part| part.parse::<Self>().is_ok());
            written.push_str(before);
            match known {
                Some(known) => written.push_str(known),
                None => [brace; 2].iter().for_each(|brace| written.push_str(brace)),
            }
            rest = known.map_or(after, |known| &from[known.len()..]);
        }
        written.push_str(rest);
        written.parse().unwrap_or_default()
    }
}

impl FromStr for Binding {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let (what, fallback) = match text.split_once('|') {
            Some((what, fallback)) => (what, Some(fallback.to_owned())),
            None => (text, None),
        };
        let mut names = what.split(':');
        let field = names.next().unwrap_or_default().trim();
        let field =
            DataField::from_str(field).map_err(|no_field| PatternError::NoField(no_field.0))?;
        let formats = names
            .map(|name| {
                let name = name.trim();
                Format::named(name).ok_or_else(|| PatternError::NoFormat(name.to_owned()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            field,
            formats,
            fallback,
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}")),
            Piece::Bound(binding) => write!(f, "{{{binding}}}"),
        })
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.field.fmt(f)?;
        for format in &self.formats {
            write!(f, ":{}", format.name())?;
        }
        match &self.fallback {
            Some(fallback) => write!(f, "|{fallback}"),
            None => Ok(()),
        }
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: Cow<'de, str> = Cow::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_field_stays_as_it_was_typed() {
        let check = |text: &str, written: &str| {
            assert_eq!(Pattern::forgiving(text).to_string(), written, "{text}");
        };
        check("Hello {nam}, {bib}", "Hello {{nam}}, {bib}");
        check("{name:shout} {city|you}", "{{name:shout}} {city|you}");
        check("{name", "{{name");
        check("} {name} {", "}} {name} {{");
        check("{{name}} {a{bib}", "{{name}} {{a{bib}");
        check("{{{nam}", "{{{{nam}}");
    }

    proptest::proptest! {
        /// Nothing is lost, and what can be read is read as ever.
        #[test]
        fn any_text_is_forgiven(text in "([{}|:a é]|name|\\{bib\\})*") {
            let forgiven = Pattern::forgiving(&text);
            let plain = |text: &str| text.replace(['{', '}'], "");
            let filled = forgiven.to_string();
            match text.parse::<Pattern>() {
                Ok(pattern) => proptest::prop_assert_eq!(forgiven, pattern),
                Err(_) => proptest::prop_assert_eq!(plain(&filled), plain(&text)),
            }
        }
    }

    #[test]
    fn patterns_are_read_and_written_alike() {
        let check = |text: &str, written: &str| {
            let pattern: Pattern = text.parse().unwrap();
            assert_eq!(pattern.to_string(), written);
            assert_eq!(written.parse::<Pattern>().unwrap(), pattern);
        };
        check("", "");
        check("Welcome", "Welcome");
        check("{name}", "{name}");
        check("{ name : upper }", "{name:upper}");
        check(
            "{first_name|you} from {city|your town}!",
            "{first_name|you} from {city|your town}!",
        );
        check("{city|}", "{city|}");
        check("{custom.Shirt size}", "{custom.Shirt size}");
        check("{{{bib}}}", "{{{bib}}}");
        check("a }} b {{", "a }} b {{");
        check("{pace:per-km}", "{pace:per-km}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |text: &str, begin: &str| {
            let error = text.parse::<Pattern>().unwrap_err().to_string();
            assert!(error.starts_with(begin), "{text}: {error}");
        };
        check("{name", "a `{` is not closed");
        check("{na{me}", "a `{` is not closed");
        check("name}", "a `}` closes nothing");
        check("{nmae}", "there is no field `nmae`; use one of: bib, name,");
        check("{}", "there is no field ``");
        check("{custom.}", "there is no field `custom.`");
        check(
            "{name:loud}",
            "there is no format `loud`; use one of: upper,",
        );
    }
}

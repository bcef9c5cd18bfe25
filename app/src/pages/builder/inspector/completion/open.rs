//! A field that is being typed: where it begins, and which names fit.

use model::document::{DataField, Format, Letters};

/// How many are offered.
const NAMES_MAX: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Bytes of the text: from the first of the name to the caret.
    from: usize,
    to: usize,
    /// Never empty.
    pub names: Vec<String>,
}

impl Open {
    /// `caret` counts as browsers do, in UTF-16. `None`: it is not in open braces, or nothing fits.
    pub fn at(text: &str, caret: u32, fields: &[String], letters: Letters) -> Option<Self> {
        let to = bytes(text, caret);
        let before = &text[..to];
        let brace = before.rfind('{')?;
        // Two of them are a brace that is seen.
        let doubled = before[..brace].len() - before[..brace].trim_end_matches('{').len();
        let inside = &before[brace + 1..];
        if doubled % 2 == 1 || inside.contains(['}', '|', '\n']) {
            return None;
        }
        let colon = inside.rfind(':');
        let typed = colon.map_or(inside, |colon| &inside[colon + 1..]);
        let from = to - typed.len();
        let wanted = (letters.lower)(typed.trim());
        let known: Vec<String> = match colon {
            None => fields.to_vec(),
            Some(_) => formats(inside),
        };
        let (mut names, mut others) = (Vec::new(), Vec::new());
        for name in known.into_iter().filter(|name| *name != typed) {
            match (letters.lower)(&name).find(&wanted) {
                Some(0) => names.push(name),
                Some(_) => others.push(name),
                None => {}
            }
        }
        names.append(&mut others);
        names.truncate(NAMES_MAX);
        (!names.is_empty()).then_some(Self { from, to, names })
    }

    /// The text with the name, closed, and the caret behind it.
    pub fn taken(&self, text: &str, name: &str) -> (String, u32) {
        let (before, after) = (&text[..self.from], &text[self.to..]);
        let is_closed = after.starts_with(['}', ':', '|']);
        let close = if is_closed { "" } else { "}" };
        let head = [before, name, close].concat();
        let caret = head.encode_utf16().count() as u32;
        (head + after, caret)
    }
}

/// Those of the field that stands before the first colon.
fn formats(inside: &str) -> Vec<String> {
    let field = inside.split(':').next().unwrap_or_default().trim();
    let field = field.parse::<DataField>();
    let of_field = field
        .iter()
        .flat_map(|field| field.formats().iter().copied());
    of_field.map(Format::name).map(str::to_owned).collect()
}

fn bytes(text: &str, caret: u32) -> usize {
    let mut units = 0;
    for (index, sign) in text.char_indices() {
        if units >= caret as usize {
            return index;
        }
        units += sign.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<String> {
        ["name", "first_name", "city", "age", "custom.Shirt"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn what_fits_is_offered_where_a_field_is_open() {
        let check = |text: &str, names: &[&str]| {
            let caret = text.encode_utf16().count() as u32;
            let open = Open::at(text, caret, &fields(), Letters::STD);
            let found = open.map(|open| open.names).unwrap_or_default();
            assert_eq!(found, names, "{text}");
        };
        check("", &[]);
        check("Well done", &[]);
        check("{", &["name", "first_name", "city", "age", "custom.Shirt"]);
        check("🏃 {fi", &["first_name"]);
        check("{NA", &["name", "first_name"]);
        check("{shirt", &["custom.Shirt"]);
        check("{name", &["first_name"]);
        check("{name} from {c", &["city", "custom.Shirt"]);
        check("{{c", &[]);
        check("{{{c", &["city", "custom.Shirt"]);
        check("{city|yo", &[]);
        check("{city}", &[]);
        check("{nobody", &[]);
        check("{age:", &["number", "ordinal"]);
        check("{city:up", &["upper"]);
        check("{city:upper:in", &["initial"]);
        check("{time:", &[]);
    }

    #[test]
    fn what_is_taken_is_closed_once() {
        let check = |text: &str, name: &str, after: &str| {
            let (text, behind) = text.split_once('^').unwrap();
            let caret = text.encode_utf16().count() as u32;
            let whole = [text, behind].concat();
            let open = Open::at(&whole, caret, &fields(), Letters::STD).unwrap();
            let (text, caret) = open.taken(&whole, name);
            let (head, tail) = after.split_once('^').unwrap();
            assert_eq!(text, [head, tail].concat());
            assert_eq!(caret as usize, head.encode_utf16().count());
        };
        check("🏃 {fi^ ran", "first_name", "🏃 {first_name}^ ran");
        check("{ci^}", "city", "{city^}");
        check("{ci^|there}", "city", "{city^|there}");
        check("{city:up^", "upper", "{city:upper}^");
    }
}

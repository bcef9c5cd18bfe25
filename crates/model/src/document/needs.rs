//! What a document binds: what the state of a display has to hold, and nothing beyond it.

use super::{DataField, Document, Draw, Element};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Of the featured runner.
    pub runner: BTreeSet<DataField>,
    /// Of each crossing in the list.
    pub arrivals: BTreeSet<DataField>,
    /// Entries of the list.
    pub arrivals_max: usize,
    /// The races, with their guns and scheduled starts.
    pub races: bool,
    /// The event's own clock.
    pub time_of_day: bool,
}

impl Document {
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        for layout in &self.layouts {
            for scene in &layout.scenes {
                needs.look(&scene.elements, Place::Scene);
            }
        }
        needs
    }
}

#[derive(Clone, Copy)]
enum Place {
    Scene,
    Arrivals,
    Races,
}

impl Needs {
    fn look(&mut self, elements: &[Element], place: Place) {
        for element in elements {
            let mut fields = BTreeSet::new();
            if let Some(condition) = &element.when {
                condition.fields(&mut |field| {
                    fields.insert(field.clone());
                });
            }
            let mut place_inside = place;
            match &element.draw {
                Draw::Text(text) => fields.extend(bound(&text.text)),
                Draw::Message(text) => {
                    fields.extend(bound(&text.text));
                    fields.insert(DataField::Message);
                }
                Draw::QrCode(code) => fields.extend(bound(&code.text)),
                Draw::Ticker(ticker) => fields.extend(bound(&ticker.text)),
                Draw::Clock(clock) => match clock.shows {
                    super::ClockShows::TimeOfDay => self.time_of_day = true,
                    super::ClockShows::Elapsed | super::ClockShows::Countdown => self.races = true,
                },
                Draw::Arrivals(rows) => {
                    let last = usize::from(rows.skip) + usize::from(rows.count_max);
                    self.arrivals_max = self.arrivals_max.max(last);
                    place_inside = Place::Arrivals;
                }
                Draw::Races(_) => {
                    self.races = true;
                    place_inside = Place::Races;
                }
                Draw::Image(_) | Draw::Shape(_) | Draw::Sponsors(_) | Draw::Group(_) => {}
            }
            self.races |= fields.iter().any(|field| {
                matches!(
                    field,
                    DataField::Races | DataField::Started | DataField::Awaited
                )
            });
            match place {
                Place::Scene => self.runner.extend(fields),
                Place::Arrivals => self.arrivals.extend(fields),
                Place::Races => {}
            }
            self.look(element.draw.children(), place_inside);
        }
    }
}

fn bound(pattern: &super::Pattern) -> impl Iterator<Item = DataField> {
    pattern.bindings().map(|binding| binding.field.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_that_ask_for_races_get_them() {
        let check = |field: &str, races: bool| {
            let scene = |elements: &str| format!(r#""elements": [{elements}]"#);
            let element = format!(
                r#"{{"id": "a", "at": [0, 0, 9, 9], "when": {{"has": "{field}"}}, "draw": {{"shape": {{}}}}}}"#
            );
            let json = format!(
                r##"{{"schema": 1, "subject": "nobody", "theme": {{
                "colors": {{"background": "#000000", "panel": "#000000", "text": "#ffffff",
                "muted": "#ffffff", "accent": "#ffffff", "on-accent": "#000000"}},
                "fonts": {{"heading": "sans", "body": "sans", "times": "mono"}}}},
                "layouts": [{{"canvas": {{"width_px": 160, "height_px": 90}}, "scenes": [
                {{"name": "resting", {}}}, {{"name": "runner", {}}}]}}]}}"##,
                scene(&element),
                scene(""),
            );
            let needs = Document::parse(&json).unwrap().needs();
            assert_eq!(needs.races, races, "{field}");
        };
        check("races", true);
        check("started", true);
        check("awaited", true);
        check("several_points", false);
        check("race", false);
    }
}

//! What the builder begins with, saves and tries templates with.

use super::RpcError;
#[cfg(feature = "ssr")]
use super::{Backend, backend};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{BoardState, Document, EventId, TemplateId, UnixMicros, document::Edit};
use serde::{Deserialize, Serialize};

/// A template as it is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuilderView {
    pub id: TemplateId,
    pub name: String,
    pub revision: u64,
    pub draft: Document,
    /// Nobody first, then the first of the roster, where there is one.
    pub samples: Vec<Sample>,
    /// How many there are on the roster to try it with.
    pub people: usize,
    /// The names of the roster's own columns.
    pub columns: Vec<String>,
}

/// Somebody to try it with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub label: String,
    /// One of the roster's, of whom one is here at a time.
    pub is_runner: bool,
    /// When it is shown; `None` where that is the present.
    pub at: Option<UnixMicros>,
    #[serde(with = "every_field")]
    pub board: BoardState,
}

/// One of the roster, or of those whom a search finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Runner {
    /// Counted from 0.
    pub at: usize,
    pub found: usize,
    /// `None` where nobody is found.
    pub sample: Option<Sample>,
}

/// A state leaves out what is empty, for screens; postcard has to find every field in its place.
mod every_field {
    use model::{Arrival, BoardState, RaceClock, Texts};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Crossing = (
        [String; 6],
        (Option<u64>, Option<u64>, Option<u32>, bool),
        Vec<(String, String)>,
    );
    type Race = (String, Option<i64>, Option<i64>);
    type Board = (
        (String, String, Vec<String>),
        (Option<Crossing>, Vec<Crossing>, Vec<Race>),
        (Option<i32>, bool, bool),
    );

    pub fn serialize<S: Serializer>(state: &BoardState, serializer: S) -> Result<S::Ok, S::Error> {
        let state = state.clone();
        let races = state.races.into_iter();
        let races = races.map(|race| (race.name, race.gun_at_us, race.scheduled_at_us));
        let board: Board = (
            (state.event, state.event_date, state.points),
            (
                state.runner.map(out),
                state.arrivals.into_iter().map(out).collect(),
                races.collect(),
            ),
            (state.utc_offset_s, state.unofficial, state.demo),
        );
        board.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BoardState, D::Error> {
        let ((event, event_date, points), (runner, arrivals, races), more) =
            Board::deserialize(deserializer)?;
        let (utc_offset_s, unofficial, demo) = more;
        let races = races.into_iter();
        let race = |(name, gun_at_us, scheduled_at_us): Race| RaceClock {
            name,
            gun_at_us,
            scheduled_at_us,
        };
        Ok(BoardState {
            event,
            event_date,
            points,
            runner: runner.map(back),
            arrivals: arrivals.into_iter().map(back).collect(),
            races: races.map(race).collect(),
            utc_offset_s,
            unofficial,
            demo,
        })
    }

    fn out(of: Arrival) -> Crossing {
        (
            [of.bib, of.name, of.city, of.point, of.race, of.read_time],
            (of.gun_time_ms, of.chip_time_ms, of.distance_m, of.late),
            of.more.0,
        )
    }

    fn back((texts, (gun_time_ms, chip_time_ms, distance_m, late), more): Crossing) -> Arrival {
        let [bib, name, city, point, race, read_time] = texts;
        Arrival {
            bib,
            name,
            city,
            point,
            race,
            gun_time_ms,
            chip_time_ms,
            distance_m,
            more: Texts(more),
            read_time,
            late,
        }
    }

    #[cfg(all(test, feature = "ssr"))]
    mod tests {
        use super::super::Sample;
        use model::UnixMicros;

        #[test]
        fn every_sample_survives_the_way_to_the_browser() {
            for case in render::samples::all() {
                let sample = Sample {
                    label: case.name.to_owned(),
                    is_runner: false,
                    at: Some(UnixMicros(render::samples::NOW_US)),
                    board: case.state,
                };
                let bytes = postcard::to_allocvec(&sample).unwrap();
                assert_eq!(postcard::from_bytes::<Sample>(&bytes).unwrap(), sample);
            }
        }
    }
}

/// What came of a save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SaveAnswer {
    /// The revision of the draft since.
    Saved(u64),
    /// Somebody else saved in between: the draft as it is now.
    Stale { revision: u64, draft: Box<Document> },
}

#[server(prefix = "/rpc", endpoint = "open-builder", input = Json, output = Postcard)]
pub async fn open_builder(event: EventId, template: TemplateId) -> Result<BuilderView, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    let open = service::template::open_template(store, &caller, template).await?;
    let of_event = service::sample::samples(store, &caller, event, node.clock.now()).await?;
    let first = try_runner(event, String::new(), 0).await?;
    Ok(BuilderView {
        id: open.id,
        name: open.name,
        revision: open.revision,
        draft: open.document,
        samples: chosen::of(&of_event, first.sample),
        columns: of_event.columns,
        people: first.found,
    })
}

/// By bib, or the best first where they are searched as on the page of the roster. Past the last it
/// is the last.
#[server(prefix = "/rpc", endpoint = "try-runner", input = Json, output = Postcard)]
pub async fn try_runner(event: EventId, text: String, at: usize) -> Result<Runner, RpcError> {
    let Backend { node, caller } = backend()?;
    let (roster, found) = super::roster::with_bib(&node, &caller, event, &text).await?;
    let at = at.min(found.len().saturating_sub(1));
    let first = at.saturating_sub(model::limits::ARRIVALS_MAX - 1);
    let people = found.get(first..=at).unwrap_or_default();
    let people: Vec<_> = people
        .iter()
        .filter_map(|it| roster.people().get(*it))
        .collect();
    let now = node.clock.now();
    let board = service::sample::crossed(node.store(), &caller, event, (&people, first), now);
    let board = board.await?;
    let label = people
        .last()
        .map(|one| format!("{} {}", one.bib, one.public_name(&board.event_date)));
    Ok(Runner {
        at,
        found: found.len(),
        sample: label.map(|label| Sample {
            label,
            is_runner: true,
            at: None,
            board,
        }),
    })
}

/// Its edits come as postcard too: what writes a whole document as JSON is a part of the bundle.
#[server(prefix = "/rpc", endpoint = "save-template", input = Postcard, output = Postcard)]
pub async fn save_template(
    template: TemplateId,
    revision: u64,
    edits: Vec<Edit>,
) -> Result<SaveAnswer, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    let now = node.clock.now();
    let saved =
        service::template::save_template(store, &caller, template, revision, edits, now).await;
    match saved {
        Ok(revision) => Ok(SaveAnswer::Saved(revision)),
        Err(service::ServiceError::Store(service::StoreError::Stale { .. })) => {
            let open = service::template::open_template(store, &caller, template).await?;
            Ok(SaveAnswer::Stale {
                revision: open.revision,
                draft: Box::new(open.document),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Who of thousands is shown to somebody who designs.
#[cfg(feature = "ssr")]
mod chosen {
    use super::Sample;
    use model::{Arrival, Family, Font, UnixMicros};
    use render::{fit::Advances, samples as made_up};
    use service::sample::Samples;

    /// Of the made-up cases, those that a designer looks at.
    const MADE_UP: [(&str, &str); 10] = [
        ("full", "A full list"),
        ("usual", "A usual name"),
        ("longest", "A very long name"),
        ("shortest", "A very short name"),
        ("accented", "Accents"),
        ("rtl", "Arabic"),
        ("cjk", "Chinese"),
        ("thai", "Thai"),
        ("nameless", "A hidden name"),
        ("bare", "Nothing but a name"),
    ];

    /// How hard somebody is to show.
    type Measure<'a> = &'a dyn Fn(&Arrival) -> u32;

    pub fn of(of_event: &Samples, first: Option<Sample>) -> Vec<Sample> {
        let mut samples = vec![Sample {
            label: "Nobody".to_owned(),
            is_runner: false,
            at: None,
            board: of_event.board.clone(),
        }];
        samples.extend(first);
        let font = Font {
            family: Family::Sans,
            bold: true,
        };
        let width = |one: &Arrival| Advances::shipped().width_mem(font, &one.name);
        let length = |one: &Arrival| u32::try_from(one.name.chars().count()).unwrap_or(u32::MAX);
        let accents = |one: &Arrival| {
            let is_accented = |sign: &char| sign.is_alphabetic() && !sign.is_ascii();
            u32::try_from(one.name.chars().filter(is_accented).count()).unwrap_or(u32::MAX)
        };
        let by: [(&str, Measure<'_>); 3] = [
            ("Longest name", &length),
            ("Widest name", &width),
            ("Most accents", &accents),
        ];
        for (label, of) in by {
            let hardest = of_event.people.iter().enumerate();
            let hardest = hardest.max_by_key(|(_, one)| of(one));
            if let Some((index, one)) = hardest.filter(|(_, one)| of(one) > 0) {
                samples.push(Sample {
                    label: format!("{label}: {}", one.name),
                    is_runner: false,
                    at: None,
                    board: of_event.board_of(index),
                });
            }
        }
        let cases = made_up::all();
        for (name, label) in MADE_UP {
            if let Some(case) = cases.iter().find(|case| case.name == name) {
                samples.push(Sample {
                    label: format!("Made up: {label}"),
                    is_runner: false,
                    at: Some(UnixMicros(made_up::NOW_US)),
                    board: case.state.clone(),
                });
            }
        }
        samples
    }
}

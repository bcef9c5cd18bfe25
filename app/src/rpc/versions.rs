//! The saved states of a template: listed, named, compared with the draft, taken out again.

use super::RpcError;
#[cfg(feature = "ssr")]
use super::{Backend, backend};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{Document, EventId, TemplateId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    pub number: u32,
    /// May be empty.
    pub name: String,
    /// How it came about, when, and by whom.
    pub facts: String,
    /// Which displays draw with it now; empty where none does.
    pub on: String,
}

/// A version beside the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonView {
    /// What going back to it would do, by where. Empty where the two are the same.
    pub places: Vec<PlaceView>,
    /// Lines that are left out.
    pub more: usize,
    /// Of both.
    pub scenes: Vec<String>,
    /// Width and height of the canvases of both, in pixels.
    pub layouts: Vec<(u32, u32)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    /// Empty: the template as a whole.
    pub title: String,
    pub lines: Vec<String>,
}

/// The newest first.
#[server(prefix = "/rpc", endpoint = "template-versions", input = Json, output = Postcard)]
pub async fn versions(event: EventId, template: TemplateId) -> Result<Vec<VersionRow>, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let versions = service::template::template_versions(store, &caller, template, now).await?;
    let outlets = super::templates::outlets(event, template).await?;
    let row = |version: store::Version| {
        let here = outlets.iter().filter(|it| it.shows == Some(version.number));
        let here: Vec<&str> = here.map(|it| it.title.as_str()).collect();
        VersionRow {
            number: version.number,
            facts: words::facts(&version, now),
            on: words::on(&here, version.displays),
            name: version.name,
        }
    };
    Ok(versions.into_iter().map(row).collect())
}

/// Keeps the draft as it is, and gives the number of that version.
#[server(prefix = "/rpc", endpoint = "keep-version", input = Json, output = Postcard)]
pub async fn keep_version(template: TemplateId, name: String) -> Result<u32, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    Ok(service::template::draft_as_version(store, &caller, template, &name, now).await?)
}

#[server(prefix = "/rpc", endpoint = "name-version", input = Json, output = Postcard)]
pub async fn name_version(template: TemplateId, number: u32, name: String) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    Ok(service::template::name_version(store, &caller, template, number, &name).await?)
}

#[server(prefix = "/rpc", endpoint = "compare-version", input = Json, output = Postcard)]
pub async fn compare_version(
    template: TemplateId,
    number: u32,
) -> Result<ComparisonView, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    let found = service::template::compare_version(store, &caller, template, number).await?;
    let (places, more) = words::places(&found.differences);
    let layouts = found.layouts.iter();
    Ok(ComparisonView {
        places,
        more,
        scenes: found.scenes,
        layouts: layouts.map(|it| (it.width_px, it.height_px)).collect(),
    })
}

/// What it looks like.
#[server(prefix = "/rpc", endpoint = "version-document", input = Json, output = Postcard)]
pub async fn version_document(template: TemplateId, number: u32) -> Result<Document, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    Ok(service::template::version_document(store, &caller, template, number).await?)
}

#[cfg(feature = "ssr")]
mod words {
    use super::PlaceView;
    use crate::format::{counted, roughly};
    use model::UnixMicros;
    use service::template::{Aspect, Difference, What};
    use store::{Version, VersionOrigin};

    /// More than anybody reads; what is left out is counted.
    const LINES_MAX: usize = 60;

    pub fn facts(version: &Version, now: UnixMicros) -> String {
        let seconds = u64::try_from(now.0 - version.made_at.0).unwrap_or(0) / 1_000_000;
        let when = match seconds {
            0..60 => "just now".to_owned(),
            seconds => format!("{} ago", roughly(seconds)),
        };
        let by = &version.made_by;
        match version.origin {
            VersionOrigin::Published => format!("Published {when} by {by}"),
            VersionOrigin::Named => format!("Kept {when} by {by}"),
            VersionOrigin::Automatic => format!("Kept by itself {when}, before a change by {by}"),
        }
    }

    /// `here` are displays of this event, `all` is how many of any event there are.
    pub fn on(here: &[&str], all: u32) -> String {
        let elsewhere = u64::from(all).saturating_sub(here.len() as u64);
        let here = here.join(", ");
        let others = counted(
            elsewhere,
            "display of another event",
            "displays of other events",
        );
        match (here.is_empty(), elsewhere) {
            (true, 0) => String::new(),
            (true, _) => format!("On {others}"),
            (false, 0) => format!("On {here}"),
            (false, _) => format!("On {here}, and on {others}"),
        }
    }

    /// Together what is in the same place, with how many lines are left out.
    pub fn places(differences: &[Difference]) -> (Vec<PlaceView>, usize) {
        let mut places: Vec<PlaceView> = Vec::new();
        for difference in differences.iter().take(LINES_MAX) {
            let (title, line) = (title(difference), line(&difference.what));
            match places.iter_mut().find(|place| place.title == title) {
                Some(place) => place.lines.push(line),
                None => places.push(PlaceView {
                    title,
                    lines: vec![line],
                }),
            }
        }
        (places, differences.len().saturating_sub(LINES_MAX))
    }

    fn title(of: &Difference) -> String {
        let size = of
            .layout
            .map(|it| format!("{} × {}", it.width_px, it.height_px));
        match (&of.scene, size) {
            (Some(scene), Some(size)) => format!("Scene {scene}, {size}"),
            (None, Some(size)) => format!("Layout {size}"),
            (_, None) => String::new(),
        }
    }

    fn line(what: &What) -> String {
        match what {
            What::Subject => "Changes whom it shows".to_owned(),
            What::Theme => "Changes the theme".to_owned(),
            What::LayoutAdded => "Adds this layout".to_owned(),
            What::LayoutRemoved => "Removes this layout".to_owned(),
            What::Resized(from) => format!("Was {} × {}", from.width_px, from.height_px),
            What::Guides => "Changes the guides".to_owned(),
            What::SceneAdded => "Adds this scene".to_owned(),
            What::SceneRemoved => "Removes this scene".to_owned(),
            What::Background => "Changes the background".to_owned(),
            What::Fade => "Changes how it comes".to_owned(),
            What::Order => "Changes what lies over what".to_owned(),
            What::Added(name) => format!("Adds {name}"),
            What::Removed(name) => format!("Removes {name}"),
            What::Changed(name, aspects) => {
                let aspects: Vec<_> = aspects.iter().copied().map(aspect).collect();
                format!("Changes {name}: {}", aspects.join(", "))
            }
        }
    }

    const fn aspect(aspect: Aspect) -> &'static str {
        match aspect {
            Aspect::Name => "name",
            Aspect::Place => "place",
            Aspect::Drawing => "content or look",
            Aspect::Visibility => "when it is seen",
            Aspect::Motion => "motion",
            Aspect::Constraints => "constraints",
            Aspect::Lock => "lock",
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_displays_of_a_version_are_named() {
            let check = |here: &[&str], all, expected: &str| {
                assert_eq!(on(here, all), expected);
            };
            check(&[], 0, "");
            check(&["Finish"], 1, "On Finish");
            check(&["Finish", "5K"], 2, "On Finish, 5K");
            check(
                &["Finish"],
                2,
                "On Finish, and on 1 display of another event",
            );
            check(&[], 2, "On 2 displays of other events");
            // Ended in between.
            check(&["Finish"], 0, "On Finish");
        }

        #[test]
        fn more_lines_than_anybody_reads_are_counted() {
            let one = |what| Difference {
                layout: None,
                scene: None,
                what,
            };
            let all: Vec<_> = (0..LINES_MAX + 3)
                .map(|index| one(What::Added(index.to_string())))
                .collect();
            let (places, more) = places(&all);
            assert_eq!((places.len(), places[0].lines.len()), (1, LINES_MAX));
            assert_eq!(more, 3);
        }
    }
}

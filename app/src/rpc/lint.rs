//! What is found in a template, and publishing it by who has seen that.
//!
//! Sentences and meters are made here: the browser only shows them.

use super::RpcError;
#[cfg(feature = "ssr")]
use super::{Backend, backend};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{DisplayId, EventId, TemplateId};
#[cfg(feature = "ssr")]
use model::{Finding, Panel, socket::Level};
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use service::template::{Audience, Publish, Published};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// Of the screen and from where it is read, in meters; empty where nobody has said it.
    pub width: String,
    pub distance: String,
    pub found: Vec<FoundRow>,
}

/// One finding, where it is and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRow {
    pub key: String,
    pub layout: usize,
    pub scene: String,
    pub element: String,
    pub name: String,
    pub sentence: String,
    /// Somebody has published it in spite of that.
    pub accepted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublishAnswer {
    /// The number of the version that it is then.
    Version(u32),
    /// Nothing was done: these are not accepted yet, and not all of them were seen.
    Asks(Vec<FoundRow>),
}

#[server(prefix = "/rpc", endpoint = "check-template", input = Json, output = Postcard)]
pub async fn check_template(event: EventId, template: TemplateId) -> Result<CheckView, RpcError> {
    let Backend { node, caller } = backend()?;
    let audience = audience(&node, &caller, event, template, &[]).await?;
    let now = node.clock.now();
    let checked =
        service::template::lint_template(node.store(), &caller, template, audience, now).await?;
    let meters = |of: fn(Panel) -> u32| {
        let mm = checked.panel.map(of);
        mm.map_or_else(String::new, |mm| (f64::from(mm) / 1_000.0).to_string())
    };
    Ok(CheckView {
        width: meters(|panel| panel.width_mm),
        distance: meters(|panel| panel.distance_mm),
        found: rows(checked.findings, &checked.accepted),
    })
}

/// In meters, as somebody typed them. Both empty: nobody knows.
#[server(prefix = "/rpc", endpoint = "set-template-panel", input = Json, output = Postcard)]
pub async fn set_panel(
    template: TemplateId,
    width: String,
    distance: String,
) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let panel = panel(&width, &distance)?;
    Ok(service::template::set_panel(node.store(), &caller, template, panel).await?)
}

#[server(prefix = "/rpc", endpoint = "publish-template", input = Json, output = Postcard)]
pub async fn publish_template(
    event: EventId,
    template: TemplateId,
    revision: u64,
    displays: Vec<DisplayId>,
    accepted: Vec<String>,
) -> Result<PublishAnswer, RpcError> {
    let Backend { node, caller } = backend()?;
    let audience = audience(&node, &caller, event, template, &displays).await?;
    let publish = Publish {
        revision,
        displays,
        accepted,
    };
    let (store, now) = (node.store(), node.clock.now());
    let done = service::template::publish_checked(store, &caller, template, audience, publish, now)
        .await?;
    Ok(match done {
        Published::Version(number) => PublishAnswer::Version(number),
        Published::Asks(findings) => PublishAnswer::Asks(rows(findings, &[])),
    })
}

#[cfg(feature = "ssr")]
fn rows(findings: Vec<Finding>, accepted: &[String]) -> Vec<FoundRow> {
    let row = |finding: Finding| {
        let (key, sentence) = (finding.key(), finding.sentence());
        FoundRow {
            accepted: accepted.contains(&key),
            key,
            sentence,
            layout: finding.layout,
            scene: finding.scene,
            element: finding.element,
            name: finding.name,
        }
    };
    findings.into_iter().map(row).collect()
}

/// The screens that show it now, and those that are about to.
#[cfg(feature = "ssr")]
async fn audience(
    node: &service::Node,
    caller: &service::Caller,
    event: EventId,
    template: TemplateId,
    chosen: &[DisplayId],
) -> Result<Audience, RpcError> {
    use model::TemplatePin;
    let displays = service::setup::displays(node.store(), caller, event).await?;
    let shows = |display: &store::Display| {
        let is_pinned = matches!(display.template,
            TemplatePin::Version { template: shown, .. } if shown == template);
        is_pinned || chosen.contains(&display.id)
    };
    let showing = displays.iter().filter(|display| shows(display));
    let screens = showing.flat_map(|display| node.hub.screens(&display.code));
    let lite = screens.filter(|screen| screen.level == Level::Lite);
    Ok(Audience {
        event,
        lite_screens: u32::try_from(lite.count()).unwrap_or(u32::MAX),
    })
}

#[cfg(feature = "ssr")]
fn panel(width: &str, distance: &str) -> Result<Option<Panel>, RpcError> {
    let mm = |field, text: &str| -> Result<Option<u32>, RpcError> {
        let text = text
            .trim()
            .trim_end_matches('m')
            .trim_end()
            .replace(',', ".");
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || RpcError::invalid(field, "it is no number of meters, such as 4.5");
        let meters: f64 = text.parse().map_err(|_| wrong())?;
        // What is no number becomes zero, and too much the most there is: both are refused.
        Ok(Some((meters * 1_000.0).round() as u32))
    };
    match (mm("width", width)?, mm("distance", distance)?) {
        (None, None) => Ok(None),
        (Some(width_mm), Some(distance_mm)) => Ok(Some(Panel {
            width_mm,
            distance_mm,
        })),
        (None, Some(_)) => Err(RpcError::invalid(
            "width",
            "say how wide the screen is, too",
        )),
        (Some(_), None) => Err(RpcError::invalid(
            "distance",
            "say from how far it is read, too",
        )),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn meters_are_taken_as_people_write_them() {
        let check = |width: &str, distance: &str, expected: Option<[u32; 2]>| {
            let found = panel(width, distance).unwrap();
            let found = found.map(|panel| [panel.width_mm, panel.distance_mm]);
            assert_eq!(found, expected, "{width} {distance}");
        };
        check("", " ", None);
        check("4", "15", Some([4_000, 15_000]));
        check(" 3,84 m", "12.5", Some([3_840, 12_500]));
        check("-1", "1e99", Some([0, u32::MAX]));
        let refuse = |width: &str, distance: &str, field: &str| {
            let error = panel(width, distance).unwrap_err();
            assert_eq!(error.field(), Some(field), "{width} {distance}");
        };
        refuse("4", "", "distance");
        refuse("", "4", "width");
        refuse("wide", "4", "width");
        refuse("4", "4 ft", "distance");
    }
}

//! The partner's own templates: listed, made, called otherwise, put away, published.

#[cfg(feature = "ssr")]
use super::{Backend, backend, event::event_row};
use super::{RpcError, event::EventRow};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{
    BuiltIn, DisplayId, EventId, TemplateId,
    document::{Canvas, Subject},
};
use serde::{Deserialize, Serialize};

/// All that the page of templates shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatesView {
    pub event: EventRow,
    /// Last edited first; archived ones too.
    pub own: Vec<OwnTemplate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTemplate {
    pub id: TemplateId,
    pub name: String,
    pub archived: bool,
    pub edited_ago_ms: u64,
    /// The newest version that was published.
    pub published: Option<u32>,
    /// How many displays draw with one of its versions now.
    pub displays: u32,
}

/// What a new template begins as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Beginning {
    BuiltIn(BuiltIn),
    Own(TemplateId),
    Blank { canvas: Canvas, subject: Subject },
}

/// Where a template can be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlet {
    pub display: DisplayId,
    /// By its name, else by its points.
    pub title: String,
    /// The version of this template that it shows.
    pub shows: Option<u32>,
}

#[server(prefix = "/rpc", endpoint = "templates", input = Json, output = Postcard)]
pub async fn templates(event: EventId) -> Result<TemplatesView, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let row = service::setup::event(store, &caller, event).await?;
    let mut found = service::template::templates(store, &caller, event, now).await?;
    found.sort_by_key(|one| std::cmp::Reverse(one.edited_at));
    let own = found.into_iter().map(|one| OwnTemplate {
        id: one.id,
        name: one.name,
        archived: one.archived,
        edited_ago_ms: u64::try_from(now.0 - one.edited_at.0).unwrap_or(0) / 1_000,
        published: one.published,
        displays: one.displays,
    });
    Ok(TemplatesView {
        event: event_row(row, now)?,
        own: own.collect(),
    })
}

#[server(prefix = "/rpc", endpoint = "create-template", input = Json, output = Postcard)]
pub async fn create_template(
    event: EventId,
    name: String,
    begins: Beginning,
) -> Result<TemplateId, RpcError> {
    use service::template::{NewTemplate, Source};
    let Backend { node, caller } = backend()?;
    let from = match begins {
        Beginning::BuiltIn(built_in) => Source::BuiltIn(built_in),
        Beginning::Own(id) => Source::Draft(id),
        Beginning::Blank { canvas, subject } => Source::Blank { canvas, subject },
    };
    let (new, now) = (NewTemplate { name, from }, node.clock.now());
    Ok(service::template::create_template(node.store(), &caller, event, new, now).await?)
}

#[server(prefix = "/rpc", endpoint = "rename-template", input = Json, output = Postcard)]
pub async fn rename_template(template: TemplateId, name: String) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    service::template::rename_template(node.store(), &caller, template, &name).await?;
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "archive-template", input = Json, output = Postcard)]
pub async fn archive_template(template: TemplateId, archived: bool) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::template::archive_template(node.store(), &caller, template, archived).await?)
}

/// The event's displays that are neither off nor expired.
#[server(prefix = "/rpc", endpoint = "template-outlets", input = Json, output = Postcard)]
pub async fn outlets(event: EventId, template: TemplateId) -> Result<Vec<Outlet>, RpcError> {
    use model::TemplatePin;
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let points = service::setup::points(store, &caller, event).await?;
    let displays = service::setup::displays(store, &caller, event).await?;
    let running = displays
        .into_iter()
        .filter(|display| !display.ended && now < display.expires_at);
    let outlets = running.map(|display| {
        let of = |id: &model::PointId| points.iter().find(|point| point.id == *id);
        let names: Vec<&str> = display
            .points
            .iter()
            .filter_map(of)
            .map(|point| &*point.name)
            .collect();
        Outlet {
            title: match &*display.name {
                "" => names.join(", "),
                name => name.to_owned(),
            },
            shows: match display.template {
                TemplatePin::Version {
                    template: shown,
                    number,
                } if shown == template => Some(number),
                _ => None,
            },
            display: display.id,
        }
    });
    Ok(outlets.collect())
}

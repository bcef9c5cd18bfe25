//! What the builder and the page of templates show in frames: the empty page that the builder draws
//! in, and still pictures of templates. They look as a display's page does, so what is seen there
//! is what screens show.
//!
//! Only for somebody who is logged in.

use super::{Web, assets, html, qr};
use app::rpc::Visitor;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::{
    BoardState, BuiltIn, Document, TemplateId,
    document::{SceneLayout, Subject},
};
use render::{
    page::{canvas_page, picture_page},
    samples,
};
use serde::Deserialize;
use service::ServiceError;

/// Of the pictures of QR codes on a template that no display shows.
const QR_URL: &str = "/canvas/qr/";

/// `/canvas`
pub async fn page() -> Response {
    html(canvas_page(assets::kiosk_urls().assets()))
}

/// `/canvas/qr/{text}`: the picture of a QR code of a template that is being made.
pub async fn qr(Path(text): Path<String>) -> Response {
    qr::shown(&text)
}

/// Which picture of a template is wanted. Else it is that of the draft, with somebody in it, and as
/// the frame's shape has it.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    version: Option<u32>,
    scene: Option<String>,
    /// The size of its canvas: `1920x1080`.
    layout: Option<String>,
}

/// `/canvas/picture/{template}`: a built-in one by its name, an own one by its id.
pub async fn picture(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(template): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let document = match document(&web, &visitor, &template, wanted.version).await {
        Ok(Some(document)) => document,
        Ok(None) | Err(ServiceError::NotFound { .. }) => {
            return StatusCode::NOT_FOUND.into_response();
        }
        Err(error) => {
            tracing::warn!(%error, "a template could not be shown");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let (document, state) = as_wanted(document, samples::full(), &wanted);
    let urls = assets::kiosk_urls();
    html(picture_page(
        &document,
        &state,
        samples::NOW_US,
        QR_URL,
        urls.assets(),
    ))
}

async fn document(
    web: &Web,
    visitor: &Visitor,
    template: &str,
    version: Option<u32>,
) -> Result<Option<Document>, ServiceError> {
    if let Ok(built_in) = template.parse::<BuiltIn>() {
        return Ok(Some(built_in.document().clone()));
    }
    let (Ok(id), Some(caller)) = (template.parse::<TemplateId>(), &visitor.caller) else {
        return Ok(None);
    };
    let store = web.node.store();
    let document = match version {
        Some(number) => service::template::version_document(store, caller, id, number).await?,
        None => {
            service::template::open_template(store, caller, id)
                .await?
                .document
        }
    };
    Ok(Some(document))
}

/// The scene takes the place of the one that the state would show. One that the layout does not
/// have is empty: another one in its place would be taken for it.
fn as_wanted(
    mut document: Document,
    mut state: BoardState,
    wanted: &Wanted,
) -> (Document, BoardState) {
    let size = wanted.layout.as_deref().and_then(|size| {
        let (width, height) = size.split_once('x')?;
        Some((width.parse().ok()?, height.parse().ok()?))
    });
    let layout = size.and_then(|(width, height)| document.layout_for(width, height).cloned());
    if let Some(layout) = layout {
        document.layouts = vec![layout];
    }
    let Some(name) = wanted.scene.as_deref() else {
        return (document, state);
    };
    if name == "resting" && document.subject != Subject::Nobody {
        state.runner = None;
        state.arrivals.clear();
    }
    let shown = state.scene(document.subject).name();
    for layout in &mut document.layouts {
        let mut scenes = layout.scenes.iter();
        let scene = scenes.find(|scene| scene.name == name).cloned();
        let scene = scene.unwrap_or_else(|| SceneLayout {
            name: name.to_owned(),
            background: model::document::Fill::default(),
            fade_ms: 0,
            elements: Vec::new(),
        });
        for place in layout.scenes.iter_mut().filter(|it| it.name == shown) {
            *place = SceneLayout {
                name: shown.to_owned(),
                ..scene.clone()
            };
        }
    }
    (document, state)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(scene: Option<&str>, layout: Option<&str>) -> Wanted {
        Wanted {
            version: None,
            scene: scene.map(str::to_owned),
            layout: layout.map(str::to_owned),
        }
    }

    #[test]
    fn the_wanted_scene_is_what_is_drawn() {
        let check = |built_in: BuiltIn, name: &str| {
            let before = built_in.document().clone();
            let wanted = wanted(Some(name), None);
            let (document, state) = as_wanted(before.clone(), samples::full(), &wanted);
            let shown = state.scene(document.subject).name();
            let elements = |document: &Document, name: &str| {
                let scenes = document.layouts[0].scenes.iter();
                let mut named = scenes.filter(|scene| scene.name == name);
                named.next().map(|scene| scene.elements.clone())
            };
            let expected = elements(&before, name).unwrap_or_default();
            assert_eq!(elements(&document, shown), Some(expected), "{name}");
        };
        for built_in in [BuiltIn::FinishWide, BuiltIn::Arrivals, BuiltIn::Clock] {
            for name in ["resting", "runner", "interlude"] {
                check(built_in, name);
            }
        }
    }

    #[test]
    fn a_layout_is_named_by_its_size() {
        let check = |layout, expected: &[u32]| {
            let before = BuiltIn::Arrivals.document().clone();
            let (document, _) = as_wanted(before, samples::full(), &wanted(None, layout));
            let widths = document.layouts.iter().map(|it| it.canvas.width_px);
            assert_eq!(widths.collect::<Vec<_>>(), expected, "{layout:?}");
        };
        let all = BuiltIn::Arrivals.document().layouts.iter();
        let all: Vec<u32> = all.map(|it| it.canvas.width_px).collect();
        check(Some("1080x1920"), &[1_080]);
        check(Some("1920x1080"), &[1_920]);
        for wrong in [None, Some(""), Some("x"), Some("1080"), Some("-1x2")] {
            check(wrong, &all);
        }
    }
}

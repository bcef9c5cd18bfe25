//! What a template is begun from.

use super::scope_of_template;
use crate::{
    Caller, Right, ServiceError,
    setup::{scope_of_event, valid_name},
};
use model::{
    BuiltIn, Document, EventId, TemplateId, UnixMicros,
    document::{Canvas, Fill, Layout, Role, SCHEMA, SceneLayout, Subject},
    limits::SCENE_FADE_MS,
};
use store::{PartnerScope, Store};

#[derive(Clone, Debug)]
pub struct NewTemplate {
    pub name: String,
    pub from: Source,
}

#[derive(Clone, Copy, Debug)]
pub enum Source {
    BuiltIn(BuiltIn),
    /// What is worked on of an own one.
    Draft(TemplateId),
    Version {
        template: TemplateId,
        number: u32,
    },
    /// Nothing but the colors and fonts.
    Blank {
        subject: Subject,
        canvas: Canvas,
    },
}

/// For the partner whose event it is.
pub async fn create_template(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    new: NewTemplate,
    now: UnixMicros,
) -> Result<TemplateId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    create(store, &scope, new, now).await
}

/// Another one that begins with what is worked on of this one.
pub async fn duplicate_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    name: String,
    now: UnixMicros,
) -> Result<TemplateId, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    let from = Source::Draft(id);
    create(store, &scope, NewTemplate { name, from }, now).await
}

async fn create(
    store: &dyn Store,
    scope: &PartnerScope,
    new: NewTemplate,
    now: UnixMicros,
) -> Result<TemplateId, ServiceError> {
    let name = valid_name("name", &new.name)?;
    let (document, made_from) = match new.from {
        Source::BuiltIn(built_in) => (built_in.document().clone(), built_in),
        Source::Draft(id) => {
            let draft = store.draft(scope, id).await?;
            (draft.document, draft.made_from)
        }
        Source::Version { template, number } => {
            let document = store.version_document(scope, template, number).await?;
            (document, store.draft(scope, template).await?.made_from)
        }
        Source::Blank { subject, canvas } => blank(subject, canvas)?,
    };
    let new = store::NewTemplate {
        name,
        document,
        made_from,
    };
    Ok(store.create_template(scope, new, now).await?)
}

fn blank(subject: Subject, canvas: Canvas) -> Result<(Document, BuiltIn), ServiceError> {
    let nearest = match subject {
        Subject::Runner if canvas.width_px < canvas.height_px => BuiltIn::FinishTall,
        Subject::Runner => BuiltIn::FinishWide,
        Subject::Arrivals => BuiltIn::Arrivals,
        Subject::Nobody => BuiltIn::Clock,
    };
    let scene = |name: &str| SceneLayout {
        name: name.to_owned(),
        background: Fill::Color(Role::Background.into()),
        fade_ms: SCENE_FADE_MS,
        elements: Vec::new(),
    };
    let document = Document {
        schema: SCHEMA,
        subject,
        theme: nearest.document().theme.clone(),
        layouts: vec![Layout {
            canvas,
            guides: Vec::new(),
            scenes: vec![scene("resting"), scene("runner")],
        }],
    };
    let wrong = |fault: model::document::Fault| {
        ServiceError::invalid("canvas", format!("{}; choose another size", fault.problem))
    };
    document.check().map_err(wrong)?;
    Ok((document, nearest))
}

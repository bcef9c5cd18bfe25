//! Own templates: made, worked on, published, put away.
//!
//! Which template a display draws with may change in `setup` too. What a running server draws with
//! is loaded by `node`.

mod difference;
mod lint;
mod named;
mod source;

pub use difference::{Aspect, Difference, What, differences};
pub use lint::{Audience, Checked, Published, lint_template, publish_checked, set_panel};
pub use named::{pin_named, subject_of};
pub use source::{NewTemplate, Source, create_template, duplicate_template};

use crate::{
    Caller, Right, ServiceError, authority, limits,
    setup::{scope_of_event, valid_name, valid_name_or_none},
};
use model::{
    DisplayId, Document, EventId, TemplateId, TemplatePin, UnixMicros,
    document::{Canvas, Edit, EditError},
};
use store::{Draft, DraftSave, PartnerScope, Store, StoreError, Template, Version};

/// What somebody publishes.
#[derive(Clone, Debug, Default)]
pub struct Publish {
    /// The draft as they saw it.
    pub revision: u64,
    /// They draw with it from then on.
    pub displays: Vec<DisplayId>,
    /// The keys of findings that they publish it in spite of.
    pub accepted: Vec<String>,
}

/// Those of the partner whose event it is, in the order in which they were made; archived ones too.
pub async fn templates(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    now: UnixMicros,
) -> Result<Vec<Template>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.templates(&scope, now).await?)
}

pub async fn open_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
) -> Result<Draft, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::See).await?;
    Ok(store.draft(&scope, id).await?)
}

/// Makes the changes in the draft of revision `base`, all of them or none, and gives the new
/// revision. A draft that nobody has changed for a while is kept as a version before, and so is one
/// that makes room for another document, such as an older version.
pub async fn save_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    base: u64,
    edits: Vec<Edit>,
    now: UnixMicros,
) -> Result<u64, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    few_enough(&edits)?;
    let draft = store.draft(&scope, id).await?;
    if draft.revision != base {
        return Err(StoreError::Stale { what: "template" }.into());
    }
    let keep_before = match replaces(&edits) {
        true => UnixMicros(i64::MAX),
        false => now.plus_ms(-limits::VERSION_PAUSE_MS),
    };
    let mut document = draft.document;
    let wrong = |error: EditError| ServiceError::invalid("template", error.to_string());
    document.edited(Edit::All(edits)).map_err(wrong)?;
    let save = DraftSave {
        base,
        document: &document,
        by: caller.name(),
        at: now,
        keep_before,
    };
    Ok(store.save_draft(&scope, id, save).await?)
}

/// Gives the name before.
pub async fn rename_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    name: &str,
) -> Result<String, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    let before = store.draft(&scope, id).await?.name;
    let name = valid_name("name", name)?;
    store.rename_template(&scope, id, &name).await?;
    Ok(before)
}

/// Puts it away, or brings it back. Displays that draw with it go on.
pub async fn archive_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    archived: bool,
) -> Result<(), ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    Ok(store.archive_template(&scope, id, archived).await?)
}

/// Gives the number of the version that the draft is then published as, and that the displays draw
/// with. Done once more, it gives the same. Looks at nothing before: `publish_checked` does.
pub async fn publish_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    publish: Publish,
    now: UnixMicros,
) -> Result<u32, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    let most = limits::DISPLAYS_PER_PUBLICATION_MAX;
    if publish.displays.len() > most {
        let problem = format!("at most {most} are moved at once; publish, and then move the rest");
        return Err(ServiceError::invalid("displays", problem));
    }
    let publication = store::Publication {
        revision: publish.revision,
        displays: &publish.displays,
        accepted: &publish.accepted,
        by: caller.name(),
        at: now,
    };
    Ok(store.publish_draft(&scope, id, publication).await?)
}

/// Keeps the draft as it is now under a name, and gives the number of that version.
pub async fn draft_as_version(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    name: &str,
    now: UnixMicros,
) -> Result<u32, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    let name = valid_name("name", name)?;
    Ok(store
        .keep_draft(&scope, id, &name, caller.name(), now)
        .await?)
}

/// The newest first.
pub async fn template_versions(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    now: UnixMicros,
) -> Result<Vec<Version>, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::See).await?;
    Ok(store.versions(&scope, id, now).await?)
}

pub async fn version_document(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    number: u32,
) -> Result<Document, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::See).await?;
    Ok(store.version_document(&scope, id, number).await?)
}

/// The draft beside one of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What would become of the draft if it were that version.
    pub differences: Vec<Difference>,
    /// Of both, the version's first.
    pub scenes: Vec<String>,
    pub layouts: Vec<Canvas>,
}

pub async fn compare_version(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    number: u32,
) -> Result<Comparison, ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::See).await?;
    let draft = store.draft(&scope, id).await?.document;
    let version = store.version_document(&scope, id, number).await?;
    let (mut scenes, mut layouts) = (Vec::new(), Vec::new());
    for layout in version.layouts.iter().chain(&draft.layouts) {
        if !layouts.contains(&layout.canvas) {
            layouts.push(layout.canvas);
        }
        for scene in &layout.scenes {
            if !scenes.contains(&scene.name) {
                scenes.push(scene.name.clone());
            }
        }
    }
    Ok(Comparison {
        differences: differences(&draft, &version),
        scenes,
        layouts,
    })
}

/// One with a name stays, however many come after it. An empty name takes the name away.
pub async fn name_version(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    number: u32,
    name: &str,
) -> Result<(), ServiceError> {
    let scope = scope_of_template(store, caller, id, Right::Run).await?;
    let name = valid_name_or_none("name", name)?;
    Ok(store.name_version(&scope, id, number, &name).await?)
}

/// The scope of the partner whose template it is.
async fn scope_of_template(
    store: &dyn Store,
    caller: &Caller,
    id: TemplateId,
    right: Right,
) -> Result<PartnerScope, ServiceError> {
    let owner = store.owner_of_template(id).await?;
    authority::scope(caller, owner, right, || ServiceError::NotFound {
        what: "template",
        which: id.to_string(),
        hint: "gantry template list prints the ids",
    })
}

fn replaces(edits: &[Edit]) -> bool {
    edits.iter().any(|edit| match edit {
        Edit::Document(_) => true,
        Edit::All(edits) => replaces(edits),
        _ => false,
    })
}

fn few_enough(edits: &[Edit]) -> Result<(), ServiceError> {
    fn count(edits: &[Edit]) -> usize {
        let of = |edit: &Edit| match edit {
            Edit::All(edits) => 1 + count(edits),
            _ => 1,
        };
        edits.iter().map(of).sum()
    }
    let bytes = serde_json::to_vec(edits).map_or(usize::MAX, |text| text.len());
    if count(edits) > limits::EDITS_PER_SAVE_MAX || bytes > limits::SAVE_BYTES_MAX {
        let problem = "it is too much to save at once; save more often, and use smaller pictures";
        return Err(ServiceError::invalid("template", problem));
    }
    Ok(())
}

/// For a use case in which a display is given a template.
pub(crate) fn unless_foreign(pin: Option<TemplatePin>) -> impl FnOnce(StoreError) -> ServiceError {
    move |error| match (error, pin) {
        (StoreError::Foreign { what: "template" }, Some(pin)) => ServiceError::NotFound {
            what: "template",
            which: pin.to_string(),
            hint: "gantry template list prints those that are published",
        },
        (other, _) => other.into(),
    }
}

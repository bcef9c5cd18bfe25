//! Templates as somebody at a shell names them, and what a display's template shows.

use crate::{Caller, Right, ServiceError, authority, setup::scope_of_event};
use model::{EventId, TemplatePin, UnixMicros, document::Subject};
use store::{Display, Store, Template};

/// A built-in one by its name, a version as `ID@NUMBER`, or the newest published version of an own
/// one by its id or name.
pub async fn pin_named(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    text: &str,
    now: UnixMicros,
) -> Result<TemplatePin, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    let unknown = match text.parse() {
        Ok(pin) => return Ok(pin),
        Err(unknown) => unknown,
    };
    let name = text.trim().to_lowercase();
    let is_meant = |one: &Template| one.id.to_string() == name || one.name.to_lowercase() == name;
    let mut own = store.templates(&scope, now).await?;
    own.retain(|one| !one.archived && is_meant(one));
    let wrong = |problem| Err(ServiceError::invalid("template", problem));
    match own.as_slice() {
        [] => wrong(unknown.to_string()),
        [only] => match only.published {
            Some(number) => Ok(TemplatePin::Version {
                template: only.id,
                number,
            }),
            None => wrong(format!(
                "{} was never published; publish it first",
                only.name
            )),
        },
        several => {
            let ids: Vec<_> = several.iter().map(|one| one.id.to_string()).collect();
            let ids = ids.join(", ");
            wrong(format!("several are called so, name one by its id: {ids}"))
        }
    }
}

/// Whom a display's template shows.
pub async fn subject_of(
    store: &dyn Store,
    caller: &Caller,
    display: &Display,
) -> Result<Subject, ServiceError> {
    let (template, number) = match display.template {
        TemplatePin::BuiltIn(built_in) => return Ok(built_in.subject()),
        TemplatePin::Version { template, number } => (template, number),
    };
    let missing = || ServiceError::NotFound {
        what: "display",
        which: display.id.to_string(),
        hint: "its id was printed when it was created",
    };
    let scope = authority::scope(caller, Some(display.partner), Right::See, missing)?;
    Ok(store
        .version_document(&scope, template, number)
        .await?
        .subject)
}

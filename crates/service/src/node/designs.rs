//! What own templates look like, read once for all displays that draw with the same version.

use crate::ServiceError;
use model::{BuiltIn, Design, TemplatePin};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Weak},
};
use store::{PartnerScope, Store};

/// What a display draws with whose version cannot be read: a screen never goes black.
const INSTEAD: BuiltIn = BuiltIn::FinishWide;

#[derive(Default)]
pub struct Designs {
    /// For as long as a display draws with it.
    known: HashMap<TemplatePin, Weak<Design>>,
    /// Those that the log tells of.
    unusable: HashSet<TemplatePin>,
}

impl Designs {
    /// An error is one of the database as it is now.
    pub async fn of(
        &mut self,
        store: &dyn Store,
        scope: &PartnerScope,
        pin: TemplatePin,
    ) -> Result<Arc<Design>, ServiceError> {
        let (template, number) = match pin {
            TemplatePin::BuiltIn(built_in) => return Ok(Design::built_in(built_in)),
            TemplatePin::Version { template, number } => (template, number),
        };
        if let Some(design) = self.known.get(&pin).and_then(Weak::upgrade) {
            return Ok(design);
        }
        self.known.retain(|_, design| design.strong_count() > 0);
        let read = store.version_document(scope, template, number).await;
        match read.map_err(ServiceError::from) {
            Ok(document) => {
                let design = Arc::new(Design::new(pin, document));
                self.known.insert(pin, Arc::downgrade(&design));
                self.unusable.remove(&pin);
                Ok(design)
            }
            Err(error) if error.is_of_the_moment() => Err(error),
            Err(error) => {
                if self.unusable.insert(pin) {
                    let instead = INSTEAD.name();
                    tracing::error!(
                        %pin,
                        %error,
                        instead,
                        "a template cannot be read; its displays draw with a built-in one"
                    );
                }
                Ok(Design::built_in(INSTEAD))
            }
        }
    }
}

//! Partners, events, streams, points and displays: made and changed.

mod display;
mod event;
mod stream;

pub use display::{CreatedDisplay, NewDisplay, create_display};
pub use event::{create_event, create_partner, scope_of_event, set_bib_rule};
pub use stream::{
    StreamSummary, create_stream, map_location, rename_point, scope_of_stream, stream_list,
    unknown_reads, update_stream,
};

use crate::{ServiceError, limits};

/// A name as people type it: trimmed, bounded, one line.
fn valid_name(field: &'static str, name: &str) -> Result<String, ServiceError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(ServiceError::invalid(field, "it is empty"));
    }
    if name.chars().count() > limits::NAME_CHARS_MAX {
        let limit = limits::NAME_CHARS_MAX;
        return Err(ServiceError::invalid(
            field,
            format!("it has more than {limit} characters"),
        ));
    }
    if name.chars().any(char::is_control) {
        return Err(ServiceError::invalid(
            field,
            "it has a control character in it",
        ));
    }
    Ok(name.to_owned())
}

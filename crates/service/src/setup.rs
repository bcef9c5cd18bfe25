//! Partners, events, streams, points and displays: made and changed.

mod display;
mod event;
mod stream;

pub(crate) use display::operated_display;
pub use display::{
    CreatedDisplay, NewDisplay, bind_display, commanded_display, create_display, display,
    display_streams, displays, end_display, extend_display, rename_display, update_show,
};
pub(crate) use event::own_scope;
pub use event::{
    EventForm, archive_event, create_event, create_own_event, create_partner, event, events,
    partner_named, points, scope_of_event, scope_of_partner, set_bib_rule, update_event,
};
pub(crate) use stream::no_stream;
pub use stream::{
    StreamForm, StreamSummary, archive_stream, create_stream, map_location, rename_point,
    save_stream, scope_of_stream, set_offset, stream_list, unknown_reads, update_stream,
    wake_stream,
};

use crate::{ServiceError, limits};

/// A name as people type it: trimmed, bounded, one line.
pub(crate) fn valid_name(field: &'static str, name: &str) -> Result<String, ServiceError> {
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

/// The same for what may go without.
pub(crate) fn valid_name_or_none(field: &'static str, name: &str) -> Result<String, ServiceError> {
    match name.trim() {
        "" => Ok(String::new()),
        name => valid_name(field, name),
    }
}

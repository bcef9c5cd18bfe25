//! Named limits of what crosses a boundary in this crate's types.

/// Crossings on an arrivals board. Older ones leave it.
pub const ARRIVALS_MAX: usize = 20;

/// A screen that has not said hello by then is let go.
pub const HELLO_MS: u64 = 5_000;

/// Between two pings of a display socket.
pub const PING_MS: u64 = 10_000;

/// Of a text that the staff put on screens. A longer one is refused.
pub const MESSAGE_CHARS_MAX: usize = 280;

/// A message from a screen; a longer one ends its socket.
pub const CLIENT_MESSAGE_BYTES_MAX: usize = 4 * 1024;

/// Unknown tags that an alarm names. Further ones are on the list of exceptions.
pub const ALARM_TAGS_MAX: usize = 10;

/// Minutes of the rate strip of a place.
pub const MINUTES_PER_PLACE: usize = 60;

/// Places in one look at an event's timing. Past it, those not heard for longest are left out.
pub const PLACES_PER_VIEW_MAX: usize = 80;

/// Connections in one look. Past it, those that went first are left out.
pub const CONNECTIONS_PER_VIEW_MAX: usize = 50;

/// Locations listed of one connection in a look. Further ones are left out.
pub const LOCATIONS_PER_CONNECTION_VIEW_MAX: usize = 16;

/// Readers of a place. Those of further ones are counted with the place only.
pub const READERS_PER_PLACE_MAX: usize = 8;

/// Alarms in one look. Past it, the less urgent and newer ones are left out.
pub const ALARMS_PER_VIEW_MAX: usize = 40;

/// Reads in one page of them. A larger page is cut to it.
pub const READS_PAGE_MAX: u32 = 200;

/// Unknown tags listed of an event. Further ones are counted.
pub const EXCEPTIONS_MAX: usize = 500;

/// Characters of a tag, reader or location as it is shown. The rest is cut off.
pub const TAG_SHOWN_CHARS_MAX: usize = 40;

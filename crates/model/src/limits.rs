//! Named limits of what crosses a boundary in this crate's types.

/// Crossings on an arrivals board. Older ones leave it.
pub const ARRIVALS_MAX: usize = 20;

/// A screen that has not said hello by then is let go.
pub const HELLO_MS: u64 = 5_000;

/// Between two pings of a display socket.
pub const PING_MS: u64 = 10_000;

/// Of a text that the staff put on screens. A longer one is refused.
pub const MESSAGE_CHARS_MAX: usize = 280;

/// How often a message of a pool comes beside one of weight 1. A heavier one is refused.
pub const MESSAGE_WEIGHT_MAX: u32 = 100;

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

/// Timing sessions in one list, the newest. A text that is searched for finds the others.
pub const SESSIONS_LISTED_MAX: usize = 100;

/// Names listed of one session's devices, and of their events. Further ones are left out.
pub const SESSION_NAMES_MAX: usize = 8;

/// Locations listed of one session, along the course. Further ones are left out.
pub const SESSION_PLACES_MAX: usize = 32;

/// Unknown tags listed of an event. Further ones are counted.
pub const EXCEPTIONS_MAX: usize = 500;

/// Characters of a tag, reader or location as it is shown. The rest is cut off.
pub const TAG_SHOWN_CHARS_MAX: usize = 40;

/// Of a template as JSON. A larger one is refused.
pub const DOCUMENT_BYTES_MAX: usize = 2_000_000;

/// Canvases of one template.
pub const LAYOUTS_MAX: usize = 8;

/// Scenes of one layout.
pub const SCENES_MAX: usize = 32;

/// Elements of a scene, those in groups and rows counted once each.
pub const ELEMENTS_PER_SCENE_MAX: usize = 600;

/// Groups within groups, and rows.
pub const DOCUMENT_DEPTH_MAX: usize = 8;

/// Anything within itself, while it is read. Deeper bytes are refused before they are looked at.
pub const NESTED_MAX: usize = 32;

/// Conditions within conditions.
pub const CONDITION_DEPTH_MAX: usize = 8;

/// Of an element's or a scene's name.
pub const ID_CHARS_MAX: usize = 40;

/// Of what people call an element.
pub const NAME_CHARS_MAX: usize = 80;

/// Of one layout. Further ones are refused.
pub const GUIDES_MAX: usize = 100;

/// Either side of a canvas: engines draw no larger layer.
pub const CANVAS_PX_MIN: u32 = 16;
pub const CANVAS_PX_MAX: u32 = 16_384;

/// How far an element may reach or lie off the canvas's corner.
pub const PLACE_PX_MAX: i32 = 32_768;

/// Sizes of text.
pub const TEXT_PX_MIN: u16 = 4;
pub const TEXT_PX_MAX: u16 = 4_000;

/// Lines of one text.
pub const LINES_MAX: u8 = 20;

/// Rows of one list.
pub const ROWS_MAX: u16 = 100;

/// A transition with its delay: nobody waits longer for a name.
pub const MOTION_MS_MAX: u32 = 5_000;

/// A scene covers the one before it in so many milliseconds, where nothing else is said.
pub const SCENE_FADE_MS: u16 = 250;

/// Longer, and two scenes are read through each other.
pub const SCENE_FADE_MS_MAX: u16 = 1_000;

/// Pictures of one reel.
pub const SPONSORS_MAX: usize = 50;

/// How fast a ticker runs, in pixels of the canvas a second.
pub const TICKER_PX_PER_S_MIN: u16 = 10;
pub const TICKER_PX_PER_S_MAX: u16 = 4_000;

/// Of the screen that a template is for, and from where it is read: from a phone to a house front.
/// What is outside is refused.
pub const PANEL_WIDTH_MM_MIN: u32 = 50;
pub const PANEL_WIDTH_MM_MAX: u32 = 200_000;
pub const VIEWING_DISTANCE_MM_MIN: u32 = 100;
pub const VIEWING_DISTANCE_MM_MAX: u32 = 2_000_000;

/// Of what a QR code says.
pub const QR_CHARS_MAX: usize = 300;

// What may be set of a show's turns. What is outside is refused.

/// How long a runner stays at least. Above, a dense finish shows one in hundreds.
pub const DWELL_MS_MAX: u64 = 60_000;

/// How long a runner stays whom nobody follows.
pub const STAY_MS_MIN: u64 = 1_000;
pub const STAY_MS_MAX: u64 = 60 * 60 * 1_000;

/// How long after the read a runner may still be shown as somebody who just crossed.
pub const AGE_MS_MIN: u64 = 1_000;
pub const AGE_MS_MAX: u64 = 5 * 60 * 1_000;

/// For how long a runner who comes again at the same point is not shown again. Past a minute and a
/// half the server remembers the newest few hundred reads of a place only: when a roster is changed
/// in a dense race, somebody may be shown again sooner.
pub const WINDOW_MS_MIN: u64 = 1_000;
pub const WINDOW_MS_MAX: u64 = 10 * 60 * 1_000;

/// Runners who wait for their turn.
pub const QUEUE_MIN: usize = 1;
pub const QUEUE_MAX: usize = 100;

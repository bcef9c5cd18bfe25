//! Named limits of the screen's end.

/// How long a new row stays marked before the mark fades.
pub const FRESH_MS: u64 = 1_600;

/// Before the first try to connect again; it doubles with each failure.
pub const BACKOFF_FIRST_MS: u64 = 500;

/// The doubling stops here.
pub const BACKOFF_MS_MAX: u64 = 15_000;

/// A wait is spread by this much either way, so that a hall of screens does not call at once.
pub const JITTER_PERCENT: u64 = 25;

/// A socket that is still connecting by then is given up.
pub const CONNECT_MS_MAX: u64 = 10_000;

/// A socket that said nothing for so long is dead: two and a half pings.
pub const SILENCE_MS_MAX: u64 = 25_000;

/// Without a connection for so long, the screen says so to staff.
pub const NOTICE_AFTER_MS: u64 = 5_000;

/// An ended display asks this seldom whether it was switched on again.
pub const ENDED_RETRY_MS: u64 = 60_000;

/// How long a screen says which one it is.
pub const IDENTIFY_MS: u64 = 10_000;

/// A look at a page that is not answered by then counts as no answer.
pub const LOOK_MS_MAX: u32 = 10_000;

/// Between the acknowledgement of a command to leave the page and leaving it, so that the word
/// still goes out.
pub const LEAVE_AFTER_MS: u64 = 300;

/// Of a page's address: how much of a screen's edge may be left free, in thousandths of a percent.
/// A larger one is not taken.
pub const MARGIN_MILLI_MAX: u32 = 25_000;

/// Of a page's address: how long frames may be held back. A longer one is not taken.
pub const DELAY_MS_MAX: u64 = 60_000;

/// Frames held back: a minute at twenty a second. Past it, the oldest is left out.
pub const DELAYED_MAX: usize = 1_200;

/// A frame that no painting took up by then is painted by timer: a hidden tab paints nothing.
pub const PAINT_MS_MAX: u64 = 1_000;

/// So long without a tick means that the screen slept. It then hears from the server within
/// `WOKE_MS_MAX`, a ping and a second, or connects anew.
pub const AWAY_MS_MAX: u64 = 5_000;
pub const WOKE_MS_MAX: u64 = 11_000;

/// For the pictures and fonts of a new template. Past it, it is shown without them.
pub const LOAD_MS_MAX: u64 = 5_000;

/// A scene that goes is taken away by then, whatever its elements still do.
pub const LEAVE_SCENE_MS_MAX: u64 = 2_000;

/// Another version of the software is loaded at a moment within this, so that a server that comes
/// back does not have all its screens come at once, and after it when nobody is featured.
pub const UPDATE_SPREAD_MS: u64 = 20_000;

/// So long after that moment a screen waits for nobody to be featured, and no longer.
pub const UPDATE_WAIT_MS_MAX: u64 = 60_000;

// Of the lint, which only a server has.

/// People that a template is judged with. Past it, those who come later in the roster are left out.
pub const LINT_PEOPLE_MAX: usize = 50_000;

/// Texts worked out and measured for one template. Past it, further elements are judged with the
/// first few people of the roster, each with at least so many.
pub const LINT_TEXTS_MAX: usize = 2_000_000;
pub const LINT_TEXTS_MIN: usize = 200;

/// Texts of one element that are broken into lines, the widest first. Past it, the others count as
/// fitting.
pub const LINT_FITS_MAX: usize = 500;

/// The same of one template. Past it, of each further element so many are.
pub const LINT_ALL_FITS_MAX: usize = 6_000;
pub const LINT_FITS_MIN: usize = 8;

/// Texts of one element among which the one that gets smallest is looked for, the widest first.
pub const LINT_SIZES_MAX: usize = 16;

/// Colors that may lie behind one place of a text. Past it, further ones are left out.
pub const LINT_BACKDROPS_MAX: usize = 12;

/// Of one template. Past it, those of later scenes are left out; they come up once earlier ones
/// are mended.
pub const FINDINGS_MAX: usize = 150;

const _: () = {
    assert!(model::limits::PING_MS < WOKE_MS_MAX && WOKE_MS_MAX < SILENCE_MS_MAX);
    assert!(BACKOFF_FIRST_MS < BACKOFF_MS_MAX);
    assert!(2 * model::limits::PING_MS < SILENCE_MS_MAX);
    assert!(JITTER_PERCENT < 100);
    assert!(LINT_FITS_MIN < LINT_FITS_MAX && LINT_FITS_MAX < LINT_ALL_FITS_MAX);
    assert!(LINT_TEXTS_MIN < LINT_PEOPLE_MAX && LINT_PEOPLE_MAX < LINT_TEXTS_MAX);
};

//! The studio's own components, one file each; all of them are shown together at `/dev/parts`.
//!
//! They are drawn by the server and woken in the browser: no first frame depends on a clock, a
//! window or storage. They know nothing of races; pages give them words, signals and callbacks.
//! Where a component takes an `id`, the page chooses it, once per page, so that both sides agree.

mod badge;
mod banner;
mod button;
mod choice;
mod copyable;
mod dialog;
mod each;
mod empty;
mod field;
mod frame;
mod icon;
mod menu;
mod prefs;
mod progress;
mod rate_strip;
mod search_box;
mod skeleton;
mod table;
mod tabs;
mod time_field;
mod toast;
mod virtual_table;

pub use badge::{Badge, StatusDot, Tone};
pub use banner::{Banner, BannerStack, Severity};
pub use button::{Button, ButtonKind, ButtonLink, IconButton, truth};
pub use choice::{Checkbox, FileField, SelectField};
pub use copyable::Copyable;
pub use dialog::{ConfirmDialog, Dialog, DialogFoot};
pub use each::{Each, When};
pub use empty::EmptyState;
pub use field::{TextArea, TextField, TextKind};
pub use frame::{Frame, NavItem, Page};
#[cfg(feature = "ssr")]
pub use icon::SPRITE;
pub use icon::{Glyph, Icon};
pub use menu::{Menu, MenuItem};
#[cfg(feature = "ssr")]
pub use prefs::BEFORE_PAINT;
pub use prefs::{Density, DensitySwitch, Prefs, Theme, ThemeSwitch, provide_prefs, use_prefs};
pub use progress::Progress;
pub use rate_strip::RateStrip;
pub use search_box::SearchBox;
pub use skeleton::{KeyHint, Skeleton};
pub use table::{Column, Sort, Table};
pub use tabs::{Tab, TabPanel, Tabs};
pub use time_field::{TimeField, format_time_of_day, parse_time_of_day};
pub use toast::{ToastHost, Toasts, provide_toasts, use_toasts};
pub use virtual_table::VirtualTable;

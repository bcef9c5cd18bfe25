//! Alarms on every page: asked for again and again, shown over the content, sounded if wished.
//!
//! Knows no rule: what is an alarm, and what its words are, comes from the server and the model.

use super::sound::Sound;
use crate::{
    address::go_to,
    browser::{self, effect},
    pages::{attempt, every},
    parts::{Banner, Severity, Toasts, use_toasts},
    rpc::{
        RpcError,
        timing::{alarms, claim, set_offset},
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{Alarm, alarm, alarm::Fix};
use std::collections::BTreeSet;

const LOOK_AGAIN_MS: u64 = 2_000;

/// A server that has not answered for so long is away.
const AWAY_MS: i64 = 6_000;

/// A question that was not answered by then is asked again beside it.
const LOST_MS: i64 = 8_000;

/// What is wrong, as far as this page knows.
#[derive(Clone, Copy)]
pub struct Alarms {
    known: RwSignal<Vec<Alarm>>,
    link: RwSignal<Link>,
    /// The page is on its way out.
    rests: StoredValue<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Up,
    /// It does not answer. What was known stays.
    Away,
    LoggedOut,
}

/// Since when a question is on its way, and since when none was answered.
#[derive(Clone, Copy, Default)]
struct Asked {
    since_us: Option<i64>,
    unanswered_us: Option<i64>,
}

impl Alarms {
    /// Asks as long as the frame is there.
    pub fn watch(sound: Sound) -> Self {
        let alarms = Self {
            known: RwSignal::new(Vec::new()),
            link: RwSignal::new(Link::Up),
            rests: StoredValue::new(false),
        };
        let asked = StoredValue::new(Asked::default());
        effect(move || alarms.look(asked));
        every(LOOK_AGAIN_MS, move || alarms.look(asked));
        alarms.sounds(sound);
        alarms
    }

    /// Asks no more: whoever has logged out would be refused.
    pub fn rest(self) {
        self.rests.set_value(true);
    }

    fn look(self, asked: StoredValue<Asked>) {
        if self.rests.try_get_value() != Some(false) {
            return;
        }
        let now = browser::now_us();
        let Some(known) = asked.try_get_value() else {
            return;
        };
        // Counted from a question: a page that slept has only not asked.
        if known
            .unanswered_us
            .is_some_and(|since| now - since > AWAY_MS * 1_000)
        {
            self.turn(Link::Away);
        }
        if known
            .since_us
            .is_some_and(|since| now - since < LOST_MS * 1_000)
        {
            return;
        }
        asked.update_value(|asked| {
            asked.since_us = Some(now);
            asked.unanswered_us.get_or_insert(now);
        });
        spawn_local(async move {
            let answer = alarms().await;
            // The page may be another's by now.
            let done = asked.try_update_value(|asked| {
                asked.since_us = None;
                if !matches!(answer, Err(RpcError::Unavailable { .. } | RpcError::Away)) {
                    asked.unanswered_us = None;
                }
            });
            if done.is_none() {
                return;
            }
            match answer {
                Ok(new) => {
                    self.turn(Link::Up);
                    if self.known.try_with_untracked(|old| *old != new) == Some(true) {
                        self.known.try_set(new);
                    }
                }
                Err(RpcError::LoggedOut) => self.turn(Link::LoggedOut),
                // Once may be a network that changes; the next look tells.
                Err(_) => {}
            }
        });
    }

    fn turn(self, to: Link) {
        if self.link.try_get_untracked().is_some_and(|now| now != to) {
            self.link.try_set(to);
        }
    }

    /// How many there are.
    pub fn count(self) -> Signal<u32> {
        Memo::new(move |_| u32::try_from(self.known.read().len()).unwrap_or(u32::MAX)).into()
    }

    pub fn banners(self) -> Signal<Vec<Banner>> {
        let toasts = use_toasts();
        Signal::derive(move || {
            let mut banners = Vec::new();
            banners.extend(link_banner(self.link.get()));
            banners.extend(self.known.read().iter().map(|alarm| {
                let trouble = &alarm.trouble;
                let severity = severity(alarm);
                let mut banner =
                    Banner::new(&alarm.id, severity, trouble.title(), trouble.advice());
                for offer in trouble.offers() {
                    let fix = offer.fix;
                    banner = banner.action(offer.label, move || mend(toasts, &fix));
                }
                banner
            }));
            banners
        })
    }

    /// What is new sounds once.
    fn sounds(self, sound: Sound) {
        let heard = StoredValue::new(BTreeSet::<String>::new());
        Effect::new(move |before: Option<Link>| {
            let link = self.link.get();
            let mut loudest = None;
            if link == Link::Away && before.is_some_and(|before| before != link) {
                loudest = Some(Severity::Trouble);
            }
            self.known.with(|known| {
                let is_new = |alarm: &&Alarm| heard.with_value(|heard| !heard.contains(&alarm.id));
                let new = known.iter().filter(is_new).map(severity);
                loudest = loudest.into_iter().chain(new).min();
                heard.set_value(known.iter().map(|alarm| alarm.id.clone()).collect());
            });
            match loudest {
                Some(Severity::Trouble) => sound.urgent(),
                Some(_) => sound.once(),
                None => {}
            }
            link
        });
    }
}

fn severity(alarm: &Alarm) -> Severity {
    match alarm.trouble.severity() {
        alarm::Severity::Urgent => Severity::Trouble,
        alarm::Severity::Warning => Severity::Warning,
    }
}

fn link_banner(link: Link) -> Option<Banner> {
    match link {
        Link::Up => None,
        Link::Away => Some(Banner::new(
            "server-away",
            Severity::Trouble,
            "The server does not answer; this page shows what was known last",
            "Check that the computer with Gantry is on, and that this one is on its network. The \
             page goes on asking.",
        )),
        Link::LoggedOut => {
            let banner = Banner::new(
                "logged-out",
                Severity::Trouble,
                "You are logged out; this page shows what was known last",
                "Log in again to go on.",
            );
            Some(banner.action("Log in", || go_to("/login")))
        }
    }
}

/// What one press does about it.
fn mend(toasts: Toasts, fix: &Fix) {
    match *fix {
        Fix::SetOffset { stream, offset_ms } => {
            attempt(toasts, set_offset(stream, offset_ms), move |before| {
                toasts.done_with("The stream's offset is set", "Undo", move || {
                    attempt(toasts, set_offset(stream, before), |_| ());
                });
            });
        }
        Fix::Claim { connection, stream } => {
            attempt(toasts, claim(connection, stream), move |()| {
                toasts.done("The connection is claimed; its reads come in");
            });
        }
        Fix::ShowExceptions { event } => {
            go_to(&format!("/events/{event}/timing#exceptions"));
        }
    }
}

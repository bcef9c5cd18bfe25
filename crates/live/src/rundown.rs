//! The rundown of a show: which crossings its screens list, and whom they feature now (design §7).
//!
//! Pure: the monotonic instant comes with every input, and no other clock decides anything.
//! Knows nothing of sockets, templates' looks, or how a read became a crossing.

mod passages;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use crate::limits;
use model::{Arrival, MonoMs, ParticipantId, PointId, Template, UnixMicros};
use passages::Passages;
use std::{collections::BTreeMap, sync::Arc};

pub struct Rundown {
    settings: Settings,
    passages: Passages,
    /// The list as it is shown.
    arrivals: Vec<Arrival>,
    /// Whether one of them is the simulator's.
    demo: bool,
    /// Of the newest read in the list.
    received_at: UnixMicros,
    queue: BTreeMap<Turn, Waiting>,
    on_screen: Option<OnScreen>,
    /// The newest read that was featured, and when.
    newest_featured: Option<(UnixMicros, MonoMs)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whoever is featured stays for at least this long. Zero: everybody is featured at once.
    pub dwell_ms: u64,
    /// Nobody is first featured later than this after the rundown got the read.
    pub age_ms_max: u64,
    /// Reads of a participant at a point no further apart than this are one passage.
    pub window_ms: u64,
    /// Crossings waiting to be featured. Past it, the oldest by read time is only listed.
    pub queue_max: usize,
    /// Entries of the list, `1..=limits::ENTRIES_MAX`.
    pub arrivals_max: usize,
}

/// A read joined to its participant and point, with the texts a public screen may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    pub participant: ParticipantId,
    pub point: PointId,
    /// On the stream's clock after its offset.
    pub read_at: UnixMicros,
    /// On the server's clock.
    pub received_at: UnixMicros,
    pub bib: String,
    pub name: String,
    pub city: String,
    pub point_name: String,
    /// The race's name; empty where it is not known.
    pub race: String,
    pub gun_time_ms: Option<u64>,
    pub chip_time_ms: Option<u64>,
    /// The event's wall clock at the crossing, `2026-03-06T20:27:47.39`.
    pub read_time: String,
    /// Whether the simulator sent the read.
    pub simulated: bool,
}

/// All that can happen to a rundown. Many rundowns share one crossing.
#[derive(Clone, Debug)]
pub enum Input {
    Live(Arc<Crossing>),
    /// Corrects the list at its own time, and features nobody.
    Late(Arc<Crossing>),
    /// Roster, point names, zone or offset changed, or the server started: the recent crossings as
    /// they are now understood, each with whether it came late. They replace the list and all that
    /// is remembered, and feature nobody. Hand in the last window's at least, enough to fill the
    /// list, and those too that are not yet committed: what is missing leaves the screen.
    Rebuilt(Vec<(Arc<Crossing>, bool)>),
    /// `next_timer` has come.
    Timer,
    /// Another template is shown from now on.
    Template(Template),
}

/// Something visible changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// When the newest read of what is shown was received.
    pub received_at: UnixMicros,
    /// Who is featured from now on, where that changed.
    pub featured: Option<Arc<Crossing>>,
}

/// The queue's order: by read time, and the ids where two are equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    read_at: UnixMicros,
    participant: ParticipantId,
    point: PointId,
}

struct Waiting {
    crossing: Arc<Crossing>,
    since: MonoMs,
}

struct OnScreen {
    crossing: Arc<Crossing>,
    since: MonoMs,
}

impl Settings {
    pub fn for_template(template: Template) -> Self {
        match template {
            Template::Arrivals => Self {
                dwell_ms: 0,
                age_ms_max: limits::AGE_MS_MAX,
                window_ms: limits::WINDOW_MS,
                queue_max: limits::QUEUE_MAX,
                arrivals_max: model::limits::ARRIVALS_MAX,
            },
        }
    }
}

impl Rundown {
    pub fn new(settings: Settings) -> Self {
        Self {
            passages: Passages::new(settings.window_ms),
            settings,
            arrivals: Vec::new(),
            demo: false,
            received_at: UnixMicros(0),
            queue: BTreeMap::new(),
            on_screen: None,
            newest_featured: None,
        }
    }

    /// `None` where nothing visible changed: then no frame is due.
    pub fn apply(&mut self, now: MonoMs, input: Input) -> Option<Update> {
        let mut featured = None;
        let (entries_changed, runner_changed) = match input {
            Input::Live(crossing) => {
                let changed = self.live(now, crossing);
                featured = self.feature(now);
                (changed, self.correct_on_screen(changed))
            }
            Input::Late(crossing) => {
                let changed = self.passages.note(&crossing, true).changed;
                (changed, self.correct_on_screen(changed))
            }
            Input::Rebuilt(crossings) => (true, self.rebuild(now, crossings)),
            Input::Timer => {
                featured = self.feature(now);
                (false, false)
            }
            Input::Template(template) => {
                self.retune(Settings::for_template(template));
                (true, false)
            }
        };
        let list_changed = entries_changed && self.relist();
        // With no dwell the list is all there is to see.
        let runner_changed = runner_changed && self.settings.dwell_ms > 0;
        (list_changed || runner_changed || featured.is_some()).then_some(Update {
            received_at: self.received_at,
            featured,
        })
    }

    /// When to hand in `Input::Timer`, if nothing else comes before.
    pub fn next_timer(&self) -> Option<MonoMs> {
        if self.queue.is_empty() {
            return None;
        }
        // Nobody is on the screen while somebody waits only after a rebuild took them off it.
        let dwell_ms = self.settings.dwell_ms;
        Some(
            self.on_screen
                .as_ref()
                .map_or(MonoMs(0), |shown| shown.since.plus_ms(dwell_ms)),
        )
    }

    /// The list: by read time, newest first.
    pub fn arrivals(&self) -> &[Arrival] {
        &self.arrivals
    }

    /// Whether a crossing in the list is the simulator's.
    pub fn demo(&self) -> bool {
        self.demo
    }

    /// When the newest read in the list was received; zero where there was none yet.
    pub fn received_at(&self) -> UnixMicros {
        self.received_at
    }

    /// Who is featured now.
    pub fn featured(&self) -> Option<&Crossing> {
        self.on_screen
            .as_ref()
            .map(|on_screen| &*on_screen.crossing)
    }

    fn live(&mut self, now: MonoMs, crossing: Arc<Crossing>) -> bool {
        let noted = self.passages.note(&crossing, false);
        let listed = self
            .passages
            .is_among_newest(noted.entry, self.settings.arrivals_max);
        if noted.first_live && listed && !self.overtaken(now, crossing.read_at) {
            self.queue.insert(
                Turn::of(&crossing),
                Waiting {
                    crossing,
                    since: now,
                },
            );
            if self.queue.len() > self.settings.queue_max.max(1) {
                self.queue.pop_first();
            }
        }
        noted.changed
    }

    /// Whether somebody with a newer read was featured a moment ago.
    fn overtaken(&self, now: MonoMs, read_at: UnixMicros) -> bool {
        self.newest_featured
            .is_some_and(|(newest, at)| read_at < newest && now.ms_since(at) < limits::OVERTAKEN_MS)
    }

    /// Puts the next in turn on the screen, once whoever is there has had the dwell.
    fn feature(&mut self, now: MonoMs) -> Option<Arc<Crossing>> {
        let age_ms_max = self.settings.age_ms_max;
        self.queue
            .retain(|_, waiting| now.ms_since(waiting.since) <= age_ms_max);
        let dwells = self
            .on_screen
            .as_ref()
            .is_some_and(|on_screen| now.ms_since(on_screen.since) < self.settings.dwell_ms);
        if dwells {
            return None;
        }
        while let Some((turn, waiting)) = self.queue.pop_first() {
            // A read that came meanwhile may have made one passage of two.
            if !self.passages.mark_featured(&waiting.crossing) {
                continue;
            }
            let corrected = self.passages.entry_of(&waiting.crossing);
            let crossing = corrected.map_or(waiting.crossing, |entry| Arc::clone(&entry.crossing));
            self.newest_featured = Some((turn.read_at, now));
            self.on_screen = Some(OnScreen {
                crossing: Arc::clone(&crossing),
                since: now,
            });
            return Some(crossing);
        }
        None
    }

    /// Whoever is featured may have got an earlier time.
    fn correct_on_screen(&mut self, entries_changed: bool) -> bool {
        let Some(on_screen) = self.on_screen.as_mut().filter(|_| entries_changed) else {
            return false;
        };
        let Some(entry) = self.passages.entry_of(&on_screen.crossing) else {
            return false;
        };
        let corrected = on_screen.crossing != entry.crossing;
        if corrected {
            on_screen.crossing = Arc::clone(&entry.crossing);
        }
        corrected
    }

    /// Whether whoever is featured is now somebody else, nobody, or told otherwise.
    fn rebuild(&mut self, now: MonoMs, mut crossings: Vec<(Arc<Crossing>, bool)>) -> bool {
        // In order of time every read lengthens its passage, so the order given does not matter.
        crossings.sort_by_key(|(crossing, late)| (crossing.read_at, *late));
        self.passages = Passages::new(self.settings.window_ms);
        for (crossing, late) in crossings {
            self.passages.note(&crossing, late);
        }
        let passages = &self.passages;
        let understood = |old: &Crossing| {
            let entry = passages.newest_of(old.participant, old.point)?;
            (!entry.late).then(|| Arc::clone(&entry.crossing))
        };
        let before = self.on_screen.take();
        self.on_screen = before.as_ref().and_then(|before| {
            Some(OnScreen {
                crossing: understood(&before.crossing)?,
                since: before.since,
            })
        });
        self.queue = std::mem::take(&mut self.queue)
            .into_values()
            .filter_map(|Waiting { crossing, since }| {
                let crossing = understood(&crossing)?;
                Some((Turn::of(&crossing), Waiting { crossing, since }))
            })
            .collect();
        // All that is not waiting has had its turn, also where another run of the server gave it.
        self.newest_featured = self
            .passages
            .newest(self.settings.arrivals_max)
            .filter(|entry| !entry.late)
            .find(|entry| !self.queue.contains_key(&Turn::of(&entry.crossing)))
            .map(|entry| (entry.crossing.read_at, now));
        if let Some(on_screen) = &self.on_screen {
            self.passages.mark_featured(&on_screen.crossing);
        }
        let told = |shown: Option<&OnScreen>| shown.map(|shown| Arc::clone(&shown.crossing));
        told(before.as_ref()) != told(self.on_screen.as_ref())
    }

    fn retune(&mut self, settings: Settings) {
        self.passages.window_ms = settings.window_ms;
        if settings.dwell_ms == 0 {
            // They are listed already; a template without turns gives them none.
            self.queue.clear();
        }
        self.settings = settings;
    }

    fn relist(&mut self) -> bool {
        let newest = || self.passages.newest(self.settings.arrivals_max);
        if let Some(received_at) = newest().map(|entry| entry.received_at).max() {
            self.received_at = received_at;
        }
        let arrivals: Vec<Arrival> = newest()
            .map(|entry| Arrival {
                bib: entry.crossing.bib.clone(),
                name: entry.crossing.name.clone(),
                city: entry.crossing.city.clone(),
                point: entry.crossing.point_name.clone(),
                race: entry.crossing.race.clone(),
                gun_time_ms: entry.crossing.gun_time_ms,
                chip_time_ms: entry.crossing.chip_time_ms,
                read_time: entry.crossing.read_time.clone(),
                late: entry.late,
            })
            .collect();
        let demo = newest().any(|entry| entry.crossing.simulated);
        let changed = arrivals != self.arrivals || demo != self.demo;
        self.arrivals = arrivals;
        self.demo = demo;
        changed
    }
}

impl Turn {
    fn of(crossing: &Crossing) -> Self {
        let Crossing {
            participant,
            point,
            read_at,
            ..
        } = *crossing;
        Self {
            read_at,
            participant,
            point,
        }
    }
}

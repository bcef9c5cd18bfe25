//! The rundown of a show: which crossings its screens list, and whom they feature now (design §7).
//!
//! Pure: the monotonic instant comes with every input, and no other clock decides anything.
//! Knows nothing of sockets, templates' looks, or how a read became a crossing.

mod operator;
mod passages;
mod settings;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod operator_tests;
#[cfg(test)]
mod tests;

pub use operator::OperatorCommand;
pub use settings::Settings;

use crate::limits;
use model::{Arrival, MonoMs, ParticipantId, PointId, UnixMicros};
use passages::Passages;
use std::{collections::BTreeMap, sync::Arc};

pub struct Rundown {
    settings: Settings,
    passages: Passages,
    /// The list as it is shown.
    arrivals: Vec<Arrival>,
    /// Whose they are.
    owners: Vec<ParticipantId>,
    /// Whether one of them is the simulator's.
    demo: bool,
    /// Of the newest read in the list.
    received_at: UnixMicros,
    queue: BTreeMap<Turn, Waiting>,
    on_screen: Option<OnScreen>,
    /// The newest read that was featured, and when.
    newest_featured: Option<(UnixMicros, MonoMs)>,
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
    /// From the start of the race to the point; `None` where nobody said.
    pub distance_m: Option<u32>,
    /// The event's wall clock at the crossing, `2026-03-06T20:27:47.39`.
    pub read_time: String,
    /// Whether the simulator sent the read.
    pub simulated: bool,
}

impl Crossing {
    /// As a public screen may see it.
    pub fn arrival(&self, late: bool) -> Arrival {
        Arrival {
            bib: self.bib.clone(),
            name: self.name.clone(),
            city: self.city.clone(),
            point: self.point_name.clone(),
            race: self.race.clone(),
            gun_time_ms: self.gun_time_ms,
            chip_time_ms: self.chip_time_ms,
            distance_m: self.distance_m,
            read_time: self.read_time.clone(),
            late,
            ..Arrival::default()
        }
    }
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
    /// Somebody takes the turns into their own hands.
    Operator(OperatorCommand),
    /// Another template was published, or the show is set otherwise: what it goes by from now on.
    /// Whoever is featured stays, unless their time is over by it.
    Settings(Settings),
}

/// Something visible changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// When the newest read of what is shown was received.
    pub received_at: UnixMicros,
    /// Who is featured from now on, where that is another one. Whether it is nobody any more,
    /// `Rundown::featured` tells.
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
    /// How old the read was then.
    delay_ms: u64,
}

struct OnScreen {
    crossing: Arc<Crossing>,
    since: MonoMs,
    /// An operator keeps them there until then.
    held_until: Option<MonoMs>,
    /// An operator put them there, however late the read came.
    chosen: bool,
}

/// What became of the screen.
enum Turned {
    Same,
    Featured(Arc<Crossing>),
    /// Whoever was featured left, and nobody followed.
    Rested,
}

impl Rundown {
    pub fn new(settings: Settings) -> Self {
        Self {
            passages: Passages::new(settings.window_ms),
            settings,
            arrivals: Vec::new(),
            owners: Vec::new(),
            demo: false,
            received_at: UnixMicros(0),
            queue: BTreeMap::new(),
            on_screen: None,
            newest_featured: None,
        }
    }

    /// `None` where nothing visible changed: then no frame is due.
    pub fn apply(&mut self, now: MonoMs, input: Input) -> Option<Update> {
        let mut turned = Turned::Same;
        let (entries_changed, runner_changed) = match input {
            Input::Live(crossing) => {
                let changed = self.live(now, crossing);
                turned = self.turn(now);
                (changed, self.correct_on_screen(changed))
            }
            Input::Late(crossing) => {
                let changed = self.passages.note(&crossing, true).changed;
                (changed, self.correct_on_screen(changed))
            }
            Input::Rebuilt(crossings) => (true, self.rebuild(now, crossings)),
            Input::Timer => {
                turned = self.turn(now);
                (false, false)
            }
            Input::Operator(command) => {
                turned = self.operate(now, command);
                (false, false)
            }
            Input::Settings(settings) => {
                self.retune(settings);
                // Where somebody waits, they follow at the timer.
                if self.queue.is_empty() {
                    turned = self.rest(now);
                }
                (true, false)
            }
        };
        let list_changed = entries_changed && self.relist();
        let (featured, rested) = match turned {
            Turned::Same => (None, false),
            Turned::Featured(crossing) => (Some(crossing), false),
            Turned::Rested => (None, true),
        };
        // Without turns the list is all there is to see.
        let runner_changed = (runner_changed || rested) && self.settings.takes_turns;
        (list_changed || runner_changed || featured.is_some()).then_some(Update {
            received_at: self.received_at,
            featured,
        })
    }

    /// When to hand in `Input::Timer`, if nothing else comes before.
    pub fn next_timer(&self) -> Option<MonoMs> {
        let Some(shown) = &self.on_screen else {
            // Nobody is on the screen while somebody waits only after a rebuild took them off it.
            return (!self.queue.is_empty()).then_some(MonoMs(0));
        };
        let Settings {
            takes_turns,
            dwell_ms,
            stay_ms_max,
            ..
        } = self.settings;
        let due = if !self.queue.is_empty() {
            shown.since.plus_ms(dwell_ms)
        } else if takes_turns {
            shown.since.plus_ms(stay_ms_max.max(dwell_ms))
        } else {
            return None;
        };
        Some(shown.held_until.map_or(due, |until| until.max(due)))
    }

    /// The list: by read time, newest first.
    pub fn arrivals(&self) -> &[Arrival] {
        &self.arrivals
    }

    /// Whose the crossings of the list are.
    pub fn owners(&self) -> &[ParticipantId] {
        &self.owners
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
            let delay_ms = crossing.received_at.ms_since(crossing.read_at);
            let waiting = Waiting {
                since: now,
                // Without turns nobody is too old to be listed.
                delay_ms: match self.settings.takes_turns {
                    true => delay_ms.max(0).unsigned_abs(),
                    false => 0,
                },
                crossing,
            };
            self.queue.insert(Turn::of(&waiting.crossing), waiting);
            self.keep_queue_short();
        }
        noted.changed
    }

    fn keep_queue_short(&mut self) {
        while self.queue.len() > self.settings.queue_max.max(1) {
            self.queue.pop_first();
        }
    }

    /// Whether somebody with a newer read was featured a moment ago.
    fn overtaken(&self, now: MonoMs, read_at: UnixMicros) -> bool {
        self.newest_featured
            .is_some_and(|(newest, at)| read_at < newest && now.ms_since(at) < limits::OVERTAKEN_MS)
    }

    /// Puts the next in turn on the screen, once whoever is there has had the dwell. Where nobody
    /// follows, they leave after their stay.
    fn turn(&mut self, now: MonoMs) -> Turned {
        let age_ms_max = self.settings.age_ms_max;
        self.queue.retain(|_, waiting| {
            let age_ms = now.ms_since(waiting.since).saturating_add(waiting.delay_ms);
            age_ms <= age_ms_max
        });
        if let Some(shown) = &mut self.on_screen {
            if shown.held_until.is_some_and(|until| now < until) {
                return Turned::Same;
            }
            shown.held_until = None;
            if now.ms_since(shown.since) < self.settings.dwell_ms {
                return Turned::Same;
            }
        }
        match self.next(now) {
            Some(crossing) => Turned::Featured(crossing),
            None => self.rest(now),
        }
    }

    fn next(&mut self, now: MonoMs) -> Option<Arc<Crossing>> {
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
                held_until: None,
                chosen: false,
            });
            return Some(crossing);
        }
        None
    }

    /// Takes off whom nobody followed for the whole of their stay.
    fn rest(&mut self, now: MonoMs) -> Turned {
        let Settings {
            dwell_ms,
            stay_ms_max,
            ..
        } = self.settings;
        let is_over = self.on_screen.as_ref().is_some_and(|shown| {
            let is_held = shown.held_until.is_some_and(|until| now < until);
            !is_held && stay_ms_max.max(dwell_ms) <= now.ms_since(shown.since)
        });
        if !is_over || !self.settings.takes_turns {
            return Turned::Same;
        }
        self.on_screen = None;
        Turned::Rested
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
        let understood = |old: &Crossing, late_too: bool| {
            // In their own passage, or where times have changed in the newest of theirs.
            let own = passages.entry_of(old);
            let entry = own.or_else(|| passages.newest_of(old.participant, old.point))?;
            (late_too || !entry.late).then(|| Arc::clone(&entry.crossing))
        };
        let before = self.on_screen.take();
        self.on_screen = before.as_ref().and_then(|before| {
            Some(OnScreen {
                crossing: understood(&before.crossing, before.chosen)?,
                ..*before
            })
        });
        self.queue = std::mem::take(&mut self.queue)
            .into_values()
            .filter_map(|waiting| {
                let crossing = understood(&waiting.crossing, false)?;
                let turn = Turn::of(&crossing);
                Some((
                    turn,
                    Waiting {
                        crossing,
                        ..waiting
                    },
                ))
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
        if !settings.takes_turns {
            // They are listed already.
            self.queue.clear();
        }
        self.settings = settings;
        self.keep_queue_short();
    }

    fn relist(&mut self) -> bool {
        let newest = || self.passages.newest(self.settings.arrivals_max);
        if let Some(received_at) = newest().map(|entry| entry.received_at).max() {
            self.received_at = received_at;
        }
        let arrivals: Vec<Arrival> = newest()
            .map(|entry| entry.crossing.arrival(entry.late))
            .collect();
        let demo = newest().any(|entry| entry.crossing.simulated);
        let changed = arrivals != self.arrivals || demo != self.demo;
        let owners = newest().map(|entry| entry.crossing.participant);
        self.owners = owners.collect();
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

//! Laws of the rundown, over any inputs at all.

use super::tests::{read_at_point, settings};
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A read, whether it comes late, and how long after the one before.
type Step = (Arc<Crossing>, bool, u64);

fn crossing() -> impl Strategy<Value = Arc<Crossing>> {
    (0..5_u32, 0..2_u32, 0..600_i64)
        .prop_map(|(bib, point, half_s)| read_at_point(bib, point, half_s * 500))
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((crossing(), any::<bool>(), 0..4_000_u64), 0..60)
}

/// Many different people in a few seconds, nearly in order: who waits, waits long.
fn rush() -> impl Strategy<Value = Vec<Step>> {
    let one = (0..2_000_i64, prop::bool::weighted(0.1), 0..400_u64);
    prop::collection::vec(one, 0..60).prop_map(|rush| {
        let step = |(bib, (jitter_ms, late, gap_ms)): (u32, (i64, bool, u64))| {
            let read = read_at_point(bib, 1, i64::from(bib) * 300 + jitter_ms);
            (read, late, gap_ms)
        };
        (0..).zip(rush).map(step).collect()
    })
}

fn input(crossing: Arc<Crossing>, late: bool) -> Input {
    if late {
        Input::Late(crossing)
    } else {
        Input::Live(crossing)
    }
}

/// Hands in all steps, and the timer whenever it is due; `each` sees every input and its update.
fn run(
    rundown: &mut Rundown,
    steps: Vec<Step>,
    mut each: impl FnMut(&Rundown, MonoMs, Option<&Step>, Option<Update>),
) -> MonoMs {
    let mut now = MonoMs(1_000);
    for step in steps {
        let until = now.plus_ms(step.2);
        while let Some(timer) = rundown.next_timer().filter(|timer| *timer <= until) {
            now = now.max(timer);
            let update = rundown.apply(now, Input::Timer);
            each(rundown, now, None, update);
        }
        now = until;
        let update = rundown.apply(now, input(step.0.clone(), step.1));
        each(rundown, now, Some(&step), update);
    }
    while let Some(timer) = rundown.next_timer() {
        now = now.max(timer);
        let update = rundown.apply(now, Input::Timer);
        each(rundown, now, None, update);
    }
    now
}

/// The reads that are one passage with this one, by the definition and nothing cleverer.
fn passage_of(read: &Crossing, reads: &[Arc<Crossing>], window_ms: u64) -> BTreeSet<UnixMicros> {
    let mut passage = BTreeSet::from([read.read_at]);
    loop {
        let near = |other: &&Arc<Crossing>| {
            (other.participant, other.point) == (read.participant, read.point)
                && passage
                    .iter()
                    .any(|at| other.read_at.ms_since(*at).unsigned_abs() <= window_ms)
        };
        let grown: BTreeSet<UnixMicros> = reads
            .iter()
            .filter(near)
            .map(|other| other.read_at)
            .chain([read.read_at])
            .collect();
        if grown.len() == passage.len() {
            return passage;
        }
        passage = grown;
    }
}

proptest! {
    #[test]
    fn only_live_reads_are_featured_once_a_passage_in_time_and_in_order(
        steps in prop_oneof![steps(), rush()],
        dwell_ms in prop_oneof![Just(0), 500..9_000_u64],
    ) {
        let settings = settings(dwell_ms);
        let window_ms = settings.window_ms;
        let mut reads: Vec<Arc<Crossing>> = Vec::new();
        let mut live: Vec<(Arc<Crossing>, MonoMs)> = Vec::new();
        let mut featured: Vec<(Arc<Crossing>, MonoMs)> = Vec::new();
        let mut rundown = Rundown::new(settings.clone());
        run(&mut rundown, steps, |rundown, now, step, update| {
            if let Some((crossing, late, _)) = step {
                reads.push(crossing.clone());
                if !late {
                    live.push((crossing.clone(), now));
                }
            }
            assert!(rundown.queue.len() <= settings.queue_max);
            let Some(runner) = update.and_then(|update| update.featured) else {
                return;
            };
            assert!(!step.is_some_and(|(_, late, _)| *late), "late features nobody");
            let passage = passage_of(&runner, &reads, window_ms);
            let of_passage = |other: &Crossing| {
                (other.participant, other.point) == (runner.participant, runner.point)
                    && passage.contains(&other.read_at)
            };
            assert!(
                live.iter().any(|(read, got)| {
                    of_passage(read) && now.ms_since(*got) <= settings.age_ms_max
                }),
                "a live read of it came within the age"
            );
            assert!(!featured.iter().any(|(read, _)| of_passage(read)), "featured twice");
            if let Some((_, at)) = featured.last() {
                assert!(dwell_ms <= now.ms_since(*at), "dwell");
            }
            featured.push((runner, now));
        });
        prop_assert!(rundown.queue.is_empty());
    }

    #[test]
    fn with_no_dwell_nobody_is_featured_over_a_newer_one(steps in steps()) {
        let mut newest: Vec<(UnixMicros, MonoMs)> = Vec::new();
        let mut rundown = Rundown::new(settings(0));
        run(&mut rundown, steps, |_, now, step, update| {
            if update.and_then(|update| update.featured).is_some() {
                let (read, ..) = step.expect("with no dwell no timer features anybody");
                for (featured, at) in &newest {
                    let recent = now.ms_since(*at) < limits::OVERTAKEN_MS;
                    assert!(!recent || *featured <= read.read_at);
                }
                newest.push((read.read_at, now));
            }
        });
    }

    #[test]
    fn the_list_is_the_newest_passages_sorted_and_bounded(steps in steps()) {
        let mut rundown = Rundown::new(settings(0));
        let mut reads: Vec<Arc<Crossing>> = Vec::new();
        run(&mut rundown, steps, |rundown, _, step, _| {
            reads.extend(step.map(|(crossing, ..)| crossing.clone()));
            let Settings { window_ms, arrivals_max, .. } = rundown.settings;
            let mut passages: Vec<_> = reads
                .iter()
                .map(|read| {
                    let passage = passage_of(read, &reads, window_ms);
                    let first = *passage.first().expect("a passage has its read");
                    (first, read.participant, read.point)
                })
                .collect();
            passages.sort();
            passages.dedup();
            passages.reverse();
            passages.truncate(arrivals_max);
            let listed: Vec<_> = rundown
                .passages
                .newest(arrivals_max)
                .map(|entry| {
                    let Crossing { read_at, participant, point, .. } = *entry.crossing;
                    (read_at, participant, point)
                })
                .collect();
            assert_eq!(listed, passages);
            assert_eq!(rundown.arrivals().len(), listed.len());
        });
    }

    #[test]
    fn an_update_means_that_the_list_changed_or_somebody_is_featured(steps in steps()) {
        let mut rundown = Rundown::new(settings(0));
        let mut before = Vec::new();
        run(&mut rundown, steps, |rundown, _, _, update| {
            let changed = before != rundown.arrivals();
            assert_eq!(update.is_some(), changed);
            before = rundown.arrivals().to_vec();
        });
    }

    #[test]
    fn the_order_of_late_reads_does_not_matter(
        (some_order, other_order) in prop::collection::vec(crossing(), 0..40)
            .prop_flat_map(|reads| (Just(reads.clone()), Just(reads).prop_shuffle())),
    ) {
        let list = |reads: Vec<Arc<Crossing>>| {
            let mut rundown = Rundown::new(settings(0));
            for crossing in reads {
                rundown.apply(MonoMs(0), Input::Late(crossing));
            }
            rundown.arrivals().to_vec()
        };
        prop_assert_eq!(list(some_order), list(other_order));
    }

    #[test]
    fn a_rewind_changes_nothing(
        steps in steps(),
        again_late in any::<bool>(),
        dwell_ms in prop_oneof![Just(0), 500..5_000_u64],
    ) {
        let mut rundown = Rundown::new(settings(dwell_ms));
        let now = run(&mut rundown, steps.clone(), |_, _, _, _| {});
        let before = rundown.arrivals().to_vec();
        for (crossing, ..) in steps {
            let again = input(crossing, again_late);
            prop_assert_eq!(rundown.apply(now.plus_ms(60_000), again), None);
        }
        prop_assert_eq!(rundown.arrivals(), before);
        prop_assert_eq!(rundown.next_timer(), None);
    }

    #[test]
    fn a_rebuild_from_the_same_reads_in_any_order_shows_the_same(
        (reads, shuffled) in prop::collection::vec((crossing(), any::<bool>()), 0..40)
            .prop_flat_map(|reads| (Just(reads.clone()), Just(reads).prop_shuffle())),
    ) {
        let mut rundown = Rundown::new(settings(0));
        rundown.apply(MonoMs(0), Input::Rebuilt(reads));
        prop_assert_eq!(rundown.apply(MonoMs(1), Input::Rebuilt(shuffled)), None);
    }
}

/// Anything that can happen to a rundown with turns. Numbers choose among the reads so far.
#[derive(Clone, Debug)]
enum Happens {
    Read(Arc<Crossing>, bool),
    Hold,
    Release,
    Skip,
    Clear,
    Feature(usize),
    /// The tags of that bib are nobody's now.
    Rebuilt(u32),
    Dwell(u64),
}

fn happens() -> impl Strategy<Value = Vec<(Happens, u64)>> {
    let one = prop_oneof![
        12 => (0..600_i64, 0..5_u32, any::<bool>()).prop_map(|(half_s, bib, late)| {
            Happens::Read(read_at_point(bib, 1, half_s * 500), late)
        }),
        12 => (0..600_u32, prop::bool::weighted(0.1)).prop_map(|(bib, late)| {
            Happens::Read(read_at_point(bib, 1, i64::from(bib) * 300), late)
        }),
        1 => Just(Happens::Hold),
        1 => Just(Happens::Release),
        1 => Just(Happens::Skip),
        1 => Just(Happens::Clear),
        1 => any::<usize>().prop_map(Happens::Feature),
        1 => (0..8_u32).prop_map(Happens::Rebuilt),
        1 => (0..9_000_u64).prop_map(Happens::Dwell),
    ];
    prop::collection::vec((one, 0..4_000_u64), 0..80)
}

/// What the laws of turns have to know of what was before.
#[derive(Default)]
struct Seen {
    reads: Vec<(Arc<Crossing>, bool)>,
    /// With when it came.
    live: Vec<(Arc<Crossing>, MonoMs)>,
    /// Who had their turn since the last rebuild, by whatever cause.
    featured: Vec<Arc<Crossing>>,
    /// Since when somebody is there, and until when at most they are held.
    turn: Option<(MonoMs, Option<MonoMs>)>,
}

impl Seen {
    /// Hands in one input, and holds the laws against what comes of it.
    fn apply(&mut self, rundown: &mut Rundown, now: MonoMs, input: Input) {
        let settings = rundown.settings.clone();
        let (is_timer, is_rebuilt) = (
            matches!(input, Input::Timer),
            matches!(input, Input::Rebuilt(_)),
        );
        let operator = match &input {
            Input::Operator(command) => Some(command.clone()),
            _ => None,
        };
        match &input {
            Input::Live(read) => self.live.push((Arc::clone(read), now)),
            // What is not handed in is forgotten.
            Input::Rebuilt(reads) => {
                self.reads.clone_from(reads);
                self.featured.clear();
            }
            _ => {}
        }
        let before = rundown.featured().cloned();
        let update = rundown.apply(now, input);
        let after = rundown.featured().cloned();
        assert!(update.is_some() || before == after, "what is visible");
        assert!(rundown.queue.len() <= settings.queue_max);

        let featured = update.and_then(|update| update.featured);
        let left = before.is_some() && (featured.is_some() || after.is_none());
        if left && operator.is_none() && !is_rebuilt {
            let (since, held_until) = self.turn.expect("somebody was there");
            assert!(rundown.settings.dwell_ms <= now.ms_since(since), "dwell");
            assert!(held_until.is_none_or(|until| until <= now), "held");
            let stayed = settings.stay_ms_max <= now.ms_since(since);
            assert!(stayed || featured.is_some(), "stay");
        }
        if let Some(runner) = &featured {
            let reads: Vec<_> = self.reads.iter().map(|(read, _)| read.clone()).collect();
            let passage = passage_of(runner, &reads, settings.window_ms);
            let of_passage = |other: &Crossing| {
                other.participant == runner.participant && passage.contains(&other.read_at)
            };
            if !matches!(operator, Some(OperatorCommand::Feature(_))) {
                let mut live = self.live.iter();
                let in_time = live.any(|(read, got)| {
                    of_passage(read) && now.ms_since(*got) <= settings.age_ms_max
                });
                assert!(in_time, "a live read of it came within the age");
                let mut had_turns = self.featured.iter();
                assert!(!had_turns.any(|had| of_passage(had)), "featured twice");
            }
            self.featured.push(Arc::clone(runner));
        }
        self.turn = match (&featured, &after) {
            (Some(_), _) => Some((now, None)),
            (None, Some(_)) => self.turn,
            (None, None) => None,
        };
        if let Some((_, held_until)) = &mut self.turn {
            match operator {
                Some(OperatorCommand::Hold) => {
                    *held_until = Some(now.plus_ms(limits::HOLD_MS_MAX));
                }
                Some(OperatorCommand::Release) => *held_until = None,
                _ => {}
            }
        }
        let due = rundown.next_timer();
        let goes_on = due.is_none_or(|due| now < due) || featured.is_some();
        assert!(!is_timer || goes_on, "time goes on");
    }

    /// Where no timer is due, nobody stays longer than they may.
    fn rests(&self, rundown: &Rundown, now: MonoMs) {
        if let Some((since, held_until)) = self.turn {
            let held = held_until.is_some_and(|until| now < until);
            let settings = &rundown.settings;
            let stay_ms = settings.stay_ms_max.max(settings.dwell_ms);
            assert!(
                held || now.ms_since(since) < stay_ms,
                "nobody stays for ever"
            );
        }
    }
}

proptest! {
    #[test]
    fn turns_are_kept_whatever_happens(steps in happens(), dwell_ms in 0..9_000_u64) {
        let with_turns = |dwell_ms| Settings {
            takes_turns: true,
            stay_ms_max: 12_000,
            ..settings(dwell_ms)
        };
        let mut rundown = Rundown::new(with_turns(dwell_ms));
        let (mut seen, mut now) = (Seen::default(), MonoMs(1_000));
        for (happens, gap_ms) in steps {
            let until = now.plus_ms(gap_ms);
            while let Some(timer) = rundown.next_timer().filter(|timer| *timer <= until) {
                now = now.max(timer);
                seen.apply(&mut rundown, now, Input::Timer);
            }
            now = until;
            seen.rests(&rundown, now);
            let chosen = |number: usize| {
                let count = seen.reads.len();
                (count > 0).then(|| number % count)
            };
            let operator = |command| Some(Input::Operator(command));
            let input = match happens {
                Happens::Read(read, late) => {
                    seen.reads.push((read.clone(), late));
                    Some(input(read, late))
                }
                Happens::Hold => operator(OperatorCommand::Hold),
                Happens::Release => operator(OperatorCommand::Release),
                Happens::Skip => operator(OperatorCommand::Skip),
                Happens::Clear => operator(OperatorCommand::Clear),
                Happens::Feature(number) => chosen(number).and_then(|at| {
                    operator(OperatorCommand::Feature(seen.reads[at].0.clone()))
                }),
                Happens::Rebuilt(bib) => {
                    let mut left = seen.reads.clone();
                    left.retain(|(read, _)| read.bib != bib.to_string());
                    Some(Input::Rebuilt(left))
                }
                Happens::Dwell(dwell_ms) => Some(Input::Settings(with_turns(dwell_ms))),
            };
            if let Some(input) = input {
                seen.apply(&mut rundown, now, input);
            }
        }
        while let Some(timer) = rundown.next_timer() {
            now = now.max(timer);
            seen.apply(&mut rundown, now, Input::Timer);
        }
        seen.rests(&rundown, now.plus_ms(60_000));
        prop_assert_eq!(rundown.featured(), None);
        prop_assert!(rundown.queue.is_empty());
    }
}

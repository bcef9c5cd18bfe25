//! Writes a plan, slice by slice, so that somebody may look on and stop it; and makes the races
//! that a file names.

use super::{Plan, RaceWanted, Rejected, import::said};
use crate::{ServiceError, limits, setup::valid_name};
use model::{EventId, ParticipantId, Unit};
use store::{NewRace, NewWave, PartnerScope, RosterWrite, Store, WaveChange};

#[derive(Debug, Default)]
pub(super) struct Written {
    pub added: u64,
    pub updated: u64,
    /// By line: who was altered meanwhile, and chips that are another's.
    pub rejected: Vec<Rejected>,
    pub is_stopped: bool,
}

/// `stops` is told how many rows are written, and says whether to leave it at that. What is
/// written stays; planned anew, the same file does the rest.
pub(super) async fn write(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    plan: &Plan,
    stops: &mut (dyn FnMut(usize) -> bool + Send),
) -> Result<Written, ServiceError> {
    let mut done = Written::default();
    let mut rows = 0;
    for slice in slices(&plan.writes) {
        if stops(rows) {
            done.is_stopped = true;
            break;
        }
        let written = store.import_roster(scope, event, &slice).await?;
        rows += slice.len();
        done.added += written.added;
        done.updated += written.updated;
        let line_of = |id: &ParticipantId| plan.lines.get(id).copied().unwrap_or(0);
        let conflicts = written.conflicts.iter().map(|conflict| {
            let reason = format!(
                "chip {} belongs to bib {}; it was left there, and the rest of the row went in",
                conflict.chip, conflict.owner_bib
            );
            said(line_of(&conflict.participant), reason)
        });
        done.rejected.extend(conflicts);
        done.rejected.extend(written.stale.iter().map(|id| {
            let reason = "somebody altered it meanwhile; import the file again";
            said(line_of(id), reason.to_owned())
        }));
    }
    stops(rows);
    done.rejected.sort_by_key(|row| row.line);
    Ok(done)
}

/// Those who change bibs or chips among each other stay together, and come first.
fn slices(writes: &[RosterWrite]) -> Vec<Vec<RosterWrite>> {
    let is_tied = |write: &&RosterWrite| match write {
        RosterWrite::Add(_) => false,
        RosterWrite::Update { from, to, .. } => {
            let gives = from.chips.iter().any(|chip| !to.chips.contains(chip));
            gives || from.bib != to.bib || from.registration_id != to.registration_id
        }
    };
    let (tied, free): (Vec<_>, Vec<_>) = writes.iter().partition(is_tied);
    let (new, free): (Vec<_>, Vec<_>) =
        (free.into_iter()).partition(|write| matches!(write, RosterWrite::Add(_)));
    let rest: Vec<_> = free.into_iter().chain(new).cloned().collect();
    let mut slices: Vec<Vec<RosterWrite>> = Vec::new();
    if !tied.is_empty() {
        slices.push(tied.into_iter().cloned().collect());
    }
    let chunks = rest.chunks(limits::ROSTER_SLICE_ROWS);
    slices.extend(chunks.map(<[_]>::to_vec));
    slices
}

/// Makes the races and waves that are wanted. One whose name tells no distance gets one kilometer,
/// which the page says.
pub(super) async fn make_races(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    wanted: &[RaceWanted],
) -> Result<(), ServiceError> {
    for race in wanted {
        let name = valid_name("race", &race.name)?;
        let mut waves = race.waves.iter();
        let id = if race.is_there {
            let races = store.races(scope, event).await?;
            let there = races.iter().find(|known| known.name == race.name);
            match there {
                Some(there) => there.id,
                // Somebody removed it meanwhile.
                None => continue,
            }
        } else {
            let (distance_m, unit) = race.distance.unwrap_or((1_000, Unit::Km));
            let new = NewRace {
                event,
                name,
                distance_m,
                unit,
            };
            let id = store.create_race(scope, new).await?;
            if let Some(first) = waves.next() {
                let races = store.races(scope, event).await?;
                let made = races.iter().find(|known| known.id == id);
                let unnamed = made.and_then(|made| made.waves.first());
                if let Some(wave) = unnamed {
                    let change = WaveChange {
                        name: Some(valid_name("wave", first)?),
                        ..WaveChange::default()
                    };
                    store.update_wave(scope, wave.id, change).await?;
                }
            }
            id
        };
        for wave in waves {
            let new = NewWave {
                race: id,
                name: valid_name("wave", wave)?,
                scheduled_at: None,
            };
            store.create_wave(scope, new).await?;
        }
    }
    Ok(())
}

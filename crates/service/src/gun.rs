//! Guns that timing devices tell of: each kept once, and given to the wave it can only be of.
//!
//! Knows no connection and no protocol: whoever takes the reads says what was told, and when.

use model::{Edit, GunId, Race, Read, UnixMicros};
use scoring::wave_for_gun;
use store::{Deeds, DeviceGun, NewDeed, PartnerScope, Races, StoreError};

/// Before the key of a gun that the simulator told of.
const SIMULATED: &str = "simulator ";

/// By whom deeds are that nobody's hand did.
const BY: &str = "timing device";

/// What a device told of its gun, in one form: the same text is the same gun, also when another
/// connection or stream sends it again.
pub fn device_key(read: &Read) -> String {
    let by = if read.simulated { SIMULATED } else { "" };
    format!("{by}{} {} {}", read.wall, read.reader, read.location)
}

pub fn is_simulated(device_key: &str) -> bool {
    device_key.starts_with(SIMULATED)
}

/// Keeps a gun that a device told of, and gives it to its wave where that can only be one. A gun
/// that is known already changes nothing. `kept` is what an earlier try came to that failed later.
pub async fn keep<S: Races + Deeds + Sync + ?Sized>(
    store: &S,
    scope: &PartnerScope,
    gun: &DeviceGun,
    kept: &mut Option<GunId>,
    now: UnixMicros,
) -> Result<(), StoreError> {
    if kept.is_none() {
        *kept = store.note_device_gun(scope, gun.clone()).await?;
    }
    let Some(id) = *kept else {
        return Ok(());
    };
    let races = store.races(scope, gun.event).await?;
    let Some(deed) = starting_deed(&races, id, &gun.name, gun.fired_at, now) else {
        return Ok(());
    };
    match store.do_deed(scope, gun.event, deed).await {
        // Somebody gave the wave its gun at this moment: theirs holds.
        Ok(_) | Err(StoreError::Stale { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether another try may end better.
pub fn passes(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Busy | StoreError::Full | StoreError::Unreachable { .. }
    )
}

/// What gives a gun to the wave that it can only be of, where there is one.
pub fn starting_deed(
    races: &[Race],
    gun: GunId,
    place: &str,
    fired_at: UnixMicros,
    now: UnixMicros,
) -> Option<NewDeed> {
    let wave = wave_for_gun(races, place, fired_at)?;
    let mut named = races.iter().flat_map(|race| {
        let waves = race.waves.iter();
        waves.map(move |wave| (wave.id, format!("{} {}", race.name, wave.name)))
    });
    let (_, name) = named.find(|(id, _)| *id == wave)?;
    Some(NewDeed {
        at: now,
        by: BY.to_owned(),
        summary: format!("the gun at {place} started {}", name.trim()),
        edits: vec![Edit::WaveGun {
            wave,
            before: None,
            after: Some(gun),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{RaceId, ReadKind, StreamId, Unit, WallTime, Wave, WaveId};
    use uuid::Uuid;

    fn told(location: &str, reader: &str, wall: i64, simulated: bool) -> Read {
        Read {
            stream: StreamId(Uuid::from_u128(1)),
            kind: ReadKind::Gun,
            location: location.to_owned(),
            tag: "guntime".to_owned(),
            wall: WallTime(wall),
            time_text: String::new(),
            dated: true,
            sequence: Some(4),
            occurrence: "0".to_owned(),
            reader: reader.to_owned(),
            antenna: "0".to_owned(),
            connection_name: None,
            raw: Vec::new(),
            received_at: UnixMicros(7),
            late: false,
            simulated,
        }
    }

    #[test]
    fn a_gun_sent_again_is_the_same_one() {
        let key = device_key(&told("START", "DF239A", 0, false));
        assert_eq!(key, "1970-01-01T00:00:00.00 DF239A START");
        let check = |read: &Read, same| assert_eq!(device_key(read) == key, same, "{read:?}");
        let again = Read {
            stream: StreamId(Uuid::from_u128(2)),
            sequence: Some(1),
            received_at: UnixMicros(9),
            late: true,
            ..told("START", "DF239A", 0, false)
        };
        check(&again, true);
        check(&told("START", "DF239A", 1, false), false);
        check(&told("START", "DF239B", 0, false), false);
        check(&told("START2", "DF239A", 0, false), false);
        let simulated = told("START", "DF239A", 0, true);
        check(&simulated, false);
        assert!(is_simulated(&device_key(&simulated)) && !is_simulated(&key));
    }

    #[test]
    fn a_gun_of_one_wave_starts_it_by_a_deed_that_can_be_undone() {
        let wave = |number| Wave {
            id: WaveId(Uuid::from_u128(number)),
            name: String::new(),
            scheduled_at: None,
            gun: None,
        };
        let race = |waves: Vec<Wave>| Race {
            id: RaceId(Uuid::from_u128(1)),
            name: "Harbor 10K".to_owned(),
            distance_m: 10_000,
            unit: Unit::Km,
            course: Vec::new(),
            waves,
        };
        let gun = GunId(Uuid::from_u128(9));
        let (fired_at, now) = (UnixMicros(5), UnixMicros(6));
        let deed = starting_deed(&[race(vec![wave(1)])], gun, "START", fired_at, now);
        let expected = NewDeed {
            at: now,
            by: "timing device".to_owned(),
            summary: "the gun at START started Harbor 10K".to_owned(),
            edits: vec![Edit::WaveGun {
                wave: WaveId(Uuid::from_u128(1)),
                before: None,
                after: Some(gun),
            }],
        };
        assert_eq!(deed, Some(expected));
        let two = [race(vec![wave(1), wave(2)])];
        assert_eq!(starting_deed(&two, gun, "START", fired_at, now), None);
    }
}

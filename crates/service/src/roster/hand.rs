//! Race-morning work on the roster by hand: each act a deed, in force at the next read and on the
//! frame now shown. What a hand altered, no import alters again.

use crate::{Caller, ServiceError, authority::Right, deed::do_deed, limits, setup::scope_of_event};
use model::{Chip, DeedId, Edit, EventId, Field, Participant, ParticipantId, UnixMicros, fold_tag};
use store::{BibRule, Store};

pub async fn person(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: ParticipantId,
) -> Result<Participant, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.participant(&scope, event, id).await?)
}

/// Adds somebody. The id of what is handed in is not looked at.
pub async fn add(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    new: Participant,
    now: UnixMicros,
) -> Result<(ParticipantId, DeedId), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let id = store::new_participant_id();
    let mut after = checked(new)?;
    after.id = id;
    // All that somebody typed stays as it was typed.
    after.hand_edited = Participant::new(id).differing(&after);
    let summary = format!("added {}", called(&after));
    let edit = Edit::Participant {
        id,
        before: None,
        after: Some(Box::new(after)),
    };
    let deed = do_deed(store, caller, &scope, event, now, summary, vec![edit]).await?;
    Ok((id, deed))
}

/// Alters what differs between somebody as they were seen and as they are to be. `Stale` where
/// another has altered them since.
pub async fn edit(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    before: Participant,
    wanted: Participant,
    now: UnixMicros,
) -> Result<Option<DeedId>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let mut after = checked(wanted)?;
    after.id = before.id;
    after.hand_edited.clone_from(&before.hand_edited);
    let fields = before.differing(&after);
    if fields.is_empty() {
        return Ok(None);
    }
    let summary = if fields.contains(&Field::Bib) {
        format!("{} now has bib {}", called(&before), bib_or_none(&after))
    } else {
        format!("edited {}", called(&before))
    };
    let edit = altered(before, after);
    let done = do_deed(store, caller, &scope, event, now, summary, vec![edit]).await?;
    Ok(Some(done))
}

/// Takes somebody out of the race, or back into it.
pub async fn withdraw(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: ParticipantId,
    withdrawn: bool,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let before = store.participant(&scope, event, id).await?;
    let after = Participant {
        withdrawn,
        ..before.clone()
    };
    let verb = if withdrawn { "withdrew" } else { "put back" };
    let summary = format!("{verb} {}", called(&before));
    let edits = vec![altered(before, after)];
    do_deed(store, caller, &scope, event, now, summary, edits).await
}

/// Takes somebody off the roster. Their reads stay, as reads of an unknown tag.
pub async fn remove(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: ParticipantId,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let before = store.participant(&scope, event, id).await?;
    let summary = format!("removed {}", called(&before));
    let edit = Edit::Participant {
        id,
        before: Some(Box::new(before)),
        after: None,
    };
    do_deed(store, caller, &scope, event, now, summary, vec![edit]).await
}

/// Two people who wear one another's bibs. The chips are on the bibs, so they go along; who
/// somebody is does not.
pub async fn swap_bibs(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    (one, other): (ParticipantId, ParticipantId),
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    if one == other {
        return Err(ServiceError::invalid("other", "choose somebody else"));
    }
    let one = store.participant(&scope, event, one).await?;
    let other = store.participant(&scope, event, other).await?;
    let with = |person: &Participant, bib_of: &Participant| Participant {
        bib: bib_of.bib.clone(),
        chips: bib_of.chips.clone(),
        ..person.clone()
    };
    let summary = format!(
        "swapped bibs {} and {}",
        bib_or_none(&one),
        bib_or_none(&other)
    );
    let (first, second) = (with(&one, &other), with(&other, &one));
    let edits = vec![altered(one, first), altered(other, second)];
    do_deed(store, caller, &scope, event, now, summary, edits).await
}

/// Gives a tag to somebody, from that instant on; `None`: as if they had always had it. Whoever
/// had it until then has it no longer.
pub async fn give_chip(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: ParticipantId,
    tag: &str,
    from: Option<UnixMicros>,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let folded = fold_tag(tag);
    if folded.is_empty() {
        return Err(ServiceError::invalid("tag", "it is empty; type a tag"));
    }
    let before = store.participant(&scope, event, id).await?;
    let people = store.participants(&scope, event).await?;
    // The first chip of an event would end that its tags are bibs, and with it every other runner.
    if people.iter().all(|person| person.chips.is_empty()) {
        store.set_bib_rule(&scope, event, BibRule::Always).await?;
    }
    let mut edits: Vec<_> = people
        .into_iter()
        .filter(|person| person.id != id)
        .filter_map(|person| without_chip(person, &folded, from))
        .collect();
    let mut after = before.clone();
    after
        .chips
        .retain(|chip| fold_tag(&chip.tag) != folded || ends_by(chip, from));
    after.chips.push(Chip {
        tag: tag.trim().to_owned(),
        valid_from: from,
        valid_to: None,
    });
    let summary = format!("tag {} is now {}'s", tag.trim(), called(&before));
    let after = checked(after)?;
    edits.push(altered(before, after));
    do_deed(store, caller, &scope, event, now, summary, edits).await
}

/// `None` where they do not have it at that time.
fn without_chip(person: Participant, folded: &str, from: Option<UnixMicros>) -> Option<Edit> {
    let mut after = person.clone();
    after.chips.retain_mut(|chip| {
        if fold_tag(&chip.tag) != folded || ends_by(chip, from) {
            return true;
        }
        chip.valid_to = from;
        // One that began only after that never was theirs.
        from.is_some() && chip.valid_from < from
    });
    (after != person).then(|| altered(person, after))
}

fn ends_by(chip: &Chip, from: Option<UnixMicros>) -> bool {
    from.is_some() && chip.valid_to.is_some_and(|to| Some(to) <= from)
}

/// With what differs marked as a hand's work.
fn altered(before: Participant, mut after: Participant) -> Edit {
    let fields = before.differing(&after);
    after.hand_edited = before.hand_edited.union(&fields).copied().collect();
    Edit::Participant {
        id: before.id,
        before: Some(Box::new(before)),
        after: Some(Box::new(after)),
    }
}

/// Trimmed and bounded, as a roster file's rows are.
fn checked(mut person: Participant) -> Result<Participant, ServiceError> {
    let texts: [(&'static str, &mut String); 12] = [
        ("bib", &mut person.bib),
        ("first name", &mut person.first_name),
        ("last name", &mut person.last_name),
        ("gender", &mut person.gender),
        ("birth date", &mut person.birth_date),
        ("city", &mut person.city),
        ("state", &mut person.state),
        ("country", &mut person.country),
        ("division", &mut person.division),
        ("team", &mut person.team),
        ("note", &mut person.note),
        ("say it as", &mut person.say_as),
    ];
    for (field, text) in texts {
        *text = text.trim().to_owned();
        if text.chars().count() > limits::ROSTER_FIELD_CHARS_MAX {
            let limit = limits::ROSTER_FIELD_CHARS_MAX;
            let problem = format!("it has more than {limit} characters");
            return Err(ServiceError::invalid(field, problem));
        }
        if text.chars().any(char::is_control) {
            let problem = "it has a control character in it";
            return Err(ServiceError::invalid(field, problem));
        }
    }
    if person.bib.is_empty() && person.registration_id.is_none() {
        return Err(ServiceError::invalid("bib", "it is empty; give a bib"));
    }
    if person.first_name.is_empty() && person.last_name.is_empty() {
        return Err(ServiceError::invalid("name", "it is empty; give a name"));
    }
    if person.age.is_some_and(|age| age > limits::AGE_YEARS_MAX) {
        return Err(ServiceError::invalid("age", "it is no number of years"));
    }
    let is_date = person.birth_date.parse::<chrono::NaiveDate>().is_ok();
    if !person.birth_date.is_empty() && !is_date {
        let problem = "it is no date like 1987-05-31";
        return Err(ServiceError::invalid("birth date", problem));
    }
    if person.chips.len() > limits::CHIPS_PER_PARTICIPANT_MAX {
        let problem = format!("at most {}", limits::CHIPS_PER_PARTICIPANT_MAX);
        return Err(ServiceError::invalid("chips", problem));
    }
    Ok(person)
}

fn called(person: &Participant) -> String {
    format!("{} {}", bib_or_none(person), person.name())
}

fn bib_or_none(person: &Participant) -> &str {
    if person.bib.is_empty() {
        "(no bib)"
    } else {
        &person.bib
    }
}

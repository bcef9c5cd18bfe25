//! Plans as tables: who is on the roster, what the file says, what comes of it.

use super::*;
use model::{Chip, Unit, Wave, WaveId};
use uuid::Uuid;

fn id(number: u128) -> ParticipantId {
    ParticipantId(Uuid::from_u128(number))
}

/// `reg bib name city chips`; `-` is nothing, chips have commas between them.
fn parts(text: &str) -> [&str; 5] {
    let parts: Vec<_> = text
        .split(' ')
        .map(|it| if it == "-" { "" } else { it })
        .collect();
    parts.try_into().expect("five parts")
}

fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|tag| !tag.is_empty())
}

fn person(number: u128, text: &str) -> Participant {
    let [registration, bib, name, city, chips] = parts(text);
    Participant {
        registration_id: (!registration.is_empty()).then(|| registration.to_owned()),
        bib: bib.to_owned(),
        last_name: name.to_owned(),
        city: city.to_owned(),
        chips: tags(chips).map(Chip::always).collect(),
        ..Participant::new(id(number))
    }
}

fn by_hand(fields: &[Field], mut person: Participant) -> Participant {
    person.hand_edited = fields.iter().copied().collect();
    person
}

fn row(line: u64, text: &str) -> RosterRow {
    let [registration, bib, name, city, chips] = parts(text);
    RosterRow {
        line,
        registration_id: (!registration.is_empty()).then(|| registration.to_owned()),
        bib: (!bib.is_empty()).then(|| bib.to_owned()),
        last_name: name.to_owned(),
        city: city.to_owned(),
        chips: tags(chips).map(str::to_owned).collect(),
        ..RosterRow::default()
    }
}

const ALL: [Field; 5] = [
    Field::RegistrationId,
    Field::Bib,
    Field::LastName,
    Field::City,
    Field::Chips,
];

fn planned_with(present: &[Participant], rows: &[&str], fields: &[Field], is_part: bool) -> Plan {
    let rows: Vec<_> = (2..)
        .zip(rows)
        .map(|(line, text)| row(line, text))
        .collect();
    let fields = fields.iter().copied().collect();
    let reading = Reading {
        rows: &rows,
        fields: &fields,
        is_part,
    };
    let mut next = 100;
    plan(present, reading, &[], || {
        next += 1;
        id(next)
    })
}

fn shown(plan: &Plan) -> Vec<String> {
    let mut lines: Vec<_> = (plan.writes.iter())
        .map(|write| {
            let (sign, to) = match write {
                RosterWrite::Add(to) => ("+", to),
                RosterWrite::Update { to, .. } => ("", to),
            };
            let or_none = |text: &str| {
                if text.is_empty() {
                    "-".to_owned()
                } else {
                    text.to_owned()
                }
            };
            let chips: Vec<_> = to.chips.iter().map(|chip| chip.tag.as_str()).collect();
            format!(
                "{sign}{} {} {} {} {}",
                or_none(to.registration_id.as_deref().unwrap_or_default()),
                or_none(&to.bib),
                or_none(&to.last_name),
                or_none(&to.city),
                or_none(&chips.join(","))
            )
        })
        .collect();
    lines.extend(plan.missing.iter().map(|it| format!("missing {}", it.name)));
    lines.extend(plan.kept.iter().map(|it| {
        let fields: Vec<_> = it.fields.iter().map(|field| field.name()).collect();
        format!("kept {} {}", it.name, fields.join(","))
    }));
    lines.extend(plan.rejected.iter().map(|it| format!("no {}", it.line)));
    lines
}

#[track_caller]
fn check(present: &[Participant], rows: &[&str], expected: &[&str], unchanged: u64) {
    let plan = planned_with(present, rows, &ALL, false);
    assert_eq!(shown(&plan), expected);
    assert_eq!(plan.unchanged, unchanged);
    assert_eq!(plan.lines.len(), plan.writes.len());
    assert_eq!(plan.added.len() + plan.changed.len(), plan.writes.len());
}

#[test]
fn rows_are_added_changed_left_or_missing() {
    let ana = [person(1, "- 7 Ana Pau A1")];
    check(&ana, &["- 7 Ana Pau a1"], &[], 1);
    check(&ana, &["- 7 Ana Lyon -"], &["- 7 Ana Lyon A1"], 0);
    check(&ana, &["- 007 Ana Pau A2"], &["- 007 Ana Pau A1,A2"], 0);
    check(
        &ana,
        &["- 8 Bo Pau B1"],
        &["+- 8 Bo Pau B1", "missing Ana"],
        0,
    );
    check(&ana, &["- 7 Anna Pau -"], &["- 7 Anna Pau A1"], 0);
    check(&ana, &["R1 7 Ana Pau -"], &["R1 7 Ana Pau A1"], 0);
    check(
        &ana,
        &["R1 - Cy Pau -"],
        &["+R1 - Cy Pau -", "missing Ana"],
        0,
    );
}

#[test]
fn a_bib_swap_renames_nobody() {
    let both = [person(1, "R1 7 Ana Pau A1"), person(2, "R2 8 Bo Lyon B1")];
    check(
        &both,
        &["R1 8 Ana Pau B1", "R2 7 Bo Lyon A1"],
        &["R1 8 Ana Pau B1", "R2 7 Bo Lyon A1"],
        0,
    );
    // No column of chips: they are on the bibs.
    let plan = planned_with(
        &both,
        &["R1 8 Ana Pau -", "R2 7 Bo Lyon -"],
        &ALL[..4],
        false,
    );
    assert_eq!(shown(&plan), ["R1 8 Ana Pau B1", "R2 7 Bo Lyon A1"]);
    // Somebody new gets the bib of somebody who got another.
    check(
        &both,
        &["R1 9 Ana Pau -", "R3 7 Cy Pau A1", "R2 8 Bo Lyon -"],
        &["R1 9 Ana Pau -", "+R3 7 Cy Pau A1"],
        1,
    );
}

#[test]
fn a_bib_that_another_keeps_is_refused() {
    let both = [person(1, "R1 7 Ana Pau -"), person(2, "R2 8 Bo Lyon -")];
    check(&both, &["R1 8 Ana Pau -"], &["missing Bo", "no 2"], 0);
    check(
        &both,
        &["R9 7 Cy Pau -", "R2 8 Bo Lyon -"],
        &["missing Ana", "no 2"],
        1,
    );
    // Who is refused keeps a bib that another was to get.
    check(
        &both,
        &["R1 8 Ana Pau -", "R3 7 Cy Pau -"],
        &["missing Bo", "no 2", "no 3"],
        0,
    );
    // Taken back from somebody whose cell is empty.
    check(
        &both,
        &["R1 - Ana Pau -", "R2 7 Bo Lyon -"],
        &["R1 - Ana Pau -", "R2 7 Bo Lyon -"],
        0,
    );
}

#[test]
fn what_a_hand_altered_stays_and_is_told() {
    let ana = by_hand(&[Field::City, Field::Chips], person(1, "- 7 Ana Pau A1"));
    check(
        std::slice::from_ref(&ana),
        &["- 7 Ana Lyon A2"],
        &["kept Ana city,chips"],
        1,
    );
    check(&[ana], &["- 7 Anna Pau A1"], &["- 7 Anna Pau A1"], 0);
}

#[test]
fn a_swap_by_hand_outlives_a_file_without_registrations() {
    let both = [
        by_hand(&[Field::Bib, Field::Chips], person(1, "- 8 Ana Pau B1")),
        by_hand(&[Field::Bib, Field::Chips], person(2, "- 7 Bo Lyon A1")),
    ];
    check(
        &both,
        &["- 7 Ana Nice A1", "- 8 Bo Lyon B1"],
        &["- 8 Ana Nice B1", "kept Ana bib,chips", "kept Bo bib,chips"],
        1,
    );
    // Whom the row means cannot be told.
    check(
        &both,
        &["- 7 Cy Pau -"],
        &["missing Ana", "missing Bo", "no 2"],
        0,
    );
    check(&both[..1], &["- 7 Ana Pau -"], &["kept Ana bib"], 1);
}

#[test]
fn what_the_file_has_no_column_for_stays() {
    let mut ana = person(1, "- 7 Ana Pau A1");
    ana.custom.insert("Shirt".to_owned(), "M".to_owned());
    ana.note = "first marathon".to_owned();
    let plan = planned_with(
        std::slice::from_ref(&ana),
        &["- 7 Anna - -"],
        &[Field::Bib, Field::LastName],
        false,
    );
    let expected = Participant {
        last_name: "Anna".to_owned(),
        ..ana
    };
    let [RosterWrite::Update { to, .. }] = &plan.writes[..] else {
        panic!("{:?}", plan.writes);
    };
    assert_eq!(**to, expected);
    assert_eq!(plan.changed[0].fields, BTreeSet::from([Field::LastName]));
}

#[test]
fn a_chip_file_gives_chips_and_brings_in_nobody() {
    let both = [person(1, "- 7 Ana Pau A1"), person(2, "- 8 Bo Lyon B1")];
    let check = |present: &[Participant], rows: &[&str], expected: &[&str]| {
        let plan = planned_with(present, rows, &[Field::Chips], true);
        assert_eq!(shown(&plan), expected);
    };
    check(&both, &["- 7 - - A2"], &["- 7 Ana Pau A1,A2"]);
    check(&both, &["- 9 - - C1"], &["no 2"]);
    // A chip goes from one to the other, who gives it up first.
    check(
        &both,
        &["- 7 - - B1"],
        &["- 8 Bo Lyon -", "- 7 Ana Pau A1,B1"],
    );
    let kept = [by_hand(&[Field::Chips], both[0].clone())];
    check(&kept, &["- 7 - - A2"], &["kept Ana chips"]);
}

fn race(number: u128, name: &str, waves: &[&str]) -> Race {
    Race {
        id: model::RaceId(Uuid::from_u128(number)),
        name: name.to_owned(),
        distance_m: 5_000,
        unit: Unit::Km,
        course: Vec::new(),
        waves: (waves.iter().zip(1..))
            .map(|(name, at)| Wave {
                id: WaveId(Uuid::from_u128(number * 10 + at)),
                name: (*name).to_owned(),
                scheduled_at: None,
                gun: None,
            })
            .collect(),
    }
}

#[test]
fn words_for_races_and_waves_find_theirs() {
    let check = |races: &[Race], race: &str, wave: &str, found: Option<u128>, wanted: &[&str]| {
        let mut waves = Waves::of(races);
        let row = RosterRow {
            race: race.to_owned(),
            wave: wave.to_owned(),
            ..RosterRow::default()
        };
        let id = waves.find(&row).map(|id| id.0.as_u128());
        assert_eq!(id, found, "{race:?} {wave:?}");
        let told = waves.wanted().into_iter();
        let told: Vec<_> = told
            .map(|it| format!("{}:{}", it.name, it.waves.join(",")))
            .collect();
        assert_eq!(told, wanted, "{race:?} {wave:?}");
    };
    let ten = race(1, "10K", &[""]);
    let half = race(2, "Half", &["A", "Wave B"]);
    let both = [ten.clone(), half];
    check(&both, "10k", "", Some(11), &[]);
    check(&both, "HALF", "wave b", Some(22), &[]);
    check(&both, "Half", "", Some(21), &[]);
    check(&both, "Half", "C", None, &["Half:C"]);
    check(&both, "5K", "", None, &["5K:"]);
    check(&both, "5K", "Red", None, &["5K:Red"]);
    check(&both, "", "A", Some(21), &[]);
    check(&both, "", "", None, &[]);
    check(&[ten], "", "", Some(11), &[]);
    check(&[], "", "A", None, &[]);
}

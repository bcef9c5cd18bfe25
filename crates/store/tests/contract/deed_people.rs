//! What deeds do to people: bibs, registration ids and chips that one has at a time.

use crate::{
    database::Database,
    deeds::{State, ada, done, refused, undone, with_bib, with_chips},
    world::{World, edit, runner},
};
use model::{Chip, Participant, UnixMicros};
use store::StoreError;

on_both! {
    bibs_and_registrations_change_hands_within_a_deed,
    what_another_has_is_taken,
    a_chip_is_one_persons_at_a_time,
}

async fn bibs_and_registrations_change_hands_within_a_deed(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let registered = |bib: &str, id: &str| Participant {
        registration_id: Some(id.to_owned()),
        ..runner(bib, "Bo")
    };
    let (a, b, c) = (
        registered("1", "A"),
        registered("2", "B"),
        runner("3", "Cy"),
    );
    let new = [&a, &b, &c].map(|person| edit(None, Some(person)));
    done(store, harbour, new.to_vec()).await;
    let before = State::of(store, harbour).await;
    let to = [
        Participant {
            registration_id: Some("B".to_owned()),
            ..with_bib(&a, "2")
        },
        Participant {
            registration_id: Some("A".to_owned()),
            ..with_bib(&b, "003")
        },
        with_bib(&c, "1"),
    ];
    let ring = [(&a, &to[0]), (&b, &to[1]), (&c, &to[2])];
    let ring = ring.map(|(from, to)| edit(Some(from), Some(to)));
    let deed = done(store, harbour, ring.to_vec()).await;
    assert_eq!(harbour.people(store).await[1..], to);
    undone(store, harbour, deed).await.unwrap();
    assert_eq!(State::of(store, harbour).await, before);

    // The bib of somebody who goes is free for somebody who comes, whatever the order.
    let heir = runner("2", "Di");
    let edits = vec![edit(None, Some(&heir)), edit(Some(&b), None)];
    done(store, harbour, edits).await;
    assert_eq!(harbour.people(store).await.last(), Some(&heir));
}

async fn what_another_has_is_taken(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let bo = Participant {
        registration_id: Some("R1".to_owned()),
        chips: vec![Chip::always("C1")],
        ..runner("102", "Bo")
    };
    done(store, harbour, vec![edit(None, Some(&bo))]).await;
    let ada = ada(store, harbour).await;
    let before = State::of(store, harbour).await;
    let registered = |person: &Participant| Participant {
        registration_id: Some("R1".to_owned()),
        ..person.clone()
    };
    let new = runner("103", "Cy");
    for (edits, expected) in [
        (
            vec![edit(Some(&ada), Some(&with_bib(&ada, "00102")))],
            "bib",
        ),
        (vec![edit(None, Some(&with_bib(&new, "102")))], "bib"),
        (
            vec![edit(Some(&ada), Some(&registered(&ada)))],
            "registration id",
        ),
        (vec![edit(None, Some(&registered(&new)))], "registration id"),
        (
            vec![edit(None, Some(&with_chips(&new, bo.chips.clone())))],
            "chip",
        ),
        (
            vec![
                edit(None, Some(&new)),
                edit(None, Some(&runner("0103", "Di"))),
            ],
            "bib",
        ),
    ] {
        match refused(store, harbour, edits).await {
            StoreError::Taken { what } => assert_eq!(what, expected),
            error => panic!("{expected}: {error}"),
        }
    }
    assert_eq!(State::of(store, harbour).await, before);
}

async fn a_chip_is_one_persons_at_a_time(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let chip = |from: Option<i64>, to: Option<i64>| Chip {
        tag: "C1".to_owned(),
        valid_from: from.map(UnixMicros),
        valid_to: to.map(UnixMicros),
    };
    let bo = runner("102", "Bo");
    let cy = runner("103", "Cy");
    let new = vec![edit(None, Some(&bo)), edit(None, Some(&cy))];
    done(store, harbour, new).await;
    let both = |of_bo: Vec<Chip>, of_cy: Vec<Chip>| {
        vec![
            edit(Some(&bo), Some(&with_chips(&bo, of_bo))),
            edit(Some(&cy), Some(&with_chips(&cy, of_cy))),
        ]
    };
    let early = chip(None, Some(100));
    for (of_bo, of_cy) in [
        (vec![chip(None, None)], vec![chip(None, None)]),
        (vec![early.clone()], vec![chip(Some(99), None)]),
        (vec![chip(Some(5), Some(10))], vec![chip(None, None)]),
        // Twice the same person's is no better.
        (vec![early.clone(), chip(Some(50), None)], vec![]),
    ] {
        let error = refused(store, harbour, both(of_bo, of_cy)).await;
        assert!(
            matches!(error, StoreError::Taken { what: "chip" }),
            "{error}"
        );
    }
    // Nor is it where they have it already.
    let has_it = with_chips(&bo, vec![chip(None, None)]);
    let deed = done(store, harbour, vec![edit(Some(&bo), Some(&has_it))]).await;
    let twice = with_chips(&bo, vec![chip(None, None); 2]);
    let error = refused(store, harbour, vec![edit(Some(&has_it), Some(&twice))]).await;
    assert!(
        matches!(error, StoreError::Taken { what: "chip" }),
        "{error}"
    );
    undone(store, harbour, deed).await.unwrap();
    let mut lower = chip(Some(100), None);
    lower.tag = "0c1".to_owned();
    let given_on = both(vec![early.clone()], vec![lower.clone()]);
    let deed = done(store, harbour, given_on).await;
    let people = harbour.people(store).await;
    assert_eq!(
        (&people[1].chips, &people[2].chips),
        (&vec![early], &vec![lower])
    );
    // A chip goes from one to the other in one deed.
    let swapped = vec![
        edit(
            Some(&people[1]),
            Some(&with_chips(&bo, people[2].chips.clone())),
        ),
        edit(
            Some(&people[2]),
            Some(&with_chips(&cy, people[1].chips.clone())),
        ),
    ];
    let swapped = done(store, harbour, swapped).await;
    undone(store, harbour, swapped).await.unwrap();
    undone(store, harbour, deed).await.unwrap();
    assert_eq!(harbour.people(store).await[1..], [bo, cy]);
}

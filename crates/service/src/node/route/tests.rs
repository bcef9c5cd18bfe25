use super::*;
use model::{EventId, PartnerId};
use uuid::Uuid;

fn id(number: u128) -> StreamId {
    StreamId(Uuid::from_u128(number))
}

/// Stream `number` of a partner, which lists these addresses.
fn row(number: u128, partner: u128, addresses: &[&str]) -> Stream {
    Stream {
        id: id(number),
        partner: PartnerId(Uuid::from_u128(partner)),
        event: EventId(Uuid::from_u128(1)),
        name: "Mats".to_owned(),
        protocol: Protocol::Ctp01,
        port: None,
        timezone: None,
        offset_ms: 0,
        paused: false,
        archived: false,
        last_read_at: None,
        woken_at: None,
        addresses: addresses.iter().map(|it| it.parse().unwrap()).collect(),
    }
}

fn paused(row: Stream) -> Stream {
    Stream {
        paused: true,
        ..row
    }
}

#[test]
fn an_address_proves_what_one_partner_lists() {
    let check = |peer: &str, rows: &[Stream], rule: Option<u128>, expected: ByAddress| {
        let found = by_address(peer.parse().unwrap(), rows, |row| !row.paused, rule.map(id));
        assert_eq!(found, expected, "{peer} with rule {rule:?}");
    };
    let (mat, other) = ("192.0.2.7", "192.0.2.8");
    check(mat, &[], None, ByAddress::Nobodys);
    check(mat, &[row(1, 1, &[other])], None, ByAddress::Nobodys);
    check(
        mat,
        &[row(1, 1, &[other, mat])],
        None,
        ByAddress::Stream(id(1)),
    );
    let mapped = "::ffff:192.0.2.7";
    check(mapped, &[row(1, 1, &[mat])], None, ByAddress::Stream(id(1)));
    // Two partners: neither, also where the other's stream is paused.
    let two = [row(1, 1, &[mat]), paused(row(2, 2, &[mat]))];
    check(mat, &two, Some(1), ByAddress::Nobodys);
    // Several streams of one partner: the active one, else the rule's.
    let two = [row(1, 1, &[mat]), row(2, 1, &[mat])];
    check(mat, &two, None, ByAddress::Ambiguous);
    check(mat, &two, Some(2), ByAddress::Stream(id(2)));
    check(mat, &two, Some(3), ByAddress::Ambiguous);
    let two = [row(1, 1, &[mat]), paused(row(2, 1, &[mat]))];
    check(mat, &two, Some(2), ByAddress::Stream(id(1)));
    let held = [paused(row(2, 1, &[mat]))];
    check(mat, &held, None, ByAddress::Stream(id(2)));
    // What is put away, or has a port of its own, takes nothing from here.
    let archived = Stream {
        archived: true,
        ..row(1, 1, &[mat])
    };
    check(mat, &[archived], None, ByAddress::Nobodys);
    let own_port = Stream {
        port: Some(61_700),
        ..row(1, 1, &[mat])
    };
    check(mat, &[own_port], None, ByAddress::Nobodys);
}

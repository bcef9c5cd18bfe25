//! A full row for any table, made from what the catalogs say of it.

use crate::catalog::{Column, Table};
use std::collections::BTreeMap;

/// Values that a CHECK asks for. A new one that the made-up values do not pass goes here.
const CHECKED: [(&str, &str, &str); 5] = [
    ("event", "bib_rule", "'auto'"),
    ("gun", "source", "'typed'"),
    ("race", "unit", "'km'"),
    ("read", "kind", "0"),
    ("template_version", "origin", "'named'"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Partner {
    Harbour = 1,
    Meadow = 2,
}

impl Partner {
    pub fn id(self) -> String {
        format!("00000000-0000-7000-8000-00000000000{}", self as u8)
    }
}

/// Literals by column.
pub type Row = BTreeMap<String, String>;

/// One of many rows that differ in all but what they point at: every partner has one row, the one
/// numbered 0, in every table, and rows point at those.
pub fn row(tables: &[Table], table: &Table, partner: Partner, number: u8) -> Row {
    let mut row = Row::new();
    for (at, column) in table.columns.iter().enumerate() {
        let value = made_up(tables, table, (at, column), partner, number);
        row.insert(column.name.clone(), value);
    }
    for key in &table.keys {
        let parent = named(tables, &key.parent);
        let parents = self::row(tables, parent, partner, 0);
        for (column, parent_column) in key.columns.iter().zip(&key.parent_columns) {
            row.insert(column.clone(), parents[parent_column].clone());
        }
    }
    row
}

pub fn named<'a>(tables: &'a [Table], name: &str) -> &'a Table {
    tables
        .iter()
        .find(|table| table.name == name)
        .unwrap_or_else(|| panic!("there is no table {name}"))
}

pub fn insert(table: &Table, row: &Row) -> String {
    let columns: Vec<String> = row.keys().map(|name| format!("\"{name}\"")).collect();
    let values: Vec<&str> = row.values().map(String::as_str).collect();
    format!(
        "INSERT INTO \"{}\" ({}) VALUES ({})",
        table.name,
        columns.join(", "),
        values.join(", ")
    )
}

fn made_up(
    tables: &[Table],
    table: &Table,
    (at, column): (usize, &Column),
    partner: Partner,
    number: u8,
) -> String {
    let checked = CHECKED
        .iter()
        .find(|(name, of, _)| *name == table.name && *of == column.name);
    if let Some((.., value)) = checked {
        return (*value).to_owned();
    }
    let is_partners_own = column.name == "partner_id" || (table.name == "partner" && at == 0);
    if is_partners_own {
        return format!("'{}'", partner.id());
    }
    let which = tables
        .iter()
        .position(|other| other.name == table.name)
        .unwrap();
    let partner = partner as u8;
    match column.kind.as_str() {
        "uuid" => format!("'00000000-0000-7000-9000-{which:04x}{at:04x}{partner:02x}{number:02x}'"),
        "bigint" => format!("{}", u32::from(partner) * 1_000 + u32::from(number)),
        "text" => format!("'{} {partner} {number}'", column.name),
        "boolean" => "false".to_owned(),
        "bytea" => format!("'\\x{partner:02x}{number:02x}'"),
        other => panic!(
            "{}.{} is of type {other}: say here what a value looks like",
            table.name, column.name
        ),
    }
}

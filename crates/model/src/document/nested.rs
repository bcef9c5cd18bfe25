//! What lies within itself is read only so deep: bytes of a few kilobytes could nest without end,
//! and whoever reads them has a stack. JSON has such a bound of its own, postcard has none.

use crate::limits::NESTED_MAX;
use serde::{Deserialize, Deserializer, de};
use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// For `deserialize_with`.
pub(super) fn bounded<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let depth = DEPTH.get();
    if depth >= NESTED_MAX {
        return Err(de::Error::custom("it stands too deep in itself"));
    }
    DEPTH.set(depth + 1);
    let read = T::deserialize(deserializer);
    DEPTH.set(depth);
    read
}

#[cfg(test)]
mod tests {
    use crate::document::{Condition, DataField, Draw, Edit, Element, Group};

    fn group(elements: Vec<Element>) -> Element {
        let draw = Draw::Group(Group { elements });
        Element::new("a".to_owned(), [0, 0, 1, 1].into(), draw)
    }

    #[test]
    fn what_stands_too_deep_is_refused_and_leaves_nothing_behind() {
        let check = |depth: usize, is_read: bool| {
            let mut element = group(Vec::new());
            let mut condition = Condition::Has(DataField::Bib);
            let mut edit = Edit::All(Vec::new());
            for _ in 0..depth {
                element = group(vec![element]);
                condition = Condition::Not(Box::new(condition));
                edit = Edit::All(vec![edit]);
            }
            let bytes = postcard::to_allocvec(&element).unwrap();
            let read = postcard::from_bytes::<Element>(&bytes);
            assert_eq!(read.is_ok(), is_read, "{depth}");
            let bytes = postcard::to_allocvec(&condition).unwrap();
            let read = postcard::from_bytes::<Condition>(&bytes);
            assert_eq!(read.is_ok(), is_read, "{depth}");
            let bytes = postcard::to_allocvec(&edit).unwrap();
            let read = postcard::from_bytes::<Edit>(&bytes);
            assert_eq!(read.is_ok(), is_read, "{depth}");
        };
        check(10, true);
        check(200, false);
        check(10, true);
    }
}

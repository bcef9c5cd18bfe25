//! Tables for small lists, and the columns that both kinds of table have.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// The least room in which a column is shown; `style/tables.css` has the widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    Narrow,
    Wide,
    Widest,
}

/// `Column::text("Name")`, `Column::number("Bib").sortable()`, `Column::text("City").wide_only()`
#[derive(Clone, Debug)]
pub struct Column {
    pub(super) title: String,
    pub(super) is_number: bool,
    pub(super) is_sortable: bool,
    pub(super) room: Room,
    pub(super) width: String,
}

impl Column {
    pub fn text(title: impl Into<String>) -> Column {
        Column {
            title: title.into(),
            is_number: false,
            is_sortable: false,
            room: Room::Narrow,
            width: "minmax(0, 1fr)".to_owned(),
        }
    }

    /// Aligned at its end, so that digits stand below digits.
    pub fn number(title: impl Into<String>) -> Column {
        Column {
            is_number: true,
            width: "6rem".to_owned(),
            ..Column::text(title)
        }
    }

    pub fn sortable(self) -> Column {
        Column {
            is_sortable: true,
            ..self
        }
    }

    /// Left out where the table is narrow, as on a phone.
    pub fn wide_only(self) -> Column {
        Column {
            room: Room::Wide,
            ..self
        }
    }

    /// Left out on a tablet too.
    pub fn widest_only(self) -> Column {
        Column {
            room: Room::Widest,
            ..self
        }
    }

    /// Of a virtual table, as a track of a CSS grid: `"6rem"`, `"2fr"`.
    pub fn width(self, width: impl Into<String>) -> Column {
        Column {
            width: width.into(),
            ..self
        }
    }
}

/// Which column orders the rows. The page sorts; the table shows it and changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub column: usize,
    pub descending: bool,
}

impl Sort {
    pub const fn by(column: usize) -> Sort {
        Sort {
            column,
            descending: false,
        }
    }

    fn pressed(self, column: usize) -> Sort {
        Sort {
            column,
            descending: self.column == column && !self.descending,
        }
    }

    pub(super) fn spoken(self, column: usize) -> &'static str {
        match (self.column == column, self.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }
}

/// Rows are plain `<tr>`s inside; cells of numbers have the class `number`, those of columns for
/// wide tables `wide-only` or `widest-only`.
///
/// `<Table caption="Races" columns=vec![Column::text("Race")]><tr><td>"5K"</td></tr></Table>`
#[component]
pub fn Table(
    /// For readers of screens; what is seen over a table is the page's.
    #[prop(into)]
    caption: Signal<String>,
    columns: Vec<Column>,
    #[prop(optional)] sort: Option<RwSignal<Sort>>,
    children: Children,
) -> impl IntoView {
    let heads = columns.into_iter().enumerate().map(|(at, column)| {
        let aria_sort = sort.filter(|_| column.is_sortable);
        let (is_number, room) = (column.is_number, column.room);
        view! {
            <th
                scope="col"
                class:number=is_number
                class:wide-only=room == Room::Wide
                class:widest-only=room == Room::Widest
                aria-sort=move || aria_sort.map(|sort| sort.get().spoken(at))
            >
                {head(at, column, sort)}
            </th>
        }
    });
    let heads = heads.map(IntoAny::into_any).collect_view();
    view! {
        <div class="table-box">
            <table class="table">
                <caption class="hidden-words">{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A title, or a button that sorts by it.
pub(super) fn head(at: usize, column: Column, sort: Option<RwSignal<Sort>>) -> AnyView {
    let Some(sort) = sort.filter(|_| column.is_sortable) else {
        return column.title.into_any();
    };
    let is_upward = move || sort.get() == Sort::by(at);
    view! {
        <button
            class="sort"
            class:on=move || sort.get().column == at
            class:up=is_upward
            type="button"
            on:click=move |_| sort.update(|sort| *sort = sort.pressed(at))
        >
            {column.title}
            <Icon glyph=Glyph::ChevronDown/>
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_press_turns_the_order() {
        let first = Sort::by(0).pressed(2);
        assert_eq!(first, Sort::by(2));
        assert_eq!(first.spoken(2), "ascending");
        let second = first.pressed(2);
        assert_eq!(second.spoken(2), "descending");
        assert_eq!(second.spoken(0), "none");
        assert_eq!(second.pressed(2), first);
    }
}

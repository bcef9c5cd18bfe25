//! Something of what is selected, or of the document, that slots show and set.
//!
//! Owns how a slot is tied to it: shown where all have it alike, set in each. Which there are, the
//! sections say.

use super::Desk;
use crate::pages::builder::slots;
use editor::{Command, Editor};
use leptos::prelude::AnyView;
use model::document::{Color, Draw, Element, Property};

type Change<S> = fn(&Editor, &dyn Fn(&mut S)) -> Option<Command>;

/// Plain functions: of closures, each would bring its own copy of the code.
pub(super) struct Part<S: 'static> {
    /// `None` where one of the selected has none.
    pub(super) all: fn(&Editor) -> Option<Vec<&S>>,
    /// Changes each that there is.
    pub(super) change: Change<S>,
}

impl<S> Clone for Part<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Part<S> {}

impl<S> Part<S> {
    /// What all have alike.
    pub(super) fn alike<T: PartialEq>(self, editor: &Editor, of: fn(&S) -> Option<T>) -> Option<T> {
        let mut values = (self.all)(editor)?.into_iter().map(of);
        let first = values.next()??;
        let is_alike = values.all(|value| value.as_ref() == Some(&first));
        is_alike.then_some(first)
    }

    pub(super) fn number(
        self,
        desk: Desk,
        label: &'static str,
        words: &'static str,
        of: fn(&S) -> Option<i32>,
        set: fn(&mut S, i32),
    ) -> AnyView {
        let ask = move |editor: &Editor| self.alike(editor, of);
        slots::number(desk, label, words, ask, move |editor, number| {
            (self.change)(editor, &|one| set(one, number))
        })
    }

    pub(super) fn choice<T: Copy + PartialEq + Send + Sync>(
        self,
        desk: Desk,
        words: &'static str,
        table: &'static [(T, &'static str)],
        of: fn(&S) -> Option<T>,
        set: fn(&mut S, T),
    ) -> AnyView {
        let ask = move |editor: &Editor| self.alike(editor, of);
        slots::one_of(desk, words, table, ask, move |editor, chosen| {
            (self.change)(editor, &|one| set(one, chosen))
        })
    }

    pub(super) fn color(
        self,
        desk: Desk,
        words: &'static str,
        of: fn(&S) -> Option<Color>,
        set: fn(&mut S, Color),
    ) -> AnyView {
        let ask = move |editor: &Editor| self.alike(editor, of);
        slots::color(desk, words, ask, move |editor, color| {
            (self.change)(editor, &|one| set(one, color))
        })
    }
}

/// A part of what elements draw: `drawn!(Draw::Clock(clock) => clock.shows)`.
macro_rules! drawn {
    ($pattern:pat => $part:expr) => {
        $crate::pages::builder::inspector::part::Part {
            all: |editor| {
                $crate::pages::builder::inspector::part::of_each(editor, |one| match &one.draw {
                    $pattern => Some(&$part),
                    _ => None,
                })
            },
            change: |editor, change| {
                $crate::pages::builder::inspector::part::redrawn(editor, &|draw| match draw {
                    $pattern => {
                        change(&mut $part);
                        true
                    }
                    _ => false,
                })
            },
        }
    };
}
pub(super) use drawn;

/// Another property of elements, or a part of one: `owned!(Motion, motion.enter)`.
macro_rules! owned {
    ($property:ident, $field:ident $(. $part:ident)?) => {
        $crate::pages::builder::inspector::part::Part {
            all: |editor| {
                $crate::pages::builder::inspector::part::of_each(editor, |one| {
                    Some(&one.$field $(.$part)?)
                })
            },
            change: |editor, change| {
                $crate::pages::builder::inspector::part::each(editor, &|one| {
                    // Some of them can be copied, and lints want those to be.
                    let mut value = Clone::clone(&one.$field);
                    change(&mut value $(.$part)?);
                    Some(model::document::Property::$property(value))
                })
            },
        }
    };
}
pub(super) use owned;

/// What there is to be seen of each of the selected.
pub(super) fn of_each<S>(
    editor: &Editor,
    part: for<'a> fn(&'a Element) -> Option<&'a S>,
) -> Option<Vec<&S>> {
    editor.selected().into_iter().map(part).collect()
}

/// Changes what each of the selected draws. `None` where that is of no use to any.
pub(super) fn redrawn(editor: &Editor, change: &dyn Fn(&mut Draw) -> bool) -> Option<Command> {
    each(editor, &|one| {
        let mut draw = one.draw.clone();
        change(&mut draw).then_some(Property::Draw(draw))
    })
}

/// Sets what there is to be set of each of the selected.
pub(super) fn each(
    editor: &Editor,
    what: &dyn Fn(&Element) -> Option<Property>,
) -> Option<Command> {
    let selected = editor.selected().into_iter();
    let changed = selected.filter_map(|one| Some((one.id.clone(), what(one)?)));
    let changed: Vec<_> = changed.collect();
    (!changed.is_empty()).then_some(Command::SetOf(changed))
}

/// As near to what was typed as it may be.
pub(super) fn within<T: Copy + Into<i32> + TryFrom<i32>>(typed: i32, least: T, most: T) -> T {
    T::try_from(typed.clamp(least.into(), most.into())).unwrap_or(most)
}

/// A length.
pub(super) fn pixels(typed: i32) -> u16 {
    within(typed, 0, u16::MAX)
}

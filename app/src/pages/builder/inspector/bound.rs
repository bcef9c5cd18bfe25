//! The fields in a text, each with how it is written and what stands there instead where it says
//! nothing: by choosing, for whom braces are none of their business.

use super::{Desk, part::Part};
use crate::parts::{Each, When};
use leptos::prelude::*;
use model::document::{Binding, DataField, Format, Pattern, Piece};

pub(super) fn rows(desk: Desk, part: Part<Pattern>) -> AnyView {
    let bindings = desk.watch(move |editor| {
        let pattern = part.alike(editor, |pattern| Some(pattern.clone()));
        let bindings = pattern.iter().flat_map(Pattern::bindings);
        bindings.cloned().collect::<Vec<_>>()
    });
    let rows = move || {
        let bindings = bindings.get().into_iter().enumerate();
        bindings
            .map(|(index, binding)| (index, binding.field))
            .collect::<Vec<_>>()
    };
    view! {
        <When holds=move || !bindings.read().is_empty()>
            <ul class="bound" aria-label="Fields in the text">
                <Each
                    each=rows
                    key=|(index, field)| (*index, field.name().into_owned())
                    let((index, field))
                >
                    {row(desk, part, bindings, index, &field)}
                </Each>
            </ul>
        </When>
    }
    .into_any()
}

fn row(
    desk: Desk,
    part: Part<Pattern>,
    bindings: Memo<Vec<Binding>>,
    index: usize,
    field: &DataField,
) -> AnyView {
    let name = field.name().into_owned();
    let change = move |with: &dyn Fn(&mut Binding)| {
        desk.step(desk.read(|editor| {
            (part.change)(editor, &|pattern| {
                if let Some(binding) = nth(pattern, index) {
                    with(binding);
                }
            })
        }));
    };
    let formats = Memo::new(move |_| {
        bindings.with(|all| {
            all.get(index)
                .map(|one| names(&one.formats))
                .unwrap_or_default()
        })
    });
    let fallback = Memo::new(move |_| {
        bindings.with(|all| all.get(index).and_then(|one| one.fallback.clone()))
    });
    let offered = field.formats();
    let options = move || {
        let now = formats.get();
        let mut options = vec![(String::new(), "as it is".to_owned())];
        options.extend(
            offered
                .iter()
                .map(|format| (format.name().to_owned(), words(*format).to_owned())),
        );
        // Several together, or one that alters nothing, as somebody has typed it.
        if options.iter().all(|(name, _)| *name != now) {
            options.push((now.clone(), now));
        }
        let chosen = move |name: String| move || *formats.read() == name;
        let options = options.into_iter().map(|(name, words)| {
            let is_chosen = chosen(name.clone());
            view! { <option value=name selected=is_chosen>{words}</option> }.into_any()
        });
        options.collect_view()
    };
    view! {
        <li>
            <span class="bound-field">{name.clone()}</span>
            <select
                aria-label=format!("How {name} is written")
                disabled=move || offered.is_empty()
                prop:value=move || formats.get()
                on:change:target=move |event| {
                    let chosen = event.target().value();
                    change(&|binding| {
                        binding.formats = chosen.split(':').filter_map(Format::named).collect();
                    });
                }
            >
                {options}
            </select>
            <input
                type="text"
                autocomplete="off"
                dir="auto"
                placeholder="else nothing"
                aria-label=format!("Instead, where {name} says nothing")
                prop:value=move || fallback.get().unwrap_or_default()
                on:change:target=move |event| {
                    // A brace would end the field.
                    let typed = event.target().value().replace(['{', '}'], "");
                    change(&|binding| {
                        binding.fallback = (!typed.is_empty()).then(|| typed.clone());
                    });
                }
            />
        </li>
    }
    .into_any()
}

fn nth(pattern: &mut Pattern, index: usize) -> Option<&mut Binding> {
    let pieces = pattern.pieces.iter_mut();
    let mut bindings = pieces.filter_map(|piece| match piece {
        Piece::Bound(binding) => Some(binding),
        Piece::Text(_) => None,
    });
    bindings.nth(index)
}

/// As they stand in a binding.
fn names(formats: &[Format]) -> String {
    let names: Vec<_> = formats.iter().map(|format| format.name()).collect();
    names.join(":")
}

const fn words(format: Format) -> &'static str {
    match format {
        Format::Upper => "LARGE",
        Format::Lower => "small",
        Format::Title => "Each Word Large",
        Format::Ordinal => "1st",
        Format::Number => "12,345",
        Format::PerKm => "4:35 /km",
        Format::PerMile => "7:23 /mi",
        Format::Km => "21.1 km",
        Format::Miles => "13.1 mi",
        Format::Date => "Friday 6 March 2026",
        Format::Day => "6 March",
        Format::Weekday => "Friday",
        Format::Initial => "A.",
    }
}

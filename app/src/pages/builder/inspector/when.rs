//! When the selection is seen: built by choosing.

mod rule;

use super::{
    Desk,
    part::{Part, owned},
};
use crate::{
    pages::builder::fields,
    parts::{Button, Glyph, IconButton},
};
use editor::Editor;
use leptos::prelude::*;
use model::document::Condition;
use rule::{Of, Rule, Says};
use std::sync::Arc;

const WHEN: Part<Option<Condition>> = owned!(When, when);

/// `None`: several are selected, and differ.
type Shown = Memo<Option<Option<Rule>>>;

pub(super) fn section(desk: Desk) -> AnyView {
    let rule: Shown = desk.watch(|editor| one(editor).map(|when| when.as_ref().map(Rule::of)));
    let shape = Memo::new(move |_| {
        rule.with(|rule| rule.as_ref().map(|rule| rule.as_ref().map(Rule::shape)))
    });
    let body = move || match shape.get() {
        Some(Some(shape)) => view! {
            {part(desk, rule, Vec::new(), &shape)}
            {matches!(shape, Rule::Field { .. })
                .then(|| add(desk, Vec::new(), "Add a condition"))}
        }
        .into_any(),
        Some(None) => view! {
            <p class="quiet">"Always."</p>
            {add(desk, Vec::new(), "Add a condition")}
        }
        .into_any(),
        None => view! { <p class="quiet">"The selected differ in it."</p> }.into_any(),
    };
    view! {
        <section>
            <h2>"Is seen"</h2>
            {body}
        </section>
    }
    .into_any()
}

fn part(desk: Desk, rule: Shown, path: Vec<usize>, shape: &Rule) -> AnyView {
    match shape {
        Rule::Field { says, .. } => row(desk, rule, path, says.has_text()),
        Rule::Group { rules, .. } => {
            let inside = rules.iter().enumerate().map(|(index, shape)| {
                let path = [&path[..], &[index]].concat();
                view! { <li>{part(desk, rule, path, shape)}</li> }.into_any()
            });
            let inside = inside.collect_view();
            view! {
                <div class="rule-group" role="group" aria-label="Conditions">
                    <div class="rule">
                        {pick(rule, &path, "How many of these", words(&Of::ALL), of_words, set_of(desk, &path))}
                        {remove(desk, &path)}
                    </div>
                    <ul>{inside}</ul>
                    {add(desk, path.clone(), "Add a condition")}
                    {Rule::can_nest(&path).then(|| add_group(desk, path.clone()))}
                </div>
            }
            .into_any()
        }
    }
}

fn row(desk: Desk, rule: Shown, path: Vec<usize>, has_text: bool) -> AnyView {
    let names = fields::all(desk).into_iter();
    let names = names.map(|(_, field)| field.name().into_owned());
    let names = names.map(|name| (name.clone(), name)).collect();
    let text = has_text.then(|| {
        let here = path.clone();
        let value = move || match at(rule, &here) {
            Some(Rule::Field { text, .. }) => text,
            _ => String::new(),
        };
        let path = path.clone();
        view! {
            <input
                type="text"
                class="rule-text"
                autocomplete="off"
                aria-label="What it says"
                prop:value=value
                on:change:target=move |event| {
                    let typed = event.target().value();
                    change(desk, &path, &|rule| {
                        if let Rule::Field { text, .. } = rule {
                            text.clone_from(&typed);
                        }
                    });
                }
            />
        }
        .into_any()
    });
    view! {
        <div class="rule">
            {pick(rule, &path, "Field", names, field_name, set_field(desk, &path))}
            {pick(rule, &path, "Says", words(&Says::ALL), says_words, set_says(desk, &path))}
            {text}
            {remove(desk, &path)}
        </div>
    }
    .into_any()
}

type Give = Arc<dyn Fn(&str) + Send + Sync>;

/// One of several, of the rule at a place.
fn pick(
    rule: Shown,
    path: &[usize],
    label: &'static str,
    options: Vec<(String, String)>,
    ask: fn(&Rule) -> String,
    give: Give,
) -> AnyView {
    let path = path.to_vec();
    let value = Memo::new(move |_| at(rule, &path).as_ref().map(ask).unwrap_or_default());
    let options = options.into_iter().map(|(name, text)| {
        let is_chosen = {
            let name = name.clone();
            move || *value.read() == name
        };
        view! { <option value=name selected=is_chosen>{text}</option> }.into_any()
    });
    let options = options.collect_view();
    view! {
        <select
            aria-label=label
            prop:value=move || value.get()
            on:change:target=move |event| give(&event.target().value())
        >
            {options}
        </select>
    }
    .into_any()
}

fn field_name(rule: &Rule) -> String {
    match rule {
        Rule::Field { field, .. } => field.name().into_owned(),
        Rule::Group { .. } => String::new(),
    }
}

fn says_words(rule: &Rule) -> String {
    match rule {
        Rule::Field { says, .. } => word(&Says::ALL, says).to_owned(),
        Rule::Group { .. } => String::new(),
    }
}

fn of_words(rule: &Rule) -> String {
    match rule {
        Rule::Group { of, .. } => word(&Of::ALL, of).to_owned(),
        Rule::Field { .. } => String::new(),
    }
}

fn set_field(desk: Desk, path: &[usize]) -> Give {
    giving(desk, path, |rule, name| {
        if let (Rule::Field { field, .. }, Ok(chosen)) = (rule, name.parse()) {
            *field = chosen;
        }
    })
}

fn set_says(desk: Desk, path: &[usize]) -> Give {
    giving(desk, path, |rule, words| {
        if let (Rule::Field { says, .. }, Some(chosen)) = (rule, worded(&Says::ALL, words)) {
            *says = chosen;
        }
    })
}

fn set_of(desk: Desk, path: &[usize]) -> Give {
    giving(desk, path, |rule, words| {
        if let (Rule::Group { of, .. }, Some(chosen)) = (rule, worded(&Of::ALL, words)) {
            *of = chosen;
        }
    })
}

fn giving(desk: Desk, path: &[usize], set: fn(&mut Rule, &str)) -> Give {
    let path = path.to_vec();
    Arc::new(move |chosen| change(desk, &path, &|rule| set(rule, chosen)))
}

fn add(desk: Desk, path: Vec<usize>, words: &'static str) -> AnyView {
    let on_press = move || {
        edit(desk, &|rule| match rule {
            Some(mut rule) => {
                rule.add(&path, Rule::first());
                Some(rule)
            }
            None => Some(Rule::first()),
        });
    };
    view! { <Button small=true icon=Glyph::Plus on_press=on_press>{words}</Button> }.into_any()
}

fn add_group(desk: Desk, path: Vec<usize>) -> AnyView {
    let on_press = move || {
        edit(desk, &|rule| {
            let mut rule = rule?;
            let group = Rule::Group {
                of: Of::Any,
                rules: vec![Rule::first(), Rule::first()],
            };
            rule.add(&path, group);
            Some(rule)
        });
    };
    view! { <Button small=true icon=Glyph::Plus on_press=on_press>"Add a group"</Button> }
        .into_any()
}

fn remove(desk: Desk, path: &[usize]) -> AnyView {
    let path = path.to_vec();
    let on_press = move || {
        edit(desk, &|rule| {
            let mut rule = rule?;
            (!rule.remove(&path)).then_some(rule)
        });
    };
    view! { <IconButton icon=Glyph::Close label="Remove the condition" on_press=on_press/> }
        .into_any()
}

/// Of the rule at a place.
fn change(desk: Desk, path: &[usize], with: &dyn Fn(&mut Rule)) {
    edit(desk, &|rule| {
        let mut rule = rule?;
        if let Some(rule) = rule.at_mut(path) {
            with(rule);
        }
        Some(rule)
    });
}

fn edit(desk: Desk, with: &dyn Fn(Option<Rule>) -> Option<Rule>) {
    let Some(now) = desk.read(one) else { return };
    let next = with(now.as_ref().map(Rule::of));
    let when = next.as_ref().map(Rule::condition);
    desk.step(desk.read(|editor| (WHEN.change)(editor, &|one| one.clone_from(&when))));
}

fn one(editor: &Editor) -> Option<Option<Condition>> {
    WHEN.alike(editor, |when| Some(when.clone()))
}

fn at(rule: Shown, path: &[usize]) -> Option<Rule> {
    rule.with(|rule| rule.as_ref()?.as_ref()?.at(path).cloned())
}

fn words<T>(all: &[(T, &'static str)]) -> Vec<(String, String)> {
    let option = |(_, words): &(T, &str)| ((*words).to_owned(), (*words).to_owned());
    all.iter().map(option).collect()
}

fn word<T: PartialEq>(all: &[(T, &'static str)], of: &T) -> &'static str {
    let known = all.iter().find(|(known, _)| known == of);
    known.map_or("", |(_, words)| words)
}

fn worded<T: Copy>(all: &[(T, &'static str)], words: &str) -> Option<T> {
    let known = all.iter().find(|(_, known)| *known == words);
    known.map(|(value, _)| *value)
}

//! What is there for each of several things, and what is there while something holds.
//!
//! Like `For` and `Show` of leptos, but with what differs from use to use behind a pointer: the
//! studio has some eighty of them, and each would bring its own copy of the code.

use leptos::prelude::*;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// One view for each thing. What is there already is only moved: a view is made anew when its
/// thing has another key.
#[component]
pub fn Each<I, T, K, V>(
    /// The things in order.
    each: impl Fn() -> I + Send + 'static,
    /// What tells them apart. No two may have the same.
    key: impl Fn(&T) -> K + Send + 'static,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    I: IntoIterator<Item = T>,
    T: Send + 'static,
    K: Hash,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let rows = move || {
        let row = |thing: T| {
            let children = Arc::clone(&children);
            Row {
                key: hash_of(&key(&thing)),
                draw: Box::new(move || children(thing).into_any()),
            }
        };
        each().into_iter().map(row).collect()
    };
    all(Box::new(rows))
}

struct Row {
    key: u64,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

fn all(rows: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    view! { <For each=rows key=|row: &Row| row.key children=|row: Row| (row.draw)()/> }.into_any()
}

/// The same in every process: what the server drew has the keys that the browser expects.
fn hash_of(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Its children while something holds, and else the fallback.
#[component]
pub fn When(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    #[prop(optional, into)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    either(Box::new(holds), fallback, children)
}

type Holds = Box<dyn Fn() -> bool + Send + Sync>;

fn either(holds: Holds, fallback: ViewFn, children: ChildrenFn) -> AnyView {
    let holds = ArcMemo::new(move |_| holds());
    let show = move || {
        if holds.get() {
            children()
        } else {
            fallback.run()
        }
    };
    show.into_any()
}

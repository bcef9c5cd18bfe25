//! The windows of the builder, over its canvas and beside it: in a bundle of their own, which comes
//! when the first of them is opened.
//!
//! Owns what they know of the builder: what it tells. What they want done to the template, they
//! ask of it (`messages`).

mod check;
pub(super) mod messages;
mod publish;
mod shortcuts;
mod timing;
mod versions;

use crate::{address, browser::effect, rpc::RpcError};
use editor::Panel;
use futures_channel::oneshot;
use leptos::prelude::*;
use messages::{Ask, Draft, Tell, ask, on_tell};
use model::{EventId, TemplateId};

/// What each of them has in its hands.
#[derive(Clone, Copy)]
struct Around {
    event: EventId,
    template: TemplateId,
    draft: RwSignal<Draft>,
    /// Which one is to be opened.
    panel: RwSignal<Option<Panel>>,
    /// Who waits for the draft to be saved.
    waiting: StoredValue<Vec<oneshot::Sender<Result<u64, String>>>>,
}

#[component]
pub fn WindowsPage() -> impl IntoView {
    // It is brought by the builder, which has found both.
    let (event, template) = address::event().zip(address::template())?;
    let around = Around {
        event,
        template,
        draft: RwSignal::new(Draft::default()),
        panel: RwSignal::new(None),
        waiting: StoredValue::new(Vec::new()),
    };
    let all = view! {
        <div class="builder-windows">
            <publish::Publish around/>
            <versions::Versions around/>
            <check::CheckWindow around/>
            <timing::Timing around/>
            <shortcuts::Shortcuts around/>
        </div>
    }
    .into_any();
    effect(move || {
        on_tell(move |told| around.hear(told));
        ask(&Ask::Ready);
    });
    Some(all)
}

impl Around {
    fn hear(self, told: Tell) {
        match told {
            Tell::Open(panel) => self.panel.set(Some(panel)),
            Tell::Draft(draft) => self.draft.set(draft),
            Tell::Saved(answer) => {
                let waiting = self.waiting.try_update_value(std::mem::take);
                for one in waiting.into_iter().flatten() {
                    // Whoever does not wait any more has closed the window.
                    let _ = one.send(answer.clone());
                }
            }
        }
    }

    /// True from when the builder opens the window until it is closed.
    fn opens(self, panel: Panel) -> RwSignal<bool> {
        let open = RwSignal::new(false);
        effect(move || {
            if self.panel.get() == Some(panel) {
                self.panel.set(None);
                open.set(true);
            }
        });
        open
    }

    /// The revision of the draft, once the server has all that was made.
    async fn saved(self) -> Result<u64, RpcError> {
        let (tell, told) = oneshot::channel();
        self.waiting.update_value(|waiting| waiting.push(tell));
        ask(&Ask::Save);
        match told.await {
            Ok(Ok(revision)) => Ok(revision),
            Ok(Err(problem)) => Err(RpcError::Unavailable { problem }),
            Err(_) => Err(RpcError::Unavailable {
                problem: "the page goes away".to_owned(),
            }),
        }
    }
}

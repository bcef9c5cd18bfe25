//! The sound of alarms: off until somebody switches it on, in this browser.
//!
//! Knows no alarm. Before somebody has pressed a key or a button on the page it is silent, as
//! browsers want it.

use crate::{
    browser::effect,
    parts::{Glyph, Icon},
};
use leptos::{ev, prelude::*};

const KEY: &str = "gantry-sound";

#[derive(Clone, Copy)]
pub struct Sound {
    on: RwSignal<bool>,
    touched: RwSignal<bool>,
}

impl Sound {
    pub fn new() -> Self {
        let sound = Self {
            on: RwSignal::new(false),
            touched: RwSignal::new(false),
        };
        // The first frame is as the server drew it, which knows no browser's wishes.
        effect(move || {
            if let Ok(Some(storage)) = window().local_storage() {
                let kept = storage.get_item(KEY).ok().flatten();
                sound.on.set(kept.as_deref() == Some("on"));
            }
            let pointer = window_event_listener(ev::pointerdown, move |_| sound.touch());
            let key = window_event_listener(ev::keydown, move |_| sound.touch());
            on_cleanup(move || {
                pointer.remove();
                key.remove();
            });
        });
        sound
    }

    fn touch(self) {
        if self.touched.try_get_untracked() == Some(false) {
            self.touched.set(true);
        }
    }

    /// Something is not as it should be.
    pub fn once(self) {
        self.play(&[(660.0, 0.0)]);
    }

    /// Runners are not shown, or reads are in danger.
    pub fn urgent(self) {
        self.play(&[(880.0, 0.0), (660.0, 0.25), (880.0, 0.5)]);
    }

    fn play(self, tones: &[(f32, f64)]) {
        if self.on.get_untracked() && self.touched.get_untracked() {
            // A browser without sound has the banner.
            let _ = beep(tones);
        }
    }

    fn turn(self) {
        let on = !self.on.get_untracked();
        self.on.set(on);
        // Storage may be forbidden: then it holds until the page is loaded anew.
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = match on {
                true => storage.set_item(KEY, "on"),
                false => storage.remove_item(KEY),
            };
        }
        if on {
            // So that somebody hears how loud it is.
            self.once();
        }
    }
}

/// `<SoundSwitch sound/>`
#[component]
pub fn SoundSwitch(sound: Sound) -> impl IntoView {
    let label = Signal::derive(move || {
        let words = match sound.on.get() {
            true => "Alarm sound: on. Switch it off",
            false => "Alarm sound: off. Switch it on",
        };
        words.to_owned()
    });
    view! {
        <button
            class="button quiet icon-only"
            type="button"
            title=label
            aria-label=label
            on:click=move |_| sound.turn()
        >
            {move || match sound.on.get() {
                true => view! { <Icon glyph=Glyph::SoundOn/> },
                false => view! { <Icon glyph=Glyph::SoundOff/> },
            }}
        </button>
    }
}

/// Tones of so many hertz, each beginning after so many seconds.
#[cfg(target_arch = "wasm32")]
fn beep(tones: &[(f32, f64)]) -> Result<(), wasm_bindgen::JsValue> {
    const SECONDS: f64 = 0.2;
    const LOUDNESS: f32 = 0.25;
    thread_local! {
        // Browsers allow few of them.
        static CONTEXT: std::cell::OnceCell<web_sys::AudioContext> =
            const { std::cell::OnceCell::new() };
    }
    CONTEXT.with(|kept| {
        let context = match kept.get() {
            Some(context) => context.clone(),
            None => {
                let made = web_sys::AudioContext::new()?;
                kept.get_or_init(|| made).clone()
            }
        };
        // One that was put to sleep in the background wakes after a press.
        let _promise = context.resume()?;
        for (hertz, after) in tones {
            let from = context.current_time() + after;
            let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
            tone.frequency().set_value(*hertz);
            volume.gain().set_value_at_time(LOUDNESS, from)?;
            // Down to nothing, or it would click.
            let end = from + SECONDS;
            volume.gain().linear_ramp_to_value_at_time(0.0, end)?;
            tone.connect_with_audio_node(&volume)?;
            volume.connect_with_audio_node(&context.destination())?;
            tone.start_with_when(from)?;
            tone.stop_with_when(end)?;
        }
        Ok(())
    })
}

#[cfg(not(target_arch = "wasm32"))]
fn beep(_: &[(f32, f64)]) -> Result<(), wasm_bindgen::JsValue> {
    Ok(())
}

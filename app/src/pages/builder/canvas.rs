//! The canvas as one takes hold of it: events of pointers, wheels and keys become inputs.
//!
//! Owns the frame that is drawn in and the picture over it. What a gesture does, `editor` decides.

use super::{desk::Desk, local, menu::SelectionMenu, overlay, ruler, stage};
use crate::{
    browser::{effect, listen, load_text},
    format::fixed,
};
use editor::{
    Brought, Button, Command, Input, Modifiers, Phase, Point, Pointer, PointerKind, Redraw, Target,
    Wheel,
};
use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use model::document::Axis;
use render::fit::Advances;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, File, KeyboardEvent, MouseEvent,
    PointerEvent, WheelEvent,
};

/// A second press that soon and that near is a double click.
const DOUBLE_MS: f64 = 400.0;
const DOUBLE_PX: f64 = 5.0;

/// As long as a finger rests until the systems of tablets take it for a long press.
const LONG_PRESS: Duration = Duration::from_millis(500);

/// A line, where a wheel counts in lines; a page, where it counts in pages.
const WHEEL_LINE_PX: f64 = 16.0;
const WHEEL_PAGE_PX: f64 = 400.0;

#[component]
pub(super) fn Canvas(desk: Desk) -> impl IntoView {
    let frame = NodeRef::<html::Iframe>::new();
    let over = NodeRef::<html::Div>::new();
    let size = desk.watch(|editor| (editor.view().width_px, editor.view().height_px));
    let svg = move || {
        desk.over.track();
        desk.read(|editor| {
            let view = editor.view();
            overlay::svg(&editor.overlay(), view.width_px, view.height_px)
        })
    };
    effect(move || {
        if let Some(frame) = frame.get() {
            begin(desk, &frame);
        }
    });
    on_cleanup(stage::close);
    let hand = StoredValue::new(Hand::default());
    let pointer = move |phase: Phase, event: &PointerEvent, target: Target| {
        let Some(over) = over.get_untracked() else {
            return;
        };
        let at = place_in(&over, event);
        let kind = match &*event.pointer_type() {
            "touch" => PointerKind::Touch,
            "pen" => PointerKind::Pen,
            _ => PointerKind::Mouse,
        };
        let clicks = match phase {
            Phase::Down => {
                let _ = over.focus();
                // What leaves the canvas still drags, and what comes out of a ruler does.
                let _ = over.set_pointer_capture(event.pointer_id());
                hand.update_value(|hand| hand.wait(desk, kind));
                hand.try_update_value(|hand| hand.clicks(at, event.time_stamp()))
                    .unwrap_or(1)
            }
            Phase::Up => {
                hand.update_value(|hand| hand.lifted(at));
                1
            }
            Phase::Move | Phase::Cancel => 1,
        };
        desk.input(Input::Pointer(Pointer {
            phase,
            id: event.pointer_id(),
            kind,
            button: match event.button() {
                1 => Button::Middle,
                2 => Button::Secondary,
                _ => Button::Primary,
            },
            at,
            over: target,
            modifiers: Modifiers {
                space: hand.with_value(|hand| hand.space),
                ..modifiers_of(event)
            },
            clicks,
        }));
    };
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        let Some(over) = over.get_untracked() else {
            return;
        };
        let unit = match event.delta_mode() {
            WheelEvent::DOM_DELTA_LINE => WHEEL_LINE_PX,
            WheelEvent::DOM_DELTA_PAGE => WHEEL_PAGE_PX,
            _ => 1.0,
        };
        desk.input(Input::Wheel(Wheel {
            at: place_in(&over, &event),
            by: Point {
                x: event.delta_x() * unit,
                y: event.delta_y() * unit,
            },
            modifiers: modifiers_of(&event),
        }));
    };
    let held = move |event: &KeyboardEvent| Modifiers {
        shift: event.shift_key(),
        alt: event.alt_key(),
        ctrl: event.ctrl_key(),
        meta: event.meta_key(),
        space: hand.with_value(|hand| hand.space),
    };
    let command = move |event: &KeyboardEvent| {
        let is_mac = window()
            .navigator()
            .user_agent()
            .is_ok_and(|agent| agent.contains("Mac"));
        Command::of_key(&event.key(), held(event), is_mac)
    };
    let key = move |event: KeyboardEvent, is_down: bool| {
        if event.key() == " " {
            event.prevent_default();
            hand.update_value(|hand| hand.space = is_down);
        }
        desk.input(Input::Modifiers(held(&event)));
        if !is_down {
            return;
        }
        match command(&event) {
            // They come with what is on the clipboard right after this.
            Some(Command::Paste) => hand.update_value(|hand| hand.in_place = false),
            Some(Command::PasteInPlace) => hand.update_value(|hand| hand.in_place = true),
            Some(command @ (Command::Copy | Command::Cut)) => desk.command(command),
            // With nothing selected the keys lead out of the canvas, as they do anywhere else.
            Some(Command::SelectNext | Command::SelectPrevious)
                if desk.read(|editor| editor.selection().is_empty()) => {}
            Some(command) => {
                event.prevent_default();
                desk.command(command);
            }
            None => {}
        }
    };
    // The panels have the same keys, but for those that they take themselves: the focus goes to the
    // canvas then, where what is on the clipboard comes too.
    let beside = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let target = event.target().and_then(|at| at.dyn_into::<Element>().ok());
        let (Some(target), Some(over)) = (target, over.get_untracked()) else {
            return;
        };
        let is_in = |places: &str| target.closest(places).ok().flatten().is_some();
        let is_taken = match &*event.key() {
            "Escape" => is_in("dialog, [popover], [role=menu], .builder-windows"),
            "Tab" => true,
            "Enter" | " " => !target.matches("body").unwrap_or(false),
            _ => false,
        };
        if event.default_prevented()
            || is_taken
            || is_in("dialog, [popover], [role=menu], [role=application]")
        {
            return;
        }
        if is_in("input, textarea, select") {
            if event.key() == "Escape" {
                let _ = over.focus();
            }
            return;
        }
        if command(&event).is_some() {
            let _ = over.focus();
            key(event, true);
        }
    });
    on_cleanup(move || beside.remove());
    let copied = move |event: ClipboardEvent| {
        if let Some(data) = event.clipboard_data()
            && data.set_data("text/plain", &local::copied()).is_ok()
        {
            event.prevent_default();
        }
    };
    let pasted = move |event: ClipboardEvent| {
        event.prevent_default();
        let Some(data) = event.clipboard_data() else {
            return;
        };
        let said = |what| data.get_data(what).unwrap_or_default();
        let text = said("text/plain");
        // Spreadsheets give a picture of their cells too, file managers the name of their file.
        let is_words = !text.is_empty() && !said("text/html").is_empty();
        let file = file_of(&data).filter(|_| !is_words);
        if let Some(file) = file {
            return desk.bring_picture(file, None);
        }
        let in_place = hand.with_value(|hand| hand.in_place);
        if !text.is_empty() {
            desk.command(Command::PasteText { text, in_place });
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        let (Some(data), Some(over)) = (event.data_transfer(), over.get_untracked()) else {
            return;
        };
        let at = Some(place_in(&over, &event));
        if let Some(file) = file_of(&data) {
            return desk.bring_picture(file, at);
        }
        let words = data.get_data("text/plain").unwrap_or_default();
        desk.command(Command::Bring(Brought::Words(words), at));
    };
    effect(move || {
        let Some(over) = over.get() else { return };
        follow_size(desk, &over);
        for (name, phase) in [
            ("pointerdown", Phase::Down),
            ("pointermove", Phase::Move),
            ("pointerup", Phase::Up),
            ("pointercancel", Phase::Cancel),
        ] {
            listen(&over, name, move |event| {
                pointer(phase, &event, Target::Viewport);
            });
        }
        listen(&over, "pointerleave", move |_: Event| {
            desk.command(Command::Hover(None));
        });
        // The focus is where the press has put it: with a double click, in a field. And the middle
        // button pushes the canvas: on Linux it would paste what is selected anywhere as well, in
        // Chromium when it is let go, in Firefox with the click.
        for name in [
            "mousedown",
            "mouseup",
            "auxclick",
            "contextmenu",
            "dragover",
        ] {
            listen(&over, name, |event: Event| event.prevent_default());
        }
        // What opened the menu is no tap on what of it came to lie under the finger.
        listen(&over, "touchend", move |event: Event| {
            if desk.menu.read_untracked().is_some() {
                event.prevent_default();
            }
        });
        listen(&over, "wheel", wheel);
        listen(&over, "keydown", move |event| key(event, true));
        listen(&over, "keyup", move |event| key(event, false));
        listen(&over, "copy", copied);
        listen(&over, "cut", copied);
        listen(&over, "paste", pasted);
        listen(&over, "drop", dropped);
    });
    let view_box = move || {
        let (width, height) = size.get();
        // Halves are enough, and the digits of any float are a great deal of code.
        format!("0 0 {} {}", fixed(width, 1), fixed(height, 1))
    };
    view! {
        <div class="builder-canvas">
            {ruler(desk, Axis::Y, move |event| {
                pointer(Phase::Down, &event, Target::Ruler(Axis::Y));
            })}
            {ruler(desk, Axis::X, move |event| {
                pointer(Phase::Down, &event, Target::Ruler(Axis::X));
            })}
            <div class="builder-sight">
                <iframe node_ref=frame src="/canvas" title="Canvas" tabindex="-1"></iframe>
                <div
                    node_ref=over
                    class="builder-over"
                    tabindex="0"
                    role="application"
                    aria-label="Canvas. Press question mark for its keys"
                    style=move || ["cursor:", desk.cursor.get().css()].concat()
                >
                    <svg
                        width="100%"
                        height="100%"
                        viewBox=view_box
                        preserveAspectRatio="none"
                        aria-hidden="true"
                        inner_html=svg
                    ></svg>
                </div>
                <SelectionMenu desk/>
            </div>
        </div>
    }
    .into_any()
}

/// Named by the guides that come out of it: the one at the left stands for `X`.
fn ruler(desk: Desk, axis: Axis, pulled: impl Fn(PointerEvent) + 'static) -> AnyView {
    let view = desk.watch(|editor| *editor.view());
    let marks = move || ruler::svg(&view.get(), axis);
    let (class, words) = match axis {
        Axis::X => ("builder-ruler upright", "Pull out a guide that stands"),
        Axis::Y => ("builder-ruler", "Pull out a guide that lies"),
    };
    view! {
        <div class=class title=words on:pointerdown=pulled>
            <svg width="100%" height="100%" aria-hidden="true" inner_html=marks></svg>
        </div>
    }
    .into_any()
}

/// What the canvas has to remember of earlier events.
#[derive(Clone, Copy, Debug, Default)]
struct Hand {
    space: bool,
    in_place: bool,
    /// Where and when it was pressed last, and how many times.
    pressed: Option<(Point, f64, u8)>,
    /// Of the last press alone: one before it must not end in the middle of this one.
    long_press: Option<TimeoutHandle>,
}

impl Hand {
    /// No browser on Apple's tablets tells of a long press.
    fn wait(&mut self, desk: Desk, kind: PointerKind) {
        if let Some(before) = self.long_press.take() {
            before.clear();
        }
        if kind == PointerKind::Touch {
            let timer = set_timeout_with_handle(move || desk.input(Input::LongPress), LONG_PRESS);
            self.long_press = timer.ok();
        }
    }

    /// What was dragged is no first click.
    fn lifted(&mut self, at: Point) {
        let is_click = |(pressed, ..): &(Point, f64, u8)| pressed.distance(at) <= DOUBLE_PX;
        self.pressed = self.pressed.filter(is_click);
    }

    fn clicks(&mut self, at: Point, ms: f64) -> u8 {
        let clicks = match self.pressed {
            Some((before, then_ms, 1))
                if ms - then_ms <= DOUBLE_MS && before.distance(at) <= DOUBLE_PX =>
            {
                2
            }
            _ => 1,
        };
        self.pressed = Some((at, ms, clicks));
        clicks
    }
}

fn file_of(data: &DataTransfer) -> Option<File> {
    data.files().and_then(|files| files.get(0))
}

fn place_in(over: &Element, event: &MouseEvent) -> Point {
    let corner = over.get_bounding_client_rect();
    Point {
        x: f64::from(event.client_x()) - corner.left(),
        y: f64::from(event.client_y()) - corner.top(),
    }
}

fn modifiers_of(event: &MouseEvent) -> Modifiers {
    Modifiers {
        shift: event.shift_key(),
        alt: event.alt_key(),
        ctrl: event.ctrl_key(),
        meta: event.meta_key(),
        space: false,
    }
}

/// Draws as soon as the frame and the widths of signs are there.
fn begin(desk: Desk, frame: &web_sys::HtmlIFrameElement) {
    let open = {
        let frame = frame.clone();
        move || {
            let Some(url) = stage::advances_url(&frame) else {
                return;
            };
            let frame = frame.clone();
            spawn_local(async move {
                let table = load_text(&url).await;
                let advances = table.as_deref().and_then(Advances::parse);
                if let Some(advances) = advances
                    && stage::open(&frame, advances).is_some()
                {
                    desk.draw(&Redraw::Scene);
                }
            });
        }
    };
    // It may have loaded before this script did.
    open();
    let loaded = Closure::<dyn Fn()>::new(open);
    // It fails only for names that are no event's.
    let _ = frame.add_event_listener_with_callback("load", loaded.as_ref().unchecked_ref());
    let held = StoredValue::new_local(loaded);
    // Kept as long as the page is.
    on_cleanup(move || held.dispose());
}

fn follow_size(desk: Desk, over: &Element) {
    let element = over.clone();
    let tell = move || {
        let size = element.get_bounding_client_rect();
        desk.input(Input::Resized {
            width_px: size.width(),
            height_px: size.height(),
        });
    };
    tell();
    let told = Closure::<dyn Fn()>::new(tell);
    let Ok(observer) = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()) else {
        return;
    };
    observer.observe(over);
    let held = StoredValue::new_local((observer, told));
    on_cleanup(move || held.with_value(|(observer, _)| observer.disconnect()));
}

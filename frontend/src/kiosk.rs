//! The kiosk bundle: hydrates a display's page and keeps it current.
//!
//! Owns the browser's side of things: socket, timers, painting. What to do and when is decided by
//! `render::link`. Every closure is made once and serves all sockets and frames, so that memory
//! stays flat however long the page is open.

mod wire;

use js_sys::{Date, Math};
use leptos::{
    mount::{hydrate_from, mount_to},
    prelude::*,
};
use model::{BoardState, MonoMs, socket};
use render::{
    Cover, Screen, Shown,
    limits::LOOK_MS_MAX,
    link::{Action, Input, Link, Moment, Page, Target},
    page::{DISPLAY_HEADER, ROOT_ID, STATE_ID},
    screen::{identity, notice_text},
};
use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, closure::Closure, prelude::wasm_bindgen};
use web_sys::{HtmlElement, Location, MessageEvent, WebSocket, Window, XmlHttpRequest};

/// Between two looks at the clock: silence, waits, fading marks.
const TICK_MS: i32 = 250;

#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    Kiosk::begin();
}

struct Kiosk {
    window: Window,
    /// The display's page, `http://host/d/code`.
    page_url: String,
    link: RefCell<Link>,
    socket: RefCell<Option<WebSocket>>,
    /// One for all looks at pages: opening it anew ends the look before.
    look: XmlHttpRequest,
    /// The newest state not painted yet: a burst of frames costs one painting.
    unpainted: RefCell<Option<Unpainted>>,
    shown: RwSignal<Shown>,
    notice: RwSignal<String>,
    cover: RwSignal<Cover>,
    closures: OnceCell<Closures>,
}

struct Unpainted {
    state: BoardState,
    animate: bool,
}

struct Closures {
    opened: Closure<dyn FnMut()>,
    message: Closure<dyn FnMut(MessageEvent)>,
    closed: Closure<dyn FnMut()>,
    looked: Closure<dyn FnMut()>,
    tick: Closure<dyn FnMut()>,
    paint: Closure<dyn FnMut()>,
}

impl Kiosk {
    fn begin() {
        let window = web_sys::window().expect("the kiosk runs in a page");
        let document = window.document().expect("a page has a document");
        let location = window.location();
        let page = document
            .get_element_by_id(STATE_ID)
            .and_then(|element| element.text_content())
            .and_then(|json| wire::page_state(&json));
        let root = document
            .get_element_by_id(ROOT_ID)
            .and_then(|element| element.dyn_into::<HtmlElement>().ok());

        let state = page
            .as_ref()
            .map(|page| page.state.clone())
            .unwrap_or_default();
        let screen = screen(&window);
        let link = Link::new(
            screen.clone(),
            page.as_ref().map(|page| page.epoch),
            page.as_ref().map(|page| page.seq),
            &state,
            now(&window),
        );
        let shown = RwSignal::new(Shown::still(state));
        let notice = RwSignal::new(String::new());
        let cover = RwSignal::new(Cover::default());
        let view = move || view! { <Screen shown notice cover/> };
        let page_url = match (page, root) {
            (Some(page), Some(root)) => {
                hydrate_from(root, view).forget();
                page_url(&location, page.code.as_str())
            }
            // The stand-alone player: no server drew this page, and the display is named by
            // what follows the `#`.
            (_, root) => {
                let Some(parent) = root.or_else(|| document.body()) else {
                    return;
                };
                mount_to(parent, view).forget();
                let hash = location.hash().unwrap_or_default();
                page_url(&location, hash.trim_start_matches('#'))
            }
        };
        let Ok(look) = XmlHttpRequest::new() else {
            return;
        };
        let (_, code) = page_url.rsplit_once('/').unwrap_or_default();
        cover.update_untracked(|cover| cover.identity = identity(code, &screen));

        let kiosk = Rc::new(Self {
            window,
            page_url,
            link: RefCell::new(link),
            socket: RefCell::new(None),
            look,
            unpainted: RefCell::new(None),
            shown,
            notice,
            cover,
            closures: OnceCell::new(),
        });
        let closures = kiosk.closures.get_or_init(|| Closures::of(&kiosk));
        let looked = closures.looked.as_ref().unchecked_ref();
        kiosk.look.set_onloadend(Some(looked));
        // It fails only where a page has no timers at all.
        let _ = kiosk
            .window
            .set_interval_with_callback_and_timeout_and_arguments_0(
                closures.tick.as_ref().unchecked_ref(),
                TICK_MS,
            );
        kiosk.tick();
    }

    fn now(&self) -> MonoMs {
        now(&self.window)
    }

    fn step(&self, input: Input) {
        let moment = Moment {
            mono: self.now(),
            unix_us: (Date::now() * 1_000.0) as i64,
            random: (Math::random() * f64::from(u32::MAX)) as u32,
        };
        let actions = self.link.borrow_mut().step(moment, input);
        for action in actions {
            self.act(action);
        }
        let overlay = self.link.borrow().overlay(self.now());
        self.cover.maybe_update(|cover| {
            let changed = cover.overlay != overlay;
            cover.overlay = overlay;
            changed
        });
    }

    fn act(&self, action: Action) {
        match action {
            Action::Connect => self.connect(),
            Action::Disconnect => self.disconnect(),
            Action::Send(message) => {
                if let Some(socket) = self.socket.borrow().as_ref() {
                    // A socket that cannot send is about to close, and says so by itself.
                    let _ = socket.send_with_str(&wire::client_text(&message));
                }
            }
            Action::Show { state, animate } => self.show(state, animate),
            Action::ShowEnded => {
                self.unpainted.take();
                self.shown.set(Shown::ended());
            }
            Action::Look(target) => self.look_at(&self.url_of(&target)),
            // They fail only in a page that is going away.
            Action::Leave(Target::Own) => drop(self.window.location().reload()),
            Action::Leave(target) => drop(self.window.location().assign(&self.url_of(&target))),
        }
    }

    fn url_of(&self, target: &Target) -> String {
        match (target, self.page_url.rsplit_once('/')) {
            (Target::Other(code), Some((displays, _))) => format!("{displays}/{}", code.as_str()),
            _ => self.page_url.clone(),
        }
    }

    fn look_at(&self, url: &str) {
        let asked = self.look.open_with_async("HEAD", url, true).and_then(|()| {
            self.look.set_timeout(LOOK_MS_MAX);
            self.look.send()
        });
        if asked.is_err() {
            self.step(Input::Looked(Page::Unknown));
        }
    }

    fn looked(&self) {
        let page = match self.look.status() {
            Ok(200) => Page::Here,
            Ok(404)
                if self
                    .look
                    .get_response_header(DISPLAY_HEADER)
                    .ok()
                    .flatten()
                    .is_some() =>
            {
                Page::Gone
            }
            _ => Page::Unknown,
        };
        self.step(Input::Looked(page));
    }

    fn connect(&self) {
        let socket = WebSocket::new(&format!(
            "ws{}/live",
            self.page_url.trim_start_matches("http")
        ));
        let (Ok(socket), Some(closures)) = (socket, self.closures.get()) else {
            // The link gives this try up after a while and makes the next.
            return;
        };
        socket.set_onopen(Some(closures.opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(closures.message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closures.closed.as_ref().unchecked_ref()));
        self.socket.replace(Some(socket));
    }

    fn disconnect(&self) {
        if let Some(socket) = self.socket.take() {
            socket.set_onopen(None);
            socket.set_onmessage(None);
            socket.set_onclose(None);
            // Closing what is closed already does nothing.
            let _ = socket.close();
        }
    }

    fn show(&self, state: BoardState, animate: bool) {
        let waiting = self.unpainted.replace(Some(Unpainted { state, animate }));
        match waiting {
            // A frame that stands still, painted together with a live one, stands still: after a
            // reconnect nothing may flash that happened while nobody was looking.
            Some(before) if !before.animate => {
                if let Some(unpainted) = self.unpainted.borrow_mut().as_mut() {
                    unpainted.animate = false;
                }
            }
            Some(_) => {}
            None => {
                if let Some(closures) = self.closures.get() {
                    // It fails only in a page that is going away.
                    let _ = self
                        .window
                        .request_animation_frame(closures.paint.as_ref().unchecked_ref());
                }
            }
        }
    }

    fn paint(&self) {
        let Some(Unpainted { state, animate }) = self.unpainted.take() else {
            return;
        };
        let now = self.now();
        self.shown
            .update(|shown| *shown = shown.followed_by(state, animate, now));
    }

    fn tick(&self) {
        self.step(Input::Tick);
        let now = self.now();
        self.shown.maybe_update(|shown| shown.settle(now));
        let notice = self
            .link
            .borrow()
            .silent_ms(now)
            .map(notice_text)
            .unwrap_or_default();
        self.notice.maybe_update(|text| {
            let changed = *text != notice;
            *text = notice;
            changed
        });
    }
}

impl Closures {
    fn of(kiosk: &Rc<Kiosk>) -> Self {
        let run = |action: fn(&Kiosk)| {
            let kiosk = Rc::clone(kiosk);
            Closure::<dyn FnMut()>::new(move || action(&kiosk))
        };
        let heard = Rc::clone(kiosk);
        Self {
            opened: run(|kiosk| kiosk.step(Input::Opened)),
            message: Closure::new(move |event: MessageEvent| {
                if let Some(text) = event.data().as_string() {
                    heard.step(Input::Heard(wire::server_message(&text)));
                }
            }),
            closed: run(|kiosk| kiosk.step(Input::Closed)),
            looked: run(Kiosk::looked),
            tick: run(Kiosk::tick),
            paint: run(Kiosk::paint),
        }
    }
}

fn now(window: &Window) -> MonoMs {
    MonoMs(window.performance().map_or(0.0, |clock| clock.now()) as u64)
}

fn screen(window: &Window) -> socket::Screen {
    let pixels = |length: Result<wasm_bindgen::JsValue, _>| {
        length
            .ok()
            .and_then(|length| length.as_f64())
            .unwrap_or_default() as u32
    };
    socket::Screen {
        level: socket::Level::Full,
        width: pixels(window.inner_width()),
        height: pixels(window.inner_height()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The page of a display: of a code on the page's own host, or a display's whole address.
fn page_url(location: &Location, display: &str) -> String {
    if display.starts_with("http") {
        return display.trim_end_matches('/').to_owned();
    }
    let scheme = match location.protocol().as_deref() {
        Ok("https:") => "https",
        _ => "http",
    };
    let host = location.host().unwrap_or_default();
    format!("{scheme}://{host}/d/{display}")
}

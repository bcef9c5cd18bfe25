//! The kiosk bundle: takes a display's page over from the server and keeps it current.
//!
//! Owns the browser's side of things: socket, timers, painting. What to do and when is decided by
//! `render::link`, what it looks like by `render::draw`. Every closure is made once and serves all
//! sockets and frames, so that memory stays flat however long the page is open.

mod view;
mod wire;

use js_sys::{Date, Function, JsString, Math, Reflect};
use model::{DisplayCode, Document, MonoMs, document::Letters, socket};
use render::{
    Cover, ServerClock, Shown,
    delay::{Delay, Frame},
    draw::Tools,
    fit::Advances,
    limits::{AWAY_MS_MAX, LOOK_MS_MAX, PAINT_MS_MAX},
    link::{Action, Input, Link, Moment, Page, Target},
    page::{DISPLAY_HEADER, ROOT_ID, STATE_ID},
    screen::{identity, notice_text},
    stage::Setup,
};
use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};
use view::{Picture, View};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::{Element, Location, MessageEvent, WebSocket, Window, XmlHttpRequest};

/// Between two looks at the clock: silence, waits, fading marks.
const TICK_MS: i32 = 250;

/// Of the page: the address of the widths of the fonts' signs.
const ADVANCES: &str = "gantryAdvances";

/// Of a stand-alone player: the address of its display, and how old its picture is, milliseconds.
const DISPLAY: &str = "gantryDisplay";
const AGE: &str = "gantryAge";

/// Of the page: loads another one in its place.
const GO: &str = "gantryGo";

/// What the clock begins with: what a player kept may be older than its page.
const BEGIN: MonoMs = MonoMs(1 << 48);

/// Of the page: the way to go on without wasm, and whether it is gone already.
const LITE: &str = "gantryLite";
const LITE_RUNS: &str = "gantryLiteRuns";

const LETTERS: Letters = Letters {
    upper: |text| JsString::from(text).to_upper_case().into(),
    lower: |text| JsString::from(text).to_lower_case().into(),
};

#[wasm_bindgen(start)]
pub fn start() {
    // A panic is a trap, and a trap brings the server's drawings (`render::page`). Its words would
    // be a share of the bundle.
    Kiosk::begin();
}

struct Kiosk {
    window: Window,
    root: Element,
    /// The display's page, `http://host/d/code`.
    page_url: String,
    /// A stand-alone player: loaded anew, it is the same one.
    is_alone: bool,
    link: RefCell<Link>,
    socket: RefCell<Option<WebSocket>>,
    /// One for all looks at pages: opening it anew ends the look before.
    look: XmlHttpRequest,
    /// For the widths of signs. The server's picture stays until they are here.
    load: XmlHttpRequest,
    advances: OnceCell<Advances>,
    /// `None`: a stand-alone player that has not heard of its template yet.
    document: RefCell<Option<Document>>,
    /// How many templates came before it.
    template: Cell<u32>,
    qr_url: String,
    /// By the page's address.
    delay_ms: u64,
    delay: RefCell<Delay>,
    /// The newest state not painted yet, and since when: a burst of frames costs one painting.
    unpainted: RefCell<Option<(Frame, MonoMs)>>,
    /// The browser was asked for its next moment to paint, and has not had it.
    asked: Cell<bool>,
    /// A template came that another version wrote. What follows it is not for this one.
    foreign: Cell<bool>,
    /// The server draws, by the script for engines without wasm: nothing is left to do here.
    is_lite: Cell<bool>,
    /// The last tick, by the clock that runs evenly and by the screen's own.
    ticked: Cell<(MonoMs, f64)>,
    shown: RefCell<Shown>,
    view: RefCell<View>,
    clock: RefCell<ServerClock>,
    closures: OnceCell<Closures>,
}

struct Closures {
    opened: Closure<dyn FnMut()>,
    message: Closure<dyn FnMut(MessageEvent)>,
    closed: Closure<dyn FnMut()>,
    looked: Closure<dyn FnMut()>,
    loaded: Closure<dyn FnMut()>,
    tick: Closure<dyn FnMut()>,
    paint: Closure<dyn FnMut()>,
    due: Closure<dyn FnMut()>,
    redraw: Closure<dyn FnMut()>,
}

impl Kiosk {
    fn begin() {
        let window = web_sys::window().expect("the kiosk runs in a page");
        if Reflect::get(&window, &LITE_RUNS.into()).is_ok_and(|runs| runs.is_truthy()) {
            return;
        }
        let document = window.document().expect("a page has a document");
        let location = window.location();
        let page = document
            .get_element_by_id(STATE_ID)
            .and_then(|element| element.text_content())
            .and_then(|json| wire::page_state(&json));
        let root = document
            .get_element_by_id(ROOT_ID)
            .or_else(|| document.body().map(Element::from));
        // A stand-alone player that knows no display yet has no state.
        let (Some(page), Some(root), Ok(look), Ok(load)) =
            (page, root, XmlHttpRequest::new(), XmlHttpRequest::new())
        else {
            return;
        };
        let template = page.document.open();
        // What a player of another version kept says nothing to this one.
        let is_known = template.is_some();
        let told = |name: &str| Reflect::get(&window, &name.into()).unwrap_or_default();
        let display = told(DISPLAY).as_string();
        let is_alone = display.is_some();
        let page_url = display.unwrap_or_else(|| own_url(&location, &page.code));
        let now = now(&window);
        let age_ms = told(AGE).as_f64().unwrap_or_default() as u64;
        let screen = screen(&window);
        let link = Link::new(
            screen.clone(),
            (is_known.then_some(page.epoch), is_known.then_some(page.seq)),
            page.software,
            &page.state,
            (now, MonoMs(now.0 - age_ms)),
        );
        let mut clock = ServerClock::default();
        clock.guess(page.sent_at_us, now);
        let (_, code) = page_url.rsplit_once('/').unwrap_or_default();
        let cover = Cover {
            identity: identity(code, &screen),
            ..Cover::default()
        };
        let setup = Setup::of(&location.search().unwrap_or_default());
        let kiosk = Rc::new(Self {
            window,
            root,
            qr_url: [&*page_url, "/qr/"].concat(),
            page_url,
            is_alone,
            link: RefCell::new(link),
            socket: RefCell::new(None),
            look,
            load,
            advances: OnceCell::new(),
            template: Cell::new(0),
            document: RefCell::new(template),
            delay_ms: setup.delay_ms,
            delay: RefCell::default(),
            unpainted: RefCell::new(None),
            asked: Cell::new(false),
            foreign: Cell::new(false),
            is_lite: Cell::new(false),
            ticked: Cell::new((now, Date::now())),
            shown: RefCell::new(Shown::still(page.state)),
            view: RefCell::new(View::new(setup, cover)),
            clock: RefCell::new(clock),
            closures: OnceCell::new(),
        });
        let closures = kiosk.closures.get_or_init(|| Closures::of(&kiosk));
        let looked = closures.looked.as_ref().unchecked_ref();
        kiosk.look.set_onloadend(Some(looked));
        let loaded = closures.loaded.as_ref().unchecked_ref();
        kiosk.load.set_onloadend(Some(loaded));
        let redraw = closures.redraw.as_ref().unchecked_ref();
        kiosk.window.set_onresize(Some(redraw));
        // It fails only where a page has no timers at all.
        let _ = kiosk
            .window
            .set_interval_with_callback_and_timeout_and_arguments_0(
                closures.tick.as_ref().unchecked_ref(),
                TICK_MS,
            );
        kiosk.load_advances();
        kiosk.tick();
    }

    fn load_advances(&self) {
        let named = Reflect::get(&self.window, &ADVANCES.into()).ok();
        let url = named.and_then(|url| url.as_string()).unwrap_or_default();
        let asked = self.load.open_with_async("GET", &url, true);
        if asked.and_then(|()| self.load.send()).is_err() {
            self.go_lite();
        }
    }

    fn loaded(&self) {
        let text = self.load.response_text().ok().flatten();
        let found = self.load.status().is_ok_and(|status| status == 200);
        match text.filter(|_| found).as_deref().and_then(Advances::parse) {
            Some(advances) => {
                // It is loaded once.
                let _ = self.advances.set(advances);
                self.redraw();
            }
            None => self.go_lite(),
        }
    }

    fn go_lite(&self) {
        self.is_lite.set(true);
        self.disconnect();
        let lite = Reflect::get(&self.window, &LITE.into()).ok();
        if let Some(lite) = lite.and_then(|lite| lite.dyn_into::<Function>().ok()) {
            // What goes wrong there is in the console already.
            let _ = lite.call0(&JsValue::NULL);
        }
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
        self.view.borrow_mut().lay_over(overlay);
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
            Action::Show {
                document,
                state,
                animate,
            } => self.hold_back(Frame {
                document,
                state,
                animate,
            }),
            Action::Time {
                sent_at_us,
                is_ping: true,
            } => {
                self.clock.borrow_mut().hear(sent_at_us, self.now());
                // Clocks go by what is known now.
                self.redraw();
                let [width, height] = size(&self.window);
                self.step(Input::Measured(width, height));
            }
            Action::Time { sent_at_us, .. } => {
                self.clock.borrow_mut().hear_frame(sent_at_us, self.now());
            }
            Action::ShowEnded => {
                self.delay.borrow_mut().clear();
                self.unpainted.take();
                self.shown.replace(Shown::ended());
                self.redraw();
            }
            Action::Look(target) => self.look_at(&self.url_of(&target)),
            // They fail only in a page that is going away.
            Action::Leave(Target::Own) => drop(self.window.location().reload()),
            Action::Leave(target) => {
                let go = Reflect::get(&self.window, &GO.into()).ok();
                if let Some(go) = go.and_then(|go| go.dyn_into::<Function>().ok()) {
                    let _ = go.call1(&JsValue::NULL, &self.url_of(&target).into());
                }
            }
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

    fn hold_back(&self, frame: Frame) {
        if self.delay_ms == 0 {
            self.show(frame);
            return;
        }
        let is_first = self.delay.borrow().next_due().is_none();
        let due = self.now().plus_ms(self.delay_ms);
        self.delay.borrow_mut().push(due, frame);
        if is_first {
            self.wait_for_due();
        }
    }

    /// For the oldest of the frames that are held back.
    fn wait_for_due(&self) {
        let due = self.delay.borrow().next_due();
        if let (Some(due), Some(closures)) = (due, self.closures.get()) {
            let wait_ms = due.ms_since(self.now()).min(60_000) as i32;
            // It fails only in a page that is going away.
            let _ = self
                .window
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    closures.due.as_ref().unchecked_ref(),
                    wait_ms,
                );
        }
    }

    fn due(&self) {
        let frame = self.delay.borrow_mut().due(self.now());
        if let Some(frame) = frame {
            self.show(frame);
        }
        self.wait_for_due();
    }

    fn show(&self, next: Frame) {
        let waiting = self.unpainted.take();
        self.unpainted.replace(Some(match waiting {
            Some((before, since)) => (before.followed_by(next), since),
            None => (next, self.now()),
        }));
        if let Some(closures) = self.closures.get().filter(|_| !self.asked.replace(true)) {
            // It fails only in a page that is going away.
            let _ = self
                .window
                .request_animation_frame(closures.paint.as_ref().unchecked_ref());
        }
    }

    fn paint(&self) {
        let Some((frame, _)) = self.unpainted.take() else {
            return;
        };
        if let Some(packed) = frame.document {
            let document = packed.open();
            // What another version wrote leaves the picture as it is, until the page is loaded
            // anew. A player stays what it is: the server draws for it.
            self.foreign.set(document.is_none());
            if document.is_some() {
                self.document.replace(document);
                self.template.set(self.template.get() + 1);
            } else if self.is_alone {
                self.go_lite();
            }
        }
        if self.foreign.get() {
            return;
        }
        let shown = self.shown.borrow();
        let next = shown.followed_by(frame.state, frame.animate, self.now());
        drop(shown);
        self.shown.replace(next);
        self.draw(frame.animate);
    }

    /// For a clock's next second, a mark whose time is over, another size of the window.
    fn redraw(&self) {
        self.draw(true);
    }

    fn draw(&self, animate: bool) {
        if self.is_lite.get() {
            return;
        }
        let (Some(advances), document) = (self.advances.get(), self.document.borrow()) else {
            return;
        };
        let Some(document) = document.as_ref() else {
            return;
        };
        let now = self.now();
        let now_us = self.clock.borrow_mut().now_us(now).unwrap_or_default();
        let clock_steps = self.clock.borrow_mut().steps(now);
        let shown = self.shown.borrow();
        let picture = Picture {
            template: self.template.get(),
            document,
            shown: &shown,
            now_us,
            tools: Tools {
                advances,
                letters: LETTERS,
                qr_url: &self.qr_url,
                clock_steps,
            },
            animate,
        };
        let mut view = self.view.borrow_mut();
        let next = view.draw(&self.window, &self.root, &picture, now);
        drop(view);
        if let (Some(next_us), Some(closures)) = (next, self.closures.get()) {
            // Up to the next whole millisecond: a timer that fires too early would show nothing
            // new, and be set again.
            let wait_ms = (next_us - now_us) / 1_000 + 1;
            // It fails only in a page that is going away.
            let set = self
                .window
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    closures.redraw.as_ref().unchecked_ref(),
                    i32::try_from(wait_ms).unwrap_or(i32::MAX),
                );
            if let Ok(timer) = set {
                self.view.borrow_mut().wait(&self.window, timer);
            }
        }
    }

    fn tick(&self) {
        if self.is_lite.get() {
            return;
        }
        let now = self.now();
        let own = Date::now();
        let (before, own_before) = self.ticked.replace((now, own));
        // One of the two clocks stands still while a computer sleeps, which of them depends.
        let away_ms = (now.ms_since(before) as f64).max(own - own_before);
        if away_ms > AWAY_MS_MAX as f64 {
            self.step(Input::Woke);
        }
        self.step(Input::Tick);
        let since = self.unpainted.borrow().as_ref().map(|(_, since)| *since);
        if since.is_some_and(|since| now.ms_since(since) > PAINT_MS_MAX) {
            self.paint();
        }
        let settled = self.view.borrow_mut().settle(now);
        if self.shown.borrow_mut().settle(now) || settled {
            self.redraw();
        }
        let silent = self.link.borrow().silent_ms(now);
        let notice = silent.map(notice_text).unwrap_or_default();
        self.view.borrow_mut().notice(notice);
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
            loaded: run(Kiosk::loaded),
            tick: run(Kiosk::tick),
            redraw: run(Kiosk::redraw),
            paint: run(|kiosk| {
                kiosk.asked.set(false);
                kiosk.paint();
            }),
            due: run(Kiosk::due),
        }
    }
}

fn now(window: &Window) -> MonoMs {
    BEGIN.plus_ms(window.performance().map_or(0.0, |clock| clock.now()) as u64)
}

/// Of the window, width and height.
fn size(window: &Window) -> [u32; 2] {
    [window.inner_width(), window.inner_height()].map(|length| {
        length
            .ok()
            .and_then(|length| length.as_f64())
            .unwrap_or_default() as u32
    })
}

fn screen(window: &Window) -> socket::Screen {
    let [width, height] = size(window);
    socket::Screen {
        level: socket::Level::Full,
        width,
        height,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The page of a display of the page's own server.
fn own_url(location: &Location, code: &DisplayCode) -> String {
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    [
        &*part(location.protocol()),
        "//",
        &part(location.host()),
        "/d/",
        code.as_str(),
    ]
    .concat()
}

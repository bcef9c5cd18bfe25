//! Writes display pages with hard, made-up names into a folder, to be looked at:
//! `cargo run -p render --features ssr --example pages -- FOLDER [template.json…]`.
//!
//! Without files it writes every built-in template. `FOLDER/fonts.css` is left to whoever looks.

use model::{
    BuiltIn, Document, MonoMs,
    document::{Letters, Packed},
};
use render::{
    Shown, board_html,
    draw::Tools,
    fit::Advances,
    page::{Assets, PageState, display_page, qr_url},
    samples,
    screen::screen_html,
};
use std::{env, fs, io, path::PathBuf, time::Instant};

const CSS: &str = include_str!("../../../../style/kiosk.css");

const ASSETS: Assets<'_> = Assets {
    css: "kiosk.css",
    fonts_css: "fonts.css",
    advances: "advances.txt",
    js: "kiosk.js",
    wasm: "kiosk.wasm",
};

fn main() -> io::Result<()> {
    let mut args = env::args().skip(1);
    let folder = PathBuf::from(args.next().unwrap_or_else(|| "pages".to_owned()));
    let files: Vec<PathBuf> = args.map(PathBuf::from).collect();
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("kiosk.css"), CSS)?;
    fs::write(
        folder.join("missing.html"),
        render::page::no_display_page("kiosk.css"),
    )?;
    fs::write(
        folder.join("ended.html"),
        render::page::ended_page("kiosk.css"),
    )?;
    for (name, document) in documents(&files)? {
        for case in samples::all() {
            let html = page(&document, &case);
            fs::write(folder.join(format!("{name}.{}.html", case.name)), html)?;
        }
        time(&name, &document);
    }
    Ok(())
}

fn documents(files: &[PathBuf]) -> io::Result<Vec<(String, Document)>> {
    if files.is_empty() {
        let all = BuiltIn::ALL.into_iter();
        return Ok(all
            .map(|template| (template.to_string(), template.document().clone()))
            .collect());
    }
    files
        .iter()
        .map(|file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let document = Document::parse(&fs::read_to_string(file)?)
                .map_err(|fault| io::Error::other(format!("{}: {fault}", file.display())))?;
            Ok((name.into_owned(), document))
        })
        .collect()
}

fn page(document: &Document, case: &samples::Case) -> String {
    let page = PageState {
        code: "abcdefgh".parse().expect("eight signs of the alphabet"),
        epoch: 1,
        seq: 1,
        template: BuiltIn::Arrivals.into(),
        document: Packed::of(document),
        state: case.state.clone(),
        received_at_us: samples::NOW_US,
        sent_at_us: samples::NOW_US,
        software: String::new(),
    };
    let html = display_page(&page, document, ASSETS);
    let Some(before) = &case.before else {
        return html;
    };
    let still = board_html(&page.code, document, &page.state, samples::NOW_US);
    let shown = Shown::still(before.clone()).followed_by(page.state, true, MonoMs(0));
    let tools = Tools {
        advances: Advances::shipped(),
        letters: Letters::STD,
        qr_url: &qr_url(&page.code),
        clock_steps: 0,
    };
    let live = screen_html(document, &shown, samples::NOW_US, tools);
    html.replace(&still, &live)
}

fn time(name: &str, document: &Document) {
    let code = "abcdefgh".parse().expect("eight signs of the alphabet");
    let case = samples::full();
    let rounds = 200;
    let begin = Instant::now();
    let bytes: usize = (0..rounds)
        .map(|_| board_html(&code, document, &case, samples::NOW_US).len())
        .sum();
    println!(
        "{name}: {:?} each, {} bytes",
        begin.elapsed() / rounds,
        bytes / rounds as usize
    );
}

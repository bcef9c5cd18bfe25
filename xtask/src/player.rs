//! The stand-alone player: `frontend/kiosk/player.html` with all it needs written into it, so that
//! it runs from a USB stick. It needs a server only for what it shows.

use std::fs;

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::bundle::Bundle;
use crate::cargo::Workspace;
use crate::fonts::Shipped;
use crate::site::Files;

/// Its name in the site.
pub const FILE: &str = "player.html";

const PAGE: &str = "frontend/kiosk/player.html";
const SCRIPTS: &str = "crates/render/src";

/// The whole page.
pub fn page(ws: &Workspace, kiosk: &Bundle, styles: &Files, fonts: &Shipped) -> Result<String> {
    let read = |path: String| {
        fs::read_to_string(ws.root.join(&path)).with_context(|| format!("read {path}"))
    };
    let css = styles
        .get("kiosk.css")
        .context("style/kiosk.css is there")?;
    let css = String::from_utf8(css.clone()).context("style/kiosk.css is UTF-8")?;
    let advances = fonts
        .files
        .get("advances.txt")
        .context("fonts have their table")?;
    let parts = [
        ("kiosk.css", css),
        ("fonts.css", fonts_inside(fonts)?),
        ("advances.txt", STANDARD.encode(advances)),
        ("steady.js", read(format!("{SCRIPTS}/steady.js"))?),
        ("lite.js", read(format!("{SCRIPTS}/lite.js"))?),
        ("player.js", read(format!("{SCRIPTS}/player.js"))?),
        ("kiosk.js", kiosk.js.clone()),
        ("kiosk.wasm", STANDARD.encode(&kiosk.wasm)),
    ];
    filled(&read(PAGE.to_owned())?, &parts)
}

/// `{{name}}` gives way to the part of that name, each once.
fn filled(page: &str, parts: &[(&str, String)]) -> Result<String> {
    let mut whole = String::new();
    let mut rest = page;
    let mut left: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("a `{{` is closed by `}}`")?;
        let (_, part) = parts
            .iter()
            .find(|(part, _)| *part == name)
            .with_context(|| format!("{PAGE} asks for {{{{{name}}}}}, which there is not"))?;
        // It would end the element it stands in.
        if part.contains("</script") || part.contains("</style") || part.contains("<!--") {
            bail!("{name} cannot stand within a page as it is");
        }
        whole.push_str(before);
        whole.push_str(part);
        left.retain(|part| *part != name);
        rest = after;
    }
    if !left.is_empty() {
        bail!("{PAGE} leaves out {}", left.join(", "));
    }
    whole.push_str(rest);
    Ok(whole)
}

/// The style sheet with the fonts in it, in the format that every engine reads. What is too large
/// for a page has none in that format (Chinese, Japanese, Korean, emoji): there the device's own
/// fonts do.
fn fonts_inside(fonts: &Shipped) -> Result<String> {
    let mut sheet = String::new();
    for face in fonts.sheet.lines() {
        let Some((before, sources)) = face.split_once("src:") else {
            sheet.push_str(face);
            continue;
        };
        let (sources, after) = sources.split_once(';').context("a `src:` ends in `;`")?;
        let named = sources
            .split("url(\"")
            .filter_map(|part| part.split_once('"'));
        let Some((name, _)) = named.into_iter().find(|(name, _)| name.ends_with(".woff")) else {
            continue;
        };
        let bytes = fonts
            .files
            .get(name)
            .with_context(|| format!("{name} is shipped"))?;
        let data = STANDARD.encode(bytes);
        sheet.push_str(before);
        sheet.push_str(&format!(
            "src:url(\"data:font/woff;base64,{data}\") format(\"woff\");{after}"
        ));
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_stands_in_the_page_once() {
        let part = |text: &str| vec![("a.js", text.to_owned())];
        let check = |page: &str, text: &str, expected: Result<&str, &str>| {
            let found = filled(page, &part(text)).map_err(|error| error.to_string());
            assert_eq!(found.as_deref().map_err(String::as_str), expected);
        };
        check(
            "<script>{{a.js}}</script>",
            "{{b}}",
            Ok("<script>{{b}}</script>"),
        );
        check("", "x", Err("frontend/kiosk/player.html leaves out a.js"));
        check(
            "{{b.js}}",
            "x",
            Err("frontend/kiosk/player.html asks for {{b.js}}, which there is not"),
        );
        check(
            "{{a.js}}",
            "'</script>'",
            Err("a.js cannot stand within a page as it is"),
        );
    }

    #[test]
    fn fonts_stand_in_their_sheet() {
        let sheet = "@font-face{font-family:\"A\";src:url(\"a.woff2\") format(\"woff2\"),\
                     url(\"a.woff\") format(\"woff\");unicode-range:U+20}\n\
                     @font-face{font-family:\"B\";src:url(\"b.woff2\") format(\"woff2\")}\n";
        let shipped = Shipped {
            files: [("a.woff".to_owned(), b"abc".to_vec())].into(),
            sheet: sheet.replace(
                "format(\"woff2\")}",
                "format(\"woff2\");unicode-range:U+21}",
            ),
        };
        assert_eq!(
            fonts_inside(&shipped).unwrap(),
            "@font-face{font-family:\"A\";src:url(\"data:font/woff;base64,YWJj\") \
             format(\"woff\");unicode-range:U+20}"
        );
    }
}

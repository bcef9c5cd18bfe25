//! `target/site`: what the server embeds. Every file gets its content's hash in its name, so
//! that browsers may keep it for ever; `manifest.json` maps the plain names to the hashed ones.
//! Release adds brotli and gzip side files. Knows nothing of how bundles are made.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use xxhash_rust::xxh3::xxh3_64;

use crate::bundle::{self, Bundle, Wasm, wasm_name};
use crate::cargo::Workspace;
use crate::fonts;
use crate::player;

/// From a plain name (`kiosk.js`, `fonts/a.woff2`) to the one under `pkg/`.
pub type Manifest = BTreeMap<String, String>;

/// Builds the bundles and leaves the whole site in `site`; files that no longer belong go.
pub fn write(ws: &Workspace, wasm: Wasm, site: &Path) -> Result<Manifest> {
    let (bundles, kiosk) = bundle::build(ws, wasm)?;
    let mut public = files_below(&ws.root.join("public"))?;
    let mut styles = files_below(&ws.root.join("style"))?;
    let fonts = fonts::shipped(ws)?;
    let player = player::page(ws, &kiosk, &styles, &fonts)?;
    let player_path = site.join(player::FILE);
    if fs::read(&player_path).ok().as_deref() != Some(player.as_bytes()) {
        write_whole(&player_path, player.as_bytes())?;
    }
    public.extend(fonts.files);
    styles.insert("fonts.css".to_owned(), fonts.sheet.into_bytes());
    let assets = hash_names(public, styles, bundles)?;

    let pkg = site.join("pkg");
    let mut expected = BTreeSet::new();
    let mut manifest = Manifest::new();
    for asset in assets {
        let path = pkg.join(&asset.hashed);
        // The name holds the hash: a file that is there already has these bytes.
        if !path.exists() {
            write_whole(&path, &asset.bytes)?;
        }
        expected.insert(asset.hashed.clone());
        if wasm == Wasm::Release && is_compressible(&asset.hashed) {
            for (ending, compress) in SIDE_FILES {
                let name = format!("{}.{ending}", asset.hashed);
                if !pkg.join(&name).exists() {
                    write_whole(&pkg.join(&name), &compress(&asset.bytes)?)?;
                }
                expected.insert(name);
            }
        }
        manifest.insert(asset.logical, asset.hashed);
    }
    for name in files_below(&pkg)?.into_keys() {
        if !expected.contains(&name) {
            fs::remove_file(pkg.join(name))?;
        }
    }
    let mut json = serde_json::to_vec_pretty(&manifest)?;
    json.push(b'\n');
    let path = site.join("manifest.json");
    // A new time stamp alone would have cargo build the release server again.
    if fs::read(&path).ok().as_ref() != Some(&json) {
        write_whole(&path, &json)?;
    }
    Ok(manifest)
}

type Compress = fn(&[u8]) -> Result<Vec<u8>>;

/// Made once, at the highest level, for a server that compresses nothing itself.
const SIDE_FILES: [(&str, Compress); 2] = [("br", brotli), ("gz", gzip)];

#[derive(Debug, PartialEq)]
struct Asset {
    logical: String,
    hashed: String,
    bytes: Vec<u8>,
}

impl Asset {
    fn new(logical: String, bytes: Vec<u8>) -> Asset {
        let hash = xxh3_64(&bytes);
        let hashed = match logical.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') => format!("{stem}.{hash:016x}.{ending}"),
            _ => format!("{logical}.{hash:016x}"),
        };
        Asset {
            logical,
            hashed,
            bytes,
        }
    }
}

/// By the path below a folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Names are hashed from the leaves up: pictures and fonts, then the style sheets that name
/// them, then each wasm, then the script that names it.
fn hash_names(public: Files, styles: Files, bundles: Vec<Bundle>) -> Result<Vec<Asset>> {
    let mut assets: Vec<Asset> = public
        .into_iter()
        .map(|(name, bytes)| Asset::new(name, bytes))
        .collect();
    let leaves: Manifest = assets
        .iter()
        .map(|asset| (asset.logical.clone(), asset.hashed.clone()))
        .collect();
    for (name, bytes) in styles {
        if !name.ends_with(".css") {
            bail!("style/{name} is no style sheet: put other files under public/");
        }
        let css = String::from_utf8(bytes).with_context(|| format!("style/{name} is UTF-8"))?;
        let css = rename_urls(&css, &leaves).with_context(|| format!("style/{name}"))?;
        assets.push(Asset::new(name, css.into_bytes()));
    }
    for bundle in bundles {
        let wasm = Asset::new(format!("{}.wasm", bundle.name), bundle.wasm);
        let asked = wasm_name(bundle.name);
        if !bundle.js.contains(&asked) {
            bail!("the {} script does not name its wasm {asked}", bundle.name);
        }
        let js = bundle.js.replace(&asked, &wasm.hashed);
        assets.push(Asset::new(format!("{}.js", bundle.name), js.into_bytes()));
        assets.push(wasm);
    }
    Ok(assets)
}

/// Style sheets name files of `public/` by their plain names, as `url("fonts/a.woff2")`.
fn rename_urls(css: &str, leaves: &Manifest) -> Result<String> {
    let mut renamed = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("url(") {
        let (before, after) = rest.split_at(start + "url(".len());
        renamed.push_str(before);
        let end = after.find(')').context("a `url(` is not closed")?;
        let name = after[..end].trim().trim_matches(['"', '\'']);
        if name.starts_with("data:") || name.starts_with('#') {
            renamed.push_str(&after[..end]);
        } else {
            let hashed = leaves.get(name).with_context(|| {
                format!("`url({name})` names no file of public/: write its path below public/")
            })?;
            renamed.push_str(&format!("\"{hashed}\""));
        }
        rest = &after[end..];
    }
    renamed.push_str(rest);
    Ok(renamed)
}

/// Fonts and pictures are compressed already.
fn is_compressible(name: &str) -> bool {
    [".css", ".html", ".js", ".json", ".svg", ".txt", ".wasm"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &params)?;
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// A file is there whole or not at all, also after a Ctrl-C: its name vouches for its bytes.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().context("an asset lies in a folder")?;
    fs::create_dir_all(parent)?;
    let part = path.with_added_extension("part");
    fs::write(&part, bytes).with_context(|| format!("write {}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("write {}", path.display()))
}

/// Every file below `dir` by its path from there, with `/` between folders; hidden ones are
/// left out. A folder that is not there has no files.
fn files_below(dir: &Path) -> Result<Files> {
    fn walk(dir: &Path, prefix: &str, files: &mut Files) -> Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().into_string().map_err(|name| {
                anyhow::anyhow!("{} has a name that is no text", Path::new(&name).display())
            })?;
            if name.starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                walk(&entry.path(), &format!("{prefix}{name}/"), files)?;
            } else {
                files.insert(format!("{prefix}{name}"), fs::read(entry.path())?);
            }
        }
        Ok(())
    }
    let mut files = Files::new();
    if dir.exists() {
        walk(dir, "", &mut files).with_context(|| format!("read {}", dir.display()))?;
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter()
            .map(|(name, text)| (name.to_string(), text.as_bytes().to_vec()))
            .collect()
    }

    fn bundle(wasm: &str) -> Bundle {
        let js = "new URL('kiosk_bg.wasm', import.meta.url)".to_owned();
        Bundle {
            name: "kiosk",
            js,
            wasm: wasm.as_bytes().to_vec(),
        }
    }

    fn text(assets: &[Asset], logical: &str) -> (String, String) {
        let asset = assets
            .iter()
            .find(|asset| asset.logical == logical)
            .unwrap();
        (
            asset.hashed.clone(),
            String::from_utf8(asset.bytes.clone()).unwrap(),
        )
    }

    #[test]
    fn a_script_loads_its_wasm_by_the_hashed_name() {
        let assets = hash_names(Files::new(), Files::new(), vec![bundle("one")]).unwrap();
        let (wasm, _) = text(&assets, "kiosk.wasm");
        let (js, script) = text(&assets, "kiosk.js");
        assert_eq!(script, format!("new URL('{wasm}', import.meta.url)"));
        assert!(
            js.starts_with("kiosk.") && js.ends_with(".js") && js.len() == 5 + 16 + 4,
            "{js}"
        );
    }

    #[test]
    fn another_wasm_makes_another_script_name() {
        let name = |wasm| {
            let assets = hash_names(Files::new(), Files::new(), vec![bundle(wasm)]).unwrap();
            text(&assets, "kiosk.js").0
        };
        assert_eq!(name("one"), name("one"));
        assert_ne!(name("one"), name("two"));
    }

    #[test]
    fn style_sheets_follow_the_names_of_public_files() {
        let public = files(&[("fonts/a.woff2", "font"), ("robots.txt", "")]);
        let css = "a{src:url(\"fonts/a.woff2\")}b{src:url( 'fonts/a.woff2' )}c{d:url(data:x)}";
        let assets = hash_names(public, files(&[("kiosk.css", css)]), Vec::new()).unwrap();
        let (font, _) = text(&assets, "fonts/a.woff2");
        assert!(
            font.starts_with("fonts/a.") && font.ends_with(".woff2"),
            "{font}"
        );
        let (_, css) = text(&assets, "kiosk.css");
        assert_eq!(
            css,
            format!("a{{src:url(\"{font}\")}}b{{src:url(\"{font}\")}}c{{d:url(data:x)}}")
        );
    }

    #[test]
    fn a_style_sheet_that_names_a_missing_file_is_refused() {
        let styles = files(&[("kiosk.css", "a{src:url(fonts/none.woff2)}")]);
        let error = hash_names(Files::new(), styles, Vec::new()).unwrap_err();
        assert!(
            format!("{error:#}").contains("style/kiosk.css: `url(fonts/none.woff2)`"),
            "{error:#}"
        );
    }

    #[test]
    fn both_compressions_give_the_bytes_back() {
        let bytes = b"reads and crossings ".repeat(100);
        let mut unbrotlied = Vec::new();
        let packed = brotli(&bytes).unwrap();
        brotli::BrotliDecompress(&mut &packed[..], &mut unbrotlied).unwrap();
        assert_eq!(unbrotlied, bytes);
        assert!(packed.len() < 100, "{}", packed.len());
        let mut ungzipped = Vec::new();
        let packed = gzip(&bytes).unwrap();
        std::io::copy(
            &mut flate2::read::GzDecoder::new(&packed[..]),
            &mut ungzipped,
        )
        .unwrap();
        assert_eq!(ungzipped, bytes);
    }
}

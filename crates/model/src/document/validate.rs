//! The way in: a text becomes a document, or says where it is wrong.

use super::{
    Clock, Condition, Document, Draw, Element, Motion, Pattern, Picture, SCHEMA, SceneLayout,
    TextStyle,
};
use crate::limits::{
    CANVAS_PX_MAX, CANVAS_PX_MIN, CONDITION_DEPTH_MAX, DOCUMENT_BYTES_MAX, DOCUMENT_DEPTH_MAX,
    ELEMENTS_PER_SCENE_MAX, GUIDES_MAX, ID_CHARS_MAX, LAYOUTS_MAX, LINES_MAX, MOTION_MS_MAX,
    NAME_CHARS_MAX, PLACE_PX_MAX, ROWS_MAX, SCENE_FADE_MS_MAX, SCENES_MAX, SPONSORS_MAX,
    TEXT_PX_MAX, TEXT_PX_MIN, TICKER_PX_PER_S_MAX, TICKER_PX_PER_S_MIN,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// What is wrong, and where: `layouts[0].scenes.runner.elements[3].draw.text.style.size_px`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct Fault {
    /// Empty where it is of the whole document.
    pub path: String,
    pub problem: String,
}

impl Document {
    /// # Errors
    /// The first fault, with its path.
    pub fn parse(json: &str) -> Result<Self, Fault> {
        if json.len() > DOCUMENT_BYTES_MAX {
            let kb = DOCUMENT_BYTES_MAX / 1_000;
            return Err(fault(
                "",
                &format!("a template has at most {kb} KB; use smaller pictures"),
            ));
        }
        let mut value: Value = serde_json::from_str(json)
            .map_err(|error| fault("", &format!("this is no JSON: {error}")))?;
        migrate(&mut value)?;
        let document: Self = serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            let path = if path == "." { "" } else { &path };
            fault(path, &error.inner().to_string())
        })?;
        document.check()?;
        Ok(document)
    }

    /// Holds all that the types do not, of a document of the present schema.
    ///
    /// # Errors
    /// The first fault, with its path.
    pub fn check(&self) -> Result<(), Fault> {
        if let Some(Picture::Logo) = self.theme.logo {
            return Err(fault("theme.logo", "the logo cannot be the logo"));
        }
        if let Some(logo) = &self.theme.logo {
            picture("theme.logo", logo)?;
        }
        within("layouts", self.layouts.len(), 1, LAYOUTS_MAX)?;
        for (index, layout) in self.layouts.iter().enumerate() {
            let path = format!("layouts[{index}]");
            for (name, px) in [
                ("width_px", layout.canvas.width_px),
                ("height_px", layout.canvas.height_px),
            ] {
                let path = format!("{path}.canvas.{name}");
                within(&path, px, CANVAS_PX_MIN, CANVAS_PX_MAX)?;
            }
            let guides = format!("{path}.guides");
            within(&guides, layout.guides.len(), 0, GUIDES_MAX)?;
            for (index, guide) in layout.guides.iter().enumerate() {
                let path = format!("{guides}[{index}].at_px");
                within(&path, guide.at_px, -PLACE_PX_MAX, PLACE_PX_MAX)?;
            }
            let path = format!("{path}.scenes");
            within(&path, layout.scenes.len(), 1, SCENES_MAX)?;
            let mut names = BTreeSet::new();
            for (index, scene) in layout.scenes.iter().enumerate() {
                let path = format!("{path}[{index}]");
                id(&format!("{path}.name"), &scene.name)?;
                if !names.insert(&*scene.name) {
                    let problem = format!("another scene is called `{}`", scene.name);
                    return Err(fault(&format!("{path}.name"), &problem));
                }
                check_scene(&path, scene)?;
            }
            for name in ["resting", "runner"] {
                if !names.contains(name) {
                    return Err(fault(&path, &format!("there is no scene `{name}`")));
                }
            }
        }
        Ok(())
    }
}

/// Each moves a document of the schema before it forward by one.
const STEPS: [fn(&mut Value); (SCHEMA - 1) as usize] = [];

fn migrate(document: &mut Value) -> Result<(), Fault> {
    let schema = document.get("schema").and_then(Value::as_u64);
    let Some(schema) = schema else {
        return Err(fault("schema", "a template says its schema, as a number"));
    };
    if schema == 0 || schema > u64::from(SCHEMA) {
        return Err(fault(
            "schema",
            &format!("this Gantry knows schema {SCHEMA} and not {schema}; use a newer Gantry"),
        ));
    }
    for step in STEPS.iter().skip(schema as usize - 1) {
        step(document);
    }
    document["schema"] = SCHEMA.into();
    Ok(())
}

fn check_scene(path: &str, scene: &SceneLayout) -> Result<(), Fault> {
    within(
        &format!("{path}.fade_ms"),
        scene.fade_ms,
        0,
        SCENE_FADE_MS_MAX,
    )?;
    let mut ids = BTreeSet::new();
    elements(&format!("{path}.elements"), &scene.elements, 1, &mut ids)
}

fn elements<'a>(
    path: &str,
    list: &'a [Element],
    depth: usize,
    ids: &mut BTreeSet<&'a str>,
) -> Result<(), Fault> {
    if depth > DOCUMENT_DEPTH_MAX {
        let problem = format!("groups and rows stand at most {DOCUMENT_DEPTH_MAX} deep");
        return Err(fault(path, &problem));
    }
    for (index, element) in list.iter().enumerate() {
        let path = format!("{path}[{index}]");
        id(&format!("{path}.id"), &element.id)?;
        if !ids.insert(&element.id) {
            let problem = format!("another element of the scene is called `{}`", element.id);
            return Err(fault(&format!("{path}.id"), &problem));
        }
        if ids.len() > ELEMENTS_PER_SCENE_MAX {
            let problem = format!("a scene has at most {ELEMENTS_PER_SCENE_MAX} elements");
            return Err(fault(&path, &problem));
        }
        check_element(&path, element)?;
        if !element.draw.children().is_empty() {
            let inside = format!("{path}.draw.{}.elements", name_of(&element.draw));
            elements(&inside, element.draw.children(), depth + 1, ids)?;
        }
    }
    Ok(())
}

fn check_element(path: &str, element: &Element) -> Result<(), Fault> {
    if element.name.chars().count() > NAME_CHARS_MAX {
        let problem = format!("a name has at most {NAME_CHARS_MAX} characters");
        return Err(fault(&format!("{path}.name"), &problem));
    }
    let at = element.at;
    let area = format!("{path}.at");
    within(&area, at.x_px, -PLACE_PX_MAX, PLACE_PX_MAX)?;
    within(&area, at.y_px, -PLACE_PX_MAX, PLACE_PX_MAX)?;
    within(&area, at.width_px, 1, PLACE_PX_MAX)?;
    within(&area, at.height_px, 1, PLACE_PX_MAX)?;
    within(
        &format!("{path}.rotation_deg"),
        element.rotation_deg,
        -360,
        360,
    )?;
    within(
        &format!("{path}.opacity_percent"),
        element.opacity_percent,
        0,
        100,
    )?;
    if let Some(when) = &element.when {
        condition(&format!("{path}.when"), when)?;
    }
    motion(&format!("{path}.motion"), element.motion)?;
    let path = format!("{path}.draw.{}", name_of(&element.draw));
    match &element.draw {
        Draw::Text(text) | Draw::Message(text) => style(&format!("{path}.style"), &text.style),
        Draw::Clock(Clock { style: of, .. }) => style(&format!("{path}.style"), of),
        Draw::Image(image) => picture(&format!("{path}.picture"), &image.picture),
        Draw::Sponsors(reel) => {
            let pictures = format!("{path}.pictures");
            within(&pictures, reel.pictures.len(), 1, SPONSORS_MAX)?;
            for (index, of) in reel.pictures.iter().enumerate() {
                picture(&format!("{pictures}[{index}]"), of)?;
            }
            within(&format!("{path}.each_ms"), reel.each_ms, 1_000, 600_000)
        }
        Draw::Arrivals(rows) | Draw::Races(rows) => {
            within(&format!("{path}.count_max"), rows.count_max, 1, ROWS_MAX)?;
            within(&format!("{path}.skip"), rows.skip, 0, ROWS_MAX)?;
            within(&format!("{path}.pitch_px"), rows.pitch_px, 1, u16::MAX)
        }
        Draw::QrCode(code) => short(&format!("{path}.text"), &code.text),
        Draw::Ticker(ticker) => {
            style(&format!("{path}.style"), &ticker.style)?;
            within(
                &format!("{path}.px_per_s"),
                ticker.px_per_s,
                TICKER_PX_PER_S_MIN,
                TICKER_PX_PER_S_MAX,
            )
        }
        Draw::Shape(_) | Draw::Group(_) => Ok(()),
    }
}

fn condition(path: &str, condition: &Condition) -> Result<(), Fault> {
    if condition.depth() > CONDITION_DEPTH_MAX {
        let problem = format!("conditions stand at most {CONDITION_DEPTH_MAX} deep");
        return Err(fault(path, &problem));
    }
    Ok(())
}

fn motion(path: &str, motion: Motion) -> Result<(), Fault> {
    for (name, transition) in [
        ("enter", motion.enter),
        ("exit", motion.exit),
        ("change", motion.change),
    ] {
        if let Some(transition) = transition {
            let path = format!("{path}.{name}");
            within(&path, transition.total_ms(), 1, MOTION_MS_MAX)?;
        }
    }
    Ok(())
}

fn style(path: &str, style: &TextStyle) -> Result<(), Fault> {
    within(
        &format!("{path}.size_px"),
        style.size_px,
        TEXT_PX_MIN,
        TEXT_PX_MAX,
    )?;
    if let Some(least) = style.size_px_min {
        within(
            &format!("{path}.size_px_min"),
            least,
            TEXT_PX_MIN,
            style.size_px,
        )?;
    }
    within(&format!("{path}.lines_max"), style.lines_max, 1, LINES_MAX)?;
    within(&format!("{path}.line_percent"), style.line_percent, 50, 300)?;
    within(
        &format!("{path}.spacing_mem"),
        style.spacing_mem,
        -200,
        2_000,
    )
}

/// Nothing that a style could be broken out of, and nothing that is fetched from elsewhere.
fn picture(path: &str, picture: &Picture) -> Result<(), Fault> {
    let Picture::Data(address) = picture else {
        return Ok(());
    };
    let known = ["png", "jpeg", "gif", "webp"];
    let base64 = known.into_iter().find_map(|kind| {
        let begin = ["data:image/", kind, ";base64,"].concat();
        address.strip_prefix(&*begin)
    });
    let is_base64 = |text: &str| {
        let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || b"+/=".contains(&sign);
        !text.is_empty() && text.bytes().all(is_sign)
    };
    match base64 {
        Some(text) if is_base64(text) => Ok(()),
        _ => Err(fault(
            path,
            "a picture is a `data:image/png;base64,` address, or one of jpeg, gif or webp",
        )),
    }
}

/// What a QR code can hold while a camera still sees its squares.
fn short(path: &str, pattern: &Pattern) -> Result<(), Fault> {
    let most = crate::limits::QR_CHARS_MAX;
    if pattern.to_string().chars().count() > most {
        let problem = format!("a QR code has at most {most} characters");
        return Err(fault(path, &problem));
    }
    Ok(())
}

fn id(path: &str, id: &str) -> Result<(), Fault> {
    let is_plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    if id.is_empty() || id.len() > ID_CHARS_MAX || !id.chars().all(is_plain) {
        let problem = format!(
            "`{id}` is no name here: 1 to {ID_CHARS_MAX} small letters, digits and hyphens"
        );
        return Err(fault(path, &problem));
    }
    Ok(())
}

fn name_of(draw: &Draw) -> &'static str {
    match draw {
        Draw::Text(_) => "text",
        Draw::Message(_) => "message",
        Draw::Image(_) => "image",
        Draw::Shape(_) => "shape",
        Draw::Arrivals(_) => "arrivals",
        Draw::Races(_) => "races",
        Draw::Clock(_) => "clock",
        Draw::QrCode(_) => "qr-code",
        Draw::Sponsors(_) => "sponsors",
        Draw::Group(_) => "group",
        Draw::Ticker(_) => "ticker",
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    path: &str,
    found: T,
    least: T,
    most: T,
) -> Result<(), Fault> {
    if found < least || most < found {
        let problem = format!("{found} is not between {least} and {most}");
        return Err(fault(path, &problem));
    }
    Ok(())
}

fn fault(path: &str, problem: &str) -> Fault {
    Fault {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

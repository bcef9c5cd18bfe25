//! `/qr/{code}`: a display's address to be held before a camera, as a picture.
//!
//! Only for somebody who is logged in. The code is what opens a display, so no more is asked.

use axum::{
    extract::{Path, Query},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::DisplayCode;
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use std::fmt::Write;

/// Signs of what an address begins with. Longer ones make squares too small for a camera.
const BASE_CHARS_MAX: usize = 200;

/// Bright squares round it, as ISO/IEC 18004 asks for.
const MARGIN: usize = 4;

#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// What the address begins with: `http://192.0.2.7:8080`.
    base: String,
}

pub async fn serve(Path(code): Path<String>, Query(wanted): Query<Wanted>) -> Response {
    let Some(picture) = code
        .parse()
        .ok()
        .and_then(|code| address(&wanted.base, &code))
        .and_then(|address| picture(&address))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    response(picture, "private, max-age=86400")
}

/// A text of a display's template. Anybody who knows the display may ask.
pub fn shown(text: &str) -> Response {
    let fits = text.chars().count() <= model::limits::QR_CHARS_MAX;
    match picture(text).filter(|_| fits) {
        Some(picture) => response(picture, "public, max-age=31536000, immutable"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn response(picture: String, kept: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, kept),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    (headers, picture).into_response()
}

fn address(base: &str, code: &DisplayCode) -> Option<String> {
    let is_web = base.starts_with("http://") || base.starts_with("https://");
    let fits = base.len() <= BASE_CHARS_MAX && !base.contains(char::is_whitespace);
    (is_web && fits).then(|| format!("{}/d/{code}", base.trim_end_matches('/')))
}

/// A square of dark and bright ones, each one unit wide. Black on white in every theme: cameras
/// want it so.
fn picture(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, side) = (code.width(), code.width() + 2 * MARGIN);
    let mut dark = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (left, top, long) = (x + MARGIN, y + MARGIN, run.len());
                write!(dark, "M{left} {top}h{long}v1h-{long}z").expect("a text takes all");
            }
            x += run.len();
        }
    }
    let head = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}""#);
    let ground = format!(r##"<path fill="#fff" d="M0 0h{side}v{side}H0z"/>"##);
    Some(format!(
        r#"{head} shape-rendering="crispEdges">{ground}<path d="{dark}"/></svg>"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_a_display_becomes_a_picture() {
        let code: DisplayCode = "abcd2345".parse().unwrap();
        let check = |base: &str, expected: Option<&str>| {
            assert_eq!(address(base, &code).as_deref(), expected, "{base}");
        };
        let here = Some("http://192.0.2.7:8080/d/abcd2345");
        check("http://192.0.2.7:8080", here);
        check("http://192.0.2.7:8080/", here);
        check(
            "https://time.example",
            Some("https://time.example/d/abcd2345"),
        );
        for base in [
            "",
            "javascript:alert(1)",
            "http://a b",
            &"http://".repeat(40),
        ] {
            check(base, None);
        }
    }

    #[test]
    fn a_picture_has_its_three_corners_and_a_margin() {
        let picture = picture("http://192.0.2.7:8080/d/abcd2345").unwrap();
        // Version 3: 29 squares and the margin on both sides.
        assert!(picture.contains("viewBox=\"0 0 37 37\""), "{picture}");
        for corner in ["M4 4h7v1", "M26 4h7v1", "M4 26h7v1"] {
            assert!(picture.contains(corner), "{corner}");
        }
    }
}

//! Pictures that somebody puts into a template: read, turned upright, made small enough, and
//! written anew as what every screen can show.
//!
//! Nothing of the file itself is kept, so nothing that hides in one reaches a screen.

use crate::{ServiceError, limits};
use base64::{Engine, prelude::BASE64_STANDARD};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    error::LimitErrorKind,
    imageops::FilterType,
};
use std::io::Cursor;

/// Of what is opaque. Below, edges of logos get dirty.
const JPEG_QUALITY: u8 = 88;

/// How much shorter its sides get from one try to the next.
const SHRINK_PERCENT: u32 = 80;

/// As a `data:` address for a template: JPEG where all of it is opaque, else PNG; engines of 2014
/// know both. Takes some hundred milliseconds for a large one.
pub fn for_template(file: &[u8]) -> Result<String, ServiceError> {
    let mut picture = read(file).map_err(wrong)?;
    let most = limits::PICTURE_SIDE_PX_MAX;
    if picture.width() > most || picture.height() > most {
        picture = picture.resize(most, most, FilterType::Lanczos3);
    }
    let is_opaque = !picture.color().has_alpha() || is_opaque(&picture);
    loop {
        let (kind, bytes) = written(&picture, is_opaque).map_err(wrong)?;
        if bytes.len() <= limits::PICTURE_BYTES_MAX {
            let text = BASE64_STANDARD.encode(bytes);
            return Ok(format!("data:image/{kind};base64,{text}"));
        }
        let smaller = |px: u32| (px * SHRINK_PERCENT / 100).max(1);
        let (width, height) = (smaller(picture.width()), smaller(picture.height()));
        picture = picture.resize_exact(width, height, FilterType::Lanczos3);
    }
}

fn read(file: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format()?;
    let mut bounds = Limits::default();
    bounds.max_image_width = Some(limits::PICTURE_READ_SIDE_PX_MAX);
    bounds.max_image_height = Some(limits::PICTURE_READ_SIDE_PX_MAX);
    bounds.max_alloc = Some(limits::PICTURE_READ_BYTES_MAX);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder()?;
    let upright = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(upright);
    Ok(picture)
}

fn is_opaque(picture: &DynamicImage) -> bool {
    picture
        .to_rgba8()
        .pixels()
        .all(|pixel| pixel.0[3] == u8::MAX)
}

fn written(picture: &DynamicImage, is_opaque: bool) -> Result<(&'static str, Vec<u8>), ImageError> {
    let mut bytes = Vec::new();
    if is_opaque {
        let rgb = DynamicImage::from(picture.to_rgb8());
        rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?;
        Ok(("jpeg", bytes))
    } else {
        let rgba = DynamicImage::from(picture.to_rgba8());
        rgba.write_with_encoder(PngEncoder::new(&mut bytes))?;
        Ok(("png", bytes))
    }
}

fn wrong(error: ImageError) -> ServiceError {
    let problem = match error {
        ImageError::Limits(of) if matches!(of.kind(), LimitErrorKind::DimensionError) => {
            let most = limits::PICTURE_READ_SIDE_PX_MAX;
            format!("it is too large; use one of at most {most} pixels on each side")
        }
        ImageError::Limits(_) => "it takes too much memory; use a smaller one".to_owned(),
        ImageError::Unsupported(_) => {
            "it is of no kind that is known here; use PNG, JPEG, GIF or WebP".to_owned()
        }
        _ => "it is damaged or no picture; open it elsewhere and save it anew".to_owned(),
    };
    ServiceError::invalid("picture", problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Rgb, Rgba};

    fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = PngEncoder::new(&mut bytes);
        picture.into().write_with_encoder(encoder).unwrap();
        bytes
    }

    fn read_back(address: &str) -> DynamicImage {
        let (_, text) = address.split_once(";base64,").unwrap();
        let bytes = BASE64_STANDARD.decode(text).unwrap();
        assert!(bytes.len() <= limits::PICTURE_BYTES_MAX);
        image::load_from_memory(&bytes).unwrap()
    }

    #[test]
    fn pictures_become_what_old_screens_can_show() {
        let check = |file: Vec<u8>, kind: &str, (width, height): (u32, u32)| {
            let address = for_template(&file).unwrap();
            let begin = format!("data:image/{kind};base64,");
            assert!(address.starts_with(&begin), "{address:.40}");
            let picture = read_back(&address);
            assert_eq!((picture.width(), picture.height()), (width, height));
        };
        let opaque = |width, height| ImageBuffer::from_pixel(width, height, Rgb([200_u8, 30, 90]));
        check(png(opaque(30, 20)), "jpeg", (30, 20));
        check(png(opaque(4_800, 2_400)), "jpeg", (1_920, 960));
        let clear = ImageBuffer::from_fn(40, 40, |x, _| Rgba([9_u8, 9, 9, (x * 6) as u8]));
        check(png(clear), "png", (40, 40));
        let full = ImageBuffer::from_pixel(5, 5, Rgba([1_u8, 2, 3, 255]));
        check(png(full), "jpeg", (5, 5));
    }

    #[test]
    fn what_is_large_even_so_loses_pixels_until_it_fits() {
        // Nothing that can be packed: each pixel is another one.
        let mut state = 7_u32;
        let noise = ImageBuffer::from_fn(1_200, 900, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, d] = state.to_be_bytes();
            Rgba([a, b, c, d])
        });
        let picture = read_back(&for_template(&png(noise)).unwrap());
        assert!(picture.width() < 1_200);
        let shape = f64::from(picture.width()) / f64::from(picture.height());
        assert!((shape - 4.0 / 3.0).abs() < 0.02, "{shape}");
    }

    #[test]
    fn what_is_no_picture_is_refused_with_what_to_do() {
        let check = |file: &[u8], problem: &str| {
            let error = for_template(file).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        };
        check(b"", "use PNG, JPEG, GIF or WebP");
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "use PNG");
        let whole = png(ImageBuffer::from_pixel(64, 64, Rgb([1_u8, 2, 3])));
        check(&whole[..whole.len() / 2], "save it anew");
        // A header that claims 50,000 pixels on a side.
        let mut large = whole.clone();
        large[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
        let error = for_template(&large).unwrap_err().to_string();
        assert!(error.contains("use") || error.contains("save"), "{error}");
    }
}

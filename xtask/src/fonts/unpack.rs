//! The font inside a `.woff` file: each table is packed by itself, with zlib.
//! See W3C, WOFF File Format 1.0. Knows nothing of what the tables say.

use std::io::Read as _;

use anyhow::{Context, Result, ensure};
use flate2::read::ZlibDecoder;

const WOFF_HEADER: usize = 44;
const WOFF_ENTRY: usize = 20;
const FONT_HEADER: usize = 12;
const FONT_ENTRY: usize = 16;

/// The same font as a reader of fonts takes it. Check sums are left empty: nobody looks at them.
pub fn unpack(woff: &[u8]) -> Result<Vec<u8>> {
    ensure!(woff.starts_with(b"wOFF"), "this is no .woff file");
    let count = usize::from(u16::from_be_bytes([*at(woff, 12)?, *at(woff, 13)?]));
    let mut font = vec![0; FONT_HEADER + count * FONT_ENTRY];
    font[..4].copy_from_slice(&word(woff, 4)?.to_be_bytes());
    font[4..6].copy_from_slice(&u16::try_from(count)?.to_be_bytes());
    for table in 0..count {
        let entry = WOFF_HEADER + table * WOFF_ENTRY;
        let offset = usize::try_from(word(woff, entry + 4)?)?;
        let packed = usize::try_from(word(woff, entry + 8)?)?;
        let plain = usize::try_from(word(woff, entry + 12)?)?;
        let bytes = woff.get(offset..offset + packed).context("cut off")?;
        let start = font.len();
        if packed < plain {
            ZlibDecoder::new(bytes).read_to_end(&mut font)?;
        } else {
            font.extend_from_slice(bytes);
        }
        ensure!(font.len() == start + plain, "a table has another length");
        font.resize(font.len().next_multiple_of(4), 0);
        let head = FONT_HEADER + table * FONT_ENTRY;
        font[head..head + 4].copy_from_slice(&word(woff, entry)?.to_be_bytes());
        font[head + 8..head + 12].copy_from_slice(&u32::try_from(start)?.to_be_bytes());
        font[head + 12..head + 16].copy_from_slice(&u32::try_from(plain)?.to_be_bytes());
    }
    Ok(font)
}

fn at(bytes: &[u8], offset: usize) -> Result<&u8> {
    bytes.get(offset).context("cut off")
}

fn word(bytes: &[u8], offset: usize) -> Result<u32> {
    let four = bytes.get(offset..offset + 4).context("cut off")?;
    Ok(u32::from_be_bytes(four.try_into()?))
}

//! A line that runs past: what it says, how often, and how long that takes.

use super::{Content, Drawn, Painter, Tick, font_of};
use crate::{
    style::{self, Style},
    text,
};
use model::document::{Area, Ticker};

/// Between a ticker's text and the same text after it: three times the size.
pub(super) const GAP: &str = "\u{2003}\u{2003}\u{2003}";

impl Painter<'_> {
    /// The line says the same several times, so that by the end of its first half the second looks
    /// as the first did at the begin.
    pub(super) fn ticker(self, drawn: &mut Drawn, style: &mut Style, ticker: &Ticker, at: Area) {
        let said = self.said(&ticker.text).replace('\n', " ");
        let endless = Area {
            width_px: i32::MAX,
            ..at
        };
        let size_px = self.text(drawn, style, said, &ticker.style, endless);
        drawn.class.push_str(" run");
        let Content::Boxes(lines) = &mut drawn.content else {
            return;
        };
        let [line] = &mut **lines else { return };
        let Content::Text(text) = &mut line.content else {
            return;
        };
        if text.is_empty() {
            return;
        }
        text.push_str(GAP);
        let font = font_of(self.theme, &ticker.style);
        let once_px = text::width_px(text, &ticker.style, font, size_px, self.tools.advances);
        let once_px = once_px.max(1);
        let times = at.width_px.unsigned_abs().div_ceil(once_px).max(1);
        let half_px = u64::from(once_px) * u64::from(times);
        let half_ms = half_px * 1_000 / u64::from(ticker.px_per_s.max(1));
        let half_ms = u32::try_from(half_ms).unwrap_or(u32::MAX).max(1);
        *text = text.repeat(times as usize * 2);
        line.tick = Some(Tick::Run {
            once_ms: half_ms,
            clock_steps: self.tools.clock_steps,
        });
        let mut duration = Style::default();
        style::push_duration(&mut duration, half_ms);
        line.style.push_str(&duration.into_text());
    }
}

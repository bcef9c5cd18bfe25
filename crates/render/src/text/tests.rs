use super::*;

const MONO: Font = Font {
    family: model::Family::Mono,
    bold: true,
};

/// `{"size_px": …}` and what else a case needs.
fn style(json: &str) -> TextStyle {
    let json = json.replacen('{', r#"{"color": "text", "#, 1);
    serde_json::from_str(&json).expect("a style as templates write it")
}

fn fit(text: &str, json: &str, box_px: (u32, u32)) -> Fitted {
    fitted(text, &style(json), MONO, box_px, Advances::shipped())
}

/// How wide the widest line is drawn, in pixels.
fn width_px(fitted: &Fitted) -> u32 {
    let widths = fitted
        .lines
        .iter()
        .map(|line| Advances::shipped().width_mem(MONO, line));
    widths.max().unwrap_or(0) * fitted.size_px / 1_000
}

#[test]
fn texts_are_broken_where_a_reader_expects_it() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(words(text).collect::<Vec<_>>(), expected);
    };
    check("", &[]);
    check("Ada", &["Ada"]);
    check("Ada  Quill", &["Ada  ", "Quill"]);
    check("Quill-Abernathy", &["Quill-", "Abernathy"]);
    check("東京 山", &["東", "京 ", "山"]);
    check("no - stop", &["no ", "- ", "stop"]);
}

#[test]
fn what_fits_keeps_its_size() {
    let check = |text: &str, json: &str, lines: &[&str]| {
        let found = fit(text, json, (4_000, 250));
        assert_eq!(
            (found.size_px, &*found.lines),
            (
                100,
                &*lines
                    .iter()
                    .map(|&line| line.to_owned())
                    .collect::<Vec<_>>()
            )
        );
    };
    check("Ada Quill", r#"{"size_px": 100}"#, &["Ada Quill"]);
    check("", r#"{"size_px": 100}"#, &[""]);
    check(
        "Ada\nQuill",
        r#"{"size_px": 100, "lines_max": 2}"#,
        &["Ada", "Quill"],
    );
    check("Ada\n", r#"{"size_px": 100, "lines_max": 2}"#, &["Ada"]);
}

#[test]
fn what_is_too_long_shrinks_then_takes_a_line_more_then_is_cut() {
    let long = "Maximiliana Evangelina De La Huerta-Quintanilla";
    let json = r#"{"size_px": 100, "size_px_min": 40, "lines_max": 2, "line_percent": 100}"#;
    // Room for one line at full size, and for two below half of it.
    let usual = fit("Annabel Fitzwilliam", json, (900, 100));
    assert_eq!(usual.lines, ["Annabel Fitzwilliam"]);
    assert!((60..100).contains(&usual.size_px), "{usual:?}");
    assert!(width_px(&usual) <= 900, "{usual:?}");
    let longer = fit(long, json, (900, 100));
    assert_eq!(longer.lines.len(), 2, "{longer:?}");
    assert!((40..=50).contains(&longer.size_px), "{longer:?}");
    assert_eq!(
        longer.lines.concat().replace(' ', ""),
        long.replace(' ', "")
    );
    assert!(width_px(&longer) <= 900, "{longer:?}");
    let cut = fit(long, json, (300, 100));
    assert_eq!((cut.size_px, cut.lines.len()), (40, 2), "{cut:?}");
    assert!(cut.lines[1].ends_with(ELLIPSIS), "{cut:?}");
    assert!(width_px(&cut) <= 300, "{cut:?}");
}

#[test]
fn lines_are_of_like_lengths() {
    let json = r#"{"size_px": 50, "lines_max": 2}"#;
    let found = fit("one two three four five six", json, (500, 200));
    assert_eq!(found.lines, ["one two three", "four five six"]);
}

/// A line that is higher than its box stands in its middle; nothing is left out for it.
#[test]
fn one_line_always_is_there() {
    let found = fit("Ada", r#"{"size_px": 100, "size_px_min": 100}"#, (900, 10));
    assert_eq!((found.size_px, found.lines), (100, vec!["Ada".to_owned()]));
}

#[test]
fn no_mark_is_parted_from_its_letter() {
    let check = |text: &str| {
        for width in (40..400).step_by(20) {
            let found = fit(text, r#"{"size_px": 60, "size_px_min": 60}"#, (width, 80));
            let line = found.lines[0].trim_end_matches(ELLIPSIS);
            let whole: Vec<usize> = cuts(text).collect();
            assert!(
                line.is_empty() || whole.contains(&line.len()),
                "{text} at {width}: {line}"
            );
        }
    };
    check("Zoe\u{308}Zoe\u{308}Zoe\u{308}Zoe\u{308}");
    check("ณัฐวุฒิศรีสุวรรณภูมิ");
    check("प्रियंकाभट्टाचार्य");
}

#[test]
fn room_between_signs_counts() {
    let close = fit("Annabel Fitzwilliam", r#"{"size_px": 100}"#, (1_140, 200));
    let far = r#"{"size_px": 100, "spacing_mem": 400}"#;
    let far = fit("Annabel Fitzwilliam", far, (1_140, 200));
    assert!(far.size_px < close.size_px, "{far:?} {close:?}");
}

proptest::proptest! {
    #[test]
    fn any_text_stays_in_its_box(text in "\\PC{0,60}", width in 50_u32..2_000, lines in 1_u8..4) {
        let json = format!(r#"{{"size_px": 90, "size_px_min": 30, "lines_max": {lines}}}"#);
        let found = fit(&text, &json, (width, 400));
        proptest::prop_assert!((30..=90).contains(&found.size_px));
        proptest::prop_assert!((1..=usize::from(lines)).contains(&found.lines.len()));
        // Sizes are whole pixels: a thousandth of an em is lost with each.
        let only_ellipsis = found.lines.iter().any(|line| line == "…");
        proptest::prop_assert!(only_ellipsis || width_px(&found) <= width, "{found:?}");
    }
}

#[test]
fn lines_of_scripts_with_high_marks_stand_further_apart() {
    let check = |text: &str, size_px: u32, line_px: u32, count: usize| {
        let found = fit(
            text,
            r#"{"size_px": 100, "size_px_min": 40, "lines_max": 2}"#,
            (800, 220),
        );
        assert_eq!(
            (found.size_px, found.line_px, found.lines.len()),
            (size_px, line_px, count),
            "{text}"
        );
    };
    check("Ada", 100, 112, 1);
    check("Ines Karoliina Quill", 92, 103, 2);
    check("अन्नपूर्णा", 100, 135, 1);
    check("अन्नपूर्णा अन्नपूर्णा अन्नपूर्णा", 76, 102, 2);
    // Nor does one line reach over its box, but at the smallest size.
    let low = |text: &str, size_px: u32| {
        let json = r#"{"size_px": 100, "size_px_min": 40}"#;
        assert_eq!(fit(text, json, (800, 100)).size_px, size_px, "{text}");
        assert_eq!(fit(text, json, (800, 20)).lines.len(), 1, "{text}");
    };
    low("Ada", 100);
    low("अन्नपूर्णा", 68);
}

//! Times of day to the hundredth, typed as people type them.

use super::field::{follow, framed, note_id};
use leptos::{html::Input, prelude::*};

const HOUR: u32 = 360_000;

/// `<TimeField id="gun" label="Gun" value=gun/>`
///
/// Takes `7:00`, `070000`, `7:00:00.5`, `7 pm`; when the field is left it stands there as
/// `07:00:00.00`, and what is no time says so. Read it with `parse_time_of_day`.
#[component]
pub fn TimeField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    /// What else is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    follow(node, value, |it| it.value(), |it, text| it.set_value(text));
    let malformed = RwSignal::new(false);
    let error = Signal::derive(move || {
        malformed
            .get()
            .then(|| "Write the time as 7:00:00 or 7:00:00.25".to_owned())
            .or_else(|| error.get())
    });
    let leave = move |text: String| {
        let time = parse_time_of_day(&text);
        malformed.set(time.is_none() && !text.trim().is_empty());
        if let Some(time) = time {
            value.set(format_time_of_day(time));
        }
        if let Some(on_change) = on_change {
            on_change.run(value.get_untracked());
        }
    };
    let control = view! {
        <input
            node_ref=node
            id=id.clone()
            class="input time"
            name=id.clone()
            type="text"
            autocomplete="off"
            placeholder="hh:mm:ss.00"
            value=value.get_untracked()
            required=required
            disabled=disabled
            aria-describedby=note_id(&id)
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:input:target=move |event| value.set(event.target().value())
            on:change:target=move |event| leave(event.target().value())
        />
    };
    framed(&id, label, required, hint, error, control.into_any())
}

/// Hundredths of a second since midnight, as `07:00:00.00`.
pub fn format_time_of_day(hundredths: u32) -> String {
    format!(
        "{:02}:{:02}:{:02}.{:02}",
        hundredths / HOUR,
        hundredths / 6_000 % 60,
        hundredths / 100 % 60,
        hundredths % 100
    )
}

/// Hundredths of a second since midnight. `None` where the text is no time of a day.
pub fn parse_time_of_day(text: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    let (text, afternoon) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim_end(), Some(false)),
        (_, Some(rest)) => (rest.trim_end(), Some(true)),
        _ => (text.as_str(), None),
    };
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, hundredths(fraction)?),
        None => (text, 0),
    };
    let (hours, minutes, seconds) = parts(clock)?;
    let hours = match afternoon {
        None => hours,
        Some(_) if hours == 0 || hours > 12 => return None,
        Some(is_pm) => hours % 12 + if is_pm { 12 } else { 0 },
    };
    let is_time = hours < 24 && minutes < 60 && seconds < 60;
    is_time.then(|| hours * HOUR + minutes * 6_000 + seconds * 100 + fraction)
}

/// With colons, or two digits each without.
fn parts(clock: &str) -> Option<(u32, u32, u32)> {
    let mut parts = [0; 3];
    let texts: Vec<&str> = if clock.contains(':') {
        clock.split(':').collect()
    } else if clock.len() <= 2 {
        vec![clock]
    } else {
        if !clock.is_ascii() {
            return None;
        }
        let (hours, rest) = clock.split_at(2 - clock.len() % 2);
        if rest.len() > 4 {
            return None;
        }
        vec![hours, &rest[..2], rest.get(2..).unwrap_or_default()]
    };
    if texts.len() > 3 {
        return None;
    }
    for (at, text) in texts.iter().enumerate() {
        // Without colons the seconds may be missing.
        let may_miss = at == 2 && !clock.contains(':');
        parts[at] = match digits(text, 2) {
            Some(number) => number,
            None if may_miss && text.is_empty() => 0,
            None => return None,
        };
    }
    Some((parts[0], parts[1], parts[2]))
}

/// `5` is half a second. Finer digits than hundredths are refused, not lost.
fn hundredths(fraction: &str) -> Option<u32> {
    let number = digits(fraction, 2)?;
    Some(if fraction.len() == 1 {
        number * 10
    } else {
        number
    })
}

fn digits(text: &str, length_max: usize) -> Option<u32> {
    let all = !text.is_empty() && text.len() <= length_max;
    (all && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let check = |text: &str, expected: &str| {
            let time = parse_time_of_day(text).map(format_time_of_day);
            assert_eq!(time.as_deref(), Some(expected), "{text}");
        };
        check("7", "07:00:00.00");
        check("7:00", "07:00:00.00");
        check(" 07:00:00.00 ", "07:00:00.00");
        check("7:05:09.5", "07:05:09.50");
        check("7:05:09,25", "07:05:09.25");
        check("700", "07:00:00.00");
        check("0700", "07:00:00.00");
        check("070059", "07:00:59.00");
        check("70059", "07:00:59.00");
        check("7 pm", "19:00:00.00");
        check("12:30 AM", "00:30:00.00");
        check("12:30pm", "12:30:00.00");
        check("23:59:59.99", "23:59:59.99");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            ":",
            "24:00",
            "7:60",
            "7:00:60",
            "7:00:00.123",
            "13 pm",
            "0 am",
            "7:0x",
            "-7:00",
            "7:00:00:00",
            "0700000",
            "sieben",
            "é00",
            "7::",
            "+7",
        ] {
            assert_eq!(parse_time_of_day(text), None, "{text}");
        }
    }
}

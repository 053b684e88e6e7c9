//! The colours: every ratio that the design names, computed from `style/tokens.css` in both themes.

use super::{Outcome, hold, tree};

const TOKENS: &str = "style/tokens.css";

/// Foreground, background, and the ratios in the light and in the dark theme.
const NAMED: [(&str, &str, f64, f64); 43] = [
    ("text", "bg", 15.5, 15.5),
    ("text", "surface", 16.7, 14.4),
    ("text", "sunken", 14.5, 16.1),
    ("muted", "sunken", 5.8, 8.4),
    ("accent", "sunken", 6.4, 9.4),
    ("line", "surface", 1.4, 1.35),
    ("control", "surface", 3.7, 4.2),
    ("control", "bg", 3.5, 4.5),
    ("control", "sunken", 3.2, 4.7),
    ("muted", "surface", 6.7, 7.5),
    ("muted", "bg", 6.2, 8.1),
    ("accent", "surface", 7.3, 8.4),
    ("accent", "bg", 6.8, 9.0),
    ("accent-hover", "surface", 9.9, 10.0),
    ("on-accent", "accent", 7.3, 8.1),
    ("on-accent", "accent-hover", 9.9, 9.6),
    ("accent", "accent-soft", 6.15, 6.7),
    ("text", "accent-soft", 14.1, 11.6),
    ("focus", "bg", 6.8, 10.8),
    ("focus", "surface", 7.3, 10.0),
    ("ok", "ok-soft", 5.7, 7.5),
    ("ok", "bg", 6.1, 9.8),
    ("warn", "warn-soft", 6.0, 7.5),
    ("warn", "bg", 6.3, 9.6),
    ("danger", "danger-soft", 6.2, 7.0),
    ("danger", "bg", 6.8, 8.2),
    ("info", "info-soft", 6.1, 7.0),
    ("info", "bg", 6.7, 8.9),
    // What is named as "at least".
    ("text", "accent-soft", 11.6, 11.6),
    ("text", "ok-soft", 11.6, 11.6),
    ("text", "warn-soft", 11.6, 11.6),
    ("text", "danger-soft", 11.6, 11.6),
    ("text", "info-soft", 11.6, 11.6),
    ("muted", "accent-soft", 5.6, 5.6),
    ("muted", "ok-soft", 5.6, 5.6),
    ("muted", "warn-soft", 5.6, 5.6),
    ("muted", "danger-soft", 5.6, 5.6),
    ("muted", "info-soft", 5.6, 5.6),
    ("focus", "accent-soft", 6.1, 6.1),
    ("focus", "ok-soft", 6.1, 6.1),
    ("focus", "warn-soft", 6.1, 6.1),
    ("focus", "danger-soft", 6.1, 6.1),
    ("focus", "info-soft", 6.1, 6.1),
];

/// How many of them are exact; the rest are floors.
const EXACT: usize = 28;

/// Half of the last digit that the design names, and a hair.
const ROUNDED: f64 = 0.051;

/// The two colours of a token, as red, green and blue.
fn token(sheet: &str, name: &str) -> Option<[[u8; 3]; 2]> {
    let (_, rest) = sheet.split_once(&format!("\n  --{name}: light-dark("))?;
    let (pair, _) = rest.split_once(");")?;
    let (light, dark) = pair.split_once(", ")?;
    Some([colour(light)?, colour(dark)?])
}

fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|it| it.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// WCAG 2.2, "relative luminance".
fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.0722_f64.mul_add(
        linear(blue),
        0.2126_f64.mul_add(linear(red), 0.7152 * linear(green)),
    )
}

/// WCAG 2.2, "contrast ratio".
fn ratio(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

fn strays(sheet: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (place, (front, back, light, dark)) in NAMED.into_iter().enumerate() {
        let (Some(fronts), Some(backs)) = (token(sheet, front), token(sheet, back)) else {
            complaints.push(format!("{TOKENS}: --{front} or --{back} is missing"));
            continue;
        };
        let themes = fronts.into_iter().zip(backs).zip([light, dark]);
        for ((front_colour, back_colour), named) in themes {
            let found = ratio(front_colour, back_colour);
            let holds = if place < EXACT {
                (found - named).abs() < ROUNDED
            } else {
                found > named - ROUNDED
            };
            if !holds {
                complaints.push(format!(
                    "{TOKENS}: --{front} on --{back} is {found:.2}, and the design says {named}"
                ));
            }
        }
    }
    complaints
}

#[test]
fn every_named_contrast_holds_in_both_themes() -> Outcome {
    hold(strays(&tree::read(TOKENS)?))
}

/// A forced theme picks one of each pair; it has no colours of its own.
#[test]
fn a_chosen_theme_has_no_colours_of_its_own() -> Outcome {
    let sheet = tree::read(TOKENS)?;
    let (_, rules) = sheet.split_once("\n}\n").unwrap_or_default();
    let expected = [
        "[data-theme=\"light\"] { color-scheme: light; }",
        "[data-theme=\"dark\"] { color-scheme: dark; }",
    ];
    let rules: Vec<_> = rules.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(rules, expected);
    Ok(())
}

#[test]
fn a_colour_that_strays_is_found() -> Outcome {
    let sheet = tree::read(TOKENS)?;
    let paler = sheet.replace("--muted: light-dark(#535f59", "--muted: light-dark(#838f89");
    assert!(strays(&paler).len() > 3, "{:?}", strays(&paler));
    let missing = sheet.replace("--focus:", "--focused:");
    assert_eq!(strays(&missing).len(), 7);
    assert_eq!(format!("{:.1}", ratio([0, 0, 0], [255, 255, 255])), "21.0");
    Ok(())
}

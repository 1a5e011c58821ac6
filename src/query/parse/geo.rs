//! `near:` and `bbox:`: circles and boxes on the map.

use crate::error::Result;
use crate::query::parse::Parser;
use crate::query::{Centre, Query};

/// Half the way round the earth: no two places are farther apart.
const MAX_KM: f64 = 20_038.0;
const KM_PER_MILE: f64 = 1.609_344;

impl Parser<'_> {
    /// A circle, after `near:`.
    pub(super) fn near(&mut self) -> Result<Query> {
        const HINT: &str = "write near:34.4,41.0~50km (latitude first) or near:\"Al Qaim\"~50km";
        let at = self.cursor.at;
        let centre = if self.cursor.peek(0) == Some('"') {
            Centre::Place(self.quoted_text()?)
        } else {
            let text = self.numbers();
            self.centre(at, &text)?
        };
        let at_radius = self.cursor.at;
        if !self.cursor.take('~') {
            return self.fail(at_radius.saturating_sub(1), "near: needs a radius", HINT);
        }
        let mut radius = String::new();
        while !self.cursor.ends_clause(0) && self.cursor.peek(0) != Some('^') {
            radius.extend(self.cursor.peek(0));
            self.cursor.at += 1;
        }
        let Some(km) = kilometres(&radius) else {
            return self.fail(
                at_radius + 1,
                &format!("`{radius}` is no radius"),
                "write a radius as 50km, 500m or 30mi",
            );
        };
        if km <= 0.0 {
            return self.fail(at_radius + 1, "a radius must be greater than 0", HINT);
        }
        if km > MAX_KM {
            let hint = "leave near: out to search the whole earth";
            return self.fail(at_radius + 1, &format!("no two places are more than {MAX_KM} km apart"), hint);
        }
        Ok(Query::Near { centre, km })
    }

    /// Reads up to white space, `~` or a parenthesis; white space after a comma belongs to the list.
    fn numbers(&mut self) -> String {
        let mut text = String::new();
        while let Some(c) = self.cursor.peek(0) {
            if matches!(c, '(' | ')' | '"' | '~' | '^') || (c == ' ' && !text.trim_end().ends_with(',')) {
                break;
            }
            text.push(c);
            self.cursor.at += 1;
        }
        text.trim_end().to_owned()
    }

    fn centre(&self, at: usize, text: &str) -> Result<Centre> {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let numbers: Option<Vec<f64>> = parts.iter().map(|part| number(part)).collect();
        let Some(numbers) = numbers else {
            if text.chars().any(char::is_alphabetic) {
                return Ok(Centre::Place(text.to_owned()));
            }
            return self.fail(
                at,
                &format!("`{text}` is no point"),
                "write latitude,longitude, as in 34.4,41.0",
            );
        };
        let &[lat, lon] = numbers.as_slice() else {
            return self.fail(at, "a point has two numbers", "write latitude,longitude, as in 34.4,41.0");
        };
        self.check_latitude(at, lat, Some(lon))?;
        self.check_longitude(at, lon)?;
        Ok(Centre::Point { lat, lon })
    }

    fn check_latitude(&self, at: usize, lat: f64, lon: Option<f64>) -> Result<()> {
        if (-90.0..=90.0).contains(&lat) {
            return Ok(());
        }
        let hint = match lon {
            Some(lon) if (-90.0..=90.0).contains(&lon) && (-180.0..=180.0).contains(&lat) => {
                format!("latitude comes first: did you mean {lon},{lat}?")
            }
            _ => String::new(),
        };
        self.fail(at, &format!("latitude {lat} is not between -90 and 90"), &hint)
    }

    fn check_longitude(&self, at: usize, lon: f64) -> Result<()> {
        if (-180.0..=180.0).contains(&lon) {
            return Ok(());
        }
        self.fail(at, &format!("longitude {lon} is not between -180 and 180"), "")
    }

    /// A box, after `bbox:`.
    pub(super) fn bbox(&mut self) -> Result<Query> {
        const HINT: &str = "write bbox:WEST,SOUTH,EAST,NORTH, as in bbox:38.8,29.1,48.6,37.4";
        let at = self.cursor.at;
        let text = if self.cursor.peek(0) == Some('"') { self.quoted_text()? } else { self.numbers() };
        let numbers: Option<Vec<f64>> = text.split(',').map(|part| number(part.trim())).collect();
        let Some(&[west, south, east, north]) = numbers.as_deref() else {
            return self.fail(at, "a box has four numbers", HINT);
        };
        for lon in [west, east] {
            self.check_longitude(at, lon)?;
        }
        for lat in [south, north] {
            self.check_latitude(at, lat, None)?;
        }
        if south > north {
            let hint = format!("did you mean bbox:{west},{north},{east},{south}?");
            return self.fail(at, "the box has its south above its north", &hint);
        }
        if west > east {
            self.warn(at, "the box crosses the 180th meridian, because its west is east of its east");
        }
        Ok(Query::Bbox { west, south, east, north })
    }
}

/// A finite number in plain digits.
fn number(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    if plain { text.parse().ok() } else { None }
}

/// A length with its unit in kilometres; without unit it is in kilometres.
fn kilometres(text: &str) -> Option<f64> {
    let text = text.to_ascii_lowercase();
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let length = number(&text[..unit])?;
    match &text[unit..] {
        "" | "km" => Some(length),
        "m" => Some(length / 1000.0),
        "mi" => Some(length * KM_PER_MILE),
        _ => None,
    }
}

//! Dates in folder and file names: `2021-06-28-story.txt`, `reuters/2021/06/story.txt`, `1987/26-FEB-1987.sgm`.
//!
//! Takes a path as the user named it; never touches the file.

use crate::calendar::{DateSource, Precision};
use crate::input::published::Candidate;
use crate::input::published::parse::{Reading, Stamp, find};
use crate::input::published::url::date_in;

/// How far the day in a file name is believed.
const TRUST: u8 = 45;
/// How far a month or a year of a folder is believed.
const COARSE_TRUST: u8 = 40;

/// What `path` says of the day of publication: the file's own name first, then its folders.
pub fn candidate(path: &str) -> Option<Candidate> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let in_name = date_in(name).map(|(date, precision)| Stamp {
        date,
        time: None,
        precision,
        assumed: None,
        shown: None,
    });
    let written = || find(name, &Reading::default()).into_iter().next().map(|found| found.stamp);
    let in_folders = || {
        let normal = path.replace('\\', "/");
        date_in(&normal).map(|(date, precision)| Stamp {
            date,
            time: None,
            precision,
            assumed: None,
            shown: None,
        })
    };
    let stamp = in_name.or_else(written).or_else(in_folders)?;
    let trust = if stamp.precision >= Precision::Day { TRUST } else { COARSE_TRUST };
    Some(Candidate { stamp, source: DateSource::Path, trust, modified: false, origin: "path".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;

    fn shown(path: &str) -> Option<String> {
        candidate(path).map(|candidate| calendar::shown(candidate.stamp.date, candidate.stamp.precision))
    }

    #[test]
    fn days_in_names_and_folders() {
        let cases = [
            ("news/2021-06-28-story.txt", "2021-06-28"),
            ("news/2021_06_28.txt", "2021-06-28"),
            ("20210628.xml", "2021-06-28"),
            ("reuters/2021/06/story.txt", "2021-06"),
            ("reuters/2021/06/28.txt", "2021-06-28"),
            ("2019/2021-06-28/story.txt", "2021-06-28"),
            ("c:\\news\\2021\\06\\story.txt", "2021-06"),
            ("26-FEB-1987.sgm", "1987-02-26"),
            ("2019-01-01/story 28 June 2021.txt", "2021-06-28"),
        ];
        for (path, expected) in cases {
            assert_eq!(shown(path).as_deref(), Some(expected), "{path}");
        }
        for path in ["story.txt", "story-2.txt", "12345678.txt", "page-12-13.txt", "v1.2.3/story.txt", ""] {
            assert_eq!(shown(path), None, "{path}");
        }
    }
}

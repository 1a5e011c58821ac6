//! Parquet tables: one article a row, columns by name as in other tables.
//!
//! Streams batch by batch. Which names mean what is `fields`' business, and `--map` helps it.

use std::borrow::Cow;
use std::fs::File;

use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row};

use crate::calendar::Precision;
use crate::calendar::shown;
use crate::input::csv::columns;
use crate::input::fields::{self, Fields, Value};
use crate::input::stream::is_bomb;
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// A table in columns.
pub(super) const FORMAT: Format =
    Format { name: "parquet", label: "Parquet table", extensions: &["parquet", "pq"], sniff, read };

fn sniff(head: &Head<'_>) -> Confidence {
    if head.bytes.starts_with(b"PAR1") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let broken = |error: &dyn std::fmt::Display| Halt::Failed {
        stage: "parse",
        reason: error.to_string().to_lowercase(),
    };
    let file = reader.on_disk()?;
    let source = File::open(file.path()).map_err(|error| broken(&error))?;
    let table = SerializedFileReader::new(source).map_err(|error| broken(&error))?;
    check_size(&table)?;
    let schema = table.metadata().file_metadata().schema_descr().root_schema().get_fields().to_vec();
    let names: Vec<String> = schema.iter().map(|column| column.name().to_owned()).collect();
    columns(&names, &reader.options.map)?;
    for row in table.get_row_iter(None).map_err(|error| broken(&error))? {
        match row {
            Ok(row) => {
                let draft = fields::draft(of_row(row), &reader.options.map);
                reader.next(draft)?;
            }
            // Rows after a broken page cannot be told apart.
            Err(error) => return reader.next_failed("read", error.to_string().to_lowercase()),
        }
    }
    Ok(())
}

/// Refuses what unpacks to absurdly more than it takes: pages are unpacked whole.
fn check_size(table: &SerializedFileReader<File>) -> Result<(), Halt> {
    let columns = table.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns);
    for column in columns {
        let packed = u64::try_from(column.compressed_size()).unwrap_or(0);
        let unpacked = u64::try_from(column.uncompressed_size()).unwrap_or(u64::MAX);
        if is_bomb(packed, unpacked) {
            let reason =
                format!("column {}: unpacks to {unpacked} bytes from {packed}", column.column_path());
            return Err(Halt::Failed { stage: "decompress", reason });
        }
    }
    Ok(())
}

fn of_row(row: Row) -> Fields<'static> {
    row.into_columns().into_iter().map(|(name, field)| (Cow::Owned(name), value(field))).collect()
}

fn value(field: Field) -> Value<'static> {
    match field {
        Field::Null => Value::Null,
        Field::Bool(truth) => Value::Bool(truth),
        Field::Str(text) => Value::Text(Cow::Owned(text)),
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data())
            .map_or(Value::Null, |text| Value::Text(Cow::Owned(text.to_owned()))),
        Field::Date(days) => moment(i64::from(days) * 86_400_000_000, true),
        Field::TimestampMillis(millis) => moment(millis.saturating_mul(1000), false),
        Field::TimestampMicros(micros) => moment(micros, false),
        Field::Group(row) => Value::Map(of_row(row)),
        Field::ListInternal(list) => Value::List(list.elements().iter().cloned().map(value).collect()),
        Field::MapInternal(map) => {
            let entries = map.entries().iter().cloned();
            let named = entries
                .map(|(key, inner)| (Cow::Owned(key.to_string().trim_matches('"').to_owned()), value(inner)));
            Value::Map(named.collect())
        }
        number => Value::Number(number.to_string()),
    }
}

/// A time in microseconds since 1970 as text; the day alone where no more is known.
fn moment(micros: i64, day_only: bool) -> Value<'static> {
    let Ok(stamp) = jiff::Timestamp::from_microsecond(micros) else { return Value::Null };
    let text = if day_only {
        shown(jiff::tz::TimeZone::UTC.to_datetime(stamp).date(), Precision::Day)
    } else {
        stamp.to_string()
    };
    Value::Text(Cow::Owned(text))
}

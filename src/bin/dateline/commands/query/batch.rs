//! `query --batch FILE.csv`: one query a row; every row gets a result row, with a count or with the error and its column.
//! `query --names FILE`: the same for a watch list, one name a line.
//!
//! With `-o FILE` answers are kept in `FILE.partial` as they come, so that a batch which was stopped goes on where it was.
//! Beside the rows, `--matrix` writes which query found which article and `--reading-list` every article once.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use dateline::Error;
use dateline::engine::Engine;
use dateline::engine::local::{LocalIndex, Watched};
use dateline::export::column::Cell;
use dateline::export::list::{WriteTable, find_format, table_format};
use dateline::export::table::Table;
use dateline::query::request::{Options, Request};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::commands::query::list::write_file;
use crate::commands::query::{QueryArgs, manifest, selections, unit, unknown_values};
use crate::output::{Exit, Printer};

/// How many identifiers of the best articles are listed when `--limit` says nothing.
const LISTED: usize = 3;

/// Fewer names of a watch list are asked one by one: a pass over the archive takes longer.
const FEW_NAMES: usize = 100;

/// The questions of a file.
struct Questions {
    /// The headings of their own columns.
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// One question, with all that its row holds.
struct Row {
    own: Vec<String>,
    asked: Result<Asking, String>,
}

enum Asking {
    /// A query as it is typed.
    Text(String),
    /// A name, to be found as it stands.
    Name(String),
}

/// What became of one row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Answer {
    count: Option<usize>,
    /// The best articles; all of them for a matrix or reading list.
    ids: Vec<String>,
    error: String,
    column: Option<usize>,
    warnings: String,
}

/// Asks every row. Selections given as options hold for all rows.
pub(super) fn run(
    args: &QueryArgs,
    index: &LocalIndex,
    today: Date,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let write = format(args)?;
    let (file, questions) = match (&args.batch, &args.names) {
        (Some(file), _) => (file, Questions::of_batch(file)?),
        (None, Some(file)) => (file, Questions::of_names(file)?),
        (None, None) => return Ok(Exit::Nothing),
    };
    let mut partial = Partial::open(args, file, index)?;
    if !partial.done.is_empty() {
        printer.note(format!("{} answers were there already", partial.done.len()));
    }
    let left = questions.names().skip(partial.done.len());
    let together = if left.clone().count() < FEW_NAMES { 0 } else { usize::MAX };
    let watched = index.watch(left.take(together))?;
    let mut answers = Vec::with_capacity(questions.rows.len());
    for row in &questions.rows {
        let answer = match partial.done.pop_front() {
            Some(answer) => answer,
            None => partial.keep(ask(args, row, (index, &watched), today))?,
        };
        answers.push(answer);
    }
    let table = questions.table(args, &answers);
    match &args.output {
        Some(output) => write_file(output, &mut |out| write(out, &table))?,
        None => write(printer.out(), &table)?,
    }
    let found = by_article(&answers);
    if let Some(file) = &args.matrix {
        write_table(file, &questions.matrix(&found))?;
    }
    if let Some(file) = &args.reading_list {
        write_table(file, &questions.reading_list(&found, index)?)?;
    }
    partial.remove()?;
    let failed = answers.iter().filter(|answer| !answer.error.is_empty()).count();
    printer.note(format!("{} queries asked, {failed} could not be read", answers.len()));
    let is_found = answers.iter().any(|answer| answer.count.is_some_and(|count| count > 0));
    Ok(if is_found { Exit::Found } else { Exit::Nothing })
}

fn format(args: &QueryArgs) -> dateline::Result<WriteTable> {
    let name = match (&args.format, &args.output) {
        (Some(name), _) => name.clone(),
        (None, Some(output)) => output.extension().unwrap_or_default().to_string_lossy().into_owned(),
        (None, None) => "csv".to_owned(),
    };
    table_format(find_format(&name)?)
}

/// Writes a table in the format that the name of the file tells.
fn write_table(file: &Path, table: &Table) -> dateline::Result<()> {
    let extension = file.extension().unwrap_or_default().to_string_lossy().into_owned();
    let write = table_format(find_format(if extension.is_empty() { "csv" } else { &extension })?)?;
    write_file(file, &mut |out| write(out, table))
}

impl Questions {
    /// Column `query`, or the first, of a CSV file.
    fn of_batch(file: &Path) -> dateline::Result<Questions> {
        let bytes = std::fs::read(file).map_err(Error::io(file))?;
        let settings = |message: String| Error::Settings { path: file.to_path_buf(), message };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
        let header = reader.byte_headers().map_err(|error| settings(error.to_string()))?;
        let columns: Vec<String> = header.iter().map(lossy).collect();
        if columns.is_empty() {
            let message = "no heading: the first line names the columns, one of them `query`";
            return Err(settings(message.to_owned()));
        }
        let asked =
            columns.iter().position(|column| column.trim().eq_ignore_ascii_case("query")).unwrap_or(0);
        let read = |record: csv::Result<csv::ByteRecord>| match record {
            Ok(record) => Row {
                own: (0..columns.len()).map(|at| lossy(record.get(at).unwrap_or(b""))).collect(),
                asked: Ok(Asking::Text(lossy(record.get(asked).unwrap_or_default()))),
            },
            Err(error) => Row { own: vec![String::new(); columns.len()], asked: Err(error.to_string()) },
        };
        let rows = reader.byte_records().map(read).collect();
        Ok(Questions { columns, rows })
    }

    /// Every line that is not empty is a name.
    fn of_names(file: &Path) -> dateline::Result<Questions> {
        let bytes = std::fs::read(file).map_err(Error::io(file))?;
        let text = lossy(&bytes);
        let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
        let row = |name: &str| Row { own: vec![name.to_owned()], asked: Ok(Asking::Name(name.to_owned())) };
        Ok(Questions { columns: vec!["name".to_owned()], rows: names.map(row).collect() })
    }

    /// The names among them.
    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.rows.iter().filter_map(|row| match &row.asked {
            Ok(Asking::Name(name)) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Their own columns, then the answers.
    fn table(&self, args: &QueryArgs, answers: &[Answer]) -> Table {
        let mut columns = self.columns.clone();
        columns.extend(["count", "ids", "error", "error_column", "warnings"].map(str::to_owned));
        let listed = args.limit.map_or(Some(LISTED), |limit| limit.0).unwrap_or(usize::MAX);
        let text = |text: &String| if text.is_empty() { Cell::Empty } else { Cell::Text(text.clone()) };
        let row = |(row, answer): (&Row, &Answer)| {
            let mut cells: Vec<Cell> = row.own.iter().map(|own| Cell::Text(own.clone())).collect();
            cells.push(answer.count.map_or(Cell::Empty, Cell::count));
            cells.push(Cell::List(answer.ids.iter().take(listed).cloned().collect()));
            cells.push(text(&answer.error));
            cells.push(answer.column.map_or(Cell::Empty, Cell::count));
            cells.push(text(&answer.warnings));
            cells
        };
        Table { columns, rows: self.rows.iter().zip(answers).map(row).collect() }
    }

    /// What a row is called: its first column.
    fn label(&self, row: usize) -> String {
        let own = self.rows[row].own.first().filter(|own| !own.is_empty());
        own.cloned().unwrap_or_else(|| format!("row {}", row + 1))
    }

    /// One row per article and one column per query, with 1 where the query found the article.
    fn matrix(&self, found: &BTreeMap<&str, Vec<usize>>) -> Table {
        let mut columns = vec!["id".to_owned()];
        columns.extend((0..self.rows.len()).map(|row| self.label(row)));
        let row = |(id, rows): (&&str, &Vec<usize>)| {
            let mut cells = vec![Cell::Empty; self.rows.len() + 1];
            cells[0] = Cell::Text((*id).to_owned());
            for &row in rows {
                cells[row + 1] = Cell::count(1);
            }
            cells
        };
        Table { rows: found.iter().map(row).collect(), columns }
    }

    /// Every article once, those first that most queries found.
    fn reading_list(
        &self,
        found: &BTreeMap<&str, Vec<usize>>,
        index: &LocalIndex,
    ) -> dateline::Result<Table> {
        let columns =
            ["id", "title", "published", "source", "path", "queries", "found_by"].map(str::to_owned);
        let mut articles: Vec<(&str, &Vec<usize>)> = found.iter().map(|(id, rows)| (*id, rows)).collect();
        articles.sort_by_key(|(id, rows)| (std::cmp::Reverse(rows.len()), *id));
        let mut table = Table { columns: columns.to_vec(), rows: Vec::new() };
        for (id, rows) in articles {
            let Some(annotated) = index.get(id)? else { continue };
            let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
            table.rows.push(vec![
                Cell::Text(id.to_owned()),
                text(annotated.article.title.clone()),
                text(annotated.published.as_ref().map(|published| published.record().date)),
                text(annotated.article.source.clone()),
                Cell::Text(annotated.article.path.clone()),
                Cell::count(rows.len()),
                Cell::List(rows.iter().map(|&row| self.label(row)).collect()),
            ]);
        }
        Ok(table)
    }
}

/// By article, the rows that found it.
fn by_article(answers: &[Answer]) -> BTreeMap<&str, Vec<usize>> {
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, answer) in answers.iter().enumerate() {
        for id in &answer.ids {
            found.entry(id).or_default().push(row);
        }
    }
    found
}

/// The answers so far, on disk until the batch is through.
struct Partial {
    path: PathBuf,
    file: Option<File>,
    /// Answers of an earlier run with the same questions and index.
    done: VecDeque<Answer>,
}

impl Partial {
    /// Takes up what an earlier run left, if it asked the same of the same index.
    fn open(args: &QueryArgs, questions: &Path, index: &LocalIndex) -> dateline::Result<Partial> {
        let mut done = VecDeque::new();
        let Some(output) = &args.output else {
            return Ok(Partial { path: PathBuf::new(), file: None, done });
        };
        let mut path = output.as_os_str().to_owned();
        path.push(".partial");
        let path = PathBuf::from(path);
        let key = key(args, questions, index)?;
        if let Ok(file) = File::open(&path) {
            let mut lines = BufReader::new(file).lines().map_while(Result::ok);
            if lines.next().is_some_and(|line| line == key) {
                // The last line may have been cut off.
                done.extend(lines.map_while(|line| serde_json::from_str::<Answer>(&line).ok()));
            }
        }
        let mut file = File::create(&path).map_err(Error::io(&path))?;
        let mut text = format!("{key}\n");
        for answer in &done {
            text.push_str(&line(answer));
        }
        file.write_all(text.as_bytes()).map_err(Error::io(&path))?;
        Ok(Partial { path, file: Some(file), done })
    }

    /// Writes an answer down.
    fn keep(&mut self, answer: Answer) -> dateline::Result<Answer> {
        if let Some(file) = &mut self.file {
            file.write_all(line(&answer).as_bytes()).map_err(Error::io(&self.path))?;
        }
        Ok(answer)
    }

    fn remove(self) -> dateline::Result<()> {
        if self.file.is_none() {
            return Ok(());
        }
        std::fs::remove_file(&self.path).map_err(Error::io(&self.path))
    }
}

fn line(answer: &Answer) -> String {
    // A plain struct of texts and numbers always encodes.
    format!("{}\n", serde_json::to_string(answer).unwrap_or_default())
}

/// Tells questions, options and index from others.
fn key(args: &QueryArgs, questions: &Path, index: &LocalIndex) -> dateline::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(manifest::hash(questions)?.as_bytes());
    hasher.update(manifest::fingerprint(index)?.as_bytes());
    let whole = (args.matrix.is_some(), args.reading_list.is_some());
    let options =
        (selections(args)?, &args.from, &args.to, args.sort.name(), args.limit, unit(args), args.no_collapse);
    hasher.update(format!("{options:?} {whole:?}").as_bytes());
    Ok(hasher.finalize().to_hex().to_string())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{FEFF}').to_owned()
}

fn failure(error: String, column: Option<usize>) -> Answer {
    Answer { error, column, ..Answer::default() }
}

/// The index, and the watch list looked for in it.
type Asked<'a> = (&'a LocalIndex, &'a Watched);

fn ask(args: &QueryArgs, row: &Row, index: Asked<'_>, today: Date) -> Answer {
    let asked = match &row.asked {
        Ok(asked) => try_ask(args, asked, index, today),
        Err(error) => return failure(error.clone(), None),
    };
    match asked {
        Ok(answer) => answer,
        Err(Error::Query { message, column, hint, .. }) => {
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            failure(format!("{message}{hint}"), Some(column))
        }
        Err(error) => failure(error.to_string().replace('\n', "; "), None),
    }
}

fn try_ask(
    args: &QueryArgs,
    asked: &Asking,
    (index, watched): Asked<'_>,
    today: Date,
) -> dateline::Result<Answer> {
    let text = match asked {
        Asking::Text(text) if text.trim().is_empty() => {
            return Err(Error::Usage("the row has no query".to_owned()));
        }
        Asking::Text(text) => text.clone(),
        Asking::Name(_) => String::new(),
    };
    let wants_all = args.matrix.is_some() || args.reading_list.is_some();
    let listed = args.limit.map_or(Some(LISTED), |limit| limit.0);
    let options = Options {
        text,
        selections: selections(args)?,
        from: args.from.clone(),
        to: args.to.clone(),
        sort: args.sort,
        limit: if wants_all { None } else { listed },
        collapse: !args.no_collapse,
        unit: unit(args),
        ..Options::default()
    };
    let (request, warnings) = options.build(today)?;
    let request = Request { snippets: false, ..request };
    let response = match asked {
        Asking::Name(name) => watched.search(name, &request)?,
        Asking::Text(_) => index.search(&request)?,
    };
    let mut warnings: Vec<String> = warnings.into_iter().map(|warning| warning.message).collect();
    if let Asking::Text(text) = asked
        && text.trim().contains('\n')
    {
        warnings.push("the query goes on in the next line: is a quotation mark missing?".to_owned());
    }
    if response.total == 0 {
        warnings.extend(unknown_values(index, &request)?.into_iter().map(|warning| warning.message));
    }
    Ok(Answer {
        count: Some(response.total),
        ids: response.hits.into_iter().map(|hit| hit.id).collect(),
        warnings: warnings.join("; "),
        ..Answer::default()
    })
}

//! Rows by columns, to be printed.

use super::cell::Found;
use std::fmt;

pub(super) struct Table {
    columns: Vec<&'static str>,
    rows: Vec<(&'static str, Vec<Option<Found>>)>,
}

impl Table {
    pub(super) fn of(columns: impl IntoIterator<Item = &'static str>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// A cell of `None` is not there: nobody can do that to this row.
    pub(super) fn add(&mut self, row: &'static str, cells: impl IntoIterator<Item = Option<Found>>) {
        self.rows.push((row, cells.into_iter().collect()));
    }

    /// The words of the rows.
    pub(super) fn words(&self) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
        let word = |cell: &Option<Found>| cell.as_ref().map_or("–", Found::word);
        self.rows.iter().map(move |(name, cells)| (*name, cells.iter().map(word).collect()))
    }
}

impl fmt::Display for Table {
    /// The columns are numbered and named below, and so is what a cell has to say beside its word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{:<32}", "")?;
        (1..=self.columns.len()).try_for_each(|number| write!(f, " {number:>6}"))?;
        for (name, words) in self.words() {
            write!(f, "\n{name:<32}")?;
            words.iter().try_for_each(|word| write!(f, " {word:>6}"))?;
        }
        writeln!(f)?;
        for (number, column) in (1..).zip(&self.columns) {
            write!(f, "\n{number:>5}  {column}")?;
        }
        for (name, cells) in &self.rows {
            for (number, cell) in (1..).zip(cells) {
                if let Some(Found::Panics(message)) = cell {
                    write!(f, "\n{name}, {number}: {message}")?;
                }
            }
        }
        Ok(())
    }
}

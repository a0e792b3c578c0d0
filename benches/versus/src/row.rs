//! A row: one workload, those who do it, and what we owe.

use untether_support::stopwatch::{self, Watch};

/// Does a workload so many times.
pub type Run = Box<dyn FnMut(u64)>;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Peer,
    Ours,
    /// A peer that promises less, or leads by what we refuse: shown, and no bar. Its name says why.
    Shown,
    /// What the parts cost: shown, and no bar unless a row says so.
    Floor,
}

pub struct Case {
    pub name: &'static str,
    pub kind: Kind,
    /// Of the future, or of the handle, in bytes.
    pub size: Option<usize>,
    pub watch: Watch<'static>,
    pub note: Option<Note>,
}

/// Whose figure is the measure: the best of them.
#[derive(Clone, Copy)]
pub enum Bar {
    All(Kind),
    /// Some, by their names, and what they are called together.
    Some {
        called: &'static str,
        names: &'static [&'static str],
    },
}

impl Bar {
    pub fn has(self, case: &Case) -> bool {
        match self {
            Self::All(kind) => case.kind == kind,
            Self::Some { names, .. } => names.contains(&case.name),
        }
    }
}

/// So much of a bar, at most.
struct Owed {
    ratio: f64,
    of: Bar,
}

/// What a case has to say besides its figures, once it was measured.
pub type Note = Box<dyn Fn() -> String>;

pub struct Row {
    pub name: String,
    /// What is counted.
    pub unit: &'static str,
    /// How many of it one run of a case is.
    count: u64,
    pub cases: Vec<Case>,
    owed: Vec<Owed>,
    threads: usize,
}

/// Whether a case of ours keeps to a figure.
pub struct Verdict {
    pub owed: f64,
    pub of: Bar,
    pub ratio: f64,
    pub met: bool,
}

impl Row {
    pub fn new(name: impl Into<String>, unit: &'static str) -> Self {
        Self { name: name.into(), unit, count: 1, cases: Vec::new(), owed: Vec::new(), threads: 1 }
    }

    /// One run of a case is so many.
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    pub fn peer(self, name: &'static str, run: impl FnMut(u64) + 'static) -> Self {
        self.case(name, Kind::Peer, None, run)
    }

    pub fn shown(self, name: &'static str, run: impl FnMut(u64) + 'static) -> Self {
        self.case(name, Kind::Shown, None, run)
    }

    pub fn ours(self, name: &'static str, run: impl FnMut(u64) + 'static) -> Self {
        self.case(name, Kind::Ours, None, run)
    }

    pub fn floor(self, name: &'static str, run: impl FnMut(u64) + 'static) -> Self {
        self.case(name, Kind::Floor, None, run)
    }

    pub fn case(
        mut self,
        name: &'static str,
        kind: Kind,
        size: Option<usize>,
        run: impl FnMut(u64) + 'static,
    ) -> Self {
        self.cases.push(Case { name, kind, size, watch: Watch::new(self.count, run), note: None });
        self
    }

    /// A case that counts its operations itself.
    pub fn watch(mut self, name: &'static str, kind: Kind, watch: Watch<'static>) -> Self {
        self.cases.push(Case { name, kind, size: None, watch, note: None });
        self
    }

    /// The size of the last case.
    pub fn size_of<T>(mut self) -> Self {
        self.cases.last_mut().expect("a case comes first").size = Some(size_of::<T>());
        self
    }

    /// What the last case has to say.
    pub fn note(mut self, note: Note) -> Self {
        self.cases.last_mut().expect("a case comes first").note = Some(note);
        self
    }

    /// At most so much of the best peer.
    pub fn owes(self, ratio: f64) -> Self {
        self.owes_of(Kind::Peer, ratio)
    }

    pub fn owes_of(self, of: Kind, ratio: f64) -> Self {
        self.owes_bar(Bar::All(of), ratio)
    }

    pub fn owes_bar(mut self, of: Bar, ratio: f64) -> Self {
        self.owed.push(Owed { ratio, of });
        self
    }

    /// Whether a figure is owed of this case.
    pub fn is_bar(&self, case: &Case) -> bool {
        self.owed.iter().any(|owed| owed.of.has(case))
    }

    pub fn measure(&mut self) {
        let mut watches: Vec<_> = self.cases.iter_mut().map(|case| &mut case.watch).collect();
        stopwatch::in_turn(&mut watches);
    }

    fn best(&self, of: Bar) -> Option<f64> {
        let medians = self.cases.iter().filter(|case| of.has(case)).map(|case| case.watch.median());
        medians.min_by(f64::total_cmp)
    }

    /// To the best peer.
    pub fn ratio(&self, case: &Case) -> Option<f64> {
        self.best(Bar::All(Kind::Peer)).map(|best| case.watch.median() / best)
    }

    /// The least that is owed of peers, to the best of them all.
    pub fn bar(&self) -> Option<f64> {
        let best = self.best(Bar::All(Kind::Peer))?;
        let of_peers = self.owed.iter().filter(|owed| !matches!(owed.of, Bar::All(Kind::Floor)));
        of_peers.filter_map(|owed| Some(owed.ratio * self.best(owed.of)? / best)).min_by(f64::total_cmp)
    }

    pub fn verdicts(&self, case: &Case) -> Vec<Verdict> {
        if case.kind != Kind::Ours {
            return Vec::new();
        }
        // Rows of one thread repeat within a few per cent, those of two within ten.
        let slack = if self.threads > 1 { 1.10 } else { 1.05 };
        let verdict = |owed: &Owed| {
            let ratio = case.watch.median() / self.best(owed.of)?;
            Some(Verdict { owed: owed.ratio, of: owed.of, ratio, met: ratio <= owed.ratio * slack })
        };
        self.owed.iter().filter_map(verdict).collect()
    }
}

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
}

/// So much of the best of a kind, at most.
struct Owed {
    ratio: f64,
    of: Kind,
}

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
    pub of: Kind,
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
        self.cases.push(Case { name, kind, size, watch: Watch::new(self.count, run) });
        self
    }

    /// A case that counts its operations itself.
    pub fn watch(mut self, name: &'static str, kind: Kind, watch: Watch<'static>) -> Self {
        self.cases.push(Case { name, kind, size: None, watch });
        self
    }

    /// The size of the last case.
    pub fn size_of<T>(mut self) -> Self {
        self.cases.last_mut().expect("a case comes first").size = Some(size_of::<T>());
        self
    }

    /// At most so much of the best peer.
    pub fn owes(self, ratio: f64) -> Self {
        self.owes_of(Kind::Peer, ratio)
    }

    pub fn owes_of(mut self, of: Kind, ratio: f64) -> Self {
        self.owed.push(Owed { ratio, of });
        self
    }

    pub fn measure(&mut self) {
        let mut watches: Vec<_> = self.cases.iter_mut().map(|case| &mut case.watch).collect();
        stopwatch::in_turn(&mut watches);
    }

    fn best(&self, kind: Kind) -> Option<f64> {
        let medians = self.cases.iter().filter(|case| case.kind == kind).map(|case| case.watch.median());
        medians.min_by(f64::total_cmp)
    }

    /// To the best peer.
    pub fn ratio(&self, case: &Case) -> Option<f64> {
        self.best(Kind::Peer).map(|best| case.watch.median() / best)
    }

    /// The figure that is owed of the best peer.
    pub fn bar(&self) -> Option<f64> {
        self.owed.iter().find(|owed| owed.of == Kind::Peer).map(|owed| owed.ratio)
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

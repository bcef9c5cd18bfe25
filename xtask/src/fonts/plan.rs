//! Which fonts are shipped, and under which names: the one list.
//! Knows nothing of what is inside a font.

/// The upstream weights of the two instances, and what the style sheet calls them. A medium reads
/// better than a regular from across a street.
pub const WEIGHTS: [Weight; 2] = [
    Weight {
        upstream: 500,
        declared: 400,
    },
    Weight {
        upstream: 700,
        declared: 700,
    },
];

pub struct Weight {
    pub upstream: u32,
    pub declared: u32,
}

/// One `font-family` of the style sheet. The first source that has a sign shows it.
pub struct Stack {
    pub css: &'static str,
    /// The table's letter for it; the bold instance has the capital.
    pub key: char,
    pub sources: &'static [Source],
}

/// One file of an npm package for each weight.
#[derive(Clone, Copy)]
pub struct Source {
    pub package: &'static str,
    pub subset: &'static str,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With `.woff` beside `.woff2`: engines of 2014 have no other.
    Old,
    /// Too large to be there twice, and in one weight for both.
    Large,
}

impl Source {
    /// The weight of the file that serves this instance.
    pub fn upstream(self, bold: bool) -> u32 {
        WEIGHTS[usize::from(bold || self.kind == Kind::Large)].upstream
    }

    pub fn endings(self) -> &'static [&'static str] {
        match self.kind {
            Kind::Old => &["woff2", "woff"],
            Kind::Large => &["woff2"],
        }
    }

    /// Without its ending.
    pub fn stem(self, bold: bool) -> String {
        let Source {
            package, subset, ..
        } = self;
        format!("{package}-{subset}-{}-normal", self.upstream(bold))
    }

    /// The names under which the site serves it, with where the package has it.
    pub fn files(self, bold: bool) -> Vec<(String, String)> {
        let stem = self.stem(bold);
        let name = |ending: &&str| {
            let file = format!("{stem}.{ending}");
            let path = path(self.package, &format!("files/{file}"));
            (format!("fonts/{file}"), path)
        };
        self.endings().iter().map(name).collect()
    }
}

/// Where a file of a package is, below the folder of the lock file.
pub fn path(package: &str, file: &str) -> String {
    format!("node_modules/@fontsource/{package}/{file}")
}

const fn old(package: &'static str, subset: &'static str) -> Source {
    Source {
        package,
        subset,
        kind: Kind::Old,
    }
}

const fn large(package: &'static str, subset: &'static str) -> Source {
    Source {
        package,
        subset,
        kind: Kind::Large,
    }
}

/// The fall-back is the last, and only asked for what the family lacks.
pub const STACKS: [Stack; 5] = [
    Stack {
        css: "Gantry Sans",
        key: 's',
        sources: &[
            old("barlow", "latin"),
            old("barlow", "latin-ext"),
            old("barlow", "vietnamese"),
        ],
    },
    Stack {
        css: "Gantry Condensed",
        key: 'c',
        sources: &[
            old("barlow-condensed", "latin"),
            old("barlow-condensed", "latin-ext"),
            old("barlow-condensed", "vietnamese"),
        ],
    },
    Stack {
        css: "Gantry Slab",
        key: 'l',
        sources: &[
            old("roboto-slab", "latin"),
            old("roboto-slab", "latin-ext"),
            old("roboto-slab", "vietnamese"),
            old("roboto-slab", "greek"),
            old("roboto-slab", "cyrillic"),
            old("roboto-slab", "cyrillic-ext"),
        ],
    },
    Stack {
        css: "Gantry Mono",
        key: 'm',
        sources: &[
            old("jetbrains-mono", "latin"),
            old("jetbrains-mono", "latin-ext"),
            old("jetbrains-mono", "vietnamese"),
            old("jetbrains-mono", "greek"),
            old("jetbrains-mono", "cyrillic"),
            old("jetbrains-mono", "cyrillic-ext"),
        ],
    },
    Stack {
        css: "Gantry Fallback",
        key: 'f',
        sources: &[
            old("noto-sans", "latin"),
            old("noto-sans", "latin-ext"),
            old("noto-sans", "vietnamese"),
            old("noto-sans", "greek"),
            old("noto-sans", "greek-ext"),
            old("noto-sans", "cyrillic"),
            old("noto-sans", "cyrillic-ext"),
            old("noto-sans-hebrew", "hebrew"),
            old("noto-sans-arabic", "arabic"),
            old("noto-sans-devanagari", "devanagari"),
            old("noto-sans-thai", "thai"),
            large("noto-sans-jp", "japanese"),
            large("noto-sans-tc", "chinese-traditional"),
            large("noto-sans-sc", "chinese-simplified"),
            large("noto-sans-kr", "korean"),
            large("noto-emoji", "emoji"),
        ],
    },
];

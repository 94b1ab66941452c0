/// Which labels taint must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requires {
    /// `True` or `False`.
    Always(bool),
    /// It has this label.
    Label(String),
    /// It does not.
    Not(Box<Requires>),
    /// All of them.
    And(Vec<Requires>),
    /// Any of them.
    Or(Vec<Requires>),
}

const DEEPEST: usize = 64;

impl Requires {
    /// Reads `A and (B or not C)`.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { words: words(text)?, next: 0, depth: 0 };
        let requires = parser.any()?;
        match parser.peek() {
            None => Ok(requires),
            Some(word) => Err(format!("`{word}` is not expected there")),
        }
    }

    /// Whether taint with these labels has what is required.
    pub fn holds(&self, has: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Always(always) => *always,
            Self::Label(label) => has(label),
            Self::Not(inner) => !inner.holds(has),
            Self::And(all) => all.iter().all(|each| each.holds(has)),
            Self::Or(any) => any.iter().any(|each| each.holds(has)),
        }
    }

    /// Every label that it names.
    pub fn labels(&self) -> Vec<&str> {
        match self {
            Self::Always(_) => Vec::new(),
            Self::Label(label) => vec![label],
            Self::Not(inner) => inner.labels(),
            Self::And(list) | Self::Or(list) => list.iter().flat_map(Self::labels).collect(),
        }
    }
}

struct Parser<'t> {
    words: Vec<&'t str>,
    next: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.words.get(self.next).copied()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Requires, String> {
        let mut list = vec![self.all()?];
        while self.take("or") {
            list.push(self.all()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Requires::Or(list) })
    }

    fn all(&mut self) -> Result<Requires, String> {
        let mut list = vec![self.one()?];
        while self.take("and") {
            list.push(self.one()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Requires::And(list) })
    }

    fn one(&mut self) -> Result<Requires, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it nests too deep".to_owned());
        }
        let found = if self.take("not") {
            Requires::Not(Box::new(self.one()?))
        } else if self.take("(") {
            let inner = self.any()?;
            if !self.take(")") {
                return Err("a `)` is missing".to_owned());
            }
            inner
        } else {
            let word = self.peek().ok_or("a label is missing at the end")?;
            self.next += 1;
            match word {
                "True" => Requires::Always(true),
                "False" => Requires::Always(false),
                "and" | "or" | "(" | ")" => return Err(format!("`{word}` is not expected there")),
                _ => Requires::Label(word.to_owned()),
            }
        };
        self.depth -= 1;
        Ok(found)
    }
}

fn words(text: &str) -> Result<Vec<&str>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => 1,
            _ if first.is_alphabetic() || first == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            _ => return Err(format!("`{first}` is no part of a label")),
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::Requires;

    #[test]
    fn labels_are_required() {
        let rows = [
            ("A", "A", true),
            ("A and not B", "A B", false),
            ("A and not B", "A", true),
            ("(A and not B) or (C and not B)", "C", true),
            ("not not A or False", "A", true),
            ("A or B and C", "B", false),
            ("True", "", true),
        ];
        for (text, labels, expected) in rows {
            let requires = Requires::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let has = |label: &str| labels.split(' ').any(|one| one == label);
            assert_eq!(requires.holds(&has), expected, "{text} for {labels}");
        }
        assert_eq!(Requires::parse("A and (B or not A)").unwrap().labels(), ["A", "B", "A"]);
    }

    #[test]
    fn anything_else_is_refused() {
        let deep = "(".repeat(1000);
        let rows = [
            ("", "a label is missing at the end"),
            ("A B", "`B` is not expected there"),
            ("$X", "`$` is no part of a label"),
            ("(A", "a `)` is missing"),
            ("and", "`and` is not expected there"),
            (&deep, "it nests too deep"),
        ];
        for (text, expected) in rows {
            assert_eq!(Requires::parse(text), Err(expected.to_owned()), "{text}");
        }
    }
}

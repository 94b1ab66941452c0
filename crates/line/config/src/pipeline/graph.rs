use std::collections::HashMap;

use super::{Check, Pipeline, Step};
use crate::paths;

/// Which steps need which others: those that are named, and those whose outputs are inputs. Steps are numbered from 0
/// in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    needs: Vec<Vec<(usize, Reason)>>,
}

/// Why a step needs another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It says so.
    Named,
    /// This input of it is made by the other.
    Input(String),
}

impl Graph {
    /// The graph of a pipeline. Names that no step has, and globs that are none, lead nowhere.
    pub fn of(pipeline: &Pipeline) -> Self {
        let steps: Vec<&Step> = pipeline.steps().map(|(_, step)| step).collect();
        let makers = Makers::of(&steps);
        let needs = steps.iter().enumerate().map(|(number, step)| {
            let mut needs: Vec<(usize, Reason)> = Vec::new();
            let mut add = |other: usize, reason: Reason| {
                if !needs.iter().any(|(known, _)| *known == other) {
                    needs.push((other, reason));
                }
            };
            for name in &step.needs {
                if let Some(other) = makers.names.get(name.as_str()) {
                    add(*other, Reason::Named);
                }
            }
            for input in step.inputs.iter().flatten() {
                for other in makers.of_input(input) {
                    if other != number {
                        add(other, Reason::Input(input.clone()));
                    }
                }
            }
            needs
        });
        Self { needs: needs.collect() }
    }

    /// The steps that a step needs, and why; each once.
    pub fn needs(&self, step: usize) -> &[(usize, Reason)] {
        self.needs.get(step).map_or(&[], Vec::as_slice)
    }

    /// The steps that a check needs: those it names and the one that makes its target.
    pub fn needs_of_check(pipeline: &Pipeline, check: &Check) -> Vec<usize> {
        let steps: Vec<&Step> = pipeline.steps().map(|(_, step)| step).collect();
        let makers = Makers::of(&steps);
        let mut needs: Vec<usize> =
            check.needs.iter().filter_map(|name| makers.names.get(name.as_str()).copied()).collect();
        needs.extend(check.target.iter().flat_map(|target| makers.of_input(target)));
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// Steps that need each other in a circle, the first of them again at the end; `None` when there is no circle.
    pub fn circle(&self) -> Option<Vec<usize>> {
        const NEW: u8 = 0;
        const OPEN: u8 = 1;
        const DONE: u8 = 2;
        let mut state = vec![NEW; self.needs.len()];
        for start in 0..self.needs.len() {
            if state.get(start) != Some(&NEW) {
                continue;
            }
            let mut way = vec![(start, 0usize)];
            while let Some((step, next)) = way.last_mut() {
                let step = *step;
                if let Some(mark) = state.get_mut(step) {
                    *mark = OPEN;
                }
                let Some((other, _)) = self.needs(step).get(*next) else {
                    if let Some(mark) = state.get_mut(step) {
                        *mark = DONE;
                    }
                    way.pop();
                    continue;
                };
                *next += 1;
                match state.get(*other) {
                    Some(&NEW) => way.push((*other, 0)),
                    Some(&OPEN) => {
                        let circle = way.iter().map(|(step, _)| *step).skip_while(|step| step != other);
                        return Some(circle.chain([*other]).collect());
                    }
                    _ => {}
                }
            }
        }
        None
    }
}

/// The part of a glob before its first component with a wildcard; all of a plain path.
///
/// ```
/// assert_eq!(andon_config::literal_folder("src/api/*.rs"), "src/api");
/// assert_eq!(andon_config::literal_folder("**/*.rs"), "");
/// ```
pub fn literal_folder(glob: &str) -> &str {
    let mut end = 0;
    for part in glob.split_inclusive('/') {
        if part.contains(['*', '?', '[', '{', '\\']) {
            break;
        }
        end += part.len();
    }
    glob.get(..end).unwrap_or_default().trim_end_matches('/')
}

/// Who makes what.
struct Makers<'a> {
    names: HashMap<&'a str, usize>,
    outputs: HashMap<&'a str, usize>,
}

impl<'a> Makers<'a> {
    fn of(steps: &[&'a Step]) -> Self {
        let (mut names, mut outputs) = (HashMap::new(), HashMap::new());
        for (number, step) in steps.iter().enumerate() {
            names.entry(step.name.as_str()).or_insert(number);
            for output in &step.outputs {
                outputs.entry(output.trim_end_matches('/')).or_insert(number);
            }
        }
        Self { names, outputs }
    }

    /// The steps that make something an input names: the output itself, a folder around it, or something inside of it. A
    /// glob that starts with `**` names no place and therefore no output.
    fn of_input(&self, input: &str) -> Vec<usize> {
        let folder = literal_folder(input);
        let mut found: Vec<usize> =
            ancestors(folder).filter_map(|folder| self.outputs.get(folder)).copied().collect();
        let below = self.outputs.iter().filter(|(output, _)| output.starts_with(folder));
        if folder.len() == input.trim_end_matches('/').len() {
            let inside = below.filter(|(output, _)| ancestors(output).any(|above| above == folder));
            found.extend(inside.map(|(_, step)| *step));
        } else if !input.starts_with("**")
            && let Ok(globs) = paths::globs([&input.to_owned()])
        {
            found.extend(below.filter(|(output, _)| globs.is_match(output)).map(|(_, step)| *step));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A path and the folders above it, the root left out.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).filter(|folder| !folder.is_empty())
}

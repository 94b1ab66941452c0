use std::collections::HashMap;

use super::{Command, Graph, Pipeline, Reason, Service, StageDefinition, Step, WHOLE_OUTPUT, literal_folder};
use crate::load::{Wrong, check_globs, nearest};
use crate::{Gate, pipeline};

const MOST_STEPS: usize = 1000;
const MOST_OUTPUTS: usize = 2000;
const MOST_RETRIES: u32 = 10;

/// What the types do not say about a pipeline. Returns a JSON pointer and a message.
pub(crate) fn check(pipeline: &Pipeline, gates: &[Gate]) -> Result<(), Wrong> {
    if pipeline.defaults.retries > MOST_RETRIES {
        return wrong("/pipeline/defaults/retries", format!("retries are at most {MOST_RETRIES}"));
    }
    check_reads("/pipeline/defaults/reads", &pipeline.defaults.reads)?;
    check_names("/pipeline/environment", pipeline.environment.keys(), "variable")?;
    for (name, service) in &pipeline.services {
        check_service(&format!("/pipeline/services/{}", escaped(name)), name, service)?;
    }
    check_stages(pipeline, gates)?;
    let places = places(pipeline);
    if places.len() > MOST_STEPS {
        return wrong(
            "/pipeline/stages",
            format!("there are more than {MOST_STEPS} steps; split the pipeline"),
        );
    }
    check_unique(&places)?;
    for place in &places {
        check_step(pipeline, place)?;
    }
    check_outputs(&places)?;
    check_scratch(&places)?;
    check_graph(pipeline, &places)
}

/// A step with the JSON pointer to it.
struct Place<'a> {
    here: String,
    stage: usize,
    step: &'a Step,
}

fn places(pipeline: &Pipeline) -> Vec<Place<'_>> {
    let of_stage = |(stage, definition): (usize, &'_ StageDefinition)| {
        let here = move |index: usize| format!("/pipeline/stages/{stage}/steps/{index}");
        let steps = definition.steps.iter().enumerate();
        steps.map(|(index, _)| (here(index), stage, index)).collect::<Vec<_>>()
    };
    let all = pipeline.stages.iter().enumerate().flat_map(of_stage);
    let place = |(here, stage, index): (String, usize, usize)| {
        let step = pipeline.stages.get(stage)?.steps.get(index)?;
        Some(Place { here, stage, step })
    };
    all.filter_map(place).collect()
}

fn check_stages(pipeline: &Pipeline, gates: &[Gate]) -> Result<(), Wrong> {
    let mut before: Option<&StageDefinition> = None;
    for (index, stage) in pipeline.stages.iter().enumerate() {
        let here = format!("/pipeline/stages/{index}");
        if let Some(before) = before.filter(|before| before.stage >= stage.stage) {
            let what = if before.stage == stage.stage {
                format!("the stage `{}` is there twice; join the two", stage.stage)
            } else {
                format!("the stage `{}` comes before `{}`; put it there", stage.stage, before.stage)
            };
            return wrong(&format!("{here}/stage"), what);
        }
        before = Some(stage);
        if let Some(gate) = &stage.gate
            && !gates.iter().any(|known| known.name == *gate)
        {
            let known: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
            return wrong(&format!("{here}/gate"), unknown("gate", gate, &known));
        }
        for (entry, check) in stage.checks.iter().enumerate() {
            let here = format!("{here}/checks/{entry}");
            if let Some(problem) = check.target.as_deref().and_then(path_problem) {
                return wrong(&format!("{here}/target"), problem);
            }
            check_needs(pipeline, &format!("{here}/needs"), index, &check.needs, None)?;
        }
    }
    Ok(())
}

fn check_unique(places: &[Place<'_>]) -> Result<(), Wrong> {
    let mut seen = HashMap::new();
    for place in places {
        let (here, name) = (format!("{}/name", place.here), &place.step.name);
        if !is_name(name) {
            return wrong(
                &here,
                format!("`{name}` is no name; use letters, digits, `-`, `_` and `.`, at most 64"),
            );
        }
        if andon_model::Stage::ALL.iter().any(|stage| stage.as_str() == name) {
            return wrong(&here, format!("`{name}` is the name of a stage; give the step another"));
        }
        if seen.insert(name.to_ascii_lowercase(), ()).is_some() {
            return wrong(&here, format!("there is already a step named `{name}`; give each its own name"));
        }
    }
    Ok(())
}

fn check_step(pipeline: &Pipeline, place: &Place<'_>) -> Result<(), Wrong> {
    let Place { here, stage, step } = place;
    check_command(&format!("{here}/run"), &step.run)?;
    check_needs(pipeline, &format!("{here}/needs"), *stage, &step.needs, Some(step))?;
    let inputs = step.inputs.as_deref().unwrap_or_default();
    check_globs(&format!("{here}/inputs"), inputs)?;
    check_inside(&format!("{here}/inputs"), inputs)?;
    check_names(&format!("{here}/environment"), step.environment.keys(), "variable")?;
    check_names(&format!("{here}/secrets"), step.secrets.keys(), "secret")?;
    check_reads(&format!("{here}/reads"), &step.reads)?;
    if step.retries.is_some_and(|retries| retries > MOST_RETRIES) {
        return wrong(&format!("{here}/retries"), format!("retries are at most {MOST_RETRIES}"));
    }
    let services: Vec<&str> = pipeline.services.keys().map(String::as_str).collect();
    for (index, name) in step.services.iter().enumerate() {
        if !services.contains(&name.as_str()) {
            return wrong(&format!("{here}/services/{index}"), unknown("service", name, &services));
        }
    }
    for (index, tool) in step.tools.iter().enumerate() {
        if tool.is_empty() || tool.contains(['/', '\\', '\0']) {
            let message = format!("`{tool}` is no name of a program; it is looked for on the step's PATH");
            return wrong(&format!("{here}/tools/{index}"), message);
        }
    }
    if let Some(when) = &step.when {
        check_globs(&format!("{here}/when/branch"), &when.branch)?;
        check_globs(&format!("{here}/when/changed"), &when.changed)?;
        check_inside(&format!("{here}/when/changed"), &when.changed)?;
        for (name, glob) in &when.environment {
            check_globs(&format!("{here}/when/environment/{}", escaped(name)), std::slice::from_ref(glob))
                .map_err(|(place, message)| (parent(&place), message))?;
        }
    }
    check_reports(here, step)
}

fn check_needs(
    pipeline: &Pipeline,
    here: &str,
    stage: usize,
    needs: &[String],
    own: Option<&Step>,
) -> Result<(), Wrong> {
    for (index, name) in needs.iter().enumerate() {
        let here = format!("{here}/{index}");
        if own.is_some_and(|own| own.name == *name) {
            return wrong(&here, format!("the step `{name}` needs itself; remove this need"));
        }
        let Some((of, needed)) = pipeline.step(name) else {
            let known: Vec<&str> = pipeline.steps().map(|(_, step)| step.name.as_str()).collect();
            return wrong(&here, unknown("step", name, &known));
        };
        if pipeline.stages.get(stage).is_some_and(|own| of > own.stage) {
            return wrong(&here, format!("`{name}` is of the later stage `{of}`; move one of the two"));
        }
        if needed.is_last() && !own.is_some_and(Step::is_last) {
            let message = format!(
                "`{name}` begins when all others are over (`always`, or `outcome`), so nothing else can need it"
            );
            return wrong(&here, message);
        }
    }
    Ok(())
}

/// A report that nobody can write is never there.
fn check_reports(here: &str, step: &Step) -> Result<(), Wrong> {
    let written = |path: &str| {
        let folder = literal_folder(path);
        step.outputs.iter().any(|output| is_at_or_below(folder, output.trim_end_matches('/')))
    };
    let missing = |path: &str| {
        format!("`{path}` is in none of the step's outputs, so it cannot write it; add its folder")
    };
    for (format, globs) in step.tests.iter().flat_map(pipeline::TestReports::by_format) {
        let here = format!("{here}/tests/{format}");
        check_globs(&here, globs)?;
        for (index, glob) in globs.iter().enumerate().filter(|(_, glob)| *glob != WHOLE_OUTPUT) {
            if !written(glob) {
                return wrong(&format!("{here}/{index}"), missing(glob));
            }
        }
    }
    for (format, path) in step.coverage.iter().flat_map(pipeline::CoverageReports::by_format) {
        let here = format!("{here}/coverage/{format}");
        if let Some(problem) = path_problem(path) {
            return wrong(&here, problem);
        }
        if !written(path) {
            return wrong(&here, missing(path));
        }
    }
    Ok(())
}

/// Scratch folders may be shared, and hold outputs of steps that have them as scratch.
fn check_scratch(places: &[Place<'_>]) -> Result<(), Wrong> {
    for place in places {
        for (index, folder) in place.step.scratch.iter().enumerate() {
            let here = format!("{}/scratch/{index}", place.here);
            if let Some(problem) = path_problem(folder) {
                return wrong(&here, problem);
            }
            let folder = folder.trim_end_matches('/');
            for other in places {
                let shares = other.step.scratch.iter().any(|own| own.trim_end_matches('/') == folder);
                let crossing =
                    other.step.outputs.iter().map(|output| output.trim_end_matches('/')).find(|output| {
                        is_at_or_below(folder, output) || (is_at_or_below(output, folder) && !shares)
                    });
                if let Some(output) = crossing {
                    let message = format!(
                        "`{folder}` crosses `{output}`, an output of `{}`; keep them apart",
                        other.step.name
                    );
                    return wrong(&here, message);
                }
            }
        }
    }
    Ok(())
}

fn check_outputs(places: &[Place<'_>]) -> Result<(), Wrong> {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for place in places {
        for (index, output) in place.step.outputs.iter().enumerate() {
            let here = format!("{}/outputs/{index}", place.here);
            if let Some(problem) = path_problem(output) {
                return wrong(&here, problem);
            }
            let path = output.trim_end_matches('/');
            if let Some(other) = seen.insert(path, &place.step.name) {
                return wrong(
                    &here,
                    format!("`{output}` is already an output of `{other}`; only one step may make it"),
                );
            }
        }
        if seen.len() > MOST_OUTPUTS {
            return wrong(&place.here, format!("there are more than {MOST_OUTPUTS} outputs; name folders"));
        }
    }
    for place in places {
        for (index, output) in place.step.outputs.iter().enumerate() {
            let path = output.trim_end_matches('/');
            let above = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
            if let Some((folder, other)) =
                above.filter_map(|folder| Some((folder, *seen.get(folder)?))).next()
            {
                let message =
                    format!("`{output}` is inside of `{folder}`, an output of `{other}`; keep them apart");
                return wrong(&format!("{}/outputs/{index}", place.here), message);
            }
        }
    }
    Ok(())
}

fn check_graph(pipeline: &Pipeline, places: &[Place<'_>]) -> Result<(), Wrong> {
    let graph = Graph::of(pipeline);
    for (number, place) in places.iter().enumerate() {
        for (other, reason) in graph.needs(number) {
            let Some(made) = places.get(*other).filter(|made| made.stage > place.stage) else { continue };
            let Reason::Input(input) = reason else { continue };
            let name = &made.step.name;
            let message =
                format!("the input `{input}` is made by `{name}` of a later stage; move one of the two");
            return wrong(&format!("{}/inputs", place.here), message);
        }
    }
    for (index, stage) in pipeline.stages.iter().enumerate() {
        for (entry, check) in stage.checks.iter().enumerate() {
            let needs = Graph::needs_of_check(pipeline, check);
            let later = needs.iter().filter_map(|step| places.get(*step)).find(|made| made.stage > index);
            if let Some(made) = later {
                let message = format!(
                    "the target is made by `{}` of a later stage; move one of the two",
                    made.step.name
                );
                return wrong(&format!("/pipeline/stages/{index}/checks/{entry}/target"), message);
            }
        }
    }
    let Some(circle) = graph.circle() else { return Ok(()) };
    let name = |step: &usize| places.get(*step).map_or("", |place| place.step.name.as_str());
    let way: Vec<&str> = circle.iter().map(name).collect();
    let mut message = format!("these steps need each other: {}", way.join(" → "));
    for pair in circle.windows(2) {
        let [step, other] = pair else { continue };
        let reason = graph.needs(*step).iter().find(|(needed, _)| needed == other);
        if let Some((_, Reason::Input(input))) = reason {
            message.push_str(&format!("; `{}` makes `{input}`, an input of `{}`", name(other), name(step)));
        }
    }
    let here = circle.first().and_then(|step| places.get(*step)).map_or("", |place| place.here.as_str());
    wrong(here, message)
}

fn check_service(here: &str, name: &str, service: &Service) -> Result<(), Wrong> {
    if !is_name(name) {
        return wrong(
            here,
            format!("`{name}` is no name; use letters, digits, `-`, `_` and `.`, at most 64"),
        );
    }
    check_command(&format!("{here}/run"), &service.run)?;
    check_names(&format!("{here}/environment"), service.environment.keys(), "variable")?;
    if service.ready.as_ref().is_some_and(|ready| ready.port == 0) {
        return wrong(&format!("{here}/ready/port"), "a port is at least 1".to_owned());
    }
    Ok(())
}

fn check_command(here: &str, command: &Command) -> Result<(), Wrong> {
    command.problem().map_or(Ok(()), |problem| wrong(here, problem.to_owned()))
}

/// Names of variables as a shell takes them (POSIX, 3.216).
fn check_names<'a>(here: &str, names: impl Iterator<Item = &'a String>, what: &str) -> Result<(), Wrong> {
    for name in names {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if name.is_empty() || !plain || name.starts_with(|first: char| first.is_ascii_digit()) {
            let message = format!("`{name}` is no name of a {what}; use letters, digits and `_`");
            return wrong(&format!("{here}/{}", escaped(name)), message);
        }
    }
    Ok(())
}

fn check_reads(here: &str, reads: &[String]) -> Result<(), Wrong> {
    for (index, path) in reads.iter().enumerate() {
        let absolute = path.starts_with('/') || path == "~" || path.starts_with("~/");
        if !absolute || path.split('/').any(|part| part == "..") {
            let message = format!(
                "`{path}` is no absolute path (the workspace is readable anyway); start with `/` or `~/`"
            );
            return wrong(&format!("{here}/{index}"), message);
        }
    }
    Ok(())
}

fn check_inside(here: &str, globs: &[String]) -> Result<(), Wrong> {
    for (index, glob) in globs.iter().enumerate() {
        if glob.starts_with(['/', '~']) || glob.is_empty() || glob.split('/').any(|part| part == "..") {
            let message = format!("`{glob}` leads out of the workspace; globs are over paths from its root");
            return wrong(&format!("{here}/{index}"), message);
        }
    }
    Ok(())
}

/// What is wrong with a plain path from the root; `None` when nothing is.
fn path_problem(path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) || path.split('/').any(|part| part == "..") {
        return Some(format!("`{path}` leads out of the workspace; write a path from its root"));
    }
    let path_only = path.trim_end_matches('/');
    if path_only.is_empty() || path_only.split('/').any(|part| part.is_empty() || part == ".") {
        return Some(format!("`{path}` is no plain path from the root, as in `target/app`"));
    }
    if path.contains(['*', '?', '[', '{', '\\', '\0']) {
        return Some(format!("`{path}` is a glob; write a plain path, as of the folder"));
    }
    let git = path_only.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(".git"));
    git.then(|| format!("`{path}` is git's own; write elsewhere"))
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=64).contains(&name.len())
        && name.bytes().all(plain)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn unknown(what: &str, given: &str, known: &[&str]) -> String {
    match nearest(given, known) {
        Some(word) => format!("there is no {what} `{given}`; did you mean `{word}`?"),
        None if known.is_empty() => format!("there is no {what} `{given}`"),
        None => format!("there is no {what} `{given}`; known are {}", known.join(", ")),
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn parent(pointer: &str) -> String {
    pointer.rsplit_once('/').map_or_else(String::new, |(parent, _)| parent.to_owned())
}

fn wrong(here: &str, message: String) -> Result<(), Wrong> {
    Err((here.to_owned(), message))
}

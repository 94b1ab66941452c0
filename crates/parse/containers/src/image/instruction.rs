use super::HistoryStep;
use super::document::Step;

/// The history with the layer that each step made. When it does not fit the number of layers, no step is assigned one:
/// a wrong instruction is worse than none.
pub(crate) fn history(steps: Vec<Step>, layers: usize) -> Vec<HistoryStep> {
    let fits = steps.iter().filter(|step| step.empty_layer != Some(true)).count() == layers;
    let mut next = 0;
    steps
        .into_iter()
        .map(|step| {
            let layer = (fits && step.empty_layer != Some(true)).then_some(next);
            next += usize::from(layer.is_some());
            HistoryStep {
                instruction: instruction(step.created_by.as_deref().unwrap_or_default()),
                created: step.created.unwrap_or_default(),
                comment: step.comment.unwrap_or_default(),
                layer,
            }
        })
        .collect()
}

/// An instruction as its author wrote it, as far as it can be told: Docker's old builder wraps everything into a shell
/// call, BuildKit adds a comment.
fn instruction(created_by: &str) -> String {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").map_or(text, str::trim_end);
    let nop = "#(nop)";
    if let Some((_, rest)) = text.split_once(nop).filter(|(before, _)| before.len() <= "/bin/sh -c ".len()) {
        return rest.trim().to_owned();
    }
    for (wrapped, plain) in [("RUN /bin/sh -c ", "RUN "), ("/bin/sh -c ", "RUN ")] {
        if let Some(rest) = text.strip_prefix(wrapped) {
            return format!("{plain}{}", rest.trim());
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions() {
        for (created_by, plain) in [
            ("/bin/sh -c #(nop) ADD file:abc in / ", "ADD file:abc in /"),
            ("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]"),
            ("/bin/sh -c apt-get update", "RUN apt-get update"),
            ("RUN /bin/sh -c pip install flask # buildkit", "RUN pip install flask"),
            ("COPY . /app # buildkit", "COPY . /app"),
            ("RUN |1 V=2 /bin/sh -c make", "RUN |1 V=2 /bin/sh -c make"),
            ("bazel build ...", "bazel build ..."),
            ("", ""),
        ] {
            assert_eq!(instruction(created_by), plain);
        }
    }

    fn steps(empty: &[bool]) -> Vec<Step> {
        let step = |empty: &bool| Step {
            created: None,
            created_by: Some("X".to_owned()),
            comment: None,
            empty_layer: empty.then_some(true),
        };
        empty.iter().map(step).collect()
    }

    #[test]
    fn steps_are_matched_with_layers() {
        let layers = |empty: &[bool], layers| -> Vec<Option<usize>> {
            history(steps(empty), layers).into_iter().map(|step| step.layer).collect()
        };
        assert_eq!(layers(&[false, true, false], 2), [Some(0), None, Some(1)]);
        assert_eq!(layers(&[false, true, false], 3), [None, None, None]);
    }
}

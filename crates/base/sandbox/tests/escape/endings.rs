use crate::stage::Stage;
pub(crate) fn act(_name: &str) {}
pub(crate) fn failures(_stage: &Stage) -> Vec<String> {
    Vec::new()
}

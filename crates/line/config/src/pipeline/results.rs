use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stands for what the step wrote to its output, where a path of a report is expected.
pub const WHOLE_OUTPUT: &str = "-";

/// Reports of tests that a step writes, by format: globs over paths from the root, or `-` for the step's own output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct TestReports {
    /// JUnit's XML.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub junit: Vec<String>,
    /// The Test Anything Protocol.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tap: Vec<String>,
    /// What `cargo test` prints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cargo: Vec<String>,
    /// What `pytest` prints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pytest: Vec<String>,
}

impl TestReports {
    /// Each format by its key, with its globs.
    pub fn by_format(&self) -> [(&'static str, &[String]); 4] {
        [("junit", &self.junit), ("tap", &self.tap), ("cargo", &self.cargo), ("pytest", &self.pytest)]
    }

    /// Whether no report is named.
    pub fn is_empty(&self) -> bool {
        self.by_format().iter().all(|(_, globs)| globs.is_empty())
    }
}

/// Reports of what the project's tests covered, by format: paths from the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CoverageReports {
    /// LCOV's tracefile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lcov: Option<String>,
    /// Cobertura's XML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cobertura: Option<String>,
    /// JaCoCo's XML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jacoco: Option<String>,
    /// Go's cover profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub go: Option<String>,
    /// What `coverage json` writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage_py: Option<String>,
    /// What `llvm-cov export` writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub llvm_cov: Option<String>,
    /// Istanbul's JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub istanbul: Option<String>,
}

impl CoverageReports {
    /// Each report by the key of its format.
    pub fn by_format(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("lcov", &self.lcov),
            ("cobertura", &self.cobertura),
            ("jacoco", &self.jacoco),
            ("go", &self.go),
            ("coverage-py", &self.coverage_py),
            ("llvm-cov", &self.llvm_cov),
            ("istanbul", &self.istanbul),
        ];
        all.into_iter().filter_map(|(format, path)| Some((format, path.as_deref()?)))
    }
}

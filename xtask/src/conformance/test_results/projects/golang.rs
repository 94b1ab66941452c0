//! Go's cover profiles.

use std::path::Path;

use andon_results::CoverageFormat;
use anyhow::Result;

use super::{Run, run, write};

const CODE: &str = "package small\n\nfunc F(x bool) int {\n\tif x {\n\t\treturn 1\n\t}\n\treturn 2\n}\n";
const TEST: &str = "package small\n\nimport \"testing\"\n\nfunc TestF(t *testing.T) {\n\tif F(true) != 1 {\n\t\tt.Fatal(1)\n\t}\n}\n";

pub(super) fn runs(folder: &Path) -> Result<Vec<Run>> {
    write(folder, "go.mod", "module example.org/small\n\ngo 1.19\n")?;
    write(folder, "f.go", CODE)?;
    write(folder, "f_test.go", TEST)?;
    run(folder, "go", &["test", "-coverprofile=cover.out", "./..."])?;
    let mut profile = Run::coverage("go profile", CoverageFormat::Go, folder, "cover.out")?;
    // Of `F` the lines of its head and condition, both returns, and what closes the condition.
    profile.lines = Some((4, 5));
    Ok(vec![profile])
}

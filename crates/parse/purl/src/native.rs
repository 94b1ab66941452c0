//! Names as the package managers themselves write them: `@scope/name`, `group:artifact`, `github.com/owner/name`.

use crate::Purl;

impl Purl {
    /// A package URL of a type and the full name that its package manager writes, namespace included:
    /// `@scope/name` of npm, `group:artifact` of Maven, a module path of Go, `vendor/name` of Composer,
    /// `owner/repository` of GitHub (what follows is the subpath), `publisher.name` of Visual Studio Code.
    pub fn of_native(kind: &str, full: &str) -> Self {
        match kind {
            "npm" if full.starts_with('@') => of_split(kind, full.split_once('/'), full),
            "maven" => of_split(kind, full.split_once(':'), full),
            "golang" | "composer" | "swift" | "bitbucket" | "huggingface" => {
                of_split(kind, full.rsplit_once('/'), full)
            }
            "github" => of_github(full),
            "git" => of_split(kind, full.split_once('/'), full),
            "vscode-extension" => of_split(kind, full.split_once('.'), full),
            _ => Self::new(kind, full),
        }
    }

    /// The full name as its package manager writes it; the reverse of [`Purl::of_native`].
    pub fn native_name(&self) -> String {
        let Some(namespace) = self.namespace() else { return self.name().to_owned() };
        match self.kind() {
            "maven" => format!("{namespace}:{}", self.name()),
            "vscode-extension" => format!("{namespace}.{}", self.name()),
            "alpm" | "apk" | "deb" | "rpm" => self.name().to_owned(),
            _ => format!("{namespace}/{}", self.name()),
        }
    }
}

fn of_split(kind: &str, split: Option<(&str, &str)>, full: &str) -> Purl {
    match split {
        Some((namespace, name)) if !name.is_empty() => Purl::new(kind, name).with_namespace(namespace),
        _ => Purl::new(kind, full),
    }
}

fn of_github(full: &str) -> Purl {
    let Some((owner, rest)) = full.split_once('/') else { return Purl::new("github", full) };
    let (repository, path) = rest.split_once('/').unwrap_or((rest, ""));
    Purl::new("github", repository).with_namespace(owner).with_subpath(path)
}

/// Whether a pattern of a workspace (`packages/*/package.json`, `libs/**/package.json`) names a path.
pub(super) fn names(pattern: &str, path: &str) -> bool {
    let patterns: Vec<&str> = pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let parts: Vec<&str> = path.split('/').collect();
    matches(
        &patterns,
        &parts,
        |part| *part == "**",
        |pattern, part| {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            matches(
                &letters(pattern),
                &letters(part),
                |letter| *letter == '*',
                |one, other| *one == '?' || one == other,
            )
        },
    )
}

/// Whether pieces fit, where a star stands for any number of them. Goes back to the last star only, which is enough, so
/// that time grows with the product of both lengths at most.
fn matches<T>(
    pattern: &[T],
    text: &[T],
    is_star: impl Fn(&T) -> bool,
    fits: impl Fn(&T, &T) -> bool,
) -> bool {
    let (mut at, mut from, mut star) = (0, 0, None);
    while let Some(piece) = text.get(from) {
        match pattern.get(at) {
            Some(wanted) if is_star(wanted) => {
                star = Some((at, from));
                at += 1;
            }
            Some(wanted) if fits(wanted, piece) => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((star_at, star_from)) = star else { return false };
                star = Some((star_at, star_from + 1));
                (at, from) = (star_at + 1, star_from + 1);
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(is_star))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_parts_and_for_folders() {
        let check = |pattern, path, expected| assert_eq!(names(pattern, path), expected, "{pattern} {path}");
        check("packages/*/package.json", "packages/a/package.json", true);
        check("packages/*/package.json", "packages/a/b/package.json", false);
        check("packages/**/package.json", "packages/a/b/package.json", true);
        check("packages/**/package.json", "packages/package.json", true);
        check("./lib-*-?/package.json", "lib-a-b-1/package.json", true);
        check("lib-*/package.json", "other/package.json", false);
        check("a/package.json", "a/package.json", true);
        check("a", "a/b", false);
    }
}

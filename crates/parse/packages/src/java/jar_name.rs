/// Artifact id and version out of the name of a Java archive, as Maven and Gradle write it:
/// `spring-core-5.3.1.jar` is `spring-core` and `5.3.1`. `None` when there is no version in it. What follows the version
/// (`-sources`, `-linux-x86_64`) stays part of it, since the name alone cannot tell a classifier from a qualifier.
pub fn from_file_name(file_name: &str) -> Option<(&str, &str)> {
    let name = stem(file_name)?;
    // A bundle's name has `_` before its version; in a name of Scala's it is before the version of Scala.
    let at = split_at(name, '-').or_else(|| split_at(name, '_'))?;
    let (artifact, version) = (name.get(..at)?, name.get(at + 1..)?);
    artifact.starts_with(|c: char| c.is_ascii_alphabetic()).then_some((artifact, version))
}

fn split_at(name: &str, separator: char) -> Option<usize> {
    let mut separators = name.match_indices(separator).map(|(at, _)| at);
    separators.find(|&at| at > 0 && name.get(at + 1..).is_some_and(starts_version))
}

/// The name of an archive without its folder and its ending; `None` when it is not a Java archive's.
pub(super) fn stem(file_name: &str) -> Option<&str> {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let (stem, ending) = name.rsplit_once('.')?;
    let endings = ["jar", "war", "ear", "aar", "rar", "sar", "par", "kar", "nar", "hpi", "jpi"];
    let java = endings.iter().any(|known| ending.eq_ignore_ascii_case(known));
    (java && !stem.is_empty()).then_some(stem)
}

/// A digit, or a word that only versions begin with, with a digit behind it: `r09`, `rc1`, `v2`, `build12`.
fn starts_version(text: &str) -> bool {
    let lower = text.as_bytes().get(..6.min(text.len())).unwrap_or_default().to_ascii_lowercase();
    let behind =
        |word: &[u8]| lower.strip_prefix(word).and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit);
    let whole = text.split(['-', '.', '_']).next().unwrap_or_default();
    let word = whole.bytes().skip_while(u8::is_ascii_alphabetic).all(|byte| byte.is_ascii_digit());
    behind(b"") || (word && [&b"r"[..], b"rc", b"v", b"build"].into_iter().any(behind))
}

#[cfg(test)]
mod tests {
    use super::from_file_name;

    #[test]
    fn names() {
        let rows = [
            ("spring-core-5.3.1.jar", Some(("spring-core", "5.3.1"))),
            ("WEB-INF/lib/log4j-1.2.17.jar", Some(("log4j", "1.2.17"))),
            ("guava-31.1-jre.jar", Some(("guava", "31.1-jre"))),
            ("guava-r09.jar", Some(("guava", "r09"))),
            ("a-v2.jar", Some(("a", "v2"))),
            ("my-http2-server-5.war", Some(("my-http2-server", "5"))),
            ("netty-transport-native-epoll-4.1.48.Final-linux-x86_64.jar", {
                Some(("netty-transport-native-epoll", "4.1.48.Final-linux-x86_64"))
            }),
            ("org.eclipse.osgi_3.8.0.v20120529.jar", Some(("org.eclipse.osgi", "3.8.0.v20120529"))),
            ("x-1.0-SNAPSHOT.JAR", Some(("x", "1.0-SNAPSHOT"))),
            ("flink-scala_2.12-1.15.4.jar", Some(("flink-scala_2.12", "1.15.4"))),
            ("commons-io.jar", None),
            ("jackson-rc-x.jar", None),
            ("jetty-runner.jar", None),
            ("x-r2dbc.jar", None),
            ("1.0.jar", None),
            ("-1.0.jar", None),
            ("a-1.0.zip", None),
            ("a-1.0", None),
            (".jar", None),
            ("", None),
            ("é-1.jar", None),
            ("a-é1.jar", None),
        ];
        for (name, expected) in rows {
            assert_eq!(from_file_name(name), expected, "{name}");
        }
    }
}

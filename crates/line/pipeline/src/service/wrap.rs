use std::fmt::Write;

use super::tags::{NOT_READY, Tags};
use crate::PlannedService;

/// How often a second is looked whether a service listens.
const LOOKS: u64 = 20;

/// What has to be done inside the seal before the command: secrets get their variables, services are started and waited
/// for. Then the shell becomes the command, so that exit codes and signals are its own. Returns the program and its
/// arguments; those that came in where nothing has to be done.
pub(crate) fn wrap(
    command: &[String],
    secrets: &[&str],
    services: &[(&PlannedService, Vec<(String, String)>)],
    tags: &Tags,
) -> (String, Vec<String>) {
    let (program, arguments) = command
        .split_first()
        .map_or_else(Default::default, |(program, arguments)| (program.clone(), arguments.to_vec()));
    if secrets.is_empty() && services.is_empty() {
        return (program, arguments);
    }
    let mut script = String::new();
    for name in secrets {
        let _ = writeln!(script, "export {name}_FILE=\"$ANDON_SECRETS/{name}\"");
    }
    if !services.is_empty() {
        script.push_str(LISTENS);
    }
    for (number, (service, environment)) in services.iter().enumerate() {
        start(&mut script, number, service, environment, tags);
    }
    script.push_str("exec \"$@\"\n");
    let fixed = ["-c".to_owned(), script, "andon".to_owned(), program];
    ("/bin/sh".to_owned(), fixed.into_iter().chain(arguments).collect())
}

/// Whether something listens on a port, as the kernel tells it (proc_pid_net(5)); asking does not disturb the service.
const LISTENS: &str = "\
listens() {
  for table in /proc/net/tcp /proc/net/tcp6; do
    [ -r \"$table\" ] || continue
    while read -r _ local _ state _; do
      case \"$local $state\" in *:\"$1 0A\") return 0 ;; esac
    done < \"$table\"
  done
  return 1
}
";

fn start(
    script: &mut String,
    number: usize,
    service: &PlannedService,
    environment: &[(String, String)],
    tags: &Tags,
) {
    let mut line = "env -i HOME=\"$HOME\" TMPDIR=\"$TMPDIR\"".to_owned();
    for (name, value) in environment {
        let _ = write!(line, " {}", quoted(&format!("{name}={value}")));
    }
    for part in &service.command {
        let _ = write!(line, " {}", quoted(part));
    }
    // Unbuffered, so that a line is in the log as soon as it is written.
    let _ = writeln!(
        script,
        "{line} 2>&1 </dev/null | sed -u {} >&2 &",
        quoted(&format!("s/^/{}/", tags.output(number)))
    );
    let Some(ready) = &service.ready else { return };
    let (port, timeout) = (ready.port, ready.timeout.0);
    let looks = timeout.as_secs().saturating_mul(LOOKS).max(1);
    let mark = tags.failure(number);
    let _ = write!(
        script,
        "pid=$! looks=0\nuntil listens {port:04X}; do\n  \
         kill -0 \"$pid\" 2>/dev/null || {{ echo '{mark}ended before it listened on port {port}' >&2; exit {NOT_READY}; }}\n  \
         [ \"$looks\" -lt {looks} ] || {{ echo '{mark}did not listen on port {port} within {seconds} s' >&2; exit {NOT_READY}; }}\n  \
         looks=$((looks + 1))\n  sleep 0.05\ndone\n",
        seconds = timeout.as_secs(),
    );
}

/// A word of the shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_alone_stays_as_it_is() {
        let command = ["make".to_owned(), "all".to_owned()];
        let wrapped = wrap(&command, &[], &[], &Tags::default());
        assert_eq!(wrapped, ("make".to_owned(), vec!["all".to_owned()]));
        let (program, arguments) = wrap(&command, &["KEY"], &[], &Tags::default());
        let script = "export KEY_FILE=\"$ANDON_SECRETS/KEY\"\nexec \"$@\"\n";
        assert_eq!(
            (program.as_str(), arguments),
            ("/bin/sh", ["-c", script, "andon", "make", "all"].map(String::from).to_vec())
        );
    }

    #[test]
    fn words_are_quoted() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("a'; rm -rf \"$x\" `y`\n"), "'a'\\''; rm -rf \"$x\" `y`\n'");
    }
}

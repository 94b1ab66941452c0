use andon_model::{Confidence, RuleDescription, RuleRef, Severity};

use crate::engine::NAME;

/// What this engine finds.
pub(crate) fn rules() -> Vec<RuleDescription> {
    RULES.iter().map(Described::description).collect()
}

struct Described {
    id: &'static str,
    title: &'static str,
    severity: Severity,
    cwe: &'static [u32],
    explanation: &'static str,
    remediation: &'static str,
    references: &'static [&'static str],
}

impl Described {
    fn description(&self) -> RuleDescription {
        RuleDescription {
            rule: RuleRef {
                id: self.id.to_owned(),
                pack: "andon".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            engine: NAME.to_owned(),
            title: self.title.to_owned(),
            severity: self.severity,
            confidence: Confidence::High,
            tags: vec!["dependencies".to_owned()],
            cwe: self.cwe.to_vec(),
            explanation: self.explanation.to_owned(),
            remediation: self.remediation.to_owned(),
            references: self.references.iter().map(|url| (*url).to_owned()).collect(),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }
    }
}

const RULES: &[Described] = &[
    Described {
        id: "vulnerable-dependency",
        title: "A component with a known vulnerability",
        severity: Severity::Medium,
        cwe: &[1395],
        explanation: "An advisory says that this version of the component is vulnerable. Advisories are those of the \
            OSV database and of `.andon/advisories/`; all identifiers of one vulnerability, and all versions of the \
            component that have it, make one finding. The severity is that of the CVSS vector; it is critical when \
            the vulnerability is in CISA's catalogue of exploited ones, and at least high when the Exploit Prediction \
            Scoring System expects exploitation within 30 days with a probability of 10 % or more.",
        remediation: "Update the component to the fixed version; the report groups findings by the update that \
            removes most of them, and `andon why` shows what brings a component in. Where the vulnerability does not \
            matter, say so with an OpenVEX statement or an exception with an owner and an end date.",
        references: &[
            "https://ossf.github.io/osv-schema/",
            "https://cwe.mitre.org/data/definitions/1395.html",
        ],
    },
    Described {
        id: "malicious-dependency",
        title: "A component that is itself an attack",
        severity: Severity::Critical,
        cwe: &[506],
        explanation: "The package was published to attack those who install it: it steals credentials, opens a door or \
            destroys data, often while it is installed. Its code may have run already.",
        remediation: "Remove it, treat every machine that installed it as broken into, and change every credential \
            that these machines could read. Look for the package whose name it imitates.",
        references: &["https://cwe.mitre.org/data/definitions/506.html"],
    },
    Described {
        id: "unmaintained-dependency",
        title: "A component that nobody maintains",
        severity: Severity::Low,
        cwe: &[1104],
        explanation: "An advisory says that nobody mends this component any more: the next vulnerability in it will \
            stay.",
        remediation: "Plan to replace it; the advisory usually names alternatives.",
        references: &["https://cwe.mitre.org/data/definitions/1104.html"],
    },
    Described {
        id: "unsound-dependency",
        title: "A component whose safe interface can break memory safety",
        severity: Severity::Medium,
        cwe: &[119],
        explanation: "RustSec marks a crate as unsound when code without `unsafe` can make it break the rules that \
            memory safety rests on. Whether that can be exploited depends on how the crate is used.",
        remediation: "Update it to the fixed version or stay clear of the interface that the advisory names.",
        references: &["https://rustsec.org/"],
    },
    Described {
        id: "dependency-notice",
        title: "A component with a notice",
        severity: Severity::Info,
        cwe: &[],
        explanation: "An advisory database has something to say about the component that is no vulnerability.",
        remediation: "Read the advisory.",
        references: &[],
    },
    Described {
        id: "forbidden-licence",
        title: "A component under a licence that the policy forbids",
        severity: Severity::High,
        cwe: &[],
        explanation: "The project's policy (`licences` in `andon.yaml`) does not allow the licence that the component \
            declares. Of several licences joined by OR one that is allowed is enough; joined by AND each has to be.",
        remediation: "Replace the component, or have whoever answers for licences allow it: in the policy, or as an \
            exception with an owner and an end date.",
        references: &["https://spdx.org/licenses/"],
    },
    Described {
        id: "unknown-licence",
        title: "A component whose licence is not known",
        severity: Severity::Low,
        cwe: &[],
        explanation: "The component declares no licence, or none that can be read as an SPDX expression, and the \
            policy wants to know.",
        remediation: "Look the licence up and record it as an exception, or replace the component.",
        references: &["https://spdx.org/licenses/"],
    },
    Described {
        id: "end-of-life-distribution",
        title: "A distribution without security updates",
        severity: Severity::High,
        cwe: &[1104],
        explanation: "The distribution's release has reached the end of its standard support. Vulnerabilities found \
            since then are neither mended in it nor listed for it, so that few findings mean nothing.",
        remediation: "Move to a release that is supported.",
        references: &["https://cwe.mitre.org/data/definitions/1104.html"],
    },
];

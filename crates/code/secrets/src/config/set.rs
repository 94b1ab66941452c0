use super::{Rule, RuleSet};

impl RuleSet {
    /// Adds the rules of another set. Where both have a rule of the same name, the first stays and the second is
    /// rejected.
    pub fn append(&mut self, other: Self) {
        for rule in other.rules {
            if self.rules.iter().any(|known| known.id == rule.id) {
                self.rejected.push(andon_model::RejectedRule {
                    reason: format!("there is a rule `{}` already", rule.id),
                    id: rule.id,
                    pack: rule.pack,
                });
            } else {
                self.rules.push(rule);
            }
        }
        self.allowlists.extend(other.allowlists);
        self.rejected.extend(other.rejected);
        self.packs.extend(other.packs);
        self.warnings.extend(other.warnings);
        self.digest = *blake3::Hasher::new().update(&self.digest).update(&other.digest).finalize().as_bytes();
    }
}

impl Rule {
    /// Whether the rule looks for any secret rather than for one vendor's; such a rule is silent where another speaks.
    pub fn is_generic(&self) -> bool {
        self.id.to_ascii_lowercase().contains("generic")
    }
}

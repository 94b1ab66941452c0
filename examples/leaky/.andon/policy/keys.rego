# A private key in the repository stops the line, however sure the scanner is of it.
package andon.keys

stop contains message if {
	some finding in input.findings
	is_open(finding)
	contains(finding.rule.id, "private-key")
	message := sprintf("%s: take the key out and replace it", [finding.locations[0].path])
}

is_open(finding) if {
	not finding.suppression
	finding.state != "fixed"
}

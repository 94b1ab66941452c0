package andon.keys_test

import data.andon.keys

key := {
	"rule": {"id": "pkcs8-private-key", "pack": "andon"},
	"state": "new",
	"locations": [{"path": "deploy/signing-key.pem"}],
}

test_a_private_key_stops_the_line if {
	count(keys.stop) == 1 with input.findings as [key]
}

test_an_accepted_key_does_not if {
	accepted := object.union(key, {"suppression": {"kind": "exception"}})
	count(keys.stop) == 0 with input.findings as [accepted]
}

test_other_secrets_are_left_to_the_thresholds if {
	password := object.union(key, {"rule": {"id": "password", "pack": "andon"}})
	count(keys.stop) == 0 with input.findings as [password]
}

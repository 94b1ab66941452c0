package client

import (
	"crypto/tls"
	"net/http"
)

// ruleid: andon.go.tls-verification-off
var transport = &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}}

func configure(config *tls.Config, off bool) {
	// ruleid: andon.go.tls-verification-off
	config.InsecureSkipVerify = true
	// ok: andon.go.tls-verification-off
	config.InsecureSkipVerify = off
	// ok: andon.go.tls-verification-off
	config.SessionTicketsDisabled = true
}

func others(off bool) []*tls.Config {
	return []*tls.Config{
		// ok: andon.go.tls-verification-off
		{ServerName: "example.com"},
		// ok: andon.go.tls-verification-off
		&tls.Config{InsecureSkipVerify: false},
		// ok: andon.go.tls-verification-off
		&tls.Config{InsecureSkipVerify: off},
		// ok: andon.go.tls-verification-off
		&tls.Config{InsecureSkipVerify: true, VerifyConnection: pinned},
		// ruleid: andon.go.tls-verification-off
		&tls.Config{InsecureSkipVerify: true},
	}
}

func options() options2 {
	// ok: andon.go.tls-verification-off
	return options2{InsecureSkipVerify: true}
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
)

// tlsFiles is a folder with certificates that were made for this run: NAME.pem and NAME.key.
type tlsFiles string

func newTLSFiles() (tlsFiles, error) {
	folder, err := os.MkdirTemp("", "gnatsd-tls-")
	if err != nil {
		return "", err
	}
	output, err := exec.Command(os.Getenv("GNATSD_TLS_FILES"), folder).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("GNATSD_TLS_FILES: %v %s", err, output)
	}
	return tlsFiles(folder), err
}

func (f tlsFiles) pem(name string) string { return filepath.Join(string(f), name+".pem") }
func (f tlsFiles) key(name string) string { return filepath.Join(string(f), name+".key") }

func (f tlsFiles) block(more string) string {
	return fmt.Sprintf("tls { cert_file: %q, key_file: %q %s }\n", f.pem("server"), f.key("server"), more)
}

// checkTLS runs on servers of its own.
func checkTLS(report *Report) {
	files, err := newTLSFiles()
	defer os.RemoveAll(string(files))
	if err != nil {
		report.run("tls: certificates", func() { must(err, "make certificates") })
		return
	}
	trusting := []nats.Option{nats.RootCAs(files.pem("ca"))}
	stranger := nats.RootCAs(files.pem("stranger"))
	runChecks(report, files.block(""), trusting, []check{
		{"tls: 100,000 messages arrive in order", manyMessagesArrive},
		{"tls: a server of another CA is refused", func(s *Session) {
			// The options before name the right CA, too.
			other := &Session{server: s.server}
			other.expectRefused("certificate", stranger)
		}},
		{"tls: reconnect: subscriptions come back after a kill", subscriptionsComeBackAfterAKill},
		{"tls: reconnect: what was published meanwhile arrives", whatWasPublishedMeanwhileArrives},
	})
	ca := fmt.Sprintf(", ca_file: %q", files.pem("ca"))
	presenting := func(name string) nats.Option {
		return nats.ClientCert(files.pem(name), files.key(name))
	}
	runChecks(report, files.block(ca+", verify: true"), trusting, []check{
		{"tls: the client's certificate is checked", func(s *Session) {
			s.expectRefused("certificate")
			s.expectRefused("certificate", presenting("stranger"))
			flush(s.connect(presenting("client")))
		}},
	})
	users := "authorization { users: [ { user: \"erin@example.com\", permissions: {\n" +
		"  publish: \"open.>\", subscribe: \"open.>\" } } ] }\n"
	runChecks(report, files.block(ca+", verify_and_map: true")+users, trusting, []check{
		{"tls: the client's certificate names the user", func(s *Session) {
			userMayOnlyDoWhatItMay(s.connect(presenting("client"), ignoreErrors))
			s.expectRefused("Authorization Violation", presenting("server"))
		}},
	})
}

var ignoreErrors = nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})

func (s *Session) expectRefused(why string, options ...nats.Option) {
	_, err := s.tryConnect(s.server.URL(), options...)
	expect(err != nil, "connected instead of an error about %s", why)
	expect(strings.Contains(err.Error(), why), "the error is <%v> instead of one about %s", err, why)
}

func manyMessagesArrive(s *Session) {
	const count = 100000
	publisher, subscriber := s.connect(), s.connect(nats.SyncQueueLen(count))
	sub := subscribe(subscriber, "tls.many")
	must(sub.SetPendingLimits(-1, -1), "pending limits")
	flush(subscriber)

	for i := 0; i < count; i++ {
		publish(publisher, "tls.many", strconv.Itoa(i))
	}

	for i := 0; i < count; i++ {
		expectNext(sub, "tls.many", strconv.Itoa(i))
	}
}

func userMayOnlyDoWhatItMay(nc *nats.Conn) {
	sub := subscribe(nc, "open.>")
	subscribe(nc, "closed.a")
	publish(nc, "open.a", "for all")
	flush(nc)
	expectNext(sub, "open.a", "for all")
	err := nc.LastError()
	expect(err != nil && strings.Contains(err.Error(), "closed.a"),
		"subscribing to closed.a leads to <%v>", err)
}

package main

import (
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

const patience = 10 * time.Second

// failure is what an expectation panics with; it ends the check it is in.
type failure string

func expect(holds bool, format string, values ...interface{}) {
	if !holds {
		panic(failure(fmt.Sprintf(format, values...)))
	}
}

func must(err error, what string) {
	expect(err == nil, "%s: %v", what, err)
}

// Report prints a line for each check and counts.
type Report struct {
	passed, failed int
}

func (r *Report) run(name string, body func()) {
	defer func() {
		switch problem := recover().(type) {
		case nil:
			r.passed++
			fmt.Printf("ok      %s\n", name)
		case failure:
			r.failed++
			fmt.Printf("FAILED  %s: %s\n", name, string(problem))
		default:
			panic(problem)
		}
	}()
	body()
}

// finish prints "N passed, N failed"; it returns the exit status.
func (r *Report) finish() int {
	fmt.Printf("%d passed, %d failed\n", r.passed, r.failed)
	if r.failed == 0 && r.passed > 0 {
		return 0
	}
	return 1
}

// Session is what one check works with; its connections are closed after the check.
type Session struct {
	server      *Server
	options     []nats.Option
	connections []*nats.Conn
}

func (s *Session) connect(options ...nats.Option) *nats.Conn {
	return s.connectTo(s.server.URL(), options...)
}

func (s *Session) connectTo(url string, options ...nats.Option) *nats.Conn {
	nc, err := s.tryConnect(url, options...)
	must(err, "connect")
	return nc
}

func (s *Session) tryConnect(url string, options ...nats.Option) (*nats.Conn, error) {
	all := append([]nats.Option{nats.Timeout(patience)}, s.options...)
	nc, err := nats.Connect(url, append(all, options...)...)
	if err == nil {
		s.connections = append(s.connections, nc)
	}
	return nc, err
}

func (s *Session) close() {
	for _, nc := range s.connections {
		nc.Close()
	}
}

func subscribe(nc *nats.Conn, subject string) *nats.Subscription {
	sub, err := nc.SubscribeSync(subject)
	must(err, "subscribe to "+subject)
	return sub
}

func queueSubscribe(nc *nats.Conn, subject, queue string) *nats.Subscription {
	sub, err := nc.QueueSubscribeSync(subject, queue)
	must(err, "subscribe to "+subject)
	return sub
}

func publish(nc *nats.Conn, subject, text string) {
	must(nc.Publish(subject, []byte(text)), "publish to "+subject)
}

func flush(nc *nats.Conn) {
	must(nc.FlushTimeout(patience), "flush")
}

func next(sub *nats.Subscription) *nats.Msg {
	msg, err := sub.NextMsg(patience)
	must(err, "next message of "+sub.Subject)
	return msg
}

func expectNext(sub *nats.Subscription, subject, text string) *nats.Msg {
	msg := next(sub)
	expect(msg.Subject == subject, "the next message is on %s instead of %s", msg.Subject, subject)
	expect(string(msg.Data) == text, "the next message is <%s> instead of <%s>", msg.Data, text)
	return msg
}

// expectEnd fails unless the subscription has delivered all it may.
func expectEnd(sub *nats.Subscription) {
	_, err := sub.NextMsg(time.Second)
	expect(err == nats.ErrMaxMessages || err == nats.ErrBadSubscription,
		"instead of the end of %s: %v", sub.Subject, err)
}

func await(happened <-chan struct{}, what string) {
	select {
	case <-happened:
	case <-time.After(patience):
		panic(failure("waited in vain for " + what))
	}
}

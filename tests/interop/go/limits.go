package main

import (
	"net"
	"regexp"
	"strings"

	"github.com/nats-io/nats.go"
)

const (
	maxPayload       = 1024 * 1024
	raisedMaxPayload = 8 * 1024 * 1024
)

var maxPayloadField = regexp.MustCompile(`"max_payload":\d+`)

// raisingDialer makes connections whose first line, the INFO, has a higher max_payload, so that the
// library sends what its own check would hold back.
type raisingDialer struct{}

func (raisingDialer) Dial(network, address string) (net.Conn, error) {
	conn, err := net.DialTimeout(network, address, patience)
	return &raisingConn{Conn: conn}, err
}

type raisingConn struct {
	net.Conn
	raised  bool
	pending []byte
}

func (c *raisingConn) Read(buffer []byte) (int, error) {
	for !c.raised {
		chunk := make([]byte, 4096)
		count, err := c.Conn.Read(chunk)
		if err != nil {
			return 0, err
		}
		c.pending = append(c.pending, chunk[:count]...)
		if strings.Contains(string(c.pending), "\r\n") {
			c.pending = maxPayloadField.ReplaceAll(c.pending, []byte(`"max_payload":8388608`))
			c.raised = true
		}
	}
	if len(c.pending) > 0 {
		count := copy(buffer, c.pending)
		c.pending = c.pending[count:]
		return count, nil
	}
	return c.Conn.Read(buffer)
}

// Write hides that the server is gone: the library learns of it by what the server said.
func (c *raisingConn) Write(data []byte) (int, error) {
	c.Conn.Write(data)
	return len(data), nil
}

func serverRefusesTooLarge(s *Session) {
	closed := make(chan struct{})
	nc := s.connect(nats.SetCustomDialer(raisingDialer{}), nats.NoReconnect(),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	expect(nc.MaxPayload() == raisedMaxPayload, "the dialer raised nothing")

	must(nc.Publish("max.refused", make([]byte, maxPayload+1)), "publish")

	await(closed, "the server to close the connection")
	err := nc.LastError()
	expect(err != nil && strings.Contains(err.Error(), "Maximum Payload Violation"),
		"the connection ended with %v", err)
}

// Package test stands in for nats-server's package of that name: it starts servers for tests.
package test

import (
	"fmt"

	"github.com/nats-io/nats-server/v2/server"
)

// DefaultTestOptions are copied and changed by every test. Only the address leads to flags.
var DefaultTestOptions = server.Options{
	Host:                  "127.0.0.1",
	Port:                  4222,
	MaxControlLine:        4096,
	NoLog:                 true,
	NoSigs:                true,
	DisableShortFirstPing: true,
}

// RunDefaultServer starts a server with DefaultTestOptions.
func RunDefaultServer() *server.Server {
	options := DefaultTestOptions
	return RunServer(&options)
}

// RunServer starts a server. Tests have no way to be told of an error, so it ends them.
func RunServer(options *server.Options) *server.Server {
	if options == nil {
		return RunDefaultServer()
	}
	s, err := server.Start(options)
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: the server %v", err))
	}
	return s
}

// RunServerWithConfig starts a server with a configuration file and returns what the file says.
func RunServerWithConfig(file string) (*server.Server, *server.Options) {
	s, options, err := server.StartWithFile(file)
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: the server %v", err))
	}
	return s, options
}

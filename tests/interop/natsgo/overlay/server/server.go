package server

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// Server is a running executable. Threads: every method may be called from any goroutine.
type Server struct {
	mu      sync.Mutex
	options *Options
	process *process
	config  string // the file given with -c, empty if there is none
	stopped bool
}

// Start runs the executable with these options. Ports of -1 are replaced by those it has picked.
func Start(o *Options) (*Server, error) {
	if len(o.unread) > 0 {
		panic("natsgo overlay: needs a place in Options for " + strings.Join(o.unread, ", "))
	}
	fillHosts(o)
	s := &Server{options: o}
	return s, s.run()
}

// StartWithFile runs the executable with a configuration file that the test itself has.
func StartWithFile(file string) (*Server, *Options, error) {
	o, err := readConfigFile(file)
	if err != nil {
		return nil, nil, err
	}
	number := nextNumber()
	note("configuration-file")
	for _, name := range translate(o).features {
		note(name)
	}
	s := &Server{options: o, config: file}
	s.process, err = startProcess(number, []string{"-c", file})
	if err == nil {
		s.takePorts()
	}
	return s, o, err
}

// A listener without a host would be open to the network, and INFO would advertise every interface.
func fillHosts(o *Options) {
	for _, host := range []*string{&o.Host, &o.Cluster.Host, &o.Websocket.Host} {
		if *host == "" {
			*host = "127.0.0.1"
		}
	}
}

func (s *Server) run() error {
	number := nextNumber()
	flags := []string{"-a", s.options.Host, "-p", strconv.Itoa(s.options.Port)}
	plan := translate(s.options)
	for _, name := range plan.features {
		note(name)
	}
	if plan.needFile {
		s.config = fileName("config", number)
		if err := os.WriteFile(s.config, []byte(plan.file.String()), 0o600); err != nil {
			return err
		}
		if s.options.ServerName != "" {
			flags = append(flags, "-n", s.options.ServerName)
		}
		flags = append(flags, "-c", s.config)
	} else {
		flags = append(flags, plan.flags...)
	}
	process, err := startProcess(number, flags)
	if err != nil {
		return err
	}
	s.process = process
	s.takePorts()
	return nil
}

func (s *Server) takePorts() {
	s.options.Port = portOf(s.process.ports.Nats)
	if s.options.Cluster.Port != 0 {
		s.options.Cluster.Port = portOf(s.process.ports.Cluster)
	}
	if s.options.Websocket.Port != 0 {
		s.options.Websocket.Port = portOf(s.process.ports.Websocket)
	}
}

// Shutdown stops the server once. An unclean end is a failure of the test that runs.
func (s *Server) Shutdown() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return
	}
	s.stopped = true
	if err := s.process.stop(); err != nil {
		panic(fmt.Sprintf("natsgo overlay: the server %v", err))
	}
}

// WaitForShutdown returns when the process has ended.
func (s *Server) WaitForShutdown() { <-s.process.ended }

// ClientURL is the address for clients.
func (s *Server) ClientURL() string {
	scheme := "nats"
	if s.options.TLSConfig != nil {
		scheme = "tls"
	}
	return scheme + "://" + net.JoinHostPort(s.options.Host, strconv.Itoa(s.options.Port))
}

// Addr is the address where the server listens for clients.
func (s *Server) Addr() net.Addr { return address(s.options.Host, s.options.Port) }

// ClusterAddr is the address where the server listens for routes.
func (s *Server) ClusterAddr() *net.TCPAddr {
	if s.options.Cluster.Port == 0 {
		return nil
	}
	return address(s.options.Cluster.Host, s.options.Cluster.Port)
}

func address(host string, port int) *net.TCPAddr {
	addr, err := net.ResolveTCPAddr("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: %v", err))
	}
	return addr
}

// NumClients counts the connections on the ports for clients.
func (s *Server) NumClients() int {
	ours := map[int]bool{s.options.Port: true, s.options.Websocket.Port: true}
	return countSockets(s.process.command.Process.Pid, func(local, _ int) bool { return ours[local] })
}

// NumRoutes counts the connections with other servers, whoever has opened them.
func (s *Server) NumRoutes() int {
	theirs := map[int]bool{}
	for _, route := range s.options.Routes {
		if port, err := strconv.Atoi(route.Port()); err == nil {
			theirs[port] = true
		}
	}
	return countSockets(s.process.command.Process.Pid, func(local, remote int) bool {
		return local == s.options.Cluster.Port || theirs[remote]
	})
}

// ReloadOptions replaces the options of a server that has a configuration file.
func (s *Server) ReloadOptions(o *Options) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	note("reload")
	if s.config == "" || filepath.Dir(s.config) != workDir {
		panic("natsgo overlay: reload needs a server that was started with a generated file")
	}
	fillHosts(o)
	if err := os.WriteFile(s.config, []byte(translate(o).file.String()), 0o600); err != nil {
		return err
	}
	s.options = o
	return s.process.reload()
}

// SetAccountResolver starts the server anew, on the same ports: tokens are read at the start.
func (s *Server) SetAccountResolver(resolver *MemAccResolver) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.accounts = map[string]string{}
	resolver.tokens.Range(func(account, token interface{}) bool {
		s.options.accounts[account.(string)] = token.(string)
		return true
	})
	if err := s.process.stop(); err != nil {
		panic(fmt.Sprintf("natsgo overlay: the server %v", err))
	}
	return s.run()
}

// InProcessConn is the nearest an external server comes to a connection inside the process.
func (s *Server) InProcessConn() (net.Conn, error) { return net.Dial("tcp", s.Addr().String()) }

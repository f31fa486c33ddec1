package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	startDeadline = 20 * time.Second
	pollInterval  = 5 * time.Millisecond
)

// Server is the broker that GNATSD names, on a free port of 127.0.0.1 that it keeps over Kill and
// Start.
type Server struct {
	executable    string
	folder        string
	configuration string
	port          int
	process       *exec.Cmd
	ended         chan struct{}
}

// newServer starts it; configuration is the text of a file for it, or empty.
func newServer(configuration string) (*Server, error) {
	executable := os.Getenv("GNATSD")
	if executable == "" {
		return nil, errors.New("the environment variable GNATSD must name the server to test")
	}
	folder, err := os.MkdirTemp("", "gnatsd-interop-")
	if err != nil {
		return nil, err
	}
	server := &Server{executable: executable, folder: folder}
	if configuration != "" {
		server.configuration = filepath.Join(folder, "server.conf")
		err = os.WriteFile(server.configuration, []byte(configuration), 0o600)
	}
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		server.Close()
		return nil, err
	}
	return server, nil
}

// URL is where clients connect.
func (s *Server) URL() string {
	return fmt.Sprintf("nats://127.0.0.1:%d", s.port)
}

// Start runs the broker and returns when it accepts connections.
func (s *Server) Start() error {
	port := "-1"
	if s.port != 0 {
		port = strconv.Itoa(s.port)
	}
	flags := []string{"-a", "127.0.0.1", "-p", port, "--ports_file_dir", s.folder}
	if s.configuration != "" {
		flags = append(flags, "-c", s.configuration)
	}
	s.process = exec.Command(s.executable, flags...)
	s.process.Stdout = os.Stdout
	s.process.Stderr = os.Stderr
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.process.Start(); err != nil {
		s.process = nil
		return err
	}
	process, ended := s.process, make(chan struct{})
	s.ended = ended
	go func() {
		process.Wait()
		close(ended)
	}()
	return s.awaitPort()
}

func (s *Server) awaitPort() error {
	deadline := time.After(startDeadline)
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for {
		if port := s.readPort(); port != 0 {
			if s.port != 0 && s.port != port {
				return errors.New("the server listens on another port than asked for")
			}
			s.port = port
			return nil
		}
		select {
		case <-s.ended:
			return errors.New("the server ended at start")
		case <-deadline:
			return errors.New("the server wrote no ports file in time")
		case <-poll.C:
		}
	}
}

// readPort returns 0 while the ports file is absent or half written.
func (s *Server) readPort() int {
	pattern := fmt.Sprintf("*_%d.ports", s.process.Process.Pid)
	names, _ := filepath.Glob(filepath.Join(s.folder, pattern))
	if len(names) == 0 {
		return 0
	}
	text, err := os.ReadFile(names[0])
	if err != nil {
		return 0
	}
	var ports struct{ Nats []string }
	if json.Unmarshal(text, &ports) != nil || len(ports.Nats) == 0 {
		return 0
	}
	address, err := url.Parse(ports.Nats[0])
	if err != nil {
		return 0
	}
	port, _ := strconv.Atoi(address.Port())
	return port
}

// Kill is a SIGKILL, as a crash would be; it returns when the process is gone.
func (s *Server) Kill() {
	if s.process != nil {
		s.process.Process.Kill()
		<-s.ended
		s.process = nil
	}
}

// Close kills the server and removes its folder.
func (s *Server) Close() {
	s.Kill()
	os.RemoveAll(s.folder)
}

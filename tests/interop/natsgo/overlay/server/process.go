package server

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	startPatience = 10 * time.Second
	stopPatience  = 10 * time.Second
	pollStep      = 2 * time.Millisecond
)

var (
	executable   = os.Getenv("GNATSD_EXECUTABLE")
	workDir      = os.Getenv("NATSGO_WORK_DIR")
	namesCluster = os.Getenv("NATSGO_CLUSTER_NAME") == "1"
	started      int32
)

// process is one run of the executable. Its files have the number of the run in their names.
type process struct {
	command *exec.Cmd
	number  int32
	logFile string
	ended   chan struct{}
	ports   portsFile
}

type portsFile struct {
	Nats      []string `json:"nats"`
	Cluster   []string `json:"cluster"`
	Websocket []string `json:"websocket"`
}

// The kernel ends a child with the thread that started it, so that thread must not end early.
var spawner = make(chan func())

func init() {
	go func() {
		runtime.LockOSThread()
		for job := range spawner {
			job()
		}
	}()
}

func fileName(kind string, number int32) string {
	return filepath.Join(workDir, fmt.Sprintf("%s-%d", kind, number))
}

func nextNumber() int32 {
	if executable == "" {
		panic("natsgo overlay: needs GNATSD_EXECUTABLE")
	}
	if workDir == "" {
		dir, err := os.MkdirTemp("", "natsgo")
		if err != nil {
			panic(fmt.Sprintf("natsgo overlay: %v", err))
		}
		workDir = dir
	}
	return atomic.AddInt32(&started, 1)
}

// startProcess returns when the server has written its ports file, that is, when it listens.
func startProcess(number int32, flags []string) (*process, error) {
	p := &process{number: number, logFile: fileName("log", number), ended: make(chan struct{})}
	portsDir := fileName("ports", number)
	if err := os.MkdirAll(portsDir, 0o755); err != nil {
		return nil, err
	}
	output, err := os.Create(p.logFile)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	fmt.Fprintf(output, "%s %s\n", executable, strings.Join(flags, " "))
	p.command = exec.Command(executable, append(flags, "--ports_file_dir", portsDir)...)
	p.command.Stdout, p.command.Stderr = output, output
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}

	result := make(chan error)
	spawner <- func() { result <- p.command.Start() }
	if err := <-result; err != nil {
		return nil, err
	}
	go func() {
		_ = p.command.Wait() // the status is read from ProcessState
		close(p.ended)
	}()
	return p, p.awaitPorts(portsDir)
}

func (p *process) awaitPorts(dir string) error {
	pattern := filepath.Join(dir, "*_"+strconv.Itoa(p.command.Process.Pid)+".ports")
	for deadline := time.Now().Add(startPatience); time.Now().Before(deadline); {
		select {
		case <-p.ended:
			return fmt.Errorf("ended at start: %v\n%s", p.command.ProcessState, p.log())
		case <-time.After(pollStep):
		}
		names, _ := filepath.Glob(pattern)
		if len(names) != 1 {
			continue
		}
		text, err := os.ReadFile(names[0])
		// A file that is half written does not parse yet.
		if err == nil && json.Unmarshal(text, &p.ports) == nil && len(p.ports.Nats) > 0 {
			return nil
		}
	}
	p.kill()
	return fmt.Errorf("wrote no ports file within %v\n%s", startPatience, p.log())
}

func (p *process) log() string {
	text, err := os.ReadFile(p.logFile)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (p *process) kill() {
	_ = p.command.Process.Kill()
	<-p.ended
}

// stop wants a clean end: a server that crashed, hung or left with an error fails the test.
func (p *process) stop() error {
	select {
	case <-p.ended:
		return fmt.Errorf("had ended before it was told to: %v\n%s", p.command.ProcessState, p.log())
	default:
	}
	_ = p.command.Process.Signal(syscall.SIGINT)
	select {
	case <-p.ended:
	case <-time.After(stopPatience):
		p.kill()
		return fmt.Errorf("did not stop within %v of SIGINT\n%s", stopPatience, p.log())
	}
	if !p.command.ProcessState.Success() {
		return fmt.Errorf("ended with %v\n%s", p.command.ProcessState, p.log())
	}
	return nil
}

// reload signals the server and waits until it says in its log that it is done.
func (p *process) reload() error {
	const done = "Reloaded server configuration"
	before := strings.Count(p.log(), done)
	if err := p.command.Process.Signal(syscall.SIGHUP); err != nil {
		return err
	}
	for deadline := time.Now().Add(startPatience); time.Now().Before(deadline); time.Sleep(pollStep) {
		if strings.Count(p.log(), done) > before {
			return nil
		}
	}
	return fmt.Errorf("did not reload within %v\n%s", startPatience, p.log())
}

// portOf is the port of the first address of one kind, 0 if there is none.
func portOf(addresses []string) int {
	if len(addresses) == 0 {
		return 0
	}
	address, err := url.Parse(addresses[0])
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: ports file: %v", err))
	}
	port, err := strconv.Atoi(address.Port())
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: ports file: %v", err))
	}
	return port
}

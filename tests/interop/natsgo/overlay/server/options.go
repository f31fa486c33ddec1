// Package server stands in for nats-server's package of that name: same names, but every Server
// is an external executable. It holds what nats.go's tests use and nothing more.
package server

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// VERSION is compared by tests that ask for a minimal server version.
const VERSION = "2.9.10"

// Options are the settings that tests fill in; translate.go turns them into flags or a file.
type Options struct {
	ConfigFile      string
	ServerName      string
	Host            string
	Port            int
	MaxConn         int
	MaxSubs         int
	MaxControlLine  int32
	MaxPayload      int32
	MaxPending      int64
	PingInterval    time.Duration
	MaxPingsOut     int
	WriteDeadline   time.Duration
	Username        string
	Password        string
	Authorization   string
	Users           []*User
	Nkeys           []*NkeyUser
	TrustedKeys     []string
	TLSConfig       *tls.Config
	TLSTimeout      float64
	Cluster         ClusterOpts
	Routes          []*url.URL
	Websocket       WebsocketOpts
	NoHeaderSupport bool
	JetStream       bool

	// Settings of an in-process server that an external one does not need.
	NoLog                 bool
	NoSigs                bool
	DisableShortFirstPing bool

	unread   []string // keys of ConfigFile that Options has no place for
	accounts map[string]string
}

// ClusterOpts is the place where a server waits for routes.
type ClusterOpts struct {
	Name string
	Host string
	Port int
}

// WebsocketOpts is the place where a server waits for websocket clients.
type WebsocketOpts struct {
	Host        string
	Port        int
	NoTLS       bool
	TLSConfig   *tls.Config
	Compression bool
}

// User is a user with a password.
type User struct {
	Username    string
	Password    string
	Permissions *Permissions
}

// NkeyUser is a user who signs a nonce.
type NkeyUser struct {
	Nkey        string
	Permissions *Permissions
}

// Permissions say where a user may publish and subscribe.
type Permissions struct {
	Publish   *SubjectPermission
	Subscribe *SubjectPermission
}

// SubjectPermission lists subjects.
type SubjectPermission struct {
	Allow []string
	Deny  []string
}

// TLSConfigOpts names the files of a TLS listener.
type TLSConfigOpts struct {
	CertFile string
	KeyFile  string
	CaFile   string
	Verify   bool
	Timeout  float64
}

// A server wants file names, a test hands over a tls.Config: remember what it was made of.
var tlsFiles sync.Map

// GenTLSConfig loads the files, so that a wrong one is seen by the test that names it.
func GenTLSConfig(files *TLSConfigOpts) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(files.CertFile, files.KeyFile)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if files.CaFile != "" {
		text, err := os.ReadFile(files.CaFile)
		if err != nil {
			return nil, err
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s holds no certificate", files.CaFile)
		}
	}
	if files.Verify {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	tlsFiles.Store(config, *files)
	return config, nil
}

func filesOf(config *tls.Config) TLSConfigOpts {
	files, ok := tlsFiles.Load(config)
	if !ok {
		panic("natsgo overlay: needs a tls.Config made by GenTLSConfig")
	}
	return files.(TLSConfigOpts)
}

// RoutesFromStr parses a list of URLs separated by commas.
func RoutesFromStr(list string) []*url.URL {
	var routes []*url.URL
	for _, text := range strings.Split(list, ",") {
		route, err := url.Parse(strings.TrimSpace(text))
		if err != nil {
			panic(fmt.Sprintf("natsgo overlay: route %q: %v", text, err))
		}
		routes = append(routes, route)
	}
	return routes
}

// MemAccResolver keeps account tokens until SetAccountResolver hands them to the server.
type MemAccResolver struct {
	tokens sync.Map
}

// Store keeps one account's token.
func (m *MemAccResolver) Store(account, token string) error {
	m.tokens.Store(account, token)
	return nil
}

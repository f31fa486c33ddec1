package server

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// launch is what a set of options means to an executable. flags alone are enough unless needFile.
type launch struct {
	flags    []string
	file     strings.Builder
	needFile bool
	features []string
}

func (l *launch) setting(key string, value interface{}) {
	if text, ok := value.(string); ok {
		value = strconv.Quote(text)
	}
	fmt.Fprintf(&l.file, "%s: %v\n", key, value)
}

func (l *launch) open(block string)    { fmt.Fprintf(&l.file, "%s {\n", block) }
func (l *launch) close()               { l.file.WriteString("}\n") }
func (l *launch) feature(names string) { l.features = append(l.features, names) }
func (l *launch) flag(words ...string) { l.flags = append(l.flags, words...) }
func (l *launch) onlyInFile(key string, value interface{}, isSet bool) {
	if isSet {
		l.needFile = true
		l.setting(key, value)
	}
}

// translate prefers flags: a server that cannot read files yet runs every test that needs none.
func translate(o *Options) *launch {
	if o.JetStream {
		panic("natsgo overlay: needs JetStream")
	}
	l := &launch{}
	if o.ServerName != "" {
		l.flag("-n", o.ServerName)
	}
	l.onlyInFile("max_connections", o.MaxConn, o.MaxConn != 0)
	l.onlyInFile("max_subscriptions", o.MaxSubs, o.MaxSubs != 0)
	l.onlyInFile("max_control_line", o.MaxControlLine, o.MaxControlLine != defaultMaxControlLine)
	l.onlyInFile("max_payload", o.MaxPayload, o.MaxPayload != 0)
	l.onlyInFile("max_pending", o.MaxPending, o.MaxPending != 0)
	l.onlyInFile("ping_interval", o.PingInterval.String(), o.PingInterval != 0)
	l.onlyInFile("ping_max", o.MaxPingsOut, o.MaxPingsOut != 0)
	l.onlyInFile("write_deadline", o.WriteDeadline.String(), o.WriteDeadline != 0)
	l.onlyInFile("no_header_support", true, o.NoHeaderSupport)
	l.authorization(o)
	l.trust(o)
	if o.TLSConfig != nil {
		l.tls(o.TLSConfig, o.TLSTimeout)
	}
	l.cluster(o)
	if o.Websocket.Port != 0 {
		l.websocket(&o.Websocket)
	}
	if l.needFile {
		l.feature("configuration-file")
	}
	return l
}

// What a server does without being told.
const (
	defaultMaxControlLine = 4096
	defaultTLSTimeout     = 2
)

func (l *launch) authorization(o *Options) {
	if o.Username == "" && o.Authorization == "" && o.Users == nil && o.Nkeys == nil {
		return
	}
	l.feature("users")
	l.open("authorization")
	if o.Username != "" {
		l.flag("--user", o.Username, "--pass", o.Password)
		l.setting("user", o.Username)
		l.setting("password", o.Password)
	}
	if o.Authorization != "" {
		l.flag("--auth", o.Authorization)
		l.setting("token", o.Authorization)
	}
	if o.Users != nil || o.Nkeys != nil {
		l.needFile = true
		l.file.WriteString("users: [\n")
		for _, user := range o.Users {
			l.open("")
			l.setting("user", user.Username)
			l.setting("password", user.Password)
			l.permissions(user.Permissions)
			l.close()
		}
		for _, user := range o.Nkeys {
			l.feature("nkeys")
			l.open("")
			l.setting("nkey", user.Nkey)
			l.permissions(user.Permissions)
			l.close()
		}
		l.file.WriteString("]\n")
	}
	l.close()
}

func (l *launch) permissions(p *Permissions) {
	if p == nil {
		return
	}
	l.open("permissions")
	rules := map[string]*SubjectPermission{"publish": p.Publish, "subscribe": p.Subscribe}
	for name, rule := range rules {
		if rule != nil {
			l.open(name)
			l.setting("allow", list(rule.Allow))
			l.setting("deny", list(rule.Deny))
			l.close()
		}
	}
	l.close()
}

// verbatim is a value that is written as it stands, without the quotes of a string.
type verbatim string

func list(words []string) verbatim {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = strconv.Quote(word)
	}
	return verbatim("[" + strings.Join(quoted, ", ") + "]")
}

func (l *launch) trust(o *Options) {
	if o.TrustedKeys == nil {
		return
	}
	l.needFile = true
	l.feature("jwt")
	l.setting("trusted_keys", list(o.TrustedKeys))
	l.setting("resolver", "MEMORY")
	l.open("resolver_preload")
	for account, token := range o.accounts {
		l.setting(account, token)
	}
	l.close()
}

func (l *launch) tls(config *tls.Config, timeout float64) {
	l.feature("tls")
	files := filesOf(config)
	l.open("tls")
	l.flag("--tls")
	if files.Verify {
		l.flag("--tlsverify")
		l.setting("verify", true)
	}
	l.path("--tlscert", "cert_file", files.CertFile)
	l.path("--tlskey", "key_file", files.KeyFile)
	l.path("--tlscacert", "ca_file", files.CaFile)
	seconds := verbatim(strconv.FormatFloat(timeout, 'f', -1, 64))
	l.onlyInFile("timeout", seconds, timeout != 0 && timeout != defaultTLSTimeout)
	l.close()
}

func (l *launch) path(flag, key, file string) {
	if file == "" {
		return
	}
	full, err := filepath.Abs(file)
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: %v", err))
	}
	l.flag(flag, full)
	l.setting(key, full)
}

func (l *launch) cluster(o *Options) {
	if o.Cluster.Port == 0 {
		// Most tests name a cluster and have none. The name shows in INFO, that is all.
		if o.Cluster.Name != "" && namesCluster {
			l.flag("--cluster_name", o.Cluster.Name)
			l.setting("cluster", verbatim("{name: "+strconv.Quote(o.Cluster.Name)+"}"))
		}
		return
	}
	l.feature("cluster")
	l.open("cluster")
	if o.Cluster.Name != "" {
		l.flag("--cluster_name", o.Cluster.Name)
		l.setting("name", o.Cluster.Name)
	}
	l.setting("listen", fmt.Sprintf("%s:%d", o.Cluster.Host, o.Cluster.Port))
	if o.Cluster.Port < 0 {
		l.needFile = true // a URL cannot carry port -1
	} else {
		l.flag("--cluster", fmt.Sprintf("nats://%s:%d", o.Cluster.Host, o.Cluster.Port))
	}
	if len(o.Routes) > 0 {
		l.flag("--routes", strings.Join(texts(o.Routes), ","))
		l.setting("routes", list(texts(o.Routes)))
	}
	l.close()
}

func texts(routes []*url.URL) []string {
	var all []string
	for _, route := range routes {
		all = append(all, route.String())
	}
	return all
}

func (l *launch) websocket(w *WebsocketOpts) {
	l.needFile = true
	l.feature("websocket")
	l.open("websocket")
	l.setting("host", w.Host)
	l.setting("port", w.Port)
	l.setting("no_tls", w.NoTLS)
	l.setting("compression", w.Compression)
	if w.TLSConfig != nil {
		l.tls(w.TLSConfig, 0)
	}
	l.close()
}

package server

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// readConfigFile takes what tests look at (addresses, user, TLS, routes) out of a file that has one
// `key: value`, `block {` or `}` a line, as those in fixtures have. The server reads it by itself.
func readConfigFile(file string) (*Options, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	o := &Options{ConfigFile: file, MaxControlLine: defaultMaxControlLine}
	var tls TLSConfigOpts
	block := ""
	for number, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, isSetting := strings.Cut(line, ": ")
		switch {
		case line == "}":
			block = ""
		case strings.HasSuffix(line, " {"):
			block = strings.TrimSuffix(line, "{")
			block = strings.TrimSpace(block) + "."
		case !isSetting:
			return nil, fmt.Errorf("%s:%d: needs `key: value`", file, number+1)
		default:
			if err := o.take(block+key, strings.Trim(value, `"[]`), &tls); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, number+1, err)
			}
		}
	}
	if tls.CertFile != "" {
		if o.TLSConfig, err = GenTLSConfig(&tls); err != nil {
			return nil, err
		}
		o.TLSTimeout = tls.Timeout
	}
	fillHosts(o)
	return o, nil
}

func (o *Options) take(key, value string, tls *TLSConfigOpts) (err error) {
	switch key {
	case "listen":
		o.Host, o.Port, err = hostPort(value)
	case "authorization.user":
		o.Username = value
	case "authorization.password":
		o.Password = value
	case "tls.cert_file":
		tls.CertFile = value
	case "tls.key_file":
		tls.KeyFile = value
	case "tls.ca_file":
		tls.CaFile = value
	case "tls.verify":
		tls.Verify, err = strconv.ParseBool(value)
	case "tls.timeout":
		tls.Timeout, err = strconv.ParseFloat(value, 64)
	case "cluster.name":
		o.Cluster.Name = value
	case "cluster.listen":
		o.Cluster.Host, o.Cluster.Port, err = hostPort(value)
	case "cluster.routes":
		o.Routes = RoutesFromStr(value)
	default:
		o.unread = append(o.unread, key)
	}
	return err
}

func hostPort(text string) (string, int, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", 0, err
	}
	number, err := strconv.Atoi(port)
	return host, number, err
}

package server

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const established = "01" // the kernel's code in /proc/net/tcp

// countSockets asks the kernel instead of the server, so no test needs monitoring to be there.
func countSockets(pid int, wanted func(localPort, remotePort int) bool) int {
	owned := socketsOf(pid)
	count := 0
	for _, table := range []string{"tcp", "tcp6"} {
		file, err := os.Open("/proc/net/" + table)
		if err != nil {
			continue // a kernel without IPv6 has one table
		}
		lines := bufio.NewScanner(file)
		lines.Scan() // the headings
		for lines.Scan() {
			// sl local remote state queues timer retransmits uid timeout inode
			fields := strings.Fields(lines.Text())
			if len(fields) > 9 && fields[3] == established && owned[fields[9]] &&
				wanted(hexPort(fields[1]), hexPort(fields[2])) {
				count++
			}
		}
		file.Close()
	}
	return count
}

func socketsOf(pid int) map[string]bool {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, _ := os.ReadDir(dir) // none if the process has ended: it has no clients then
	owned := map[string]bool{}
	for _, entry := range entries {
		target, _ := os.Readlink(dir + "/" + entry.Name())
		if strings.HasPrefix(target, "socket:[") {
			owned[strings.TrimSuffix(strings.TrimPrefix(target, "socket:["), "]")] = true
		}
	}
	return owned
}

func hexPort(address string) int {
	port, err := strconv.ParseInt(address[strings.LastIndexByte(address, ':')+1:], 16, 32)
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: /proc/net/tcp: %v", err))
	}
	return int(port)
}

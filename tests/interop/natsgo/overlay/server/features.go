package server

import (
	"fmt"
	"os"
	"path/filepath"
)

// note writes down what the running test asks of a server, for run.sh --all to sort the tests by.
func note(feature string) {
	file, err := os.OpenFile(filepath.Join(workDir, "features"),
		os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		panic(fmt.Sprintf("natsgo overlay: %v", err))
	}
	defer file.Close()
	fmt.Fprintln(file, feature)
}

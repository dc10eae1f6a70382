// Command draw writes all drawings and the breathing animation into a folder.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"spasmbot/bot/report"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: draw FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	for _, name := range report.Drawings() {
		var buf bytes.Buffer
		if err := report.Draw(name, &buf); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+".png"), buf.Bytes(), 0o644); err != nil {
			return err
		}
	}
	var buf bytes.Buffer
	if err := report.Breathing(&buf); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "breathing.gif"), buf.Bytes(), 0o644)
}

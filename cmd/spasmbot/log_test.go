package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestLogFormat: a log is text, or one JSON object a line, and nothing else is taken.
func TestLogFormat(t *testing.T) {
	write := func(args ...string) string {
		t.Helper()
		var c common
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(args); err != nil {
			return err.Error()
		}
		var out bytes.Buffer
		c.logger(&out, c.LogLevel).Info("stopped", slog.Int("after", 3))
		return out.String()
	}
	if got := write(); !strings.Contains(got, "level=INFO msg=stopped after=3\n") {
		t.Errorf("as text: %q", got)
	}
	var line struct {
		Level, Msg string
		After      int
	}
	got := write("--log-format=json")
	if err := json.Unmarshal([]byte(got), &line); err != nil || line.Level != "INFO" || line.Msg != "stopped" || line.After != 3 {
		t.Errorf("as JSON: %q: %v", got, err)
	}
	if got := write("--log-format=xml"); !strings.Contains(got, `must be one of "text","json"`) {
		t.Errorf("as XML: %q", got)
	}
	if got := write("--log-format=json", "--log-level=error"); got != "" {
		t.Errorf("below its level: %q", got)
	}
}

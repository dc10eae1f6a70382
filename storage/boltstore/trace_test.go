package boltstore

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// requireVariable makes tests fail that lack what they need of the machine,
// which otherwise are skipped.
const requireVariable = "SPASMBOT_REQUIRE_FAULTS"

// needStrace skips a test on a machine where processes cannot be watched.
func needStrace(t *testing.T) {
	t.Helper()
	out, err := exec.Command("strace", "-o", os.DevNull, "true").CombinedOutput()
	switch {
	case err == nil:
	case os.Getenv(requireVariable) != "":
		t.Fatalf("strace is needed: %v\n%s", err, out)
	default:
		t.Skipf("install strace and allow it to trace, to run this test: %v", err)
	}
}

// syscallKind is what a recorded call did.
type syscallKind int

const (
	wroteFile syscallKind = iota
	resized
	synced
	told // to standard output
)

// recordedCall is a system call as the disk sees it: it had begun with one line of
// the trace and was over with another.
type recordedCall struct {
	kind       syscallKind
	begun, end int
	offset     int64 // or the new size
	data       []byte
}

// readTrace reads what strace -f -xx wrote about the calls on one file and on
// standard output. It returns them in the order in which they began.
func readTrace(path, file string) ([]recordedCall, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	tr := trace{file: "<", open: make(map[string]int)}
	for _, b := range []byte(file) {
		tr.file += fmt.Sprintf(`\x%02x`, b)
	}
	tr.file += ">"
	lines := bufio.NewReaderSize(f, 1<<20)
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return tr.calls, nil
		}
		if err == nil {
			err = tr.take(n, strings.TrimSuffix(line, "\n"))
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, n+1, err)
		}
	}
}

type trace struct {
	file  string // as strace writes it behind a descriptor
	calls []recordedCall
	open  map[string]int // the call that a thread is in
}

// take reads a line such as
//
//	71 pwrite64(7<\x62\x6f\x74>, "\x00", 1, 4096) = 1
//	71 fdatasync(7<\x62\x6f\x74> <unfinished ...>
//	71 <... fdatasync resumed>) = 0
func (tr *trace) take(n int, line string) error {
	thread, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimLeft(rest, " ")
	if strings.HasPrefix(rest, "<... ") {
		i, ok := tr.open[thread]
		if ok {
			delete(tr.open, thread)
			return tr.over(i, n, rest)
		}
		return nil
	}
	name, args, ok := strings.Cut(rest, "(")
	if !ok {
		return nil // a signal or an exit
	}
	call, ok, err := tr.parse(name, args)
	if !ok || err != nil {
		return err
	}
	call.begun, call.end = n, -1
	tr.calls = append(tr.calls, call)
	if strings.HasSuffix(rest, "<unfinished ...>") {
		tr.open[thread] = len(tr.calls) - 1
		return nil
	}
	return tr.over(len(tr.calls)-1, n, rest)
}

// over notes the end of a call, unless it has failed: then it did nothing.
func (tr *trace) over(i, n int, rest string) error {
	at := strings.LastIndex(rest, " = ")
	if at < 0 || strings.HasPrefix(rest[at+3:], "-1") {
		return fmt.Errorf("a call has failed: %.200s", rest)
	}
	tr.calls[i].end = n
	return nil
}

func (tr *trace) parse(name, args string) (call recordedCall, ok bool, err error) {
	args, _, _ = strings.Cut(args, ")")
	args, _, _ = strings.Cut(args, " <unfinished")
	fields := strings.Split(args, ", ")
	if name == "write" {
		if !strings.HasPrefix(fields[0], "1<") {
			return call, false, nil
		}
		call.kind = told
		call.data, err = unhex(fields[1])
		return call, true, err
	}
	if !strings.HasSuffix(fields[0], tr.file) {
		return call, false, nil
	}
	switch name {
	case "pwrite64":
		call.kind = wroteFile
		call.offset, err = strconv.ParseInt(fields[3], 10, 64)
		if err == nil {
			call.data, err = unhex(fields[1])
		}
	case "ftruncate":
		call.kind = resized
		call.offset, err = strconv.ParseInt(fields[1], 10, 64)
	case "fdatasync", "fsync":
		call.kind = synced
	default:
		return call, false, nil
	}
	return call, true, err
}

// unhex reads "\x00\xff". A string that was cut ends in dots.
func unhex(s string) ([]byte, error) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' || (len(s)-2)%4 != 0 {
		return nil, fmt.Errorf("no whole string of bytes: %.40s", s)
	}
	s = s[1 : len(s)-1]
	b := make([]byte, 0, len(s)/4)
	for i := 0; i < len(s); i += 4 {
		n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
		if err != nil {
			return nil, err
		}
		b = append(b, byte(n))
	}
	return b, nil
}

// traced runs this test binary in a role, on an existing file, and returns what
// it did to it.
func traced(t *testing.T, role, path string) []recordedCall {
	t.Helper()
	out := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command("strace", "-f", "-y", "-xx", "-s", "100000000", "-o", out,
		"-e", "trace=pwrite64,pwritev,write,fdatasync,fsync,ftruncate", os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, pathVariable+"="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls, err := readTrace(out, path)
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

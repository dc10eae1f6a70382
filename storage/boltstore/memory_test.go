package boltstore

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/storage"
)

// A file of any size takes little memory: pages that were read are handed back.
func TestFileTakesLittleMemory(t *testing.T) {
	if _, err := os.Stat("/proc/self/smaps"); err != nil {
		t.Skip("what is mapped is told by Linux only:", err)
	}
	path := filepath.Join(t.TempDir(), "bot.db")
	s := open(t, path)
	const people = 6_000
	long := strings.Repeat("spasm ", 1000)
	for from := int64(0); from < people; from += 500 {
		if err := s.Update(t.Context(), func(tx storage.Tx) error {
			for user := from; user < from+500; user++ {
				if err := tx.PutState(flows.State{User: user + 1, Rev: 1, Vars: []flows.Var{{Name: "long", Value: flows.TextOf(long)}}}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	seen, most := 0, 0
	if err := s.View(t.Context(), func(r storage.Reader) error {
		for _, err := range r.States() {
			if err != nil {
				return err
			}
			if seen++; seen%100 == 0 {
				most = max(most, mapped(t, path))
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	size, err := s.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d people read, %d MiB of %d at most", seen, most>>20, size>>20)
	if seen != people || most == 0 || int64(most) > size/2 {
		t.Errorf("%d people of %d, %d bytes of %d in memory", seen, people, most, size)
	}
}

// mapped is how many bytes of a file are in the memory of this process.
func mapped(t *testing.T, path string) (n int) {
	t.Helper()
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer smaps.Close()
	within := false
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		line := lines.Text()
		if name, _, _ := strings.Cut(line, " "); !strings.HasSuffix(name, ":") {
			within = strings.HasSuffix(line, path)
		}
		var kib int
		if _, err := fmt.Sscanf(line, "Rss: %d kB", &kib); err == nil && within {
			n += kib << 10
		}
	}
	return n
}

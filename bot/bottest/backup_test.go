package bottest

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"spasmbot/storage/boltstore"
)

// TestOldBackup is the drill: a backup of the running bot, three days of which it knows
// nothing, and a restore. Nobody gets more than one message for all that has gone by, and
// what each has on their screen works.
func TestOldBackup(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
		people := newAudience(t, b, 8)
		time.Sleep(3 * time.Minute)
		backup := filepath.Join(t.TempDir(), "backup")
		if err := b.store.Backup(t.Context(), func(f *os.File) error {
			return boltstore.WriteFile(backup, func(w io.Writer) error { _, err := io.Copy(w, f); return err })
		}); err != nil {
			t.Fatal(err)
		}
		people.mark()
		time.Sleep(72 * time.Hour)
		if len(people.news(people.people[0])) < 3 {
			t.Fatalf("in three days came %q", texts(people.news(people.people[0])))
		}
		b.finish()
		if err := b.store.Close(); err != nil {
			t.Fatal(err)
		}
		if err := boltstore.Restore(t.Context(), backup, b.file, true); err != nil {
			t.Fatal(err)
		}
		people.mark()
		b.start(b.file, b.limits)
		time.Sleep(2 * time.Minute)
		people.atMostOne("a backup of three days ago", takeOffWords)
	})
}

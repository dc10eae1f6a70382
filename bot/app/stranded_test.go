package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/bot/telegram"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// tiny is a folder of one flow.
func tiny() fs.FS { return os.DirFS(filepath.Join("..", "bottest", "testdata", "tiny")) }

func load(t *testing.T, files fs.FS) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(files, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func openStore(t *testing.T) storage.Store {
	t.Helper()
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// stand puts a person with a live episode on a step.
func stand(t *testing.T, store storage.Store, step string) {
	t.Helper()
	s := flows.State{User: 7, At: flows.Place{Flow: "spasm", Step: step}, Episode: flows.Episode{Number: 1, Flow: "spasm"}}
	if !s.Episode.Live() {
		t.Fatal("the episode is over")
	}
	if err := store.Update(t.Context(), func(tx storage.Tx) error { return tx.PutState(s) }); err != nil {
		t.Fatal(err)
	}
}

// TestStepsAreNotedOnce: people are only asked where they stand if the steps have
// changed since the last start, or flows were put in use meanwhile.
func TestStepsAreNotedOnce(t *testing.T) {
	store := openStore(t)
	shipped, other := load(t, catalog.Shipped()), load(t, tiny())
	check := func(c *lang.Catalog, refused bool) {
		t.Helper()
		if err := checkStranded(t.Context(), store, c); (err != nil) != refused {
			t.Fatalf("checked: %v", err)
		}
	}
	check(shipped, false)
	// Nobody can come to stand here while these flows are in use; so whoever does
	// shows whether people are asked.
	stand(t, store, "nowhere")
	check(shipped, false)
	check(other, true)
	check(shipped, false)
	if err := noteSteps(t.Context(), store, ""); err != nil {
		t.Fatal(err)
	}
	check(shipped, true)
}

// newTestApp is an App on the tiny flows whose messenger is in memory.
func newTestApp(t *testing.T, store storage.Store, c *lang.Catalog) (*App, error) {
	t.Helper()
	memory := simulator.New(simulator.Config{}).InMemory()
	t.Cleanup(memory.Close)
	token, err := telegram.ParseToken(simulator.DefaultToken)
	if err != nil {
		t.Fatal(err)
	}
	gateway, err := telegram.New(telegram.Config{Token: token, BaseURL: memory.URL(), Transport: memory.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return New(t.Context(), Config{Catalog: c, Store: store, Gateway: gateway})
}

// TestNobodyIsStranded: neither at the start nor while it runs does an App take
// flows in which somebody has no step to stand on.
func TestNobodyIsStranded(t *testing.T) {
	store := openStore(t)
	was := load(t, tiny())
	moved := tinyWith(t, "spasm.yaml", "{id: where", "{id: place")
	moved["texts/en.yaml"].Data = []byte(strings.Replace(string(moved["texts/en.yaml"].Data), "\nwhere:", "\nplace:", 1))
	is := load(t, moved)

	a, err := newTestApp(t, store, was)
	if err != nil {
		t.Fatal(err)
	}
	stand(t, store, "where")
	refused := func(err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), `1 live episode stands on step "where" of flow "spasm"`) {
			t.Errorf("flows without the step: %v", err)
		}
	}
	refused(a.Use(t.Context(), is))
	if a.flows.current.Load() != was {
		t.Error("flows that were refused are in use")
	}
	_, err = newTestApp(t, store, is)
	refused(err)

	// With an heir, nothing stands in the way.
	moved["spasm.yaml"].Data = []byte(strings.Replace(string(moved["spasm.yaml"].Data), "steps:\n", "retired: {where: {moved_to: place}}\nsteps:\n", 1))
	heir := load(t, moved)
	if err := a.Use(t.Context(), heir); err != nil || a.flows.current.Load() != heir {
		t.Errorf("flows with an heir: %v", err)
	}
	if _, err := newTestApp(t, store, heir); err != nil {
		t.Errorf("a start on flows with an heir: %v", err)
	}

	// A turn under way may have put somebody on a step of the old flows after
	// they were asked: the next start asks again.
	if err := a.Use(t.Context(), heir); err != nil {
		t.Fatal(err)
	}
	stand(t, store, "nowhere")
	if _, err := newTestApp(t, store, heir); err == nil {
		t.Error("a start after flows were put to use asked nobody")
	}
}

// TestNobodyLosesATrack: neither at the start nor while it runs does an App take flows
// without a round that somebody has on or a reminder that is armed, unless they say
// what becomes of it; that is asked again at each start.
func TestNobodyLosesATrack(t *testing.T) {
	store := openStore(t)
	timed := func(timing, texts string) *lang.Catalog {
		files := tinyWith(t, "spasm.yaml", "steps:\n", timing+"steps:\n")
		files["texts/en.yaml"].Data = append(files["texts/en.yaml"].Data, "\n"+texts...)
		return load(t, files)
	}
	was := timed("rounds: {cold: {hold: 20m, gap: 2h}}\nreminders: {water: {every: 2h}}\n", "cold-on: {text: on}\ncold-off: {text: off}\nwater: {text: water}\n")
	without := load(t, tiny())
	a, err := newTestApp(t, store, was)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1, 0)
	err = store.Update(t.Context(), func(tx storage.Tx) error {
		episode := flows.Episode{Number: 1, Flow: "spasm"}
		return errors.Join(
			tx.PutState(flows.State{User: 7, Episode: episode, Tracks: []flows.Track{{Name: "cold", Flow: "spasm", On: at, Ends: at, OffText: "off"}}}),
			tx.PutState(flows.State{
				User: 8, Episode: episode, Tracks: []flows.Track{{Name: "water", Flow: "spasm", Running: true}},
				Pending: []flows.Reminder{{ID: 1, Track: "water", Phase: flows.PhaseTick}},
			}))
	})
	if err != nil {
		t.Fatal(err)
	}
	refused := func(err error) {
		t.Helper()
		for _, want := range []string{`"cold" of flow "spasm" is gone: 1 live episode has it on: write`, `"water" of flow "spasm" is gone: 1 live episode has it armed: write`} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("flows without the round and the reminder: %v, want %s", err, want)
			}
		}
	}
	refused(a.Use(t.Context(), without))
	if a.flows.current.Load() != was {
		t.Error("flows that were refused are in use")
	}
	_, err = newTestApp(t, store, without)
	refused(err)
	retired := timed("retired: {cold: {ends: true}, water: {ends: true}}\n", "")
	if err := a.Use(t.Context(), retired); err != nil {
		t.Errorf("flows that say what becomes of them: %v", err)
	}
	if _, err := newTestApp(t, store, retired); err != nil {
		t.Errorf("a start on them: %v", err)
	}
	_, err = newTestApp(t, store, without) // nobody has had a turn meanwhile
	refused(err)
}

// tinyWith is the tiny folder in memory, with an edit.
func tinyWith(t *testing.T, name, old, replacement string) fstest.MapFS {
	t.Helper()
	files := make(fstest.MapFS)
	err := fs.WalkDir(tiny(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tiny(), path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	src := string(files[name].Data)
	if !strings.Contains(src, old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	files[name].Data = []byte(strings.ReplaceAll(src, old, replacement))
	return files
}

package bot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// TestFileTakenWhileIdle: a file that goes away under a bot with nothing to do is
// noticed within two seconds, told, and ends it.
func TestFileTakenWhileIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "bot.db")
		store, err := boltstore.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, func(c *Config) { c.Store = store })
		w.start()
		pass(time.Minute)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Second)
		select {
		case err := <-w.done:
			if !errors.Is(err, storage.ErrGone) {
				t.Errorf("Run returned %v", err)
			}
		default:
			t.Error("it goes on")
			_ = w.end()
		}
		if log := w.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, "deleted or replaced") {
			t.Errorf("log:\n%s", log)
		}
		if err := store.Close(); !errors.Is(err, storage.ErrGone) {
			t.Errorf("close: %v", err)
		}
	})
}

// hangingStore is a store in which a call got stuck: some fail, others wait.
type hangingStore struct {
	storage.Store
	broken, release chan struct{}
	err             error
}

func (s *hangingStore) isBroken() bool {
	select {
	case <-s.broken:
		return true
	default:
		return false
	}
}

func (s *hangingStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	if s.isBroken() {
		<-s.release
		return s.err
	}
	return s.Store.Update(ctx, fn)
}

func (s *hangingStore) View(ctx context.Context, fn func(storage.Reader) error) error {
	if s.isBroken() {
		return s.err
	}
	return s.Store.View(ctx, fn)
}

// TestHangingStore: a store whose calls never end does not keep the bot from
// ending, neither after an error nor after a signal, and it is told before
// anything is waited for.
func TestHangingStore(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		signal bool
		want   error
	}{
		"after an error": {storage.ErrDamaged, false, storage.ErrDamaged},
		"after a signal": {errors.New("try again"), true, errStuck},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &hangingStore{err: c.err, broken: make(chan struct{}), release: make(chan struct{})}
				w := newWorld(t, func(cfg *Config) {
					store.Store = cfg.Store
					cfg.Store = store
				})
				w.start()
				pass(time.Minute)
				close(store.broken)
				w.say(7, "hello") // and its transaction never ends
				synctest.Wait()
				if c.signal {
					w.stop()
				}
				pass(time.Minute)
				select {
				case err := <-w.done:
					if !errors.Is(err, c.want) {
						t.Errorf("Run returned %v, want %v", err, c.want)
					}
				default:
					t.Error("it never ends")
				}
				if lost(c.err) && strings.Count(w.log.String(), "cannot be used any more") != 1 {
					t.Errorf("log:\n%s", w.log)
				}
				close(store.release)
				synctest.Wait()
			})
		})
	}
}

// unreadable is a store in which no update can be looked up.
type unreadable struct{ storage.Store }

func (s unreadable) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return s.Store.Update(ctx, func(tx storage.Tx) error { return fn(blindTx{tx}) })
}

type blindTx struct{ storage.Tx }

func (blindTx) Seen(int64) (bool, error) { return false, storage.ErrDamaged }

// TestDamageIsNoFaultOfTheUpdate: what cannot be stored even without the update
// that was taken for the cause is the store's own fault, and is told.
func TestDamageIsNoFaultOfTheUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Store = unreadable{c.Store} })
		w.say(7, "hello")
		w.start()
		if err := <-w.done; !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("Run returned %v", err)
		}
		if n := strings.Count(w.log.String(), "cannot be used any more"); n != 1 {
			t.Errorf("told %d times:\n%s", n, w.log)
		}
	})
}

package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"spasmbot/flows/lang"
)

// lookEvery is how often a reloader looks for edited flows, in real time.
const lookEvery = time.Second

// reloader keeps a running App in step with a folder of flows. Flows with
// faults are not put to use: the last good ones stay.
//
// It serves the present faults as a JSON array of texts.
type reloader struct {
	app    *App
	folder *Folder
	log    *slog.Logger
	// reading is held by who reads: a signal and a command may come together.
	reading sync.Mutex
	faults  atomic.Pointer[[]string]
}

func newReloader(a *App, folder *Folder, log *slog.Logger) *reloader {
	r := &reloader{app: a, folder: folder, log: log}
	r.faults.Store(&[]string{})
	return r
}

// watch looks at the folder until ctx ends.
func (r *reloader) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.look(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// obey reads the folder whenever it is asked to, until ctx ends.
func (r *reloader) obey(ctx context.Context, asked <-chan os.Signal) {
	for {
		select {
		case <-asked:
			if r.folder == nil {
				r.log.Info("asked to read the flows again: those in use are built in")
				continue
			}
			for _, fault := range r.read(ctx) {
				r.log.Warn("a fault in the flows", "fault", fault)
			}
		case <-ctx.Done():
			return
		}
	}
}

// look reads the folder if it has changed.
func (r *reloader) look(ctx context.Context) {
	if r.folder.changed() {
		r.read(ctx)
	}
}

// read puts the flows of the folder to use, and returns their faults.
func (r *reloader) read(ctx context.Context) []string {
	r.reading.Lock()
	defer r.reading.Unlock()
	c, err := r.folder.load()
	if err == nil {
		err = r.app.Use(ctx, c)
	}
	faults := faultLines(err)
	r.faults.Store(&faults)
	if err != nil {
		r.log.Warn("the flows have faults: the last good ones stay in use", "faults", len(faults))
		return faults
	}
	r.log.Info("the flows were read again and are now in use", "flows", len(c.Flows()))
	return nil
}

// faultLines lists what is wrong, one fault an item.
func faultLines(err error) []string {
	if err == nil {
		return []string{}
	}
	if faults, ok := errors.AsType[lang.Faults](err); ok {
		lines := make([]string, len(faults))
		for i, f := range faults {
			lines[i] = f.Error()
		}
		return lines
	}
	return []string{err.Error()}
}

func (r *reloader) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(*r.faults.Load())
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// pollFlowsEvery is how often the demo looks for edited flows, in real time.
const pollFlowsEvery = time.Second

// reloader keeps a running demo in step with a folder of flows. Flows with
// faults are not put to use: the last good ones stay.
//
// It serves the present faults as a JSON array of texts.
type reloader struct {
	fsys fs.FS
	zone string
	log  *slog.Logger
	// use puts flows to use, or says why they cannot be.
	use    func(ctx context.Context, c *lang.Catalog) error
	faults atomic.Pointer[[]string]
	// seen tells the state of the folder that was read last.
	seen string
}

// watch looks at the folder until ctx ends.
func (r *reloader) watch(ctx context.Context) {
	tick := time.NewTicker(pollFlowsEvery)
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

// look reads the folder if it has changed.
func (r *reloader) look(ctx context.Context) {
	state := folderState(r.fsys)
	if state == r.seen {
		return
	}
	r.seen = state
	c, err := catalog.Load(r.fsys, r.zone)
	if err == nil {
		err = r.use(ctx, c)
	}
	faults := faultLines(err)
	r.faults.Store(&faults)
	if err != nil {
		r.log.Warn("the flows have faults: the last good ones stay in use", "faults", len(faults))
		return
	}
	r.log.Info("the flows were edited and are now in use", "flows", len(c.Flows()))
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

// folderState changes whenever a file of the folder does, by name, size or
// time.
func folderState(fsys fs.FS) string {
	var state strings.Builder
	for _, dir := range []string{".", "texts", "media"} {
		entries, err := fs.ReadDir(fsys, dir)
		if err != nil {
			fmt.Fprintln(&state, dir, err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil {
				fmt.Fprintln(&state, dir, e.Name(), err)
				continue
			}
			if !e.IsDir() {
				fmt.Fprintln(&state, dir, e.Name(), info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return state.String()
}

func (r *reloader) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	faults := []string{}
	if now := r.faults.Load(); now != nil {
		faults = *now
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(faults)
}

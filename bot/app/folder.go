package app

import (
	"fmt"
	"io/fs"
	"strings"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// Folder is a folder of flows that may be edited.
type Folder struct {
	files fs.FS
	zone  string
	// operator is who runs the bot on the flows.
	operator lang.Operator
	// seen tells the state of the folder that was read last.
	seen string
}

// NewFolder notes how the folder is now. Who loads flows from it to begin with
// makes the Folder first: what is edited meanwhile then counts as a change.
func NewFolder(files fs.FS, zone string, operator lang.Operator) *Folder {
	return &Folder{files: files, zone: zone, operator: operator, seen: folderState(files)}
}

// changed reports whether the folder is another than it was when this was asked
// last.
func (f *Folder) changed() bool {
	state := folderState(f.files)
	if state == f.seen {
		return false
	}
	f.seen = state
	return true
}

func (f *Folder) load() (*lang.Catalog, error) {
	c, err := catalog.Load(f.files, f.zone)
	if err != nil {
		return nil, err
	}
	c.Operator = f.operator
	return c, nil
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

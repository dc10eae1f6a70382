package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
)

// mediaPlace is where a step names a picture or an animation.
type mediaPlace struct {
	place
	name  string
	types []string
}

// The file types that Telegram takes, and their size limits in bytes: 10 MB
// for a photo, 50 MB for any other file.
var (
	pictureTypes   = []string{".png", ".jpg", ".jpeg"}
	animationTypes = []string{".gif", ".mp4"}
)

const maxMedia = 10 << 20

// shows notes that a step shows a file.
func (l *loader) shows(f *file, n ast.Node, name string, types []string) {
	if name != "" {
		l.media = append(l.media, mediaPlace{place{f, n}, name, types})
	}
}

// loadMedia reads the files in media/ that steps show.
func (l *loader) loadMedia(fsys fs.FS) map[string]flows.Media {
	out := make(map[string]flows.Media)
	for _, m := range l.media {
		if have, ok := out[m.name]; ok {
			if !slices.Contains(m.types, path.Ext(have.Name)) {
				m.f.fault(m.n, fmt.Sprintf("%q is a picture at one step and an animation at another", m.name), "give the two files different names")
			}
			continue
		}
		media, ok := m.load(fsys)
		if !ok {
			m.f.fault(m.n, fmt.Sprintf("there is no file media/%s%s", m.name, m.types[0]), "put it there; its name may end in "+strings.Join(m.types, ", "))
		}
		out[m.name] = media
	}
	return out
}

// load reads the first file of the name and one of the types.
func (m *mediaPlace) load(fsys fs.FS) (flows.Media, bool) {
	for _, ext := range m.types {
		name := m.name + ext
		info, err := plainFile(fsys, path.Join(mediaFolder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			m.f.fault(m.n, fmt.Sprintf("media/%s cannot be read: %v", name, err), "make it a plain file that the program may read")
			return flows.Media{Name: name}, true
		}
		if size := info.Size(); size == 0 || size > maxMedia {
			m.f.fault(m.n, fmt.Sprintf("media/%s has %d bytes", name, size), fmt.Sprintf("use a file of 1 to %d bytes", maxMedia))
			return flows.Media{Name: name}, true
		}
		data, err := fs.ReadFile(fsys, path.Join(mediaFolder, name))
		if err != nil {
			m.f.fault(m.n, fmt.Sprintf("media/%s cannot be read: %v", name, err), "make it a plain file that the program may read")
		}
		return flows.NewMedia(name, data), true
	}
	return flows.Media{Name: m.name + m.types[0]}, false
}

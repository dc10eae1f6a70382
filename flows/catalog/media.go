package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

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

// loadMedia reads the files in media/ that steps show.
func (l *loader) loadMedia(fsys fs.FS) map[string]flows.Media {
	out := make(map[string]flows.Media)
	for _, m := range l.media {
		if _, ok := out[m.name]; ok {
			continue
		}
		for _, ext := range m.types {
			name := path.Join("media", m.name+ext)
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				continue
			}
			if len(data) == 0 || len(data) > maxMedia {
				m.f.fault(m.n, fmt.Sprintf("%s has %d bytes", name, len(data)), fmt.Sprintf("use a file of 1 to %d bytes", maxMedia))
			}
			out[m.name] = flows.Media{Name: m.name + ext, Data: data}
			break
		}
		if _, ok := out[m.name]; !ok {
			m.f.fault(m.n, fmt.Sprintf("there is no file media/%s%s", m.name, m.types[0]), "put it there; "+strings.Join(m.types, ", ")+" are known")
		}
	}
	return out
}

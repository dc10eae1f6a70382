package drawings

import (
	"fmt"
	"image/png"
	"io"
	"maps"
	"slices"
)

// Drawings are the names of all drawings, in alphabetical order.
func Drawings() []string { return slices.Sorted(maps.Keys(drawings())) }

// Draw writes a drawing as PNG, the same bytes each time.
func Draw(name string, w io.Writer) error {
	d, ok := drawings()[name]
	if !ok {
		return fmt.Errorf("there is no drawing %q", name)
	}
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(w, reduce(d.draw())); err != nil {
		return fmt.Errorf("write drawing %s: %w", name, err)
	}
	return nil
}

// drawings are all pose tables under the names of their files.
func drawings() map[string]drawing {
	all := make(map[string]drawing)
	for _, chapter := range []map[string]drawing{easing(), upright(), moves(), exercises(), allFours(), packs(), massages()} {
		maps.Copy(all, chapter)
	}
	return all
}

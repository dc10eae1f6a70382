package places

import (
	"sync"
	"time"
)

// Zones keeps loaded time zones, since loading one parses its table. It may be
// used by many at once.
type Zones struct {
	fallback string
	m        sync.Map
}

// locations are those of the tables.
var locations = NewZones("UTC")

// NewZones returns zones of which fallback stands for names that are unknown.
func NewZones(fallback string) *Zones { return &Zones{fallback: fallback} }

// Location returns an IANA zone, the fallback for an empty or unknown name, and
// UTC if that is unknown too.
func (z *Zones) Location(name string) *time.Location {
	if name == "" {
		name = z.fallback
	}
	if l, ok := z.m.Load(name); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		if name == z.fallback {
			return time.UTC
		}
		return z.Location("")
	}
	z.m.Store(name, l)
	return l
}

package places

import (
	"fmt"
	"sync"
	"time"
)

// Zones keeps loaded time zones, since loading one parses its table. It may be
// used by many at once.
type Zones struct {
	fallback string
	m        sync.Map
}

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

// ZoneAt returns the zone of whole hours in which it is about the given hour
// of the day at now. The IANA names of these zones count westward: Etc/GMT-2
// is two hours ahead of UTC.
func ZoneAt(now time.Time, hour int) string {
	// Half past counts as the next hour, so that 13:50 reads as "about 14".
	utc := now.UTC().Add(30 * time.Minute).Hour()
	ahead := ((hour-utc)%24 + 24) % 24
	if ahead > 12 {
		ahead -= 24
	}
	switch {
	case ahead > 0:
		return fmt.Sprintf("Etc/GMT-%d", ahead)
	case ahead < 0:
		return fmt.Sprintf("Etc/GMT+%d", -ahead)
	}
	return "Etc/UTC"
}

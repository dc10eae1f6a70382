package outbox

import (
	"math"
	"time"
)

// seconds is a duration without overflow: one call in a million years is a rate,
// too.
func seconds(s float64) time.Duration {
	if ns := s * float64(time.Second); ns < math.MaxInt64 {
		return time.Duration(ns)
	}
	return math.MaxInt64
}

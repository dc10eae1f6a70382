package outbox

import (
	"time"

	"spasmbot/flows"
)

// pacer spreads calls evenly in real time: between two slots lies at least one
// spacing, so that no second holds more than rate of them.
type pacer struct {
	spacing time.Duration // 0: no limit
	next    time.Time
}

// slack widens the spacing a little, for what scheduling and the network do to
// the distance of two calls: rate calls take one second and slack.
const slack = 30 * time.Millisecond

func newPacer(rate float64) pacer {
	if rate == 0 {
		return pacer{}
	}
	return pacer{spacing: max(seconds((time.Second+slack).Seconds()/rate), 1)}
}

// take reserves the next slot and returns how long it is away.
func (p *pacer) take(now time.Time) time.Duration {
	if p.spacing == 0 {
		return 0
	}
	slot := flows.Later(now, p.next)
	p.next = slot.Add(p.spacing)
	return slot.Sub(now)
}

// lag returns how long a call waits that comes after ahead others which are
// yet to take their slots.
func (p *pacer) lag(now time.Time, ahead int) time.Duration {
	if p.spacing == 0 {
		return 0
	}
	return max(p.next.Sub(now), 0) + time.Duration(ahead)*p.spacing
}

package simulator

import (
	"math"
	"time"
)

// bucket is a token bucket in real time. The zero value is full.
type bucket struct {
	spent float64 // tokens taken and not yet refilled
	at    time.Time
}

// wait says for how many whole seconds the rate is exhausted; 0 means that a token is there to take.
func (b *bucket) wait(r Rate, now time.Time) int {
	if r.PerSecond <= 0 {
		return 0
	}
	b.spent = max(0, b.spent-now.Sub(b.at).Seconds()*r.PerSecond)
	b.at = now
	const slack = 1e-6 // rounding must not refuse a caller that waited exactly long enough
	missing := b.spent + 1 - float64(max(1, r.Burst)) - slack
	if missing <= 0 {
		return 0
	}
	return int(math.Ceil(missing / r.PerSecond))
}

func (b *bucket) take(r Rate) {
	if r.PerSecond > 0 {
		b.spent++
	}
}

// spend takes one send to the chat out of the configured rates, or refuses it. The lock is held.
func (s *Server) spend(c *chat) *apiError {
	rate := s.cfg.ChatRate
	if c.info.Type != "private" && s.cfg.GroupRate.PerSecond > 0 {
		rate = s.cfg.GroupRate
	}
	if rate.PerSecond <= 0 && s.cfg.Rate.PerSecond <= 0 {
		return nil
	}
	now := time.Now()
	if seconds := max(c.sends.wait(rate, now), s.sends.wait(s.cfg.Rate, now)); seconds > 0 {
		return tooManyRequests(seconds)
	}
	c.sends.take(rate)
	s.sends.take(s.cfg.Rate)
	return nil
}

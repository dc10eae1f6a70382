package bot

import (
	"time"

	"spasmbot/bot/outbox"
)

// queue is the outbox in memory, and the signals by which those who wait for it
// learn that it has changed.
type queue struct {
	*outbox.Outbox
	// wake: the next message may be another. room: there is room to load more.
	// eased: pushes may be made again. progress: something was done with.
	wake, room, eased, progress chan struct{}
}

func newQueue(l outbox.Limits) *queue {
	return &queue{
		Outbox:   outbox.New(l),
		wake:     make(chan struct{}, 1),
		room:     make(chan struct{}, 1),
		eased:    make(chan struct{}, 1),
		progress: make(chan struct{}, 1),
	}
}

// changed tells all who wait.
func (q *queue) changed() {
	signal(q.wake)
	signal(q.progress)
	if q.WantsMore() {
		signal(q.room)
	}
	if !q.Crowded() {
		signal(q.eased)
	}
}

// restored lets a message try at once whether a pause is over.
func (q *queue) restored() {
	q.Probe(time.Now())
	signal(q.wake)
}

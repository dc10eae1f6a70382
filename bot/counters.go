package bot

import "sync/atomic"

// Stats counts since the Bot was made.
type Stats struct {
	Updates     uint64 // updates committed
	Turns       uint64 // events that went through the step function
	Sent        uint64 // messages that arrived
	Failed      uint64 // messages that never will
	Retried     uint64 // calls that will be made again
	Quarantined uint64 // updates set aside
	Answered    uint64 // button presses answered
	Pruned      uint64 // records deleted that were no longer kept
	Waiting     uint64 // messages in memory that wait to be sent
	DeadLetters uint64 // messages refused for what they are, kept with their words
	InDoubt     uint64 // messages that have arrived in all likelihood, though no reply said so
	PassedOver  uint64 // updates that were too many to answer, or asked again what is about to be answered
}

type counters struct {
	updates, turns, sent, failed, retried, quarantined, answered, pruned, deadLetters, passedOver atomic.Uint64
}

// stats is the counters as they are, with Waiting and InDoubt left out.
func (c *counters) stats() Stats {
	return Stats{
		Updates:     c.updates.Load(),
		Turns:       c.turns.Load(),
		Sent:        c.sent.Load(),
		Failed:      c.failed.Load(),
		Retried:     c.retried.Load(),
		Quarantined: c.quarantined.Load(),
		Answered:    c.answered.Load(),
		Pruned:      c.pruned.Load(),
		DeadLetters: c.deadLetters.Load(),
		PassedOver:  c.passedOver.Load(),
	}
}

package outbox

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/storage"
)

// machine drives an Outbox with whatever can happen to it, as a loader and a
// sender would, beside a model: the rows of the store, and what has become of
// each. It holds the promises of the package.
type machine struct {
	o      *Outbox
	limits Limits
	now    time.Time
	begun  bool // the other process is gone

	numbers map[int64]uint64 // the last of each person
	// unsent are the rows of the store that still have to go out. Their chats
	// are as of now; a row keeps the old one until it is claimed.
	unsent map[storage.MessageKey]storage.Message
	held   map[storage.MessageKey]bool
	flying []*flight
	ended  map[storage.MessageKey]bool
	asides map[storage.MessageKey]time.Time // until when each stands aside

	silentUntil time.Time           // everybody's silence
	restsUntil  map[int64]time.Time // each chat's
	refused     []refusedAt
	calls       []time.Time           // when they arrived, ascending
	launches    map[int64][]time.Time // by chat, of those that led to a call

	doubts  []doubt // since a message arrived
	paused  time.Time
	probing *flight
}

type flight struct {
	m        *Message
	launched time.Time
	called   bool
	// withdrawn says that it is not to be called for again.
	withdrawn bool
	// at is when the last call was made, and began the same while it is under way.
	at, began time.Time
}

// ownMost is how many messages of one person a fetch reads.
const ownMost = 6

func newMachine(t *rapid.T) *machine {
	limits := Limits{
		Rate:     rapid.SampledFrom([]float64{0, 2, 10, 30}).Draw(t, "rate"),
		ChatRate: rapid.SampledFrom([]float64{0, 1}).Draw(t, "chat rate"),
		Held:     rapid.IntRange(1, 8).Draw(t, "held"),
	}
	return &machine{
		o: New(limits), limits: limits, now: t0,
		numbers: map[int64]uint64{}, unsent: map[storage.MessageKey]storage.Message{},
		held: map[storage.MessageKey]bool{}, ended: map[storage.MessageKey]bool{}, asides: map[storage.MessageKey]time.Time{},
		restsUntil: map[int64]time.Time{}, launches: map[int64][]time.Time{},
	}
}

// commit puts a new message into the store.
func (x *machine) commit(t *rapid.T) storage.Message {
	user := rapid.Int64Range(1, 5).Draw(t, "user")
	x.numbers[user]++
	m := row(user, x.numbers[user], rapid.SampledFrom([]flows.Class{flows.TakeOff, flows.Sign, flows.Reply, flows.Contact, flows.Push, flows.Tidy}).Draw(t, "class"))
	if rapid.IntRange(0, 3).Draw(t, "group") == 0 {
		m.Chat = rapid.Int64Range(-3, -1).Draw(t, "chat")
	}
	x.unsent[m.Key()] = m
	return m
}

// Before commits what another process has left: nobody tells the Outbox.
func (x *machine) Before(t *rapid.T) {
	if x.begun {
		t.Skip("the other process is gone")
	}
	x.commit(t)
}

func (x *machine) Add(t *rapid.T) {
	x.begun = true
	m := x.commit(t)
	full := x.o.Full(m.Class)
	taken := x.o.Add(m, x.now)
	switch {
	case taken:
		x.held[m.Key()] = true
	case m.Class == flows.TakeOff:
		t.Fatalf("take-off %v was left in the store", m.Key())
	case m.Class.Before(flows.Contact) && !full:
		x.read(t, storage.MessageKey{User: m.User}, ownMost, func(other storage.Message) bool { return other.User == m.User })
		if !x.held[m.Key()] && x.numbers[m.User] <= ownMost {
			t.Fatalf("message %v was not fetched", m.Key())
		}
	}
}

// read takes in what the store holds, as a loader does.
func (x *machine) read(t *rapid.T, from storage.MessageKey, limit int, wanted func(storage.Message) bool) (last storage.MessageKey, n int) {
	end := x.o.Reading()
	defer end()
	var rows []storage.Message
	for _, m := range x.unsent {
		if after(m.Key(), from) {
			rows = append(rows, m)
		}
	}
	slices.SortFunc(rows, func(a, b storage.Message) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Number, b.Number))
	})
	rows = rows[:min(limit, len(rows))]
	if len(rows) == 0 {
		return from, 0
	}
	last, n = rows[len(rows)-1].Key(), len(rows)
	// Some may land while the store is being read.
	for len(x.flying) > 0 && rapid.Bool().Draw(t, "lands meanwhile") {
		x.land(t, x.flying[0])
	}
	fresh := x.o.Fresh(slices.DeleteFunc(rows, func(m storage.Message) bool { return !wanted(m) }))
	for _, m := range fresh {
		if x.held[m.Key()] || x.ended[m.Key()] {
			t.Fatalf("message %v is taken in once more", m.Key())
		}
		x.held[m.Key()] = true
	}
	x.o.Shelve(fresh, x.now)
	return last, n
}

func (x *machine) LoadPage(t *rapid.T) {
	from, room, behind := x.o.Rest()
	if !behind || room <= 0 {
		t.Skip("nothing to load")
	}
	x.begun = true
	limit := min(room, rapid.IntRange(1, 5).Draw(t, "page"))
	last, n := x.read(t, from, limit, func(storage.Message) bool { return true })
	x.o.Advance(last, n < limit)
	if n < limit {
		for k := range x.unsent {
			if !x.held[k] {
				t.Fatalf("message %v is not held when all was read", k)
			}
		}
	}
}

func (x *machine) Launch(t *rapid.T) {
	m, wait := x.o.Next(x.now)
	if m == nil {
		if wait <= 0 {
			t.Fatalf("nothing to launch, and no time to wait")
		}
		return
	}
	x.mayLaunch(t, m)
	x.launch(m)
}

func (x *machine) launch(m *Message) *flight {
	f := &flight{m: m, launched: x.now}
	x.flying = append(x.flying, f)
	if !x.paused.IsZero() {
		x.probing = f
	}
	return f
}

// mayLaunch judges the choice of a message.
func (x *machine) mayLaunch(t *rapid.T, m *Message) {
	k := m.Key()
	if _, unsent := x.unsent[k]; !unsent || x.ended[k] {
		t.Fatalf("message %v was launched and is not to be sent", k)
	}
	if x.aside(k) {
		t.Fatalf("message %v was launched, which stands aside", k)
	}
	if x.now.Before(x.silentUntil) || x.now.Before(x.restsUntil[m.Chat]) {
		t.Fatalf("message %v was launched into a silence", k)
	}
	for _, f := range x.flying {
		if f.m.Chat == m.Chat {
			t.Fatalf("messages %v and %v are under way to chat %d", f.m.Key(), k, m.Chat)
		}
	}
	paused := !x.paused.IsZero()
	if paused && x.probing != nil {
		t.Fatalf("message %v was launched into a pause, beside %v", k, x.probing.m.Key())
	}
	// What lifts the chat: the best class that waits for it.
	best := m.Class
	for other := range x.held {
		if row := x.unsent[other]; row.Chat == m.Chat && row.Class.Before(best) {
			best = row.Class
		}
	}
	for other, row := range x.unsent {
		switch {
		case other == k, x.aside(other), paused && row.Chat != m.Chat: // a probe is not always of the same chat
		case m.Class == flows.Tidy && row.Class != flows.Tidy && row.Chat == m.Chat && x.held[other]:
			t.Fatalf("message %v tidies before %v was launched", k, other)
		case m.Class != flows.Tidy && row.Class == flows.Tidy && row.Chat == m.Chat: // it waits for all others
		case m.Class != flows.TakeOff && row.Chat == m.Chat && m.Chat > 0 && other.Number < k.Number && (m.Class != flows.Tidy || x.held[other]):
			t.Fatalf("message %v was launched before %v", k, other)
		case m.Class == flows.TakeOff && row.Class == flows.TakeOff && x.held[other] && row.Chat == m.Chat && m.Chat > 0 && other.Number < k.Number:
			t.Fatalf("take-off %v was launched before %v", k, other)
		case row.Class.Before(best) && x.held[other] && x.surelyReady(row.Chat):
			t.Fatalf("message %v of class %d was launched before %v of class %d", k, m.Class, other, row.Class)
		}
	}
}

// surelyReady reports whether nothing keeps the next message of a chat from being
// launched.
func (x *machine) surelyReady(chat int64) bool {
	flies := slices.ContainsFunc(x.flying, func(f *flight) bool { return f.m.Chat == chat })
	return !flies && !x.now.Before(x.restsUntil[chat]) && (x.limits.ChatRate == 0 || len(x.launches[chat]) == 0)
}

// pick chooses a message under way.
func (x *machine) pick(t *rapid.T) *flight {
	if len(x.flying) == 0 {
		t.Skip("nothing is under way")
	}
	return x.flying[rapid.IntRange(0, len(x.flying)-1).Draw(t, "flight")]
}

// Call makes a call for a message, or a further one.
func (x *machine) Call(t *rapid.T) {
	f := x.pick(t)
	x.returns(t, f)
	wait, ok := x.o.Slot(f.m, x.now)
	silent := x.now.Before(x.silentUntil) || x.now.Before(x.restsUntil[f.m.Chat]) || !x.paused.IsZero() && f != x.probing
	if ok == (silent || f.withdrawn) {
		t.Fatalf("a slot is given: %v; a silence: %v; withdrawn: %v", ok, silent, f.withdrawn)
	}
	for ok && wait > 0 {
		x.now = x.now.Add(wait).Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "woken late")) * time.Millisecond)
		wait, ok = x.o.Slot(f.m, x.now)
	}
	if !ok {
		return
	}
	f.at, f.began = x.now, x.now
	if !f.called {
		f.called = true
		x.launches[f.m.Chat] = append(x.launches[f.m.Chat], f.launched)
	}
}

// returns ends the call that is under way for a message, if there is one. It may
// have arrived at any time since it was made.
func (x *machine) returns(t *rapid.T, f *flight) {
	if f.began.IsZero() {
		return
	}
	took := min(x.now.Sub(f.began), patience)
	at := f.began.Add(time.Duration(rapid.Int64Range(0, int64(took)).Draw(t, "arrived after")))
	i, _ := slices.BinarySearchFunc(x.calls, at, time.Time.Compare)
	x.calls = slices.Insert(x.calls, i, at)
	f.began = time.Time{}
	x.o.Returned(f.m, x.now)
}

// Lands lets a message arrive.
func (x *machine) Lands(t *rapid.T) {
	f := x.pick(t)
	if f.called && rapid.Bool().Draw(t, "arrived before") {
		x.o.Arrived(f.m)
	}
	if f.called && rapid.Bool().Draw(t, "counts as arrived") {
		x.passes(t, f)
	}
	x.land(t, f)
}

// passes shows that the account is in order.
func (x *machine) passes(t *rapid.T, f *flight) {
	x.doubts = slices.DeleteFunc(x.doubts, func(d doubt) bool { return !d.at.After(f.at) })
	ends := !x.paused.IsZero() && !f.at.Before(x.paused)
	if _, ended := x.o.Passed(f.m, x.now); ended != ends {
		t.Fatalf("message %v ended a pause: %v, want %v", f.m.Key(), ended, ends)
	}
	if ends {
		x.paused, x.probing = time.Time{}, nil
	}
}

// Doubted lets a call be refused in a way that may be the account's trouble.
func (x *machine) Doubted(t *rapid.T) {
	f := x.pick(t)
	d := doubt{f.m.Chat, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "reason"), x.now}
	x.o.Doubt(f.m, d.reason, x.now)
	if x.paused.IsZero() {
		x.doubts = append(x.doubts, d)
		chats := map[int64]bool{}
		for _, other := range x.doubts {
			if other.reason == d.reason {
				chats[other.chat] = true
			}
		}
		if len(chats) >= breakAt {
			x.paused, x.doubts = x.now, nil
		}
	}
	if x.o.Paused() == x.paused.IsZero() {
		t.Fatalf("paused: %v, want since %v", x.o.Paused(), x.paused)
	}
	x.again(t, f, time.Second)
}

func (x *machine) land(t *rapid.T, f *flight) {
	x.returns(t, f)
	x.end(f.m.Key())
	x.o.Done(f.m, x.now)
	x.unfly(f)
}

func (x *machine) end(k storage.MessageKey) {
	delete(x.unsent, k)
	delete(x.held, k)
	x.ended[k] = true
}

func (x *machine) unfly(f *flight) {
	x.flying = slices.DeleteFunc(x.flying, func(other *flight) bool { return other == f })
	if x.probing == f {
		x.probing = nil
	}
}

// Fails lets a call fail; the message has to be tried again.
func (x *machine) Fails(t *rapid.T) {
	f := x.pick(t)
	if n := x.o.Failed(f.m); n < 1 {
		t.Fatalf("%d failures in a row", n)
	}
	x.again(t, f, time.Duration(rapid.IntRange(0, 3000).Draw(t, "wait"))*time.Millisecond)
}

func (x *machine) again(t *rapid.T, f *flight, wait time.Duration) {
	x.returns(t, f)
	until := x.now.Add(wait)
	x.restsUntil[f.m.Chat] = flows.Later(x.restsUntil[f.m.Chat], until)
	x.o.Again(f.m, x.now, until)
	if f.withdrawn {
		x.end(f.m.Key())
	}
	x.unfly(f)
}

// Parks lets a message stand aside, unless it is not to be sent any more.
func (x *machine) Parks(t *rapid.T) {
	f := x.pick(t)
	x.returns(t, f)
	k := f.m.Key()
	f.m.State = storage.Uncertain
	f.m.Parked++
	x.o.Park(f.m, x.now)
	if f.withdrawn {
		x.end(k)
	}
	x.unfly(f)
	if f.withdrawn {
		x.end(k)
		return
	}
	x.asides[k] = x.now.Add(parkWait(f.m.Parked))
}

// aside reports whether a message stands aside.
func (x *machine) aside(k storage.MessageKey) bool { return x.now.Before(x.asides[k]) }

// Refused lets the messenger ask for silence.
func (x *machine) Refused(t *rapid.T) {
	f := x.pick(t)
	wait := time.Duration(rapid.SampledFrom([]int{1, 3, 20, 31, 90}).Draw(t, "retry after")) * time.Second
	x.o.Limited(Source{Chat: f.m.Chat}, x.now, wait)
	at := refusedAt{Source{Chat: f.m.Chat}, x.now, x.now.Add(wait)}
	for _, other := range x.refused {
		if other.from != at.from && at.at.Sub(other.at) <= alarmWindow {
			x.silentUntil = flows.Later(x.silentUntil, at.until)
		}
	}
	x.refused = append(x.refused, at)
	x.again(t, f, wait)
	// Two refusals of one instant may be of a chat that lets others pass: what
	// the Outbox demands beyond the model is the longer silence of the two.
	if until := x.o.SilentUntil(); until.Before(x.silentUntil) {
		t.Fatalf("everybody is silent until %v, want %v", until, x.silentUntil)
	} else {
		x.silentUntil = until
	}
}

// Gone lets a chat take no more messages.
func (x *machine) Gone(t *rapid.T) {
	f := x.pick(t)
	waits := x.o.Flush(f.m, x.now)
	for _, m := range waits {
		if m.Chat != f.m.Chat || !x.held[m.Key()] {
			t.Fatalf("message %v of chat %d was flushed with chat %d", m.Key(), m.Chat, f.m.Chat)
		}
		x.end(m.Key())
	}
	x.land(t, f)
	x.o.Forget(waits)
}

// NotGone lets a chat seem to take no more messages, and one of those that wait for it
// be withdrawn before it is known that it takes them.
func (x *machine) NotGone(t *rapid.T) {
	f := x.pick(t)
	waits := x.o.Flush(f.m, x.now)
	if len(waits) > 0 && f.m.Chat > 0 {
		m := rapid.SampledFrom(waits).Draw(t, "withdrawn")
		x.o.Withdraw([]storage.MessageKey{m.Key()}, x.now)
		x.end(m.Key())
	}
	x.o.Restore(f.m, waits, x.now)
	for _, m := range waits {
		delete(x.asides, m.Key())
	}
	x.again(t, f, 0)
}

// Moves gives a group another id, sometimes that of a known one.
func (x *machine) Moves(t *rapid.T) {
	f := x.pick(t)
	from, to := f.m.Chat, rapid.Int64Range(-4, -1).Draw(t, "to")
	if from > 0 || from == to {
		t.Skip("a private chat does not move")
	}
	if !x.o.Move(f.m, to, x.now) {
		return
	}
	for k := range x.held {
		if row := x.unsent[k]; row.Chat == from {
			row.Chat = to
			x.unsent[k] = row
		}
	}
	x.restsUntil[to] = flows.Later(x.restsUntil[to], x.restsUntil[from])
	delete(x.restsUntil, from)
	x.launches[to] = append(x.launches[to], x.launches[from]...)
	slices.SortFunc(x.launches[to], time.Time.Compare)
	delete(x.launches, from)
}

// Withdraw takes a message to a person back, wherever it is.
func (x *machine) Withdraw(t *rapid.T) {
	var keys []storage.MessageKey
	for k, m := range x.unsent {
		if m.Chat > 0 && m.Class != flows.TakeOff {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		t.Skip("nothing is on its way to a person")
	}
	x.begun = true
	slices.SortFunc(keys, func(a, b storage.MessageKey) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Number, b.Number))
	})
	k := rapid.SampledFrom(keys).Draw(t, "message")
	x.o.Withdraw([]storage.MessageKey{k}, x.now)
	if i := slices.IndexFunc(x.flying, func(f *flight) bool { return f.m.Key() == k }); i >= 0 {
		x.flying[i].withdrawn = true
		if !x.o.Withdrawn(x.flying[i].m) {
			t.Fatalf("message %v does not know that it is withdrawn", k)
		}
		return
	}
	x.end(k)
}

func (x *machine) Tick(t *rapid.T) {
	x.now = x.now.Add(time.Duration(rapid.SampledFrom([]int{1, 30, 100, 400, 1100, 10_000, 100_000}).Draw(t, "ms")) * time.Millisecond)
}

// Check holds what is true at all times.
func (x *machine) Check(t *rapid.T) {
	if n := x.o.Waiting(); n != len(x.held) {
		t.Fatalf("%d messages are held, want %d", n, len(x.held))
	}
	takeOffs := 0
	for k := range x.held {
		if _, unsent := x.unsent[k]; !unsent {
			t.Fatalf("message %v is held and is not to be sent", k)
		}
		if x.unsent[k].Class == flows.TakeOff {
			takeOffs++
		}
	}
	if most := 3*x.limits.Held + ownMost; len(x.held)-takeOffs > most {
		t.Fatalf("%d messages are held, and take-offs; want %d at most", len(x.held)-takeOffs, most)
	}
	if rate := int(x.limits.Rate); rate > 0 {
		for i := rate; i < len(x.calls); i++ {
			if d := x.calls[i].Sub(x.calls[i-rate]); d < time.Second {
				t.Fatalf("%d calls within %v", rate+1, d)
			}
		}
	}
	for chat, at := range x.launches {
		x.checkChatRate(t, chat, at)
	}
}

// checkChatRate holds that no stretch of time has more launches in a chat than a
// burst and what the rate gives.
func (x *machine) checkChatRate(t *rapid.T, chat int64, at []time.Time) {
	if x.limits.ChatRate == 0 || chat < 0 { // moved groups bring their own calls along
		return
	}
	for i := range at {
		for j := i + burst; j < len(at); j++ {
			least := time.Duration(float64(j-i-burst+1) / x.limits.ChatRate * float64(time.Second))
			if d := at[j].Sub(at[i]); d < least-time.Microsecond {
				t.Fatalf("%d messages to %d within %v, want %v at least", j-i+1, chat, d, least)
			}
		}
	}
}

// finish lets everything go out that is left.
func (x *machine) finish(t *rapid.T) {
	for len(x.flying) > 0 {
		x.again(t, x.flying[0], 0)
	}
	for steps := 0; len(x.unsent) > 0; steps++ {
		if steps > 100_000 {
			t.Fatalf("%d messages never go out", len(x.unsent))
		}
		for x.o.WantsMore() {
			from, room, _ := x.o.Rest()
			last, n := x.read(t, from, room, func(storage.Message) bool { return true })
			x.o.Advance(last, n < room)
		}
		m, wait := x.o.Next(x.now)
		if m == nil {
			if wait == Forever {
				t.Fatalf("%d messages are left, and nothing is to come", len(x.unsent))
			}
			x.now = x.now.Add(wait)
			continue
		}
		x.mayLaunch(t, m)
		f := x.launch(m)
		if at, ok := calls(x.o, m, x.now); ok {
			x.now = at
			x.calls = append(x.calls, at)
			x.launches[m.Chat] = append(x.launches[m.Chat], f.launched)
		}
		x.land(t, f)
		x.Check(t)
	}
	for x.o.WantsMore() {
		from, room, _ := x.o.Rest()
		last, n := x.read(t, from, room, func(storage.Message) bool { return true })
		x.o.Advance(last, n < room)
	}
	if x.o.Waiting() != 0 || x.o.Crowded() || !x.o.Quiet(x.now.Add(1000*time.Hour)) || x.o.shelf.gone != nil {
		t.Fatalf("%d messages are held when all is done", x.o.Waiting())
	}
	if f := x.o.flights; f != (flights{}) {
		t.Fatalf("flights are counted when all have landed: %+v", f)
	}
	if p := x.o.pacer; p.waiting != 0 || len(p.begun) != 0 {
		t.Fatalf("calls are counted when all have returned: %+v", p)
	}
	if x.o.shelf.idle != 0 {
		t.Fatalf("%d pushes are counted when all are gone", x.o.shelf.idle)
	}
	if _, wait := x.o.Next(x.now.Add(math.MaxInt64 / 4)); wait != Forever {
		t.Fatalf("wait %v for nothing", wait)
	}
}

// Whatever happens in whatever order, the promises of the package hold.
func TestOutboxMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := newMachine(t)
		for range 4 { // one run is some thirty steps
			t.Repeat(map[string]func(*rapid.T){
				"": x.Check, "before": x.Before, "add": x.Add, "add another": x.Add, "load a page": x.LoadPage,
				"launch": x.Launch, "launch another": x.Launch, "call": x.Call, "lands": x.Lands, "fails": x.Fails,
				"refused": x.Refused, "doubted": x.Doubted, "doubted, too": x.Doubted, "parks": x.Parks, "withdraw": x.Withdraw, "gone": x.Gone, "not gone": x.NotGone, "moves": x.Moves, "tick": x.Tick,
			})
		}
		x.finish(t)
	})
}

package measure

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// life plays a script.
type life struct {
	person *Person
	player *transcript.Player
	count  *counter
	// sent is how many of the person's own messages are out.
	sent int
	// asked is the question in force as the person sees it, since when it is so, and
	// what they have pressed on it.
	asked   asked
	pressed []string
	// todo are the reminders that the person is about to answer.
	todo []todo
	// acts counts what the person has done today.
	acts int
	// lost are the questions that the person had no answer to.
	lost faults
}

// asked tells one question from the next.
type asked struct {
	rev   uint64
	step  string
	since time.Time
}

// todo is a press on a reminder.
type todo struct {
	at      time.Time
	message int64
	act     string
}

// mostActs is how much a person does in a day at the most: more is a script that
// goes in a circle.
const mostActs = 1000

// faults are mistakes of a script, each told once.
type faults struct{ list []error }

func (f *faults) add(err error) {
	if !slices.ContainsFunc(f.list, func(had error) bool { return had.Error() == err.Error() }) {
		f.list = append(f.list, err)
	}
}

// play plays a script to its end. The error names all questions that it has no
// answer to.
func play(c *lang.Catalog, p *Person) (*counter, error) {
	player := transcript.New(c)
	player.Now = p.plan.begin.UTC()
	l := &life{person: p, player: player, count: newCounter(p, player)}
	for l.count.day < p.Days {
		if err := l.step(); err != nil {
			at := l.player.Now.In(p.plan.zone).Format("day 2006-01-02 15:04")
			return nil, fmt.Errorf("person %s, %s: %w", p.Name, at, err)
		}
	}
	for i, err := range l.lost.list {
		l.lost.list[i] = fmt.Errorf("person %s: %w", p.Name, err)
	}
	return l.count, errors.Join(l.lost.list...)
}

// step goes on to what happens next: a timer, something that the person does, or
// the end of a day.
func (l *life) step() error {
	p := l.player
	at, act := l.next()
	end := l.count.end
	if act != nil && at.Before(end) {
		end = at
	} else {
		act = nil
	}
	if due, ok := p.NextDue(); ok && due.Before(end) {
		return p.Wait(max(due.Sub(p.Now), 0), l.came)
	}
	p.Now = flows.Later(p.Now, end)
	if act == nil {
		l.count.endDay()
		l.acts = 0
		return nil
	}
	if l.acts++; l.acts > mostActs {
		return fmt.Errorf("%d presses on one day, the last at the step %q: the script goes in a circle", mostActs, l.asked.step)
	}
	return act()
}

// came takes in what a timer has brought.
func (l *life) came() { l.saw(true) }

// saw takes in what follows an event.
func (l *life) saw(timer bool) {
	for _, m := range l.count.saw(timer) {
		l.remind(m)
	}
	s := l.player.State()
	if s.Rev != l.asked.rev || s.At.Step != l.asked.step {
		l.asked, l.pressed = asked{s.Rev, s.At.Step, l.player.Now}, nil
	}
}

// remind notes that the person is to answer a reminder. One that comes while they do
// not look at their phone is never answered: there will be newer ones.
func (l *life) remind(m shown) {
	act := l.person.reminded(m.kind)
	at, ok := l.person.looks(l.player.Now)
	if act == Leave || !ok || at.After(l.player.Now) {
		return
	}
	l.todo = append(l.todo, todo{at.Add(l.person.plan.reads), m.id, act})
}

// next is what the person does next, nil if that is nothing.
func (l *life) next() (at time.Time, act func() error) {
	earlier := func(t time.Time, what func() error) {
		if act == nil || t.Before(at) {
			at, act = t, what
		}
	}
	if plan := &l.person.plan; l.sent < len(plan.sends) {
		earlier(flows.Later(l.player.Now, plan.begin.Add(plan.sends[l.sent])), l.send)
	}
	if len(l.todo) > 0 {
		earlier(flows.Later(l.player.Now, l.todo[0].at), l.answerReminder)
	}
	if f, i := l.question(); f != nil && !l.leaves(&f.Steps[i]) {
		since := flows.Later(l.asked.since, l.count.acted)
		if t, ok := l.person.looks(since); ok {
			earlier(t.Add(l.person.plan.reads), l.answer)
		}
	}
	return at, act
}

// question is the question in force.
func (l *life) question() (*lang.Flow, int) {
	at := l.player.State().At
	f := l.player.Catalog.Flow(at.Flow)
	if f == nil {
		return nil, 0
	}
	i := f.Step(f.Heir(at.Step))
	if i < 0 || f.Steps[i].Question == nil {
		return nil, 0
	}
	return f, i
}

// leaves reports whether the person leaves a question standing. Without an answer of
// the script, that is one that waits for an instant of its own, which is a place to stay
// at, and one that offers only what the person does not want.
func (l *life) leaves(s *lang.Step) bool {
	if slices.Contains(l.person.Leaves, s.ID) || l.lost.has(s.ID) {
		return true
	}
	if l.person.answersTo(s.ID) != nil {
		return false
	}
	keys, _ := l.keyboard()
	avoided := func(key flows.Key) bool {
		choice := button.Choice(key.Data)
		return slices.Contains(l.person.plan.avoids, choice) || s.IsBack(choice)
	}
	stays := s.Wait != nil && s.Wait.Until != nil
	return stays || len(keys) > 0 && !slices.ContainsFunc(keys, func(key flows.Key) bool { return !avoided(key) })
}

// has reports whether a question of a step has been told to have no answer.
func (f *faults) has(step string) bool {
	return slices.ContainsFunc(f.list, func(err error) bool {
		var open *openQuestion
		return errors.As(err, &open) && open.step == step
	})
}

// openQuestion is a question that a script has no answer to.
type openQuestion struct {
	step   string
	offers []string
}

func (q *openQuestion) Error() string {
	return fmt.Sprintf("it has no answer to the question %q, which offers %s: add it to answers, or to leaves", q.step, strings.Join(q.offers, ", "))
}

func (l *life) send() error {
	text := l.person.Sends[l.sent].Text
	l.sent++
	return l.do(Typed, func() error {
		word, rest, _ := strings.Cut(text, " ")
		if strings.HasPrefix(word, "/") {
			return l.player.Do(flows.Command{Name: strings.ToLower(word[1:]), Args: strings.TrimSpace(rest)})
		}
		return l.player.Do(flows.Text{Text: text})
	})
}

// do lets the person do something.
func (l *life) do(what Figure, act func() error) error {
	l.count.acts(what)
	if err := act(); err != nil {
		return err
	}
	l.saw(false)
	return nil
}

// answerReminder presses what the person is about to press on a reminder, if it is
// still there.
func (l *life) answerReminder() error {
	t := l.todo[0]
	l.todo = l.todo[1:]
	keys := slices.Concat(l.player.Chat[t.message-1].Keyboard...)
	offers := func(act string) int {
		return slices.IndexFunc(keys, func(k flows.Key) bool { return firstButton(button.Choice(k.Data)) == firstButton(act) })
	}
	if i := offers(t.act); i >= 0 {
		l.count.answer(t.message)
		return l.press(keys[i], t.message)
	}
	// A round that the person has begun cannot be said to be on once more.
	if len(keys) > 0 && (firstButton(t.act) != "done" || offers("done") >= 0 || offers("skip") < 0) {
		return fmt.Errorf("the reminder %q has no button %q: correct what is said of it in reminders", l.count.chat[t.message-1].kind, t.act)
	}
	return nil
}

// firstButton is the first button of a reminder by one word: that of a call is "on", of
// all others "done".
func firstButton(act string) string {
	if act == "on" {
		return "done"
	}
	return act
}

func (l *life) press(key flows.Key, message int64) error {
	return l.do(Pressed, func() error { return l.player.Do(flows.Button{Data: key.Data, Message: message}) })
}

// answer answers the question in force.
func (l *life) answer() error {
	f, i := l.question()
	s := &f.Steps[i]
	keys, message := l.keyboard()
	want, ok := l.want(s, keys)
	if !ok {
		var offers []string
		for _, key := range keys {
			if key.Copy == "" { // which answers nothing
				offers = append(offers, button.Choice(key.Data))
			}
		}
		if s.Question.TakesTyped() {
			offers = append(offers, "what is typed")
		}
		l.lost.add(&openQuestion{s.ID, offers})
		return nil
	}
	l.pressed = append(l.pressed, want)
	if key, ok := offered(keys, want); ok {
		return l.press(key, message)
	}
	return l.do(Typed, func() error { return l.player.Do(flows.Text{Text: want}) })
}

// want is what the person answers; ok is false if the script does not say.
func (l *life) want(s *lang.Step, keys []flows.Key) (want string, ok bool) {
	list := l.person.answersTo(s.ID)
	for len(l.pressed) < len(list) && l.stands(s, list[len(l.pressed)]) {
		l.pressed = append(l.pressed, list[len(l.pressed)])
	}
	if len(l.pressed) < len(list) {
		want = list[len(l.pressed)]
		_, ok = offered(keys, want)
		return want, ok || s.Question.TakesTyped()
	}
	for _, want := range l.person.Otherwise {
		if _, ok := offered(keys, want); ok {
			return want, true
		}
	}
	return "", false
}

// stands reports whether a choice is part of what the person has put together, or begins
// with: to press it would take it away.
func (l *life) stands(s *lang.Step, choice string) bool {
	state := l.player.State()
	for _, b := range slices.Concat(s.Question.Buttons(l.player.Catalog.View(&state, s))...) {
		if b.TakesBack(choice) {
			return true
		}
	}
	return false
}

// keyboard is the newest one of a question.
func (l *life) keyboard() ([]flows.Key, int64) {
	for _, m := range slices.Backward(l.player.Chat) {
		if keys := slices.Concat(m.Keyboard...); kindOf(keys) == button.Screen {
			return keys, m.ID
		}
	}
	return nil, 0
}

// kindOf is what buttons belong to, 0 if there are none: a reminder may be a question.
func kindOf(keys []flows.Key) button.Kind {
	for _, key := range keys {
		if d, ok := button.Parse(key.Data); ok {
			return d.Kind
		}
	}
	return 0
}

// offered finds the button of a choice. The one that ends a question of several ticks
// carries what is ticked besides.
func offered(keys []flows.Key, choice string) (flows.Key, bool) {
	for _, key := range keys {
		if head, _, _ := strings.Cut(button.Choice(key.Data), "-"); head == choice {
			return key, true
		}
	}
	return flows.Key{}, false
}

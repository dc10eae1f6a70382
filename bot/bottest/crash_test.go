package bottest

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// crashVariable names crash points to try alone, by number.
const crashVariable = "SPASMBOT_CRASH_POINTS"

// TestCrashPoints lets a scripted week crash at its writes and calls, and wants
// the same week to come of it as without a crash. A week can take many
// crashes: the long version spreads all points over some hundred weeks, the
// short one has a single week of them.
func TestCrashPoints(t *testing.T) {
	t.Parallel()
	catalog := loadFlows(t, "", "UTC")
	begun := time.Now()
	calm := runWeek(t, catalog, nil)
	points := calm.crashes.passed
	calm.judge(t, calm, nil)
	t.Logf("a week of %d messages, %d presses and %d points in %v", len(calm.records.all), calm.presses, len(points), time.Since(begun))

	var numbers []int
	weeks := 1
	switch {
	case os.Getenv(crashVariable) != "":
		for s := range strings.SplitSeq(os.Getenv(crashVariable), ",") {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n >= len(points) {
				t.Fatalf("%s=%q: give numbers below %d", crashVariable, s, len(points))
			}
			numbers = append(numbers, n)
		}
	case torture():
		weeks = (len(points) + pointsAWeek - 1) / pointsAWeek
		for n := range points {
			numbers = append(numbers, n)
		}
	default:
		for i := range pointsAWeek {
			numbers = append(numbers, i*len(points)/pointsAWeek+i%7)
		}
	}
	numbers = slices.DeleteFunc(numbers, func(n int) bool { return joins(points[min(n, len(points)-1)]) })
	var struck, doubled int
	for i := range weeks {
		// Every weeks-th point: far enough apart for the bot to recover.
		var mine []int
		for j := i; j < len(numbers); j += weeks {
			mine = append(mine, min(numbers[j], len(points)-1))
		}
		t.Run(fmt.Sprint("week ", i), func(t *testing.T) {
			s, d := crashAt(t, calm, points, mine)
			struck, doubled = struck+s, doubled+d
		})
	}
	t.Logf("%d of %d points struck in %d weeks, %d messages came twice, %v", struck, len(points), weeks, doubled, time.Since(begun))
	if struck < len(numbers)*9/10 {
		t.Errorf("only %d of %d crashes took place", struck, len(numbers))
	}
}

var (
	armed = regexp.MustCompile(`reminder (\d+)/\d+ due`)
	fired = regexp.MustCompile(`reminder (\d+)/\d+ fired`)
	told  = regexp.MustCompile(`message (\d+)/\d+ queued`)
)

// joins reports whether a crash loses what would be told to one person in two
// messages at one instant: two timers, or one with a question behind it. Behind any
// absence they are told in one message.
func joins(p point) bool {
	twice := func(what *regexp.Regexp) bool {
		of := make(map[string]int)
		for _, found := range what.FindAllStringSubmatch(p.what, -1) {
			if of[found[1]]++; of[found[1]] > 1 {
				return true
			}
		}
		return false
	}
	return p.side == beforeWrite && (twice(armed) || fired.MatchString(p.what) && twice(told))
}

// pointsAWeek is how many crashes a week takes.
const pointsAWeek = 120

// crashAt runs a week with crashes, and again those alone that the first time
// were not come by, because a crash before had changed the way.
func crashAt(t *testing.T, calm *week, points []point, numbers []int) (struck, doubled int) {
	for range 2 {
		var plan []point
		for _, n := range numbers {
			plan = append(plan, points[n])
		}
		w := runWeek(t, calm.catalog, plan)
		doubled += w.judge(t, calm, numbers)
		struck += len(w.crashes.struck)
		numbers = slices.DeleteFunc(numbers, func(n int) bool { return !w.crashes.plan[points[n]] })
		if len(numbers) == 0 {
			break
		}
	}
	return struck, doubled
}

// judge compares a week with the one without a crash, and returns how many
// messages came twice.
func (w *week) judge(t *testing.T, calm *week, numbers []int) (doubled int) {
	t.Helper()
	var faults []string
	for _, err := range w.crashes.faults {
		faults = append(faults, err.Error())
	}
	if len(w.crashes.faults) > 3 {
		faults = append(faults[:3], fmt.Sprintf("and %d more of this kind", len(faults)-3))
	}
	faults = append(faults, w.compareRecords(calm)...)
	if w.presses != calm.presses {
		faults = append(faults, fmt.Sprintf("%d presses, want %d", w.presses, calm.presses))
	}
	w.records.checkPresses(t, w.presses)
	w.records.checkSettled(t)
	doubled, more := w.compareChats(calm)
	faults = append(faults, more...)
	if doubled > len(w.crashes.struck) {
		faults = append(faults, fmt.Sprintf("%d messages came twice at %d crashes", doubled, len(w.crashes.struck)))
	}
	if len(faults) == 0 {
		return doubled
	}
	t.Errorf("%d crashes and this came of it:\n%s\nto run these alone: %s=%s go test ./bot/bottest -run TestCrashPoints\nthe crashes:\n%s",
		len(w.crashes.struck), strings.Join(faults, "\n"), crashVariable, strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ","), "[]"), w.crashes.list())
	return doubled
}

func (c *crashes) list() string {
	var b strings.Builder
	for _, s := range c.struck {
		fmt.Fprintf(&b, "%s %s\n", s.at.Format(time.DateTime), s.point)
	}
	return b.String()
}

// tolerance is how far a crash may move what happens.
const tolerance = glance - 5*time.Second

// compareRecords compares all that was kept, line by line. Only times may
// differ, and the ids that the server gave.
func (w *week) compareRecords(calm *week) (faults []string) {
	for _, a := range cast() {
		for _, kind := range []string{"episode", "entry", "reminder", "message"} {
			got, want := w.records.of(a.id, kind), calm.records.of(a.id, kind)
			if len(got) != len(want) {
				faults = append(faults, fmt.Sprintf("%d has %d records %q, want %d", a.id, len(got), kind, len(want)))
			}
			for i := range min(len(got), len(want)) {
				if !alike(got[i], want[i]) {
					faults = append(faults, fmt.Sprintf("%d has as %s %d\n  %s, want\n  %s", a.id, kind, i, got[i], want[i]))
					break // what follows is a consequence
				}
			}
		}
	}
	return faults
}

func alike(a, b record) bool {
	near := func(s, t *time.Time) bool {
		return (s == nil) == (t == nil) && (s == nil || s.Sub(*t).Abs() <= tolerance)
	}
	if !near(a.Onset, b.Onset) || !near(a.Started, b.Started) || !near(a.Ended, b.Ended) ||
		!near(a.Due, b.Due) || !near(a.Sent, b.Sent) || !near(a.Queued, b.Queued) || !near(&a.At, &b.At) || (a.MessageID == 0) != (b.MessageID == 0) {
		return false
	}
	for _, r := range []*record{&a, &b} {
		r.Onset, r.Started, r.Ended, r.Due, r.Queued, r.Sent, r.At, r.MessageID = nil, nil, nil, nil, nil, nil, time.Time{}, 0
	}
	return a == b
}

func (r record) String() string {
	at := r.At
	if r.Due != nil {
		at = *r.Due
	}
	sent := ""
	if r.Sent != nil {
		sent = r.Sent.Format(time.DateTime)
	}
	return fmt.Sprintf("%s %s%s %s %s %s %s update %d, sent %q as %d", at.Format(time.DateTime), r.ID, r.Episode, r.Kind, r.Step, r.Choice, r.State, r.UpdateID, sent, r.MessageID)
}

// compareChats wants every message that people have without a crash, in the
// same order; between them may stand what came twice.
func (w *week) compareChats(calm *week) (doubled int, faults []string) {
	for _, a := range cast() {
		got, want := w.chats[a.id], calm.chats[a.id]
		j := 0
		for _, m := range got {
			if j < len(want) && m.Text == want[j].Text && fmt.Sprint(m.Labels()) == fmt.Sprint(want[j].Labels()) {
				j++
			}
		}
		if j < len(want) {
			faults = append(faults, fmt.Sprintf("%d lacks the message %d of %d: %q", a.id, j, len(want), want[j].Text))
		}
		doubled += len(got) - len(want)
	}
	return doubled, faults
}

// checkSettled wants nothing on its way when the week is over, and nothing lost
// but what was for the person who had blocked the bot.
func (r *records) checkSettled(t *testing.T) {
	t.Helper()
	blocker := cast()[2].id
	for _, rec := range r.all {
		if rec.Record == "message" && rec.State != "sent" && !rec.withdrawn() && (rec.State != "failed" || rec.User != blocker) {
			t.Errorf("message %s is %s", rec.ID, rec.State)
		}
	}
}

package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

const (
	// secret stands in everything that the person of the tests has.
	secret       = "zebra-crossing"
	secretPerson = 0x1f2e3d4c5b6a7
)

// confide puts records of every kind for a person, in a turn of its own each, so that
// earlier states of them are left in the file.
func confide(s *Store, user int64, words string) error {
	for n := range uint64(60) {
		at := start.Add(time.Duration(n) * time.Minute)
		state := flows.State{User: user, Messages: n, Heard: at, Vars: []flows.Var{{Name: words, Value: flows.TextOf(words)}}}
		m := storage.Message{User: user, Chat: user, State: storage.Queued, Queued: at, Cause: words}
		m.Number, m.Text = n, strings.Repeat(words+" ", 30)
		if n%3 == 0 {
			m.State = storage.Sent
		}
		r := storage.Reminder{User: user, State: flows.Armed}
		r.ID, r.Kind, r.Due = n, words, at
		e := storage.Entry{User: user}
		e.Seq, e.Value = n, words
		episode := storage.Episode{User: user}
		episode.Number, episode.Outcome = n, words
		q := storage.Quarantined{At: at, Raw: fmt.Appendf(nil, "{%d %s", user, strings.Repeat(words, 40))}
		if err := s.Update(context.Background(), func(tx storage.Tx) error {
			return errors.Join(tx.PutState(state), tx.PutMessage(m), tx.PutReminder(r), tx.PutEntry(e), tx.PutEpisode(episode), tx.Quarantine(q))
		}); err != nil {
			return err
		}
	}
	return nil
}

func forget(s *Store, user int64) (n storage.Forgotten, err error) {
	err = s.Update(context.Background(), func(tx storage.Tx) (err error) { n, err = tx.Forget(user); return err })
	return n, err
}

// traces counts where a file still tells of the person of the tests.
func tracesOf(t *testing.T, path string) (n int) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range [][]byte{[]byte(secret), intKey(secretPerson), fmt.Append(nil, secretPerson)} {
		n += bytes.Count(raw, trace)
	}
	return n
}

// withOthers fills a file with the person of the tests and people beside.
func withOthers(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	if err := errors.Join(confide(s, 1, "of another"), confide(s, secretPerson, secret), confide(s, math.MaxInt64, "of a third"),
		s.Update(t.Context(), increment(5)), s.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsForgottenGoesFromTheFile(t *testing.T) {
	path := newPath(t)
	withOthers(t, path)
	// A commit that failed may have left a page behind all others.
	raw, err := os.ReadFile(path)
	if err == nil {
		last := make([]byte, os.Getpagesize())
		copy(last[100:], secret)
		err = os.WriteFile(path, append(raw, last...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	before := exported(t, s)
	n, err := forget(s, secretPerson)
	if err != nil || n.Total() != 1+5*60 {
		t.Errorf("forgotten: %+v, %v", n, err)
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Error(err)
	}
	if n := tracesOf(t, path); n > 0 {
		t.Errorf("the file tells of the person in %d places", n)
	}
	var want []byte
	for line := range bytes.Lines(before) {
		if !bytes.Contains(line, fmt.Append(nil, secretPerson)) && !bytes.Contains(line, []byte(secret)) {
			want = append(want, line...)
		}
	}
	if got := exported(t, s); !bytes.Equal(got, want) {
		t.Errorf("%d bytes are exported of the others, want %d", len(got), len(want))
	}
	if err := s.Update(t.Context(), increment(5)); err != nil {
		t.Error(err)
	}
	wantCount(t, s, 5, 2)
}

func TestWhatIsPrunedGoesFromTheFile(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := s.Update(t.Context(), func(tx storage.Tx) error {
		errs := []error{increment(7)(tx)}
		for n := range uint64(40) {
			m := storage.Message{User: 7, State: storage.Failed, Queued: start, Cause: strings.Repeat(secret, 50)}
			m.Number = n
			errs = append(errs, tx.PutMessage(m))
		}
		return errors.Join(errs...)
	}); err != nil {
		t.Fatal(err)
	}
	if tracesOf(t, path) < 40*50 {
		t.Fatal("the words are not in the file to begin with")
	}
	if err := s.Update(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Prune(start.Add(time.Hour), math.MinInt64, 1000)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Error(err)
	}
	if n := tracesOf(t, path); n > 0 {
		t.Errorf("the file still holds the words in %d places", n)
	}
}

// Whoever has read since before a person was forgotten goes on reading; the file is
// cleared when they end.
func TestClearingWaitsForReaders(t *testing.T) {
	path := newPath(t)
	withOthers(t, path)
	s := open(t, path)
	reading, over := make(chan struct{}), make(chan struct{})
	var readers sync.WaitGroup
	readers.Go(func() {
		err := s.View(t.Context(), func(r storage.Reader) error {
			close(reading)
			<-over
			state, err := r.State(secretPerson)
			if got := state.Var(secret); got != flows.TextOf(secret) {
				t.Errorf("a reader finds %+v", got)
			}
			return errors.Join(err, checkRecords(r.(*readTx)))
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-reading
	if _, err := forget(s, secretPerson); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	clearing := make(chan error, 1)
	go func() { clearing <- s.Clear(ctx) }()
	for range 20 { // others write meanwhile
		if err := s.Update(t.Context(), increment(5)); err != nil {
			t.Error(err)
		}
	}
	cancel()
	if err := <-clearing; !errors.Is(err, context.Canceled) {
		t.Errorf("cleared under the eyes of a reader: %v", err)
	}
	close(over)
	readers.Wait()
	if err := s.Clear(t.Context()); err != nil {
		t.Error(err)
	}
	if n := tracesOf(t, path); n > 0 {
		t.Errorf("the file tells of the person in %d places", n)
	}
	wantCount(t, s, 5, 21)
}

// Of the last message to somebody who was forgotten, not even for whom it was stays.
func TestFleetingMessagesGoFromTheFile(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	m := storage.Message{User: secretPerson, Chat: secretPerson, State: storage.Queued}
	m.Number, m.Text, m.Fleeting = 1<<63, secret, true
	for _, m.State = range []storage.MessageState{storage.Queued, storage.Sending, storage.Sent} {
		if err := s.Update(t.Context(), func(tx storage.Tx) error { return tx.PutMessage(m) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Error(err)
	}
	if n := tracesOf(t, path); n > 0 {
		t.Errorf("the file tells of the person in %d places", n)
	}
}

// Turns come between the steps of a clearing.
func TestTurnsComeBetweenSteps(t *testing.T) {
	path := newPath(t)
	withOthers(t, path)
	stepped, goOn := make(chan int), make(chan struct{})
	s := open(t, path, withPace(pace{read: 4, write: 2, stepped: func(next int) { stepped <- next; <-goOn }}))
	if _, err := forget(s, secretPerson); err != nil {
		t.Fatal(err)
	}
	steps := uint64(0)
	for next := -1; next != 0; {
		next = <-stepped
		steps++
		if err := s.Update(t.Context(), increment(5)); err != nil {
			t.Error(err)
		}
		goOn <- struct{}{}
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Error(err)
	}
	if n := tracesOf(t, path); n > 0 || steps < 10 {
		t.Errorf("after %d steps the file tells of the person in %d places", steps, n)
	}
	wantCount(t, s, 5, 1+steps)
}

// Readers find everything whole while others are forgotten, and pages are cleared and
// used again, as fast as that goes.
func TestClearingTakesNothingThatIsNeeded(t *testing.T) {
	path := newPath(t)
	s := open(t, path, withPace(pace{read: 16, write: 8, stepped: func(int) {}}))
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				if err := s.View(t.Context(), func(r storage.Reader) error { return checkRecords(r.(*readTx)) }); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for round := range 4 {
		user := int64(round%3) + 1
		if err := confide(s, user, secret); err != nil {
			t.Fatal(err)
		}
		if n, err := forget(s, user); err != nil || n.Total() != 1+5*60 {
			t.Errorf("forgotten: %+v, %v", n, err)
		}
	}
	cancel()
	readers.Wait()
	if err := errors.Join(s.Clear(t.Context()), s.Check(t.Context())); err != nil {
		t.Error(err)
	}
	if n := tracesOf(t, path); n > 0 {
		t.Errorf("the file still holds the words in %d places", n)
	}
}

// forgetInSteps forgets the person of the tests, and stops in the middle of clearing.
func forgetInSteps(path string) error {
	steps := 0
	s, err := Open(path, withPace(pace{read: 4, write: 1, stepped: func(int) {
		if steps++; steps == 8 {
			fmt.Println("in the middle")
			_, _ = io.Copy(io.Discard, os.Stdin)
		}
	}}))
	if err == nil {
		_, err = forget(s, secretPerson)
	}
	if err != nil {
		return err
	}
	return s.Clear(context.Background())
}

func TestKilledWhileClearing(t *testing.T) {
	path := newPath(t)
	withOthers(t, path)
	whole := tracesOf(t, path)
	cmd, _, out := other(t, "forget", path)
	wantLine(t, out, "in the middle")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if n := tracesOf(t, path); n == 0 || n >= whole {
		t.Fatalf("it was not in the middle: %d places of %d", n, whole)
	}
	// The next start goes on, though nobody asks for it.
	cleared := make(chan struct{})
	s := open(t, path, withPace(pace{read: 1000, write: 1000, stepped: func(next int) {
		if next == 0 {
			close(cleared)
		}
	}}))
	<-cleared
	if n := tracesOf(t, path); n > 0 {
		t.Errorf("the file tells of the person in %d places", n)
	}
	if err := errors.Join(s.Check(t.Context()), s.Update(t.Context(), increment(5))); err != nil {
		t.Error(err)
	}
	wantCount(t, s, 5, 2)
	// And once is enough.
	if err := errors.Join(s.Clear(t.Context()), s.Close()); err != nil {
		t.Error(err)
	}
	s = open(t, path, withPace(pace{read: 1000, write: 1000, stepped: func(int) { t.Error("it is cleared again") }}))
	if err := errors.Join(s.Update(t.Context(), increment(5)), s.Clear(t.Context())); err != nil {
		t.Error(err)
	}
}

package bot

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"

	"spasmbot/storage"
)

// poisonError says that one event of a batch can never be stored, however often
// it is tried; key tells which.
type poisonError struct {
	key int64
	err error
}

func (e *poisonError) Error() string { return e.err.Error() }
func (e *poisonError) Unwrap() error { return e.err }

// poison marks err as the fault of one event if trying again cannot help.
func poison(key int64, err error) error {
	if !hopeless(err) {
		return err
	}
	return &poisonError{key, err}
}

// hopeless reports whether err lies in the data and not in the store: a record
// that cannot be read, or a value that no store keeps.
func hopeless(err error) bool {
	return errors.Is(err, storage.ErrDamaged) || errors.Is(err, storage.ErrNewer) || errors.Is(err, storage.ErrUnstorable)
}

// panicError is a panic of the step function or the gateway. It tells where and,
// for faults of the runtime, what; any other panic value might hold what a person
// wrote.
type panicError struct{ where, what string }

func (e *panicError) Error() string { return fmt.Sprintf("panic at %s: %s", e.where, e.what) }

func panicked(err error) bool {
	_, ok := errors.AsType[*panicError](err)
	return ok
}

func unlessPanicked(err error) error {
	if panicked(err) {
		return nil
	}
	return err
}

// sound calls what must not take everybody down with it, and makes a *panicError
// of a panic.
func sound(log *slog.Logger, what string, call func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			broken := &panicError{where: panicSite(), what: fmt.Sprintf("%T", v)}
			if fault, ok := v.(runtime.Error); ok {
				broken.what = fault.Error()
			}
			log.Error(what+"; this is a bug, please report it", "error", broken)
			err = broken
		}
	}()
	return call()
}

// panicSite is the file and line that panicked: the first frame of the stack
// below the runtime's own.
func panicSite() string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(1, pc)])
	inRuntime := false
	for {
		f, more := frames.Next()
		switch own := strings.HasPrefix(f.Function, "runtime."); {
		case own:
			inRuntime = true
		case inRuntime:
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "unknown place"
		}
	}
}

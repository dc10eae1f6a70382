package bot

import (
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{1: retryMin, 2: 2 * retryMin, 3: 4 * retryMin, 50: longestBackoff} {
		if got := backoff(n, 1); got != want {
			t.Errorf("after %d failures: %v, want %v", n, got, want)
		}
		if got := backoff(n, 0); got != want/2 {
			t.Errorf("after %d failures, least jitter: %v, want %v", n, got, want/2)
		}
	}
}

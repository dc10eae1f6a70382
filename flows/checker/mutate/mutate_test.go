package mutate

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"spasmbot/flows/checker"
)

var (
	update = flag.Bool("update", false, "write testdata/hints.json and testdata/found.txt anew")
	only   = flag.String("mutants", "", "judge only the mutants whose key has this `regexp`")
	done   = flag.String("verdicts", "", "note what becomes of each mutant in this `file`, and do not judge those anew that it has of the same flows")
	sample = flag.Int("sample", 0, "judge so many of the mutants only, drawn with a fixed seed; 0 for all")
	guard  = flag.Bool("guards", false, "judge only the mutants that, by their place, lead past a sign, a gate, a gap, a take-off or a stop")
)

// sameFile lists the mutants after which nobody is led past anything that is promised,
// each with its reason: those that could, by their place, one by one, and the others by
// their kind.
const sameFile = "testdata/same.txt"

// harmless is one mutant, by its key, or a kind of them, and why they lead past nothing.
type harmless struct {
	keys   *regexp.Regexp
	one    bool
	reason string
}

type listing []harmless

// reason is why a mutant is harmless. A kind says nothing of one that guards.
func (l listing) reason(key string, guard bool) (reason string, one, ok bool) {
	for _, h := range l {
		if h.keys.MatchString(key) && (h.one || !guard) {
			return h.reason, h.one, true
		}
	}
	return "", false, false
}

// listed reads sameFile: "= " and a key, or a regexp for whole keys; tab, reason.
func listed(t testing.TB) (list listing) {
	t.Helper()
	data, err := os.ReadFile(sameFile)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		keys, reason, ok := strings.Cut(line, "\t")
		key, one := strings.CutPrefix(keys, "= ")
		if one {
			keys = regexp.QuoteMeta(key)
		}
		re, err := regexp.Compile("^(?:" + keys + ")$")
		if err != nil || !ok || reason == "" {
			t.Fatalf("%s:%d: write \"= key\" or a regexp, tab, reason: %q", sameFile, i+1, line)
		}
		list = append(list, harmless{re, one, reason})
	}
	return list
}

// TestListed: every mutant has a name of its own, and those that are listed exist.
func TestListed(t *testing.T) {
	b := newBench(t)
	keys := make(map[string]bool)
	for _, m := range b.src.mutants(b.catalog.Vars) {
		if keys[m.key] {
			t.Errorf("two mutants are called %q", m.key)
		}
		keys[m.key] = true
	}
	for _, h := range listed(t) {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(keys)), h.keys.MatchString) {
			t.Errorf("%s: there is no mutant like %q any more: take the line away", sameFile, h.keys)
		}
	}
}

// TestWritten: a file that is written without a mistake is the file that was read,
// so that a mutant has its one mistake and no other.
func TestWritten(t *testing.T) {
	b := newBench(t)
	for _, name := range slices.Sorted(maps.Keys(b.src.trees)) {
		none := &mutant{file: name, make: []func(tree) tree{func(root tree) tree { return root }}}
		c, err := b.load(none)
		if err != nil || c.Fingerprint != b.catalog.Fingerprint {
			t.Errorf("%s is another flow when it is written: %v", name, err)
		}
	}
}

// seed and the samples of the short run: mutants that are looked at only, and those
// of foundFile that are judged.
const (
	seed      = 1
	looked    = 30
	judged    = 4
	foundFile = "testdata/found.txt"
)

// TestSample: of the mutants that a promise has found, some are found again, and of
// some others what can be told without a proof is told.
func TestSample(t *testing.T) {
	b, list := newBench(t), listed(t)
	b.readHints(t)
	b.notes = slices.Concat(b.catalog.Notes, checker.Notes(b.catalog))
	all, guards := b.src.mutants(b.catalog.Vars), b.guarding()
	mix := rand.New(rand.NewPCG(seed, 0))
	s := newScore()
	keys := readFound(t)
	mix.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	for _, key := range keys[:min(judged, len(keys))] {
		i := slices.IndexFunc(all, func(m *mutant) bool { return m.key == key })
		if i < 0 {
			t.Errorf("%s: there is no mutant %q any more: take the line away", foundFile, key)
			continue
		}
		o := b.judge(all[i])
		t.Logf("%s: %s", key, o)
		s.add(t, all[i], o, guards(all[i]), list)
		all = slices.Delete(all, i, i+1)
	}
	mix.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, m := range all[:looked] {
		if o, _, ok := b.look(m); ok {
			s.add(t, m, o, guards(m), list)
		}
	}
	t.Log("shortened: make mutate judges all mutants\n" + s.String())
}

// TestMutate judges all mutants.
func TestMutate(t *testing.T) {
	if os.Getenv("SPASMBOT_LONG") == "" {
		t.Skip("hours of proofs: only with SPASMBOT_LONG=1, as in make mutate")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	wanted, err := regexp.Compile(*only)
	if err != nil {
		t.Fatal(err)
	}
	b, list := newBench(t), listed(t)
	b.readHints(t)
	b.prove(t)
	if *update {
		b.writeHints(t)
	}
	guards := b.guarding()
	all := slices.DeleteFunc(b.src.mutants(b.catalog.Vars), func(m *mutant) bool {
		return !wanted.MatchString(m.key) || *guard && !guards(m)
	})
	if *sample > 0 {
		mix := rand.New(rand.NewPCG(seed, 0))
		mix.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:min(*sample, len(all))]
	}
	// What matters most comes first: the run is long.
	slices.SortStableFunc(all, func(x, y *mutant) int { return cmp.Compare(order(guards(x)), order(guards(y))) })
	s := newScore()
	for i, o := range b.outcomes(t, all) {
		s.add(t, all[i], o, guards(all[i]), list)
	}
	if *update {
		writeFound(t, s.byPromise, all)
	}
	t.Log("\n" + s.String())
}

// outcomes judges mutants, one a processor: most of it is to build their models.
func (b *bench) outcomes(t *testing.T, all []*mutant) []outcome {
	list := make([]outcome, len(all))
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	known := readVerdicts(t, b)
	for i, m := range all {
		if o, ok := known.of[m.key]; ok {
			list[i] = o
			continue
		}
		turns <- struct{}{}
		wg.Go(func() {
			defer func() { <-turns }()
			begun := time.Now()
			list[i] = b.judge(m)
			known.note(t, m, list[i])
			t.Logf("%d of %d, %.1f s: %s: %s", i+1, len(all), time.Since(begun).Seconds(), m.key, list[i])
		})
	}
	wg.Wait()
	return list
}

// writeFound notes what a run has found by a promise; of what it did not judge, the file
// says what it said.
func writeFound(t *testing.T, found []string, judged []*mutant) {
	t.Helper()
	for _, key := range readFound(t) {
		if !slices.ContainsFunc(judged, func(m *mutant) bool { return m.key == key }) {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	if err := os.WriteFile(foundFile, []byte(strings.Join(found, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFound(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(foundFile)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

func order(guard bool) int {
	if guard {
		return 0
	}
	return 1
}

// guarding tells the mutants that lead past a sign, a gate, a gap, a take-off or a
// stop.
func (b *bench) guarding() func(m *mutant) bool {
	promised, keepers := b.promised(), b.keepers()
	return func(m *mutant) bool { return b.guards(m, promised, keepers) }
}

// score counts mutants.
type score struct {
	total                       int
	verdicts                    map[verdict]int
	reasons                     map[string]int
	guards, found, open, unsure int
	// byPromise are the keys of those that a promise finds.
	byPromise []string
}

func newScore() *score {
	return &score{verdicts: make(map[verdict]int), reasons: make(map[string]int)}
}

// add counts a mutant. One that nobody finds must be listed.
func (s *score) add(t *testing.T, m *mutant, o outcome, guard bool, list listing) {
	t.Helper()
	reason, one, known := list.reason(m.key, guard)
	switch {
	case o.verdict == unfound && known:
		o = outcome{allowed, reason}
	case o.verdict == unfound:
		t.Errorf("%s: nobody finds it: add a promise, or write it into %s with the reason why it leads past nothing", m.key, sameFile)
	case o.verdict != notJudged && known && one:
		t.Errorf("%s: it is %s: take its line out of %s", m.key, o, sameFile)
	}
	if o.verdict == byPromise {
		s.byPromise = append(s.byPromise, m.key)
	}
	s.total++
	s.verdicts[o.verdict]++
	if o.verdict == same || o.verdict == allowed {
		s.reasons[o.why]++
	}
	switch {
	case !guard || o.verdict == same || o.verdict == allowed:
	case o.verdict == unfound:
		s.guards++
		s.unsure++
	case o.verdict == notJudged:
		s.guards++
		s.open++
	default:
		s.guards++
		s.found++
	}
}

func (s *score) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "mutants: %d\n", s.total)
	for _, v := range []verdict{byLoader, byNote, byPromise, notJudged, same, allowed, unfound} {
		fmt.Fprintf(&out, "%5d %s\n", s.verdicts[v], v)
	}
	for _, why := range slices.Sorted(maps.Keys(s.reasons)) {
		fmt.Fprintf(&out, "      %5d %s\n", s.reasons[why], why)
	}
	fmt.Fprintf(&out, "of %d that lead past a sign, a gate, a gap, a take-off or a stop, %d are found, %d make a check fail that judges a promise no more, %d are found by nobody", s.guards, s.found, s.open, s.unsure)
	return out.String()
}

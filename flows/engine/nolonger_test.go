package engine_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestNoLonger: what people had to live through once happens in no transcript any more.
// The parts of a transcript are told by what its people do: from is the input behind
// which it is looked at, from its beginning if empty.
func TestNoLonger(t *testing.T) {
	c := shipped(t)
	for _, test := range []struct{ file, what, from, has, hasNot string }{
		{"topic_six_taps", "six quick taps pass all signs", "tap none", `Please read the message first`, `answer emergency_signs none(.|\n)*> wait 5s`},
		{"persona_emergency_number", "the emergency screen erases the list that it speaks of", "press any", `\[Legs or a foot\](.|\n)*✓ Emergency signs: Yes`, `deletes +\*Since this began`},
		{"persona_emergency_silence", "a clinician has cleared whom nobody can have seen yet", "press any", `0:30 (.|\n)*\[I was looked at\]`, `\[I was looked at\](.|\n)*  0:30  timeline`},
		{"persona_chest_pain", "chest pain is to say that it is bad back pain, and to lie still", "press any", `Say this first: Chest pain, hard to breathe`, `bad back pain|Lie still`},
		{"persona_emergency_silence", "silence of three days behind an alarm", "press any", `0:15 (.|\n)* 1:00 (.|\n)* 12:00 +says`, `reminder (cold|heat|water|move|check-in)`},
		{"topic_mistake", "no way to say that a doctor today was a mistake", "press lying", `answer today_which mistake(.|\n)*answer onset_time now`, ``},
		{"persona_foot", "the foot that a hospital has looked at is an alarm next morning", "wait 22h50m", `Since you were seen`, `(?i)call 112|see a doctor today`},
		{"persona_cancer", "cancer sends away again at every Worse", "/worse", `answer today_new none`, `(?i)see a doctor today|Cancer once`},
		{"persona_pregnant", "pregnancy sends away again", "wait 16h15m", `Since you were seen`, `(?i)see a doctor today|no midwife`},
		{"persona_brittle_bones", "age and brittle bones send away again at Worse", "/worse", `answer today_new none`, `(?i)see a doctor today|unlike any`},
		{"persona_onset_72_hours", "cold behind hour 72", "", `heat-on`, `cold-on`},
		{"persona_raynaud", "72 hours without warmth for whom cold harms", "press now", `  0:00 .*\n(.|\n)*Gentle warmth may ease it`, `cold-on`},
		{"persona_blood_thinners", "blood thinners are never asked about", "", `\[Blood thinners, clots, bleeding\](.|\n)*answer facts some \(bleeding\)`, `heat-on`},
		{"persona_numb", "numb skin is asked about in each gate anew", "press Done", `We leave cold out(.|\n)*We leave warmth out`, `numb skin|(cold|heat)_ready`},
		{"persona_unsure", "who is sure of nothing stays without an answer", "press unsure", `answer rest_today unsure`, ``},
		{"persona_minor", "who is under 18 is let in by a second try, or is kept for ever", "", `> /spasm\n.*start spasm\n.*Stop.*\n\n +This bot is for adults(.|\n)*forgets +everything`, `Emergency signs|Since this began`},
		{"persona_second", "known facts are asked again in the second spasm", "wait 21d", `\[✓ Kidney or liver disease\]`, `first_agree|in_country`},
		{"persona_back", "no way back", "", `answer rest_upright back(.|\n)*answer facts back(.|\n)*answer in_country back(.|\n)*answer in_city back(.|\n)*answer onset_part back`, `Signs.* back\n`},
		{"place_delhi", "half past seven in the place of eight in Delhi", "", `08:00`, `exercise at .* 07:30`},
	} {
		src, err := os.ReadFile("testdata/" + test.file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		got, err := newPerson(t, c).Play(string(src))
		if err != nil {
			t.Fatal(err)
		}
		if _, behind, found := strings.Cut(got, "> "+test.from+"\n"); found {
			got = behind
		} else if test.from != "" {
			t.Errorf("%s has no %q", test.file, test.from)
		}
		if !regexp.MustCompile(test.has).MatchString(got) {
			t.Errorf("%s: %s: there is no %s", test.file, test.what, test.has)
		}
		if test.hasNot != "" {
			if m := regexp.MustCompile(test.hasNot).FindString(got); m != "" {
				t.Errorf("%s: %s: there is %q", test.file, test.what, m[:min(len(m), 200)])
			}
		}
	}
}

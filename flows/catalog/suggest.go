package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// use lists what is known, and first of all what the editor seems to have
// meant. list introduces the known words.
func use(word, list string, known []string) string {
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q? %s %s", near, list, strings.Join(known, ", "))
	}
	return list + " " + strings.Join(known, ", ")
}

// didYouMean is use for sets too large to list.
func didYouMean(word string, known []string, otherwise string) string {
	if near := nearest(word, slices.Sorted(slices.Values(known))); near != "" {
		return fmt.Sprintf("did you mean %q? Otherwise %s", near, otherwise)
	}
	return otherwise
}

// nearest returns the known word that needs the fewest changes to become this
// one, "" if none is near.
func nearest(word string, known []string) string {
	best, distance := "", len(word)/5+2
	for _, k := range known {
		if k == word || min(len(k), len(word)) < 2 {
			continue
		}
		if len(k)-len(word) >= distance || len(word)-len(k) >= distance {
			continue
		}
		if d := edits(word, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// edits counts the letters to add, drop, change or swap with their neighbour.
func edits(a, b string) int {
	if len(a) > 60 || len(b) > 60 {
		return 60
	}
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

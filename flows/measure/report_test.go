package measure

import (
	"strings"
	"testing"
)

// TestWriteTable: days that are alike one behind the other are one row.
func TestWriteTable(t *testing.T) {
	rang := func(n int) Figures {
		day := none()
		day[Rings] = n
		return day
	}
	three := 3
	report := Report{Person: "mia", Days: []Figures{rang(1), rang(2), rang(2), rang(2), rang(1)}, Marks: []Reached{{"a", "1m", Figures{Rings: 7}}, {Mark: "b"}}}
	var out strings.Builder
	if err := WriteTable(&out, []Report{report}, []Held{{"mia, day 1", Rings, 4, 3, nil}, {"mia, day 2", Rings, 4, 4, &three}}); err != nil {
		t.Fatal(err)
	}
	const want = `mia: (no words about them)
                  presses  typed  words  screens  rings  silent  edits  invitations  crowded  disturbing  standing  keyboards
  until a         -        -      -      -        7      -       -      -            -        -           -         -
  until b: never  -        -      -      -        -      -       -      -            -        -           -         -
  day 1           0        0      0      0        1      0       0      0            0        0           0         0
  day 2 to 4      0        0      0      0        2      0       0      0            0        0           0         0
  day 5           0        0      0      0        1      0       0      0            0        0           0         0

budgets
  of                 measured  at most  to reach
  mia, day 1  rings  4         3        -  EXCEEDED
  mia, day 2  rings  4         4        3
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

package main

import (
	"fmt"
	"io"
	"os"

	"spasmbot/flows/trace"
)

// traces is the part of "spasmbot flows check" that holds timelines against flows.
type traces struct {
	Traces string `type:"existingfile" placeholder:"EXPORT" help:"Instead of proving promises, hold the timelines in this file, which spasmbot export has printed, against the flows; - reads them from standard input. What is printed is health data."`
	Zone   string `default:"UTC" env:"SPASMBOT_ZONE" help:"With --traces: the bot's own --zone."`
}

// judge prints what is found of the timelines. It fails if one is refused.
func (c *traces) judge(w *world, dir string) error {
	cat, err := loadFlows(dir, c.Zone)
	if err != nil {
		return err
	}
	in := w.stdin
	if c.Traces != "-" {
		file, err := os.Open(c.Traces)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	export, err := trace.Read(in)
	if err != nil {
		return err
	}
	refused := showFindings(w.stdout, trace.Judge(cat, export))
	switch refused {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("a timeline is refused: it says what these flows cannot bring")
	}
	return fmt.Errorf("%d timelines are refused: they say what these flows cannot bring", refused)
}

// showFindings prints what is not accepted, and how many timelines there are of each
// verdict. It returns how many are refused.
func showFindings(out io.Writer, found []trace.Finding) (refused int) {
	count := make(map[trace.Verdict]int)
	for _, f := range found {
		count[f.Verdict]++
		switch f.Verdict {
		case trace.Accepted:
		case trace.Refused:
			fmt.Fprintf(out, "person %d, episode %s: refused at entry %d: %s\n", f.User, f.Episode, f.Entry, f.Why)
		case trace.NotJudged:
			fmt.Fprintf(out, "person %d, episode %s: not judged: %s\n", f.User, f.Episode, f.Why)
		}
	}
	fmt.Fprintf(out, "timelines: accepted %d, refused %d, not judged %d\n", count[trace.Accepted], count[trace.Refused], count[trace.NotJudged])
	return count[trace.Refused]
}

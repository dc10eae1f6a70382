package report_test

import (
	"testing"

	"spasmbot/bot/report"
)

// Each paper is made for a spasm of 30 days with 1,000 entries.
func BenchmarkChart(b *testing.B) {
	benchmark(b, func(p report.Person) ([]byte, error) { return report.Chart(p, report.Light()) })
}
func BenchmarkReport(b *testing.B)   { benchmark(b, report.Report) }
func BenchmarkCalendar(b *testing.B) { benchmark(b, report.Calendar) }
func BenchmarkCSV(b *testing.B)      { benchmark(b, report.CSV) }
func BenchmarkJSON(b *testing.B)     { benchmark(b, report.JSON) }

func benchmark(b *testing.B, paper func(report.Person) ([]byte, error)) {
	p := long(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := paper(p); err != nil {
			b.Fatal(err)
		}
	}
}

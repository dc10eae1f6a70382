package catalog_test

import (
	"reflect"
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
)

func TestShippedCatalogLoads(t *testing.T) {
	if _, err := catalog.Load(catalog.Shipped(), "UTC"); err != nil {
		t.Fatal(err)
	}
}

// TestEveryExpressionIsCompiled: an expression that was read and then lost
// would be a condition that always holds.
func TestEveryExpressionIsCompiled(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	spasm := c.Flow("spasm")
	cold, heat := c.Track("cold"), c.Track("heat")
	worse := c.Flow("worse")
	for what, e := range map[string]*flows.Expr{
		"cold.until":        cold.Until,
		"heat.from":         heat.From,
		"heat.until":        heat.Until,
		"water.until":       c.Track("water").Until,
		"worse_water.when":  worse.Steps[worse.Step("worse_water")].When,
		"phase.go[0].when":  spasm.Steps[spasm.Step("phase")].Next[0].When,
		"hour.set":          spasm.Steps[spasm.Step("hour")].Set[0].Value,
		"onset_time.now":    spasm.Steps[spasm.Step("onset_time")].Choices[0].Set[0].Value,
		"care_cold.until":   spasm.Steps[spasm.Step("care_cold")].Wait.Until,
		"cold from its map": c.Track("cold").Until,
	} {
		if e == nil {
			t.Errorf("%s is not compiled", what)
		}
	}
	if !reflect.DeepEqual(c.Vars["pain"], float64(0)) {
		t.Errorf("pain is a %T, want a number", c.Vars["pain"])
	}
}

// BenchmarkLoadShipped loads and checks the catalog that comes with the
// program. It must stay well below 100 ms.
func BenchmarkLoadShipped(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := catalog.Load(catalog.Shipped(), "UTC"); err != nil {
			b.Fatal(err)
		}
	}
}

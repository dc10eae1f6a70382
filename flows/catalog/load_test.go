package catalog_test

import (
	"testing"

	"spasmbot/flows/catalog"
)

func TestShippedCatalogLoads(t *testing.T) {
	if _, err := catalog.Load(catalog.Shipped(), "UTC"); err != nil {
		t.Fatal(err)
	}
}

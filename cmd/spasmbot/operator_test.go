package main

import (
	"testing"
	"time"
)

// TestKeepIsTold: what --keep says reaches the texts.
func TestKeepIsTold(t *testing.T) {
	o := operator{KeepFor: time.Hour}
	told, err := o.told()
	if err != nil || told.Keep != time.Hour {
		t.Errorf("people are told %v, %v", told.Keep, err)
	}
}

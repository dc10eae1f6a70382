//go:build !linux

package boltstore

func handBack(uintptr, int64) {}

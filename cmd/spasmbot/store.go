package main

import (
	"errors"

	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// withStore opens the database, lets do work on it and closes it. A close that
// fails is an error even if the work went well: what was written may be lost.
func withStore(file string, do func(storage.Store) error, options ...boltstore.Option) error {
	store, err := boltstore.Open(file, options...)
	if err != nil {
		return err
	}
	return closing(store, do)
}

func closing(store storage.Store, do func(storage.Store) error) error {
	return errors.Join(do(store), store.Close())
}

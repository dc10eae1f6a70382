package signs

import "slices"

// Class says how soon somebody is to look at whoever has a sign.
type Class string

// The classes.
const (
	Emergency Class = "emergency" // at once
	Today     Class = "today"     // a doctor, today
	Days      Class = "days"      // a doctor, within a day or two
)

// Classes lists the classes, the weightiest first.
func Classes() []Class { return []Class{Emergency, Today, Days} }

// Below reports whether a class weighs less than another.
func (c Class) Below(other Class) bool {
	return slices.Index(Classes(), c) > slices.Index(Classes(), other)
}

// Known is a sign that the program knows.
type Known struct {
	ID string
	// Shipped is the class that it is shipped with. Whoever lowers it is told so.
	Shipped Class
	// Floor is the lowest class that it may have.
	Floor Class
}

// All lists the signs that the program knows.
func All() []Known {
	return []Known{
		// The nerves of the bladder, the bowel and the legs: hours count.
		{"saddle", Emergency, Emergency},
		{"bladder", Emergency, Emergency}, // or the bowel
		{"legs", Emergency, Emergency},
		{"erection", Emergency, Emergency},

		{"crash", Emergency, Today},
		{"chest", Emergency, Today},
		{"sepsis", Emergency, Today}, // fever with confusion or fast breathing
		{"belly", Emergency, Today},
		{"pregnancy_alarm", Emergency, Today}, // heavy bleeding, or a belly that hurts all the time

		{"fever", Today, Days},
		{"kidney", Today, Days},    // burning or bloody pee, a side that hurts with shivers
		{"procedure", Today, Days}, // an infection, an operation or an injection in the spine
		{"immune", Today, Days},
		{"weight", Today, Days},
		{"lump", Today, Days},
		{"cancer", Today, Days},
		{"bleeding", Today, Days}, // blood thinners
		{"fragile", Today, Days},  // weak bones, and a small fall or lift
		{"older", Today, Days},    // 65 or more, and unlike any before
		{"pregnant", Today, Days},
		{"rest_pain", Today, Days},
		{"cannot_stand", Today, Days},

		{"first_old", Days, Days},
		{"high_up", Days, Days},
		{"leg_pain", Days, Days},
		{"cough", Days, Days},
		{"stiff", Days, Days},
	}
}

// Find returns a sign that the program knows.
func Find(id string) (k Known, ok bool) {
	list := All()
	i := slices.IndexFunc(list, func(k Known) bool { return k.ID == id })
	if i < 0 {
		return Known{}, false
	}
	return list[i], true
}

// Open lists the classes that a sign may have, the weightiest first: those at or
// above its floor, and all for one that the program does not know.
func Open(id string) []Class {
	k, ok := Find(id)
	if !ok {
		return Classes()
	}
	return slices.DeleteFunc(Classes(), func(c Class) bool { return c.Below(k.Floor) })
}

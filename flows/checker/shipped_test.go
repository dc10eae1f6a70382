package checker_test

import (
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

func at(p *transcript.Player, step string) bool { return p.State().At.Step == step }

// emergencyAsked is how the question of the emergency signs begins, up to a sign.
const emergencyAsked = "- id: emergency_signs\n    ask: signs\n    class: emergency\n    asked: [begin, injury, later, legs]\n    choices:\n      none: {after: 3s, set: {signs_ok: \"true\"}, next: signs_clear}\n      "

// holds reports whether a condition holds of the person.
func holds(p *transcript.Player, cond string) bool {
	e, err := lang.CompileExpr(cond, p.Catalog.Vars, lang.BoolType)
	if err != nil {
		panic(err)
	}
	s := p.State()
	v, err := e.Eval(engine.Scope(p.Catalog, &s, p.Now))
	return err == nil && v == true
}

// shippedMutations are mistakes in the flows that come with the program, each
// sought by the walk that looks at it.
var shippedMutations = []mutation{
	{
		"an emergency sign leads on",
		[]edit{{"signs.yaml", emergencyAsked + `any: {set: {signs_ok: "false", owed: '"emergency"'}, next: signs_found, style: danger}`, emergencyAsked + `any: {set: {signs_ok: "false", owed: '""'}, next: signs_clear, style: danger}`}},
		"before rest require",
		func(p *transcript.Player) bool { return resting(p) && answer(p, "emergency_signs") == "any" },
		"flow spasm", 0,
	},
	{
		"a clinician who was not seen is passed",
		[]edit{
			{"emergency.yaml", "hours: waking, next: emergency_closed}", "hours: waking, next: return}"},
			{"signs.yaml", `{when: not mistaken and emergency == "cleared", to: signs_over}`, "{when: not mistaken, to: signs_over}"},
		},
		"before found_emergency require",
		func(p *transcript.Player) bool {
			return at(p, "emergency_signs") && answer(p, "emergency") == "awaited"
		},
		"flow spasm", 0,
	},
	{
		"reminders go on in an emergency",
		[]edit{{"emergency.yaml", "    stop: all\n", "    stop: silence\n"}},
		"before any_reminder require",
		func(p *transcript.Player) bool { return told(p, "") && answer(p, "emergency") == "awaited" },
		"cold", 0,
	},
	{
		"/resume starts everything while a doctor is awaited",
		[]edit{
			{"keep_time.yaml", `not signs_ok or not today_ok`, `not signs_ok`},
			{"keep_time.yaml", `paused or emergency == "awaited" or today == "awaited"`, `paused or emergency == "awaited"`},
			{"resume.yaml", `emergency == "awaited" or today == "awaited"`, `emergency == "awaited"`},
		},
		"before any_reminder require today",
		func(p *transcript.Player) bool { return told(p, "") && answer(p, "today") == "awaited" },
		"move", 0,
	},
	{
		"cold in spite of a fact that bars from it",
		[]edit{
			{"cold_gate.yaml", "{when: no_cold, to: cold_never}\n      - {to: cold_ask_ready}", "{when: not live, to: cold_never}\n      - {to: cold_ask_ready}"},
			{"cold_gate.yaml", "      - {when: no_cold, to: cold_never}\n      - {when: 'hours_since", "      - {when: 'hours_since"},
		},
		"before cold_ask_ready require",
		func(p *transcript.Player) bool { return at(p, "cold_ready") && holds(p, "no_cold") },
		"cold", 0,
	},
	{
		"warmth does not look at the time",
		[]edit{
			{"spasm.yaml", "{when: hours_since(onset_earliest) < 72, to: cold_setup}", "{when: not live, to: cold_setup}"},
			{"spasm.yaml", "{when: hours_since(onset) >= 72, to: heat_setup}", "{when: live, to: heat_setup}"},
			{"heat_gate.yaml", "{when: not no_cold and hours_since(onset) < 72, to: return}", "{when: not live, to: return}"},
			{"heat_gate.yaml", "{when: no_cold or hours_since(onset) >= 72, to: heat_ask_ready}", "{when: live, to: heat_ask_ready}"},
			{"spasm.yaml", " and (no_cold or hours_since(onset) >= 72) and (hours_since(last_heard)", " and (hours_since(last_heard)"},
		},
		"before heat_ask_ready require no_cold or",
		func(p *transcript.Player) bool {
			return at(p, "heat_ready") && holds(p, "not no_cold and hours_since(onset) < 72")
		},
		"heat", 0,
	},
	{
		"small moves do not wait for the doctor",
		[]edit{
			{"moves.yaml", `      - {when: clearance == "awaited", to: moves_doctor}` + "\n", "      - {when: clearance == \"never\", to: moves_doctor}\n"},
			{"moves.yaml", `    when: not no_moves and clearance != "awaited" and not legs_due` + "\n    ask: choice\n    picture: move_ankles\n", "    when: not no_moves\n    ask: choice\n    picture: move_ankles\n"},
		},
		"before move",
		func(p *transcript.Player) bool { return at(p, "move_ankles") && answer(p, "clearance") == "awaited" },
		"flow moves", 60_000,
	},
	{
		"a medicine is noted without the cautions",
		[]edit{{"ease.yaml", "    call: medicine\n", "    call: medicine_only\n"}, {"medicine.yaml", "flow: medicine\nversion: 4\n", "flow: medicine_only\nversion: 3\ncommands: [pills]\n"}, {"medicine.yaml", "    when: medicine_read == \"note\"\n", ""}, {"medicine.yaml", "  - id: medicine_read\n", "  - id: medicine_way\n    go: [{when: live, to: medicine_note}, {to: medicine_read}]\n  - id: medicine_read\n"}},
		"before medicine_note require",
		func(p *transcript.Player) bool { return at(p, "medicine_note") && answer(p, "medicine_read") != "note" },
		"flow spasm", 0,
	},
	{
		"the exercises begin behind a shut gate",
		[]edit{{"programme.yaml", "      - {when: gate_open, to: habits_told}", "      - {when: not gate_open, to: habits_told}"}},
		"before plan_days require",
		func(p *transcript.Player) bool { return at(p, "plan_days") },
		"flow programme", 0,
	},
	{
		"brittle bones bend all the same",
		[]edit{{"session.yaml", "stage <= 3 and not no_bends", "stage <= 3"}},
		"never ex_rotation while no_bends",
		func(p *transcript.Player) bool { return at(p, "ex_rotation") },
		"flow session", 60_000,
	},
	{
		"a stage goes up without the signs",
		[]edit{
			{"stage_end.yaml", "    call: signs\n", "    go: stage_time\n"},
			{"stage_end.yaml", `signs_clear_now and emergency != "awaited", to: stage_next`, "exercising, to: stage_next"},
		},
		"before stage_",
		func(p *transcript.Player) bool { return said(p, "stage_up") },
		"flow stage_end", 60_000,
	},
}

// said reports whether the words of a step came in the last event.
func said(p *transcript.Player, step string) bool {
	want := p.Catalog.Text(lang.English, step, "text").HTML(func(string) string { return "" })
	for _, e := range p.Effects {
		if say, ok := e.(flows.Say); ok && strings.HasPrefix(say.Message.Text, want[:min(len(want), 20)]) {
			return true
		}
	}
	return false
}

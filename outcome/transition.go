package outcome

import "time"

// The transitions below are pure: each returns a new Plan, or the rule that refuses (*RefusedError) and what would
// satisfy it. Wrong data is a *DataError; wrong terms, such as a target without a base, are an *InvalidError.

// Propose makes a draft plan from the template.
func (m *Model) Propose(p Proposal) (Plan, error) { panic("unbuilt") }

// Sign adds a role's signature to the present terms. Once every signing role has signed them, drafts become agreed.
// Signing the same terms twice changes nothing.
func (m *Model) Sign(p Plan, role, by string, at time.Time) (Plan, error) { panic("unbuilt") }

// Activate begins work on an agreed or paused outcome.
func (m *Model) Activate(p Plan, outcome string, at time.Time) (Plan, error) { panic("unbuilt") }

// Amend changes the terms and asks again for the signatures of those it concerns: the outcome goes back to draft,
// the others keep their state.
func (m *Model) Amend(p Plan, a Amendment) (Plan, error) { panic("unbuilt") }

// Attest sets an outcome's verification. A confirmation comes from the customer's side.
func (m *Model) Attest(p Plan, outcome string, v Verification) (Plan, error) { panic("unbuilt") }

// Pause stops work on an outcome in progress.
func (m *Model) Pause(p Plan, outcome string, at time.Time) (Plan, error) { panic("unbuilt") }

// Close ends an outcome as achieved, missed or abandoned.
func (m *Model) Close(p Plan, c Closing) (Plan, error) { panic("unbuilt") }

package filestore_test

import (
	"context"
	"testing"

	"github.com/customersuccess-go/customersuccess/examples/filestore"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/healthtest"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/journeytest"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/ladder/laddertest"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/outcome/outcometest"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/customersuccess-go/customersuccess/segment/engagement/engagementtest"
	"github.com/customersuccess-go/customersuccess/segment/segmenttest"
)

func open(t *testing.T) *filestore.Stores {
	t.Helper()
	s, err := filestore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHistory(t *testing.T) {
	healthtest.RunHistory(t, func(t *testing.T) health.History { return open(t).History })
}

func TestSource(t *testing.T) {
	healthtest.RunSource(t, func(t *testing.T, rows []healthtest.Row) health.Source {
		s := open(t).Source
		for _, r := range rows {
			if err := s.Put(context.Background(), r.Account, r.Since, r.Measure, r.Reading, r.Recorded); err != nil {
				t.Fatal(err)
			}
		}
		return s
	})
}

func TestLog(t *testing.T) {
	journeytest.RunLog(t, func(t *testing.T) journey.Log { return open(t).Log })
}

func TestPlans(t *testing.T) {
	outcometest.RunPlans(t, func(t *testing.T) outcome.Plans { return open(t).Plans })
}

func TestMeasurements(t *testing.T) {
	outcometest.RunMeasurements(t, func(t *testing.T) outcome.Measurements { return open(t).Measurements })
}

func TestAssignments(t *testing.T) {
	segmenttest.RunAssignments(t, func(t *testing.T) segment.Assignments { return open(t).Assignments })
}

func TestTouches(t *testing.T) {
	engagementtest.RunTouches(t, func(t *testing.T) engagement.Touches { return open(t).Touches })
}

func TestLedger(t *testing.T) {
	laddertest.RunLedger(t, func(t *testing.T) ladder.Ledger { return open(t).Ledger })
}

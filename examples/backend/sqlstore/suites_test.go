package sqlstore

import (
	"fmt"
	"sync/atomic"
	"testing"

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

// TestSuites runs the suites of all packages. All cases share a database, each as a tenant of its own.
func TestSuites(t *testing.T) {
	each(t, func(t *testing.T, url string) { runSuites(t, migrated(t, url)) })
}

// TestSuitesOnOneConnection runs them where a range that kept its connection would wait for itself.
func TestSuitesOnOneConnection(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		db.pool.SetMaxOpenConns(1)
		runSuites(t, db)
	})
}

func runSuites(t *testing.T, db *DB) {
	var n atomic.Int64
	tenant := func() Tenant { return db.Tenant(fmt.Sprint("tenant ", n.Add(1))) }
	t.Run("health.Source", func(t *testing.T) {
		healthtest.RunSource(t, func(t *testing.T, rows []healthtest.Row) health.Source {
			readings := tenant().Readings()
			var source health.BulkSource = readings
			for _, r := range rows {
				one := map[string]health.Reading{r.Measure: r.Reading}
				if err := readings.Put(t.Context(), r.Account, r.Since, r.Recorded, one); err != nil {
					t.Fatal(err)
				}
			}
			return source
		})
	})
	t.Run("health.History", func(t *testing.T) {
		healthtest.RunHistory(t, func(*testing.T) health.History { return tenant().History() })
	})
	t.Run("journey.Log", func(t *testing.T) {
		journeytest.RunLog(t, func(*testing.T) journey.Log { return tenant().Log("onboarding") })
	})
	t.Run("outcome.Plans", func(t *testing.T) {
		outcometest.RunPlans(t, func(*testing.T) outcome.Plans { return tenant().Plans() })
	})
	t.Run("outcome.Measurements", func(t *testing.T) {
		outcometest.RunMeasurements(t, func(*testing.T) outcome.Measurements { return tenant().Measurements() })
	})
	t.Run("segment.Assignments", func(t *testing.T) {
		segmenttest.RunAssignments(t, func(*testing.T) segment.Assignments { return tenant().Assignments() })
	})
	t.Run("engagement.Touches", func(t *testing.T) {
		engagementtest.RunTouches(t, func(*testing.T) engagement.Touches { return tenant().Touches() })
	})
	t.Run("ladder.Ledger", func(t *testing.T) {
		laddertest.RunLedger(t, func(*testing.T) ladder.Ledger { return tenant().Ledger() })
	})
}

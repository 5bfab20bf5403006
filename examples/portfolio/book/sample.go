package book

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// nominal is the instant at which an undated snapshot is read. Only differences to it would have a meaning.
var nominal = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// addOns are services that need an internet connection.
var addOns = []string{"online_security", "online_backup", "device_protection", "tech_support", "streaming_tv", "streaming_movies"}

// Sample reads the bundled public sample: one row a customer, without IDs, so that the number of the row serves.
// Its services are usage, contract and payment are relationship, tenure is age, charges are revenue.
func Sample(fsys fs.FS, name string) (*Book, error) {
	b := &Book{Kind: Bundled, Title: "A fictional telecom company's customers", AsOf: nominal, Currency: "USD",
		Source:  "IBM Watson sample data, as in the R package modeldata",
		Licence: "MIT, Copyright (c) 2020 modeldata authors"}
	columns := columnsOf("churn! senior_citizen! partner! dependents! tenure! phone_service! multiple_lines! internet_service! " +
		strings.Join(addOns, "! ") + "! contract! paperless_billing! payment_method! monthly_charges! total_charges! female")
	var accounts []Account
	seen := make(map[string]bool)
	twice := 0
	t, err := readTable(fsys, name, columns, func(t *table) {
		row := strings.Join(t.fields, ",")
		if seen[row] {
			twice++
		}
		seen[row] = true
		a := sampleRow(t)
		a.ID = fmt.Sprintf("row-%04d", t.file.Rows)
		if !t.bad {
			accounts = append(accounts, a)
		}
	})
	if err == nil && !t.file.Present {
		err = fmt.Errorf("%s is not there", name)
	}
	if err != nil {
		return nil, err
	}
	if twice > 0 {
		t.file.Note = fmt.Sprintf("%d exact duplicate rows, kept: different customers can be alike", twice)
	}
	b.Files, b.Rejects = []File{t.file}, t.rejects
	b.hold(accounts)
	return b, nil
}

func sampleRow(t *table) Account {
	a := Account{Tenure: t.value("tenure")}
	a.Left = Left{Known: true, Left: t.choice("churn", "Yes", "No") == "Yes"}

	amount, ok := t.amount("monthly_charges")
	if !ok && !t.bad {
		t.reject("monthly_charges", "is empty")
	}
	term := strings.ToLower(t.choice("contract", "Month-to-month", "One year", "Two year"))
	a.Contracts = []Contract{{ID: "1", Term: term, Amount: amount, Currency: "USD", Per: "month"}}

	phone := t.choice("phone_service", "0", "1") == "1"
	internet := strings.ToLower(t.choice("internet_service", "DSL", "Fiber optic", "No"))
	a.Usage = []Usage{service("phone", phone, true), service("multiple_lines", t.text("multiple_lines") == "Yes", phone),
		service("internet", internet != "no", true)}
	for _, name := range addOns {
		a.Usage = append(a.Usage, service(name, t.choice(name, "Yes", "No", "No internet service") == "Yes", internet != "no"))
	}

	total := Trait{Name: "total_charges", Text: t.text("total_charges")}
	if total.Text == "NA" || total.Text == "" {
		total.Text, total.State = "", Missing
	}
	a.Traits = []Trait{
		{Name: "payment", Text: strings.ToLower(t.text("payment_method"))},
		{Name: "paid_automatically", Text: yes(strings.Contains(t.text("payment_method"), "(automatic)"))},
		{Name: "internet", Text: internet},
		flag(t, "paperless_billing"), flag(t, "senior_citizen"), flag(t, "partner"), flag(t, "dependents"),
		total,
	}
	return a
}

// service is one service: held, not held, or not applicable to this customer.
func service(name string, held, applies bool) Usage {
	u := Usage{Feature: name}
	switch {
	case !applies:
		u.State = NotApplicable
	case held:
		u.Value = 1
	}
	return u
}

func flag(t *table, name string) Trait {
	return Trait{Name: name, Text: yes(t.choice(name, "0", "1") == "1")}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

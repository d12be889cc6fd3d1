package postgres

// Rows of some nouns are read whole and by ids with the same columns: sql/*.sql holds the columns, these add which rows.
// One text with "$1 IS NULL OR ..." will not do: plans are made once (setContext), and that plan reads the whole table each time.

// every is the statement for all rows, in the order of their ids.
func every(name string) string { return statement(name) + "ORDER BY 1" }

// named is the statement for the rows whose column is one of the ids of $1, in the order of their own.
func named(name, column string) string {
	return statement(name) + "WHERE " + column + " = ANY($1)\nORDER BY 1"
}

func casesByID() string             { return named("cases", "c.id") }
func enterprisesByID() string       { return named("enterprises", "e.id") }
func contactsOfEnterprises() string { return named("contacts", "c.enterprise_id") }
func landsOfCases() string          { return named("lands", "l.case_id") }
func photosOfCases() string         { return named("photos", "p.case_id") }

// operatorOfCase is the enterprise of the case $1.
func operatorOfCase() string {
	return statement("enterprises") + "WHERE e.id = (SELECT c.enterprise_id FROM case_file c WHERE c.id = $1)"
}

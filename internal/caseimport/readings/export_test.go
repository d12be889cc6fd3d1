package readings

// RowsOf reads tables, without a campaign.
var RowsOf = rowsOf

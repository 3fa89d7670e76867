"""Words become values, one call is made, one value is shown. No SQL, no rules, no colour."""
